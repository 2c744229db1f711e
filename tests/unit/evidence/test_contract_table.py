"""Each kind of change of a contract, in each format: what is answered, and the table in docs/evidence.md."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from changegate.evidence.contract_changes import changes
from changegate.evidence.contracts import read_contract
from changegate.evidence.files import EvidenceFiles
from changegate.evidence.readers import CONTRACTS
from support.contract_writers import WRITERS, Feature
from support.trees import DictTree

PAGE = (Path(__file__).parents[3] / "docs" / "evidence.md").read_text("utf-8")

BEFORE: list[Feature] = [
    {"name": "amount", "type": "float64", "range": [0, 1000], "unit": "EUR", "age": "1m"},
    {"name": "visits", "type": "int32"},
    {"name": "channel", "type": "string", "enum": ["app", "web"]},
    {"name": "seen", "type": "int64", "nullable": True},
]


def changed(position: int, **terms: Any) -> list[Feature]:
    made = deepcopy(BEFORE)
    made[position] = {key: value for key, value in {**made[position], **terms}.items() if value is not None}
    return made


CHANGES: dict[str, tuple[list[Feature], str]] = {
    "a feature is removed": (BEFORE[1:], "feature-removed"),
    "a feature is added": ([*BEFORE, {"name": "new", "type": "int32"}], "feature-added"),
    "a feature is renamed": (changed(1, name="calls"), "feature-added, feature-removed"),
    "a type is widened (int32 → int64)": (changed(1, type="int64"), "type-widened"),
    "a type is narrowed (int64 → int32)": (changed(3, type="int32"), "type-narrowed"),
    "a type becomes another (int32 → string)": (changed(1, type="string"), "type-changed"),
    "values may be missing now": (changed(1, nullable=True), "nulls-added"),
    "values are never missing now": (changed(3, nullable=None), "nulls-removed"),
    "a range is widened": (changed(0, range=[0, 2000]), "range-widened"),
    "a range is narrowed": (changed(0, range=[0, 500]), "range-narrowed"),
    "a category is added": (changed(2, enum=["app", "web", "till"]), "values-added"),
    "a category is removed": (changed(2, enum=["app"]), "values-removed"),
    "a unit becomes another": (changed(0, unit="cent"), "unit-changed"),
    "values may be older": (changed(0, age="1h"), "freshness-loosened"),
    "the order of the features": (BEFORE[::-1], ""),
}
"""A change in words -> the contract after it, and what is answered where the format can say it."""

FORMATS = list(CONTRACTS)


def report(form: str, features: list[Feature]) -> Any:
    path, write = WRITERS[form]
    entry = {"name": "transactions", "version": 1, "path": path}
    found = read_contract(EvidenceFiles(DictTree({path: write(features)}), None), entry, ("spec",))
    assert (found.status, found.value.format) == ("present", form), found.reason
    return found


def answered(form: str, change: str) -> str:
    """What is answered; a dash where the format writes the same file before and after."""
    after = CHANGES[change][0]
    write = WRITERS[form][1]
    if write(BEFORE) == write(after):
        return "—"
    return ", ".join(sorted(one["kind"] for one in changes(report(form, BEFORE), report(form, after)))) or "nothing"


def test_every_format_has_a_writer() -> None:
    assert list(WRITERS) == FORMATS


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("change", CHANGES)
def test_what_is_answered(form: str, change: str) -> None:
    expected = CHANGES[change][1] or "nothing"
    assert answered(form, change) in {expected, "—"}


SILENT = {
    "feast": {"values may be missing now", "values are never missing now", "a range is widened", "a range is narrowed",
              "a category is added", "a category is removed"},
    "feast-definitions": {"values may be missing now", "values are never missing now", "a range is widened",
                          "a range is narrowed", "a category is added", "a category is removed"},
    "mlflow-signature": {"a range is widened", "a range is narrowed", "a category is added", "a category is removed",
                         "a unit becomes another", "values may be older"},
    "avro": {"a range is widened", "a range is narrowed"},
    "dbt-manifest": {"a range is widened", "a range is narrowed"},
    "onnx": {"values may be missing now", "values are never missing now", "a range is widened", "a range is narrowed",
             "a category is added", "a category is removed", "a unit becomes another", "values may be older"},
    "tfdv-schema": {"a type is widened (int32 → int64)", "a type is narrowed (int64 → int32)", "a unit becomes another",
                    "values may be older"},
}  # fmt: skip
"""Format -> the changes that it has no words for. Whatever else happens to a contract is seen."""


@pytest.mark.parametrize("form", FORMATS)
def test_only_what_a_format_cannot_say_goes_unseen(form: str) -> None:
    assert {change for change in CHANGES if answered(form, change) == "—"} == SILENT.get(form, set())


def table() -> str:
    lines = ["| what changes | what is answered | whom it breaks | formats without words for it |", "|---|---|---|---|"]
    for change, (after, kinds) in CHANGES.items():
        found = changes(report(FORMATS[0], BEFORE), report(FORMATS[0], after))
        broken = sorted({direction for one in found for direction in one["breaks"]}, reverse=True)
        silent = [f"`{form}`" for form in FORMATS if answered(form, change) == "—"]
        said = " and ".join(f"`{kind}`" for kind in kinds.split(", ") if kind) or "nothing"
        lines.append(f"| {change} | {said} | {', '.join(broken) or 'nobody'} | {', '.join(silent) or 'none'} |")
    return "\n".join(lines)


def test_the_page_shows_the_table() -> None:
    assert table() in PAGE, f"put this into docs/evidence.md:\n{table()}"

"""What one release reads of another: seen from the side that changes, whichever it is, in real repositories."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from changegate import fixtures, gate

if TYPE_CHECKING:
    from pathlib import Path

CONSUMER, PRODUCER = "models/recommender-research/manifest.yaml", "models/product-vision/manifest.yaml"
READS = "  features:\n    inputs:\n      - {name: confidence, dtype: float32, range: [0, 1], from: product-vision}\n"
DEPENDS = "  dependsOn:\n    - {name: product-vision, as: member}\n"
GIVEN = "- {name: confidence, dtype: float32, range: [0, 1]}"
MAJOR = [
    {"find": "  version: 1.4.0", "replace": "  version: 2.0.0"},
    {"find": "to: 1.3.2", "replace": "to: 1.4.0"},
]


def consumer(*parts: str) -> dict[str, Any]:
    return {CONSUMER: [{"find": "  artifacts:\n", "replace": "".join((*parts, "  artifacts:\n"))}]}


def judged(root: Path, edit: dict[str, Any], setup: dict[str, Any]) -> list[dict[str, Any]]:
    """The details of the findings on what releases read of each other."""
    case = fixtures.Case("answers", root, {"title": "answers", "edit": edit, "setup": {"edit": setup}})
    verdict = gate.check(fixtures.request(fixtures.lay_out(root / "repository", case)), {})
    assert verdict.failures == ()
    found = [one for one in verdict.findings if one.rule == "dependencies/output-not-as-read"]
    assert all(one.location.file == CONSUMER and one.location.line for one in found)
    return [json.loads(json.dumps(dict(one.details))) for one in found]


@pytest.mark.parametrize(
    ("becomes", "kinds"),
    [
        (GIVEN, []),
        ("- {name: confidence, dtype: float64, range: [0, 1]}", ["type"]),
        ("- {name: confidence, dtype: float16, range: [0, 1]}", []),
        ("- {name: confidence, dtype: float32, range: [0, 1], nullable: true}", ["nullable"]),
        ("- {name: confidence, dtype: float32, range: [0, 100]}", ["range"]),
        ("- {name: certainty, dtype: float32, range: [0, 1]}", ["missing"]),
    ],
)
def test_a_change_of_an_output_is_held_against_whoever_reads_it(tmp_path: Path, becomes: str, kinds: list[str]) -> None:
    edit = {PRODUCER: [*MAJOR, {"find": GIVEN, "replace": becomes}]}
    found = judged(tmp_path, edit, consumer(DEPENDS, READS))
    assert [(one["dependant"], one["wanted"], one["kind"]) for one in found] == [
        ("recommender-research", "product-vision", kind) for kind in kinds
    ]


def test_a_new_reader_is_held_against_what_is_answered(tmp_path: Path) -> None:
    reads = READS.replace("float32", "int8").replace("range: [0, 1]", "range: [0, 0]")
    found = judged(tmp_path, consumer(DEPENDS, reads), {})
    assert {one["kind"] for one in found} == {"type", "range"}


def test_who_reads_without_depending_is_told(tmp_path: Path) -> None:
    found = judged(tmp_path, consumer(READS), {})
    assert [(one["kind"], one["name"]) for one in found] == [("not-depended-on", "confidence")]

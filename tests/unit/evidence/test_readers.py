"""The formats of evidence: one dictionary a kind, and schemas, pages and readers that keep to its names."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from changegate.evidence import readers
from changegate.evidence.readers import (
    ATTESTATIONS,
    CONTRACTS,
    EVALUATION,
    FAIRNESS,
    KINDS,
    format_of,
    load_reader,
    reader_fact,
)
from changegate.evidence.texts import read_text
from changegate.manifest.schema import load_schema

EVERY = [(kind, name) for kind, formats in KINDS.items() for name in formats]
PAGE = (Path(__file__).parents[3] / "docs/evidence.md").read_text(encoding="utf-8")
FILES = Path(__file__).parents[2] / "support/evidence_files"
NOTHING: list[Any] = [None, 0, "groups", [], ["groups"], {}, {"kind": ["FeatureContract"]}]


def test_every_file_of_the_folder_is_in_one_dictionary() -> None:
    folder = Path(readers.__file__).parent
    files = sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__")
    assert files == sorted(module.rpartition(".")[2] for formats in KINDS.values() for module in formats.values())


@pytest.mark.parametrize(("kind", "name"), EVERY)
def test_a_reader_has_a_schema_that_exists_and_takes_nothing_for_its_own(kind: str, name: str) -> None:
    reader = load_reader(KINDS[kind][name])
    assert not reader.SCHEMA or load_schema(reader.SCHEMA)["title"]
    assert [value for value in NOTHING if reader.recognises(value)] == []


@pytest.mark.parametrize(("kind", "name"), EVERY)
def test_the_page_on_evidence_names_every_format(kind: str, name: str) -> None:
    del kind
    assert re.search(rf"[Ff]ormat `{name}`", PAGE), "docs/evidence.md has no section on it"


def test_the_page_names_no_other_format() -> None:
    assert set(re.findall(r"[Ff]ormat `([a-z0-9-]+)`", PAGE)) == {name for _, name in EVERY}


@pytest.mark.parametrize(("kind", "formats"), [("evaluation", EVALUATION), ("fairness", FAIRNESS)])
def test_schemas_take_their_names_from_the_dictionary(kind: str, formats: dict[str, str]) -> None:
    block = load_schema("manifest")["properties"]["spec"]["properties"][kind]["else"]["properties"]
    assert block["evidence"]["items"]["properties"]["format"]["examples"] == list(formats)
    assert {tuple(one) for one in _formats(load_schema(f"input/{kind}"))} == {tuple(formats)}


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, name in EVERY if kind in ("evaluation", "fairness")])
def test_a_reader_of_reports_says_its_version_and_what_it_is_held_to(kind: str, name: str) -> None:
    fact = reader_fact(KINDS[kind], name)
    assert fact["version"] >= 1
    said = {"tool": "held to", "format": "built from", "own": "our own"}[fact["heldTo"]]
    assert re.search(rf"\| Format `{name}` \|[^\n]*\| {said}", PAGE), "docs/evidence.md does not say what it is held to"


def _formats(node: Any) -> list[list[str]]:
    """The enumerations of every `format` in a schema."""
    if isinstance(node, list):
        return [found for one in node for found in _formats(one)]
    if not isinstance(node, dict):
        return []
    here = [node["format"]["enum"]] if isinstance(node.get("format"), dict) and "enum" in node["format"] else []
    return here + [found for one in node.values() for found in _formats(one)]


@pytest.mark.parametrize(
    ("formats", "value", "expected"),
    [
        (EVALUATION, {"dataset": {}, "metrics": []}, "evaluation-report"),
        (FAIRNESS, {"groups": []}, "counts"),
        (FAIRNESS, {"records": []}, "aequitas"),
        (FAIRNESS, {}, "counts"),
        (FAIRNESS, 7, "counts"),
        (CONTRACTS, {"kind": "FeatureContract"}, "feature-contract"),
        (CONTRACTS, [], "feature-contract"),
        (ATTESTATIONS, {"payload": ""}, "dsse"),
        (ATTESTATIONS, {"dsseEnvelope": {"payload": ""}}, "sigstore-bundle"),
        (ATTESTATIONS, {"dsseEnvelope": {}, "payload": ""}, "sigstore-bundle"),
        (ATTESTATIONS, None, "dsse"),
    ],
)
def test_a_format_is_told_by_the_shape(formats: dict[str, str], value: Any, expected: str) -> None:
    assert format_of(formats, value) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_formats_of_a_kind_take_one_file(kind: str) -> None:
    """Keys of every format together: at most one reader takes it for its own."""
    shapes: list[Any] = [
        {"groups": []},
        {"records": []},
        {"dataset": {}, "metrics": []},
        {"kind": "FeatureContract"},
        {"payload": "", "dsseEnvelope": {}},
        *(_loaded(path) for path in sorted(FILES.rglob("*")) if path.suffix in (".csv", ".json", ".md", ".xml")),
    ]
    last = list(KINDS[kind])[-1]  # of evaluations the last one takes any file of numbers alone
    for value in shapes:
        found = [name for name, module in KINDS[kind].items() if load_reader(module).recognises(value)]
        assert len([name for name in found if name != last or kind != "evaluation"]) <= 1, (value, found)


def _loaded(path: Path) -> Any:
    lined = read_text(path.read_bytes(), path.name)
    return lined.value if lined else json.loads(path.read_text())

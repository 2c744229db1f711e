"""The sample documents: valid inputs, in which every field of the schema is there."""

from __future__ import annotations

from typing import Any

from changegate.judging.samples import samples
from changegate.manifest.schema import compiled, load_schema
from changegate.policy.settings import Config
from changegate.verdict import SubjectKind


def test_they_are_documents_that_the_gate_could_make() -> None:
    made = list(samples(Config.load(None).settings))
    assert {one.subject.kind for one in made} == set(SubjectKind)
    for one in made:
        assert compiled("input").is_valid(one.document), one.text
    releases = [one.document["release"] for one in made if one.subject.kind is SubjectKind.RELEASE]
    assert max(len(one["spec"]["artifacts"]) for one in releases) >= 20


def test_every_field_of_every_section_is_filled() -> None:
    document = next(iter(samples(Config.load(None).settings))).document
    for part in ("facts", "evidence"):
        for name in load_schema("input")["properties"][part]["properties"]:
            known = load_schema(f"input/{name}")
            missing = set(_missing(known["$defs"][part], document[part][name], known))
            assert not missing, (part, name)


def _missing(schema: dict[str, Any], value: Any, file: dict[str, Any]) -> list[str]:
    """The properties of an object, below it too, that a value has not; alternatives are left aside."""
    if schema.get("$ref", "").startswith("#/$defs/"):
        schema = file["$defs"][schema["$ref"].rpartition("/")[2]]
    if isinstance(value, list):
        return [one for item in value for one in _missing(schema.get("items", {}), item, file)]
    if not isinstance(value, dict) or "oneOf" in schema:
        return []
    found = [key for key in schema.get("properties", {}) if key not in value]
    return found + [
        one for key, below in schema.get("properties", {}).items() for one in _missing(below, value.get(key), file)
    ]

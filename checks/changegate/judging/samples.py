"""Input documents that stand in for those that no release has made yet: own policies are tried on them before a merge.

The models of the shipped example, once as they are and once with many items in each list; and, made from the schema of
the input document, one with every field filled for each kind of subject. They are plausible and describe nothing real.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.manifest import Manifest
from changegate.manifest.schema import ORIGIN, load_schema
from changegate.records import NamedTuple
from changegate.resources import FIXTURES
from changegate.verdict import Subject, SubjectKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ITEMS = 2
"""So many items a list has that is filled."""
_MANY = 20
"""So often the items of a list stand in a large manifest."""
_NUMBER, _TEXT, _COMMIT = 3, "text", "a" * 40


class Sample(NamedTuple):
    """A document, and what it stands for."""

    text: str
    """For a message, after "for"."""
    subject: Subject
    document: dict[str, Any]


def samples(settings: Mapping[str, Any]) -> Iterator[Sample]:
    """Make the documents that own policies are tried on.

    Args:
        settings: The thresholds that policies will see.
    """
    releases = dict(_examples())
    whole = {kind: _filled(kind, settings) for kind in SubjectKind}
    fullest = max(releases.values(), key=lambda one: len(str(one)))
    for name, release in releases.items():
        yield _of_release(f"the example {name}", release, whole[SubjectKind.RELEASE], release)
    yield _of_release("an example with long lists", _longer(fullest), whole[SubjectKind.RELEASE], fullest)
    for kind in (SubjectKind.RETIREMENT, SubjectKind.CHANGE_SET):
        said = f"a {kind.value.replace('-', ' ')} with every field filled"
        yield Sample(said, Subject(kind), {**whole[kind], "release": None})


def _of_release(text: str, release: dict[str, Any], whole: dict[str, Any], before: dict[str, Any]) -> Sample:
    previous = {**whole["previous"], "release": before}
    document = {**whole, "release": release, "previous": previous}
    return Sample(text, Subject(SubjectKind.RELEASE), document)


def _examples() -> Iterator[tuple[str, dict[str, Any]]]:
    from changegate.change.manifests import try_load

    for file in sorted((FIXTURES / "gitops-repo" / "models").glob("*/manifest.yaml")):
        for one in try_load(file.read_bytes(), file.name).manifests:
            if isinstance(one, Manifest):
                yield one.identity.name, dict(one.value)


def _longer(value: Any) -> Any:
    """The same with the items of each list many times."""
    if isinstance(value, dict):
        return {key: _longer(one) for key, one in value.items()}
    return [_longer(one) for one in value] * _MANY if isinstance(value, list) else value


def _filled(kind: SubjectKind, settings: Mapping[str, Any]) -> dict[str, Any]:
    """A document of a kind of subject with every field that the schema knows."""
    whole = load_schema("input")
    parts = {**whole["properties"], "release": {"type": "object"}, "settings": {"type": "object"}}
    made: dict[str, Any] = _Filler().value({**whole, "properties": parts}, "input.schema.json")
    identity = {} if kind is SubjectKind.CHANGE_SET else {"identity": made["subject"]["identity"]}
    return {**made, "subject": {"kind": kind.value, **identity}, "settings": dict(settings)}


Schema = dict[str, Any]


class _Filler:
    """Makes values that schemas of ours let through, with everything in them that may be there."""

    def __init__(self) -> None:
        self._files: dict[str, Schema] = {}

    def value(self, schema: Schema, file: str) -> Any:
        """A value of a schema in a file of `schemas/`."""
        if "$ref" in schema:
            name, _, pointer = schema["$ref"].removeprefix(ORIGIN).partition("#")
            return self.value(self._at(name or file, pointer), name or file)
        if "const" in schema or "enum" in schema:
            return schema["const"] if "const" in schema else schema["enum"][0]
        if "oneOf" in schema:
            return self.value(_richest(schema), file)
        kind = _type_of(schema)
        if kind == "object":
            return self._object(schema, file)
        return self._array(schema, file) if kind == "array" else _scalar(schema, kind)

    def _array(self, schema: Schema, file: str) -> list[Any]:
        one = self.value(schema.get("items", {}), file)
        count = min(max(schema.get("minItems", 0), _ITEMS), schema.get("maxItems", _ITEMS))
        return [one] * (1 if schema.get("uniqueItems") else count)

    def _at(self, file: str, pointer: str) -> Schema:
        if file not in self._files:
            self._files[file] = load_schema(file.removesuffix(".schema.json").removesuffix(".json"))
        found = self._files[file]
        for part in pointer.split("/")[1:]:
            found = found[part]
        return found

    def _object(self, schema: Schema, file: str) -> dict[str, Any]:
        made: dict[str, Any] = dict.fromkeys(schema.get("required", ()), _TEXT)
        made |= {key: self.value(one, file) for key, one in schema.get("properties", {}).items()}
        if isinstance(schema.get("additionalProperties"), dict):
            made["name"] = self.value(schema["additionalProperties"], file)
        if "if" in schema:
            asked = schema["if"].get("properties", {})
            holds = all(made.get(key) in (one.get("const"), *one.get("enum", ())) for key, one in asked.items())
            more = schema.get("then" if holds else "else", {}).get("properties", {})
            made |= {key: self.value({**schema["properties"].get(key, {}), **one}, file) for key, one in more.items()}
        return made


def _richest(schema: Schema) -> Schema:
    """Of alternatives the one with the most to say, beside what holds for all; what only others ask for is left out."""
    rest = {key: value for key, value in schema.items() if key != "oneOf"}
    chosen = max(schema["oneOf"], key=lambda one: len(one.get("properties", one.get("required", ()))))
    others = {key for one in schema["oneOf"] for key in one.get("required", ())} - set(chosen.get("required", ()))
    if "properties" in rest:
        rest["properties"] = {key: value for key, value in rest["properties"].items() if key not in others}
    return {**rest, **chosen}


def _type_of(schema: Schema) -> str:
    kinds = schema.get("type", "object" if "properties" in schema else "string")
    return kinds if isinstance(kinds, str) else str(kinds[0])


def _scalar(schema: Schema, kind: str) -> Any:
    if kind in ("integer", "number"):
        return max(schema.get("minimum", 0), min(schema.get("maximum", _NUMBER), _NUMBER))
    return {"boolean": True, "null": None}.get(kind, _COMMIT if "pattern" in schema else _TEXT)

"""The input document's schema, reduced to what OPA's type checker understands, in one file.

OPA looks at types, at the names of properties and at the types of items; it takes an object with listed properties for
closed, knows no `oneOf`, `if`, `const` or reference to another file, and of a list of types sees the first that it
knows (`v1/ast/compile.go`, `parseSchema`). So every part becomes the union of the shapes that it may have: nothing that
may be there is left out, and where anything may be there, nothing is said.
"""

from __future__ import annotations

from typing import Any

from changegate.manifest.schema import ORIGIN, load_schema
from changegate.records import NamedTuple
from changegate.resources import SCHEMAS

Schema = dict[str, Any]


class Shape(NamedTuple):
    """What a value may be; the empty shape may be anything."""

    scalars: frozenset[str] = frozenset()
    """Of `boolean`, `number`, `string`."""
    properties: dict[str, Shape] | None = None
    """Of an object; None where it is none, or may have any property."""
    is_object: bool = False
    items: Shape | None = None
    """Of an array; None where it is none."""


_ANY = Shape()
_SCALARS = {"boolean": "boolean", "string": "string", "integer": "number", "number": "number"}
_BRANCHES = ("oneOf", "anyOf", "allOf")


def opa_schema() -> Schema:
    """The schema of `input`, without a reference, for `opa check --schema` and `# schemas:` annotations.

    It leaves null out: only `input.release` may be null, where the subject is no release.
    """
    whole = load_schema("input")
    sections = sorted(path.stem for path in (SCHEMAS / "settings").glob("*.json"))
    thresholds = {name: {"$ref": f"settings/{name}.json"} for name in sections}
    whole["properties"]["settings"] = {"type": "object", "additionalProperties": False, "properties": thresholds}
    whole["properties"]["release"] = {"$ref": "manifest.schema.json"}
    whole["properties"]["previous"]["properties"]["release"] = {"$ref": "manifest.schema.json"}
    reduced = _written(_Reader().shape(whole, "input.schema.json"))
    title = "changegate's input document, as OPA's type checker reads schemas"
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": title, **reduced}


class _Reader:
    """Reads schemas with the references among them."""

    def __init__(self) -> None:
        self._files: dict[str, Schema] = {}

    def shape(self, schema: Schema, file: str) -> Shape:
        """The shape of a schema in a file of `schemas/`."""
        if "$ref" in schema:
            return self.shape(*self._resolved(schema["$ref"], file))
        parts = [part for key in _BRANCHES for part in schema.get(key, ())]
        parts += [schema[key] for key in ("then", "else") if key in schema]
        own = self._own(schema, file)
        branches = [shape for shape in (self.shape(part, file) for part in parts) if shape != _ANY]
        if own is None or own == Shape(is_object=True):
            return _union(branches) if branches else own or _ANY
        return _with_properties(own, branches)

    def _own(self, schema: Schema, file: str) -> Shape | None:
        """What a schema says itself, apart from its branches; None where it says nothing of a type."""
        types = _types(schema)
        if not types:
            return None
        properties = None
        if "object" in types and schema.get("properties") and schema.get("additionalProperties") is False:
            properties = {key: self.shape(value, file) for key, value in schema["properties"].items()}
        items = self.shape(schema.get("items", {}), file) if "array" in types else None
        scalars = frozenset(_SCALARS[name] for name in types & _SCALARS.keys())
        return Shape(scalars, properties, "object" in types, items)

    def _resolved(self, reference: str, file: str) -> tuple[Schema, str]:
        name, _, pointer = reference.removeprefix(ORIGIN).partition("#")
        target = name or file
        if target not in self._files:
            self._files[target] = load_schema(target.removesuffix(".schema.json").removesuffix(".json"))
        found: Any = self._files[target]
        for part in pointer.split("/")[1:]:
            found = found[part]
        return found, target


def _types(schema: Schema) -> frozenset[str]:
    """The types that a schema states, or that follow from its values or its keywords."""
    stated = schema.get("type")
    if stated is not None:
        return frozenset([stated] if isinstance(stated, str) else stated)
    values = schema.get("enum", [schema["const"]] if "const" in schema else [])
    if values:
        return frozenset(_type_of(value) for value in values)
    return frozenset(name for name, key in (("object", "properties"), ("array", "items")) if key in schema)


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    names = {str: "string", int: "number", float: "number", dict: "object", list: "array"}
    return names.get(type(value), "null")


def _union(shapes: list[Shape]) -> Shape:
    """The shape of what may be any of several."""
    if _ANY in shapes:
        return _ANY
    objects = [shape.properties for shape in shapes if shape.is_object]
    arrays = [shape.items for shape in shapes if shape.items is not None]
    properties = None if None in objects or not objects else _together([one for one in objects if one is not None])
    scalars = frozenset(name for shape in shapes for name in shape.scalars)
    return Shape(scalars, properties, bool(objects), _union(arrays) if arrays else None)


def _together(objects: list[dict[str, Shape]]) -> dict[str, Shape]:
    keys = dict.fromkeys(key for one in objects for key in one)
    return {key: _union([one[key] for one in objects if key in one]) for key in keys}


def _with_properties(own: Shape, branches: list[Shape]) -> Shape:
    """A closed object whose branches say more of its properties: those it has already stay as they are."""
    if own.properties is None:
        return own
    more = _together([branch.properties for branch in branches if branch.properties is not None])
    return own._replace(properties={**more, **own.properties})


def _written(shape: Shape) -> Schema:
    kinds: list[Schema] = [{"type": name} for name in sorted(shape.scalars)]
    if shape.is_object:
        listed = {key: _written(value) for key, value in (shape.properties or {}).items()}
        kinds.append({"type": "object", **({"properties": listed} if listed else {})})
    if shape.items is not None:
        kinds.append({"type": "array", "items": _written(shape.items)} if shape.items != _ANY else {"type": "array"})
    return kinds[0] if len(kinds) == 1 else {"anyOf": kinds} if kinds else {}

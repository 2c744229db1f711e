"""Format `json-schema`: the properties of an object in JSON Schema of any draft, or a schema of OpenAPI alone.

Source: https://json-schema.org/draft/2020-12. A property that is not `required` may be missing. References within the
file are followed, others never: what they lead to is unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.dtypes import UNKNOWN
from changegate.evidence.promises import (
    PromisedFeature,
    Promises,
    deprecation,
    mapping,
    stated_mode,
    stated_terms,
    whole_version,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.names import KeyPath

SCHEMA = ""

_TYPES = {
    "string": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "bool",
    "array": "list",
    "object": "json",
}
_FORMATS = {
    "date": "date", "date-time": "datetime", "time": "time", "duration": "duration", "byte": "binary",
    "binary": "binary", "int32": "int32", "int64": "int64", "float": "float32", "double": "float64",
}  # fmt: skip
_MOST_STEPS = 32


def recognises(value: Any) -> bool:
    """Whether a file names a draft, or describes an object with properties."""
    if not isinstance(value, dict) or "kind" in value or "fields" in value:
        return False
    draft = value.get("$schema")
    return (isinstance(draft, str) and "json-schema.org" in draft) or (
        value.get("type") in ("object", "array") and bool({"properties", "items", "$defs"} & value.keys())
    )


def read(value: Any) -> tuple[Promises, ...]:
    """Read the object at the top, or the one that the array at the top is of."""
    schema, path, _ = _resolved(value, (), value)
    if schema.get("type") == "array":
        schema, path, _ = _resolved(schema.get("items"), (*path, "items"), value)
    found = mapping(schema.get("properties"), (*path, "properties"))
    listed = schema.get("required")
    required = {one for one in listed if isinstance(one, str)} if isinstance(listed, list) else set()
    terms, keys = stated_terms(_own(value), ())
    terms |= stated_mode(_own(value).get("compatibility"), ("compatibility",))
    title = value.get("title")
    return (
        Promises(
            features=tuple(
                _property(name, one, (*path, "properties", name), name in required, value)
                for name, one in found.items()
            ),
            names=(title,) if isinstance(title, str) and title else (),
            version=whole_version(value.get("version", value.get("x-version"))),
            terms=terms,
            keys={**keys, "name": ("title",), "version": ("version",) if "version" in value else ("x-version",)},
            path=path,
        ),
    )


def _own(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema with the words of one's own that begin with `x-`, without that."""
    return {key.removeprefix("x-"): value for key, value in schema.items()}


def _property(name: str, schema: Any, path: KeyPath, required: bool, whole: Any) -> PromisedFeature:
    found, here, nullable = _resolved(schema, path, whole)
    own, keys = stated_terms(_own(schema) if isinstance(schema, dict) else {}, path)
    dtype, said, null = _type(found)
    terms: dict[str, Any] = {"dtype": dtype, "nullable": nullable or null or not required, **own}
    if not required:
        terms["optional"] = True
    values = [found["const"]] if "const" in found else found.get("enum")
    if isinstance(values, list) and (kept := [one for one in values if isinstance(one, str | int | float)]):
        terms["enum"] = kept
        terms["nullable"] = terms["nullable"] or None in values
    terms |= _range(found)
    if found.get("deprecated") is True:
        terms.setdefault("deprecated", deprecation(None, _own(found).get("successor"), here))
    keys |= {key: (*here, key) for key in ("enum", "deprecated") if key in found and key in terms}
    keys |= {"dtype": here, "nullable": here, "range": here}
    return PromisedFeature(name, terms, path, keys, said)


def _resolved(schema: Any, path: KeyPath, whole: Any) -> tuple[Mapping[str, Any], KeyPath, bool]:
    """What a schema says behind references in the file and unions with null; where; whether null is one of them."""
    nullable = False
    for _ in range(_MOST_STEPS):
        if schema is True:
            return {}, path, nullable
        schema = mapping(schema, path)
        nullable = nullable or schema.get("nullable") is True
        if "$ref" in schema:
            found = _pointed(schema["$ref"], whole)
            if found is None:
                return {"type": str(schema["$ref"])}, path, nullable
            schema, path = found
            continue
        several = next((key for key in ("anyOf", "oneOf", "allOf") if isinstance(schema.get(key), list)), None)
        if several is None or "type" in schema:
            return schema, path, nullable
        others = [(index, one) for index, one in enumerate(schema[several]) if one != {"type": "null"}]
        nullable = nullable or len(others) < len(schema[several])
        if len(others) != 1:
            return {"type": f"{several} of {len(others)}"}, path, nullable
        path, schema = (*path, several, others[0][0]), others[0][1]
    return {"type": "a circle of references"}, path, nullable


def _pointed(reference: Any, whole: Any) -> tuple[Any, KeyPath] | None:
    """What a reference within the file leads to; None for any other."""
    if not isinstance(reference, str) or not reference.startswith("#"):
        return None
    node, path = whole, tuple(one.replace("~1", "/").replace("~0", "~") for one in reference[1:].split("/")[1:])
    for key in path:
        if not isinstance(node, dict) or key not in node:
            return None
        node = node[key]
    return node, path


def _type(schema: Mapping[str, Any]) -> tuple[str, str, bool]:
    stated = schema.get("type")
    listed = stated if isinstance(stated, list) else [stated]
    kinds = [one for one in listed if one != "null"]
    null = len(kinds) < len(listed)
    if kinds == [None] or not kinds:
        return _of_values(schema), "no type", null
    if len(kinds) > 1:
        both = set(map(str, kinds)) == {"integer", "number"}
        return ("number" if both else UNKNOWN), ", ".join(map(str, kinds)), null
    kind, form = str(kinds[0]), schema.get("format")
    plain = _TYPES.get(kind, UNKNOWN)
    if not isinstance(form, str) or plain in {UNKNOWN, "json", "list", "bool"}:
        return plain, kind, null
    numeric = form in {"int32", "int64", "float", "double"}
    fits = (plain in {"integer", "number"}) == numeric
    return (_FORMATS.get(form, plain) if fits else plain), f"{kind} ({form})", null


def _of_values(schema: Mapping[str, Any]) -> str:
    """The type that follows from the values alone, where all are of one."""
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    kinds = {type(one) for one in values if one is not None} if isinstance(values, list) else set()
    named = {str: "string", bool: "bool", int: "integer", float: "number"}
    return named.get(kinds.pop(), UNKNOWN) if len(kinds) == 1 else UNKNOWN


def _range(schema: Mapping[str, Any]) -> dict[str, list[float]]:
    """The bounds, as wide as they may be: an excluded bound counts as included."""
    least = _bound(schema, "minimum", "exclusiveMinimum")
    greatest = _bound(schema, "maximum", "exclusiveMaximum")
    if least is None and greatest is None:
        return {}
    return {"range": [float("-inf") if least is None else least, float("inf") if greatest is None else greatest]}


def _bound(schema: Mapping[str, Any], *keys: str) -> float | None:
    found = [schema.get(key) for key in keys]
    return next((one for one in found if isinstance(one, int | float) and not isinstance(one, bool)), None)

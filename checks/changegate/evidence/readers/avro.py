"""Format `avro`: a record of Avro, as an `.avsc` file has it. Source: https://avro.apache.org/docs/1.12.0/specification/.

A union with null may be missing; a union of other types is unknown. Attributes of one's own say what Avro has no words
for: `unit`, `freshness`, `sensitivity`, `compatibility` and the like.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.dtypes import UNKNOWN
from changegate.evidence.promises import (
    PromisedFeature,
    Promises,
    items,
    mapping,
    stated_mode,
    stated_terms,
    text,
    whole_version,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.names import KeyPath

SCHEMA = ""

_PRIMITIVE = {
    "boolean": "bool", "int": "int32", "long": "int64", "float": "float32", "double": "float64", "bytes": "binary",
    "string": "string", "enum": "string", "fixed": "binary", "array": "list", "map": "json", "record": "json",
    "error": "json",
}  # fmt: skip
_LOGICAL = {
    "decimal": "decimal", "big-decimal": "decimal", "uuid": "string", "date": "date", "duration": "duration",
    **dict.fromkeys(("time-millis", "time-micros"), "time"),
    **{
        f"{local}timestamp-{unit}": "datetime"
        for local in ("", "local-")
        for unit in ("millis", "micros", "nanos")
    },
}  # fmt: skip


def recognises(value: Any) -> bool:
    """Whether a file is a record, or a list with records."""
    listed = value if isinstance(value, list) else [value]
    return any(isinstance(one, dict) and one.get("type") == "record" and "fields" in one for one in listed)


def read(value: Any) -> tuple[Promises, ...]:
    """Read every record that stands at the top."""
    listed = value if isinstance(value, list) else [value]
    named: dict[str, Any] = {}
    for one in listed:
        _collect(one, named)
    made = []
    for index, one in enumerate(listed):
        if isinstance(one, dict) and one.get("type") == "record":
            made.append(_record(one, (index,) if isinstance(value, list) else (), named))
    return tuple(made)


def _collect(schema: Any, named: dict[str, Any]) -> None:
    """Every named type that is defined in a schema, by its name; without recursion, since depth is the author's."""
    stack = [schema]
    while stack:
        one = stack.pop()
        if isinstance(one, list):
            stack.extend(one)
        elif isinstance(one, dict):
            if isinstance(one.get("name"), str) and one.get("type") in ("record", "enum", "fixed", "error"):
                named.setdefault(one["name"], one)
                if isinstance(one.get("namespace"), str):
                    named.setdefault(f"{one['namespace']}.{one['name']}", one)
            stack.extend(value for key, value in one.items() if key in {"type", "fields", "items", "values"})


def _record(one: Mapping[str, Any], path: KeyPath, named: Mapping[str, Any]) -> Promises:
    name, space = text(one.get("name"), (*path, "name")), one.get("namespace")
    terms, keys = stated_terms(one, path)
    terms |= stated_mode(one.get("compatibility"), (*path, "compatibility"))
    return Promises(
        features=tuple(_field(field, here, named) for here, field in items(one.get("fields"), (*path, "fields"))),
        names=(name.rpartition(".")[2], f"{space}.{name}" if isinstance(space, str) else name),
        version=whole_version(one.get("version")),
        terms=terms,
        keys={
            **keys,
            "name": (*path, "name"),
            "version": (*path, "version"),
            "compatibility": (*path, "compatibility"),
        },
        path=path,
    )


def _field(one: Mapping[str, Any], path: KeyPath, named: Mapping[str, Any]) -> PromisedFeature:
    own, keys = stated_terms(one, path)
    schema, nullable = _without_null(one.get("type"))
    dtype, said, symbols = _type(schema, (*path, "type"), named)
    terms: dict[str, Any] = {"dtype": dtype, "nullable": nullable, **own}
    if symbols:
        terms["enum"] = symbols
    if "default" in one:
        terms["optional"] = True
    keys |= dict.fromkeys(("dtype", "nullable", "enum"), (*path, "type")) | {"name": (*path, "name")}
    return PromisedFeature(text(one.get("name"), (*path, "name")), terms, path, keys, said)


def _without_null(schema: Any) -> tuple[Any, bool]:
    if not isinstance(schema, list):
        return schema, schema == "null"
    others = [one for one in schema if one != "null"]
    return (others[0] if len(others) == 1 else others), len(others) < len(schema)


def _type(schema: Any, path: KeyPath, named: Mapping[str, Any]) -> tuple[str, str, list[str]]:
    """Its type, how it is written, and the values that there are."""
    if isinstance(schema, list):
        return UNKNOWN, f"a union of {len(schema)} types", []
    if isinstance(schema, str):
        known = schema not in _PRIMITIVE and schema in named
        return _complex(named[schema], path, {}) if known else (_PRIMITIVE.get(schema, UNKNOWN), schema, [])
    return _complex(schema, path, named)


def _complex(said: Any, path: KeyPath, named: Mapping[str, Any]) -> tuple[str, str, list[str]]:
    schema = mapping(said, path)
    kind, logical = schema.get("type"), schema.get("logicalType")
    if isinstance(logical, str):
        return _LOGICAL.get(logical, UNKNOWN), logical, []
    if not isinstance(kind, str) or (kind not in _PRIMITIVE and kind in named):
        return _type(kind, (*path, "type"), named)
    symbols = schema.get("symbols") if kind == "enum" else None
    values = [one for one in symbols if isinstance(one, str)] if isinstance(symbols, list) else []
    return _PRIMITIVE.get(kind, UNKNOWN), kind, values

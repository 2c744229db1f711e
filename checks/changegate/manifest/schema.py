"""Validation against the shipped schemas: `jsonschema-rs` decides, `jsonschema` explains what was refused.

See docs/decisions/0003. No remote reference is ever fetched: a reference is a file of `schemas/`, or an error of ours.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from importlib import import_module
from itertools import islice
from types import ModuleType
from typing import TYPE_CHECKING, Any

from changegate.manifest.scalars import shortened
from changegate.records import NamedTuple
from changegate.resources import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from changegate.names import KeyPath

ORIGIN = "https://changegate.dev/schemas/"
MAXIMUM_FAULTS = 50
_MOST_LOOKED_AT = 200
"""So many faults are explained before the first of them are chosen: the number of wrong keys is the author's."""


class SchemaFault(NamedTuple):
    """One way in which a value breaks its schema."""

    code: str
    """`unknown-field`, `missing-field`, `type`, `enum`, `pattern`, `bound` or `schema`."""
    path: KeyPath
    """The node, or for a missing field the object that should have it, then the field."""
    message: str
    hint: str
    unquoted: bool = False
    """Whether quotes around what is written would mend it."""


def load_schema(name: str) -> dict[str, Any]:
    """Read a schema by its name, such as `manifest` or `settings/rollout`."""
    path = SCHEMAS / (f"{name}.json" if "/" in name else f"{name}.schema.json")
    schema: dict[str, Any] = json.loads(path.read_bytes())
    return schema


def _retrieve(uri: str) -> Any:
    if not uri.startswith(ORIGIN):
        raise LookupError(f"{uri} is not one of the shipped schemas, and nothing is fetched")
    return json.loads((SCHEMAS / uri.removeprefix(ORIGIN)).read_bytes())


@cache
def compiled(name: str) -> Any:
    """Compile a schema for quick acceptance: an object with `is_valid(value)`."""
    validators = _validators()
    return validators.Draft202012Validator(load_schema(name), retriever=_retrieve, validate_formats=False)


@cache
def _validators() -> Any:
    """`jsonschema_rs`, without what it imports to read the date of its own build: a tenth of a whole run.

    NOTE: it asks `email.utils` for `parsedate_to_datetime`, for an entry of its `__build__`. A stand-in answers while
    it is imported, and is gone then; should anything else be asked of it, it gives what the real one has.
    """
    name = "email.utils"
    stand_in: Any = ModuleType(name)
    stand_in.parsedate_to_datetime = str
    stand_in.__getattr__ = lambda asked: getattr(_instead(stand_in), asked)
    sys.modules.setdefault(name, stand_in)
    try:
        import jsonschema_rs
    finally:
        _remove(stand_in)
    return jsonschema_rs


def _instead(stand_in: ModuleType) -> ModuleType:
    _remove(stand_in)
    return import_module(stand_in.__name__)


def _remove(stand_in: ModuleType) -> None:
    if sys.modules.get(stand_in.__name__) is stand_in:
        del sys.modules[stand_in.__name__]


def validate(value: Any, name: str) -> list[SchemaFault]:
    """Explain how a value breaks a schema.

    Args:
        value: Plain JSON.
        name: The schema's name.

    Returns:
        Faults in the order of their paths; empty where the value holds.
    """
    if compiled(name).is_valid(value):
        return []
    unique = set(islice(_explain(_explainer(name).iter_errors(value)), _MOST_LOOKED_AT))
    if not unique:
        hint = f"Compare it with {ORIGIN}{name}.schema.json."
        return [SchemaFault("schema", (), "the document does not fit its schema", hint)]
    return sorted(unique, key=_order)[:MAXIMUM_FAULTS]


def _order(fault: SchemaFault) -> tuple[list[str], str, str]:
    return [str(key).rjust(8, "0") for key in fault.path], fault.code, fault.message


@cache
def _explainer(name: str) -> Any:
    import re

    import jsonschema
    import referencing
    from referencing.jsonschema import DRAFT202012

    def pattern(_validator: Any, text: str, instance: Any, _schema: Any) -> Iterator[Any]:
        # NOTE: Python's `$` also matches before a trailing newline, which no pattern of ours means.
        if isinstance(instance, str) and not re.search(_whole(text), instance):
            yield jsonschema.ValidationError(f"{instance!r} does not match {text!r}")

    def retrieve(uri: str) -> Any:
        return referencing.Resource.from_contents(_retrieve(uri), default_specification=DRAFT202012)

    extend: Any = jsonschema.validators.extend
    registry: Any = referencing.Registry
    made = extend(jsonschema.Draft202012Validator, {"pattern": pattern})
    return made(load_schema(name), registry=registry(retrieve=retrieve))


def _whole(pattern: str) -> str:
    return pattern[:-1] + r"\Z" if pattern.endswith("$") and not pattern.endswith(r"\$") else pattern


def _explain(errors: Iterable[Any]) -> Iterator[SchemaFault]:
    for error in errors:
        if error.context:
            yield from _explain(_closest(error))
        elif error.validator in _EXPLAINERS:
            yield from _EXPLAINERS[error.validator](error)
        else:
            message = shortened(error.message, 200)
            yield SchemaFault("schema", tuple(error.absolute_path), message, "Compare it with the schema.")


def _closest(error: Any) -> list[Any]:
    """Of several alternatives, the errors of the one that came closest: the fewest, the deepest."""
    branches: dict[Any, list[Any]] = {}
    for inner in error.context:
        branches.setdefault(inner.schema_path[0] if inner.schema_path else 0, []).append(inner)
    return min(branches.values(), key=lambda branch: (len(branch), -max(len(one.absolute_path) for one in branch)))


def _unknown(error: Any) -> Iterator[SchemaFault]:
    known = sorted(error.schema.get("properties", {}))
    for key in sorted(set(error.instance) - set(known)):
        near = _nearest(key, known)
        hint = f"Did you mean `{near}`?" if near else _one_of(known, "There is")
        yield SchemaFault("unknown-field", (*error.absolute_path, key), f"unknown field `{shortened(key)}`", hint)


def _missing(error: Any) -> Iterator[SchemaFault]:
    for key in error.validator_value:
        if key not in error.instance:
            about = error.schema.get("properties", {}).get(key, {}).get("description", "")
            where = ".".join(map(str, error.absolute_path)) or "the document"
            yield SchemaFault(
                "missing-field", (*error.absolute_path, key), f"{where} has no `{key}`", about or f"Add `{key}:`."
            )


def _type(error: Any) -> Iterator[SchemaFault]:
    wanted, value = error.validator_value, error.instance
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    said = " or ".join(_TYPES.get(name, name) for name in names)
    message = f"{_field(error)} must be {said}, and this is {type_name(value)}"
    hint = str(error.schema.get("description", "")) or f"Write {said}."
    unquoted = "string" in names and isinstance(value, (bool, int, float))
    if unquoted:
        hint = f'Put it into quotes: "{json.dumps(value)}".'
    if unquoted and isinstance(value, float):
        message += f": it is read as {value}, so a trailing zero is lost"
        hint = 'Put it into quotes, with the zero if there is one: "2.10".'
    yield SchemaFault("type", tuple(error.absolute_path), message, hint, unquoted)


def _enum(error: Any) -> Iterator[SchemaFault]:
    wanted = error.validator_value if error.validator == "enum" else [error.validator_value]
    near = _nearest(str(error.instance), [str(one) for one in wanted])
    names = [f"`{one}`" for one in wanted]
    hint = (
        f"Did you mean `{near}`? There is {', '.join(names)}."
        if near and len(wanted) > 1
        else f"There is {', '.join(names)}."
    )
    yield SchemaFault("enum", tuple(error.absolute_path), f"{_field(error)} cannot be {_shown(error.instance)}", hint)


def _pattern(error: Any) -> Iterator[SchemaFault]:
    hint = str(error.schema.get("description", "")) or f"It has to match {error.validator_value}."
    yield SchemaFault(
        "pattern", tuple(error.absolute_path), f"{_field(error)} is malformed: {_shown(error.instance)}", hint
    )


def _bound(error: Any) -> Iterator[SchemaFault]:
    sense = _BOUNDS[error.validator].format(error.validator_value)
    hint = str(error.schema.get("description", "")) or "Change it."
    yield SchemaFault("bound", tuple(error.absolute_path), f"{_field(error)} must {sense}", hint)


_TYPES = {
    "string": "a text", "integer": "a whole number", "number": "a number", "boolean": "true or false",
    "array": "a list", "object": "a mapping", "null": "empty",
}  # fmt: skip
_BOUNDS = {
    "minimum": "be at least {}",
    "maximum": "be at most {}",
    "exclusiveMinimum": "be more than {}",
    "exclusiveMaximum": "be less than {}",
    "minLength": "have at least {} characters",
    "maxLength": "have at most {} characters",
    "minItems": "have at least {} items",
    "maxItems": "have at most {} items",
    "maxProperties": "have at most {} entries",
    "minProperties": "have at least {} entries",
}
_EXPLAINERS = {
    "additionalProperties": _unknown,
    "unevaluatedProperties": _unknown,
    "required": _missing,
    "type": _type,
    "enum": _enum,
    "const": _enum,
    "pattern": _pattern,
    **dict.fromkeys(_BOUNDS, _bound),
}


def _field(error: Any) -> str:
    path = list(error.absolute_path)
    if not path:
        return "the document"
    if isinstance(path[-1], str):
        return f"`{shortened(path[-1])}`"
    return f"item {path[-1] + 1} of " + (f"`{path[-2]}`" if len(path) > 1 else "the document")


def type_name(value: Any) -> str:
    """Say what a value is, in a sentence that goes on from "is"."""
    if value is None:
        return "empty"
    names = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "a text",
        list: "a list",
        dict: "a mapping",
    }
    shown = _shown(value) if isinstance(value, (bool, int, float, str)) else ""
    return f"{names[type(value)]} ({shown})" if shown else names[type(value)]


def _shown(value: Any) -> str:
    return shortened(json.dumps(value, ensure_ascii=False))


def _one_of(names: list[str], lead: str) -> str:
    return f"{lead} {', '.join(f'`{name}`' for name in names)}." if names else "Remove it."


def _nearest(word: str, known: list[str]) -> str:
    """The known name that a wrong one was probably meant to be; empty where none is near."""
    from difflib import get_close_matches

    folded = {name.casefold(): name for name in known}
    found = get_close_matches(word.casefold()[:100], folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else ""

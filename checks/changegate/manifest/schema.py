"""Validation against the shipped schemas: `jsonschema-rs` decides; what it refused, `explain` puts into words.

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

from changegate.resources import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from changegate.manifest.document import Document
    from changegate.manifest.explain import SchemaFault
    from changegate.names import KeyPath

ORIGIN = "https://changegate.dev/schemas/"
MAXIMUM_FAULTS = 50
_MOST_LOOKED_AT = 200
"""So many faults are explained before the first of them are chosen: the number of wrong keys is the author's."""


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


def validate(
    value: Any, name: str, document: Document | None = None, samples: Mapping[str, Any] | None = None
) -> list[SchemaFault]:
    """Explain how a value breaks a schema.

    Args:
        value: Plain JSON.
        name: The schema's name.
        document: The document that it was read from, where there is one: what it has as text is told as it is written.
        samples: A value that fits, as far as there is one: what to write is shown with what stands there.

    Returns:
        Faults in the order of their paths, one for each; empty where the value holds.
    """
    if compiled(name).is_valid(value):
        return []
    from changegate.manifest.explain import Explainer, SchemaFault

    explain = Explainer(_explainer(name), document, samples or {})
    unique = set(islice(explain.faults(value), _MOST_LOOKED_AT))
    if not unique:
        hint = f"Compare it with {ORIGIN}{name}.schema.json."
        return [SchemaFault("schema", (), "the document does not fit its schema", hint)]
    return list(_first_of_each(sorted(unique, key=_order)))[:MAXIMUM_FAULTS]


def _order(fault: SchemaFault) -> tuple[list[str], bool, str, str]:
    path = [str(key).rjust(8, "0") for key in fault.path]
    return path, fault.code != "type", fault.code, fault.message  # of what has a wrong type nothing else is told


def _first_of_each(faults: Iterable[SchemaFault]) -> Iterator[SchemaFault]:
    """One fault of each path: what is too long as well as malformed is mended once."""
    told: set[KeyPath] = set()
    for fault in faults:
        if fault.path not in told or fault.code in {"missing-field", "unknown-field"}:
            yield fault
        told.add(fault.path)


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

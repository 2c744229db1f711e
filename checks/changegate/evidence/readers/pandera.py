"""Format `pandera`: a schema of pandera, as `to_yaml` writes it. Source: https://pandera.readthedocs.io.

pandera leaves defaults out: a column is required where nothing is said, and never null where nothing is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.dtypes import UNKNOWN
from changegate.evidence.numpytypes import numpy_type
from changegate.evidence.promises import PromisedFeature, Promises, mapping, stated_mode, stated_terms, whole_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.names import KeyPath

SCHEMA = ""

_LEAST = {"greater_than_or_equal_to": "min_value", "greater_than": "min_value"}
_GREATEST = {"less_than_or_equal_to": "max_value", "less_than": "max_value"}


def recognises(value: Any) -> bool:
    """Whether a file is a schema of a table."""
    return isinstance(value, dict) and isinstance(value.get("schema_type"), str) and "columns" in value


def read(value: Any) -> tuple[Promises, ...]:
    """Read the schema of a table."""
    columns = mapping(value.get("columns"), ("columns",))
    own = value.get("metadata")
    terms, keys = stated_terms(own, ("metadata",))
    terms |= stated_mode(own.get("compatibility") if isinstance(own, dict) else None, ("metadata", "compatibility"))
    name = value.get("name")
    features = tuple(_column(str(called), one, ("columns", called)) for called, one in columns.items())
    return (
        Promises(
            features=features,
            names=(name,) if isinstance(name, str) and name else (),
            # NOTE: the `version` at the top of older files is pandera's own.
            version=whole_version(own.get("version")) if isinstance(own, dict) else None,
            terms=terms,
            keys={**keys, "name": ("name",), "version": ("metadata", "version")},
        ),
    )


def _column(name: str, value: Any, path: KeyPath) -> PromisedFeature:
    one = mapping(value, path)
    said = one.get("dtype")
    own, keys = stated_terms(one.get("metadata"), (*path, "metadata"))
    optional = one.get("required") is False
    terms: dict[str, Any] = {
        "dtype": numpy_type(said) if isinstance(said, str) else UNKNOWN,
        "nullable": one.get("nullable") is True or optional,
        **own,
    }
    if optional:
        terms["optional"] = True
    bounds = [float("-inf"), float("inf")]
    for check, given, where in _checks(one, path):
        if check == "isin" and (values := given.get("allowed_values")):
            terms["enum"], keys["enum"] = values, where
        for bound, limit in _bounds(check, given):
            bounds[bound] = limit
            terms["range"], keys["range"] = bounds, where
    keys["dtype"] = (*path, "dtype")
    keys["nullable"] = (*path, "nullable" if "nullable" in one or not optional else "required")
    return PromisedFeature(name, terms, path, keys, str(said or "no dtype"))


def _checks(one: Mapping[str, Any], path: KeyPath) -> Iterator[tuple[str, Mapping[str, Any], KeyPath]]:
    """The checks of a column: beside its other keys, or under `checks`, by name or in a list."""
    checks = one.get("checks")
    for name, given in one.items():
        yield name, _arguments(name, given), (*path, name)
    for name, given in checks.items() if isinstance(checks, dict) else ():
        yield str(name), _arguments(str(name), given), (*path, "checks", name)
    for index, given in enumerate(checks) if isinstance(checks, list) else ():
        options = given.get("options") if isinstance(given, dict) else None
        called = options.get("check_name") if isinstance(options, dict) else None
        if isinstance(called, str):
            rest = {key: value for key, value in given.items() if key != "options"}
            yield called, {**rest, **_arguments(called, rest.get("value", rest))}, (*path, "checks", index)


def _arguments(name: str, given: Any) -> Mapping[str, Any]:
    """What a check is given, by the name of its parameter: pandera writes a single one without it."""
    if isinstance(given, dict):
        return given if "value" not in given or name == "isin" else _arguments(name, given["value"])
    if name == "isin":
        return {"allowed_values": given} if isinstance(given, list) else {}
    key = _LEAST.get(name) or _GREATEST.get(name)
    return {key: given} if key else {}


def _bounds(check: str, given: Mapping[str, Any]) -> Iterator[tuple[int, float]]:
    if check in ("in_range", "between", *_LEAST, *_GREATEST):
        for bound, key in enumerate(("min_value", "max_value")):
            value = given.get(key)
            if isinstance(value, int | float) and not isinstance(value, bool):
                yield bound, value

"""Format `odcs`: the Open Data Contract Standard, version 3.

Source: https://bitol-io.github.io/open-data-contract-standard/v3.0.2/. What a type is says `physicalType` where it is
known, else `logicalType`, which has no width. `required` is false where it is absent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.dtypes import UNKNOWN
from changegate.evidence.promises import (
    PromisedFeature,
    Promises,
    deprecation,
    items,
    mapping,
    stated_mode,
    stated_terms,
    text,
    whole_version,
)
from changegate.evidence.sqltypes import sql_type
from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.names import KeyPath

SCHEMA = ""

_LOGICAL = {
    "string": "string", "date": "date", "timestamp": "datetime", "time": "time", "number": "number",
    "integer": "integer", "object": "json", "array": "list", "boolean": "bool",
}  # fmt: skip
_UNITS = {
    "s": "s",
    "second": "s",
    "min": "m",
    "m": "m",
    "minute": "m",
    "h": "h",
    "hr": "h",
    "hour": "h",
    "d": "d",
    "day": "d",
}
_FRESH = ("latency", "freshness", "ly", "maxage")


def recognises(value: Any) -> bool:
    """Whether a file says that it is a data contract."""
    return isinstance(value, dict) and value.get("kind") == "DataContract"


def read(value: Any) -> tuple[Promises, ...]:
    """Read every table of a contract."""
    said = text(value.get("apiVersion"), ("apiVersion",))
    if not said.startswith("v3"):
        raise Unsound(f"it is written in {said[:20]} of the standard, and version 3 is read", ("apiVersion",))
    servers = value.get("servers")
    first = servers[0] if isinstance(servers, list) and servers and isinstance(servers[0], dict) else {}
    dialect = str(first.get("type", ""))
    whole = _whole(value)
    tables = tuple(items(value.get("schema"), ("schema",)))
    return tuple(_table(one, path, value, whole, dialect) for path, one in tables)


def _whole(value: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, KeyPath]]:
    own = _custom(value)
    terms: dict[str, Any] = stated_mode(own.get("compatibility"), ("customProperties",))
    keys: dict[str, KeyPath] = {"version": ("version",), "name": ("name",)}
    team = value.get("team")
    owner = team.get("name") if isinstance(team, dict) else own.get("owner")
    if isinstance(owner, str):
        terms["owner"] = owner
    if value.get("status") in ("deprecated", "retired") or "deprecatedUntil" in own:
        terms["deprecated"] = deprecation(own.get("deprecatedUntil"), own.get("successor"), ("customProperties",))
        if value.get("status") == "retired":
            terms["retired"] = True
        keys["deprecated"] = ("status",) if "status" in value else ("customProperties",)
    return terms, keys


def _custom(value: Mapping[str, Any]) -> dict[str, Any]:
    """Its properties of one's own, by name."""
    listed = value.get("customProperties")
    found = (one for one in listed if isinstance(one, dict)) if isinstance(listed, list) else ()
    return {str(one.get("property")): one.get("value") for one in found}


def _table(
    one: Mapping[str, Any],
    path: KeyPath,
    value: Mapping[str, Any],
    whole: tuple[dict[str, Any], dict[str, KeyPath]],
    dialect: str,
) -> Promises:
    name = text(one.get("name"), (*path, "name"))
    columns = list(items(one.get("properties"), (*path, "properties")))
    keys = [str(column.get("name")) for _, column in columns if column.get("primaryKey") is True]
    ages = dict(_ages(value, name))
    terms, where = whole
    return Promises(
        features=tuple(_column(column, here, dialect, ages) for here, column in columns),
        names=tuple(dict.fromkeys(str(said) for said in (name, one.get("physicalName")) if said)),
        version=whole_version(value.get("version")),
        terms={**terms, **({"entities": keys} if keys else {})},
        keys=where,
        path=path,
    )


def _column(
    one: Mapping[str, Any], path: KeyPath, dialect: str, ages: Mapping[str, tuple[str, KeyPath]]
) -> PromisedFeature:
    name = text(one.get("name"), (*path, "name"))
    own, keys = stated_terms(_custom(one), (*path, "customProperties"))
    keys = dict.fromkeys(keys, (*path, "customProperties"))
    dtype, said = _type(one, dialect)
    terms: dict[str, Any] = {"dtype": dtype, "nullable": one.get("required") is not True, **own}
    keys |= {"dtype": (*path, "physicalType" if one.get("physicalType") else "logicalType"), "name": (*path, "name")}
    if "required" in one:
        keys["nullable"] = (*path, "required")
    if isinstance(one.get("classification"), str):
        terms.setdefault("sensitivity", one["classification"])
        keys.setdefault("sensitivity", (*path, "classification"))
    for term, stands in _options(one, path):
        terms |= term
        keys |= dict.fromkeys(term, stands)
    age = ages.get(name) or ages.get("")
    if age:
        terms["freshness"], keys["freshness"] = age
    return PromisedFeature(name, terms, path, keys, said)


def _type(one: Mapping[str, Any], dialect: str) -> tuple[str, str]:
    physical, logical = str(one.get("physicalType") or ""), str(one.get("logicalType") or "")
    found = sql_type(physical, dialect) if physical else UNKNOWN
    return (_LOGICAL.get(logical, UNKNOWN) if found == UNKNOWN else found), physical or logical


def _options(one: Mapping[str, Any], path: KeyPath) -> Iterator[tuple[dict[str, Any], KeyPath]]:
    stated = one.get("logicalTypeOptions")
    options = mapping(stated, (*path, "logicalTypeOptions")) if stated is not None else {}
    least, greatest = (options.get(key) for key in ("minimum", "maximum"))
    bounds = [
        float("-inf") if not _is_number(least) else least,
        float("inf") if not _is_number(greatest) else greatest,
    ]
    if _is_number(least) or _is_number(greatest):
        yield {"range": bounds}, (*path, "logicalTypeOptions")
    for where, rule in _quality(one, path):
        values = rule.get("validValues")
        # NOTE: invalid values that are counted, and of which there must be none, say the same.
        if isinstance(values, list) and values and rule.get("mustBe", 0) == 0:
            yield {"enum": values}, where


def _quality(one: Mapping[str, Any], path: KeyPath) -> Iterator[tuple[KeyPath, Mapping[str, Any]]]:
    for index, rule in enumerate(one["quality"]) if isinstance(one.get("quality"), list) else ():
        if isinstance(rule, dict):
            arguments = rule.get("arguments")
            yield (*path, "quality", index), {**rule, **(arguments if isinstance(arguments, dict) else {})}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _ages(value: Mapping[str, Any], table: str) -> Iterator[tuple[str, tuple[str, KeyPath]]]:
    """The greatest ages of the service levels, by the column that they are of; of the whole under the empty name."""
    listed = value.get("slaProperties")
    for index, one in enumerate(listed if isinstance(listed, list) else ()):
        if not isinstance(one, dict) or str(one.get("property", "")).lower() not in _FRESH:
            continue
        unit = _UNITS.get(str(one.get("unit", "")).lower().rstrip("s") or "s")
        age = one.get("value")
        if unit is None or not isinstance(age, int) or isinstance(age, bool) or not 0 <= age < 10**6:
            continue
        for element in str(one.get("element") or table).split(","):
            of, _, column = element.strip().partition(".")
            if of == table:
                yield column, (f"{age}{unit}", ("slaProperties", index))

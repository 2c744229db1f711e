"""Format `dbt-manifest`: models with an enforced contract, in the `manifest.json` that dbt writes.

Source: https://docs.getdbt.com/reference/resource-configs/contract. A column may be missing unless a constraint or a
test says `not_null`. Tests of `accepted_values` say which values there are. A model without an enforced contract
promises nothing.
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
from changegate.evidence.sqltypes import sql_type
from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.names import KeyPath

SCHEMA = ""

_Tests = dict[tuple[str, str], dict[str, Any]]
"""Model and column -> the terms that its tests say."""


def recognises(value: Any) -> bool:
    """Whether a file is a manifest of dbt."""
    said = value.get("metadata") if isinstance(value, dict) else None
    return isinstance(said, dict) and isinstance(value.get("nodes"), dict) and "dbt_schema_version" in said


def read(value: Any) -> tuple[Promises, ...]:
    """Read every model whose contract is enforced."""
    dialect = str(value["metadata"].get("adapter_type", ""))
    tested = _tested(value["nodes"])
    found = tuple(
        _model(node, key, dialect, tested)
        for key, node in value["nodes"].items()
        if isinstance(node, dict) and node.get("resource_type") == "model" and _is_enforced(node)
    )
    if not found:
        raise Unsound("no model in it has an enforced contract (`contract: {enforced: true}`)", ("nodes",))
    return found


def _is_enforced(node: Mapping[str, Any]) -> bool:
    config = node.get("config")
    said = [node.get("contract"), config.get("contract") if isinstance(config, dict) else None]
    return any(isinstance(one, dict) and one.get("enforced") is True for one in said)


def _tested(nodes: Mapping[str, Any]) -> _Tests:
    found: _Tests = {}
    for node in nodes.values():
        test = node.get("test_metadata") if isinstance(node, dict) else None
        if not isinstance(test, dict) or not node.get("attached_node") or not node.get("column_name"):
            continue
        terms = found.setdefault((str(node["attached_node"]), str(node["column_name"])), {})
        kwargs = test.get("kwargs")
        if test.get("name") == "not_null":
            terms["nullable"] = False
        elif test.get("name") == "accepted_values" and isinstance(kwargs, dict):
            given = kwargs.get("arguments", kwargs)
            values = given.get("values") if isinstance(given, dict) else None
            if isinstance(values, list) and values:
                terms["enum"] = values
    return found


def _model(node: Mapping[str, Any], key: str, dialect: str, tested: _Tests) -> Promises:
    path: KeyPath = ("nodes", key)
    name, version = str(node.get("name", "")), whole_version(node.get("version"))
    meta = _meta(node)
    version = whole_version(meta.get("version")) if version is None else version
    own, keys = stated_terms(meta, (*path, "meta"))
    terms: dict[str, Any] = {key: own[key] for key in ("deprecated",) if key in own}
    terms |= stated_mode(meta.get("compatibility"), (*path, "meta", "compatibility"))
    if node.get("deprecation_date") is not None:
        terms["deprecated"] = deprecation(node["deprecation_date"], meta.get("successor"), (*path, "deprecation_date"))
        keys["deprecated"] = (*path, "deprecation_date")
    owner = meta.get("owner", node.get("group"))
    if isinstance(owner, str):
        terms["owner"] = owner
    primary = node.get("primary_key")
    if isinstance(primary, list) and primary:
        terms["entities"] = sorted(map(str, primary))
    columns = mapping(node.get("columns"), (*path, "columns"))
    return Promises(
        features=tuple(
            _column(mapping(one, (*path, "columns", called)), called, (*path, "columns", called), dialect, tested)
            for called, one in columns.items()
        ),
        names=tuple(_names(node, name, key)),
        version=version,
        terms=terms,
        keys={**keys, "version": (*path, "version"), "name": (*path, "name"), "entities": (*path, "primary_key")},
        path=path,
    )


def _names(node: Mapping[str, Any], name: str, key: str) -> Iterator[str]:
    """What a model goes by: its name alone means the latest version of it."""
    if node.get("version") == node.get("latest_version"):
        yield name
    if node.get("version") is not None:
        yield f"{name}.v{node['version']}"
    yield key


def _meta(node: Mapping[str, Any]) -> Mapping[str, Any]:
    config = node.get("config")
    inner = config.get("meta") if isinstance(config, dict) else None
    outer = node.get("meta")
    return {**(inner if isinstance(inner, dict) else {}), **(outer if isinstance(outer, dict) else {})}


def _column(one: Mapping[str, Any], name: str, path: KeyPath, dialect: str, tested: _Tests) -> PromisedFeature:
    said = one.get("data_type")
    own, keys = stated_terms(_meta(one), (*path, "meta"))
    listed = one.get("constraints")
    kinds = {str(one.get("type")) for one in listed if isinstance(one, dict)} if isinstance(listed, list) else set()
    terms: dict[str, Any] = {
        "dtype": sql_type(said, dialect) if isinstance(said, str) else UNKNOWN,
        "nullable": not kinds & {"not_null", "primary_key"},
        **own,
        **tested.get((str(path[1]), name), {}),
    }
    keys |= {"dtype": (*path, "data_type"), "nullable": (*path, "constraints")}
    return PromisedFeature(name, terms, path, keys, str(said or "no type"))

"""Format `feature-contract`, ours: what every feature promises, as `schemas/feature-contract.schema.json` has it.

A feature that does not say `nullable` is never missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.promises import PromisedFeature, Promises, deprecation, stated_list, stated_mode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.names import KeyPath

SCHEMA = "feature-contract"

_TERMS = ("range", "enum", "freshness", "unit", "sensitivity")
_KEYS = ("name", "dtype", "nullable", *_TERMS, "purposes", "deprecated")


def recognises(value: Any) -> bool:
    """Whether a file says that it is a contract of ours."""
    return isinstance(value, dict) and value.get("kind") == "FeatureContract"


def read(value: Mapping[str, Any]) -> tuple[Promises, ...]:
    """Read a contract."""
    terms: dict[str, Any] = {key: value[key] for key in ("entities", "owner") if key in value}
    terms |= stated_mode(value.get("compatibility"), ("compatibility",))
    terms |= _deprecated(value, ())
    keys: dict[str, KeyPath] = {key: (key,) for key in value}
    features = tuple(_feature(one, ("features", index)) for index, one in enumerate(value["features"]))
    # NOTE: what is not stated of the whole is told at its version, which every contract has.
    return (Promises(features, (value["name"],), value["version"], terms, keys, ("version",)),)


def _feature(one: Mapping[str, Any], path: KeyPath) -> PromisedFeature:
    terms = {"dtype": one["dtype"], "nullable": one.get("nullable", False)}
    terms |= {key: one[key] for key in _TERMS if key in one}
    if "purposes" in one:
        terms["purposes"] = stated_list(one["purposes"])
    terms |= _deprecated(one, path)
    return PromisedFeature(one["name"], terms, path, {key: (*path, key) for key in _KEYS}, one["dtype"])


def _deprecated(one: Mapping[str, Any], path: KeyPath) -> dict[str, Any]:
    said = one.get("deprecated")
    if said is None:
        return {}
    return {"deprecated": deprecation(said["until"], said.get("successor"), (*path, "deprecated", "until"))}

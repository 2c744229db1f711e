"""Format `feast`: feature views, as `feast registry-dump` and `feast feature-views describe` write them.

Source: https://docs.feast.dev. Feast has no words for missing values: whether there are some is not said. `meta` is
noise. The repository's Python is never imported.
"""

from __future__ import annotations

import re
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
    written_age,
)
from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.names import KeyPath

SCHEMA = ""

_TYPES = {
    "BYTES": "binary", "STRING": "string", "INT32": "int32", "INT64": "int64", "DOUBLE": "float64", "FLOAT": "float32",
    "BOOL": "bool", "UNIX_TIMESTAMP": "datetime", "PDF_BYTES": "binary", "IMAGE_BYTES": "binary", "MAP": "json",
    "JSON": "json", "STRUCT": "json", "UUID": "string", "DECIMAL": "decimal",
}  # fmt: skip
_KINDS = ("featureViews", "onDemandFeatureViews", "streamFeatureViews", "labelViews")


def recognises(value: Any) -> bool:
    """Whether a file is a registry, or one view of it."""
    if not isinstance(value, dict) or "kind" in value:
        return False
    spec = value.get("spec")
    return isinstance(value.get("featureViews"), list) or (
        isinstance(spec, dict) and "features" in spec and "name" in spec
    )


def read(value: Any) -> tuple[Promises, ...]:
    """Read every view."""
    if "spec" in value:
        return (_view(value, (), {}),)
    joined = dict(_join_keys(value))
    return tuple(
        _view(one, path, joined) for kind in _KINDS if kind in value for path, one in items(value[kind], (kind,))
    )


def _join_keys(value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The column that each entity is looked up by."""
    listed = value.get("entities")
    for one in listed if isinstance(listed, list) else ():
        spec = one.get("spec") if isinstance(one, dict) else None
        if isinstance(spec, dict) and isinstance(spec.get("name"), str):
            yield spec["name"], str(spec.get("joinKey", spec["name"]))


def _view(one: Mapping[str, Any], path: KeyPath, joined: Mapping[str, str]) -> Promises:
    here = (*path, "spec")
    spec = mapping(one.get("spec"), here)
    tags = spec.get("tags") if isinstance(spec.get("tags"), dict) else {}
    terms, keys = stated_terms(tags, (*here, "tags"))
    whole: dict[str, Any] = {key: terms[key] for key in ("deprecated",) if key in terms}
    whole |= stated_mode((tags or {}).get("compatibility"), (*here, "tags", "compatibility"))
    entities = spec.get("entities")
    named = [one for one in entities if isinstance(one, str) and one != "__dummy"] if isinstance(entities, list) else []
    if named:
        whole["entities"] = sorted(joined.get(one, one) for one in named)
    if isinstance(spec.get("owner"), str):
        whole["owner"] = spec["owner"]
    age = _age(spec, here)
    return Promises(
        features=tuple(_field(field, at, age, here) for at, field in items(spec.get("features"), (*here, "features"))),
        names=(text(spec.get("name"), (*here, "name")),),
        version=whole_version((tags or {}).get("version")),
        terms=whole,
        keys={
            "version": (*here, "tags", "version"),
            **keys,
            "name": (*here, "name"),
            "entities": (*here, "entities"),
            "compatibility": (*here, "tags", "compatibility"),
        },
        path=here,
    )


def _age(spec: Mapping[str, Any], path: KeyPath) -> str:
    """How old a value may be when it is looked up, `ttl`; 0 and none mean that it never grows too old."""
    said = spec.get("ttl")
    if said is None:
        return ""
    match = re.fullmatch(r"([0-9]{1,12})(?:\.[0-9]{1,9})?s", said) if isinstance(said, str) else None
    if match is None:
        raise Unsound("`ttl` is no duration such as 86400s", (*path, "ttl"))
    age = int(match[1])
    return written_age(age) if age else ""


def _field(one: Mapping[str, Any], path: KeyPath, age: str, view: KeyPath) -> PromisedFeature:
    kind = text(one.get("valueType"), (*path, "valueType"))
    own, keys = stated_terms(one.get("tags"), (*path, "tags"))
    listed = kind.endswith(("_LIST", "_SET"))
    terms: dict[str, Any] = {"dtype": "list" if listed else _TYPES.get(kind, UNKNOWN), **own}
    if age and "freshness" not in terms:
        terms["freshness"] = age
        keys["freshness"] = (*view, "ttl")
    keys |= {"dtype": (*path, "valueType"), "name": (*path, "name")}
    return PromisedFeature(text(one.get("name"), (*path, "name")), terms, path, keys, kind)

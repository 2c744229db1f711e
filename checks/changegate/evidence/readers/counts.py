"""Format `counts` of fairness reports, ours: for every group of an attribute its four counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.groups import Group, counts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA = "fairness-counts"


def recognises(value: Any) -> bool:
    """Whether a report lists its `groups`."""
    return isinstance(value, dict) and "groups" in value


def read(value: Mapping[str, Any]) -> tuple[Group, ...]:
    """Read the groups."""
    return tuple(
        Group(one["attribute"], one["group"], **counts_of(one), path=("groups", index, "group"))
        for index, one in enumerate(value["groups"])
    )

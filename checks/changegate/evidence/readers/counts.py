"""Format `counts` of fairness reports, ours: for every group of an attribute its four counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.about import of_report
from changegate.evidence.groups import Grouped, counted, counts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA = "fairness-counts"
VERSION, TIER, CONSTANTS = 1, "own", False


def recognises(value: Any) -> bool:
    """Whether a report lists its `groups`."""
    return isinstance(value, dict) and "groups" in value


def read(value: Mapping[str, Any]) -> Grouped:
    """Read the groups."""
    groups = (
        counted(one["attribute"], one["group"], counts_of(one), ("groups", index, "group"))
        for index, one in enumerate(value["groups"])
    )
    return Grouped(of_report(value), tuple(groups))

"""Format `aequitas` of fairness reports: a crosstab of Aequitas, `xtab.to_dict("records")`.

Source: https://github.com/dssg/aequitas, `aequitas.group.Group.get_crosstabs`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.groups import Group, counts_of
from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA = "fairness-counts"

_ROUNDING = 0.005
"""How far a stated selection rate may lie from the counts: it is often written with two digits."""


def recognises(value: Any) -> bool:
    """Whether a report has the `records` of a crosstab."""
    return isinstance(value, dict) and "records" in value


def read(value: Mapping[str, Any]) -> tuple[Group, ...]:
    """Read the records; everything is computed again from the counts.

    Raises:
        Unsound: What is said beside the counts does not follow from them.
    """
    return tuple(_record(index, one) for index, one in enumerate(value["records"]))


def _record(index: int, one: Mapping[str, Any]) -> Group:
    here = ("records", index)
    group = Group(one["attribute_name"], str(one["attribute_value"]), **counts_of(one), path=(*here, "attribute_value"))
    if one.get("group_size", group.size) != group.size:
        raise Unsound(f"`group_size` is not the sum of the four counts, {group.size}", (*here, "group_size"))
    stated, selected = one.get("pprev"), group.share("selection")
    if stated is not None and (selected is None or abs(stated - selected.rate) > _ROUNDING):
        raise Unsound("`pprev` does not follow from the counts", (*here, "pprev"))
    return group

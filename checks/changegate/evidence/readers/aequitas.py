"""Format `aequitas` of fairness reports: a crosstab of Aequitas, `xtab.to_dict("records")`.

Source: https://github.com/dssg/aequitas, `aequitas.group.Group.get_crosstabs`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from changegate.evidence.groups import Group, counts_of
from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA = "fairness-counts"

_COLUMNS = ("attribute_name", "attribute_value", "tp", "fp", "tn", "fn", "group_size", "pprev")
"""The columns that are read; others are ignored."""

_ROUNDING = 0.005
"""How far a stated selection rate may lie from the counts: it is often written with two digits."""


def recognises(value: Any) -> bool:
    """Whether a report has the `records` of a crosstab."""
    return isinstance(value, dict) and "records" in value


def made_plain(value: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out the columns that are not read; in the others NaN is no value, but for the rate of an empty group.

    pandas has NaN where a rate is undefined, and Python's `json` writes it as it is.

    Raises:
        Unsound: NaN or Infinity stands where a value is needed.
    """
    records = value["records"]
    rows = [_plain(one) for one in records] if isinstance(records, list) else records
    plain = {**value, "records": rows}
    _check_finite(plain, ())
    return plain


def _plain(one: Any) -> Any:
    if not isinstance(one, dict):
        return one
    row = {key: one[key] for key in _COLUMNS if key in one}
    rate, nobody = row.get("pprev"), all(row.get(key) == 0 for key in ("tp", "fp", "tn", "fn"))
    if nobody and isinstance(rate, float) and math.isnan(rate):
        row["pprev"] = None
    return row


def _check_finite(value: Any, path: tuple[str | int, ...]) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        said = "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        raise Unsound(f"`{path[-1]}` is {said}, and a value is needed here", path)
    within = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in within:
        _check_finite(item, (*path, key))


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

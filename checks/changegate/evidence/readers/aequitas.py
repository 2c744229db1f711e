"""Format `aequitas` of fairness reports: a crosstab of Aequitas, `xtab.to_dict("records")` or `xtab.to_csv()`.

Held to files of Aequitas 1.1. Records may stand below what they were made on (our own form), or alone as the tool
writes them: a JSON list, or a table. Every rate is computed again from the counts; `group_size` and `pprev` must
follow from them, and `total_entities` says how many people there are, with those whose attribute is not known. Other
columns are ignored. pandas has NaN, null or an empty cell where a rate is undefined. A crosstab of several thresholds
has a group several times, and is refused.

Source: https://github.com/dssg/aequitas, `aequitas.group.Group.get_crosstabs`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from changegate.evidence.about import About, of_report
from changegate.evidence.figures import count, figure, is_nothing
from changegate.evidence.groups import Group, Grouped, counted
from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from changegate.evidence.metrics import Path

SCHEMA = "fairness-counts"
VERSION, TIER, CONSTANTS = 2, "tool", True

_COUNTS = ("tp", "fp", "tn", "fn")
_COLUMNS = ("attribute_name", "attribute_value", *_COUNTS, "group_size", "pprev", "total_entities")
"""The columns that are read; others are ignored."""

_ROUNDING = 0.005
"""How far a stated selection rate may lie from the counts: it is often written with two digits."""


def recognises(value: Any) -> bool:
    """Whether it is a crosstab: below `records`, a list of such records, or a table with its columns."""
    if isinstance(value, dict):
        columns = value.get("columns") if "rows" in value else ()
        return "records" in value or (isinstance(columns, list) and set(map(str, columns)) >= set(_COLUMNS[:6]))
    first = value[0] if isinstance(value, list) and value else None
    return isinstance(first, dict) and {"attribute_name", "attribute_value"} <= first.keys()


def schema_of(value: Any) -> str:
    """Our own form has a schema; what the tool writes is looked at while it is read."""
    return SCHEMA if isinstance(value, dict) and "records" in value else ""


def made_plain(value: Any) -> Any:
    """Leave out the columns that are not read; in the others NaN is no value, but for the rate of an empty group.

    pandas has NaN where a rate is undefined, and Python's `json` writes it as it is.

    Raises:
        Unsound: NaN or Infinity stands where a value is needed.
    """
    if not isinstance(value, dict):
        return value
    records = value.get("records")
    rows = [_plain(one) for one in records] if isinstance(records, list) else records
    plain = {**value, "records": rows}
    _check_finite(plain, ())
    return plain


def _plain(one: Any) -> Any:
    if not isinstance(one, dict):
        return one
    row = {key: one[key] for key in _COLUMNS if key in one}
    rate, nobody = row.get("pprev"), all(row.get(key) == 0 for key in _COUNTS)
    if nobody and isinstance(rate, float) and math.isnan(rate):
        row["pprev"] = None
    return row


def _check_finite(value: Any, path: Path) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        said = "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        raise Unsound(f"`{path[-1]}` is {said}, and a value is needed here", path)
    within = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in within:
        _check_finite(item, (*path, key))


def read(value: Any) -> Grouped:
    """Read the records; everything is computed again from the counts.

    Raises:
        Unsound: What is said beside the counts does not follow from them, or a count is none.
    """
    if isinstance(value, dict) and "records" in value:
        return _grouped(of_report(value), value["records"], ("records",), text=False)
    if isinstance(value, dict):
        rows = [dict(zip(value["columns"], row, strict=True)) for row in value["rows"]]
        return _grouped(About(), rows, ("rows",), text=True)
    return _grouped(About(), value, (), text=False)


def _grouped(about: About, records: Sequence[Any], root: Path, *, text: bool) -> Grouped:
    groups = tuple(_record(one, (*root, index), text=text) for index, one in enumerate(records))
    if not groups:
        raise Unsound("the crosstab has no record", root)
    totals = {}
    for index, one in enumerate(records):
        if not is_nothing(one.get("total_entities")):
            path = (*root, index, "total_entities")
            totals[str(one["attribute_name"])] = (count(one["total_entities"], path, text=text), path)
    return Grouped(about, groups, totals)


def _record(one: Any, here: Path, *, text: bool) -> Group:
    if not isinstance(one, dict) or any(one.get(key) in (None, "") for key in _COLUMNS[:2]):
        raise Unsound("a record does not name its attribute and group", here)
    counts = {key: count(one.get(key), (*here, key), text=text) for key in _COUNTS}
    group = counted(str(one["attribute_name"]), str(one["attribute_value"]), counts, (*here, "attribute_value"))
    size = one.get("group_size", group.size)
    if count(size, (*here, "group_size"), text=text) != group.size:
        raise Unsound(f"`group_size` is not the sum of the four counts, {group.size}", (*here, "group_size"))
    stated, selected = one.get("pprev"), group.share("selection")
    if is_nothing(stated):
        if selected is not None and "pprev" in one and not text and isinstance(stated, float):
            raise Unsound("`pprev` is NaN, and a value is needed here", (*here, "pprev"))
        return group
    rate = figure(stated, (*here, "pprev"), text=text)
    if selected is None or abs(rate - selected.rate) > _ROUNDING:
        raise Unsound("`pprev` does not follow from the counts", (*here, "pprev"))
    return group

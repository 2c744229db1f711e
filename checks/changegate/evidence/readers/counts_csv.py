"""Format `counts-csv` of fairness reports: a table of groups, a row each, as a database or a spreadsheet writes it.

It is our own, and plain: columns `attribute` and `group`; then the four counts `tp`, `fp`, `tn`, `fn`, or `selected`
and `total`; or `metric` and `value` with `count` (and `std`) for what is no selection: an error of a regression, a
calibration, an exposure, refusals and toxic answers. It says neither what it was made on nor when; the manifest does,
beside its path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.about import About
from changegate.evidence.figures import count, figure, is_nothing
from changegate.evidence.groups import Group, Grouped, Measured, counted
from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.evidence.metrics import Path

SCHEMA = ""
VERSION, TIER, CONSTANTS = 1, "own", False

_NAMES = {"attribute", "group"}
_FORMS = ({"tp", "fp", "tn", "fn"}, {"selected", "total"}, {"metric", "value"})


def recognises(value: Any) -> bool:
    """Whether it is a table with these columns."""
    columns = value.get("columns") if isinstance(value, dict) and "rows" in value else None
    if not isinstance(columns, list):
        return False
    names = {str(one).strip().lower() for one in columns}
    return names >= _NAMES and any(names >= form for form in _FORMS)


def read(value: Mapping[str, Any]) -> Grouped:
    """Read the rows.

    Raises:
        Unsound: A count is none, or more were selected than there are.
    """
    columns = [one.strip().lower() for one in value["columns"]]
    rows: list[tuple[dict[str, Any], Path]] = [
        (dict(zip(columns, row, strict=True)), ("rows", index)) for index, row in enumerate(value["rows"])
    ]
    if not rows:
        raise Unsound("the table has no row")
    for row, path in rows:
        if not row["attribute"].strip() or not row["group"].strip():
            raise Unsound("the row does not name its attribute and group", path)
    if set(columns) >= _FORMS[0]:
        return Grouped(About(), tuple(_counted(row, path) for row, path in rows))
    if set(columns) >= _FORMS[1]:
        return Grouped(About(), tuple(_selected(row, path) for row, path in rows))
    return Grouped(About(), _with_measures(rows))


def _counted(row: Mapping[str, Any], path: Path) -> Group:
    counts = {key: count(row[key], (*path, key), text=True) for key in ("tp", "fp", "tn", "fn")}
    return counted(row["attribute"], row["group"], counts, path)


def _selected(row: Mapping[str, Any], path: Path) -> Group:
    part, whole = (count(row[key], (*path, key), text=True) for key in ("selected", "total"))
    if part > whole:
        raise Unsound(f"{part} were selected of {whole}", path)
    return Group(row["attribute"], row["group"], path, whole, {"selection": (part, whole)})


def _with_measures(rows: list[tuple[dict[str, Any], Path]]) -> tuple[Group, ...]:
    found: dict[tuple[str, str], tuple[Path, list[Measured]]] = {}
    for row, path in rows:
        key = row["attribute"], row["group"]
        measure = Measured(
            row["metric"].strip().lower(),
            figure(row["value"], (*path, "value"), text=True),
            None if is_nothing(row.get("count")) else count(row["count"], (*path, "count"), text=True),
            None if is_nothing(row.get("std")) else figure(row["std"], (*path, "std"), text=True),
            path,
        )
        known = found.setdefault(key, (path, []))[1]
        if any(one.name == measure.name for one in known):
            raise Unsound(f"{measure.name} of the group {key[1]} of {key[0]} stands there twice", path)
        known.append(measure)
    return tuple(
        Group(
            *key,
            path,
            next((one.samples for one in measures if one.samples is not None), None),
            {},
            measures=tuple(measures),
        )
        for key, (path, measures) in found.items()
    )

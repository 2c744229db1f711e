"""Format `fairlearn`: `MetricFrame.by_group` of Fairlearn, as pandas writes it.

The forms are dict, split, tight, index, table and CSV.

Held to files of Fairlearn 0.15. It holds rates, and a number of people where the frame has `count`. Of both the
counts are made again where they come out whole: selected people from the selection rate; positives and negatives from
the three rates together. The facts say so. Where there is no `count`, nothing is known but the rates. A frame in the
form `dict` or `index` does not say of which attribute its groups are: the manifest does, as `attributes` beside the
path. The forms `list`, `records` and `values` leave the groups' names out, and cannot be read. A cell of NaN or null
is an intersection of nobody.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from changegate.evidence.about import About
from changegate.evidence.figures import count, figure, is_nothing, share
from changegate.evidence.groups import Group, Grouped, Measured
from changegate.evidence.metric_table import known_metric, spelled
from changegate.evidence.unsound import Unsound
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from changegate.evidence.metrics import Path

SCHEMA = ""
VERSION, TIER, CONSTANTS = 1, "tool", True

_RATES = {
    "selection_rate": "selection",
    "true_positive_rate": "truePositive",
    "recall_score": "truePositive",
    "true_negative_rate": "trueNegative",
    "false_positive_rate": "falsePositive",
}
_METRICS = frozenset({*_RATES, "count", "false_negative_rate", "mean_prediction"})


class _Frame(NamedTuple):
    """A frame in one form: for each row the group's names and its cells, with where each stands."""

    names: tuple[str, ...]
    """The attributes; empty where the frame does not say."""
    rows: Sequence[tuple[tuple[str, ...], Mapping[str, tuple[Any, Path]], Path]]
    text: bool = False


def recognises(value: Any) -> bool:
    """Whether one of the forms has Fairlearn's metrics."""
    if isinstance(value, list):
        first = value[0] if value else None
        return isinstance(first, dict) and _are_metrics(first) and "attribute_name" not in first
    if not isinstance(value, dict):
        return False
    columns = value.get("columns")
    if isinstance(columns, list) and ("rows" in value or "data" in value):
        return _are_metrics(columns)
    if isinstance(value.get("schema"), dict) and isinstance(value.get("data"), list):
        return bool(value["data"]) and isinstance(value["data"][0], dict) and _are_metrics(value["data"][0])
    first = next(iter(value.values()), None)
    return (
        (isinstance(first, dict) and _are_metrics(value))
        or (isinstance(first, dict) and _are_metrics(first) and "support" not in first)
        or (isinstance(first, list) and _are_metrics(value))
    )


def _are_metrics(names: Any) -> bool:
    said = {str(one) for one in names}
    return bool(said & _METRICS) or ("count" in said and any(known_metric(spelled(one), {}) for one in said))


def read(value: Any) -> Grouped:
    """Read a frame.

    Raises:
        Unsound: It does not name its groups, or a number cannot be.
    """
    frame = _frame(value)
    attribute = ":".join(frame.names)
    groups = [
        group
        for names, cells, path in frame.rows
        if (group := _group(attribute, ":".join(names), cells, path, text=frame.text)) is not None
    ]
    if not groups:
        raise Unsound("the frame has no group")
    return Grouped(About(), tuple(groups))


def _frame(value: Any) -> _Frame:
    if isinstance(value, list):
        return _of_records(value, ())
    if "rows" in value:
        return _of_table(value)
    if isinstance(value.get("columns"), list):
        return _of_split(value)
    if isinstance(value.get("schema"), dict):
        return _of_records(value["data"], ("data",), tuple(map(str, value["schema"].get("primaryKey", ()))))
    return _of_mapping(value)


def _of_table(value: Mapping[str, Any]) -> _Frame:
    """CSV: the attributes are the columns before the first metric."""
    columns = value["columns"]
    first = next(index for index, name in enumerate(columns) if _is_metric(name))
    rows = [
        (
            tuple(row[:first]),
            {name: (row[at], ("rows", index, name)) for at, name in enumerate(columns) if at >= first},
            ("rows", index),
        )
        for index, row in enumerate(value["rows"])
    ]
    if not first:
        raise Unsound("the table does not name its groups: write it with its index")
    return _Frame(tuple(columns[:first]), rows, text=True)


def _is_metric(name: Any) -> bool:
    return str(name) in _METRICS or known_metric(spelled(str(name)), {}) is not None


def _of_split(value: Mapping[str, Any]) -> _Frame:
    columns, index, data = value["columns"], value.get("index"), value.get("data")
    if not isinstance(index, list) or not isinstance(data, list) or len(index) != len(data):
        raise Unsound("`index` does not name a group for each row of `data`", ("index",))
    rows = []
    for at, (key, row) in enumerate(zip(index, data, strict=True)):
        if not isinstance(row, list) or len(row) != len(columns):
            raise Unsound("a row has not as many cells as there are columns", ("data", at))
        cells = {
            str(name): (cell, ("data", at, place)) for place, (name, cell) in enumerate(zip(columns, row, strict=True))
        }
        rows.append((_parts(key), cells, ("index", at)))
    names = value.get("index_names")
    return _Frame(tuple(map(str, names)) if isinstance(names, list) and None not in names else (), rows)


def _of_records(data: list[Any], root: Path, keys: tuple[str, ...] = ()) -> _Frame:
    rows = []
    names = keys
    for index, one in enumerate(data):
        if not isinstance(one, dict):
            raise Unsound("a record is no object", (*root, index))
        names = keys or tuple(name for name in one if not _is_metric(name))
        if not names:
            reason = "the records do not name their groups: write the frame with `reset_index()` first, or as `split`"
            raise Unsound(reason, (*root, index))
        cells = {name: (cell, (*root, index, name)) for name, cell in one.items() if name not in names}
        rows.append((tuple(str(one.get(name)) for name in names), cells, (*root, index)))
    return _Frame(names, rows)


def _of_mapping(value: Mapping[str, Any]) -> _Frame:
    first = next(iter(value.values()))
    if isinstance(first, list):
        raise Unsound("the lists do not name their groups: write the frame as `split`, or with `reset_index()`")
    by_metric = _are_metrics(value)
    cells: dict[str, tuple[dict[str, tuple[Any, Path]], Path]] = {}
    for outer, within in value.items():
        if not isinstance(within, dict):
            raise Unsound("it is no object of metrics or groups", (outer,))
        for inner, cell in within.items():
            group, metric = (inner, outer) if by_metric else (outer, inner)
            cells.setdefault(group, ({}, (outer, inner) if by_metric else (outer,)))[0][metric] = (cell, (outer, inner))
    return _Frame((), [(_parts(group), row, path) for group, (row, path) in cells.items()])


def _parts(key: Any) -> tuple[str, ...]:
    """The names of a group: of an intersection a list, or a tuple as Python writes it."""
    if isinstance(key, list):
        return tuple(map(str, key))
    text = str(key)
    if len(text) < 300 and text.startswith("(") and text.endswith(")"):
        try:
            found = ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return (text,)
        if isinstance(found, tuple):
            return tuple(map(str, found))
    return (text,)


def _group(attribute: str, name: str, cells: Mapping[str, tuple[Any, Path]], path: Path, *, text: bool) -> Group | None:
    known = {key: one for key, one in cells.items() if not is_nothing(one[0])}
    if not known:
        return None
    size = count(*known["count"], text=text) if "count" in known else None
    rates = {rate: share(*known[key], text=text) for key, rate in _RATES.items() if key in known}
    if "false_negative_rate" in known and "truePositive" not in rates:
        rates["truePositive"] = 1 - share(*known["false_negative_rate"], text=text)
    if "trueNegative" in rates and "falsePositive" not in rates:
        rates["falsePositive"] = 1 - rates["trueNegative"]
    counts = _counts(size, rates, known)
    measures = tuple(_measures(known, size, text=text))
    left = {rate: value for rate, value in rates.items() if rate not in counts}
    return Group(attribute, name, path, size, counts, left, recomputed=False, measures=measures)


def _counts(
    size: int | None, rates: Mapping[str, float], known: Mapping[str, tuple[Any, Path]]
) -> dict[str, tuple[int, int]]:
    """So many of so many, where rates and the number of people say it and come out whole."""
    if size is None or "selection_rate" not in known:
        return {}
    if size == 0:
        return {"selection": (0, 0)}
    selected = rates["selection"] * size
    if abs(selected - round(selected)) > size * _rounding(known["selection_rate"][0]):
        reason = f"`selection_rate` is no whole number of people of {size}, however it was rounded"
        raise Unsound(reason, known["selection_rate"][1])
    found = {"selection": (round(selected), size)}
    return found | _by_label(size, round(selected), rates)


def _rounding(rate: Any) -> float:
    """How far a rate may lie from what it was before it was written down, with as many digits as it has."""
    digits = len(str(rate).partition(".")[2])
    return 1e-9 + (0.0 if digits > 14 or "e" in str(rate) else 0.5 * 10.0**-digits)


def _by_label(size: int, selected: int, rates: Mapping[str, float]) -> dict[str, tuple[int, int]]:
    """Positives and negatives, where the rates have a whole answer.

    It follows from `selected = tpr * positives + fpr * (size - positives)`.
    """
    if not {"truePositive", "falsePositive"} <= rates.keys():
        return {}
    hit, alarm = rates["truePositive"], rates["falsePositive"]
    if abs(hit - alarm) < 1e-4:
        return {}
    positives = (selected - alarm * size) / (hit - alarm)
    whole = round(positives)
    tp, fp = round(hit * whole), round(alarm * (size - whole))
    near = abs(positives - whole) < 1e-3 and abs(hit * whole - tp) < 1e-3 and abs(alarm * (size - whole) - fp) < 1e-3
    if not near or not 0 <= whole <= size or tp + fp != selected:
        return {}
    negatives = size - whole
    return {
        "truePositive": (tp, whole),
        "falsePositive": (fp, negatives),
        "trueNegative": (negatives - fp, negatives),
    }


def _measures(known: Mapping[str, tuple[Any, Path]], size: int | None, *, text: bool) -> Iterator[Measured]:
    for name, (cell, path) in known.items():
        if name not in _METRICS and name not in _RATES:
            metric = known_metric(spelled(name), {})
            yield Measured(metric.name if metric else spelled(name), figure(cell, path, text=text), size, None, path)

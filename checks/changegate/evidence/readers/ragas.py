"""Format `ragas`: the rows of a RAGAS result, `result.to_pandas()` written as CSV or as JSON records.

Built from its published source (0.2 to 0.4). A metric is the mean of its column. A row that RAGAS could not judge is
NaN; such rows are not counted, as RAGAS itself does it, and the metric says on how many it stands. It names no
artifact and no time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.about import About
from changegate.evidence.figures import figure, is_nothing
from changegate.evidence.metric_table import known_metric, spelled
from changegate.evidence.metrics import Measures, StatedMetric
from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.evidence.metrics import Path

SCHEMA = ""
VERSION, TIER, CONSTANTS = 1, "format", True

_QUESTIONS = frozenset({"user_input", "question"})
_ANSWERS = frozenset({"response", "answer"})


def recognises(value: Any) -> bool:
    """Whether its rows have a question and an answer."""
    columns = _columns(value)
    return bool(columns & _QUESTIONS) and bool(columns & _ANSWERS)


def _columns(value: Any) -> set[str]:
    if isinstance(value, dict) and isinstance(value.get("columns"), list) and "rows" in value:
        return set(map(str, value["columns"]))
    first = value[0] if isinstance(value, list) and value else None
    return set(map(str, first)) if isinstance(first, dict) else set()


def read(value: Any) -> Measures:
    """Read the rows.

    Raises:
        Unsound: A score is text, or no row has one.
    """
    text = isinstance(value, dict)
    rows = [dict(zip(value["columns"], row, strict=True)) for row in value["rows"]] if text else value
    root: Path = ("rows",) if text else ()
    names = [name for name in (rows[0] if rows else ()) if known_metric(spelled(name), {})]
    metrics = tuple(_metric(name, rows, root, text=text) for name in names)
    if not metrics:
        raise Unsound("no column is a metric of RAGAS", root)
    return Measures(About(samples=len(rows), paths={"samples": root}), metrics)


def _metric(name: str, rows: list[Mapping[str, Any]], root: Path, *, text: bool) -> StatedMetric:
    scores = []
    for index, row in enumerate(rows):
        if not isinstance(row, dict):
            raise Unsound("a row is no object", (*root, index))
        if not is_nothing(row.get(name)):
            scores.append(figure(row[name], (*root, index, name), text=text))
    if not scores:
        raise Unsound(f"no row has a value of `{name}`", (*root, 0))
    return StatedMetric(name, sum(scores) / len(scores), None, "", len(scores), None, (*root, 0))

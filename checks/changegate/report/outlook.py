"""What a release changes for its users and its owner, as rows of text: nothing here is escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate import figures
from changegate.records import NamedTuple
from changegate.report.plan_table import duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from changegate.verdict import Measure


class OutlookRow(NamedTuple):
    """One number, before and after."""

    what: str
    before: str
    after: str
    change: str
    """In words: `worse by 7.6 %`, `+38 %`, `same`."""
    turn: str
    """As `Measure.turn`."""


_ABOUT = "about the same"
MARKS = {"better": "▲", "worse": "▼", "same": "=", "other": "≠", "new": "+", "gone": "✗"}
"""Beside the words, so that a column is read at a glance."""


def outlook(measures: Iterable[Measure]) -> tuple[OutlookRow, ...]:
    """Measures of a release as rows."""
    return tuple(map(_row, measures))


def _row(measure: Measure) -> OutlookRow:
    before = "" if measure.previous is None else _value(measure.previous, measure.unit, measure.previous_interval)
    after = "" if measure.value is None else _value(measure.value, measure.unit, measure.interval)
    if measure.limit is not None and after:
        promised = "the objective allows" if measure.kind == "latency" else "the budget is"
        after += f"; {promised} {_number(measure.limit, measure.unit)}"
    name = f"size of {measure.name}" if measure.kind == "size" else measure.name
    change = _change(measure)
    return OutlookRow(name, before, after, change, "same" if change == _ABOUT else measure.turn)


def _value(value: float, unit: str, bounds: tuple[float, float] | None) -> str:
    interval = "" if bounds is None else f" [{_number(bounds[0], unit)}, {_number(bounds[1], unit)}]"
    return f"{_number(value, unit)}{interval}"


def _number(value: float, unit: str) -> str:
    """As the report has it: a metric that it calls 0.842 is not called otherwise here."""
    if unit == "bytes":
        return figures.size(value)
    if unit == "ms":
        return figures.milliseconds(value)
    return figures.rounded(value) if unit in {"ratio", "money"} else figures.short(value)


def _change(measure: Measure) -> str:
    turn, value, before = measure.turn, measure.value, measure.previous
    if value is None:
        return "no rate" if measure.kind == "group" else "not measured any more"
    if before is None:
        of = "of the budget" if measure.kind == "cost" else "of what is allowed"
        return f"{figures.share(value / measure.limit)} {of}" if measure.limit else "nothing to compare with"
    if turn == "same":
        return "the same"
    if measure.unit == "ratio" and _number(value, measure.unit) == _number(before, measure.unit):
        return _ABOUT
    grown = figures.growth(before, value)
    if measure.kind in {"latency", "size", "cost"} or turn == "other":
        return grown or "other"
    return f"{turn} by {grown.lstrip('+-')}" if grown else turn


def traffic(plan: Mapping[str, Any] | None) -> str:
    """How the traffic moves: `5 % for 30m → 25 % for 30m → 100 %`; empty where there is no plan."""
    if not plan:
        return ""
    steps = [step for step in plan.get("steps") or () if hasattr(step, "get")]
    parts = [*_shadow(plan), *map(_step, steps)]
    return " → ".join(parts) if parts else "100 % at once"


def _shadow(plan: Mapping[str, Any]) -> Iterator[str]:
    shadow: Any = plan.get("shadow")
    if hasattr(shadow, "get"):
        lasting = duration(shadow.get("durationSeconds"))
        yield "mirrored" + (f" for {lasting}" if lasting else "")


def _step(step: Mapping[str, Any]) -> str:
    share = step.get("sharePercent", step.get("weightPercent"))
    told = figures.percent(share) if isinstance(share, (int, float)) and not isinstance(share, bool) else "?"
    lasting = duration(step.get("bakeSeconds"))
    return f"{told} for {lasting}" if lasting else told

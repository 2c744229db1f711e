"""What the HTML page draws: a number before and now with its interval, and the traffic over time."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from changegate import figures
from changegate.escape import page
from changegate.report.outlook import traffic
from changegate.report.plan_table import duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from changegate.report.outlook import OutlookRow
    from changegate.verdict import Measure

_WIDTH, _HEIGHT = 180.0, 34.0


def interval_plot(measure: Measure, row: OutlookRow) -> str:
    """Draw a measure: before in grey above, now below it, each with its interval where one is known.

    Args:
        measure: The numbers.
        row: The same in words, for whoever does not see the drawing.
    """
    drawn = [
        (value, bounds, name)
        for value, bounds, name in (
            (measure.previous, measure.previous_interval, "before"),
            (measure.value, measure.interval, "now"),
        )
        if value is not None
    ]
    values = [at for value, bounds, _ in drawn for at in (value, *(bounds or ()))]
    values += [measure.limit] if measure.limit is not None else []
    if len(drawn) < 1 or len(set(values)) < 2 or not all(map(isfinite, values)):
        return ""
    low, high = min(values), max(values)
    label = f"{row.what}: before {row.before or 'not known'}, now {row.after or 'not measured'}, {row.change}"
    marks = "".join(_mark(value, bounds, name, (low, high)) for value, bounds, name in drawn)
    limit = _limit(measure.limit, (low, high)) if measure.limit is not None else ""
    return (
        f'<svg role="img" aria-label="{page(label)}" width="{_WIDTH:g}" height="{_HEIGHT:g}" '
        f'viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}"><line class="axis" x1="0" x2="{_WIDTH:g}" y1="17" y2="17"/>'
        f"{limit}{marks}</svg>"
    )


def _mark(value: float, bounds: tuple[float, float] | None, name: str, span: tuple[float, float]) -> str:
    at, y = _x(value, span), 9 if name == "before" else 25
    line = ""
    if bounds is not None:
        low, high = (_x(bound, span) for bound in bounds)
        line = f'<line class="{name}" x1="{low:.1f}" x2="{high:.1f}" y1="{y}" y2="{y}" stroke-width="2"/>'
    return f'{line}<circle class="{name}" cx="{at:.1f}" cy="{y}" r="4"/>'


def _limit(value: float, span: tuple[float, float]) -> str:
    at = _x(value, span)
    return f'<line class="limit" x1="{at:.1f}" x2="{at:.1f}" y1="1" y2="{_HEIGHT - 1:g}"/>'


def _x(value: float, span: tuple[float, float]) -> float:
    low, high = span
    # NOTE: halves first: the difference of two large numbers may be none that a float can hold.
    whole = high / 2 - low / 2
    ratio = (value / 2 - low / 2) / whole if whole else 0.5
    return 8 + max(0.0, min(1.0, ratio)) * (_WIDTH - 16)


def timeline(plan: Mapping[str, Any] | None) -> str:
    """Draw how the traffic moves: a block for each step, as wide as its time and as high as its share."""
    steps = [step for step in (plan or {}).get("steps") or () if hasattr(step, "get")]
    if not steps:
        return ""
    blocks = list(_blocks(steps))
    drawn = "".join(_block(*block) for block in blocks)
    return (
        f'<svg role="img" aria-label="Traffic moves: {page(traffic(plan))}" width="640" height="150" '
        f'viewBox="0 0 640 150"><line class="axis" x1="0" x2="640" y1="121" y2="121"/>{drawn}</svg>'
    )


def _blocks(steps: Sequence[Mapping[str, Any]]) -> Iterator[tuple[float, float, float, str, str]]:
    """Left, width, share, and the two labels of each step; a step without a time has a narrow block."""
    times = [max(0, step.get("bakeSeconds") or 0) if _is_number(step.get("bakeSeconds")) else 0 for step in steps]
    room, whole = 640.0 - 70.0 * len(steps), sum(times) or 1
    left, least = 0.0, 70.0 if room > 0 else 640.0 / len(steps)
    for step, time in zip(steps, times, strict=True):
        width = least + max(0.0, room) * time / whole
        share = step.get("sharePercent", step.get("weightPercent"))
        known = float(share) if _is_number(share) else 0.0
        yield left, width, max(0.0, min(100.0, known)), figures.percent(known), duration(time) or "no wait"
        left += width


def _block(left: float, width: float, share: float, weight: str, time: str) -> str:
    height = max(3.0, share)
    middle = left + width / 2
    return (
        f'<rect class="step" x="{left + 1:.1f}" y="{121 - height:.1f}" width="{width - 2:.1f}" height="{height:.1f}"/>'
        f'<text x="{middle:.1f}" y="{121 - height - 5:.1f}" text-anchor="middle">{page(weight)}</text>'
        f'<text x="{middle:.1f}" y="138" text-anchor="middle">{page(time)}</text>'
    )


def _is_number(given: Any) -> bool:
    return isinstance(given, (int, float)) and not isinstance(given, bool) and isfinite(given)

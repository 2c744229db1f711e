"""Evidence for a reviewer: tables of groups and metrics, and a plot of intervals, from the facts of an input document.

Nothing is judged here: what is shown is what the rules saw. Whoever places it in a page escapes the texts of tables
for that page; the plot is escaped already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from changegate.escape import xml
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class GroupRow(NamedTuple):
    """One group of an attribute."""

    group: str
    people: int | None
    """How many; None where the report does not say."""
    rate: tuple[float, float, float] | None
    """The selection rate with its bounds; None where it is undefined."""
    ratio: tuple[float, float, float] | None
    """The rate as a share of the highest of the attribute, with its bounds."""
    previous: float | None
    """That share in the previous release."""


class AttributeTable(NamedTuple):
    """The groups of one attribute of one report."""

    attribute: str
    rows: tuple[GroupRow, ...]


class MetricRow(NamedTuple):
    """One metric before and after."""

    label: str
    before: float | None
    after: float | None
    """None where it is no longer measured."""


def fairness_tables(facts: Mapping[str, Any]) -> tuple[AttributeTable, ...]:
    """A table for each attribute.

    Args:
        facts: `facts.fairness` of an input document.
    """
    before = {(one["attribute"], one["group"]): one["previousRatio"] for one in facts["comparison"]["groups"]}
    rows: dict[str, list[GroupRow]] = {}
    for one in facts["groups"]:
        row = GroupRow(
            one["group"],
            one.get("sampleCount"),
            _bounds(one["rates"]["selection"]),
            _bounds(one.get("relative", {})),
            before.get((one["attribute"], one["group"])),
        )
        rows.setdefault(one["attribute"], []).append(row)
    return tuple(AttributeTable(attribute, tuple(found)) for attribute, found in rows.items())


def metric_rows(facts: Mapping[str, Any]) -> tuple[MetricRow, ...]:
    """Every metric of a release beside what the previous one measured.

    Args:
        facts: `facts.evaluation` of an input document.
    """
    before = {(one["name"], one["slice"]): one["previousValue"] for one in facts["comparison"]["metrics"]}
    now = [
        MetricRow(" of ".join(filter(None, key)), before.get(key), one["value"])
        for one in facts["metrics"]
        for key in [(one["name"], one["slice"])]
    ]
    return (*now, *(MetricRow(label, None, None) for label in facts["comparison"]["dropped"]))


def _bounds(said: Mapping[str, Any]) -> tuple[float, float, float] | None:
    if "valueRatio" not in said:
        return None
    return said["valueRatio"], said["lowerRatio"], said["upperRatio"]


_LEFT, _RIGHT, _ROW = 190, 560, 26


def interval_plot(table: AttributeTable, minimum: float) -> str:
    """An SVG of each group's ratio to the highest rate, its interval, the minimum, and the previous release in grey.

    Args:
        table: The groups of one attribute.
        minimum: The least ratio that is asked for.
    """
    greatest = max([1.0, *(row.ratio[2] for row in table.rows if row.ratio)])
    scale = min(2.0, greatest) * 1.02
    height = _ROW * len(table.rows) + 56
    title = _text(f"Selection rate of each group of {table.attribute} as a share of the highest, with its interval")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 {height}" role="img" font-family="sans-serif" '
        'font-size="12">',
        f'<title>{title}</title><rect width="600" height="{height}" fill="#fff"/>',
        _line(minimum, scale, height, "#b3261e", f"minimum {minimum:g}"),
    ]
    for index, row in enumerate(table.rows):
        parts += _row(row, 30 + _ROW * index, scale)
    return "\n".join([*parts, _axis(scale, height), "</svg>"]) + "\n"


def _text(text: str) -> str:
    """Text that stays text in an SVG."""
    return escape(xml(text))


def _across(value: float, scale: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * min(max(value, 0.0), scale) / scale


def _line(value: float, scale: float, height: int, colour: str, said: str) -> str:
    x = _across(value, scale)
    return (
        f'<path d="M{x:.1f} 16V{height - 28}" stroke="{colour}" stroke-dasharray="5 3"/>'
        f'<text x="{x:.1f}" y="12" text-anchor="middle" fill="{colour}">{_text(said)}</text>'
    )


def _row(row: GroupRow, y: int, scale: float) -> list[str]:
    people = "" if row.people is None else f" (n = {row.people:,})"
    parts = [f'<text x="{_LEFT - 10}" y="{y + 4}" text-anchor="end">{_text(_shortened(row.group) + people)}</text>']
    if row.previous is not None:
        parts.append(f'<circle cx="{_across(row.previous, scale):.1f}" cy="{y + 7}" r="4" fill="#9e9e9e"/>')
    if row.ratio is None:
        return [*parts, f'<text x="{_LEFT + 6}" y="{y + 4}" fill="#9e9e9e">no ratio</text>']
    value, lower, upper = (_across(one, scale) for one in row.ratio)
    parts.append(f'<path d="M{lower:.1f} {y}H{upper:.1f}" stroke="#1b5e9b" stroke-width="2"/>')
    return [*parts, f'<circle cx="{value:.1f}" cy="{y}" r="4" fill="#1b5e9b"/>']


def _shortened(text: str) -> str:
    return text if len(text) <= 16 else text[:15] + "…"


def _axis(scale: float, height: int) -> str:
    ticks = [one for one in (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0) if one <= scale]
    marks = "".join(
        f'<text x="{_across(one, scale):.1f}" y="{height - 8}" text-anchor="middle">{one:g}</text>' for one in ticks
    )
    return f'<path d="M{_LEFT} {height - 24}H{_RIGHT}" stroke="#757575"/>{marks}'

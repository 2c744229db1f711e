"""Evidence: what its reports say, metric by metric, and that a report is another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate import figures
from changegate.diff.entries.entry import at, entry, shown
from changegate.diff.entries.quantities import risen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from changegate.diff.entries.entry import BothReleases, Untold
    from changegate.names import Change, DiffEntry

BLOCKS = ("evaluation", "fairness", "safety")
"""The blocks that name reports."""


def recognise(untold: Untold, sides: BothReleases) -> Iterator[DiffEntry]:
    """Tell what got better and worse, where the facts say it; then which reports are others."""
    comparison = at(sides.facts, "evaluation", "comparison") or {}
    yield from _metrics(comparison)
    yield from _latency(at(sides.facts, "evaluation", "latency") or (), comparison.get("latency", ()))
    for block in BLOCKS:
        yield from _reports(untold, block)


def _metrics(comparison: Mapping[str, Any]) -> Iterator[DiffEntry]:
    for metric in comparison.get("metrics", ()):
        old, new = metric.get("previousValue"), metric.get("value")
        if old is None or new is None or old == new:
            continue
        better = (new > old) == metric.get("higherIsBetter", True)
        values = f"{old:.6g}{_interval(metric, 'previousInterval')} → {new:.6g}{_interval(metric, 'interval')}"
        rule = "metric-better" if better else "metric-worse"
        yield entry(rule, f"{shown(metric.get('label', metric['name']))}: {values}{_growth(old, new)}.")
    for name in comparison.get("dropped", ()):
        yield entry("metric-dropped", f"{shown(name)} is no longer measured.")


def _growth(old: float, new: float) -> str:
    grown = figures.growth(old, new)
    return f" ({grown})" if grown else ""


def _interval(metric: Mapping[str, Any], key: str) -> str:
    """The bounds of a value, as its report states them."""
    low, high = (at(metric.get(key), end) for end in ("lower", "upper"))
    return f" [{low:.4g}, {high:.4g}]" if low is not None and high is not None else ""


def _latency(now: Iterable[Mapping[str, Any]], before: Iterable[Mapping[str, Any]]) -> Iterator[DiffEntry]:
    """Each percentile that both releases measured, and those that are no longer: of several measures the slowest."""
    old, new = (_slowest(measures) for measures in (before, now))
    for percentile in sorted(old):
        label, was, is_now = f"P{percentile:g}", old[percentile], new.get(percentile)
        if is_now is not None and is_now != was:
            rule = "latency-better" if is_now < was else "latency-worse"
            yield entry(rule, f"{label}: {risen('ms', was, is_now)}.")


def _slowest(measures: Iterable[Mapping[str, Any]]) -> dict[float, float]:
    found: dict[float, float] = {}
    for one in measures:
        if "percentile" in one and "valueMs" in one:
            found[one["percentile"]] = max(one["valueMs"], found.get(one["percentile"], 0.0))
    return found


def _reports(untold: Untold, block: str) -> Iterator[DiffEntry]:
    changes = untold.below("spec", block, "evidence")
    untold.tell(changes)
    gone = [change for change in changes if len(change.path) == 4 and change.op == "removed"]
    fewer = len(gone) > sum(len(change.path) == 4 and change.op == "added" for change in changes)
    if fewer:
        text = f"Fewer {block} reports: {', '.join(map(_file, gone))}."
        yield entry(f"{block}-report-removed", text, changes)
    elif changes:
        yield entry(f"{block}-report-replaced", f"{_which(block, changes)}.", changes)
    if block == "fairness":
        yield from _attributes(untold)
    if block == "safety":
        yield from _red_team(untold)


def _which(block: str, changes: list[Change]) -> str:
    names = dict.fromkeys(_file(change) for change in changes)
    noun = "report is another one" if len(names) == 1 else "reports are other ones"
    return f"The {block} {noun}: {', '.join(names)}"


def _file(change: Change) -> str:
    whole = change.after if isinstance(change.after, dict) else change.before
    if len(change.path) == 4 and isinstance(whole, dict):
        return shown(whole.get("path") or whole.get("uri") or change.path[3])
    return shown(str(change.path[3]).rpartition(" ")[2])


def _red_team(untold: Untold) -> Iterator[DiffEntry]:
    changes = untold.below("spec", "safety", "redTeam")
    untold.tell(changes)
    if any(len(change.path) == 3 and change.op == "removed" for change in changes):
        yield entry("safety-report-removed", "No red-team report is named any more.", changes)
    elif changes:
        yield entry("safety-report-replaced", "The red-team report is another one.", changes)


def _attributes(untold: Untold) -> Iterator[DiffEntry]:
    changes = untold.below("spec", "fairness", "protectedAttributes")
    untold.tell(changes)
    for change in changes:
        verb = "is looked at now" if change.op == "added" else "is no longer looked at"
        rule = "protected-attribute-added" if change.op == "added" else "protected-attribute-removed"
        yield entry(rule, f"Protected attribute `{shown(change.after or change.before)}` {verb}.", [change])

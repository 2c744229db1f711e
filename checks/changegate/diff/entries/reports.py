"""Evidence: what its reports say, metric by metric, and that a report is another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate import figures
from changegate.diff.entries.entry import at, entry, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.diff.entries.entry import BothReleases, Untold
    from changegate.names import Change, DiffEntry

BLOCKS = ("evaluation", "fairness", "safety")
"""The blocks that name reports."""


def recognise(untold: Untold, sides: BothReleases) -> Iterator[DiffEntry]:
    """Tell what got better and worse, where the facts say it; then which reports are others."""
    yield from _metrics(at(sides.facts, "evaluation", "comparison") or {})
    for block in BLOCKS:
        yield from _reports(untold, block)


def _metrics(comparison: Mapping[str, Any]) -> Iterator[DiffEntry]:
    for metric in comparison.get("metrics", ()):
        old, new = metric.get("previousValue"), metric.get("value")
        if old is None or new is None or old == new:
            continue
        better = (new > old) == metric.get("higherIsBetter", True)
        values = f"{old:.6g} → {new:.6g}{_growth(old, new)}{_interval(metric)}"
        rule = "metric-better" if better else "metric-worse"
        yield entry(rule, f"{shown(metric.get('label', metric['name']))}: {values}.")
    for name in comparison.get("dropped", ()):
        yield entry("metric-dropped", f"{shown(name)} is no longer measured.")


def _growth(old: float, new: float) -> str:
    grown = figures.growth(old, new)
    return f" ({grown})" if grown else ""


def _interval(metric: Mapping[str, Any]) -> str:
    interval = metric.get("interval")
    low, high = (at(interval, end) for end in ("low", "high"))
    return f", between {low:.4g} and {high:.4g}" if low is not None and high is not None else ""


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

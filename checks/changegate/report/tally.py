"""Many releases at a glance: how often each rule was found and where, and which releases are the worst."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.records import NamedTuple
from changegate.report import view

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from changegate.report.view import FindingGroup
    from changegate.verdict import Finding, Verdict

MANY = 5
"""From more releases on, a tally stands before them."""


class RuleTally(NamedTuple):
    """How often a rule was found."""

    level: str
    rule: str
    findings: int
    subjects: int
    """In how many releases, or files that hold none."""


def is_many(verdict: Verdict) -> bool:
    """Whether there are so many releases that nobody reads one after the other."""
    return len(view.groups(verdict)) > MANY


def by_rule(groups: Iterable[FindingGroup]) -> tuple[RuleTally, ...]:
    """Count findings by rule and level, the most pressing and most frequent first."""
    found: dict[tuple[str, str], list[int]] = {}
    for number, group in enumerate(groups):
        for finding in view.shown(group.findings):
            found.setdefault((view.level(finding), finding.rule), []).append(number)
    rows = (RuleTally(level, rule, len(seen), len(set(seen))) for (level, rule), seen in found.items())
    return tuple(sorted(rows, key=lambda row: (view.LEVELS.index(row.level), -row.findings, row.rule)))


def worst_first(groups: Iterable[FindingGroup]) -> tuple[FindingGroup, ...]:
    """Order groups by what presses most, and how often; else as they were."""
    return tuple(sorted(groups, key=lambda group: _badness(view.shown(group.findings))))


def _badness(findings: Sequence[Finding]) -> tuple[int, ...]:
    levels = [view.level(finding) for finding in findings]
    return tuple(-levels.count(name) for name in view.LEVELS)

"""Which findings have one cause, so that reports say it once.

Several rules could not tell for one reason; many blocks are missing from one place; one rule does not hold at several
places. Everything else is a cause by itself.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from changegate.names import Effect, Status
from changegate.records import NamedTuple
from changegate.report import view

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from changegate.verdict import Finding

MANY_AT_ONE_PLACE = 3
"""From so many rules on, what is wrong at one place is said together: the place itself is what is unfinished."""


class Cause(NamedTuple):
    """Findings that are read as one."""

    kind: str
    """unknown (one reason), place (several rules at one place) or rule (one rule, at one place or several)."""
    findings: tuple[Finding, ...]
    """At least one, in their order."""

    @property
    def first(self) -> Finding:
        """The one that stands for all."""
        return self.findings[0]

    @property
    def rules(self) -> tuple[str, ...]:
        """Their rules, each once, in their order."""
        return tuple(dict.fromkeys(finding.rule for finding in self.findings))

    @property
    def subjects(self) -> tuple[str, ...]:
        """What they are about, each once, in their order."""
        return tuple(dict.fromkeys(finding.subject.label for finding in self.findings))

    @property
    def remedies(self) -> tuple[str, ...]:
        """What they ask for, each once, in their order."""
        asked = (finding.remediation for finding in self.findings if finding.remediation and view.asks(finding))
        return tuple(dict.fromkeys(asked))

    @property
    def level(self) -> str:
        """The most pressing of their levels."""
        return min(map(view.level, self.findings), key=view.LEVELS.index)


def causes(findings: Iterable[Finding], *, across: bool = False) -> tuple[Cause, ...]:
    """Sort findings by their causes, in the order in which each cause is met first.

    Args:
        findings: Of one release, or of several.
        across: Whether what one rule says of several releases is one cause.
    """
    listed = tuple(findings)
    crowded = _crowded(listed)
    together: dict[tuple[Any, ...], list[Finding]] = {}
    for finding in listed:
        together.setdefault(_key(finding, crowded, across=across), []).append(finding)
    return tuple(Cause(str(key[0]), tuple(found)) for key, found in together.items())


def _key(finding: Finding, crowded: frozenset[Any], *, across: bool) -> tuple[Any, ...]:
    if finding.status is Status.UNKNOWN:
        return "unknown", finding.message
    if _spot(finding) in crowded and _is_open(finding):
        return "place", _spot(finding)
    about = None if across else finding.subject
    return "rule", finding.rule, finding.effect, finding.note, finding.awaits_approval, about


def _crowded(findings: Sequence[Finding]) -> frozenset[Any]:
    """The places at which many rules do not hold."""
    rules: dict[Any, set[str]] = defaultdict(set)
    for finding in findings:
        if _is_open(finding) and finding.location.line is not None:
            rules[_spot(finding)].add(finding.rule)
    return frozenset(spot for spot, found in rules.items() if len(found) >= MANY_AT_ONE_PLACE)


def _is_open(finding: Finding) -> bool:
    """Whether somebody who writes has to mend it."""
    asked = finding.effect in {Effect.BLOCKS, Effect.ADVISES} and not finding.awaits_approval
    return asked and finding.status is Status.FAILED


def _spot(finding: Finding) -> tuple[Any, ...]:
    place = finding.location
    return finding.subject, place.file, place.revision, place.line, place.column

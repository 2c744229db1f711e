"""A verdict as test cases, for the reports of test dashboards: a case for each rule, and red once for each cause.

What several rules could not tell for one reason, and what is unfinished at one place, is one cause: the first of its
rules fails with the words of all, and the others are skipped and name it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.escape import path as quoted
from changegate.escape import shorten
from changegate.names import Effect, Status
from changegate.records import NamedTuple
from changegate.report import view
from changegate.report.causes import causes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from changegate.verdict import Failure, Finding, Outcome, Settled, Subject, SubjectVerdict, Verdict

LONGEST = 4_000
"""Characters of one text: GitLab reads 30 MB a file."""


class TestPoint(NamedTuple):
    """One test case. Nothing in it is escaped."""

    rule: str
    whole: str
    """The subject's whole and stable name."""
    kind: str
    """passed, failure, error, warning (passed, with words) or skipped."""
    message: str = ""
    """In one line; empty where it passed."""
    text: tuple[str, ...] = ()
    """Paragraphs of lines: place, message, remedy, what else to look at."""
    type: str = ""
    """Of a failure or an error: awaiting-approval, failure, unknown, not-evaluated, or an error's kind."""
    finding: Finding | None = None
    """The first that it is about, for its place."""


class Suite(NamedTuple):
    """The cases of one subject."""

    name: str
    cases: tuple[TestPoint, ...]
    file: str = ""
    """As git quotes it; empty where there is none."""


def suites(verdict: Verdict) -> tuple[Suite, ...]:
    """Sort a verdict into suites: one for each subject, and one for what kept the gate from deciding."""
    stand_ins = _stand_ins(verdict)
    found = [_suite(item, stand_ins) for item in verdict.subjects]
    if verdict.failures:
        found.append(Suite("undecided", tuple(map(_undecided, verdict.failures))))
    return tuple(found)


def _stand_ins(verdict: Verdict) -> dict[int, tuple[Finding, Sequence[Finding]]]:
    """Finding, by its identity in memory -> the one that fails for its cause, and all that this one speaks for."""
    red = [one for item in verdict.subjects for one in view.evaluated(item) if one.effect is Effect.BLOCKS]
    several = (cause for cause in causes(red, across=False) if len(cause.rules) > 1)
    return {id(one): (cause.first, cause.findings) for cause in several for one in cause.findings}


def _suite(item: SubjectVerdict, stand_ins: dict[int, tuple[Finding, Sequence[Finding]]]) -> Suite:
    whole = whole_name(item.subject)
    found: dict[str, list[Finding]] = {}
    for finding in view.evaluated(item):
        found.setdefault(finding.rule, []).append(finding)
    made = [_missed(item, whole)] if item.not_evaluated else []
    made += [_case(settled, item, whole, found.pop(settled.rule, []), stand_ins) for settled in item.settled]
    made += [_extra(rule, whole, findings) for rule, findings in found.items()]
    return Suite(whole, tuple(made), quoted(item.subject.file))


def whole_name(subject: Subject) -> str:
    """A subject's whole and stable name; the file only where a broken manifest has no other."""
    if subject.identity is not None:
        return "/".join(subject.identity)
    return quoted(subject.file) if subject.file else "change set"


def _case(
    settled: Settled,
    item: SubjectVerdict,
    whole: str,
    findings: list[Finding],
    stand_ins: dict[int, tuple[Finding, Sequence[Finding]]],
) -> TestPoint:
    outcome = settled.outcome
    if outcome.status is Status.PASSED:
        return TestPoint(settled.rule, whole, "passed")
    if outcome.status is Status.NOT_APPLICABLE:
        return TestPoint(settled.rule, whole, "skipped", f"not applicable: {outcome.reason}")
    if item.not_evaluated and outcome.status is Status.UNKNOWN:
        return TestPoint(settled.rule, whole, "skipped", f"not evaluated: {item.not_evaluated}")
    spoken = _spoken_for(findings, stand_ins)
    if spoken is not None:
        said = f"the same cause as {spoken.rule} [{whole_name(spoken.subject)}], which says what to do"
        return TestPoint(settled.rule, whole, "skipped", said, finding=findings[0])
    return _settled(settled, whole, _with_others(findings, stand_ins), findings)


def _spoken_for(findings: Sequence[Finding], stand_ins: dict[int, tuple[Finding, Sequence[Finding]]]) -> Finding | None:
    """The finding that fails for all of these; None where one of them fails for itself."""
    firsts = [stand_ins.get(id(one), (one, ()))[0] for one in findings]
    is_own = not firsts or any(first is one for first, one in zip(firsts, findings, strict=True))
    return None if is_own else firsts[0]


def _with_others(
    findings: Sequence[Finding], stand_ins: dict[int, tuple[Finding, Sequence[Finding]]]
) -> tuple[Finding, ...]:
    """These, and those that they speak for."""
    others = (other for one in findings for other in stand_ins.get(id(one), (one, ()))[1])
    return tuple({id(one): one for one in (*findings, *others)}.values())


def _settled(settled: Settled, whole: str, told: Sequence[Finding], findings: Sequence[Finding]) -> TestPoint:
    """A rule that failed or could not tell, by what follows from it."""
    first = findings[0] if findings else None
    reason = _reason(settled.outcome)
    text = tuple(map(paragraph, told)) or (reason,)
    message = (first.message if first is not None else "") or reason
    if len(told) > len(findings):
        message = f"{message} (and {len(told) - len(findings)} more of the same cause)"
    unknown = settled.outcome.status is Status.UNKNOWN
    if settled.effect is Effect.BLOCKS and unknown:
        return TestPoint(settled.rule, whole, "error", message, text, "unknown", first)
    if settled.effect is Effect.BLOCKS:
        kind = "awaiting-approval" if settled.awaits_approval else _kind(findings)
        return TestPoint(settled.rule, whole, "failure", message, text, kind, first)
    if settled.effect is Effect.ADVISES and not unknown:
        return TestPoint(settled.rule, whole, "warning", message, text, finding=first)
    word = "unknown" if settled.effect is Effect.ADVISES else settled.effect.value
    return TestPoint(settled.rule, whole, "skipped", f"{word}: {settled.note or message}", text, finding=first)


def _kind(findings: Sequence[Finding]) -> str:
    waits = findings and all(finding.awaits_approval for finding in findings)
    return "awaiting-approval" if waits else "failure"


def _reason(outcome: Outcome) -> str:
    return shorten(outcome.reason, LONGEST) or f"the rule {outcome.status.value}"


def _extra(rule: str, whole: str, findings: Sequence[Finding]) -> TestPoint:
    """A finding whose rule is not among the subject's outcomes is shown all the same."""
    blocking = any(finding.effect is Effect.BLOCKS for finding in findings)
    kind, text = "failure" if blocking else "warning", tuple(map(paragraph, findings))
    return TestPoint(rule, whole, kind, findings[0].message, text, _kind(findings) if blocking else "", findings[0])


def _missed(item: SubjectVerdict, whole: str) -> TestPoint:
    """One red case for a manifest whose rules could not be asked, instead of one for each rule."""
    text = view.not_evaluated(item)
    return TestPoint("changegate/rules-evaluated", whole, "error", text, (text,), "not-evaluated")


def _undecided(failure: Failure) -> TestPoint:
    parts = (failure.place, shorten(failure.message, LONGEST), failure.hint and f"try: {failure.hint}")
    text = "\n".join(part for part in parts if part)
    return TestPoint(f"changegate/{failure.kind}", "undecided", "error", failure.message, (text,), failure.kind)


def paragraph(finding: Finding) -> str:
    """What a finding says: its place, its message, what to do, what else to look at."""
    return "\n".join(filter(None, _lines(finding)))


def _lines(finding: Finding) -> Iterator[str]:
    yield view.place(finding.location)
    yield _one_line(shorten(finding.message or finding.title, LONGEST))
    if finding.remediation and view.asks(finding):
        remedy = shorten(finding.remediation, LONGEST)
        yield f"fix: {remedy if view.own_lines(finding) else _one_line(remedy)}"
    yield from (f"see also {place}: {_one_line(said)}" for place, said in view.related(finding))
    yield f"note: {_one_line(shorten(finding.note, LONGEST))}" if finding.note else ""


def _one_line(text: str) -> str:
    """A text in which no line of somebody else's begins."""
    return text.replace("\r", "\\r").replace("\n", "\\n")


class UniqueNames:
    """Gives everything a name of its own; the first of equal names keeps it as it is."""

    def __init__(self) -> None:
        """Begin without any."""
        self._taken: set[str] = set()

    def unique(self, name: str) -> str:
        """Number a name that is already taken."""
        number, candidate = 1, name
        while candidate in self._taken:
            number += 1
            candidate = f"{name} #{number}"
        self._taken.add(candidate)
        return candidate

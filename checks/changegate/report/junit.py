"""The report for test dashboards: JUnit XML with a suite for each subject and a case for each rule.

It follows the schema of Jenkins' xunit plugin, the strictest reader. That schema knows no `file` or `line` on a test
case, so the place stands in the failure's text (which is also what GitLab shows); `Options.case_files` adds `file`
for GitLab, which links it. GitLab drops cases of equal names: a name holds the rule and the model's whole identity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.escape import path as quoted
from changegate.escape import shorten, xml
from changegate.names import Effect, Status
from changegate.report import view
from changegate.report.suites import document

if TYPE_CHECKING:
    from collections.abc import Iterable

    from changegate.report.reporter import ReportOptions
    from changegate.verdict import Failure, Finding, Outcome, Settled, Subject, SubjectVerdict, Verdict

_LONGEST = 4_000
"""Characters of one text: GitLab reads 30 MB a file."""


def render(verdict: Verdict, options: ReportOptions) -> str:
    """Render the verdict as JUnit XML: red is what keeps the gate from opening."""
    names = _Names()
    suites = [_suite(item, names, options) for item in verdict.subjects]
    if verdict.failures:
        suites.append(_undecided(verdict.failures, names))
    return document("changegate", suites)


class _Names:
    """Gives every suite and case a name of its own; the first of equal names keeps it as it is."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def unique(self, name: str) -> str:
        """Number a name that is already taken."""
        number, candidate = 1, name
        while candidate in self._taken:
            number += 1
            candidate = f"{name} #{number}"
        self._taken.add(candidate)
        return candidate


def _suite(item: SubjectVerdict, names: _Names, options: ReportOptions) -> Any:
    from junit_xml import TestSuite

    whole = _identity(item.subject)
    found: dict[str, list[Finding]] = {}
    for finding in view.evaluated(item):
        found.setdefault(finding.rule, []).append(finding)
    cases = [_missed(item, whole, names)] if item.not_evaluated else []
    cases += [_case(settled, item, found.pop(settled.rule, []), names) for settled in item.settled]
    cases += [_extra(rule, whole, findings, names) for rule, findings in found.items()]
    file = quoted(item.subject.file) or None
    for case in cases:
        case.file = case.file if options.case_files else None
    return TestSuite(names.unique(f"changegate: {whole}"), cases, file=file)


def _identity(subject: Subject) -> str:
    """A subject's whole and stable name; the file only where a broken manifest has no other."""
    if subject.identity is not None:
        return xml("/".join(subject.identity))
    return quoted(subject.file) if subject.file else "change set"


def _new(rule: str, whole: str, findings: Iterable[Finding], names: _Names) -> Any:
    from junit_xml import TestCase

    rule = xml(rule)
    check = rule.rpartition("/")[0] or rule
    file = next((quoted(finding.location.file) for finding in findings if finding.location.file), None)
    return TestCase(names.unique(f"{rule} [{whole}]"), f"changegate.{check}", file=file)


def _case(settled: Settled, item: SubjectVerdict, findings: list[Finding], names: _Names) -> Any:
    case = _new(settled.rule, _identity(item.subject), findings, names)
    outcome = settled.outcome
    if outcome.status is Status.NOT_APPLICABLE:
        case.add_skipped_info(_short(f"not applicable: {outcome.reason}"))
    elif item.not_evaluated and outcome.status is Status.UNKNOWN:
        case.add_skipped_info(_short(f"not evaluated: {item.not_evaluated}"))
    elif outcome.status is not Status.PASSED:
        _settled(case, settled, findings)
    return case


def _settled(case: Any, settled: Settled, findings: list[Finding]) -> None:
    """Show a rule that failed or could not tell by what follows from it."""
    text = _text(findings) or _reason(settled.outcome)
    message = _short(findings[0].message if findings else _reason(settled.outcome))
    unknown = settled.outcome.status is Status.UNKNOWN
    if settled.effect is Effect.BLOCKS and unknown:
        case.add_error_info(message, text, "unknown")
    elif settled.effect is Effect.BLOCKS:
        case.add_failure_info(message, text, "awaiting-approval" if settled.awaits_approval else _kind(findings))
    elif settled.effect is Effect.ADVISES and not unknown:
        case.stdout = f"warning: {text}"
    else:
        word = "unknown" if settled.effect is Effect.ADVISES else settled.effect.value
        case.add_skipped_info(_short(f"{word}: {settled.note or message}"), text)


def _kind(findings: list[Finding]) -> str:
    waits = findings and all(finding.awaits_approval for finding in findings)
    return "awaiting-approval" if waits else "failure"


def _reason(outcome: Outcome) -> str:
    return xml(shorten(outcome.reason, _LONGEST)) or f"the rule {outcome.status.value}"


def _extra(rule: str, whole: str, findings: list[Finding], names: _Names) -> Any:
    """A finding whose rule is not among the subject's outcomes is shown all the same."""
    case = _new(rule, whole, findings, names)
    blocking = any(finding.effect is Effect.BLOCKS for finding in findings)
    if blocking:
        case.add_failure_info(_short(findings[0].message), _text(findings), _kind(findings))
    else:
        case.stdout = _text(findings)
    return case


def _missed(item: SubjectVerdict, whole: str, names: _Names) -> Any:
    """One red case for a manifest whose rules could not be asked, instead of one for each rule."""
    case = _new("changegate/rules-evaluated", whole, (), names)
    text = xml(shorten(view.not_evaluated(item), _LONGEST))
    case.add_error_info(text, text, "not-evaluated")
    return case


def _undecided(failures: tuple[Failure, ...], names: _Names) -> Any:
    from junit_xml import TestSuite

    cases = []
    for failure in failures:
        case = _new(f"changegate/{failure.kind}", "undecided", (), names)
        parts = (failure.place, failure.message, failure.hint and f"try: {failure.hint}")
        text = "\n".join(xml(shorten(part, _LONGEST)) for part in parts if part)
        case.add_error_info(_short(failure.message), text, xml(failure.kind))
        cases.append(case)
    return TestSuite(names.unique("changegate: undecided"), cases)


def _text(findings: Iterable[Finding]) -> str:
    return "\n\n".join(_one(finding) for finding in findings)


def _one(finding: Finding) -> str:
    lines = [view.place(finding.location), xml(shorten(finding.message or finding.title, _LONGEST))]
    if finding.remediation and view.asks(finding):
        lines.append(f"fix: {xml(shorten(finding.remediation, _LONGEST), lines=view.own_lines(finding))}")
    lines += [f"see also {place}: {xml(said)}" for place, said in view.related(finding)]
    if finding.note:
        lines.append(f"note: {xml(shorten(finding.note, _LONGEST))}")
    return "\n".join(line for line in lines if line)


def _short(text: str) -> str:
    return xml(shorten(text, 500)) or "no message"

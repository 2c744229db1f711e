"""The report for test dashboards: JUnit XML with a suite for each subject and a case for each rule.

It follows the schema of Jenkins' xunit plugin, the strictest reader. That schema knows no `file` or `line` on a test
case, so the place stands in the failure's text (which is also what GitLab shows); `ReportOptions.case_files` adds it
for GitLab, which links it. GitLab drops cases of equal names: a name holds the rule and the model's whole identity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.escape import path as quoted
from changegate.escape import shorten, xml
from changegate.report.cases import UniqueNames, suites
from changegate.report.suites import document

if TYPE_CHECKING:
    from changegate.report.cases import Suite, TestPoint
    from changegate.report.reporter import ReportOptions
    from changegate.verdict import Verdict


def render(verdict: Verdict, options: ReportOptions) -> str:
    """Render the verdict as JUnit XML: red is what keeps the gate from opening, once for each cause."""
    names = UniqueNames()
    return document("changegate", [_suite(suite, names, options) for suite in suites(verdict)])


def _suite(suite: Suite, names: UniqueNames, options: ReportOptions) -> Any:
    from junit_xml import TestSuite

    cases = [_case(case, names, options) for case in suite.cases]
    return TestSuite(names.unique(f"changegate: {xml(suite.name)}"), cases, file=suite.file or None)


def _case(case: TestPoint, names: UniqueNames, options: ReportOptions) -> Any:
    from junit_xml import TestCase

    rule = xml(case.rule)
    check = rule.rpartition("/")[0] or rule
    named = case.finding.location.file if case.finding is not None and options.case_files else ""
    made = TestCase(names.unique(f"{rule} [{xml(case.whole)}]"), f"changegate.{check}", file=quoted(named) or None)
    text = "\n\n".join(xml(part, lines=True) for part in case.text)
    message = xml(shorten(case.message, 500)) or "no message"
    if case.kind == "failure":
        made.add_failure_info(message, text, case.type)
    elif case.kind == "error":
        made.add_error_info(message, text, xml(case.type))
    elif case.kind == "skipped":
        made.add_skipped_info(message, text or None)
    elif case.kind == "warning":
        made.stdout = f"warning: {text}"
    return made

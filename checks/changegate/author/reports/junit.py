"""The report on tests for dashboards: a suite for each package, a case for each test.

Times are left out, so that the same run has the same bytes.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from changegate.escape import path, xml
from changegate.report.suites import document

if TYPE_CHECKING:
    from junit_xml import TestCase

    from changegate.author.cases import Result, RunReport


def render(report: RunReport, *, verbose: bool) -> str:
    """Render the run as JUnit XML."""
    from junit_xml import TestSuite

    del verbose
    ordered = sorted(report.results, key=lambda one: one.case.package)
    packages = groupby(ordered, key=lambda one: one.case.package)
    return document("changegate policy test", [TestSuite(xml(name), [*map(_case, found)]) for name, found in packages])


def _case(result: Result) -> TestCase:
    from junit_xml import TestCase

    test, message = result.case, xml(result.message) or "no message"
    prints = "\n".join(map(xml, result.prints))
    case = TestCase(xml(test.name), xml(test.package), stdout=prints, file=path(test.file), line=test.line)
    text = "\n".join([f"{path(result.file)}:{result.line}", *map(xml, result.details)])
    if result.status == "failed":
        case.add_failure_info(message, text, result.status)
    elif result.status == "error":
        case.add_error_info(message, text, result.status)
    elif result.status == "skipped":
        case.add_skipped_info(message)
    return case

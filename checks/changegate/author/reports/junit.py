"""The report on tests for dashboards: a suite for each package, a case for each test.

Times are left out, so that the same run has the same bytes.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import groupby
from typing import TYPE_CHECKING

from changegate.escape import path, xml

if TYPE_CHECKING:
    from changegate.author.cases import Result, RunReport


def render(report: RunReport, *, verbose: bool) -> str:
    """Render the run as JUnit XML."""
    del verbose
    root = ET.Element("testsuites", _counts("changegate policy test", report.results))
    ordered = sorted(report.results, key=lambda one: one.case.package)
    for package, found in groupby(ordered, key=lambda one: one.case.package):
        results = tuple(found)
        suite = ET.SubElement(root, "testsuite", _counts(xml(package), results))
        for result in results:
            _case(suite, result)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _counts(name: str, results: tuple[Result, ...]) -> dict[str, str]:
    counted = {"failures": "failed", "errors": "error", "skipped": "skipped"}
    numbers = {key: str(sum(one.status == status for one in results)) for key, status in counted.items()}
    return {"name": name, "tests": str(len(results)), **numbers}


def _case(suite: ET.Element, result: Result) -> None:
    case = result.case
    about = {"name": xml(case.name), "classname": xml(case.package), "file": path(case.file), "line": str(case.line)}
    element = ET.SubElement(suite, "testcase", about)
    tag = {"failed": "failure", "error": "error", "skipped": "skipped"}.get(result.status)
    if tag is not None:
        inner = ET.SubElement(element, tag, {"message": xml(result.message)})
        if tag != "skipped":
            inner.set("type", result.status)
            inner.text = "\n".join([f"{path(result.file)}:{result.line}", *map(xml, result.details)])
    if result.prints:
        ET.SubElement(element, "system-out").text = "\n".join(map(xml, result.prints))

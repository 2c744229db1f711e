"""The report in the Test Anything Protocol, version 14, for whatever reads that: a test point for each rule.

What advises is a `TODO`, which fails nothing; what is waived, off or not applicable is a `SKIP`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from changegate.escape import inert, json_text, shorten, terminal
from changegate.report import view
from changegate.report.cases import UniqueNames, suites

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.report.cases import TestPoint
    from changegate.report.reporter import ReportOptions
    from changegate.verdict import Verdict


def render(verdict: Verdict, options: ReportOptions) -> str:
    """Render the verdict as test points; without any, the plan says why."""
    del options
    cases = [case for suite in suites(verdict) for case in suite.cases]
    lines = ["TAP version 14", f"1..{len(cases)}" if cases else f"1..0 # SKIP {_escaped(view.headline(verdict))}"]
    names = UniqueNames()
    for number, case in enumerate(cases, 1):
        lines += _point(number, case, names)
    lines.append(f"# {terminal(view.headline(verdict))}")
    return "\n".join(map(inert, lines)) + "\n"


def _point(number: int, case: TestPoint, names: UniqueNames) -> Iterator[str]:
    fails = case.kind in {"failure", "error", "warning"}
    name = _escaped(names.unique(f"{case.rule} [{case.whole}]"))
    yield f"{'not ok' if fails else 'ok'} {number} - {name}{_directive(case)}"
    if fails:
        yield "  ---"
        yield from (f"  {key}: {value}" for key, value in _diagnosis(case))
        yield "  ..."


def _directive(case: TestPoint) -> str:
    if case.kind == "skipped":
        return f" # SKIP {_escaped(shorten(case.message, 500))}"
    return f" # TODO {_escaped(shorten(case.message, 500))}" if case.kind == "warning" else ""


def _diagnosis(case: TestPoint) -> Iterator[tuple[str, str]]:
    """A YAML block of quoted texts, which are JSON's too: nothing in it can be read otherwise."""
    yield "message", _text(case.message)
    yield "severity", _text(case.type or case.kind)
    if case.finding is not None and case.finding.location.file:
        yield "at", _text(view.place(case.finding.location))
    yield "text", _text("\n\n".join(case.text))


def _text(given: str) -> str:
    return json_text(json.dumps(terminal(given, lines=True), ensure_ascii=True))


def _escaped(text: str) -> str:
    """A description: `#` would begin a directive."""
    return terminal(text).replace("\\", "\\\\").replace("#", "\\#")

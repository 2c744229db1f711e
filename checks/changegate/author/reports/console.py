"""The report on tests for people: what failed, where, and with which values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.author.cases import Covered, Result, RunReport, percent
from changegate.escape import inert, path, terminal

if TYPE_CHECKING:
    from collections.abc import Iterator


def render(report: RunReport, *, verbose: bool) -> str:
    """Render the run.

    Args:
        report: What the tests came to.
        verbose: Show those that passed too, and what they print.
    """
    lines = [line for result in report.results for line in _result(result, verbose=verbose)]
    if lines:
        lines.append("")
    if report.coverage is not None:
        lines += [*_coverage(report.coverage), ""]
    lines += [f"note: {terminal(note)}" for note in report.notes]
    lines.append(_summary(report))
    return "\n".join(map(inert, lines)) + "\n"


_WORDS = {"passed": "pass", "failed": "FAIL", "error": "ERROR", "skipped": "skip"}


def _result(result: Result, *, verbose: bool) -> Iterator[str]:
    wrong = result.status in {"failed", "error"}
    if not wrong and not verbose:
        return
    case = result.case
    yield f"{_WORDS[result.status]:5} {terminal(case.reference)}  {path(case.file)}:{case.line}"
    if wrong:
        yield f"      {path(result.file)}:{result.line}: {terminal(result.message)}"
        yield from (f"        {terminal(line)}" for line in result.details)
    yield from (f"      printed at {terminal(line)}" for line in result.prints)


def _coverage(coverage: tuple[Covered, ...]) -> Iterator[str]:
    width = max((len(path(one.file)) for one in coverage), default=0)
    yield "Coverage"
    for one in coverage:
        missed = f"  not covered: {ranges(one.not_covered)}" if one.not_covered else ""
        yield f"  {path(one.file):{width}}  {one.percent:6.2f}%{missed}"


def ranges(lines: tuple[int, ...]) -> str:
    """Write line numbers: `3-5, 9`."""
    spans: list[list[int]] = []
    for line in lines:
        if spans and line == spans[-1][1] + 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def _summary(report: RunReport) -> str:
    total = len(report.results)
    parts = [f"{report.count(status)} {word}" for status, word in _COUNTED.items() if report.count(status)]
    text = f"{total} test{'' if total == 1 else 's'} on {report.engine}: {', '.join(parts)}"
    if report.coverage is not None:
        text += f"; {percent(report.coverage):g}% of the lines covered"
    if report.is_below:
        text += f", {report.threshold:g}% are asked for"
    return text


_COUNTED = {"passed": "passed", "failed": "failed", "error": "could not be evaluated", "skipped": "skipped"}

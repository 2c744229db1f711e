"""Logging commands for Azure Pipelines: an issue on its line for each finding that asks for something.

The exit code of `changegate check` fails the step; these lines say why on the run's page. Text of others stands only in
escaped values, and no command comes of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.escape import azure_data, azure_property, shorten, terminal
from changegate.escape import path as quoted
from changegate.names import Effect
from changegate.report import view
from changegate.report.causes import causes

if TYPE_CHECKING:
    from changegate.report.causes import Cause
    from changegate.report.reporter import ReportOptions
    from changegate.verdict import Failure, Finding, SubjectVerdict, Verdict

_LONGEST = 2_000


def render(verdict: Verdict, options: ReportOptions) -> str:
    """Render the verdict as issues, the most pressing first, and the verdict itself as the last line."""
    del options
    lines = list(map(_failure, verdict.failures))
    found = causes(view.pressing(view.shown(view.all_findings(verdict))))
    lines += [_issue(cause) for cause in found if view.asks(cause.first)]
    lines += [_missed(item) for item in verdict.subjects if item.not_evaluated]
    lines += [_waived(one) for one in view.all_findings(verdict) if one.effect is Effect.WAIVED]
    lines.append(f"changegate: {terminal(view.headline(verdict))}")
    return "\n".join(lines) + "\n"


def _issue(cause: Cause) -> str:
    first = cause.first
    lines = [shorten(first.message or first.title, _LONGEST)]
    others = len(cause.findings) - 1
    if others:
        names = ", ".join(cause.rules[1:11])
        lines[0] += f" (and {others} more{f', of {names}' if names else ''})"
    lines += [f"fix: {shorten(remedy, _LONGEST)}" for remedy in cause.remedies[:3]]
    if first.note:
        lines.append(f"note: {shorten(first.note, _LONGEST)}")
    where = {} if first.location.revision == "base" else _position(first)
    return _command(_kind(first), "\n".join(map(_flat, lines)), **where, code=cause.first.rule)


def _waived(finding: Finding) -> str:
    """A plain line of the log: an issue of this host is an error or a warning, and a waiver is neither."""
    where = view.place(finding.location)
    said = f"{finding.rule}{f' ({where})' if where else ''}: {finding.message or finding.title}: {finding.note}"
    return terminal(f"changegate: waived {shorten(said, _LONGEST)}")


def _flat(text: str) -> str:
    return terminal(text)


def _kind(finding: Finding) -> str:
    name = view.level(finding)
    advises = name in {"warning", "approval"} or (name == "unknown" and finding.effect is Effect.ADVISES)
    return "warning" if advises else "error"


def _position(finding: Finding) -> dict[str, str]:
    location = finding.location
    if not location.file:
        return {}
    place = {"sourcepath": quoted(location.file)}
    place |= {"linenumber": str(location.line)} if location.line is not None else {}
    return place | ({"columnnumber": str(location.column)} if location.column is not None else {})


def _missed(item: SubjectVerdict) -> str:
    blocks = any(settled.effect is Effect.BLOCKS for settled in item.settled) or not item.settled
    place = {"sourcepath": quoted(item.subject.file)} if item.subject.file else {}
    text = terminal(shorten(view.not_evaluated(item), _LONGEST))
    return _command("error" if blocks else "warning", text, **place, code="changegate/rules-evaluated")


def _failure(failure: Failure) -> str:
    place = f"{failure.place}: " if failure.place else ""
    hint = f"\ntry: {terminal(failure.hint)}" if failure.hint else ""
    return _command("error", terminal(shorten(place + failure.message, _LONGEST)) + hint, code=failure.kind)


def _command(kind: str, text: str, **properties: str) -> str:
    given = "".join(f"{key}={azure_property(value)};" for key, value in {"type": kind, **properties}.items())
    return f"##vso[task.logissue {given}]{azure_data(text)}"

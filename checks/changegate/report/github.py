"""Annotations for GitHub Actions: workflow commands, which the runner shows on the changed lines.

A step may show ten errors, ten warnings and ten notices. The most pressing are chosen, and a notice says how many more
there are. Every line is a command of ours; text of others stands only in escaped data and properties.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.escape import path as quoted
from changegate.escape import shorten, terminal, workflow_data, workflow_property
from changegate.names import Effect
from changegate.report import view
from changegate.report.causes import causes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from changegate.report.reporter import ReportOptions
    from changegate.verdict import Failure, Finding, SubjectVerdict, Verdict

MOST = 10
"""Annotations of one kind that a step shows; GitHub drops the rest without a word."""
_LONGEST = 2_000
_COMMANDS = {
    "error": "error",
    "unknown": "error",
    "approval": "warning",
    "warning": "warning",
    "waived": "notice",
    "preexisting": "notice",
}


def render(verdict: Verdict, options: ReportOptions) -> str:
    """Render the verdict as annotations, the verdict itself as the first notice."""
    del options
    made: dict[str, list[str]] = {"error": list(map(_failure, verdict.failures)), "warning": [], "notice": []}
    made["notice"] += map(_note, verdict.notes)
    for finding, rules in _once(view.shown(view.all_findings(verdict))):
        made[_kind(finding)].append(_annotation(finding, rules))
    for item in verdict.subjects:
        if item.not_evaluated:
            made[_missed_kind(item)].append(_missed(item))
    # NOTE: the verdict is a notice too, and so is the pointer to what is left out.
    most = {"error": MOST, "warning": MOST, "notice": MOST - 2}
    lines = [_command("notice", terminal(view.headline(verdict)), title="changegate")]
    lines += [line for kind, limit in most.items() for line in made[kind][:limit]]
    dropped = sum(max(0, len(made[kind]) - limit) for kind, limit in most.items())
    if dropped:
        text = f"{dropped} more not shown here, as GitHub shows {MOST} of a kind; the console report in the log has all"
        lines.append(_command("notice", text, title="changegate"))
    return "\n".join(lines) + "\n"


def _once(findings: Iterable[Finding]) -> list[tuple[Finding, str]]:
    """Findings with the names of their rules, the most pressing first; one for all that one reason kept untold."""
    told: list[tuple[Finding, str]] = []
    for cause in causes(findings):
        every = cause.findings[:1] if cause.kind == "unknown" else cause.findings
        names = view.rule_names(cause.rules) if cause.kind == "unknown" else ""
        told += [(finding, names) for finding in every]
    return sorted(told, key=lambda one: view.LEVELS.index(view.level(one[0])))


def _kind(finding: Finding) -> str:
    """An unknown that only advises is a warning; otherwise the level says it."""
    name = view.level(finding)
    return "warning" if name == "unknown" and finding.effect is Effect.ADVISES else _COMMANDS[name]


def _annotation(finding: Finding, rules: str = "") -> str:
    lines = [terminal(shorten(finding.message or finding.title, _LONGEST))]
    if finding.location.revision == "base" and finding.location.file:
        lines.append(f"at {view.place(finding.location)}")
    if finding.remediation and view.asks(finding):
        fix = terminal(shorten(finding.remediation, _LONGEST), lines=view.own_lines(finding))
        lines.append(f"fix: {fix}")
    lines += [f"see also {place}: {terminal(said)}" for place, said in view.related(finding)]
    if finding.note:
        lines.append(f"note: {terminal(shorten(finding.note, _LONGEST))}")
    title = f"{rules or finding.rule} ({view.level(finding)})"
    return _command(_kind(finding), "\n".join(lines), **_position(finding), title=title)


def _position(finding: Finding) -> dict[str, str]:
    """Where GitHub shows it; a line of the base is not a line of the change, so nothing is said of it."""
    location = finding.location
    if location.revision == "base" or not location.file:
        return {}
    position = {"file": quoted(location.file)}
    if location.line is not None:
        position["line"] = str(location.line)
        if location.column is not None:
            position["col"] = str(location.column)
        if location.column is not None and location.end_column is not None:
            position["endColumn"] = str(max(location.column, location.end_column - 1))
    return position


def _missed_kind(item: SubjectVerdict) -> str:
    advises = item.settled and all(settled.effect is not Effect.BLOCKS for settled in item.settled)
    return "warning" if advises else "error"


def _missed(item: SubjectVerdict) -> str:
    place = {"file": quoted(item.subject.file)} if item.subject.file else {}
    text = terminal(shorten(view.not_evaluated(item), _LONGEST))
    return _command(_missed_kind(item), text, **place, title="changegate: not evaluated")


def _note(text: str) -> str:
    return _command("notice", terminal(shorten(text, _LONGEST)), title="changegate: note")


def _failure(failure: Failure) -> str:
    place = f"{failure.place}: " if failure.place else ""
    hint = f"\ntry: {terminal(failure.hint)}" if failure.hint else ""
    text = terminal(shorten(place + failure.message, _LONGEST)) + hint
    return _command("error", text, title=f"changegate: {failure.kind}")


def _command(kind: str, text: str, *, title: str, **place: str) -> str:
    properties = {**place, "title": shorten(title, 300)}
    written = ",".join(f"{key}={workflow_property(given)}" for key, given in properties.items())
    return f"::{kind} {written}::{workflow_data(text)}"

"""The report for a person at a terminal or reading a CI log: what is wrong, where, and what to type.

The layout is made once, as spans of text with the name of a style; painting it is the last step, so that the coloured
report and the plain one say the same. The plain one is on the path of every run and imports nothing heavy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.escape import inert, shorten, terminal
from changegate.escape import path as quoted
from changegate.names import Effect, Status
from changegate.report import tally, view
from changegate.report.causes import causes
from changegate.report.foreseen import impact_lines
from changegate.report.text import cells, excerpt, wrap
from changegate.verdict import Gate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from changegate.report.causes import Cause
    from changegate.report.reporter import ReportOptions
    from changegate.report.view import FindingGroup, Sentence
    from changegate.verdict import Failure, Finding, SubjectVerdict, Verdict

Span = tuple[str, str]
"""Text that is safe to print, and the name of its style; an empty name is no style."""
Line = tuple[Span, ...]

_LOG_WIDTH = 120
"""Columns that an excerpt may take where the terminal's width is not known."""
_MOST_CAUSES = 20
"""So many causes are shown of many releases; a person reads no more of them, and a tally stands before."""
_NAMED = 5
_LONGEST = 2_000
"""Characters of one message: what is longer helps nobody, and the JSON report has it all."""
_STYLES = {"error": "error", "unknown": "error", "approval": "approval", "warning": "warning"}
_GATE_STYLES = {
    Gate.OPEN: "ok",
    Gate.AWAITING_APPROVAL: "approval",
    Gate.CLOSED: "error",
    Gate.UNDECIDED: "error",
    Gate.NOT_ENFORCED: "warning",
}


def render(verdict: Verdict, options: ReportOptions) -> str:
    """Render the verdict for a terminal, in colour where that is wanted.

    Quiet and open is no text at all, unless there was nothing to judge.
    """
    if options.quiet and verdict.gate is Gate.OPEN and not verdict.nothing_asked:
        return ""
    lines = [_inert(line) for line in _layout(verdict, options)]
    if options.colour:
        from changegate.report.colour import paint

        return paint(lines)
    return "".join("".join(text for text, _ in line).rstrip() + "\n" for line in lines)


def _inert(line: Line) -> Line:
    """Keep a line from being a workflow command, wherever it was wrapped."""
    if not "".join(part for part, _ in line).lstrip().startswith("::"):
        return line
    return tuple((inert(part), style) for part, style in line)


def _layout(verdict: Verdict, options: ReportOptions) -> Iterator[Line]:
    groups, told = view.groups(verdict), _Told(verdict, options)
    if told.is_cut:
        yield from _tally(groups, options)
        groups = tally.worst_first(groups)
    for group in groups:
        yield from _group(group, options, told)
    yield from told.left_out()
    yield from _governance(verdict, options)
    yield from _impact(verdict, options)
    for failure in verdict.failures:
        yield from _failure(failure, options)
    if options.quiet and not verdict.nothing_asked:
        for note in verdict.notes:
            yield from _prefixed((("note: ", "strong"),), terminal(shorten(note, _LONGEST)), options)
    yield from _verdict(verdict, options)


def _governance(verdict: Verdict, options: ReportOptions) -> Iterator[Line]:
    """What the change does to the rules of the game; a short report has only what loosens them."""
    found = view.governance(verdict)
    shown = [one for one in found if view.is_loosening(one)] if options.quiet else found
    if shown and not options.quiet:
        yield (("what this changes in the rules, once it has landed", "heading"),)
    for one in shown[:_MOST_CHANGES]:
        style = "warning" if view.is_loosening(one) else "dim"
        lead = (("rules: " if options.quiet else "  ", ""), (view.TURNS[one.impact], style), (": ", ""))
        yield from _prefixed(lead, terminal(shorten(one.text, _LONGEST)), options)
    if len(shown) > _MOST_CHANGES:
        yield ((f"  … and {len(shown) - _MOST_CHANGES} more (`-o markdown` and `-o json` have all)", "dim"),)
    if shown:
        yield from _gap(options)


_MOST_CHANGES = 30


def _impact(verdict: Verdict, options: ReportOptions) -> Iterator[Line]:
    """What becomes of the releases that there are; a short report has it only where a verdict would be another."""
    lines = impact_lines(verdict)
    if verdict.impact is None or (options.quiet and not verdict.impact.releases):
        return
    for line in lines:
        yield from _prefixed((("impact: ", "strong"),), terminal(shorten("".join(line), _LONGEST)), options)
    yield from _gap(options)


class _Told:
    """What was said already, and how much still may be."""

    def __init__(self, verdict: Verdict, options: ReportOptions) -> None:
        self.is_cut = tally.is_many(verdict) and not options.verbose and not options.quiet
        self._room = _MOST_CAUSES if self.is_cut else None
        self._dropped: list[Cause] = []
        untold = (one for one in view.all_findings(verdict) if one.status is Status.UNKNOWN)
        found = causes(view.shown(untold, verbose=options.verbose))
        self._first = {id(one): (cause if one is cause.first else None) for cause in found for one in cause.findings}

    def of(self, findings: Iterable[Finding]) -> list[Cause]:
        """The causes of findings that are still to be said; what could not be told is said where it is met first."""
        listed = tuple(findings)
        rest = [one for one in listed if one.status is not Status.UNKNOWN]
        firsts = (self._first.get(id(one)) for one in listed)
        return [*filter(None, firsts), *causes(rest)]

    def fitting(self, found: list[Cause]) -> list[Cause]:
        """As many as still may be said; the others are counted."""
        if self._room is None:
            return found
        kept, dropped = found[: self._room], found[self._room :]
        self._room -= len(kept)
        self._dropped += dropped
        return kept

    def left_out(self) -> Iterator[Line]:
        """Say how much was not said, and where it is."""
        if self._dropped:
            findings = sum(len(cause.findings) for cause in self._dropped)
            releases = len({name for cause in self._dropped for name in cause.subjects})
            text = f"… and {view.plural(findings, 'finding')} more in {view.plural(releases, 'release')}: -v shows all"
            yield ((text, "dim"),)
            yield ()


def _tally(groups: Sequence[FindingGroup], options: ReportOptions) -> Iterator[Line]:
    """How often each rule was found, over many releases."""
    rows = tally.by_rule(groups)
    if not rows:
        return
    yield ((f"by rule, over {view.plural(len(groups), 'release')}", "heading"),)
    for row in rows[:_MOST_CHANGES]:
        counts = f"{row.findings:>6}  in {view.plural(row.subjects, 'release')}"
        lead = ((f"{counts:<26}", "dim"), (f"{row.level}[", _STYLES.get(row.level, "dim")))
        yield from _prefixed(lead, f"{terminal(row.rule)}]", options)
    if len(rows) > _MOST_CHANGES:
        yield ((f"        … and {len(rows) - _MOST_CHANGES} more rules", "dim"),)
    yield ()


def _group(group: FindingGroup, options: ReportOptions, told: _Told) -> Iterator[Line]:
    findings = view.shown(group.findings, verbose=options.verbose)
    missed = view.not_evaluated(group.subject) if group.subject else ""
    if options.quiet:
        for finding in view.merged(findings):
            yield from _in_short(finding, options)
    found = [] if options.quiet else told.fitting(told.of(findings))
    if not found and not missed and not options.verbose:
        return
    if not options.quiet:
        yield from _heading(group, options)
        yield ()
    for cause in found:
        yield from _cause(cause, options)
    if missed:
        yield from _prefixed((("unknown", "error"), (": ", "")), terminal(shorten(missed, _LONGEST)), options)
        yield from _gap(options)
    if options.verbose and group.subject:
        yield from _held(group.subject)


def _heading(group: FindingGroup, options: ReportOptions) -> Iterator[Line]:
    if group.subject is None:
        yield ((quoted(group.file) if group.file else "the change as a whole", "heading"),)
        return
    name, file = view.title(group.subject), quoted(group.file)
    where = f" in {file}" if file and file != name else ""
    described = terminal(f"({view.about(group.subject)}){where}")
    yield from _prefixed(((terminal(name), "heading"), ("  ", "")), described, options, "dim")
    if view.touched_by_another_file(group.subject):
        because = f"checked because {shorten(group.subject.why, _LONGEST)}"
        yield from _prefixed((("  ", ""),), terminal(because), options, "dim")


def _gap(options: ReportOptions) -> Iterator[Line]:
    if not options.quiet:
        yield ()


def _in_short(finding: Finding, options: ReportOptions) -> Iterator[Line]:
    """A line for a finding, and one for its remedy."""
    message = terminal(shorten(finding.message or finding.title, _LONGEST))
    where = view.place(finding.location)
    yield ((f"{where}: " if where else "", ""), _label(finding), (f" {message}", ""))
    yield from _fix(finding, options)


def _label(finding: Finding, rules: str = "") -> Span:
    return f"{view.level(finding)}[{terminal(rules or finding.rule)}]", _style(finding)


def _cause(cause: Cause, options: ReportOptions) -> Iterator[Line]:
    """Findings of one cause: each place with its message, and what to do once."""
    if cause.kind == "place" and len(cause.rules) > 1:
        yield from _unfinished(cause, options)
        return
    if cause.kind == "unknown":
        yield from _finding(cause.first, options, view.rule_names(cause.rules), notes=_elsewhere(cause))
        return
    for index, finding in enumerate(cause.findings):
        following = cause.findings[index + 1 :]
        is_last = all(one.remediation != finding.remediation or one.note != finding.note for one in following)
        yield from _finding(finding, options, notes=None if is_last else ())


def _elsewhere(cause: Cause) -> tuple[tuple[str, str], ...] | None:
    """Which other releases the same reason keeps from an answer; None where there is none."""
    others = [name for name in cause.subjects if name != cause.first.subject.label]
    if not others:
        return None
    more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
    return (("note: ", terminal(f"the same holds for {', '.join(others[:_NAMED])}{more}")),)


def _unfinished(cause: Cause, options: ReportOptions) -> Iterator[Line]:
    """What many rules ask for at one place: the place once, and below it each of them with its remedy."""
    first = cause.first
    text = f"{len(cause.rules)} rules ask for something here"
    yield from _prefixed(((cause.level, _STYLES.get(cause.level, "dim")), (": ", "")), text, options, "strong")
    yield from _at(first, options)
    gutter = " " * len(str(first.location.line or 0))
    for finding in cause.findings:
        message = terminal(shorten(finding.message or finding.title, _LONGEST))
        yield from _prefixed(((f"{gutter} = ", "frame"), _label(finding), (": ", "")), message, options)
        for label, note in _notes(finding, options):
            yield from _prefixed(((f"{gutter}     ", ""), (label, "strong")), note, options)
    yield ()


def _finding(
    finding: Finding, options: ReportOptions, rules: str = "", notes: tuple[tuple[str, str], ...] | None = None
) -> Iterator[Line]:
    """A finding with its excerpt; with its own notes unless others are given."""
    message = terminal(shorten(finding.message or finding.title, _LONGEST))
    yield from _prefixed((_label(finding, rules), (": ", "")), message, options, "strong")
    yield from _at(finding, options)
    gutter = " " * len(str(finding.location.line or 0))
    for label, text in _notes(finding, options) if notes is None else notes:
        yield from _prefixed(((f"{gutter} = ", "frame"), (label, "strong")), text, options)
    yield ()


def _fix(finding: Finding, options: ReportOptions) -> Iterator[Line]:
    """The remedy, which is the last thing that a short report may leave out."""
    if finding.remediation and view.asks(finding):
        text = terminal(shorten(finding.remediation, _LONGEST), lines=view.own_lines(finding))
        yield from _prefixed((("  fix: ", "strong"),), text, options)


def _style(finding: Finding) -> str:
    name = view.level(finding)
    return "warning" if name == "unknown" and finding.effect is Effect.ADVISES else _STYLES.get(name, "dim")


def _at(finding: Finding, options: ReportOptions) -> Iterator[Line]:
    """Where it is: the place, and its line where somebody has to look."""
    line, where = finding.location.line, view.place(finding.location)
    gutter = " " * len(str(line or 0))
    if where:
        yield ((f"{gutter}--> ", "frame"), (where, ""))
    if view.asks(finding) and line is not None and finding.location.source is not None:
        yield from _excerpt(finding, gutter, options)


def _excerpt(finding: Finding, gutter: str, options: ReportOptions) -> Iterator[Line]:
    location = finding.location
    width = (options.width or _LOG_WIDTH) - len(gutter) - 3
    cut = excerpt(location.source or "", location.column or 1, location.end_column, max(width, 20))
    yield ((f"{gutter} |", "frame"),)
    yield ((f"{location.line} | ", "frame"), (cut.text, ""))
    if location.column is not None:
        yield ((f"{gutter} | ", "frame"), (" " * cut.indent + "^" * cut.length, _style(finding)))
    else:
        yield ((f"{gutter} |", "frame"),)


def _notes(finding: Finding, options: ReportOptions) -> Iterator[tuple[str, str]]:
    if finding.remediation and view.asks(finding):
        yield "fix: ", terminal(shorten(finding.remediation, _LONGEST), lines=view.own_lines(finding))
    for place, said in view.related(finding):
        yield "see also ", f"{place}: {terminal(said)}"
    if finding.note:
        yield "note: ", terminal(shorten(finding.note, _LONGEST))
    if options.verbose:
        for reference in finding.references:
            yield "see: ", terminal(reference)


def _prefixed(prefix: Line, text: str, options: ReportOptions, style: str = "") -> Iterator[Line]:
    """Wrap a text behind a prefix; the lines that follow stand under its first word, at most ten columns in."""
    first = cells("".join(part for part, _ in prefix))
    indent = min(first, 10)
    # NOTE: the prefix takes part in the wrapping as one unbreakable word, so that the first line is as wide as others.
    width = None if options.width is None else options.width - indent
    lines = wrap("\0" * (first - indent) + text, width)
    yield (*prefix, (lines[0].lstrip("\0"), style))
    for line in lines[1:]:
        yield ((" " * indent, ""), (line, style))


def _held(subject: SubjectVerdict) -> Iterator[Line]:
    """Say of every rule that nothing stands about above how it was answered."""
    for status in (Status.PASSED, Status.NOT_APPLICABLE):
        rules = [item for item in subject.settled if item.outcome.status is status]
        if rules:
            yield ((f"{view.plural(len(rules), 'rule')} {status.value}:", "dim"),)
        for item in rules:
            reason = f" ({shorten(item.outcome.reason, 200)})" if item.outcome.reason else ""
            yield ((terminal(f"  {item.rule}{reason}"), "dim"),)
    yield ()


def _failure(failure: Failure, options: ReportOptions) -> Iterator[Line]:
    prefix = (("error", "error"), (f"[{terminal(failure.kind)}]: ", "error"))
    yield from _prefixed(prefix, terminal(shorten(failure.message, _LONGEST), lines=True), options, "strong")
    if failure.place:
        yield (("--> ", "frame"), (terminal(failure.place), ""))
    yield from _gap(options)


def _verdict(verdict: Verdict, options: ReportOptions) -> Iterator[Line]:
    name = view.GATES[verdict.gate]
    rest = terminal(view.headline(verdict).removeprefix(name).removeprefix(": "))
    yield from _prefixed(((name, _GATE_STYLES[verdict.gate]), (": " if rest else "", "")), rest, options)
    if options.quiet:
        hints = (failure.hint for failure in verdict.failures if failure.hint)
        for hint in hints:
            yield from _prefixed((("  try: ", "strong"),), terminal(hint, lines=True), options)
        return
    counted = view.tally(view.shown(view.all_findings(verdict), verbose=options.verbose))
    if counted:
        yield ((f"  {counted}", "dim"),)
    for note in verdict.notes:
        yield from _prefixed((("  note: ", "strong"),), terminal(shorten(note, _LONGEST)), options)
    yield from _next(view.next_steps(verdict), options)


def _next(steps: Iterable[Sentence], options: ReportOptions) -> Iterator[Line]:
    steps = tuple(steps)
    if steps:
        yield ()
        yield (("next:", "strong"),)
    for number, step in enumerate(steps, 1):
        yield from _prefixed(((f"  {number}. ", "frame"),), terminal("".join(step), lines=True), options)

"""The report for the pull request's page: what it is, what to do and who can, what changed, how it will roll out.

It is made of blocks that are never cut: a line, a row, a finding. When the next block would not fit, its section says
that there is more, and the rest of the report goes on where it fits.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from changegate.escape import code, html, html_prose, prose, shorten
from changegate.escape import path as quoted
from changegate.report import view
from changegate.report.foreseen import impact_lines
from changegate.report.plan_table import rollout_rows
from changegate.verdict import Gate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from changegate.names import Change, Location
    from changegate.report.reporter import ReportOptions
    from changegate.report.view import FindingGroup, Sentence
    from changegate.verdict import Failure, Finding, SubjectVerdict, Verdict

MARKER = "<!-- changegate -->"
"""The first line, by which a later run finds its own comment."""
_LONGEST = 1_000
"""Characters of one text before it is escaped."""
_RESERVE = 600
"""Bytes kept free for saying, at the end, that something was left out."""
_CUT = "\n> [!NOTE]\n> This summary was cut to fit. The console and JSON reports have all of it."
_ICONS = {
    Gate.OPEN: "✅",
    Gate.AWAITING_APPROVAL: "✋",
    Gate.CLOSED: "❌",
    Gate.UNDECIDED: "⚠️",
    Gate.NOT_ENFORCED: "👀",
}


class _Page:
    """Collects blocks up to a size, and keeps count of what did not fit."""

    def __init__(self, max_bytes: int) -> None:
        self._left = max_bytes - _RESERVE
        self._blocks: list[str] = []
        self.dropped = 0

    def add(self, text: str) -> bool:
        """Add a block of whole lines if it fits."""
        size = len(text.encode("utf-8", "backslashreplace")) + 1
        if size > self._left:
            self.dropped += 1
            return False
        self._left -= size
        self._blocks.append(text)
        return True

    def section(self, head: str, rows: Iterable[str], foot: str = "") -> None:
        """Add a heading, as many rows as fit, and what closes it; nothing at all where there is no row."""
        rows = list(rows)
        if not rows:
            return
        reserved = len(foot.encode()) + 80  # for the foot and the line that says how much is missing
        self._left -= reserved
        fits = len((head + rows[0]).encode("utf-8", "backslashreplace")) + 2 <= self._left
        kept = 0
        if fits and (not head or self.add(head)):
            kept = next((index for index, row in enumerate(rows) if not self.add(row)), len(rows))
        elif not fits:
            self.dropped += 1
        self._left += reserved
        if kept and kept < len(rows):
            self.add(f"\n… and {len(rows) - kept} more, left out for size.")
        if kept and foot:
            self.add(foot)

    def text(self) -> str:
        """Everything that was added, and whether something was not."""
        if self.dropped:
            self._blocks.append(_CUT)
        return "\n".join(self._blocks) + "\n"


def render(verdict: Verdict, options: ReportOptions) -> str:
    """Render the summary for a comment or a step summary, within `options.max_bytes`."""
    options = options._replace(base_id=verdict.context.base)
    page = _Page(options.max_bytes)
    page.add(MARKER)
    page.add(f"## {_ICONS[verdict.gate]} changegate: {prose(shorten(view.headline(verdict), _LONGEST))}\n")
    page.section("", (_failure(failure) for failure in verdict.failures))
    page.section("", (f"- {prose(shorten(note, _LONGEST))}" for note in verdict.notes))
    page.section("\n### What to do\n", (f"1. {_sentence(step)}" for step in view.next_steps(verdict)))
    page.section(_APPROVALS, _approvals(verdict))
    page.section(_GOVERNANCE, (f"- {_turn(change)}" for change in view.governance(verdict)))
    page.section(_IMPACT, (f"- {_sentence(line)}" for line in impact_lines(verdict)))
    for group in view.groups(verdict):
        _group(page, group, options)
    page.section("", _footer(verdict, options))
    return page.text()


def _failure(failure: Failure) -> str:
    place = f"{code(failure.place)}: " if failure.place else ""
    return f"- **{prose(failure.kind)}** {place}{prose(shorten(failure.message, _LONGEST))}"


def _sentence(parts: Sentence) -> str:
    return "".join(_part(part) for part in parts)


def _part(part: str) -> str:
    if isinstance(part, view.Code):
        return code(shorten(part, 300))
    return prose(shorten(part, _LONGEST)) if isinstance(part, view.Text) else part


_APPROVALS = (
    "\n### Approvals still needed\n\n| for | role | needed | given by | can be given by |\n|---|---|---:|---|---|"
)


def _approvals(verdict: Verdict) -> Iterator[str]:
    for subject, need in view.pending(verdict):
        given = ", ".join(map(_cell, need.approved_by)) or "nobody yet"
        able = ", ".join(map(_cell, need.candidates[:20])) or "**nobody: add people to the role**"
        more = len(need.candidates) - 20
        able += f" and {more} more" if more > 0 else ""
        yield _row(_cell(view.title(subject)), _cell(need.role), f"{need.missing} of {need.needed}", given, able)


_GOVERNANCE = "\n### What this changes in the rules, once it has landed\n"

_IMPACT = "\n### What becomes of the releases that there are\n"


def _turn(change: Change) -> str:
    turn = f"**{view.TURNS[change.impact]}**" if view.is_loosening(change) else view.TURNS[change.impact]
    return f"{turn}: {prose(shorten(change.text, _LONGEST))}"


def _group(page: _Page, group: FindingGroup, options: ReportOptions) -> None:
    findings = [_finding(finding, options) for finding in view.merged(view.shown(group.findings))]
    subject = group.subject
    if subject is None:
        name = code(quoted(group.file)) if group.file else "The change as a whole"
        page.section(f"\n### {name}\n", findings)
        return
    page.section(f"\n### {code(view.title(subject))}\n", [_about(subject)])
    missed = view.not_evaluated(subject)
    page.section("", [f"**unknown** {prose(shorten(missed, _LONGEST))}\n"] if missed else [])
    page.section("", findings)
    since = view.previous_version(subject)
    changed = f"What changed since {code(since)}" if since else "What changed"
    page.section(f"\n#### {changed}\n\n{_CHANGES}", map(_change, subject.changes))
    rows, more = rollout_rows(subject.plan, subject.rendering)
    page.section(_rollout_head(more), (_row(*map(_plain_cell, row)) for row in rows))


def _about(subject: SubjectVerdict) -> str:
    """What happens to the release, how risky it is, and why."""
    file = quoted(subject.subject.file)
    where = f", in {code(file)}" if file and file != view.title(subject) else ""
    return " ".join([f"{prose(view.about(subject))}{where}.", *_reasons(subject)]) + "\n"


def _reasons(subject: SubjectVerdict) -> Iterator[str]:
    if subject.why:
        yield f"Checked because {prose(shorten(subject.why, _LONGEST))}."
    if subject.tier_reasons and not subject.not_evaluated:
        reasons = "; ".join(prose(shorten(reason, 300)) for reason in subject.tier_reasons[:10])
        yield f"Risk is **{prose(subject.tier)}**: {reasons}."
    reason = subject.previous.get("reason")
    if reason and subject.previous.get("status") != "present":
        yield f"Not compared with a previous release: {prose(shorten(str(reason), 300))}."


_CHANGES = "| field | before | after | category | impact |\n|---|---|---|---|---|"


def _change(change: Change) -> str:
    impact = prose(change.impact)
    return _row(
        _cell(view.key_path(change.path)),
        _cell(view.value(change.before)),
        _cell(view.value(change.after)),
        prose(change.category),
        f"**{impact}**" if change.impact == "breaking" else impact,
    )


_ROLLOUT = "| step | traffic | bake | analysis | minimum sample |\n|---:|---:|---|---|---|"


def _rollout_head(more: Sequence[str]) -> str:
    described = "".join(f"{prose(line)}  \n" for line in more)
    return f"\n#### How it rolls out\n\n{described}\n{_ROLLOUT}"


def _finding(finding: Finding, options: ReportOptions) -> str:
    """A finding that opens: rule and message on the outside, the place and what to do within."""
    name = view.level(finding)
    message = html_prose(shorten(finding.message or finding.title, _LONGEST))
    lines = [
        f"<details><summary><b>{name}</b> <code>{html(finding.rule)}</code> {message}</summary>",
        "",
        *((_place(finding.location, options), "") if finding.location.file else ()),
        *_related(finding, options),
        *([prose(shorten(finding.remediation, _LONGEST)), ""] if finding.remediation and view.asks(finding) else []),
        *([f"Note: {prose(shorten(finding.note, _LONGEST))}", ""] if finding.note else []),
        *([f"See {', '.join(map(_reference, finding.references))}", ""] if finding.references else []),
        "</details>",
    ]
    return "\n".join(lines)


def _place(location: Location, options: ReportOptions) -> str:
    where, url = code(view.place(location)), _url(location, options)
    return f"[{where}]({url})" if url else where


def _related(finding: Finding, options: ReportOptions) -> tuple[str, ...]:
    """A list of what else to look at."""
    if not finding.related or not view.asks(finding):
        return ()
    return (*(f"- see also {_place(one.location, options)}: {prose(one.message)}" for one in finding.related), "")


def _url(location: Location, options: ReportOptions) -> str:
    """A link to the line at its revision, where the host's address is known and nothing in it can break out."""
    files, _, head = options.blob_url.rstrip("/").rpartition("/")
    commit = {"head": head, "base": options.base_id}.get(location.revision, location.revision)
    if not _WEB.fullmatch(options.blob_url) or not _COMMIT.fullmatch(commit):
        return ""
    from urllib.parse import quote

    anchor = f"#L{location.line}" if location.line is not None else ""
    return f"{files}/{commit}/{quote(location.file.encode('utf-8', 'surrogateescape'), safe='/')}{anchor}"


_COMMIT = re.compile(r"[A-Za-z0-9._%+@~-]{1,100}")
_WEB = re.compile(r"https?://[A-Za-z0-9.:_~/%@+-]{1,500}")
_REFERENCE = re.compile(r"https://[A-Za-z0-9.:_~/%#?=&+-]{1,500}")


def _reference(text: str) -> str:
    """A reference comes from the rule, which is trusted: an address of a plain form is a link."""
    return f"<{text}>" if _REFERENCE.fullmatch(text) else prose(shorten(text, 300))


def _footer(verdict: Verdict, options: ReportOptions) -> Iterator[str]:
    parts = [f"changegate {verdict.context.tool_version}".strip()]
    if verdict.context.head:
        parts.append(f"head {code(verdict.context.head[:12])}")
    if verdict.context.base:
        parts.append(f"base {code(verdict.context.base[:12])}")
    if _WEB.fullmatch(options.run_url):
        parts.append(f"[the run]({options.run_url})")
    yield "\n<sub>" + " · ".join(parts) + "</sub>"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return code(shorten(text, 300), table=True)


def _plain_cell(text: str) -> str:
    return prose(shorten(text, 300)) if text else ""

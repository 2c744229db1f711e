"""The report as one page that stands alone: it asks for nothing, works from a file, and can be printed.

It answers in the order of the Markdown summary: can this merge, what has to happen, what changes for users and how
risky that is, who approves, how it rolls out; then every finding with the lines around it. No script is in it.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from changegate.escape import page, page_prose, shorten
from changegate.escape import path as quoted
from changegate.names import Stage
from changegate.report import tally, view
from changegate.report.causes import causes
from changegate.report.first_release import first_release, short_digests
from changegate.report.foreseen import impact_lines
from changegate.report.html_drawings import interval_plot, timeline
from changegate.report.html_entries import LONGEST, entry
from changegate.report.html_style import STYLE
from changegate.report.outlook import outlook
from changegate.report.plan_table import rollout_rows
from changegate.report.todo import WHO, can_merge, tasks
from changegate.verdict import SubjectKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from changegate.names import Change
    from changegate.report.reporter import ReportOptions
    from changegate.report.view import FindingGroup, Sentence
    from changegate.verdict import Measure, RequiredApproval, SubjectVerdict, Verdict

_STYLES = {"breaking": "error", "could-be-breaking": "warning"}
"""Level of a change -> the style of its word."""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""A browser asks for nothing, whatever stands in the page."""


def render(verdict: Verdict, options: ReportOptions) -> str:
    """Render the verdict as a whole page; options change nothing."""
    del options
    title = page(f"changegate: {view.headline(verdict)}")
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>",
        f"<style>{STYLE}</style></head>",
        '<body><a class="skip" href="#main">Skip to the answer</a>',
        *_body(verdict),
        "</body></html>",
    ]
    return "\n".join(filter(None, parts)) + "\n"


def _body(verdict: Verdict) -> Iterator[str]:
    groups = view.groups(verdict)
    ordered = tally.worst_first(groups) if tally.is_many(verdict) else groups
    told = [group for group in ordered if _is_told(group, many=tally.is_many(verdict))]
    sections = [_section(number, group) for number, group in zip(count(1), told, strict=False)]
    yield f'<header><h1 class="{verdict.gate.value}">{page(view.headline(verdict))}</h1>'
    yield f'<p class="answer">{page(can_merge(verdict))}</p></header>'
    yield from _contents(told)
    yield '<main id="main">'
    yield from _failures(verdict)
    yield from _to_do(verdict)
    yield from _tally(groups) if tally.is_many(verdict) else ()
    yield from _approvals(verdict)
    yield from _listed("What this changes in the rules, once it has landed", map(_turn, view.governance(verdict)))
    yield from _listed("What becomes of the releases that there are", map(_sentence, impact_lines(verdict)))
    yield from _listed("Good to know", (page_prose(shorten(note, LONGEST)) for note in verdict.notes))
    yield from sections
    yield "</main>"
    yield from _footer(verdict)


def _is_told(group: FindingGroup, *, many: bool) -> bool:
    if view.shown(group.findings) or (group.subject is not None and view.not_evaluated(group.subject)):
        return True
    return group.subject is not None and (not many or group.subject.operation != "unchanged")


def _contents(told: Sequence[FindingGroup]) -> Iterator[str]:
    if len(told) > 1:
        links = (f'<li><a href="#part-{number}">{page(_name(group))}</a></li>' for number, group in enumerate(told, 1))
        yield f'<nav aria-label="Releases"><ul>{"".join(links)}</ul></nav>'


def _name(group: FindingGroup) -> str:
    if group.subject is not None:
        return view.title(group.subject)
    return quoted(group.file) if group.file else "the change as a whole"


def _failures(verdict: Verdict) -> Iterator[str]:
    for failure in verdict.failures:
        place = f"<code>{page(failure.place)}</code>: " if failure.place else ""
        text = page_prose(shorten(failure.message, LONGEST))
        yield f'<p><strong class="error">{page(failure.kind)}</strong> {place}{text}</p>'


def _to_do(verdict: Verdict) -> Iterator[str]:
    found = tasks(verdict)
    if found:
        rows = "".join(f"<li>{WHO[task.who]}: {_sentence(task.what)}</li>" for task in found)
        yield f"<h2>What has to happen</h2><ol>{rows}</ol>"


def _sentence(parts: Sentence) -> str:
    return "".join(_part(part) for part in parts)


def _part(part: str) -> str:
    if isinstance(part, view.Code):
        return f"<code>{page(shorten(part, 300))}</code>"
    return page_prose(shorten(part, LONGEST)) if isinstance(part, view.Text) else page(part)


def _tally(groups: Sequence[FindingGroup]) -> Iterator[str]:
    rows = (
        (f'<span class="{row.level}">{row.level}</span>', f"<code>{page(row.rule)}</code>", row.findings, row.subjects)
        for row in tally.by_rule(groups)
    )
    yield from _table("By rule", ("level", "rule", "findings", "releases"), rows, numbers=2)


def _approvals(verdict: Verdict) -> Iterator[str]:
    needs = [(subject, need) for subject in verdict.subjects for need in subject.approvals]
    ordered = sorted(needs, key=lambda one: not one[1].missing)
    rows = "".join(f"<li>{_approval(verdict, subject, need)}</li>" for subject, need in ordered)
    if rows:
        yield f'<h2>Who approves</h2><ul class="checks">{rows}</ul>'


def _approval(verdict: Verdict, subject: SubjectVerdict, need: RequiredApproval) -> str:
    whole = subject.subject.kind is SubjectKind.CHANGE_SET
    about = "this change" if whole else f"<code>{page(view.title(subject))}</code>"
    given = ", ".join(map(page, need.approved_by)) or "nobody yet"
    done = f"{min(len(need.approved_by), need.needed)} of {need.needed}"
    box, word, style = ("☐", "missing", "approval") if need.missing else ("☑", "done", "ok")
    ask = f"; can still be asked: {_people(need)}" if need.missing and verdict.context.stage is not Stage.LOCAL else ""
    return (
        f'<span aria-hidden="true">{box}</span> <strong class="{style}">{word}</strong> '
        f"<code>{page(need.role)}</code> for {about}: {done}, by {given}{ask}"
    )


def _people(need: RequiredApproval) -> str:
    if not need.candidates:
        return "nobody, add people to the role"
    more = len(need.candidates) - 20
    return page(", ".join(need.candidates[:20])) + (f" and {more} more" if more > 0 else "")


def _listed(heading: str, rows: Iterable[str]) -> Iterator[str]:
    items = "".join(f"<li>{row}</li>" for row in rows)
    if items:
        yield f"<h2>{heading}</h2><ul>{items}</ul>"


def _turn(change: Change) -> str:
    style = "warning" if view.is_loosening(change) else "muted"
    return f'<strong class="{style}">{view.TURNS[change.impact]}</strong>: {page_prose(shorten(change.text, LONGEST))}'


def _section(number: int, group: FindingGroup) -> str:
    """A release, or a file that holds none: what it changes, how it rolls out, and its findings."""
    heading = f'<section><h2 id="part-{number}"><code>{page(_name(group))}</code></h2>'
    entries = [entry(cause) for cause in causes(view.shown(group.findings))]
    found = f"<h3>Findings</h3>{''.join(entries)}" if entries else ""
    before = "".join(_before(group.subject)) if group.subject is not None else ""
    after = "".join(_after(group.subject)) if group.subject is not None else ""
    return f"{heading}{before}{found}{after}</section>"


def _before(subject: SubjectVerdict) -> Iterator[str]:
    file = quoted(subject.subject.file)
    yield f"<p>{page(view.about(subject))}, in <code>{page(file)}</code>.</p>"
    if view.touched_by_another_file(subject):
        yield f"<p>Checked because {page_prose(shorten(subject.why, LONGEST))}.</p>"
    missed = view.not_evaluated(subject)
    if missed:
        yield f'<p><strong class="unknown">unknown</strong> {page_prose(shorten(missed, LONGEST))}</p>'
    if subject.tier_reasons and not subject.not_evaluated:
        reasons = "".join(f"<li>{page_prose(shorten(reason, 300))}</li>" for reason in subject.tier_reasons)
        yield f'<h3>Risk: <span class="badge">{page(subject.tier)}</span></h3><ul>{reasons}</ul>'
    if subject.operation == "unchanged":
        return
    yield from _measures(subject)
    if not view.previous_version(subject) and subject.operation == "create":
        lines = "".join(f"<li>{page_prose(short_digests(line))}</li>" for line in first_release(subject))
        yield f"<h3>A first release</h3><ul>{lines}</ul>" if lines else ""


def _measures(subject: SubjectVerdict) -> Iterator[str]:
    yield from _drawn("What changes for users", "what", subject, subject.measures)
    yield from _drawn("Groups of people", "selection rate, as a share of the highest", subject, subject.groups)
    if subject.measures or subject.groups:
        yield '<p class="muted">Drawn: before in grey, now in colour, with intervals; dashed, what is allowed.</p>'


def _drawn(heading: str, what: str, subject: SubjectVerdict, measures: Sequence[Measure]) -> Iterator[str]:
    rows = (
        (
            page(row.what), page(row.before), page(row.after),
            f'<span class="{row.turn}">{page(row.change)}</span>', interval_plot(measure, row),
        )
        for measure, row in zip(measures, outlook(measures), strict=True)
    )  # fmt: skip
    since = view.previous_version(subject)
    heads = (what, f"before ({page(since)})" if since else "before", "now", "change", "drawn")
    yield from _table(heading, heads, rows, level="h3")


def _after(subject: SubjectVerdict) -> Iterator[str]:
    if subject.operation != "unchanged":
        rows, more = rollout_rows(subject.plan, subject.rendering)
        drawn = timeline(subject.plan)
        if rows:
            told = "".join(f"<li>{page_prose(line)}</li>" for line in more)
            yield f"<h3>How it rolls out</h3>{drawn}<ul>{told}</ul>"
            heads = ("step", "traffic", "bake", "analysis", "minimum sample")
            yield from _table("", heads, (tuple(map(page, row)) for row in rows))
    since = view.previous_version(subject)
    if since or subject.operation != "create":
        of_fields = (one for one in subject.entries if one.changes)  # what reports say is in the table above
        changed = (
            (f'<span class="{_STYLES.get(one.level, "muted")}">{page(one.level)}</span>', page(one.category),
             page_prose(short_digests(shorten(one.text, LONGEST))))
            for one in of_fields
        )  # fmt: skip
        heading = f"What changed since {page(since)}" if since else "What changed"
        yield from _table(heading, ("level", "about", "what changed"), changed, level="h3")


def _table(
    heading: str, heads: Sequence[str], rows: Iterable[Sequence[object]], *, numbers: int = 0, level: str = "h2"
) -> Iterator[str]:
    """A table with its heading; nothing where there is no row. Cells are HTML already."""
    listed = list(rows)
    if not listed:
        return
    named = f"<{level}>{heading}</{level}>" if heading else ""
    top = "".join(f'<th scope="col">{head}</th>' for head in heads)
    body = "".join(f"<tr>{''.join(_cells(row, numbers))}</tr>\n" for row in listed)
    yield f"{named}<table><thead><tr>{top}</tr></thead><tbody>\n{body}</tbody></table>"


def _cells(row: Sequence[object], numbers: int) -> Iterator[str]:
    first, *others = row
    yield f'<th scope="row">{first}</th>'
    for index, cell in enumerate(others, 1):
        yield f'<td class="number">{cell}</td>' if index >= len(row) - numbers else f"<td>{cell}</td>"


def _footer(verdict: Verdict) -> Iterator[str]:
    context = verdict.context
    parts = [f"changegate {context.tool_version}".strip()]
    parts += [f"{name} {value[:12]}" for name, value in (("head", context.head), ("base", context.base)) if value]
    yield f"<footer><p>{page(' · '.join(parts))}</p></footer>"

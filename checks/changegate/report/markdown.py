"""The report for the pull request's page, in the order in which a reviewer asks.

Can this merge; if not, what has to happen, and who can do it. What changes for users, how risky that is, who approved.
Then the details: findings by rule, what changed in the manifest, how it rolls out. Over many releases a tally stands
first and the worst releases next. It is made of blocks that are never cut; what does not fit is counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.escape import code, prose, shorten
from changegate.escape import path as quoted
from changegate.names import Stage
from changegate.report import tally, view
from changegate.report.came_from import came_from
from changegate.report.causes import causes
from changegate.report.first_release import first_release
from changegate.report.foreseen import impact_lines
from changegate.report.markdown_entries import LONGEST, WEB, entry
from changegate.report.markdown_page import Page
from changegate.report.outlook import MARKS, outlook, traffic
from changegate.report.plan_table import rollout_rows
from changegate.report.todo import WHO, can_merge, tasks
from changegate.verdict import Gate, SubjectKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from changegate.names import Change, DiffEntry
    from changegate.report.outlook import OutlookRow
    from changegate.report.reporter import ReportOptions
    from changegate.report.todo import Task
    from changegate.report.view import FindingGroup, Sentence
    from changegate.verdict import Failure, RequiredApproval, SubjectVerdict, Verdict

MARKER = "<!-- changegate -->"
"""The first line, by which a later run finds its own comment."""
_ICONS = {
    Gate.OPEN: "✅",
    Gate.AWAITING_APPROVAL: "✋",
    Gate.CLOSED: "❌",
    Gate.UNDECIDED: "⚠️",
    Gate.NOT_ENFORCED: "👀",
}
_MOST_TASKS = 12
_MOST_RULES = 30


def render(verdict: Verdict, options: ReportOptions) -> str:
    """Render the summary for a comment or a step summary, within `options.max_bytes`."""
    options = options._replace(base_id=verdict.context.base)
    page, groups = Page(options.max_bytes), view.groups(verdict)
    many = tally.is_many(verdict)
    page.add(MARKER)
    page.add(f"## {_ICONS[verdict.gate]} changegate: {prose(shorten(view.headline(verdict), LONGEST))}\n")
    page.add(f"**{can_merge(verdict)}**" + "\n" * bool(verdict.failures))
    page.section("", (_failure(failure) for failure in verdict.failures))
    _to_do(page, tasks(verdict))
    if many:
        _tally(page, groups)
    else:
        for group in groups:
            _outlook(page, group, level="###")
    page.section(_APPROVALS, _approvals(verdict))
    page.section(_GOVERNANCE, (f"- {_turn(change)}" for change in view.governance(verdict)))
    page.section(_IMPACT, (f"- {_sentence(line)}" for line in impact_lines(verdict)))
    page.section("\n### Good to know\n", (f"- {prose(shorten(note, LONGEST))}" for note in verdict.notes))
    left_out = _details(page, groups, options, many=many)
    page.section("", _footer(verdict, options))
    return page.text(left_out)


def _failure(failure: Failure) -> str:
    place = f"{code(failure.place)}: " if failure.place else ""
    return f"- **{prose(failure.kind)}** {place}{prose(shorten(failure.message, LONGEST))}"


def _to_do(page: Page, found: Sequence[Task]) -> None:
    rows = [f"1. {WHO[task.who]}: {_sentence(task.what)}" for task in found[:_MOST_TASKS]]
    more = len(found) - len(rows)
    rows += [f"1. … and {more} more, below"] if more > 0 else []
    page.section("\n### What has to happen\n", rows)


def _sentence(parts: Sentence) -> str:
    return "".join(_part(part) for part in parts)


def _part(part: str) -> str:
    if isinstance(part, view.Code):
        return code(shorten(part, 300))
    return prose(shorten(part, LONGEST)) if isinstance(part, view.Text) else part


def _tally(page: Page, groups: Sequence[FindingGroup]) -> None:
    """Many releases: how often each rule was found, then which releases are the worst."""
    found = tally.by_rule(groups)
    rows = [_row(row.level, code(row.rule, table=True), str(row.findings), str(row.subjects)) for row in found]
    shown, more = rows[:_MOST_RULES], len(rows) - _MOST_RULES
    shown += [_row("", f"… and {more} more rules", "", "")] if more > 0 else []
    page.section("\n### By rule\n\n| | rule | findings | releases |\n|---|---|---:|---:|", shown)
    worst = [group for group in tally.worst_first(groups) if view.shown(group.findings)]
    listed = [_row(_cell(_name(group)), view.tally(view.shown(group.findings))) for group in worst[:_MOST_RULES]]
    if len(worst) > _MOST_RULES:
        listed.append(_row(f"… and {len(worst) - _MOST_RULES} more releases", ""))
    quiet = len(groups) - len(worst)
    foot = f"\nNothing was found in {quiet} of {len(groups)}." if quiet else ""
    page.section("\n### By release, worst first\n\n| release | found |\n|---|---|", listed, foot)


def _name(group: FindingGroup) -> str:
    if group.subject is not None:
        return view.title(group.subject)
    return quoted(group.file) if group.file else "the change as a whole"


def _outlook(page: Page, group: FindingGroup, level: str) -> None:
    """What a release changes for users, how risky it is, how its traffic moves."""
    subject = group.subject
    if subject is None or subject.operation == "unchanged":
        return
    page.add(f"\n{level} {code(view.title(subject))}\n")
    page.add(_about(subject))
    rows = outlook(subject.measures)
    since = view.previous_version(subject)
    if rows:
        before = f"before ({_cell(since)})" if since else "before"
        page.section(f"| what changes for users | {before} | now | |\n|---|---:|---:|---|", map(_measured, rows))
    if since == "" and subject.operation == "create":
        page.section("", (f"- {prose(shorten(line, LONGEST))}" for line in first_release(subject)))
    moved = traffic(subject.plan)
    page.section("", [f"\nTraffic moves: {prose(moved)}."] if moved else [])


def _measured(row: OutlookRow) -> str:
    change = f"{MARKS[row.turn]} {row.change}"
    strong = f"**{change}**" if row.turn in {"worse", "gone"} else change
    # NOTE: the numbers are of our making, and hold no text of anybody's.
    return _row(_plain_cell(row.what), row.before, row.after, strong)


_APPROVALS = "\n### Who approves\n\n| for | role | approved | by | can still be asked |\n|---|---|---|---|---|"


def _approvals(verdict: Verdict) -> Iterator[str]:
    """Everybody who has to approve: who has, and who has not."""
    needs = [(subject, need) for subject in verdict.subjects for need in subject.approvals]
    for subject, need in sorted(needs, key=lambda one: not one[1].missing):
        given = ", ".join(map(_cell, need.approved_by)) or "nobody yet"
        whole = subject.subject.kind is SubjectKind.CHANGE_SET
        about = "this change" if whole else _cell(view.title(subject))
        done = f"{min(len(need.approved_by), need.needed)} of {need.needed}"
        yield _row(about, _cell(need.role), done if need.missing else f"✓ {done}", given, _askable(verdict, need))


def _askable(verdict: Verdict, need: RequiredApproval) -> str:
    if not need.missing:
        return ""
    if not need.candidates:
        return "**nobody: add people to the role**" if verdict.context.stage is not Stage.LOCAL else ""
    more = len(need.candidates) - 20
    return ", ".join(map(_cell, need.candidates[:20])) + (f" and {more} more" if more > 0 else "")


_GOVERNANCE = "\n### What this changes in the rules, once it has landed\n"

_IMPACT = "\n### What becomes of the releases that there are\n"


def _turn(change: Change) -> str:
    turn = f"**{view.TURNS[change.impact]}**" if view.is_loosening(change) else view.TURNS[change.impact]
    return f"{turn}: {prose(shorten(change.text, LONGEST))}"


def _details(page: Page, groups: Sequence[FindingGroup], options: ReportOptions, *, many: bool) -> str:
    """Every release with its findings, worst first where there are many; says what of that was left out."""
    ordered = tally.worst_first(groups) if many else groups
    told = [group for group in ordered if _has_details(group, many=many)]
    releases = findings = 0
    for group in told:
        found = len(view.shown(group.findings))
        written = _group(page, group, options, many=many)
        releases += written is None
        findings += found - (written or 0)
    if not releases and not findings:
        return ""
    listed = view.plural(len(told), "release")
    return f"Left out are {releases} of {listed} and {view.plural(findings, 'finding')}."


def _has_details(group: FindingGroup, *, many: bool) -> bool:
    if view.shown(group.findings) or (group.subject and view.not_evaluated(group.subject)):
        return True
    return group.subject is not None and (not many or group.subject.operation != "unchanged")


def _group(page: Page, group: FindingGroup, options: ReportOptions, *, many: bool) -> int | None:
    """Write a release's details; answers how many findings they name, None where not even the heading fits."""
    entries = [entry(cause, options) for cause in causes(view.shown(group.findings))]
    if not many and group.subject is not None and not entries and not _says_more(group.subject):
        return 0
    head = _heading(group, many=many)
    if not page.fits(head, *(text for text, _ in entries[:1])):
        page.is_cut = True
        return None
    page.add(head)
    if many:
        _outlook(page, group, level="####")
    missed = view.not_evaluated(group.subject) if group.subject else ""
    page.section("", [f"**unknown** {prose(shorten(missed, LONGEST))}\n"] if missed else [])
    kept = page.section("", (text for text, _ in entries), more=" kinds of findings of this release")
    if group.subject is not None:
        _subject_details(page, group.subject)
    return sum(count for _, count in entries[:kept])


def _says_more(subject: SubjectVerdict) -> bool:
    """Whether there is anything beyond what stands above the details."""
    changed = any(one.changes for one in subject.entries) and subject.operation != "create"
    return bool(view.not_evaluated(subject) or changed or subject.plan)


def _heading(group: FindingGroup, *, many: bool) -> str:
    if group.subject is None:
        return f"\n### {code(quoted(group.file)) if group.file else 'The change as a whole'}\n"
    return f"\n### {code(view.title(group.subject))}{'' if many else ' in detail'}\n"


def _subject_details(page: Page, subject: SubjectVerdict) -> None:
    since = view.previous_version(subject)
    if since or subject.operation != "create":
        changed = f"What changed since {code(since)}" if since else "What changed"
        told = (entry for entry in subject.entries if entry.changes)  # what reports say is in the table above
        page.section(f"\n#### {changed}\n\n{_CHANGES}", map(_change, told))
    rows, more = rollout_rows(subject.plan, subject.rendering)
    page.section(_rollout_head(more), (_row(*map(_plain_cell, row)) for row in rows))


def _about(subject: SubjectVerdict) -> str:
    """What happens to the release, how risky it is, and why."""
    file = quoted(subject.subject.file)
    where = f", in {code(file)}" if file and file != view.title(subject) else ""
    return " ".join([f"{prose(view.about(subject))}{where}.", *_reasons(subject)]) + "\n"


def _reasons(subject: SubjectVerdict) -> Iterator[str]:
    if subject.why and not subject.why.startswith("the manifest was "):
        yield f"Checked because {prose(shorten(subject.why, LONGEST))}."
    if subject.tier_reasons and not subject.not_evaluated:
        reasons = "; ".join(prose(shorten(reason, 300)) for reason in subject.tier_reasons[:10])
        yield f"Risk is **{prose(subject.tier)}**: {reasons}."
    yield from (prose(shorten(sentence, LONGEST)) for sentence in came_from(subject))
    reason = subject.previous.get("reason")
    first = subject.operation == "create" and subject.previous.get("status") == "absent"
    if reason and subject.previous.get("status") != "present" and not first:
        yield f"Not compared with a previous release: {prose(shorten(str(reason), 300))}."


_CHANGES = "| level | of | change |\n|---|---|---|"


def _change(entry: DiffEntry) -> str:
    level = prose(entry.level)
    return _row(f"**{level}**" if entry.level == "breaking" else level, prose(entry.category), _plain_cell(entry.text))


_ROLLOUT = "| step | traffic | bake | analysis | minimum sample |\n|---:|---:|---|---|---|"


def _rollout_head(more: Sequence[str]) -> str:
    described = "".join(f"{prose(line)}  \n" for line in more)
    return f"\n#### How it rolls out\n\n{described}\n{_ROLLOUT}"


def _footer(verdict: Verdict, options: ReportOptions) -> Iterator[str]:
    parts = [f"changegate {verdict.context.tool_version}".strip()]
    if verdict.context.head:
        parts.append(f"head {code(verdict.context.head[:12])}")
    if verdict.context.base:
        parts.append(f"base {code(verdict.context.base[:12])}")
    if WEB.fullmatch(options.run_url):
        parts.append(f"[the run]({options.run_url})")
    yield "\n<sub>" + " · ".join(parts) + "</sub>"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return code(shorten(text, 300), table=True)


def _plain_cell(text: str) -> str:
    return prose(shorten(text, 300)) if text else ""

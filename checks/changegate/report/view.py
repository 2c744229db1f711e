"""What all reports for people say alike: which findings stand together, what each is called, and what to do next.

Nothing here is escaped: every reporter does that for its own medium. `Code` marks what stands in code there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.escape import path as quoted
from changegate.escape import shorten
from changegate.names import Effect, Severity, Stage, Status
from changegate.records import NamedTuple
from changegate.verdict import Gate, SubjectKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from changegate.names import Change, KeyPath, Location
    from changegate.verdict import Finding, RequiredApproval, SubjectVerdict, Verdict


class Code(str):
    """Text that is a name, a command or a value: code in Markdown, plain on a terminal."""

    __slots__ = ()


class Text(str):
    """A sentence that was written elsewhere, and may hold what others chose."""

    __slots__ = ()


Sentence = tuple[str, ...]
"""Parts of a sentence. Only those that are `Code` or `Text` may hold what a manifest, a file name or a login says."""

LEVELS = ("error", "unknown", "approval", "warning", "waived", "preexisting", "off", "info")
"""What a finding is called, the most pressing first. `approval`: nothing but people's approval is missing."""

GATES = {
    Gate.OPEN: "open",
    Gate.AWAITING_APPROVAL: "awaiting approval",
    Gate.CLOSED: "closed",
    Gate.UNDECIDED: "undecided",
    Gate.NOT_ENFORCED: "not enforced",
}
_EFFECTS = {Effect.WAIVED: "waived", Effect.PREEXISTING: "preexisting", Effect.OFF: "off", Effect.NONE: "info"}


def level(finding: Finding) -> str:
    """Name a finding by what it means for the reader, one of `LEVELS`."""
    if finding.effect in _EFFECTS:
        return _EFFECTS[finding.effect]
    if finding.status is Status.UNKNOWN:
        return "unknown"
    if finding.effect is Effect.ADVISES:
        return "warning"
    return "approval" if finding.awaits_approval else "error"


class FindingGroup(NamedTuple):
    """Findings that are read together: those of one release, and the faults of the file that it is in."""

    subject: SubjectVerdict | None
    """The release or retirement; None for findings about a file that holds none."""
    file: str
    """The file they are about; empty where they are about the change as a whole."""
    findings: tuple[Finding, ...]
    """Faults of the file first, then the release's own; each part in its stable order."""


def groups(verdict: Verdict) -> tuple[FindingGroup, ...]:
    """Sort findings into groups: one for each release and retirement, then one for each other file."""
    released = [subject for subject in verdict.subjects if subject.subject.kind is not SubjectKind.CHANGE_SET]
    homes = _homes(released)
    faults: dict[int, list[Finding]] = {}
    loose: dict[str, list[Finding]] = {}
    for finding in _change_set_findings(verdict):
        home = homes.get(finding.location.file)
        (loose.setdefault(finding.location.file, []) if home is None else faults.setdefault(home, [])).append(finding)
    own = [
        FindingGroup(subject, subject.subject.file, (*faults.get(index, ()), *evaluated(subject)))
        for index, subject in enumerate(released)
    ]
    return (*own, *(FindingGroup(None, file, tuple(found)) for file, found in loose.items()))


def _homes(released: Sequence[SubjectVerdict]) -> dict[str, int]:
    """File -> the release under which the file's faults are shown: one that was not evaluated, else the first."""
    homes: dict[str, int] = {}
    for index, subject in enumerate(released):
        if subject.not_evaluated:
            homes.setdefault(subject.subject.file, index)
    for index, subject in enumerate(released):
        homes.setdefault(subject.subject.file, index)
    homes.pop("", None)
    return homes


def _change_set_findings(verdict: Verdict) -> Iterator[Finding]:
    for subject in verdict.subjects:
        if subject.subject.kind is SubjectKind.CHANGE_SET:
            yield from subject.findings


def evaluated(subject: SubjectVerdict) -> tuple[Finding, ...]:
    """Leave out that each rule is unknown where none was asked: one line says it for all."""
    if not subject.not_evaluated:
        return subject.findings
    return tuple(finding for finding in subject.findings if finding.status is not Status.UNKNOWN)


def not_evaluated(subject: SubjectVerdict) -> str:
    """Say in one line that a release's rules were not asked, and why; empty where they were."""
    if not subject.not_evaluated:
        return ""
    count = len(subject.settled)
    which = f"{plural(count, 'rule')} not evaluated" if count else "no rule was evaluated"
    return f"{which}: {subject.not_evaluated}"


def asks(finding: Finding) -> bool:
    """Whether a finding asks something of the reader: then it is shown with its excerpt and its remedy."""
    return level(finding) in {"error", "unknown", "approval", "warning"}


def shown(findings: Iterable[Finding], *, verbose: bool = False) -> tuple[Finding, ...]:
    """Leave out what is switched off, unless asked for."""
    hidden = set() if verbose else {"off", "info"}
    return tuple(finding for finding in findings if level(finding) not in hidden)


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Say once what several rules of a check could not tell for the same reason, under all their names."""
    together: dict[object, list[Finding]] = {}
    for finding in findings:
        alike = (finding.check, finding.subject, finding.message, finding.location, finding.effect)
        key: object = alike if finding.status is Status.UNKNOWN else id(finding)
        together.setdefault(key, []).append(finding)
    return tuple(same[0]._replace(rule=_names(same)) if len(same) > 1 else same[0] for same in together.values())


def _names(findings: Sequence[Finding]) -> str:
    names = ", ".join(sorted(finding.rule.partition("/")[2] for finding in findings))
    return f"{findings[0].check}: {names}"


def rule_names(rules: Sequence[str], most: int = 6) -> str:
    """Several rules in one label: `approvals: missing, stale` where they are of one check, else their whole names."""
    checks = {rule.partition("/")[0] for rule in rules}
    if len(rules) == 1 or len(checks) > 1:
        more = f" and {len(rules) - most} more" if len(rules) > most else ""
        return ", ".join(rules[:most]) + more
    return f"{checks.pop()}: {', '.join(sorted(rule.partition('/')[2] for rule in rules))}"


def pressing(findings: Iterable[Finding]) -> list[Finding]:
    """Order findings for where only some can be shown: the most pressing first, else as they were."""
    return sorted(findings, key=lambda finding: LEVELS.index(level(finding)))


def all_findings(verdict: Verdict) -> tuple[Finding, ...]:
    """All findings in the order of the groups."""
    return tuple(finding for group in groups(verdict) for finding in group.findings)


def tally(findings: Iterable[Finding]) -> str:
    """Count findings by level: `2 errors, 1 unknown, 1 approval needed, 1 warning`."""
    levels = [level(finding) for finding in findings]
    found = [(name, levels.count(name)) for name in LEVELS if name in levels]
    return ", ".join(plural(count, _NOUNS[name][0], _NOUNS[name][1]) for name, count in found)


_NOUNS = {
    "error": ("error", "errors"),
    "unknown": ("unknown", "unknown"),
    "approval": ("awaiting approval", "awaiting approval"),
    "warning": ("warning", "warnings"),
    "waived": ("waived", "waived"),
    "preexisting": ("preexisting", "preexisting"),
    "off": ("switched off", "switched off"),
    "info": ("for information", "for information"),
}


def plural(count: int, one: str, many: str = "") -> str:
    """Count something in words: `1 rule`, `3 rules`."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def headline(verdict: Verdict) -> str:
    """The verdict in one line."""
    summary = verdict.summary or ("nothing to check" if not verdict.subjects and not verdict.failures else "")
    return f"{GATES[verdict.gate]}: {summary}" if summary else GATES[verdict.gate]


def title(subject: SubjectVerdict) -> str:
    """A release's name and version; the file's name where a broken manifest has no other."""
    about_it = subject.subject
    if about_it.identity is None and about_it.file:
        return quoted(about_it.file)
    return f"{about_it.label} {subject.version}" if subject.version else about_it.label


def about(subject: SubjectVerdict) -> str:
    """What happens to a release, in a few words: `update of 2.3.1, high risk`."""
    before = previous_version(subject)
    said = _OPERATIONS.get(subject.operation, subject.operation)
    operation = f"{said} of {before}" if before and before != subject.version else said
    tier = f"{subject.tier} risk" if subject.tier and not subject.not_evaluated else ""
    return ", ".join(part for part in (operation, tier) if part)


_OPERATIONS = {"create": "new", "retire": "retired"}
"""What the gate's own words are called for people, where those are others."""


def touched_by_another_file(subject: SubjectVerdict) -> bool:
    """Whether a release is in the change for a file that it names, and not for its manifest."""
    return bool(subject.why) and not subject.why.startswith("the manifest ") and subject.operation != "unchanged"


def previous_version(subject: SubjectVerdict) -> str:
    """The version of the previous release; empty where there is none or it is not known."""
    stated = subject.previous.get("version")
    if stated is None and subject.previous.get("status") == "present":
        changed = (change.before for change in subject.changes if change.path == ("spec", "version"))
        stated = next(changed, None)
    return "" if stated is None else str(stated)


def place(location: Location) -> str:
    """A place as `file:line:column`, the file quoted as git does; empty where there is no file."""
    if not location.file:
        return ""
    parts = [quoted(location.file), *(str(part) for part in (location.line, location.column) if part is not None)]
    return ":".join(parts) + _REVISIONS.get(location.revision, f" (at {location.revision[:12]})")


_REVISIONS = {"head": "", "base": " (at the base)"}


def related(finding: Finding) -> tuple[tuple[str, str], ...]:
    """What else to look at, each as its place and, not escaped, what is there; nothing where nobody has to look."""
    return tuple((place(one.location), one.message) for one in finding.related) if asks(finding) else ()


def key_path(path: KeyPath) -> str:
    """A path of keys as `spec.rollout.steps[0].bake`; a key that is not a plain word stands in brackets."""
    out = ""
    for key in path:
        if isinstance(key, str) and key.replace("-", "").replace("_", "").isalnum():
            out += f".{key}" if out else key
        else:
            out += f"[{key}]"
    return out


def value(given: Any, limit: int = 120) -> str:
    """A value of a manifest in one line: a string as it is, anything else as JSON, cut to `limit` characters."""
    if given is None:
        return ""
    if isinstance(given, str):
        return shorten(given, limit)
    import json

    return shorten(json.dumps(given, ensure_ascii=False, default=str), limit)


def own_lines(finding: Finding) -> bool:
    """Whether line breaks in its texts are the rule's own: a manifest's could draw lines that look like ours."""
    return not _has_break([*finding.details.values(), *finding.location.path])


def _has_break(given: Any) -> bool:
    if isinstance(given, str):
        return "\n" in given
    if isinstance(given, dict):
        return any(map(_has_break, (*given, *given.values())))
    return isinstance(given, (list, tuple)) and any(map(_has_break, given))


def pending(verdict: Verdict) -> tuple[tuple[SubjectVerdict, RequiredApproval], ...]:
    """Approvals that are still missing, with what they are for."""
    return tuple((subject, need) for subject in verdict.subjects for need in subject.approvals if need.missing)


def next_steps(verdict: Verdict) -> tuple[Sentence, ...]:
    """Say what to do now, the first thing first; empty where nothing is to be done."""
    if verdict.gate is Gate.UNDECIDED:
        hints = dict.fromkeys(failure.hint for failure in verdict.failures)
        return (*((Text(hint),) for hint in hints if hint), *_to_mend(verdict))
    if verdict.gate is Gate.NOT_ENFORCED:
        return _to_enforce(verdict)
    if verdict.gate is Gate.OPEN:
        return ()
    return (*_to_mend(verdict), *to_approve(verdict))


def _to_mend(verdict: Verdict) -> tuple[Sentence, ...]:
    found = [finding for finding in all_findings(verdict) if finding.effect is Effect.BLOCKS]
    errors = [finding for finding in found if level(finding) == "error"]
    unknown = [finding for finding in found if level(finding) == "unknown"]
    steps: list[Sentence] = []
    if errors:
        steps.append((f"mend the {plural(len(errors), 'error')}, each says how, and push again",))
    if unknown:
        rules = plural(len(unknown), "rule")
        steps.append((f"make it possible to tell what {rules} could not: each unknown says why",))
    if errors or unknown:
        first = (errors or unknown)[0].rule
        steps.append(("for the reasons behind a rule, run ", Code(f"changegate explain {first}")))
    return tuple(steps)


_MOST_APPROVALS = 10


def to_approve(verdict: Verdict) -> tuple[Sentence, ...]:
    """Say whom to ask for the approvals that are missing."""
    if verdict.context.stage is Stage.LOCAL:  # nobody can approve what was not pushed yet
        return ()
    needs = pending(verdict)
    more = len(needs) - _MOST_APPROVALS
    steps = [_approval(subject, need) for subject, need in needs[:_MOST_APPROVALS]]
    return (
        (*steps, (f"get {plural(more, 'more approval')}, of other roles or for other releases",))
        if more > 0
        else tuple(steps)
    )


def _approval(subject: SubjectVerdict, need: RequiredApproval) -> Sentence:
    what = plural(need.missing, "more approval" if need.approved_by else "approval")
    whole = subject.subject.kind is SubjectKind.CHANGE_SET
    start: Sentence = (f"get {what} from ", Code(need.role), " for ", "this change" if whole else Code(title(subject)))
    if len(need.candidates) < need.missing:
        known = (": only ", *names(need.candidates), " can give it") if need.candidates else (": nobody can give it",)
        return (*start, *known, "; more people have to be in the role in ", Code(".changegate/teams.yaml"))
    return (*start, ": ask ", *names(need.candidates, last=" and " if len(need.candidates) == need.missing else " or "))


def cut_sentence(text: str, limit: int) -> str:
    """Cut a sentence, and not in the middle of what is marked as code."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    return (kept[: kept.rindex("`")] if kept.count("`") % 2 else kept).rstrip() + "…"


def names(logins: Sequence[str], *, last: str = " and ", most: int = 8) -> Sentence:
    """List people: `ana, bo or cy`; of many, the first few and how many more there are."""
    listed = [Code(login) for login in logins[:most]]
    more = len(logins) - len(listed)
    if more:
        return (*_joined(listed, ", "), f"{last}{more} others")
    return (*_joined(listed[:-1], ", "), *((last,) if len(listed) > 1 else ()), *listed[-1:])


def _joined(parts: Sequence[str], separator: str) -> Iterator[str]:
    for index, part in enumerate(parts):
        if index:
            yield separator
        yield part


def _to_enforce(verdict: Verdict) -> tuple[Sentence, ...]:
    errors = [
        finding
        for finding in all_findings(verdict)
        if finding.effect is Effect.ADVISES and finding.severity is Severity.ERROR and finding.status is Status.FAILED
    ]
    steps: list[Sentence] = []
    if errors:
        steps.append((f"mend the {plural(len(errors), 'finding')} that would block if enforced",))
    if not verdict.context.configured:
        steps.append(("to enforce, merge the configuration that ", Code("changegate init"), " writes"))
    return tuple(steps)


TURNS = {"loosens": "loosens", "may-loosen": "may loosen", "tightens": "tightens", "neutral": "changes"}
"""What a change does to the rules of the game, in words."""


def governance(verdict: Verdict) -> tuple[Change, ...]:
    """What the change does to the rules of the game; what loosens them stands first."""
    sets = (one for one in verdict.subjects if one.subject.kind is SubjectKind.CHANGE_SET)
    return tuple(change for one in sets for change in one.changes)


def is_loosening(change: Change) -> bool:
    """Whether a change of the rules loosens them, or may."""
    return change.impact in ("loosens", "may-loosen")

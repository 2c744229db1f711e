"""What `changegate waive` writes: a waiver that the gate would let count, in the form that the file has."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from changegate.change.manifests import NEEDLE_ESCAPE, open_manifest
from changegate.errors import ConfigurationError, UsageError
from changegate.judging.foresight import Foresight
from changegate.judging.prepare import prepare
from changegate.judging.subjects import judge_all
from changegate.manifest import parse
from changegate.manifest.bounds import MAXIMUM_BYTES
from changegate.manifest.schema import compiled, validate
from changegate.mend.waivers import has_content, write_waiver
from changegate.names import Identity, Stage, Status
from changegate.policy.mentions import Mention, hint
from changegate.policy.waivers import Waiver, Waivers, WaiverTerms
from changegate.records import NamedTuple
from changegate.rego.engines import EngineOptions
from changegate.rego.engines.chosen import ChosenHost
from changegate.request import Request
from changegate.verdict import SubjectKind
from changegate.workspace.resolve import resolve
from changegate.workspace.scope import ScopeOptions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from changegate.change.changeset import ChangeSet
    from changegate.judging.judge import Judge
    from changegate.judging.rules import Rules
    from changegate.policy.waivers import BreakGlass
    from changegate.verdict import SubjectVerdict
    from changegate.workspace.scope import Scope

FILE = ".changegate/waivers.yaml"
_REASON = range(10, 1001)
"""So many characters a reason has."""


class Waiving(NamedTuple):
    """What a person wants to have waived."""

    directory: Path
    rule: str
    identity: Identity
    reason: str
    until: str
    """The last day, as it was typed."""
    approved_by: str
    """Empty for what git calls the person."""
    now: int
    emergency: BreakGlass | None = None
    """Set where the glass is to be broken; without a version, for the release that stands there."""


class WaiverWritten(NamedTuple):
    """What was done."""

    path: Path
    data: bytes | None
    """What the file is to hold; None where it holds it already."""
    root: Path
    """The top of the checkout."""
    said: tuple[str, ...]
    """What the person should know, a line each."""


def waive(asked: Waiving, environ: Mapping[str, str]) -> WaiverWritten:
    """Make a waiver, and the text of the file with it.

    Raises:
        UsageError: The gate would not let it count, or it stands for nothing.
        ChangegateError: The repository cannot be looked at.
    """
    until = _day(asked.until)
    _check_reason(asked.reason)
    options = ScopeOptions(start=asked.directory, all=True, stage=Stage.LOCAL, now=asked.now)
    scope = resolve(options, environ)
    if scope.root is None:
        raise UsageError("there is no checkout to write into", hint="run it in a clone with a working tree")
    with closing(ChosenHost(EngineOptions())) as host:
        file = _file_of(scope, asked.identity)
        request = Request(options, paths=(file,), now=asked.now)
        rules, change, judge = prepare(request, scope, host, now=asked.now, environ=environ)
        _check_rule(asked.rule, rules)
        subject = _subject(judge, change, asked.identity)
    by = asked.approved_by or scope.git.in_effect("user.name")
    if not by:
        raise UsageError("nobody says who accepts the risk", hint="add --approved-by NAME")
    emergency = asked.emergency
    if emergency is not None and not emergency.version:
        emergency = emergency._replace(version=subject.version or "")
    waiver = Waiver(asked.rule, asked.identity, asked.reason, by, until, emergency)
    _check_terms(waiver, rules, subject.tier, asked.now)
    return _written(waiver, scope, rules, subject, asked.now)


def _written(waiver: Waiver, scope: Scope, rules: Rules, subject: SubjectVerdict, now: int) -> WaiverWritten:
    assert scope.root is not None  # noqa: S101  (asked before)
    text = _text(scope)
    known = Waivers.load(scope.head) if has_content(text) else Waivers()
    made, did = write_waiver(text, waiver, known, FILE)
    _check_form(made)
    said = (
        (f"{FILE}: {did}", *_about(waiver, subject, now), *_next(waiver, rules))
        if made != text
        else (f"{FILE}: {did}",)
    )
    return WaiverWritten(scope.root / FILE, made.encode() if made != text else None, scope.root, said)


def _check_form(text: str) -> None:
    """Refuse what the file's schema would: an incident's id that is none, a name that is too long.

    Raises:
        UsageError: Says what is wrong with it.
    """
    document = parse(text.encode(), FILE).documents[0]
    if not compiled("waivers").is_valid(document.value):
        fault = validate(document.value, "waivers", document)[0]
        raise UsageError(f"the waiver would not be valid: {fault.message}", hint=fault.hint)


def _text(scope: Scope) -> str:
    content = scope.head.read(FILE, MAXIMUM_BYTES)
    if content.data is None and content.problem != "missing":
        raise ConfigurationError(content.reason, hint="make it a regular file", file=FILE)
    try:
        return (content.data or b"").decode("utf-8")
    except UnicodeDecodeError:
        raise ConfigurationError("it is not UTF-8", hint="save it as UTF-8", file=FILE) from None


def _about(waiver: Waiver, subject: SubjectVerdict, now: int) -> Iterator[str]:
    days = waiver.seconds_left(now) // 86_400
    yield f"it holds {'today' if not days else f'for {days} more days'}; the release is of tier {subject.tier}"
    settled = next((one for one in subject.settled if one.rule == waiver.rule), None)
    if settled is None or settled.outcome.status in (Status.PASSED, Status.NOT_APPLICABLE):
        yield "the rule holds here as it is, so there is nothing that it would lift"
    elif settled.outcome.status is Status.UNKNOWN:
        yield f"the rule is unknown here, and what is unknown cannot be waived: {settled.outcome.reason}"


def _next(waiver: Waiver, rules: Rules) -> Iterator[str]:
    key = "required" if waiver.emergency is None else "requiredForBreakGlass"
    who = ", ".join(f"{one['count']} of {one['role']}" for one in rules.config.settings["control"][key])
    if waiver.emergency is not None:
        yield f"the next version of {waiver.identity} waits until this is done: {waiver.emergency.follow_up}"
    yield f"commit it in a change of its own, before the one that needs it; that has to be approved by {who}"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no day", hint="write the last day as --until 2026-12-31") from None


def _check_reason(reason: str) -> None:
    if len(reason) not in _REASON:
        hint_ = f"say in {_REASON.start} to {_REASON.stop - 1} characters why the rule need not hold"
        raise UsageError(f"the reason has {len(reason)} characters", hint=hint_)


def _file_of(scope: Scope, identity: Identity) -> str:
    """The file of a model in the working tree.

    Raises:
        UsageError: There is none.
    """
    found = scope.head.grep((identity.name, NEEDLE_ESCAPE))
    for path in sorted(found):
        if any(entry.identity == identity for entry in open_manifest(scope.head, path).entries):
            return path
    mention = Mention("waivers.yaml", (), "model", identity.name)
    raise UsageError(f"there is no model {identity}", hint=hint(mention, _names(scope)))


def _names(scope: Scope) -> set[str]:
    """The names of models that may have been meant."""
    from changegate.change.named import model_names

    return model_names(scope.head, lambda path: path.endswith((".yaml", ".yml", ".json")))


def _check_rule(rule: str, rules: Rules) -> None:
    """Refuse a rule that there is not, and one about the change as a whole.

    Raises:
        PolicyError: There is no such rule; names the nearest.
        UsageError: No waiver covers it.
    """
    if rules.catalogue.rule(rule).kind is SubjectKind.CHANGE_SET:
        raise UsageError(f"{rule} is about the change as a whole, and no waiver covers it", hint="mend what it says")


def _subject(judge: Judge | None, change: ChangeSet, identity: Identity) -> SubjectVerdict:
    found = () if judge is None else judge_all(judge, change, Foresight(judge, change))
    for one in found:
        if one.subject.identity == identity and one.subject.kind is SubjectKind.RELEASE:
            return one
    raise UsageError(f"the release of {identity} cannot be judged", hint="run `changegate check` and mend its manifest")


def _check_terms(waiver: Waiver, rules: Rules, tier: str, now: int) -> None:
    terms = WaiverTerms.of(rules.config.settings)
    if waiver.seconds_left(now) <= 0:
        raise UsageError(f"{waiver.expires} is over", hint="write a day to come: --until YYYY-MM-DD")
    refusal = terms.refusal(waiver, tier, now)
    if refusal:
        message = f"the waiver of {waiver.rule} for {waiver.identity} would not count: {refusal}"
        raise UsageError(message, hint=_way_out(waiver, terms, tier, now))


def _way_out(waiver: Waiver, terms: WaiverTerms, tier: str, now: int) -> str:
    """What to write instead of a waiver that does not count."""
    longest = terms.longest.get(tier, 0) if waiver.emergency is None else terms.longest_broken
    last = datetime.fromtimestamp(now, UTC) + timedelta(seconds=longest) - timedelta(days=1)
    if not terms.refusal(waiver._replace(expires=last.date()), tier, now):
        return f"let it end on {last:%Y-%m-%d} or before"
    if waiver.emergency is not None and waiver.emergency.role not in terms.on_call:
        named = ", ".join(sorted(terms.on_call)) or "none"
        return f"`control.allowedBreakGlassRoles` of the base names who may: {named}"
    return "mend what the rule says; `control.unwaivable` names the rules that nobody may waive"

"""What was decided: outcomes, findings, places, verdicts, and `settle`, which turns one into the other.

`settle` is pure. It knows no threshold and reads no clock: a rule said what holds, the terms (enforcement, severity,
waivers, stage) say what follows from that. Everything that a report shows is in `Verdict`.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

KeyPath = tuple[str | int, ...]
"""Keys from a document's root to a node: names in mappings, 0-based indexes in sequences."""


class Status(StrEnum):
    """What a rule said. The order of the members is their precedence when one rule says several things."""

    FAILED = "failed"
    UNKNOWN = "unknown"
    PASSED = "passed"
    NOT_APPLICABLE = "not-applicable"


class Effect(StrEnum):
    """What follows from an outcome."""

    BLOCKS = "blocks"
    ADVISES = "advises"
    WAIVED = "waived"
    OFF = "off"
    PREEXISTING = "preexisting"
    NONE = "none"


class Severity(StrEnum):
    """How a rule is meant: an error may close the gate, a warning never does by itself, off is not shown."""

    ERROR = "error"
    WARNING = "warning"
    OFF = "off"


class Enforcement(StrEnum):
    """Whether a failed rule closes the gate (`enforce`) or is only shown (`observe`)."""

    OBSERVE = "observe"
    ENFORCE = "enforce"


class Stage(StrEnum):
    """Where the gate stands. Locally the verdict is advisory and an unknown does not block."""

    LOCAL = "local"
    PULL_REQUEST = "pull-request"
    MERGE = "merge"


class Gate(StrEnum):
    """The answer for the whole change."""

    OPEN = "open"
    AWAITING_APPROVAL = "awaiting-approval"
    CLOSED = "closed"
    UNDECIDED = "undecided"
    NOT_ENFORCED = "not-enforced"

    @property
    def exit_code(self) -> int:
        """The process exit code of the design's table."""
        return {"open": 0, "not-enforced": 0, "closed": 1, "undecided": 2, "awaiting-approval": 3}[self.value]


class Identity(NamedTuple):
    """Which model a release is of; unique in a repository."""

    environment: str
    name: str
    variant: str

    def __str__(self) -> str:
        """Name first; the environment and variant only where they are not the defaults."""
        extra = [part for part, usual in ((self.environment, "production"), (self.variant, "main")) if part != usual]
        return self.name if not extra else f"{self.name} ({', '.join(extra)})"


class SubjectKind(StrEnum):
    """What an input document is about."""

    RELEASE = "release"
    RETIREMENT = "retirement"
    CHANGE_SET = "change-set"


class Subject(NamedTuple):
    """One thing that is judged: a release, a retirement, or the change set as a whole."""

    kind: SubjectKind
    identity: Identity | None = None
    """None for the change set, and for a release whose manifest is too broken to tell."""
    file: str = ""
    """The manifest's file at the head (at the base for a retirement); empty for the change set."""

    @property
    def label(self) -> str:
        """A short, stable name for people: the identity, else the file, else `change set`."""
        if self.identity is not None:
            return str(self.identity)
        return self.file or "change set"


class Location(NamedTuple):
    """A place in a file of the repository."""

    file: str
    """Relative to the repository's root, with `/`; bytes that are not UTF-8 are surrogate-escaped."""
    line: int | None = None
    """1-based; None only where the place is the file as a whole (it is gone, a link, not text)."""
    column: int | None = None
    """1-based, in characters."""
    end_column: int | None = None
    """1-based and exclusive, on the same line; None where the excerpt ends with the line."""
    path: KeyPath = ()
    """Keys from the document's root to the node, or to the missing node."""
    revision: str = "head"
    """`head` or `base`: at which of the two the file is read."""
    source: str | None = None
    """The text of the line, for an excerpt; None where there is no line."""


class Violation(NamedTuple):
    """One place where a rule does not hold, as the rule said it."""

    path: KeyPath = ()
    """Keys into the manifest; ignored where `at` is given."""
    at: Mapping[str, Any] | None = None
    """Another file: `{file, revision, path}`, and `line`, `column` where only those are known."""
    details: Mapping[str, Any] = {}
    """What fills the rule's message and remediation."""


class Outcome(NamedTuple):
    """What one rule said about one subject."""

    status: Status
    violations: tuple[Violation, ...] = ()
    """At least one when failed; else empty."""
    reason: str = ""
    """Why it is not applicable or unknown."""


PASSED = Outcome(Status.PASSED)


class RequiredApproval(NamedTuple):
    """Who has to approve a subject."""

    role: str
    """A role or team of `.changegate/teams.yaml`, or `owner`."""
    needed: int
    """How many distinct people."""
    approved_by: tuple[str, ...]
    """Logins whose approval counts for this role now."""
    candidates: tuple[str, ...]
    """Logins who could still approve for it."""

    @property
    def missing(self) -> int:
        """How many approvals are still needed."""
        return max(0, self.needed - len(self.approved_by))


class Decision(NamedTuple):
    """The engine's answer for one subject."""

    subject: Subject
    outcomes: Mapping[str, Outcome]
    """Every rule of the subject's kind, by rule id."""
    tier: str = "critical"
    """low, medium, high or critical; a tier that is undefined counts as critical."""
    tier_reasons: tuple[str, ...] = ()
    approvals: tuple[RequiredApproval, ...] = ()


_PRECEDENCE = tuple(Status)
_TIERS = ("low", "medium", "high", "critical")


def worst(decisions: Sequence[Decision]) -> Decision:
    """Put decisions on one subject together: of each rule the outcome that precedes the others', as `Status` orders.

    The tier is the highest, with its reasons; who has to approve is whoever any of them names.

    Args:
        decisions: At least one; all of the same rules.
    """
    outcomes = {
        rule: min((one.outcomes[rule] for one in decisions), key=lambda outcome: _PRECEDENCE.index(outcome.status))
        for rule in decisions[0].outcomes
    }
    highest = max(decisions, key=lambda one: _TIERS.index(one.tier))
    return highest._replace(outcomes=outcomes, approvals=_all_approvals(decisions))


def _all_approvals(decisions: Sequence[Decision]) -> tuple[RequiredApproval, ...]:
    """Everybody who has to approve by any of the decisions; of one role so many as the strictest asks for."""
    found: dict[str, RequiredApproval] = {}
    for decision in decisions:
        for one in decision.approvals:
            known = found.setdefault(one.role, one)
            found[one.role] = max(known, one, key=lambda approval: approval.needed)
    return tuple(found.values())


class Finding(NamedTuple):
    """An outcome that a person should see, at its place."""

    rule: str
    status: Status
    effect: Effect
    severity: Severity
    subject: Subject
    title: str
    message: str
    remediation: str
    location: Location
    references: tuple[str, ...] = ()
    details: Mapping[str, Any] = {}
    awaits_approval: bool = False
    """True where nothing but people's approval is missing."""
    note: str = ""
    """Why the effect is what it is, where that is not plain: the waiver, the override, the stage."""

    @property
    def check(self) -> str:
        """The rule's family: the part of its id before the slash."""
        return self.rule.partition("/")[0]

    @property
    def fingerprint(self) -> str:
        """A stable name of this finding that survives moved lines: 32 hex digits."""
        import hashlib
        import json

        parts = [self.rule, self.subject.label, self.location.file, list(self.location.path), dict(self.details)]
        text = json.dumps(parts, sort_keys=True, default=str, ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


class Settled(NamedTuple):
    """An outcome and what follows from it."""

    rule: str
    outcome: Outcome
    severity: Severity
    effect: Effect
    note: str = ""
    enforced: bool = True
    """False where the rule is only observed."""
    awaits_approval: bool = False
    """True where nothing but people's approval is missing."""


class Change(NamedTuple):
    """One difference between a release and the previous one."""

    path: KeyPath
    """Keys into the manifest; a list's items are keyed by name where they have one."""
    op: str
    """added, removed or changed."""
    before: Any
    after: Any
    category: str
    """artifact, feature, threshold, rollout, risk, evidence, ownership, cost, documentation, metadata, …"""
    impact: str
    """breaking, could-be-breaking or compatible."""


class SubjectVerdict(NamedTuple):
    """Everything that a report shows of one subject."""

    subject: Subject
    operation: str
    """create, update, rename, rollback, retire, unchanged, or none for the change set."""
    why: str
    """Why this subject is in the change, e.g. `evidence/evaluation.json changed`."""
    version: str | None
    previous: Mapping[str, Any]
    """{status, reason, how, revision, version}: see the input document."""
    tier: str
    tier_reasons: tuple[str, ...]
    approvals: tuple[RequiredApproval, ...]
    changes: tuple[Change, ...]
    settled: tuple[Settled, ...]
    """Every rule of the subject's kind, in the catalogue's order."""
    findings: tuple[Finding, ...]
    not_evaluated: str = ""
    """Why no rule could be asked (the manifest is not valid); then every outcome is unknown."""
    plan: Mapping[str, Any] | None = None
    """The neutral rollout plan, where there is one."""
    input: Mapping[str, Any] | None = None
    """The input document, kept where a report asks for it."""


class Failure(NamedTuple):
    """Why the gate could not decide, as a report shows it."""

    kind: str
    """The error's class, e.g. `GitError`."""
    message: str
    hint: str = ""
    place: str = ""


class Context(NamedTuple):
    """Under which circumstances it was decided."""

    stage: Stage = Stage.LOCAL
    repository: str = ""
    trusted_ref: str = ""
    base: str = ""
    """Object id; empty where there is none."""
    head: str = ""
    """Object id, or `index` or `worktree`."""
    reviewed_head: str = ""
    pull_request: int | None = None
    now: int = 0
    """Seconds since the epoch, UTC."""
    configured: bool = True
    """False where the base has no `.changegate/config.yaml`: then nothing is enforced."""
    tool_version: str = ""
    engine: str = ""
    policy_digest: str = ""
    settings_digest: str = ""


class Verdict(NamedTuple):
    """The gate's answer, and everything that reports are made from."""

    gate: Gate
    context: Context
    subjects: tuple[SubjectVerdict, ...] = ()
    """Releases and retirements by file, then the change set; empty when there was nothing to check."""
    summary: str = ""
    """One sentence: what the verdict is and why."""
    notes: tuple[str, ...] = ()
    """Things a reader must know: nothing to check, not configured, what was not verified."""
    failures: tuple[Failure, ...] = ()
    """Why it is undecided; empty otherwise."""
    nothing_asked: bool = False
    """Whether there was nothing to judge, which even a short report says: an open gate would be taken for an answer."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, in the stable order of their subjects."""
        return tuple(finding for subject in self.subjects for finding in subject.findings)

    @property
    def exit_code(self) -> int:
        """The process exit code."""
        return self.gate.exit_code


class Ruling(NamedTuple):
    """What the terms say of one rule for one subject: how it is meant and whether it is enforced."""

    severity: Severity
    enforcement: Enforcement
    note: str = ""
    """The reason that an override gives, for people."""
    awaits_approval: bool = False
    """Whether the rule fails only because people still have to approve."""


class Terms(NamedTuple):
    """Under which terms outcomes are settled. Everything here comes from the base or the command line."""

    stage: Stage
    rulings: Callable[[Decision], Mapping[str, Ruling]]
    """The rulings on every rule for a decision's subject and tier."""
    waiver: Callable[[str, Subject], str] = lambda _rule, _subject: ""
    """The text of the waiver in force for a rule and a subject, or empty."""
    fail_on_warning: bool = False


def settle(decision: Decision, terms: Terms) -> tuple[Settled, ...]:
    """Give every outcome its effect, in the order of the decision's outcomes."""
    rulings = terms.rulings(decision)
    return tuple(
        _nothing_follows(rule, outcome, rulings[rule])
        if outcome.status in _HOLDS
        else _settle_one(rule, outcome, rulings[rule], decision.subject, terms)
        for rule, outcome in decision.outcomes.items()
    )


_HOLDS = (Status.PASSED, Status.NOT_APPLICABLE)


@lru_cache(maxsize=4096)
def _nothing_follows(rule: str, outcome: Outcome, ruling: Ruling) -> Settled:
    """Settle what holds or does not apply: of ten thousand releases most rules say the same, so it is one object."""
    return Settled(rule, outcome, ruling.severity, Effect.NONE, "", ruling.enforcement is Enforcement.ENFORCE)


def _settle_one(rule: str, outcome: Outcome, ruling: Ruling, subject: Subject, terms: Terms) -> Settled:
    failed = outcome.status is Status.FAILED
    waiver = terms.waiver(rule, subject) if failed else ""
    effect, note = _effect(outcome.status, ruling, waiver, terms)
    enforced = ruling.enforcement is Enforcement.ENFORCE
    settled = Settled(rule, outcome, ruling.severity, effect, note, enforced, ruling.awaits_approval and failed)
    return settled if outcome.violations else _one_object(settled)


@lru_cache(maxsize=4096)
def _one_object(settled: Settled) -> Settled:
    """The object that was settled alike before: what cannot be told of one release cannot of many."""
    return settled


def _effect(status: Status, ruling: Ruling, waiver: str, terms: Terms) -> tuple[Effect, str]:
    """Settle a rule that failed or could not tell; every way out that does not block is listed here."""
    if ruling.severity is Severity.OFF:
        return Effect.OFF, ruling.note
    if waiver:
        return Effect.WAIVED, waiver
    if ruling.enforcement is Enforcement.OBSERVE:
        return Effect.ADVISES, ruling.note or "observed, not enforced"
    if ruling.severity is Severity.WARNING and not terms.fail_on_warning:
        return Effect.ADVISES, ruling.note
    if status is Status.UNKNOWN and terms.stage is Stage.LOCAL:
        return Effect.ADVISES, "could not be told here; in a pull request this blocks"
    return Effect.BLOCKS, ruling.note


def conclude(subjects: Iterable[SubjectVerdict], *, configured: bool) -> Gate:
    """Answer for the whole change; the strictest subject decides.

    Args:
        subjects: Every subject, settled.
        configured: Whether the base has a configuration; without one nothing is enforced.
    """
    shown = [item for subject in subjects for item in subject.settled if item.effect is not Effect.NONE]
    blocking = [item for item in shown if item.effect is Effect.BLOCKS]
    if blocking:
        only_people = all(item.awaits_approval for item in blocking)
        return Gate.AWAITING_APPROVAL if only_people else Gate.CLOSED
    observed = any(
        item.effect is Effect.ADVISES and item.severity is Severity.ERROR and not item.enforced for item in shown
    )
    return Gate.NOT_ENFORCED if observed or not configured else Gate.OPEN

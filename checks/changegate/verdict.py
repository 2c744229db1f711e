"""What was decided: questions, outcomes, rulings, findings, places, verdicts.

Everything that a report shows is in `Verdict`; and, where it is kept, all that is needed to come to it once more.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from changegate.names import (
    Change,
    DiffEntry,
    Effect,
    Enforcement,
    Identity,
    KeyPath,
    Location,
    Severity,
    Stage,
    Status,
)
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.errors import ChangegateError
    from changegate.rego.bundle import Bundle


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


class RelatedPlace(NamedTuple):
    """Another place to look at beside a violation's own, as the rule said it."""

    message: str
    """What is there, in a few words: `the previous release`, `the contract`."""
    path: KeyPath = ()
    """Keys into the manifest; ignored where `at` is given."""
    at: Mapping[str, Any] | None = None
    """In another file, as a violation's."""
    previous: bool = False
    """Whether the path leads into the previous release's manifest."""


class Violation(NamedTuple):
    """One place where a rule does not hold, as the rule said it."""

    path: KeyPath = ()
    """Keys into the manifest; ignored where `at` is given."""
    at: Mapping[str, Any] | None = None
    """Another file: `{file, revision, path}`, and `line`, `column` where only those are known."""
    details: Mapping[str, Any] = {}
    """What fills the rule's message and remediation."""
    related: tuple[RelatedPlace, ...] = ()


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


class Holder(NamedTuple):
    """What overrides are chosen by, beside rule and tier."""

    owner: str = ""
    identity: Identity | None = None


class Question(NamedTuple):
    """One question that was asked about a subject, with the answer."""

    document: Mapping[str, Any]
    """The input document, whole."""
    decision: Decision
    """What all policies answered to it, the repository's own included."""
    holder: Holder | None = None
    """Whose thresholds are in it; None where there is one set of thresholds for everybody."""
    tier: str = ""
    """The tier whose thresholds are in it; empty where none are chosen by the tier."""
    counts: bool = True
    """False where it only told the tier by which thresholds are chosen."""


class Ruling(NamedTuple):
    """What the terms say of one rule for one subject: how it is meant and whether it is enforced."""

    severity: Severity
    enforcement: Enforcement
    note: str = ""
    """The reason that an override gives, for people."""
    awaits_approval: bool = False
    """Whether the rule fails only because people still have to approve."""


class RelatedLocation(NamedTuple):
    """Another place to look at beside a finding's own, and what is there."""

    location: Location
    message: str


class Edit(NamedTuple):
    """A value that would mend a finding, as `changegate fix` writes it."""

    file: str
    document: int
    """Which document of the file, from 0."""
    path: KeyPath
    """Of the value; a field that is not there is added."""
    value: str | int | float | bool
    accepts: str = ""
    """What a person has to accept first, as `--accept` takes it: a file whose bytes are others, or a place of the
    manifest. Empty where nothing is decided by it."""


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
    related: tuple[RelatedLocation, ...] = ()
    """What else to look at; no part of the fingerprint."""
    ordinal: int = 0
    """Of findings that are equal but for their lines, which one this is, from above; 0 for the first."""
    description: str = ""
    """Why the rule is there."""
    edits: tuple[Edit, ...] = ()
    """What `changegate fix` writes to mend it; no part of the fingerprint."""

    @property
    def fixable(self) -> bool:
        """Whether `changegate fix` mends it, without anybody deciding anything."""
        return bool(self.edits) and not any(edit.accepts for edit in self.edits)

    @property
    def accepts(self) -> tuple[str, ...]:
        """What somebody has to accept before `changegate fix` mends it, each for `--accept`."""
        return tuple(dict.fromkeys(edit.accepts for edit in self.edits if edit.accepts))

    @property
    def check(self) -> str:
        """The rule's family: the part of its id before the slash."""
        return self.rule.partition("/")[0]

    @property
    def fingerprint(self) -> str:
        """A stable name of this finding that survives moved lines: 32 hex digits; no other of its subject has it."""
        import hashlib
        import json

        place = self.location
        parts: list[Any] = [self.rule, self.subject.label, place.file, list(place.path), dict(self.details)]
        parts += [self.ordinal] if self.ordinal else []
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


class Measure(NamedTuple):
    """A number of a release that its users or its owner would notice, beside that of the previous release."""

    kind: str
    """metric, selection, group, latency, size or cost."""
    name: str
    """What was measured, as the report or the manifest calls it."""
    value: float | None
    """None where it is not measured any more."""
    previous: float | None = None
    """None where there is no previous release, or it did not measure this."""
    interval: tuple[float, float] | None = None
    previous_interval: tuple[float, float] | None = None
    more_is_better: bool | None = None
    """None where neither is."""
    unit: str = ""
    """ratio, ms, bytes, money, or empty for a plain number."""
    limit: float | None = None
    """What the manifest promises, in the same unit: the threshold of an objective, the budget of a week."""

    @property
    def turn(self) -> str:
        """better, worse, same, other (neither is better), new, or gone."""
        if self.value is None:
            return "gone"
        if self.previous is None:
            return "new"
        if self.value == self.previous:
            return "same"
        if self.more_is_better is None:
            return "other"
        return "better" if (self.value > self.previous) is self.more_is_better else "worse"


class RolloutFiles(NamedTuple):
    """A release's rollout as files: the neutral plan, and what its controller applies."""

    files: tuple[tuple[str, str], ...] = ()
    """(name, text), in a stable order with stable bytes; empty where there is no plan."""
    target: str = ""
    """The controller that the manifest names; empty where it names none."""
    documents: tuple[str, ...] = ()
    """Which of the files are in the controller's form."""
    losses: tuple[str, ...] = ()
    """What that form does not express, each a sentence."""
    missing: str = ""
    """Why there is no plan, or nothing in the controller's form; empty where all is there."""
    hint: str = ""
    """What to try then."""
    failed: bool = False
    """Whether it is missing because rendering failed in a way that nobody expected."""


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
    entries: tuple[DiffEntry, ...] = ()
    """What changed since the previous release, as a reviewer reads it; none where nothing is compared."""
    plan: Mapping[str, Any] | None = None
    """The neutral rollout plan, where there is one."""
    rendering: Mapping[str, Any] | None = None
    """What the plan's controller makes of it, where it names one."""
    measures: tuple[Measure, ...] = ()
    """What changes for users, in numbers, of a release in the change; those that got better, too."""
    groups: tuple[Measure, ...] = ()
    """How each group of people fares, of a release in the change: its selection rate as a share of the highest."""
    rollout: RolloutFiles | None = None
    """The same as files, of a release in the change; kept where a report asks for it."""
    questions: tuple[Question, ...] = ()
    """Everything that was asked, in its order; kept where a report asks for it, as are rulings and waivers."""
    rulings: Mapping[str, Ruling] = {}
    """By rule: what the outcomes were settled by."""
    waivers: Mapping[str, str] = {}
    """By rule that failed: the text of the waiver in force."""
    accident: ChangegateError | None = None
    """What ended the judging before there was an answer: then the gate does not decide, whatever the others say."""

    @property
    def input(self) -> Mapping[str, Any] | None:
        """The input document of what the release is now, where it was kept."""
        return next((one.document for one in self.questions if one.counts), None)


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
    head_tree: str = ""
    """The id of the tree that was judged; empty where git does not know it, as of a working tree."""
    reviewed_head: str = ""
    pull_request: int | None = None
    now: int = 0
    """Seconds since the epoch, UTC."""
    configured: bool = True
    """False where the base has no `.changegate/config.yaml`: then nothing is enforced."""
    tool_version: str = ""
    engine: str = ""
    """The engine and its version."""
    policy_digest: str = ""
    settings_digest: str = ""
    teams_digest: str = ""
    waivers_digest: str = ""
    signers_digest: str = ""
    enforcement: Enforcement | None = None
    """What the settings say of every rule of which no override says otherwise; None where none were read."""
    fail_on: str = "error"
    """What closes the gate: `error`, or `warning` too."""
    require_config: bool = False
    """Whether a base without a configuration is refused."""
    all: bool = False
    """Whether every manifest was asked for, not only what the change touches."""
    paths: tuple[str, ...] = ()
    """The manifests that were asked for alone; empty for all that the change touches."""


class DecidingPolicies(NamedTuple):
    """The texts of the policies that decided."""

    ours: Bundle
    """Those that changegate ships."""
    own: Bundle | None = None
    """The repository's own, with what they see of ours; None where there are none."""

    @property
    def digest(self) -> str:
        """`sha256:<hex>` over all of them."""
        if self.own is None:
            return self.ours.digest
        import hashlib

        return "sha256:" + hashlib.sha256(f"{self.ours.digest} {self.own.digest}".encode()).hexdigest()


class ReleaseImpact(NamedTuple):
    """A release that would get another verdict once a change of the rules has landed."""

    subject: Subject
    before: Gate | None
    """By the rules of the base; None where its globs leave the release out."""
    after: Gate | None
    """By the rules of the head; None where its globs leave the release out."""
    rules: tuple[str, ...] = ()
    """The rules that block it on one side and not on the other."""
    reason: str = ""
    """Why the rules of the head come to no answer; empty where they do."""


class Impact(NamedTuple):
    """What a change of the rules does to the releases that there are. Advice: no verdict is made of it."""

    releases: tuple[ReleaseImpact, ...] = ()
    """Those whose verdict differs, in the order of their files, those of the change first."""
    looked_at: int = 0
    """How many were judged by both sets of rules."""
    left_out: str = ""
    """Why others were not looked at, or why nothing can be told; empty where all were."""


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
    policies: DecidingPolicies | None = None
    """What decided, where a report wants it; None where nothing was decided, too."""
    impact: Impact | None = None
    """What the rules of the head would do to the releases that there are; None where the change touches no rules."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, in the stable order of their subjects."""
        return tuple(finding for subject in self.subjects for finding in subject.findings)

    @property
    def exit_code(self) -> int:
        """The process exit code."""
        return self.gate.exit_code

"""Judging one subject: from its files to its settled verdict. `gate.py` shows where this stands in the pipeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from changegate import evidence, progress
from changegate.change import RELEASE
from changegate.change.collector import origin
from changegate.change.queued import NOTHING_BELOW
from changegate.diff import classes, operation, semantic, version_step
from changegate.evidence.collector import EvidenceRequest
from changegate.judging.accidents import guarded, of_one, reason_of, unjudged
from changegate.judging.findings import Finder, Locator, ManifestSide
from changegate.judging.input import document, validate
from changegate.judging.measures import groups_of, measures_of
from changegate.judging.mending import Mending
from changegate.judging.refused import told_refusals
from changegate.manifest import Manifest, identity_of
from changegate.mend.known_files import KnownFiles
from changegate.names import Status
from changegate.settle import Terms, settle, unread, worst
from changegate.stages import in_stages
from changegate.verdict import Decision, Holder, Question, Subject, SubjectKind, SubjectVerdict

if TYPE_CHECKING:
    from changegate.approvals.reviews import Reviews
    from changegate.change.changeset import Item
    from changegate.change.collector import ChangeRequest, Origin
    from changegate.change.queued import QueuedBelow
    from changegate.errors import ChangegateError
    from changegate.evidence.files import EvidenceFiles
    from changegate.judging.rules import Rules
    from changegate.names import Change, DiffEntry
    from changegate.rego.engines import Engine
    from changegate.rollout import Planned
    from changegate.stages import Staged
    from changegate.workspace.scope import Scope


Asking = Callable[[Mapping[str, Any]], "Staged[dict[str, Any]]"]
"""Makes the input document of a subject from thresholds."""


class Judge:
    """Judges subjects under the same rules, each stage by stage: see `stages`."""

    scope: Final[Scope]
    rules: Final[Rules]
    """Settings, teams, waivers and policies, as the base has them."""
    files: Final[EvidenceFiles]
    reviews: Final[Reviews]
    below: Final[QueuedBelow]
    """What other pull requests bring, where a queue holds some below this one: the reviews are not of it."""
    engine: Final[Engine]
    now: Final[int]
    own_engine: Final[Engine | None]
    """Evaluates the repository's own policies, apart from ours."""
    fail_on_warning: Final[bool]
    keep_input: Final[bool]
    """Whether verdicts carry all that they were come to by, for the reports that want it."""

    def __init__(
        self,
        *,
        scope: Scope,
        rules: Rules,
        files: EvidenceFiles,
        reviews: Reviews,
        engine: Engine,
        now: int,
        own_engine: Engine | None = None,
        fail_on_warning: bool = False,
        keep_input: bool = False,
        below: QueuedBelow = NOTHING_BELOW,
    ) -> None:
        """Take what all subjects are judged by."""
        self.scope = scope
        self.rules = rules
        self.files = files
        self.reviews = reviews
        self.engine = engine
        self.now = now
        self.own_engine = own_engine
        self.fail_on_warning = fail_on_warning
        self._known_files = KnownFiles(scope.head)
        self.keep_input = keep_input
        self.below = below

    def release(self, item: Item, came: Origin) -> Staged[SubjectVerdict]:
        """Judge a release, stage by stage: its manifest at the head beside the previous release.

        Args:
            item: The manifest, and why it is in the change.
            came: Where it comes from: the previous release, or why there is none.
        """
        subject = Subject(SubjectKind.RELEASE, item.manifest.identity, item.file)
        manifest = item.manifest
        if not isinstance(manifest, Manifest):
            if manifest.accident is not None:
                raise manifest.accident
            # the faults themselves stand in the change set
            reason = "the manifest is not valid"
            return unjudged(subject, reason, item.operation, item.why, **self._unknown(subject, reason))
        release, before = manifest.value, came.previous.get("release")
        changes = semantic(before, release)
        operates = _operation(came, release) if item.in_change else "unchanged"
        step = version_step(before, release, changes)

        def ask(settings: Mapping[str, Any]) -> Staged[dict[str, Any]]:
            request = self._request(manifest, before, settings)._replace(plan_start=came.plan_start)
            found, facts = yield from evidence.gathering(request, evidence.RELEASE)
            return document(
                subject,
                context=self._context(),
                settings=settings,
                release=release,
                facts={**facts, **came.facts},
                evidence=found,
                previous=came.previous,
                operation=operates,
                classes=classes(changes),
                changes=changes,
                step=step,
            )

        from changegate.rollout import planned

        questions = yield from self._asked(subject, ask, release, before)
        yield
        return self._verdict(
            questions,
            ManifestSide(manifest.document),
            operation=operates,
            why=item.why,
            version=release["spec"]["version"],
            changes=changes,
            entries=_entries(before, changes, _of_now(questions)) if item.in_change else (),
            measures=measures_of(_of_now(questions)["facts"]) if item.in_change else (),
            groups=groups_of(_of_now(questions)["facts"]) if item.in_change else (),
            planned=planned(release, _of_now(questions)["settings"]) if item.in_change else None,
        )

    def retirement(self, manifest: Manifest, came: Origin) -> Staged[SubjectVerdict]:
        """Judge the deletion of a release, stage by stage.

        Args:
            manifest: The manifest that the base has and the head has not.
            came: What it was, and what still depends on it.
        """
        subject = Subject(SubjectKind.RETIREMENT, manifest.identity, manifest.file)

        def ask(settings: Mapping[str, Any]) -> Staged[dict[str, Any]]:
            request = self._request(manifest, manifest.value, settings)
            found, facts = yield from evidence.gathering(request, evidence.RETIREMENT)
            return document(
                subject,
                context=self._context(),
                settings=settings,
                release=None,
                facts={**facts, **came.facts},
                evidence=found,
                previous=came.previous,
                operation="retire",
            )

        version = manifest.value["spec"]["version"]
        questions = yield from self._asked(subject, ask, manifest.value)
        return self._verdict(
            questions,
            ManifestSide(manifest.document, "base"),
            operation="retire",
            why="the manifest was deleted",
            version=version,
        )

    def change_set(
        self, facts: Mapping[str, Any], found: Mapping[str, Any], governance: tuple[Change, ...] = ()
    ) -> SubjectVerdict:
        """Judge the change as a whole: control files, unreadable files, identities used twice.

        Args:
            facts: About it.
            found: The evidence.
            governance: What it does to the rules of the game, for people.
        """
        subject = Subject(SubjectKind.CHANGE_SET)
        asked = document(
            subject,
            context=self._context(),
            settings=self.rules.config.settings,
            release=None,
            facts=facts,
            evidence=found,
            previous={"status": "absent", "reason": "a change set has no previous release"},
            operation="none",
        )
        (decision,) = in_stages([self._decided(subject, asked)])
        question = Question(asked, decision)
        return self._verdict((question,), None, operation="none", why="", version=None, changes=governance)

    def _verdict(
        self,
        questions: tuple[Question, ...],
        manifest: ManifestSide | None,
        planned: Planned | None = None,
        **about: Any,
    ) -> SubjectVerdict:
        decision, asked = worst([one.decision for one in questions if one.counts]), _of_now(questions)
        subject = decision.subject
        terms = self._terms(decision, asked["release"], asked["previous"].get("release"))
        settled = settle(decision, terms)
        from changegate.change.tags import tree_of

        locator = Locator(self.scope.head, self.scope.base, lambda commit: tree_of(self.scope.git, commit))
        finder = Finder(subject, self.rules.catalogue, locator, manifest, asked["previous"])
        release = asked["release"] if manifest is not None else None
        found = told_refusals(finder.findings(settled), release, asked["settings"])
        mending = Mending(asked, manifest, (self.scope.head, self.scope.base), self._known_files)
        return SubjectVerdict(
            subject=subject,
            previous=_previous(asked["previous"]),
            tier=decision.tier,
            tier_reasons=decision.tier_reasons,
            approvals=decision.approvals,
            settled=settled,
            findings=tuple(mending.mended(found, finder.rollback_target)),
            plan=planned.plan if planned else None,
            rendering=planned.rendering if planned else None,
            **self._kept(terms, questions),
            **{"changes": (), **about},
        )

    def _kept(self, terms: Terms, questions: tuple[Question, ...] = ()) -> dict[str, Any]:
        """What the verdict is to be come to by once more, where a report carries it."""
        if not self.keep_input:
            return {}
        return {"questions": questions, "rulings": terms.rulings, "waivers": terms.waivers}

    def _asked(
        self, subject: Subject, ask: Asking, *releases: Mapping[str, Any] | None
    ) -> Staged[tuple[Question, ...]]:
        """Ask under the thresholds that hold for the subject; under several, the worst that each rule said counts.

        Args:
            subject: What is judged.
            ask: Makes the input document from thresholds.
            releases: The release, and the previous one: a change of name or owner must not choose the thresholds.

        Returns:
            All that was asked, what the release is now first; at least one counts.
        """
        if not self.rules.config.has_own_settings:
            return ((yield from self._question(subject, ask, self.rules.config.settings)),)
        questions: list[Question] = []
        for holder in _holders(*releases):
            questions += yield from self._for_holder(subject, ask, holder)
        return tuple(questions)

    def _for_holder(self, subject: Subject, ask: Asking, holder: Holder) -> Staged[list[Question]]:
        """Ask once, and once more where thresholds are chosen by the tier, which the first answer tells."""
        config = self.rules.config
        settings = config.settings_of(owner=holder.owner, identity=holder.identity)
        first = (yield from self._question(subject, ask, settings))._replace(holder=holder)
        if not config.has_tier_settings:
            return [first]
        tier = first.decision.tier
        of_tier = config.settings_of(owner=holder.owner, identity=holder.identity, tier=tier)
        if of_tier == settings:
            return [first]
        again = (yield from self._question(subject, ask, of_tier))._replace(holder=holder, tier=tier)
        return [first._replace(counts=False), again]

    def _question(self, subject: Subject, ask: Asking, settings: Mapping[str, Any]) -> Staged[Question]:
        asked = yield from ask(settings)
        yield
        return Question(asked, (yield from self._decided(subject, asked)))

    def _decided(self, subject: Subject, asked: Mapping[str, Any]) -> Staged[Decision]:
        """Ask our rules, then the repository's own, which can add outcomes and change none."""
        answer = self.engine.decide(asked, meanwhile=lambda: validate(asked, subject.label))
        yield
        decision = self.rules.catalogue.decode(answer, subject)
        if self.rules.own is None or self.own_engine is None:
            return decision
        yield
        own = self.rules.own.outcomes(self.own_engine, subject, asked)
        return decision._replace(outcomes={**decision.outcomes, **own})

    def ended(self, subject: Subject, accident: ChangegateError, operation: str, why: str = "") -> SubjectVerdict:
        """The verdict on a subject of which the judging ended before there was an answer: every rule is unknown.

        Args:
            subject: What was judged.
            accident: What ended it.
            operation: What the change does to it, as far as is known.
            why: Why it is in the change.
        """
        reason = reason_of(accident)
        try:
            settled = self._unknown(subject, reason)
        except Exception as fault:  # noqa: BLE001  (what ended it may be what makes every rule unknown, too)
            of_one(fault)
            settled = {"settled": ()}
        return unjudged(subject, reason, operation, why, **settled)._replace(accident=accident)

    def _unknown(self, subject: Subject, reason: str) -> dict[str, Any]:
        """What follows where no rule can be asked: every one is unknown."""
        decision = unread(subject, self.rules.catalogue.rules_of(subject.kind), reason)
        terms = self._terms(decision)
        return {"settled": settle(decision, terms), **self._kept(terms)}

    def _terms(self, decision: Decision, *releases: Mapping[str, Any] | None) -> Terms:
        """The terms for a subject, under the strictest that hold for any of its releases."""
        subject, holders = decision.subject, _holders(*releases)
        failed = (rule for rule, outcome in decision.outcomes.items() if outcome.status is Status.FAILED)
        version = next((str(one["spec"]["version"]) for one in releases if one is not None), "")
        about = subject, decision.tier, self.now, holders
        waivers = {rule: self.rules.waiver(rule, *about, version=version) for rule in failed}
        by_default = (Holder(identity=subject.identity),)
        return Terms(
            stage=self.scope.stage,
            rulings=self.rules.rulings(subject.kind, decision.tier, holders or by_default),
            waivers={rule: text for rule, text in waivers.items() if text},
            fail_on_warning=self.fail_on_warning,
        )

    def _request(
        self, manifest: Manifest, before: Mapping[str, Any] | None, settings: Mapping[str, Any]
    ) -> EvidenceRequest:
        release = manifest.value
        identities = [identity_of(one) for one in (release, before) if one is not None]
        return EvidenceRequest(
            release=release,
            previous=before,
            files=self.files.beside(manifest.file),
            reviews=self.below.reviews_of(self.reviews, manifest),
            teams=self.rules.teams,
            signers=self.rules.signers,
            now=self.now,
            settings=settings,
            inventory=self.rules.config.inventory(*identities),
            follow_ups=self.rules.waivers.follow_ups(*identities),
        )

    def _context(self) -> dict[str, Any]:
        return {
            "stage": self.scope.stage.value,
            "repository": self.scope.repository,
            "base": self.scope.base_id,
            "head": self.scope.head_id,
            "reviewedHead": self.scope.reviewed_head,
            "author": {"login": self.scope.author.login, "kind": self.scope.author.kind},
            "committers": list(self.reviews.excluded),
            "now": self.now,
        }


def release_in_stages(judge: Judge, asked: ChangeRequest, item: Item) -> Staged[SubjectVerdict]:
    """Find where a release comes from, and judge it.

    Args:
        judge: The judge of the run.
        asked: What is asked of the change as a whole.
        item: The manifest, and why it is in the change.
    """

    def work() -> Staged[SubjectVerdict]:
        came = origin(asked._replace(manifest=item.manifest), RELEASE)
        yield
        judged = yield from judge.release(item, came)
        progress.step()
        return judged

    return guarded(work(), lambda accident: release_ended(judge, item, accident))


def release_ended(judge: Judge, item: Item, accident: ChangegateError) -> SubjectVerdict:
    """The verdict on a release of which the judging ended before there was an answer."""
    subject = Subject(SubjectKind.RELEASE, item.manifest.identity, item.file)
    return judge.ended(subject, accident, item.operation, item.why)


def _operation(came: Origin, release: Mapping[str, Any]) -> str:
    before, how = came.previous.get("release"), came.previous.get("how", "")
    return operation(before, release, how, ran=came.facts["lineage"]["version"]["ranBefore"])


def _entries(
    before: Mapping[str, Any] | None, changes: tuple[Change, ...], asked: Mapping[str, Any]
) -> tuple[DiffEntry, ...]:
    """What changed, for people; what reports say of it is in the facts that were gathered."""
    if before is None or not changes:
        return ()
    from changegate.diff.entries import describe

    return describe(before, asked["release"], changes, asked["facts"])


def _of_now(questions: tuple[Question, ...]) -> Mapping[str, Any]:
    """The input document of what the release is now, under the thresholds that count."""
    return next(one.document for one in questions if one.counts)


def _holders(*releases: Mapping[str, Any] | None) -> tuple[Holder, ...]:
    """What overrides are chosen by: of the release, and of the previous one where that differs."""
    return tuple(
        dict.fromkeys(Holder(one["metadata"]["owner"], identity_of(one)) for one in releases if one is not None)
    )


def _previous(stated: Mapping[str, Any]) -> dict[str, Any]:
    """What a report says of the previous release: its version instead of all of it."""
    told = {key: value for key, value in stated.items() if key != "release"}
    return told if "release" not in stated else {**told, "version": stated["release"]["spec"]["version"]}

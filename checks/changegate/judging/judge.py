"""Judging one subject: from its files to its settled verdict. `gate.py` shows where this stands in the pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from changegate import evidence
from changegate.diff import classes, operation, semantic
from changegate.evidence.collector import EvidenceRequest
from changegate.judging.findings import Finder, Locator
from changegate.judging.input import document, validate
from changegate.judging.rules import Holder
from changegate.manifest import Manifest, identity_of
from changegate.names import Status
from changegate.settle import Ruling, Terms, settle, worst
from changegate.verdict import Decision, Outcome, Subject, SubjectKind, SubjectVerdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from changegate.approvals.reviews import Reviews
    from changegate.change.changeset import Item
    from changegate.change.lineage import Previous
    from changegate.evidence.files import EvidenceFiles
    from changegate.judging.rules import Rules
    from changegate.manifest import Document
    from changegate.rego.engines import Engine
    from changegate.rollout import Planned
    from changegate.workspace.scope import Scope


class Judge:
    """Judges subjects, one after another, under the same rules."""

    scope: Final[Scope]
    rules: Final[Rules]
    """Settings, teams, waivers and policies, as the base has them."""
    files: Final[EvidenceFiles]
    reviews: Final[Reviews]
    engine: Final[Engine]
    now: Final[int]
    own_engine: Final[Engine | None]
    """Evaluates the repository's own policies, apart from ours."""
    fail_on_warning: Final[bool]
    keep_input: Final[bool]
    """Whether verdicts carry their input documents, for the reports that want them."""

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
        self.keep_input = keep_input

    def release(self, item: Item, previous: Previous) -> SubjectVerdict:
        """Judge a release: its manifest at the head beside the previous release.

        Args:
            item: The manifest, and why it is in the change.
            previous: The previous release, or why there is none.
        """
        subject = Subject(SubjectKind.RELEASE, item.manifest.identity, item.file)
        if not isinstance(item.manifest, Manifest):
            return self._not_evaluated(subject, item)
        release, before = item.manifest.value, previous.release
        changes = semantic(before, release)
        lineage = previous.facts
        ran = lineage["version"]["ranBefore"]
        operates = operation(before, release, previous.how, ran=ran) if item.in_change else "unchanged"

        def ask(settings: Mapping[str, Any]) -> dict[str, Any]:
            found, facts = evidence.gather(self._request(release, before, settings), evidence.RELEASE)
            facts["lineage"] = lineage
            return document(
                subject,
                context=self._context(),
                settings=settings,
                release=release,
                facts=facts,
                evidence=found,
                previous=previous.as_json(),
                operation=operates,
                classes=classes(changes),
                changes=changes,
            )

        from changegate.rollout import planned

        asked, decision = self._judged(subject, ask, release, before)
        return self._verdict(
            asked,
            decision,
            item.manifest.document,
            operation=operates,
            why=item.why,
            version=release["spec"]["version"],
            changes=changes,
            planned=planned(release, asked["settings"]) if item.in_change else None,
        )

    def retirement(self, manifest: Manifest, dependants: list[dict[str, Any]]) -> SubjectVerdict:
        """Judge the deletion of a release.

        Args:
            manifest: The manifest that the base has and the head has not.
            dependants: Manifests at the head that still depend on it, each `{file, identity, path}`.
        """
        subject = Subject(SubjectKind.RETIREMENT, manifest.identity, manifest.file)
        before = {"status": "present", "how": "identity", "revision": self.scope.base_id}

        def ask(settings: Mapping[str, Any]) -> dict[str, Any]:
            request = self._request(manifest.value, manifest.value, settings)
            found, facts = evidence.gather(request, evidence.RETIREMENT)
            facts["retirement"] = {"checked": True, "dependants": dependants}
            return document(
                subject,
                context=self._context(),
                settings=settings,
                release=None,
                facts=facts,
                evidence=found,
                previous={**before, "file": manifest.file, "release": manifest.value},
                operation="retire",
            )

        asked, decision = self._judged(subject, ask, manifest.value)
        version = manifest.value["spec"]["version"]
        return self._verdict(
            asked,
            decision,
            manifest.document,
            revision="base",
            operation="retire",
            why="the manifest was deleted",
            version=version,
        )

    def change_set(self, facts: Mapping[str, Any], found: Mapping[str, Any]) -> SubjectVerdict:
        """Judge the change as a whole: control files, unreadable files, identities used twice."""
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
        decision = self._decision(subject, asked)
        return self._verdict(asked, decision, None, operation="none", why="", version=None)

    def _verdict(
        self,
        asked: dict[str, Any],
        decision: Decision,
        manifest: Document | None,
        revision: str = "head",
        planned: Planned | None = None,
        **about: Any,
    ) -> SubjectVerdict:
        settled = settle(decision, self._terms(asked["release"], asked["previous"].get("release")))
        subject = decision.subject
        finder = Finder(subject, self.rules.catalogue, Locator(self.scope.head, self.scope.base))
        return SubjectVerdict(
            subject=subject,
            previous=_previous(asked["previous"]),
            tier=decision.tier,
            tier_reasons=decision.tier_reasons,
            approvals=decision.approvals,
            settled=settled,
            findings=finder.findings(settled, manifest, revision),
            plan=planned.plan if planned else None,
            rendering=planned.rendering if planned else None,
            input=asked if self.keep_input else None,
            **{"changes": (), **about},
        )

    def _judged(
        self, subject: Subject, ask: Callable[[Mapping[str, Any]], dict[str, Any]], *releases: Mapping[str, Any] | None
    ) -> tuple[dict[str, Any], Decision]:
        """Ask under the thresholds that hold for the subject; under several, the worst that each rule said counts.

        Args:
            subject: What is judged.
            ask: Makes the input document from thresholds.
            releases: The release, and the previous one: a change of name or owner must not choose the thresholds.

        Returns:
            The input document for the release, and the decision.
        """
        if not self.rules.config.has_own_settings:
            asked = ask(self.rules.config.settings)
            return asked, self._decision(subject, asked)
        given = [self._for_holder(subject, ask, one) for one in _holders(*releases)]
        first = given[0]
        return first[0], worst([decision for _, decision in given]) if len(given) > 1 else first[1]

    def _for_holder(
        self, subject: Subject, ask: Callable[[Mapping[str, Any]], dict[str, Any]], holder: Holder
    ) -> tuple[dict[str, Any], Decision]:
        """Ask once, and once more where thresholds are chosen by the tier, which the first answer tells."""
        config = self.rules.config
        asked = ask(config.settings_of(owner=holder.owner, identity=holder.identity))
        decision = self._decision(subject, asked)
        if config.has_tier_settings:
            settings = config.settings_of(owner=holder.owner, identity=holder.identity, tier=decision.tier)
            if settings != asked["settings"]:
                asked = ask(settings)
                decision = self._decision(subject, asked)
        return asked, decision

    def _decision(self, subject: Subject, asked: Mapping[str, Any]) -> Decision:
        """Ask our rules, then the repository's own, which can add outcomes and change none."""
        validate(asked, subject.label)
        decision = self.rules.catalogue.decode(self.engine.decide(asked), subject)
        if self.rules.own is None or self.own_engine is None:
            return decision
        own = self.rules.own.outcomes(self.own_engine, subject, asked)
        return decision._replace(outcomes={**decision.outcomes, **own})

    def _not_evaluated(self, subject: Subject, item: Item) -> SubjectVerdict:
        """Every rule of a release that cannot be read is unknown; the faults themselves stand in the change set."""
        reason = "the manifest is not valid"
        unknown = Outcome(Status.UNKNOWN, reason=reason)
        decision = Decision(subject, dict.fromkeys(self.rules.catalogue.rules_of(SubjectKind.RELEASE), unknown))
        return SubjectVerdict(
            subject=subject,
            operation="update" if item.in_change else "unchanged",
            why=item.why,
            version=None,
            previous={"status": "unavailable", "reason": reason},
            tier=decision.tier,
            tier_reasons=(reason,),
            approvals=(),
            changes=(),
            settled=settle(decision, self._terms()),
            findings=(),
            not_evaluated=reason,
        )

    def _terms(self, *releases: Mapping[str, Any] | None) -> Terms:
        """The terms for a subject, under the strictest that hold for any of its releases."""
        holders = _holders(*releases)

        def rulings(decision: Decision) -> Mapping[str, Ruling]:
            return self.rules.rulings(decision.tier, holders or (Holder(identity=decision.subject.identity),))

        return Terms(
            stage=self.scope.stage,
            rulings=rulings,
            waiver=lambda rule, subject: self.rules.waiver(rule, subject, self.now, holders),
            fail_on_warning=self.fail_on_warning,
        )

    def _request(
        self, release: Mapping[str, Any], before: Mapping[str, Any] | None, settings: Mapping[str, Any]
    ) -> EvidenceRequest:
        return EvidenceRequest(
            release=release,
            previous=before,
            files=self.files,
            reviews=self.reviews,
            teams=self.rules.teams,
            now=self.now,
            settings=settings,
            inventory=self.rules.config.inventory(*(identity_of(one) for one in (release, before) if one is not None)),
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


def _holders(*releases: Mapping[str, Any] | None) -> tuple[Holder, ...]:
    """What overrides are chosen by: of the release, and of the previous one where that differs."""
    return tuple(
        dict.fromkeys(Holder(one["metadata"]["owner"], identity_of(one)) for one in releases if one is not None)
    )


def _previous(stated: Mapping[str, Any]) -> dict[str, Any]:
    """What a report says of the previous release: its version instead of all of it."""
    told = {key: value for key, value in stated.items() if key != "release"}
    return told if "release" not in stated else {**told, "version": stated["release"]["spec"]["version"]}

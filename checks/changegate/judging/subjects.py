"""Running the judge over a change: what each subject needs, in parallel where there is much, and what it comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate import __version__
from changegate.approvals.reviews import Reviews
from changegate.change.facts import gather_change
from changegate.change.lineage import Lineage, previous_of
from changegate.change.manifests import NEEDLE_ESCAPE, open_manifest
from changegate.change.survey import survey
from changegate.errors import ConfigurationError, PolicyError
from changegate.evidence.files import EvidenceFiles
from changegate.judging.judge import Judge
from changegate.judging.rules import Rules
from changegate.manifest import Manifest
from changegate.names import Effect, Identity
from changegate.records import NamedTuple
from changegate.verdict import Context, Gate, SubjectKind, Verdict
from changegate.workspace.scope import committers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from changegate.change.changeset import ChangeSet, Item
    from changegate.change.would_load import Trial
    from changegate.rego.engines import Engine, Host
    from changegate.request import Request
    from changegate.verdict import SubjectVerdict
    from changegate.workspace.scope import Scope


def context_of(scope: Scope, known: Context, rules: Rules | None = None) -> Context:
    """The circumstances, as reports show them."""
    return known._replace(
        stage=scope.stage,
        repository=scope.repository or (rules.config.repository if rules else ""),
        trusted_ref=scope.trusted_ref,
        base=scope.base_id,
        head=scope.head_id,
        reviewed_head=scope.reviewed_head,
        pull_request=scope.pull_request,
        configured=rules.config.configured if rules else True,
        tool_version=__version__,
        policy_digest=rules.policy_digest if rules else "",
        settings_digest=rules.config.digest if rules else "",
    )


def nothing_to_check(context: Context, scope: Scope, change: ChangeSet) -> Verdict:
    """The verdict where no manifest, nothing that a manifest names and no control file changed."""
    text = "nothing to check: no manifest, nothing that a manifest names and no control file changed"
    asked = scope.nothing_asked
    notes = (*scope.notes, *change.notes)
    return Verdict(Gate.OPEN, context, summary=asked or text, notes=notes, nothing_asked=bool(asked))


class Prepared(NamedTuple):
    """What judging begins with."""

    rules: Rules
    change: ChangeSet
    judge: Judge | None
    """None where there is nothing to check."""


def prepare(request: Request, scope: Scope, host: Host, now: int) -> Prepared:
    """Load what judges a change, and find what the change touches.

    Raises:
        ChangegateError: The base does not load, and the change does not mend it; or nothing could be decided otherwise.
    """
    try:
        rules = Rules.of_base(scope, require_config=request.require_config, policies=request.policies)
        return _prepared(request, scope, rules, host, now)
    except (ConfigurationError, PolicyError) as error:
        from changegate.judging.repair import way_back

        prepared = _prepared(request, scope, way_back(scope, request, error), host, now)
        if not prepared.change.control:
            raise
        return prepared


def _prepared(request: Request, scope: Scope, rules: Rules, host: Host, now: int) -> Prepared:
    change = survey(scope, rules.config, request.paths)
    return Prepared(rules, change, None if change.is_empty else judge_of(request, scope, rules, host, now))


def judge_of(request: Request, scope: Scope, rules: Rules, host: Host, now: int) -> Judge:
    """The judge of one run: what is handed in is read, and the policies are loaded."""
    approvals, handed_in = (_handed_in(path, scope) for path in (request.approvals, request.evidence))
    takes_part = (scope.author.login, *committers(scope)) if approvals is not None else ()
    reviews = _reviews(approvals, scope, rules, now, takes_part)
    if scope.all and scope.base is not None:
        scope.base.entries()  # one listing, where every release asks for what it had at the base
    known = scope.base.known_blob if scope.base is not None else (lambda _path: "")
    return Judge(
        scope=scope,
        rules=rules,
        files=EvidenceFiles(scope.head, scope.base, handed_in, known),
        reviews=reviews,
        engine=host.load(rules.bundle),
        own_engine=_own_engine(rules, host),
        now=now,
        fail_on_warning=request.fail_on_warning,
        keep_input=request.keep_input,
    )


def _reviews(approvals: Path | None, scope: Scope, rules: Rules, now: int, takes_part: Iterable[str]) -> Reviews:
    """What people said of the change; nothing that could be counted where nobody knows who may approve."""
    if rules.stands_in is not None and rules.stands_in.unknown_people:
        return Reviews("unavailable", rules.stands_in.unknown_people)
    return Reviews.load(
        approvals,
        takes_part=takes_part,
        repository=scope.repository or rules.config.repository,
        pull_request=scope.pull_request,
        head=scope.reviewed_head,
        now=now,
    )


def _handed_in(path: Path | None, scope: Scope) -> Path | None:
    """What CI hands in, outside the checkout; None where it is nothing."""
    if path is None:
        return None
    from changegate.files import outside

    return outside(path, scope.root)


def _own_engine(rules: Rules, host: Host) -> Engine | None:
    """An engine for the repository's own policies, apart from the one for ours."""
    if rules.own is None:
        return None
    from changegate.own_policies.isolated import Apart

    return Apart(host, rules.own.bundle)


def judge_all(judge: Judge, change: ChangeSet) -> tuple[SubjectVerdict, ...]:
    """Judge every subject of a change.

    Returns:
        Releases and retirements by file, then the change set.
    """
    scope, rules = judge.scope, judge.rules
    lineage = Lineage(scope, rules.config, change)
    subjects = [judge.release(item, previous_of(lineage, item)) for item in change.items]
    subjects.extend(judge.retirement(manifest, _dependants(scope, rules, manifest)) for manifest in change.retired)
    if change.unchanged:
        from changegate.judging.unchanged import judge_unchanged

        subjects.extend(judge_unchanged(judge, lineage, change))
    if scope.all and not any(one.subject.kind is SubjectKind.RELEASE for one in subjects) and change.outside:
        from changegate.change.outside import refuse_to_see_nothing

        refuse_to_see_nothing(change)
    if change.dependants or change.renames or any(map(_depends, change.items)):
        from changegate.change.dependencies import check_dependencies

        change.dependencies = check_dependencies(change, scope.head, rules.config)
    evidence, facts = gather_change(change, scope.head, judge.reviews, rules.teams, _trial(scope, rules))
    ordered = sorted(subjects, key=lambda one: (one.subject.file, one.subject.label))
    return (*ordered, judge.change_set(facts, evidence))


def _trial(scope: Scope, rules: Rules) -> Trial:
    from changegate.change.would_load import Trial

    return Trial.of(scope, rules.named, rules.config)


def _depends(item: Item) -> bool:
    return isinstance(item.manifest, Manifest) and "dependsOn" in item.manifest.value["spec"]


def _dependants(scope: Scope, rules: Rules, retired: Manifest) -> list[dict[str, Any]]:
    """Manifests at the head that still depend on a release that is deleted, each with its place."""
    found = []
    for path in sorted(scope.head.grep((retired.identity.name, NEEDLE_ESCAPE))):
        if not rules.config.matches(path):
            continue
        for manifest in open_manifest(scope.head, path).manifests:
            for index, other in enumerate(manifest.value["spec"].get("dependsOn", ())):
                if _names(other) == retired.identity:
                    line, column, _, _ = manifest.locate(("spec", "dependsOn", index, "name"))
                    place = {"file": path, "revision": "head", "line": line, "column": column}
                    found.append({"identity": str(manifest.identity), "at": place})
    return found


def _names(dependency: dict[str, Any]) -> Identity:
    usual = (dependency.get("environment", "production"), dependency["name"], dependency.get("variant", "main"))
    return Identity(*usual)


def summary_of(
    gate: Gate, subjects: Sequence[SubjectVerdict], rules: Rules, scope: Scope, change: ChangeSet
) -> dict[str, Any]:
    """The verdict in a sentence, and what a reader must know."""
    settled = [item for subject in subjects for item in subject.settled]
    blocking = sum(item.effect is Effect.BLOCKS for item in settled)
    releases = sum(subject.subject.kind is not SubjectKind.CHANGE_SET for subject in subjects)
    judged = f"{releases} release{'' if releases == 1 else 's'}"
    rules_block = "1 rule blocks" if blocking == 1 else f"{blocking} rules block"
    unenforced = "what fails is only observed" if rules.config.configured else "nothing is enforced"
    texts = {
        Gate.OPEN: "everything that was checked holds",
        Gate.CLOSED: rules_block,
        Gate.AWAITING_APPROVAL: "everything holds, and people still have to approve",
        Gate.NOT_ENFORCED: unenforced,
    }
    notes = () if rules.config.configured else (NOT_CONFIGURED,)
    own = rules.own.notes if rules.own is not None else ()
    mended = (rules.stands_in.note,) if rules.stands_in is not None else ()
    text = texts[gate] + ("; the base does not load, and this change mends it" if mended else "")
    told = (*mended, *notes, *scope.notes, *change.notes, *own, *_silenced(subjects))
    return {"summary": f"{judged}: {text}", "notes": told}


_NAMED = 5
"""So many models a note names."""


def _silenced(subjects: Iterable[SubjectVerdict]) -> list[str]:
    """What would have closed the gate and is switched off: by rule and reason, with the models that it is off for."""
    off: dict[tuple[str, str], dict[str, None]] = {}
    for subject in subjects:
        for finding in subject.findings:
            if finding.effect is Effect.OFF:
                off.setdefault((finding.rule, finding.note), {})[finding.subject.label] = None
    return [_off(rule, reason, list(names)) for (rule, reason), names in sorted(off.items())]


def _off(rule: str, reason: str, names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    where = ", ".join(names[:_NAMED]) + more
    return f"{rule}, an error by itself, does not hold for {where}, and is switched off: {reason}"


NOT_CONFIGURED = (
    "The base has no .changegate/config.yaml, so nothing is enforced: merge what `changegate init` writes, "
    "with `enforcement: enforce`."
)

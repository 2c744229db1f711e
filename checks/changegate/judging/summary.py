"""What a run comes to, in words: its circumstances, a sentence for the verdict, and what a reader must know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate import __version__
from changegate.judging.named import notes_on_names
from changegate.judging.waived import notes_on_waivers
from changegate.names import Effect, Status
from changegate.verdict import Context, Gate, SubjectKind, Verdict
from changegate.workspace.trees import GitTree

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from changegate.change.changeset import ChangeSet
    from changegate.judging.judge import Judge
    from changegate.judging.rules import Rules
    from changegate.own_policies.policies import OwnPolicies
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
        head_tree=scope.head.tree if isinstance(scope.head, GitTree) else "",
        reviewed_head=scope.reviewed_head,
        pull_request=scope.pull_request,
        configured=rules.config.configured if rules else True,
        tool_version=__version__,
        policy_digest=rules.deciding.digest if rules else "",
        settings_digest=rules.config.digest if rules else "",
        teams_digest=rules.teams.digest if rules else "",
        waivers_digest=rules.waivers.digest if rules else "",
        signers_digest=rules.signers.digest if rules else "",
        enforcement=rules.config.enforcement if rules else known.enforcement,
    )


def nothing_to_check(context: Context, scope: Scope, change: ChangeSet) -> Verdict:
    """The verdict where no manifest, nothing that a manifest names and no control file changed."""
    text = "nothing to check: no manifest, nothing that a manifest names and no control file changed"
    asked = scope.nothing_asked
    notes = (*scope.notes, *change.notes)
    return Verdict(Gate.OPEN, context, summary=asked or text, notes=notes, nothing_asked=bool(asked))


def summary_of(gate: Gate, subjects: Sequence[SubjectVerdict], judge: Judge, change: ChangeSet) -> dict[str, Any]:
    """The verdict in a sentence, and what a reader must know."""
    rules, scope = judge.rules, judge.scope
    settled = [item for subject in subjects for item in subject.settled]
    blocking = sum(item.effect is Effect.BLOCKS for item in settled)
    releases = sum(subject.subject.kind is not SubjectKind.CHANGE_SET for subject in subjects)
    judged = f"{releases} release{'' if releases == 1 else 's'}"
    ended = sum(subject.accident is not None for subject in subjects)
    rules_block = "1 rule blocks" if blocking == 1 else f"{blocking} rules block"
    unenforced = "what fails is only observed" if rules.config.configured else "nothing is enforced"
    texts = {
        Gate.OPEN: "everything that was checked holds",
        Gate.CLOSED: rules_block,
        Gate.AWAITING_APPROVAL: "everything holds, and people still have to approve",
        Gate.NOT_ENFORCED: unenforced,
        Gate.UNDECIDED: f"judging {ended} of {len(subjects)} subjects ended without an answer, so nothing is decided",
    }
    notes = () if rules.config.configured else (NOT_CONFIGURED,)
    own = (*rules.own.notes, *_exempted(subjects, rules.own)) if rules.own is not None else ()
    mended = (rules.stands_in.note,) if rules.stands_in is not None else ()
    text = texts[gate] + ("; the base does not load, and this change mends it" if mended else "")
    engine = (rules.engine.note,) if rules.engine.note else ()
    of_run = (*mended, *notes, *engine, *scope.notes, *judge.reviews.notes, *change.notes, *own)
    names = notes_on_names(subjects, rules, is_all=scope.all)
    told = (*of_run, *notes_on_waivers(subjects, rules, scope.now), *names, *_silenced(subjects))
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


def _exempted(subjects: Iterable[SubjectVerdict], own: OwnPolicies) -> list[str]:
    """The rules in conftest's form that an `exception` names: who is exempted, as conftest lists it too."""
    if not own.exceptions:
        return []
    from changegate.own_policies.decode import EXEMPTS

    exempted: dict[tuple[str, str], list[str]] = {}
    for subject in subjects:
        for item in subject.settled:
            if item.outcome.status is Status.NOT_APPLICABLE and item.outcome.reason.startswith(EXEMPTS):
                because = item.outcome.reason.partition(" exempts it")[0]
                exempted.setdefault((item.rule, because), []).append(subject.subject.label)
    return [f"{because} exempts {_some(names)} from {rule}." for (rule, because), names in sorted(exempted.items())]


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _off(rule: str, reason: str, names: list[str]) -> str:
    return f"{rule}, an error by itself, does not hold for {_some(names)}, and is switched off: {reason}"


NOT_CONFIGURED = (
    "The base has no .changegate/config.yaml, so nothing is enforced: merge what `changegate init` writes, "
    "with `enforcement: enforce`."
)

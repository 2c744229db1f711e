"""Where an agreed change plan began: the first release of the trusted branch that has had it ever since.

What a plan lets get worse is counted from there. Else many small steps, each within its limit, could add up to any
loss.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.collector import PlanStart
from changegate.evidence.plans import plan_digest
from changegate.manifest import identity_of
from changegate.workspace.trees import GitTree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.change.collector import ChangeRequest


def find_plan_start(request: ChangeRequest, previous: Mapping[str, Any]) -> PlanStart:
    """Find the release at which the plan of the previous release was agreed to.

    Args:
        request: The base, its history, and how far that is looked at.
        previous: `input.previous`, where that is present.

    Returns:
        It, with the tree that had it; or why nobody can tell.
    """
    release, base, past = previous["release"], request.scope.base, request.past()
    digest = _digest(release)
    first, file, tree = release, str(previous["file"]), base
    for before in past.releases_of(identity_of(release)):
        if _digest(before.manifest.value) != digest:
            return PlanStart(first, file, tree)
        commit = request.scope.git.objects.commit(before.commit)
        if commit is None:
            return PlanStart(reason=f"the commit {before.commit[:12]}, which had the plan, is not in this clone")
        first, file = before.manifest.value, before.manifest.file
        tree = GitTree(request.scope.git, commit.tree, commit.oid)
    if past.is_cut:
        return PlanStart(reason=f"the release at which the plan began is not found {past.reach} (`history.maxCommits`)")
    return PlanStart(first, file, tree)


def _digest(release: Mapping[str, Any]) -> str:
    plan = release["spec"].get("changePlan")
    return plan_digest(plan) if plan is not None else ""

"""Whether the commit that a host runs on, and the one that is checked out, are those of the change that is claimed.

A host checks out before anything of the change runs, and says in a variable what. An event that was written over, or a
variable that an earlier job has set, names another commit than that. On GitHub what lies in the trusted branch already
may be checked out beside any change: a careful workflow takes nothing else. GitLab checks out what its variable says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.errors import GitError, TrustError
from changegate.workspace.ci import Kind
from changegate.workspace.git import UNSHALLOW
from changegate.workspace.landing import check_merge, merged_tree

if TYPE_CHECKING:
    from changegate.workspace.ci import Claims
    from changegate.workspace.git import Git
    from changegate.workspace.objects import Commit

_WHAT = {
    Kind.CHANGE: "the head of the pull request is",
    Kind.QUEUE: "the queue's head is",
    Kind.PUSH: "the push ends at",
    Kind.OTHER: "the event is of",
}


def check_run_is_of(git: Git, claims: Claims, tip: Commit, reviewed: Commit) -> None:
    """Refuse a run on a commit that is not of the change which the event claims.

    Args:
        git: The repository.
        claims: What the event says.
        tip: The tip of the trusted branch.
        reviewed: The reviewed head, as it was found by the claims.

    Raises:
        TrustError: The host's variable, or what is checked out, is of something else.
        GitError: In a shallow clone nobody can tell.
    """
    target = claims.runs_beside
    here = git.commit_id("HEAD") if git.place.worktree is not None else ""
    for name, oid in ((claims.commit_variable, "" if target else claims.commit), ("HEAD", here)):
        if not oid or oid == _named(claims, reviewed) or (target and oid == claims.commit):
            continue
        found = git.objects.commit(oid)
        if found is None or (claims.host != "gitlab" and git.is_ancestor(oid, tip.oid)):
            continue  # a variable's commit need not be in the clone; then it is not what is checked out
        if claims.kind is not Kind.CHANGE or not _merges(git, found, tip, reviewed):
            raise _contradiction(git, name, claims, found, reviewed)


def _named(claims: Claims, reviewed: Commit) -> str:
    """The commit that the event itself is of."""
    return reviewed.oid if claims.kind is Kind.CHANGE else claims.merge or claims.reviewed


def _merges(git: Git, run: Commit, tip: Commit, reviewed: Commit) -> bool:
    """Whether a commit is the merge of the reviewed head into the trusted branch, at its tip or earlier.

    Raises:
        TrustError: It holds other files than that merge.
    """
    if len(run.parents) != 2 or run.parents[1] != reviewed.oid:
        return False
    onto = git.objects.commit(run.parents[0])
    if onto is None or not git.is_ancestor(onto.oid, tip.oid):
        return False
    forward = git.is_ancestor(onto.oid, reviewed.oid)
    check_merge(run, reviewed.tree if forward else merged_tree(git, onto.oid, reviewed.oid))
    return True


def _contradiction(git: Git, name: str, claims: Claims, run: Commit, reviewed: Commit) -> GitError | TrustError:
    where = "is checked out (HEAD)" if name == "HEAD" else f"is the commit of the run ({name})"
    said = f"{_WHAT[claims.kind]} {_named(claims, reviewed) or reviewed.oid}"
    merge = "neither that nor its merge into the trusted branch" if claims.kind is Kind.CHANGE else "another commit"
    message = f"{said}, as the event says, and {run.oid} {where}, which is {merge}"
    if git.is_shallow():
        return GitError(f"{message}, as far as this shallow clone shows", hint=UNSHALLOW)
    or_trusted = "" if claims.host == "gitlab" else ", or the trusted branch"
    hint = (
        f"check out what the event names{or_trusted}, and let no earlier step or job set the variables or the event; "
        f"see: git log --oneline --graph {run.oid[:12]} {reviewed.oid[:12]}"
    )
    return TrustError(message, hint=hint)

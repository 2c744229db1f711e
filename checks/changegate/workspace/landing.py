"""The tree that would land: what the target branch would hold if the change were merged into this base now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.errors import GitError, TrustError
from changegate.records import NamedTuple
from changegate.workspace.git import UNSHALLOW

if TYPE_CHECKING:
    from pathlib import Path

    from changegate.workspace.git import Git
    from changegate.workspace.objects import Commit


class Landing(NamedTuple):
    """The tree that would land, and how it was found."""

    tree: str
    """The object id of the tree."""
    revision: str
    """The commit that has this tree: the host's merge or the reviewed head; else the tree's own id."""
    how: str
    """`fast-forward`, `host-merge` or `computed`."""


def land(git: Git, base: Commit, reviewed: Commit, merge: str = "") -> Landing:
    """Find the tree that lands when a reviewed commit is merged into a base.

    The host's merge commit is a claim like any other. That its parents are base and reviewed head says who was merged,
    and nothing of what it holds: whoever can make a ref can make a commit with the right parents and any tree (an "evil
    merge"), and no review would have shown its content. So its tree has to be the one that merging gives: the reviewed
    head's own where the base is in its history, else that of `git merge-tree`. A tree that differs was not reviewed,
    and is refused, not quietly replaced: somebody means to land it. Where the merge conflicts no honest merge commit
    can exist, and it is refused as well. A merge commit with other parents (the target has moved on, the event is old)
    is no claim about this base and is left aside.

    Args:
        git: The repository.
        base: What it lands on.
        reviewed: The source commit.
        merge: The object id of the host's merge commit, or empty.

    Raises:
        GitError: They conflict, or their common history is not in this clone.
        TrustError: The host's merge commit has another tree than merging gives.
    """
    claimed = git.objects.commit(merge) if merge and merge != reviewed.oid else None
    if claimed is not None and claimed.parents != (base.oid, reviewed.oid):
        claimed = None
    forward = git.is_ancestor(base.oid, reviewed.oid)
    tree = reviewed.tree if forward else merged_tree(git, base.oid, reviewed.oid)
    if claimed is not None:
        check_merge(claimed, tree)
        return Landing(tree, claimed.oid, "host-merge")
    if forward:
        return Landing(tree, reviewed.oid, "fast-forward")
    git.close()  # the process that stays was started before the merged tree was there
    return Landing(tree, tree, "computed")


def check_merge(claimed: Commit, tree: str) -> None:
    """Refuse a merge commit that holds another tree than its merge gives.

    Raises:
        TrustError: It does.
    """
    if claimed.tree != tree:
        message = (
            f"the merge commit {claimed.oid} holds other files than merging its parents gives: nobody has reviewed them"
        )
        hint = (
            f"compare: git diff {tree} {claimed.tree}; have the host merge again, or put the difference into a commit"
        )
        raise TrustError(message, hint=hint)


def merged_tree(git: Git, base: str, other: str) -> str:
    """Merge two commits without a working tree, by git's own strategy and nobody's configuration or attributes.

    Returns:
        The object id of the merged tree, which exists only in the temporary object store of this run.

    Raises:
        GitError: They conflict, have no common history here, or this git is too old (before 2.38).
    """
    command = ("merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", "--end-of-options", base, other)
    try:
        answer = git.scratch().run(*command, codes=(0, 1))
    except GitError as error:
        if git.is_shallow():
            message = "the common history of the base and the head is not in this shallow clone"
            raise GitError(message, hint=UNSHALLOW) from error
        raise
    fields = answer.fields()
    if answer.code == 1:
        names = sorted(set(fields[1:]))
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        message = f"the change conflicts with the target branch in {', '.join(names[:3])}{more}"
        raise GitError(message, hint=f"merge or rebase onto the target branch ({base[:12]}) and push again")
    return fields[0]


def staged_tree(git: Git, index: Path) -> str:
    """Write the index as a tree, from a copy, into the temporary object store.

    What is only intended to be added (`git add -N`) is left out, as a commit leaves it out.

    Args:
        git: The repository.
        index: The path of the index: during a commit git uses another one than the usual.

    Raises:
        GitError: It has unresolved conflicts, or cannot be read.
    """
    copy = git.scratch_folder / "index"
    try:
        copy.write_bytes(index.read_bytes())
    except FileNotFoundError:
        copy.unlink(missing_ok=True)
    except OSError as error:
        raise GitError(
            f"the index cannot be read: {error.strerror}", hint="look at the permissions of .git/index"
        ) from error
    answer = git.run("write-tree", "--missing-ok", codes=(0, 128), more={"GIT_INDEX_FILE": str(copy)})
    if answer.code == 0:
        git.close()  # the process that stays was started before the tree was there
        return answer.text()
    first = answer.error.partition("\n")[0]
    raise GitError(f"the index cannot be committed: {first}", hint="resolve the conflicts and `git add` the files")

"""Base and head on a laptop: what would be asked in a pull request, as advice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.errors import GitError
from changegate.names import Stage
from changegate.workspace.ci import Claims
from changegate.workspace.git import UNSHALLOW
from changegate.workspace.scope import Scope
from changegate.workspace.trees import GitTree
from changegate.workspace.worktree import WorkingTree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.workspace.git import Git
    from changegate.workspace.objects import Commit
    from changegate.workspace.scope import ScopeOptions
    from changegate.workspace.tree import Tree

_USUAL = ("main", "master", "trunk", "develop")
"""What the branch that others start from is called, most usual first."""
NOTHING_YET = "nothing was committed yet: every file counts as new"
"""What to say where there is no base."""


def resolve_local(git: Git, options: ScopeOptions, trusted: str) -> Scope:
    """Find base and head of a run outside CI; see `resolve.resolve`."""
    if options.head or git.place.worktree is None:
        return _commits(git, options, trusted)
    base = named(git, options.base, "--base") if options.base else _fork_point(git, trusted, everything=options.all)
    return scope_of(
        git, base, WorkingTree(git, git.place.worktree), trusted=trusted, notes=() if base else (NOTHING_YET,)
    )


def here(git: Git) -> Commit | None:
    """The commit that is checked out, or None before the first one.

    Raises:
        GitError: HEAD leads nowhere.
    """
    oid = git.commit_id("HEAD")
    found = git.objects.commit(oid) if oid else None
    if found is None and not git.is_unborn():
        raise GitError("HEAD does not lead to a commit in this clone", hint="run git fsck")
    return found


def _commits(git: Git, options: ScopeOptions, trusted: str) -> Scope:
    """Two commits: what lands when the head is merged into the base; or, looking back, the two as they are."""
    head = named(git, options.head or "HEAD", "--head")
    base = named(git, options.base, "--base") if options.base else _default_tip(git, trusted)
    if base is None:
        raise GitError("there is no upstream branch to compare with", hint=_name_base(git))
    if base.oid != head.oid and git.is_ancestor(head.oid, base.oid):
        tree = GitTree(git, head.tree, head.oid)
        return scope_of(git, base, tree, head.oid, trusted=trusted, notes=("the head is older than the base",))
    from changegate.workspace.landing import land

    landing = land(git, base, head)
    return scope_of(git, base, GitTree(git, landing.tree, landing.revision), head.oid, trusted=trusted)


def _name_base(git: Git) -> str:
    """Which base to name: of the usual branches the first that is here and not checked out, else the last commit."""
    remote = {f"refs/remotes/origin/{name}": f"origin/{name}" for name in _USUAL}
    known = remote | {f"refs/heads/{name}": name for name in _USUAL}
    here = git.run("symbolic-ref", "--quiet", "HEAD", codes=(0, 1)).text()
    there = git.refs(*known)
    found = next((known[ref] for ref in known if ref in there and ref != here), "")
    if not found:
        return "name one: --base HEAD compares with the last commit; or give the branch an upstream"
    beside = f" (or `git branch --set-upstream-to {found}`)" if found.startswith("origin/") else ""
    return f"name one: --base {found}{beside}"


def _fork_point(git: Git, trusted: str, *, everything: bool = False) -> Commit | None:
    """Where the checked-out branch left its upstream: only its own changes count. None before the first commit.

    Where everything is asked for, a repository without an upstream is judged by what is checked out.
    """
    head = here(git)
    if head is None:
        return None
    tip = _default_tip(git, trusted)
    if tip is None and everything:
        return head
    if tip is None:
        raise GitError("there is no upstream branch to compare with", hint=_name_base(git))
    return fork_point(git, tip, head)


def fork_point(git: Git, tip: Commit, head: Commit) -> Commit:
    """Where a commit left a branch, given by its tip.

    Raises:
        GitError: They have no common history here.
    """
    fork = git.merge_base(tip.oid, head.oid)
    found = git.objects.commit(fork) if fork else None
    if found is None:
        hint = UNSHALLOW if git.is_shallow() else "name a base with --base"
        raise GitError("this branch and its upstream have no common history here", hint=hint)
    return found


def _default_tip(git: Git, trusted: str) -> Commit | None:
    return next((tip for _, tip in default_tips(git, trusted)), None)


def default_tips(git: Git, trusted: str, branch: str = "") -> Iterator[tuple[str, Commit]]:
    """What a branch is compared with, best first: the trusted one if there is one, its upstream, origin's default.

    Args:
        git: The repository.
        trusted: The full name of the trusted branch, or empty.
        branch: The branch, without `refs/heads/`; empty for the one that is checked out.

    Returns:
        Each that is here, with its name for messages.
    """
    if trusted:
        from changegate.workspace.proof import trusted_tip

        tip = trusted_tip(git, trusted)
        if tip is not None:
            yield trusted, tip
    default = git.refs("refs/remotes/origin/HEAD").get("refs/remotes/origin/HEAD")
    places = {"the upstream branch": git.commit_id(f"{branch}@{{upstream}}"), "origin/HEAD": default and default.commit}
    for name, oid in places.items():
        found = git.objects.commit(oid) if oid else None
        if found is not None:
            yield name, found


def named(git: Git, name: str, option: str) -> Commit:
    """The commit that somebody named.

    Args:
        git: The repository.
        name: What they named.
        option: Where: an option, or a variable.

    Raises:
        GitError: It is none here.
    """
    oid = git.commit_id(name)
    found = git.objects.commit(oid) if oid else None
    if found is None:
        hint = UNSHALLOW if git.is_shallow() else "name a commit that is here; `git fetch` brings what is not"
        raise GitError(f"{option} {name!r} is not a commit in this clone", hint=hint)
    return found


def scope_of(
    git: Git, base: Commit | None, head: Tree, reviewed: str = "", *, trusted: str, notes: tuple[str, ...] = ()
) -> Scope:
    """The scope of two trees on a laptop; nobody's claims are in it."""
    return Scope(
        git=git,
        stage=Stage.LOCAL,
        base=None if base is None else GitTree(git, base.tree, base.oid),
        head=head,
        base_id="" if base is None else base.oid,
        head_id=head.revision,
        reviewed_head=reviewed,
        trusted_ref=trusted,
        claims=Claims(),
        now=0,
        notes=notes,
    )

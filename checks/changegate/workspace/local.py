"""Base and head on a laptop: what would be asked in a pull request, as advice."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from changegate.errors import GitError, UsageError
from changegate.verdict import Stage
from changegate.workspace.ci import Claims
from changegate.workspace.git import UNSHALLOW
from changegate.workspace.scope import Scope
from changegate.workspace.trees import GitTree
from changegate.workspace.worktree import WorkingTree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.workspace.git import Git
    from changegate.workspace.objects import Commit
    from changegate.workspace.scope import Options
    from changegate.workspace.tree import Tree

_NAME_BASE = "name one: --base origin/main (or `git branch --set-upstream-to origin/main`); with no remote: --base HEAD"
_NOTHING_YET = "nothing was committed yet: every file counts as new"


def resolve_local(git: Git, options: Options, environ: Mapping[str, str], trusted: str) -> Scope:
    """Find base and head of a run outside CI; see `scope.resolve`."""
    if options.staged:
        return _staged(git, options, environ, trusted)
    if options.head or git.place.worktree is None:
        return _commits(git, options, trusted)
    base = _named(git, options.base, "--base") if options.base else _fork_point(git, trusted, everything=options.all)
    return _scope(
        git, base, WorkingTree(git, git.place.worktree), trusted=trusted, notes=() if base else (_NOTHING_YET,)
    )


def _staged(git: Git, options: Options, environ: Mapping[str, str], trusted: str) -> Scope:
    from changegate.workspace.landing import staged_tree

    tree = staged_tree(git, _index(git, environ))
    base = _named(git, options.base, "--base") if options.base else _here(git)
    return _scope(git, base, GitTree(git, tree, "index"), trusted=trusted, notes=() if base else (_NOTHING_YET,))


def _here(git: Git) -> Commit | None:
    """The commit that is checked out, or None before the first one."""
    oid = git.commit_id("HEAD")
    found = git.objects.commit(oid) if oid else None
    if found is None and not git.is_unborn():
        raise GitError("HEAD does not lead to a commit in this clone", hint="run git fsck")
    return found


def _index(git: Git, environ: Mapping[str, str]) -> Path:
    """Find the index that is about to be committed: `git commit -a` and `git commit FILE` use one of their own."""
    given = environ.get("GIT_INDEX_FILE", "")
    if not given:
        return git.place.git_dir / "index"
    found = os.path.realpath(git.place.top / given)
    if not found.startswith((f"{git.place.git_dir}{os.sep}", f"{git.place.common_dir}{os.sep}")):
        raise UsageError("GIT_INDEX_FILE names a file outside the git directory", hint="unset GIT_INDEX_FILE")
    return Path(found)


def _commits(git: Git, options: Options, trusted: str) -> Scope:
    """Two commits: what lands when the head is merged into the base; or, looking back, the two as they are."""
    head = _named(git, options.head or "HEAD", "--head")
    base = _named(git, options.base, "--base") if options.base else _default_tip(git, trusted)
    if base is None:
        raise GitError("there is no upstream branch to compare with", hint=_NAME_BASE)
    if base.oid != head.oid and git.is_ancestor(head.oid, base.oid):
        tree = GitTree(git, head.tree, head.oid)
        return _scope(git, base, tree, head.oid, trusted=trusted, notes=("the head is older than the base",))
    from changegate.workspace.landing import land

    landing = land(git, base, head)
    return _scope(git, base, GitTree(git, landing.tree, landing.revision), head.oid, trusted=trusted)


def _fork_point(git: Git, trusted: str, *, everything: bool = False) -> Commit | None:
    """Where the checked-out branch left its upstream: only its own changes count. None before the first commit.

    Where everything is asked for, a repository without an upstream is judged by what is checked out.
    """
    here = _here(git)
    if here is None:
        return None
    tip = _default_tip(git, trusted)
    if tip is None and everything:
        return here
    if tip is None:
        raise GitError("there is no upstream branch to compare with", hint=_NAME_BASE)
    fork = git.merge_base(tip.oid, here.oid)
    found = git.objects.commit(fork) if fork else None
    if found is None:
        hint = UNSHALLOW if git.is_shallow() else "name a base with --base"
        raise GitError("this branch and its upstream have no common history here", hint=hint)
    return found


def _default_tip(git: Git, trusted: str) -> Commit | None:
    """The trusted branch if one is named, else the checked-out one's upstream, else the default branch of origin."""
    if trusted:
        from changegate.workspace.proof import trusted_tip

        tip = trusted_tip(git, trusted)
        if tip is not None:
            return tip
    upstream = git.commit_id("@{upstream}")
    if not upstream:
        default = git.refs("refs/remotes/origin/HEAD").get("refs/remotes/origin/HEAD")
        upstream = default.commit if default else ""
    return git.objects.commit(upstream) if upstream else None


def _named(git: Git, name: str, option: str) -> Commit:
    oid = git.commit_id(name)
    found = git.objects.commit(oid) if oid else None
    if found is None:
        hint = UNSHALLOW if git.is_shallow() else "name a commit that is here; `git fetch` brings what is not"
        raise GitError(f"{option} {name!r} is not a commit in this clone", hint=hint)
    return found


def _scope(
    git: Git, base: Commit | None, head: Tree, reviewed: str = "", *, trusted: str, notes: tuple[str, ...] = ()
) -> Scope:
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

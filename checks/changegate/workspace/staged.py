"""What a hook asks about: what is staged; else what is pushed, what it names, or what is checked out.

A hook of pre-commit runs with `--staged`, and is often run where nothing is staged: over all files, over a range of
commits, by hand, before a push. Then the index is the commit that is checked out, and comparing the two is no answer.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from changegate.errors import UsageError
from changegate.records import NamedTuple
from changegate.workspace.changes import EMPTY_TREE
from changegate.workspace.ci_systems import is_ci
from changegate.workspace.local import NOTHING_YET, default_tips, fork_point, here, named, scope_of
from changegate.workspace.trees import GitTree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.workspace.git import Git
    from changegate.workspace.objects import Commit
    from changegate.workspace.scope import Scope, ScopeOptions

_FROM, _TO = "PRE_COMMIT_FROM_REF", "PRE_COMMIT_TO_REF"
_PUSHED = "PRE_COMMIT_LOCAL_BRANCH"
_ALL = "to judge every manifest, give the hook `args: [--all]`; to leave it out, set SKIP=changegate"
_NAME_BRANCH = "set CHANGEGATE_TRUSTED_REF=refs/heads/main, and fetch that branch"
_NAME_RANGE = "run pre-commit with --from-ref and --to-ref, as with HEAD~1 and HEAD"


class _Asked(NamedTuple):
    """Two commits to compare, or why there is nothing to compare."""

    base: Commit
    head: Commit
    note: str
    remedy: str = ""
    """How to ask about something; only where there is nothing to compare."""


def resolve_staged(git: Git, options: ScopeOptions, environ: Mapping[str, str], trusted: str) -> Scope:
    """Find base and head of `--staged`; see `resolve.resolve`.

    A base that is named, and `--all`, leave no doubt about what is asked: the index. Else the commits that pre-commit
    names come first, whatever is staged, and after them the index, if anything is staged.
    """
    if options.base or options.all:
        return _index(git, environ, named(git, options.base, "--base") if options.base else here(git), trusted)
    first, last, pushed = (environ.get(name, "") for name in (_FROM, _TO, _PUSHED))
    if first and last:
        return _compared(git, _range(git, first, last), environ, trusted)
    if pushed:
        return _compared(git, _news(git, pushed, trusted, environ, f"{_PUSHED} is {pushed}"), environ, trusted)
    base = here(git)
    scope = _index(git, environ, base, trusted)
    if _is_staged(git, scope):
        return scope
    if base is None:
        return _nothing(scope, environ, "nothing is staged, and nothing was committed yet", "commit something first")
    return _compared(git, _news(git, "HEAD", trusted, environ, "nothing is staged"), environ, trusted)


def _index(git: Git, environ: Mapping[str, str], base: Commit | None, trusted: str) -> Scope:
    from changegate.workspace.landing import staged_tree

    tree = GitTree(git, staged_tree(git, _index_file(git, environ)), "index")
    return scope_of(git, base, tree, trusted=trusted, notes=() if base else (NOTHING_YET,))


def _index_file(git: Git, environ: Mapping[str, str]) -> Path:
    """Find the index that is about to be committed: `git commit -a` and `git commit FILE` use one of their own."""
    given = environ.get("GIT_INDEX_FILE", "")
    if not given:
        return git.place.git_dir / "index"
    found = os.path.realpath(git.place.top / given)
    if not found.startswith((f"{git.place.git_dir}{os.sep}", f"{git.place.common_dir}{os.sep}")):
        raise UsageError("GIT_INDEX_FILE names a file outside the git directory", hint="unset GIT_INDEX_FILE")
    return Path(found)


def _is_staged(git: Git, scope: Scope) -> bool:
    before = EMPTY_TREE[git.place.object_format] if scope.base is None else scope.base.tree
    return isinstance(scope.head, GitTree) and scope.head.tree != before


def _range(git: Git, first: str, last: str) -> _Asked:
    """What pre-commit names: what the one commit has since it left the other; going back, the two as they are."""
    base, head = named(git, first, _FROM), named(git, last, _TO)
    said = f"pre-commit asks about {first}...{last}"
    if base.oid == head.oid:
        return _Asked(base, head, f"{said}, which are one commit", "name two commits that differ")
    if git.is_ancestor(head.oid, base.oid):
        return _Asked(base, head, f"{said}, and goes back: the two are compared as they are")
    return _Asked(fork_point(git, base, head), head, f"{said}: the index is not judged")


def _news(git: Git, name: str, trusted: str, environ: Mapping[str, str], said: str) -> _Asked:
    """What a commit has that no branch to compare with has; without any such branch, on a laptop, the commit itself."""
    head = named(git, name, "" if name == "HEAD" else _PUSHED)
    branch = "" if name == "HEAD" else name.removeprefix("refs/heads/")
    tips = tuple(default_tips(git, trusted, branch))
    for known_as, tip in tips:
        if not git.is_ancestor(head.oid, tip.oid):
            note = f"{said}: judged is what {name} has since it left {known_as}"
            return _Asked(fork_point(git, tip, head), head, note)
    if tips:
        names = " and ".join(known_as for known_as, _ in tips)
        return _Asked(head, head, f"{said}, and {name} has nothing that is not in {names}", _NAME_RANGE)
    if head.parents and not is_ci(environ):
        note = f"{said}, and there is no upstream branch: judged is the last commit of {name}"
        return _Asked(named(git, head.parents[0], "the parent"), head, note)
    return _Asked(
        head, head, f"{said}, and there is no branch to compare {name} with", f"{_NAME_BRANCH}; or {_NAME_RANGE}"
    )


def _compared(git: Git, asked: _Asked, environ: Mapping[str, str], trusted: str) -> Scope:
    head = GitTree(git, asked.head.tree, asked.head.oid)
    if asked.remedy:
        return _nothing(scope_of(git, asked.base, head, trusted=trusted), environ, asked.note, asked.remedy)
    return scope_of(git, asked.base, head, asked.head.oid, trusted=trusted, notes=(asked.note,))


def _nothing(scope: Scope, environ: Mapping[str, str], why: str, remedy: str) -> Scope:
    """Say that nothing was judged; in a CI, where an exit code is all that counts, decide nothing."""
    if is_ci(environ):
        raise UsageError(f"{why}: nothing would be judged", hint=f"{remedy}; {_ALL}")
    return scope if scope.base is None else scope._replace(nothing_asked=f"nothing was judged: {why}")

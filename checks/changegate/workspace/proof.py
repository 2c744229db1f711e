"""Base and head in CI: every claim of the event is proven in git, or the run ends without a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.errors import GitError, TrustError, UsageError
from changegate.names import Stage
from changegate.records import NamedTuple
from changegate.workspace.checked_out import check_run_is_of
from changegate.workspace.ci import Kind
from changegate.workspace.git import UNSHALLOW
from changegate.workspace.landing import Landing, check_merge, land, merged_tree
from changegate.workspace.scope import Scope
from changegate.workspace.trees import GitTree

if TYPE_CHECKING:
    from changegate.workspace.ci import Claims
    from changegate.workspace.git import Git
    from changegate.workspace.objects import Commit
    from changegate.workspace.scope import ScopeOptions

_RUN_ALL = "to check everything that is there, run with --all"


class _Proven(NamedTuple):
    base: Commit
    reviewed: Commit
    landing: Landing
    notes: tuple[str, ...] = ()
    others: tuple[GitTree, GitTree] | None = None


def resolve_ci(git: Git, options: ScopeOptions, claims: Claims, trusted: str) -> Scope:
    """Find base and head of a run in CI; see `scope.resolve`."""
    tip = trusted_tip(git, trusted)
    if tip is None:
        raise _no_tip(git, trusted)
    ways = {Kind.CHANGE: _change, Kind.QUEUE: _queue, Kind.PUSH: _push, Kind.OTHER: _other, Kind.NONE: _other}
    proven = ways[claims.kind](git, options, claims, tip)
    if claims.kind is not Kind.NONE:
        check_run_is_of(git, claims, tip, proven.reviewed)
    _check_named(git, options, claims, proven)
    if not options.all:
        _check_news(git, proven)
    landing = proven.landing
    return Scope(
        git=git,
        stage=Stage.MERGE,
        base=GitTree(git, proven.base.tree, proven.base.oid),
        head=GitTree(git, landing.tree, landing.revision),
        base_id=proven.base.oid,
        head_id=landing.revision,
        reviewed_head=proven.reviewed.oid,
        trusted_ref=trusted,
        claims=claims,
        now=0,
        notes=proven.notes,
        others=proven.others,
    )


def trusted_tip(git: Git, trusted: str) -> Commit | None:
    """Resolve the trusted branch once, by full ref names; None where this clone has it under neither name."""
    names = (f"refs/remotes/origin/{trusted.removeprefix('refs/heads/')}", trusted)
    found = git.refs(*names)
    ref = next((found[name] for name in names if name in found), None)
    return None if ref is None else git.objects.commit(ref.commit)


def _no_tip(git: Git, trusted: str) -> GitError:
    branch = trusted.removeprefix("refs/heads/")
    fetch = f"git fetch origin +{trusted}:refs/remotes/origin/{branch}"
    more = f"; this clone is shallow, so also: {UNSHALLOW}" if git.is_shallow() else ""
    return GitError(f"the trusted branch {trusted} is not in this clone", hint=fetch + more)


def _change(git: Git, _options: ScopeOptions, claims: Claims, tip: Commit) -> _Proven:
    """A pull request: the base is the tip of the trusted branch now, whatever the event says it was."""
    reviewed = _commit(git, claims.reviewed, "the head of the pull request", _fetch_head(claims))
    landing = land(git, tip, reviewed, claims.merge)
    computed = "the head is the merge that git computes: the host's merge commit is not of this base and head"
    return _Proven(tip, reviewed, landing, (computed,) if landing.how == "computed" else ())


def _fetch_head(claims: Claims) -> str:
    if claims.pull_request is None and claims.source[0]:
        return f"git fetch origin {claims.reviewed}"
    number = claims.pull_request if claims.pull_request is not None else "<number>"
    ref = f"refs/merge-requests/{number}/head" if claims.host == "gitlab" else f"refs/pull/{number}/head"
    return f"git fetch origin {ref}"


def _queue(git: Git, _options: ScopeOptions, claims: Claims, tip: Commit) -> _Proven:
    """A merge queue or train: the head is the commit that lands, on top of a commit that the event names.

    That commit is the base if the trusted branch holds it. It can also be one that is itself still queued; it has not
    landed, so its policy is not trusted: then the base is the tip, and the change is all that is queued up to this
    head. What of it other pull requests bring, the approvals of this one say nothing of.
    """
    head = _commit(git, claims.merge, "the queue's head", UNSHALLOW)
    before_id = claims.before or (head.parents[0] if head.parents else "")
    before = _commit(git, before_id, "the commit that the queue builds on", UNSHALLOW)
    _prove(git, before, head, "the queue's base is not in the history of its head")
    base: Commit = before
    notes: tuple[str, ...] = ()
    if not git.is_ancestor(before.oid, tip.oid):
        _prove(git, tip, before, "the queue's base is neither in the trusted branch nor built on its tip")
        base, notes = (
            tip,
            ("the queue builds on a change that has not landed: both are checked, against the trusted branch",),
        )
    below = _below(git, before, head)
    reviewed = _queued(git, claims, below, head)
    landing = Landing(head.tree, head.oid, "queue")
    return _Proven(base, reviewed, landing, notes, _of_others(git, base, below, reviewed, head))


def _below(git: Git, before: Commit, head: Commit) -> Commit:
    """What the queue merged its last change into: the event's own commit, or one that other changes built on it."""
    first = head.parents[0] if len(head.parents) == 2 else before.oid
    if first == before.oid or not git.is_ancestor(before.oid, first):
        return before
    return _commit(git, first, "the commit that the queue merged into", UNSHALLOW)


def _of_others(git: Git, base: Commit, below: Commit, reviewed: Commit, head: Commit) -> tuple[GitTree, GitTree] | None:
    """Two trees that differ in what other pull requests bring: what would land without them, and what does.

    Where the queue made one commit of a change nobody can tell its commits from the others': then it is all that lies
    below. Where the change does not merge without the others, nobody can tell it apart: then it is everything.
    """
    if below.oid == base.oid:
        return None
    onto = GitTree(git, base.tree, base.oid)
    if reviewed.oid == head.oid:
        return onto, GitTree(git, below.tree, below.oid)
    after = GitTree(git, head.tree, head.oid)
    try:
        alone = land(git, base, reviewed)
    except GitError:
        return onto, after
    return GitTree(git, alone.tree, alone.revision), after


def _queued(git: Git, claims: Claims, below: Commit, head: Commit) -> Commit:
    """Find the reviewed commit in a queue's head: the one whose merge gives what lands; else only the head will do."""
    second = head.parents[1] if len(head.parents) == 2 and head.parents[0] == below.oid else ""
    reviewed_id = claims.reviewed or second
    if not reviewed_id or reviewed_id == head.oid:
        return head
    reviewed = _commit(git, reviewed_id, "the reviewed commit", _fetch_head(claims))
    forward = git.is_ancestor(below.oid, reviewed.oid)
    check_merge(head, reviewed.tree if forward else merged_tree(git, below.oid, reviewed.oid))
    return reviewed


def _push(git: Git, options: ScopeOptions, claims: Claims, tip: Commit) -> _Proven:
    """A push to the trusted branch: the base is what it was before, and both are in its history."""
    if claims.deleted or not claims.reviewed.strip("0"):
        raise GitError(
            "the push deletes the branch: there is nothing to check",
            hint="do not run the gate when a branch is deleted",
        )
    head = _commit(git, claims.reviewed, "the pushed commit", UNSHALLOW)
    _prove(git, head, tip, "the pushed commit is not in the trusted branch")
    landing = Landing(head.tree, head.oid, "landed")
    if claims.before.strip("0"):
        base = _commit(git, claims.before, "the commit before the push", UNSHALLOW)
        _prove(git, base, head, "the commit before the push is not in its history: the branch was rewritten")
        return _Proven(base, head, landing)
    if not options.all:
        raise GitError("the push makes the branch: there is no commit before it to compare with", hint=_RUN_ALL)
    return _Proven(head, head, landing, ("the push makes the branch: its own head is the base",))


def _other(git: Git, options: ScopeOptions, claims: Claims, tip: Commit) -> _Proven:
    """A schedule, a person's click, an unknown CI: the named commit, else what is checked out, against the tip."""
    name = claims.reviewed or options.head or "HEAD"
    oid = git.commit_id(name)
    if not oid:
        raise GitError(f"there is no commit {name!r} in this clone", hint=UNSHALLOW)
    reviewed = _commit(git, oid, "the head", UNSHALLOW)
    return _Proven(tip, reviewed, land(git, tip, reviewed))


def _commit(git: Git, oid: str, what: str, fetch: str) -> Commit:
    found = git.objects.commit(oid) if oid else None
    if found is None:
        raise GitError(f"{what} {oid} is not in this clone".replace("  ", " "), hint=fetch)
    return found


def _prove(git: Git, older: Commit, newer: Commit, otherwise: str) -> None:
    """Prove that a commit is in another's history; in a shallow clone what is not seen proves nothing."""
    if git.is_ancestor(older.oid, newer.oid):
        return
    if git.is_shallow():
        raise GitError(f"{otherwise}, as far as this shallow clone shows", hint=UNSHALLOW)
    hint = "git fetch origin, and run again; if it stays, history was rewritten or the event is not what the host sent"
    raise TrustError(f"{otherwise} ({older.oid[:12]}, {newer.oid[:12]})", hint=hint)


def _check_named(git: Git, options: ScopeOptions, claims: Claims, proven: _Proven) -> None:
    """In CI `--base` and `--head` may repeat what trust yields; they never choose."""
    if options.base and git.commit_id(options.base) != proven.base.oid:
        message = f"--base {options.base} is not the trusted base {proven.base.oid}"
        raise TrustError(message, hint="leave --base out: in CI the base is found from the trusted ref")
    allowed = {proven.reviewed.oid, proven.landing.revision}
    if options.head and claims.kind is not Kind.NONE and git.commit_id(options.head) not in allowed:
        message = f"--head {options.head} is not the head that the event names, {proven.reviewed.oid}"
        raise TrustError(message, hint="leave --head out: in CI the head is found from the event")


def _check_news(git: Git, proven: _Proven) -> None:
    """Refuse a head that the base holds already: that is more likely a mistake in the workflow than a question."""
    same = proven.landing.tree == proven.base.tree
    if same and git.is_ancestor(proven.reviewed.oid, proven.base.oid):
        message = f"base and head are the same: {proven.reviewed.oid[:12]} is already in {proven.base.oid[:12]}"
        raise UsageError(message, hint=_RUN_ALL)

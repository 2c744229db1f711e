"""Who wrote a change, by what its commits say: authors, committers, co-authors.

A merge of the trusted branch that git makes by itself brings what has landed already and nothing of its own, so it
makes nobody an author: not whoever pressed "Update branch", and not the host that made the commit.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from changegate.errors import GitError
from changegate.names import same_login
from changegate.records import NamedTuple
from changegate.workspace.landing import merged_tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from changegate.workspace.git import Git
    from changegate.workspace.scope import Scope

MAXIMUM_MERGES = 200
"""So many merges are made once more, the latest first; whoever made an earlier one counts as an author."""

_HOST = "noreply@github.com"
_FORMAT = "--format=%H%x00%T%x00%P%x00%ae%x00%ce%x00%(trailers:key=Co-authored-by,valueonly,separator=%x01)"


class Committers(NamedTuple):
    """Who has authored or committed a commit of the change, as the commits claim it."""

    logins: tuple[str, ...] = ()
    """Where a host's no-reply address gives them; sorted, each once. Of co-authors, too."""
    addresses: Mapping[str, str] = MappingProxyType({})
    """All other e-mail addresses, sorted, each with a commit that has it; the empty one, too."""
    co_addresses: Mapping[str, str] = MappingProxyType({})
    """E-mail addresses of co-authors that give no login, sorted, each with a commit that names it."""
    merges: tuple[str, ...] = ()
    """The merges of the trusted branch that git makes by itself, the latest first: they make nobody an author."""


class _ListedCommit(NamedTuple):
    """A commit, as git lists it."""

    oid: str
    tree: str
    parents: tuple[str, ...]
    author: str
    committer: str
    co_authors: tuple[str, ...]


def committers(scope: Scope) -> Committers:
    """Name everyone who has authored or committed a commit between base and reviewed head.

    Raises:
        GitError: Git failed.
    """
    if not scope.base_id or not scope.reviewed_head or scope.base_id == scope.reviewed_head:
        return Committers()
    return committers_between(scope.git, scope.base_id, scope.reviewed_head)


def committers_between(git: Git, base: str, head: str) -> Committers:
    """Name everyone who has authored or committed a commit of one commit's history and not of another's.

    Raises:
        GitError: Git failed.
    """
    listed = list(_listed(git, base, head))
    merges = frozenset(_merges_of_base(git, listed))
    made = [one for one in listed if one.oid not in merges]
    # GitHub itself commits what is made in a browser, and then the author is a person: it is never an author.
    hands = [(one.committer, one.oid) for one in made if one.committer != _HOST]
    by_address = dict([*((one.author, one.oid) for one in made), *hands])
    beside = {address: one.oid for one in made for address in one.co_authors}
    logins = {login for address in (*by_address, *beside) if (login := login_of(address))}
    return Committers(
        tuple(sorted(logins)),
        _nameless(by_address),
        _nameless(beside),
        tuple(one.oid for one in listed if one.oid in merges),
    )


def _nameless(found: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted((address, commit) for address, commit in found.items() if not login_of(address)))


def _listed(git: Git, base: str, head: str) -> Iterator[_ListedCommit]:
    """The commits of the change, the latest first."""
    command = ("log", "--no-mailmap", "-z", _FORMAT, "--end-of-options", head, f"^{base}", "--")
    fields = git.run(*command).fields()
    for oid, tree, parents, author, committer, trailers in zip(*(fields[start::6] for start in range(6)), strict=True):
        yield _ListedCommit(oid, tree, tuple(parents.split()), author, committer, tuple(_addresses(trailers)))


def _addresses(trailers: str) -> Iterator[str]:
    """The e-mail addresses of `Name <address>` in co-author trailers."""
    for one in trailers.split("\x01"):
        _, found, rest = one.rpartition("<")
        if found and (address := rest.partition(">")[0].strip()):
            yield address


def _merges_of_base(git: Git, listed: Sequence[_ListedCommit]) -> Iterator[str]:
    """The merges whose second parent the base has, and whose tree is the one that git merges without a conflict.

    What a commit of the change names as a parent and is no commit of the change is in the base's history.
    """
    own = {one.oid for one in listed}
    merges = [one for one in listed if len(one.parents) == 2 and one.parents[1] not in own]
    for one in merges[:MAXIMUM_MERGES]:
        if _is_made_by_git(git, one):
            yield one.oid


def _is_made_by_git(git: Git, merge: _ListedCommit) -> bool:
    try:
        return merged_tree(git, *merge.parents) == merge.tree
    except GitError:
        return False  # a conflict that somebody resolved, or parents that are not in this clone


def login_of(address: str) -> str:
    """Read the login of `1+ana@users.noreply.github.com` or `1-ana@users.noreply.gitlab.com`; others give none.

    No host has a login that is not of ASCII: an address with one is nobody's until somebody says whose it is.
    """
    local, _, domain = address.rpartition("@")
    separator = {"users.noreply.github.com": "+", "users.noreply.gitlab.com": "-"}.get(same_login(domain))
    if separator is None or not local.isascii():
        return ""
    number, found, login = local.partition(separator)
    return login if found and number.isascii() and number.isdigit() and login else local

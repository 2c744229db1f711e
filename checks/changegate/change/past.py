"""What the trusted branch had before: releases that are gone from the base, found by one walk through its history.

Only the branch's own commits count (first parents), and only so many as the base's configuration says. Whatever a
file of a manifest was before one of them changed or deleted it is a state that the branch had. Nothing is read before
a release asks whose identity is new.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from changegate.change.alike import Groups, sorted_into
from changegate.change.fallen import falls
from changegate.change.search import Sought
from changegate.change.traits import Traits
from changegate.manifest import Manifest, load_manifests
from changegate.manifest.bounds import MAXIMUM_BYTES
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from changegate.change.changeset import ChangeSet
    from changegate.change.kindred import Kindred
    from changegate.names import Identity
    from changegate.policy.settings import Config
    from changegate.workspace.scope import Scope

MOST_STATES = 20_000
"""So many states of files are read, the latest first."""


class State(NamedTuple):
    """What a file was before a commit of the branch changed or deleted it."""

    oid: str
    path: str
    commit: str
    """The last commit that had it."""


class PastRelease(NamedTuple):
    """A release that the branch had."""

    commit: str
    """The last commit that had it."""
    manifest: Manifest


class Past:
    """The releases that the branch had before the base, as far as a change asks for them: see `_asks`."""

    def __init__(self, scope: Scope, config: Config, change: ChangeSet) -> None:
        """Take what is looked at; nothing is read yet.

        Args:
            scope: The base, whose history it is.
            config: The globs, and how many commits are looked at.
            change: What is asked for: the releases of it whose identities are new.
        """
        self._scope, self._config, self._change = scope, config, change
        self._groups: Groups | None = None

    def last(self, identity: Identity) -> PastRelease | None:
        """The last release of an identity that is new in the change.

        Raises:
            GitError: Git failed.
        """
        return next((release for _, release in self._numbered.get(identity, ())), None)

    def of(self, *identities: Identity) -> list[PastRelease]:
        """All releases of some identities whose claims about risk fall with the change, the latest first.

        Raises:
            GitError: Git failed.
        """
        found = (one for identity in dict.fromkeys(identities) for one in self._numbered.get(identity, ()))
        return [release for _, release in sorted(found, key=lambda one: one[0])]

    def releases_of(self, identity: Identity) -> Iterator[PastRelease]:
        """Every state that a release of an identity had before the base's, the latest first.

        Raises:
            GitError: Git failed.
        """
        wanted = Sought(frozenset({identity}), names=frozenset({identity.name}))
        return (one for one in self._read(wanted) if one.manifest.identity == identity)

    @property
    def is_cut(self) -> bool:
        """Whether there is more of the history than is looked at."""
        return bool(self._walk.oldest)

    @cached_property
    def _numbered(self) -> dict[Identity, list[tuple[int, PastRelease]]]:
        return sorted_into((one.manifest.identity, (number, one)) for number, one in enumerate(self._releases))

    @cached_property
    def states(self) -> dict[Identity, list[Traits]]:
        """Releases of before that share something with those that are new in the change, by identity, the latest first.

        Raises:
            GitError: Git failed.
        """
        every = (Traits.of(one.manifest, one.commit) for one in self._releases)
        return sorted_into((one.identity, one) for one in every)

    def akin(self, kindred: Kindred, me: Traits, but: Callable[[Traits], bool]) -> list[Traits]:
        """Find the releases of before that may share something with one; of those that are alike the first.

        Args:
            kindred: What there is now.
            me: The release.
            but: Who is left out.
        """
        if self._groups is None:
            every = (one for states in self.states.values() for one in states)
            self._groups = Groups(every, lambda one: (kindred.profile(one), one.place["at"]["revision"]))
        return self._groups.akin(me, but)

    @property
    def reach(self) -> str:
        """How far it was looked back, in words."""
        walk = self._walk
        if not walk.oldest:
            return "in all of its history"
        short = "where this shallow clone begins" if walk.is_shallow else "where the bound is"
        return f"in the latest {walk.commits} commits before it, back to {walk.oldest[:12]}, {short}"

    @cached_property
    def _walk(self) -> Walk:
        git, most = self._scope.git, self._config.history_commits
        if not most:
            return Walk((), self._scope.base_id, 0, is_shallow=False)
        # NOTE: a filter of the differences would leave commits out of the count.
        options = ("--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff")
        command = ("log", "--first-parent", "--format=%H %P", *options, f"--max-count={most}")
        answer = git.run(*command, "--end-of-options", self._scope.base_id, "--")
        return walked(answer.fields(), is_shallow=git.is_shallow())

    @cached_property
    def _releases(self) -> list[PastRelease]:
        """What is asked for, the latest first."""
        asked = list(filter(self._asks, self._touched))
        if not asked:
            return []
        identities = {one for manifest in asked for one in (manifest.identity, manifest.replaced) if one is not None}
        names = frozenset(one.name for one in identities)
        wanted = Sought(frozenset(identities), names=names).and_kin([Traits.of(one) for one in asked])
        return [one for one in self._read(wanted) if wanted.fits(Traits.of(one.manifest))]

    @property
    def _touched(self) -> Iterator[Manifest]:
        touched = (item.manifest for item in self._change.items if item.file in self._change.touched)
        return (one for one in touched if isinstance(one, Manifest))

    def _asks(self, manifest: Manifest) -> bool:
        """Whether a release has a reason to ask: its identity is new, or its claims about risk fall."""
        before = self._change.before.manifests.get(manifest.identity)
        return manifest.identity in self._change.new or (before is not None and falls(before, manifest))

    def _read(self, wanted: Sought) -> Iterator[PastRelease]:
        states = {one.oid: one for one in reversed(self._walk.states) if self._config.matches(one.path)}
        latest = list(states.values())[::-1][:MOST_STATES]
        blobs = self._scope.git.objects.blobs([one.oid for one in latest], MAXIMUM_BYTES)
        for state, data in zip(latest, blobs, strict=True):
            if isinstance(data, bytes) and wanted.may_be_in(data):
                for manifest in load_manifests(data, state.path).manifests:
                    yield PastRelease(state.commit, manifest)


class Walk(NamedTuple):
    """What one walk through the history met."""

    states: tuple[State, ...]
    """The latest first."""
    oldest: str
    """The last commit that was looked at, where there are more; empty where that was all of them."""
    commits: int
    """How many commits were looked at."""
    is_shallow: bool
    """Whether it is the clone that has no more."""


def walked(fields: Sequence[str], *, is_shallow: bool) -> Walk:
    """Read what `git log --raw -z` says: `<commit> <parents>` once a commit, then facts and a path for each file."""
    states: list[State] = []
    commit = parent = ""
    count = 0
    rest = iter(fields)
    for field in rest:
        if not field.startswith(("\n:", ":")):
            commit, parent, *_ = (*field.strip("\n").split(" "), "")
            count += 1
            continue
        old_mode, _, old_oid, *_ = field.strip("\n:").split(" ")
        path = next(rest)
        if old_mode.startswith("100"):
            states.append(State(old_oid, path, parent))
    is_cut = bool(parent) or is_shallow
    return Walk(tuple(states), commit if is_cut else "", count, is_shallow=is_shallow and not parent)

"""The newest tagged release of an identity, where the base has none.

Tags share nearly all of their files. What is in their trees and not in the base's is listed once and read once,
whatever the number of tags; of the base's files only those that the search over the change has met.
"""

from __future__ import annotations

from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from changegate.change.manifests import open_manifest
from changegate.change.spelling import may_hold
from changegate.change.tags import release_tags, tree_of
from changegate.manifest import load_manifests
from changegate.manifest.bounds import MAXIMUM_BYTES
from changegate.parallel import in_chunks
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from changegate.change.changeset import ChangeSet
    from changegate.manifest import Manifest
    from changegate.names import Identity
    from changegate.policy.settings import Config
    from changegate.workspace.git import Git
    from changegate.workspace.scope import Scope
    from changegate.workspace.trees import GitTree

_READERS = ("any.yaml", "any.json")
"""A file's suffix says how it is read."""


class Tagged(NamedTuple):
    """A release at a tag."""

    commit: str
    manifest: Manifest


class TaggedReleases:
    """The releases at tags whose identities are new in a change."""

    def __init__(self, scope: Scope, config: Config, change: ChangeSet) -> None:
        """Take what is looked at; nothing is read yet.

        Args:
            scope: The base, in whose history the tags have to be.
            config: The globs, and the pattern of the tags.
            change: What was found of the change at the head.
        """
        self._scope, self._config, self._change = scope, config, change

    def newest(self, identity: Identity) -> Tagged | None:
        """Find the newest release of an identity that is new in the change.

        Raises:
            GitError: Git failed.
        """
        blobs = self._blobs.get(identity, set())
        for tree in self._trees if blobs else ():
            for path in filter(self._config.matches, _paths(tree, blobs)):
                found = next((one for one in open_manifest(tree, path).manifests if one.identity == identity), None)
                if found is not None:
                    return Tagged(tree.revision, found)
        return None

    @cached_property
    def _trees(self) -> tuple[GitTree, ...]:
        """The files at each tag, the newest first; not those that are not in this clone."""
        git = self._scope.git
        tags = release_tags(git, self._config.release_tags, self._scope.base_id)
        trees = (tree_of(git, commit) for commit in dict.fromkeys(tag.commit for tag in tags))
        return tuple(tree for tree in trees if tree is not None)

    @cached_property
    def _blobs(self) -> dict[Identity, set[str]]:
        """The blobs with a release of each identity, wherever they lie."""
        found: dict[Identity, set[str]] = {}
        if self._trees and self._scope.base is not None:
            only_tagged = _only_in(self._scope.git, self._trees, self._scope.base)
            of_tags = in_chunks(lambda oids: list(self._held(self._tagged(oids))), only_tagged)
            of_base = in_chunks(lambda paths: list(self._held(self._at_base(paths))), self._mentioning)
            for identity, oid in chain.from_iterable(chain(of_tags, of_base)):
                found.setdefault(identity, set()).add(oid)
        return found

    @property
    def _mentioning(self) -> list[str]:
        """The files of the base that may hold one: a search over the head has met them, or the change touches them."""
        change = self._change
        return sorted((change.mentions - change.touched) | ({*change.moved.values()} - {""}))

    def _at_base(self, paths: Sequence[str]) -> Iterator[tuple[str, bytes | int]]:
        assert self._scope.base is not None  # noqa: S101  (without a base nobody asks)
        for _, content in self._scope.base.read_many(paths, MAXIMUM_BYTES):
            yield content.oid, content.data or 0

    def _tagged(self, oids: Sequence[str]) -> Iterator[tuple[str, bytes | int]]:
        return zip(oids, self._scope.git.objects.blobs(oids, MAXIMUM_BYTES), strict=True)

    def _held(self, blobs: Iterable[tuple[str, bytes | int]]) -> Iterator[tuple[Identity, str]]:
        wanted = self._change.new
        for oid, data in blobs:
            if isinstance(data, bytes) and may_hold(data, wanted):
                loaded = [manifest for name in _READERS for manifest in load_manifests(data, name).manifests]
                yield from ((one.identity, oid) for one in loaded if one.identity in wanted)


def _only_in(git: Git, trees: Iterable[GitTree], base: GitTree) -> list[str]:
    """The blobs of some trees that another has nowhere, each once."""
    wanted = "".join(f"{tree.tree}\n" for tree in trees) + f"^{base.tree}\n"
    options = ("--objects", "--no-object-names", "--filter=object:type=blob", "--filter-provided-objects")
    return git.run("rev-list", *options, "--stdin", stdin=wanted.encode()).text().split()


def _paths(tree: GitTree, blobs: set[str]) -> list[str]:
    """Where a tree has one of some blobs, in order."""
    listed = tree.git.run("ls-tree", "-r", "-z", "--full-tree", tree.tree).fields()
    return sorted(
        path for facts, _, path in (one.partition("\t") for one in listed) if facts.rpartition(" ")[2] in blobs
    )

"""Releases beside those of a change: with an identity that is new or given up, or that share something with one of it.

A text search over the head narrows, a look at the bytes narrows once more, and the loader decides. What the change does
not touch is at the base as it is at the head, so that one search answers for both.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from changegate.change.changeset import Item, duplicates
from changegate.change.manifests import NEEDLE_ESCAPE, UNOPENED, try_load
from changegate.change.traits import Traits
from changegate.evidence.addresses import ENCODED, sought_in
from changegate.manifest import Broken, Loaded, Manifest
from changegate.manifest.bounds import MAXIMUM_BYTES
from changegate.names import Identity
from changegate.parallel import in_chunks
from changegate.records import NamedTuple
from changegate.workspace.place import tracked_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from changegate.change.changeset import Before, Duplicate
    from changegate.policy.settings import Config
    from changegate.workspace.git import Git
    from changegate.workspace.scope import Scope
    from changegate.workspace.tree import Tree


_LARGE = 2000
"""From so many files on, a search through all of them is felt."""


class Beside(NamedTuple):
    """What was found beside the releases of a change."""

    new: frozenset[Identity]
    """What is new in the change."""
    mentions: frozenset[str]
    """The files in which a text search met something."""
    standing: Mapping[Identity, Sequence[Manifest]]
    """Releases at the head by identity: all of those that are new, and of those that a new one says it replaces."""
    duplicates: tuple[Duplicate, ...]
    """Releases of the change whose identity another one has, too."""
    akin: tuple[Traits, ...]
    """Others that share something with those of which that is looked for."""
    sought: frozenset[str] = frozenset()
    """The names of releases that were looked for as such, or as what others depend on."""
    unopened: tuple[Item, ...] = ()
    """Files that could not be opened, for a reason that nobody expected."""


def look_beside(items: Sequence[Item], before: Before, scope: Scope, config: Config, touched: frozenset[str]) -> Beside:
    """Find other releases with the identity of one that is new in this change, and what shares something with it.

    Args:
        items: The releases of the change.
        before: What the base had in the files of the change.
        scope: The tree that is judged, in its repository.
        config: The globs.
        touched: The files at the head that are not as they are at the base.
    """
    standing: dict[Identity, list[Manifest]] = {}
    mine = [item.manifest for item in items if isinstance(item.manifest, Manifest)]
    for one in mine:
        standing.setdefault(one.identity, []).append(one)
    new = {one.identity for one in mine if one.identity not in before.manifests}
    given_up = {old for one in mine if one.identity in new and (old := one.replaced)}
    head, seekers = scope.head, _seekers(mine, before, scope.git, touched)
    wanted = Sought(frozenset(new | given_up)).and_kin(seekers)
    mentions = head.grep(wanted.needles) if wanted.identities or wanted.names else set()
    paths = sorted(path for path in mentions - {item.file for item in items} if config.matches(path))
    akin: list[Traits] = []
    unopened: list[Item] = []
    for found in search(head, wanted, paths):
        if isinstance(found, Broken):
            unopened.append(Item(found.file, found, UNOPENED))
            continue
        if isinstance(found, Manifest):
            standing.setdefault(found.identity, []).append(found)
        if found.identity not in new:
            akin.append(found if isinstance(found, Traits) else Traits.of(found))
    own = {id(one) for one in mine}
    twice = (one for one in duplicates(standing) if id(one.manifest) in own)
    return Beside(
        frozenset(new), frozenset(mentions), standing, tuple(twice), tuple(akin), wanted.names, tuple(unopened)
    )


def _seekers(mine: Iterable[Manifest], before: Before, git: Git, touched: frozenset[str]) -> list[Traits]:
    """The releases for which it is to be asked what shares something with them: those that are new, or are another now.

    Of one that stays as it was in all that is compared, the change that brought its kin has asked already. In a small
    repository, where a search costs nothing, every release that a change touches is looked at again.
    """
    asked = [one for one in mine if one.file in touched]
    if asked and (tracked_files(git.place) or _LARGE) < _LARGE:
        return [Traits.of(one) for one in asked]
    pairs = ((Traits.of(one), before.manifests.get(one.identity)) for one in asked)
    return [one for one, old in pairs if old is None or not one.is_as(Traits.of(old))]


class Sought(NamedTuple):
    """What is looked for."""

    identities: frozenset[Identity]
    artifacts: frozenset[str] = frozenset()
    """Digests, addresses and paths."""
    sizes: frozenset[int] = frozenset()
    """Sizes of artifacts in bytes."""
    names: frozenset[str] = frozenset()
    """Names of models: of releases themselves, and in what depends on them or sends them traffic."""
    doors: frozenset[str] = frozenset()
    """Where requests arrive."""

    def and_kin(self, seekers: Sequence[Traits]) -> Sought:
        """This, and whatever shares something with some releases."""
        return self._replace(
            artifacts=self.artifacts.union(*(one.mentioned for one in seekers)),
            sizes=self.sizes.union(size for one in seekers for size, _ in one.sizes),
            names=self.names.union(one.identity.name for one in seekers).union(*(one.routes for one in seekers)),
            doors=self.doors.union(*(one.doors for one in seekers)),
        )

    @property
    def needles(self) -> tuple[str, ...]:
        """One of these is in every file that holds any of it."""
        names = {identity.name for identity in self.identities}
        said = names | self.references | self.names | self.doors | set(map(str, self.sizes))
        return (*sorted(said | set(ENCODED if self.artifacts else ())), NEEDLE_ESCAPE)

    @property
    def references(self) -> set[str]:
        """Of each artifact the longest part that stands in a file as it is."""
        return {unbroken(sought_in(one)) for one in self.artifacts}

    def may_be_in(self, data: bytes) -> bool:
        """Whether a file may hold what is looked for. False is sure."""
        from changegate.change.spelling import holds_word, may_hold

        texts = (*self.references, *map(str, self.sizes), *(ENCODED if self.artifacts else ()))
        if any(one.encode("utf-8", "surrogatepass") in data for one in texts):
            return True
        named = (Identity.of({"name": name}) for name in self.names)
        if may_hold(data, (*self.identities, *named)) or holds_word(data, self.doors):
            return True
        return (b"dependsOn" in data or b"tiers" in data) and holds_word(data, self.names)

    def fits(self, one: Traits) -> bool:
        """Whether a release shares something with those of which that is looked for."""
        names = {one.identity.name, *one.routes, *(need.name for need in one.needs)}
        sizes = {size for size, _ in one.sizes}
        shared = (self.artifacts & one.models, self.doors & one.doors, self.names & names, self.sizes & sizes)
        return any(shared)


def search(tree: Tree, wanted: Sought, paths: Sequence[str]) -> Iterator[Manifest | Traits | Broken]:
    """Find the releases that have an identity which is looked for, or share something, in the order of their files.

    A file of which loading failed for a reason that nobody expected may hold one: it is found as what is broken.

    Args:
        tree: Where to look.
        wanted: What is looked for.
        paths: The files to look at.
    """
    return chain.from_iterable(
        in_chunks(
            lambda chunk: list(_in_files(tree, wanted, chunk)),
            paths,
            lambda path, accident: list(Loaded.failed(path, accident).broken),
        )
    )


def _in_files(tree: Tree, wanted: Sought, paths: Sequence[str]) -> Iterator[Manifest | Traits | Broken]:
    # NOTE: what is larger holds no manifest that the loader takes.
    for path, content in tree.read_many(paths, MAXIMUM_BYTES):
        if content.data and wanted.may_be_in(content.data):
            loaded = try_load(content.data, path)
            yield from (one for one in loaded.broken if one.accident is not None)
            for manifest in loaded.manifests:
                if manifest.identity in wanted.identities:
                    yield manifest
                elif wanted.fits(traits := Traits.of(manifest)):
                    yield traits


def unbroken(text: str) -> str:
    """The longest part of a text that stands in a manifest as it is.

    YAML folds a line break into a space, and writes a quote in single quotes twice.
    """
    return max(re.split("[ ']", text), key=len)

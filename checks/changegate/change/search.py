"""Releases beside those of a change: with an identity that is new or given up, or with an artifact of a new release.

A text search over the head narrows, a look at the bytes narrows once more, and the loader decides. What the change does
not touch is at the base as it is at the head, so that one search answers for both.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from changegate.change.changeset import Item, Namesake, duplicates, model_references
from changegate.change.manifests import NEEDLE_ESCAPE, UNOPENED, try_load
from changegate.manifest import Broken, Loaded, Manifest
from changegate.manifest.bounds import MAXIMUM_BYTES
from changegate.parallel import in_chunks
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from changegate.change.changeset import Before, Duplicate
    from changegate.names import Identity
    from changegate.policy.settings import Config
    from changegate.workspace.tree import Tree


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
    namesakes: tuple[Namesake, ...]
    """Others that name an artifact of a new one."""
    unopened: tuple[Item, ...] = ()
    """Files that could not be opened, for a reason that nobody expected."""


def look_beside(items: Sequence[Item], before: Before, head: Tree, config: Config) -> Beside:
    """Find other releases with the identity of one that is new in this change, or with an artifact of it.

    Args:
        items: The releases of the change.
        before: What the base had in the files of the change.
        head: The tree that is judged.
        config: The globs.
    """
    standing: dict[Identity, list[Manifest]] = {}
    mine = [item.manifest for item in items if isinstance(item.manifest, Manifest)]
    for one in mine:
        standing.setdefault(one.identity, []).append(one)
    new = {one.identity for one in mine if one.identity not in before.manifests}
    given_up = {old for one in mine if one.identity in new and (old := one.replaced)}
    artifacts = {name for one in mine if one.identity in new for name in model_references(one)}
    wanted = Sought(frozenset(new | given_up), frozenset(artifacts))
    mentions = head.grep(wanted.needles) if new else set()
    paths = sorted(path for path in mentions - {item.file for item in items} if config.matches(path))
    namesakes: list[Namesake] = []
    unopened: list[Item] = []
    for found in search(head, wanted, paths):
        if isinstance(found, Broken):
            unopened.append(Item(found.file, found, UNOPENED))
            continue
        if isinstance(found, Manifest):
            standing.setdefault(found.identity, []).append(found)
        if found.identity not in new:
            namesakes.append(found if isinstance(found, Namesake) else Namesake.of(found))
    own = {id(one) for one in mine}
    twice = (one for one in duplicates(standing) if id(one.manifest) in own)
    alike = (one for one in namesakes if one.references & artifacts)
    return Beside(frozenset(new), frozenset(mentions), standing, tuple(twice), tuple(alike), tuple(unopened))


class Sought(NamedTuple):
    """What is looked for."""

    identities: frozenset[Identity]
    artifacts: frozenset[str] = frozenset()
    """Digests, addresses and paths."""

    @property
    def needles(self) -> tuple[str, ...]:
        """One of these is in every file that holds any of it."""
        names = {identity.name for identity in self.identities}
        return (*sorted(names | self.references), NEEDLE_ESCAPE)

    @property
    def references(self) -> set[str]:
        """Of each artifact the longest part that stands in a file as it is."""
        return {unbroken(one) for one in self.artifacts}


def search(tree: Tree, wanted: Sought, paths: Sequence[str]) -> Iterator[Manifest | Namesake | Broken]:
    """Find the releases that have an identity or an artifact which is looked for, in the order of their files.

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


def _in_files(tree: Tree, wanted: Sought, paths: Sequence[str]) -> Iterator[Manifest | Namesake | Broken]:
    from changegate.change.spelling import may_hold

    references = [one.encode("utf-8", "surrogatepass") for one in wanted.references]
    # NOTE: what is larger holds no manifest that the loader takes.
    for path, content in tree.read_many(paths, MAXIMUM_BYTES):
        data = content.data
        if data and (any(one in data for one in references) or may_hold(data, wanted.identities)):
            loaded = try_load(data, path)
            yield from (one for one in loaded.broken if one.accident is not None)
            for manifest in loaded.manifests:
                if manifest.identity in wanted.identities:
                    yield manifest
                elif wanted.artifacts.intersection(model_references(manifest)):
                    yield Namesake.of(manifest)


def unbroken(text: str) -> str:
    """The longest part of a text that stands in a manifest as it is.

    YAML folds a line break into a space, and writes a quote in single quotes twice.
    """
    return max(re.split("[ ']", text), key=len)

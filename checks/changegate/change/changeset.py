"""The change set: which releases a change touches and why, what it retires, what stopped being readable.

`survey.py` makes it, whole; nothing is added to it afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.addresses import normalised_address
from changegate.policy.answers import MOST_RELATED
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from changegate.change.traits import Traits
    from changegate.manifest import Broken, Fault, Manifest
    from changegate.names import Change, Identity, KeyPath
    from changegate.workspace.changes import FileChange


class Item(NamedTuple):
    """One manifest at the head that is to be judged."""

    file: str
    manifest: Manifest | Broken
    """A `Broken` one could be read too little to be judged: its rules are unknown."""
    why: str
    """Why it is in the change."""
    in_change: bool = True
    """False where the change does not touch it, and every manifest was asked for."""
    is_new: bool = False
    """Whether its file held no manifest at the base."""

    @property
    def operation(self) -> str:
        """What the change does to it, as far as is known without looking into it."""
        if not self.in_change:
            return "unchanged"
        return "create" if self.is_new else "update"


class Lost(NamedTuple):
    """A file that held manifests at the base and holds none that can be read at the head."""

    file: str
    reason: str
    code: str
    """`link`, `submodule`, `not-a-manifest`, `encoding`, …"""
    revision: str = "head"
    """Where it is seen: at the base, where it is gone from the head."""


class Outside(NamedTuple):
    """A manifest that no glob matches."""

    file: str
    line: int | None
    """Where it says that it is one; None where nobody can tell."""


class Duplicate(NamedTuple):
    """A release whose identity another one has too."""

    manifest: Manifest
    others: tuple[Manifest, ...]
    """The first of them."""
    more: int = 0
    """How many there are besides."""


class Before(NamedTuple):
    """What the base had in the files that changed."""

    manifests: Mapping[Identity, Manifest] = {}
    broken: frozenset[Identity] = frozenset()
    """Whose manifests could not be read, as far as they say whose they are."""
    broken_files: frozenset[str] = frozenset()
    """The files with a manifest that could not be read."""


class Troubles(NamedTuple):
    """What is wrong with files that hold manifests, or should."""

    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    """Scalars that other readers take otherwise."""
    lost: tuple[Lost, ...] = ()
    hidden: tuple[Lost, ...] = ()
    """Files that are new, match the globs, and cannot be looked into."""
    outside: tuple[Outside, ...] = ()
    """Manifests that no glob matches, in files of the change; with `--all` in every file."""
    duplicates: tuple[Duplicate, ...] = ()

    def and_those(self, other: Troubles) -> Troubles:
        """These, and others after them."""
        return Troubles(
            faults=self.faults + other.faults,
            warnings=self.warnings + other.warnings,
            lost=self.lost + other.lost,
            hidden=self.hidden + other.hidden,
            outside=self.outside + other.outside,
            duplicates=self.duplicates + other.duplicates,
        )


class ChangeSet(NamedTuple):
    """What a change touches."""

    touched: frozenset[str]
    """Files at the head that are not as they are at the base."""
    moved: Mapping[str, str] = {}
    """Files at the head, each with its path at the base."""
    control: tuple[tuple[FileChange, str], ...] = ()
    """Control files that changed, each with its kind."""
    items: tuple[Item, ...] = ()
    retired: tuple[Manifest, ...] = ()
    """Manifests of the base whose identity is gone at the head."""
    before: Before = Before()
    renames: Mapping[Identity, Sequence[Manifest]] = {}
    """Names of before that new releases say they had, each with those releases."""
    new: frozenset[Identity] = frozenset()
    """Whose releases the base does not have in the files of the change."""
    standing: Mapping[Identity, Sequence[Manifest]] = {}
    """Releases at the head by identity: all of those that are new, and of those that a new one says it replaces."""
    mentions: frozenset[str] = frozenset()
    """Files at the head, of the globs or not, that hold the name of one that is new, or may."""
    akin: tuple[Traits, ...] = ()
    """Other releases, at the head or gone with this change, that share something with those of the change."""
    sought: frozenset[str] = frozenset()
    """The names for which those were looked for, and what depends on them."""
    troubles: Troubles = Troubles()
    unchanged: tuple[str, ...] = ()
    """With `--all`: the other files that match the globs, still to be opened."""
    governance: tuple[Change, ...] = ()
    """What the change does to the rules of the game, what loosens first."""
    notes: tuple[str, ...] = ()
    """What a reader must know of the globs."""

    @property
    def is_empty(self) -> bool:
        """Whether no manifest, nothing that a manifest names and no control file changed."""
        troubles = self.troubles
        told = (troubles.faults, troubles.lost, troubles.hidden, troubles.outside)
        return not any((self.items, self.retired, self.control, self.unchanged, *told))


class Others(NamedTuple):
    """What `--all` found in the manifests that the change does not touch."""

    troubles: Troubles = Troubles()
    dependants: tuple[str, ...] = ()
    """The files with a release that depends on others."""


def model_references(manifest: Manifest) -> set[str]:
    """What a release's answers come from, by digest, address and path. Base models and the like are shared by many."""
    return references(one for one in manifest.value["spec"]["artifacts"] if one["role"] in {"model", "adapter"})


def references(artifacts: Iterable[Mapping[str, Any]]) -> set[str]:
    """What artifacts are known by: digest, address and path. Of equal addresses that are written differently, one."""
    listed = list(artifacts)
    named = {one[key] for one in listed for key in ("digest", "path") if key in one}
    return named | {normalised_address(one["uri"]) for one in listed if "uri" in one}


def duplicates(places: Mapping[Identity, Sequence[Manifest]]) -> Iterator[Duplicate]:
    """Every release whose identity stands in more than one place."""
    for manifests in places.values():
        for manifest in manifests if len(manifests) > 1 else ():
            yield Duplicate(manifest, *beside(manifest, manifests))


def beside(manifest: Manifest, manifests: Sequence[Manifest]) -> tuple[tuple[Manifest, ...], int]:
    """The first of those that are beside a manifest, and how many there are besides: of thousands nobody names all."""
    others = tuple(one for one in manifests[: MOST_RELATED + 1] if one is not manifest)[:MOST_RELATED]
    return others, len(manifests) - 1 - len(others)


def places_of(manifests: Iterable[Manifest], more: int) -> list[str]:
    """Say where manifests stand, and how many there are besides."""
    return [*map(place, manifests), *([f"and {more} more"] if more else [])]


def place(manifest: Manifest) -> str:
    """Say where a manifest stands, as `file:line`."""
    return f"{manifest.file}:{manifest.locate(('metadata', 'name')).line}"


def related(said: str, manifest: Manifest, path: KeyPath, revision: str = "head") -> dict[str, Any]:
    """A place of a manifest to look at beside a finding's own, behind what is there in a few words.

    No line of it is looked up before a finding needs it.
    """
    at = {"file": manifest.file, "revision": revision, "document": manifest.document.index, "path": list(path)}
    return {"message": said, "at": at}


def strings(value: Any) -> Iterator[str]:
    """Every string in a JSON value, by an explicit stack: depth is the author's to choose."""
    stack = [value]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict):
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)

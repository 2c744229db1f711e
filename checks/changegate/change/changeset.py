"""The change set: which releases a change touches and why, what it retires, what stopped being readable.

Work is proportional to the change. Files that did not change are only opened where a text search shows that they may
matter: they name a file that changed, or an identity that is new. The search narrows, it never decides; what it finds
is parsed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.manifest import Broken, Fault, Manifest
    from changegate.names import Identity
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
    others: tuple[str, ...]
    """The places of the others, as `file:line`."""


class ChangeSet:
    """What a change touches."""

    def __init__(self, control: list[tuple[FileChange, str]], touched: frozenset[str]) -> None:
        """Begin with what is known of a change before any manifest is opened.

        Args:
            control: Control files that changed, each with its kind.
            touched: Files at the head that are not as they are at the base.
        """
        self.control = control
        self.touched = touched
        self.items: list[Item] = []
        self.retired: list[Manifest] = []
        """Manifests of the base whose identity is gone at the head."""
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = []
        """Scalars that other readers take otherwise."""
        self.lost: list[Lost] = []
        self.duplicates: list[Duplicate] = []
        self.unchanged: list[str] = []
        """With `--all`: the other files that match the globs, still to be opened."""
        self.before: dict[Identity, Manifest] = {}
        """The manifests of the base in the files that changed."""
        self.broken_before: dict[Identity, Broken] = {}
        self.broken_files: set[str] = set()
        """Files of the base with a manifest that could not be read."""
        self.dependants: list[str] = []
        """With `--all`: the files, apart from those of the change, that name something that they depend on."""
        self.dependencies: Mapping[str, list[Any]] = {"missing": [], "versions": [], "cycles": []}
        """What is wrong with what the change's releases depend on, and with what depends on them."""
        self.hidden: list[Lost] = []
        """Files that are new, match the globs, and cannot be looked into."""
        self.outside: list[Outside] = []
        """Manifests that no glob matches, in files of the change; with `--all` in every file."""
        self.notes: list[str] = []
        """What a reader must know of the globs."""
        self.renames: dict[Identity, list[Manifest]] = {}
        """Names of before that new releases say they had, each with those releases."""
        self.moved: dict[str, str] = {}
        """Files at the head, each with its path at the base."""
        self.namesakes: list[Manifest] = []
        """Releases that the change does not touch and that name an artifact of a new one."""

    @property
    def is_empty(self) -> bool:
        """Whether no manifest, nothing that a manifest names and no control file changed."""
        found = (self.items, self.retired, self.faults, self.lost, self.hidden, self.outside, self.control)
        return not (any(found) or self.unchanged)


def model_references(manifest: Manifest) -> set[str]:
    """What a release's answers come from, by digest, address and path. Base models and the like are shared by many."""
    artifacts = (one for one in manifest.value["spec"]["artifacts"] if one["role"] in {"model", "adapter"})
    return {one[key] for one in artifacts for key in ("digest", "uri", "path") if key in one}


def duplicates(places: dict[Identity, list[Manifest]]) -> Iterator[Duplicate]:
    """Every release whose identity stands in more than one place."""
    for manifests in places.values():
        for manifest in manifests if len(manifests) > 1 else ():
            others = tuple(place(other) for other in manifests if other is not manifest)
            yield Duplicate(manifest, others)


def place(manifest: Manifest) -> str:
    """Say where a manifest stands, as `file:line`."""
    return f"{manifest.file}:{manifest.locate(('metadata', 'name')).line}"


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

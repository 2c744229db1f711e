"""Manifests that did not change, and name a file that did."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from changegate.change.changeset import Item, strings
from changegate.change.manifests import NEEDLE_ESCAPE, UNOPENED, try_open
from changegate.change.search import unbroken
from changegate.manifest import Loaded
from changegate.parallel import in_chunks
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from changegate.change.touched import Sides
    from changegate.manifest import Fault
    from changegate.policy.settings import Config
    from changegate.workspace.changes import FileChange
    from changegate.workspace.tree import Tree


class Naming(NamedTuple):
    """The releases that name a file of the change, and what is wrong in their files."""

    items: tuple[Item, ...] = ()
    faults: tuple[Fault, ...] = ()


def naming_changed(changed: Iterable[FileChange], sides: Sides, head: Tree, config: Config) -> Naming:
    """Find the manifests that the change does not touch, and that name a file that it does.

    Args:
        changed: The files of the change.
        sides: What was loaded of them.
        head: The tree that is judged.
        config: The globs.
    """
    paths = {path for change in changed for path in (change.path, change.old_path) if path}
    named = {path for path in paths if not sides.stays_manifest(path) and _can_be_named(path)}
    if not named:
        return Naming()
    needles = sorted({unbroken(path) for path in named})
    files = sorted(path for path in head.grep((*needles, NEEDLE_ESCAPE)) - set(sides.at_head) if config.matches(path))
    parts = in_chunks(
        lambda chunk: [_naming(try_open(head, path), named) for path in chunk],
        files,
        lambda path, accident: [_naming(Loaded.failed(path, accident), named)],
    )
    found = list(chain.from_iterable(parts))
    return Naming(
        items=tuple(item for one in found for item in one.items),
        faults=tuple(fault for one in found for fault in one.faults),
    )


def _naming(loaded: Loaded, named: set[str]) -> Naming:
    if loaded.problem == "failed":
        return Naming(tuple(Item(loaded.file, one, UNOPENED) for one in loaded.broken))
    items = tuple(
        Item(loaded.file, entry, f"{hits[0]} changed" + (f" (+{len(hits) - 1})" if hits[1:] else ""))
        for entry in loaded.entries
        if (hits := sorted(named.intersection(strings(entry.value))))
    )
    return Naming(items, loaded.faults if items and loaded.broken else ())


# NOTE: texts, which `re` compiles when they are first used: few runs need them, and compiling takes start-up.
_UNWRITABLE = r"[\\\x00-\x1f\x7f\ud800-\udfff]"


def _can_be_named(path: str) -> bool:
    """Whether the schema lets a manifest write this path."""
    return not re.search(_UNWRITABLE, path)

"""What stands in the files of a change, at the base and at the head: releases, what is gone, what cannot be read."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from changegate.change.changeset import Before, Item, Lost, Troubles
from changegate.change.manifests import UNOPENED, try_open
from changegate.manifest import Manifest
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from changegate.manifest import Fault, Loaded
    from changegate.names import Identity
    from changegate.policy.settings import Config
    from changegate.workspace.changes import FileChange
    from changegate.workspace.scope import Scope
    from changegate.workspace.tree import Tree


class Sides:
    """The files of a change that match the globs, loaded: at the base by the path of before, and at the head."""

    def __init__(self, at_base: Mapping[str, Loaded], at_head: Mapping[str, Loaded]) -> None:
        """Take what was loaded."""
        self.at_base = at_base
        self.at_head = at_head

    @classmethod
    def of(cls, scope: Scope, config: Config, changed: Iterable[FileChange]) -> Sides:
        """Load both sides of a change."""
        old = (change.old_path for change in changed if change.operation != "added")
        new = (change.path for change in changed if change.operation != "deleted")
        return cls(_load(scope.base, old, config), _load(scope.head, new, config))

    @cached_property
    def before(self) -> Before:
        """What the base had."""
        loaded = self.at_base.values()
        broken = [one for found in loaded for one in found.broken]
        return Before(
            manifests={one.identity: one for found in loaded for one in found.manifests},
            broken=frozenset(one.identity for one in broken if one.identity),
            broken_files=frozenset(one.file for one in broken),
        )

    def stays_manifest(self, path: str) -> bool:
        """Whether a file is a manifest and was nothing else before, such as the evidence that another one names."""
        now, before = self.at_head.get(path), self.at_base.get(path)
        return now is not None and now.is_manifest and (before is None or before.is_manifest)


def _load(tree: Tree | None, paths: Iterable[str], config: Config) -> dict[str, Loaded]:
    """Load the files of one side that match the globs."""
    if tree is None:
        return {}
    return {path: try_open(tree, path) for path in paths if config.matches(path)}


class Held(NamedTuple):
    """What the files of a change hold."""

    items: tuple[Item, ...]
    troubles: Troubles
    renames: Mapping[Identity, Sequence[Manifest]]
    """Names of before that new releases say they had, each with those releases."""
    retired: tuple[Manifest, ...]


def in_changed_files(changed: Sequence[FileChange], sides: Sides, before: Before) -> Held:
    """Find the releases in the files of a change, and those that are gone from them."""
    items: list[Item] = []
    faults: list[Fault] = []
    warnings: list[Fault] = []
    lost: list[Lost] = []
    for change in changed:
        loaded = sides.at_head.get(change.path)
        was = sides.at_base.get(change.old_path)
        lost.extend(_lost(change, was, loaded))
        if was is not None and was.problem == "failed" and (loaded is None or loaded.problem != "failed"):
            items.extend(Item(change.old_path, entry, UNOPENED) for entry in was.broken)
        if loaded is not None and loaded.is_manifest:
            faults.extend(loaded.faults)
            warnings.extend(loaded.warnings)
            why = "the manifest was added" if change.operation == "added" else f"the manifest was {change.operation}"
            is_new = was is None or not was.is_manifest
            items.extend(Item(change.path, entry, why, is_new=is_new) for entry in loaded.entries)
    renames = _renames(items, before)
    unclear = _unclear(changed, sides.at_head)
    gone = (one for one in _gone(items, before) if one.identity not in renames and one.file not in unclear)
    return Held(tuple(items), Troubles(tuple(faults), tuple(warnings), tuple(lost)), renames, tuple(gone))


_UNREAD = "it is deleted or moved away, and at the base it could not be read: nobody can say what goes with it"


def _lost(change: FileChange, was: Loaded | None, now: Loaded | None) -> Iterator[Lost]:
    """What was a manifest at the base, and is none that can be read at the head."""
    if was is None:
        return
    if now is None:
        if was.broken or (was.is_manifest and not was.manifests):
            yield Lost(change.old_path, _UNREAD, "unreadable", "base")
    elif was.is_manifest and not now.is_manifest:
        reason = now.problem_reason or "no document in it says `apiVersion: changegate.dev/v1` any more"
        yield Lost(change.path, reason, now.problem or "not-a-manifest")


def _unclear(changed: Iterable[FileChange], at_head: Mapping[str, Loaded]) -> set[str]:
    """Files of the base of which nobody can say which identities they still hold at the head."""
    return {
        change.old_path
        for change in changed
        if (loaded := at_head.get(change.path)) is not None and (loaded.broken or not loaded.manifests)
    }


def _renames(items: Iterable[Item], before: Before) -> dict[Identity, list[Manifest]]:
    """Names of before that new releases say they had.

    Only a release that was not there before can be what another was renamed to: one that was is compared with itself.
    """
    renames: dict[Identity, list[Manifest]] = {}
    for item in items:
        manifest = item.manifest
        if isinstance(manifest, Manifest) and manifest.identity not in before.manifests and manifest.replaced:
            renames.setdefault(manifest.replaced, []).append(manifest)
    return renames


def _gone(items: Iterable[Item], before: Before) -> Iterator[Manifest]:
    """What the base had and the head has not; it may be renamed, or merely unreadable."""
    alive = {item.manifest.identity for item in items}
    return (manifest for identity, manifest in before.manifests.items() if identity not in alive)

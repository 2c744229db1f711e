"""The survey of a change: which releases it touches and why, what it retires, what stopped being readable.

Work is proportional to the change. Files that did not change are only opened where a text search shows that they may
matter: they name a file that changed, or an identity that is new. The search narrows, it never decides; what it finds
is parsed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from changegate.change.changeset import ChangeSet, Item, Lost, duplicates, model_references, strings
from changegate.change.control_files import control_kind
from changegate.change.manifests import NEEDLE_ESCAPE, open_manifest
from changegate.errors import UsageError
from changegate.manifest import Loaded, Manifest
from changegate.names import Stage
from changegate.workspace.changes import FileChange, changed_files

if TYPE_CHECKING:
    from collections.abc import Iterable

    from changegate.names import Identity
    from changegate.policy.settings import Config
    from changegate.workspace.scope import Scope
    from changegate.workspace.tree import Tree


def survey(scope: Scope, config: Config, paths: tuple[str, ...] = ()) -> ChangeSet:
    """Find everything that a change touches.

    Args:
        scope: The base and the head.
        config: The base's configuration: which files may be manifests.
        paths: Only manifests in these files or folders, where any are given; for a laptop.

    Raises:
        UsageError: A path names nothing, or part of a change is to decide about the whole.
    """
    changed = changed_files(scope)
    _check_paths(paths, scope, changed)
    named = frozenset(path.casefold() for path in config.policy_files)
    kinds = [(change, control_kind(change.path, named) or control_kind(change.old_path, named)) for change in changed]
    touched = frozenset(change.path for change in changed)
    found = ChangeSet(control=[(change, kind) for change, kind in kinds if kind], touched=touched)
    found.moved.update((change.path, change.old_path) for change in changed)
    at_base = _side(scope.base, (change.old_path for change in changed if change.operation != "added"), config)
    at_head = _side(scope.head, (change.path for change in changed if change.operation != "deleted"), config)
    _index_base(found, at_base)
    _take_changed(found, changed, at_base, at_head)
    _take_naming(found, scope.head, config, changed, (at_base, at_head))
    _find_duplicates(found, scope.head, config)
    odd = [change for change in changed if change.new_mode in _NO_FILES or _is_pointer(at_head.get(change.path))]
    if scope.all:
        seen = {item.file for item in found.items} | set(at_head)
        rest = [entry for entry in scope.head.entries() if entry.path not in seen]
        found.unchanged = sorted(entry.path for entry in rest if config.matches(entry.path))
        odd += [FileChange(e.path, "unchanged", new_mode=e.mode) for e in rest if e.mode in _NO_FILES]
    if odd:
        from changegate.change.hidden import hidden

        found.hidden.extend(hidden(found, odd, scope.head, config))
    if config.configured:
        from changegate.change.outside import look_outside

        look_outside(found, scope, config, paths)
    if paths:
        found.items = [item for item in found.items if _is_under(item.file, paths)]
        found.unchanged = [path for path in found.unchanged if _is_under(path, paths)]
    return found


def _is_pointer(loaded: Loaded | None) -> bool:
    return loaded is not None and loaded.problem == "lfs"


def _check_paths(paths: tuple[str, ...], scope: Scope, changed: Iterable[FileChange]) -> None:
    """Refuse what would look like a check and be none: a path with nothing in it, or a part for the whole in CI."""
    if paths and scope.stage is not Stage.LOCAL:
        hint = "leave them out, or add --stage local for advice"
        raise UsageError("PATHs are for a laptop: in CI the whole change is judged", hint=hint)
    for path in paths:
        files = (file for change in changed for file in (change.path, change.old_path))
        if not any(_is_under(file, (path,)) for file in (*files, *(entry.path for entry in scope.head.entries()))):
            raise UsageError(f"there is no file {path}, and none in it", hint="name a manifest, or a folder with some")


def _is_under(file: str, paths: Iterable[str]) -> bool:
    return any(path in {"", "."} or file == path or file.startswith(path.rstrip("/") + "/") for path in paths)


def _side(tree: Tree | None, paths: Iterable[str], config: Config) -> dict[str, Loaded]:
    """Load the files of one side that match the globs."""
    if tree is None:
        return {}
    return {path: open_manifest(tree, path) for path in paths if config.matches(path)}


def _index_base(found: ChangeSet, at_base: dict[str, Loaded]) -> None:
    for loaded in at_base.values():
        found.broken_files.update(broken.file for broken in loaded.broken)
        found.before.update((manifest.identity, manifest) for manifest in loaded.manifests)
        found.broken_before.update((broken.identity, broken) for broken in loaded.broken if broken.identity)


def _take_changed(
    found: ChangeSet, changed: Iterable[FileChange], at_base: dict[str, Loaded], at_head: dict[str, Loaded]
) -> None:
    for change in changed:
        loaded, was = at_head.get(change.path), at_base.get(change.old_path)
        if loaded is None:
            if was is not None and (was.broken or (was.is_manifest and not was.manifests)):
                found.lost.append(Lost(change.old_path, _UNREAD, "unreadable", "base"))
            continue
        if not loaded.is_manifest:
            if was is not None and was.is_manifest:
                found.lost.append(_lost(change, loaded))
            continue
        found.faults.extend(loaded.faults)
        found.warnings.extend(loaded.warnings)
        why = "the manifest was added" if change.operation == "added" else f"the manifest was {change.operation}"
        found.items.extend(Item(change.path, entry, why) for entry in loaded.entries)
    _retire(found, _unclear(changed, at_head))


_UNREAD = "it is deleted or moved away, and at the base it could not be read: nobody can say what goes with it"


def _unclear(changed: Iterable[FileChange], at_head: dict[str, Loaded]) -> set[str]:
    """Files of the base of which nobody can say which identities they still hold at the head."""
    return {
        change.old_path
        for change in changed
        if (loaded := at_head.get(change.path)) is not None and (loaded.broken or not loaded.manifests)
    }


def _retire(found: ChangeSet, unclear: set[str]) -> None:
    """Retire what is gone: not moved, not renamed, and not merely unreadable.

    Only a release that was not there before can be what another was renamed to: one that was is compared with itself.
    """
    alive = {identity for item in found.items if (identity := item.manifest.identity)}
    new = (item.manifest for item in found.items if item.manifest.identity not in found.before)
    for manifest in new:
        if isinstance(manifest, Manifest) and (name := manifest.replaced):
            found.renames.setdefault(name, []).append(manifest)
    for identity, manifest in found.before.items():
        if identity not in alive and identity not in found.renames and manifest.file not in unclear:
            found.retired.append(manifest)


def _lost(change: FileChange, loaded: Loaded) -> Lost:
    reason = loaded.problem_reason or "no document in it says `apiVersion: changegate.dev/v1` any more"
    return Lost(change.path, reason, loaded.problem or "not-a-manifest")


def _take_naming(
    found: ChangeSet,
    head: Tree,
    config: Config,
    changed: Iterable[FileChange],
    sides: tuple[dict[str, Loaded], dict[str, Loaded]],
) -> None:
    """Add manifests that did not change but name a file that did."""
    paths = {path for change in changed for path in (change.path, change.old_path) if path}
    named = {path for path in paths if not _stays_manifest(path, *sides) and _can_be_named(path)}
    if not named:
        return
    needles = sorted({_unbroken(path) for path in named})
    for path in sorted(head.grep((*needles, NEEDLE_ESCAPE)) - set(sides[1])):
        if not config.matches(path):
            continue
        loaded = open_manifest(head, path)
        for entry in loaded.entries:
            hits = sorted(named.intersection(strings(entry.value)))
            if hits:
                found.items.append(
                    Item(path, entry, f"{hits[0]} changed" + (f" (+{len(hits) - 1})" if hits[1:] else ""))
                )
        if loaded.broken and any(item.file == path for item in found.items):
            found.faults.extend(loaded.faults)


def _stays_manifest(path: str, at_base: dict[str, Loaded], at_head: dict[str, Loaded]) -> bool:
    """Whether a file is a manifest and was nothing else before, such as the evidence that another one names."""
    now, before = at_head.get(path), at_base.get(path)
    return now is not None and now.is_manifest and (before is None or before.is_manifest)


def _can_be_named(path: str) -> bool:
    """Whether the schema lets a manifest write this path."""
    return not re.search(_UNWRITABLE, path)


def _unbroken(path: str) -> str:
    """The longest part of a path that stands in a manifest as it is.

    YAML folds a line break into a space, and writes a quote in single quotes twice.
    """
    return max(re.split("[ ']", path), key=len)


# NOTE: texts, which `re` compiles when they are first used: few runs need them, and compiling takes start-up.
_UNWRITABLE = r"[\\\x00-\x1f\x7f\ud800-\udfff]"


def _find_duplicates(found: ChangeSet, head: Tree, config: Config) -> None:
    """Find other releases with the identity of one that is new in this change."""
    places: dict[Identity, list[Manifest]] = {}
    for item in found.items:
        if isinstance(item.manifest, Manifest):
            places.setdefault(item.manifest.identity, []).append(item.manifest)
    new = {identity for identity in places if identity not in found.before}
    if new:
        known = {item.file for item in found.items}
        artifacts = {name for identity in new for one in places[identity] for name in model_references(one)}
        needles = (*sorted({identity.name for identity in new} | artifacts), NEEDLE_ESCAPE)
        for path in sorted(head.grep(needles) - known):
            if config.matches(path):
                for manifest in open_manifest(head, path).manifests:
                    if manifest.identity in new:
                        places[manifest.identity].append(manifest)
                    elif artifacts.intersection(model_references(manifest)):
                        found.namesakes.append(manifest)
    mine = {id(item.manifest) for item in found.items}
    found.duplicates.extend(one for one in duplicates(places) if id(one.manifest) in mine)


_NO_FILES = frozenset({"120000", "160000"})

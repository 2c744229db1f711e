"""The survey of a change, which makes the change set: what it touches and why, what it retires, what it hides.

Work is proportional to the change. Files that did not change are only opened where a text search shows that they may
matter: they name a file that changed, or an identity that is new. The search narrows, it never decides; what it finds
is parsed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.change.changeset import ChangeSet, Troubles
from changegate.change.control_files import ControlFiles
from changegate.change.naming import naming_changed
from changegate.change.search import look_beside
from changegate.change.touched import Sides, in_changed_files
from changegate.errors import UsageError
from changegate.names import Stage
from changegate.records import NamedTuple
from changegate.workspace.changes import FileChange, changed_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from changegate.change.changeset import Item, Lost
    from changegate.policy.settings import Config
    from changegate.workspace.scope import Scope


def survey(scope: Scope, config: Config, paths: tuple[str, ...] = ()) -> ChangeSet:
    """Find everything that a change touches.

    Args:
        scope: The base and the head.
        config: The base's configuration: which files may be manifests.
        paths: Only manifests in these files or folders, where any are given; for a laptop.

    Raises:
        UsageError: A path names nothing, or part of a change is to decide about the whole.
    """
    changed = tuple(changed_files(scope))
    _check_paths(paths, scope, changed)
    sides = Sides.of(scope, config, changed)
    before = sides.before
    held = in_changed_files(changed, sides, before)
    naming = naming_changed(changed, sides, scope.head, config)
    items = (*held.items, *naming.items)
    touched = frozenset(one.path for one in changed)
    beside = look_beside(items, before, scope, config, touched)
    known = {item.file for item in items} | set(sides.at_head)
    rest = _rest(scope, config, known | {one.file for one in beside.unopened})
    change = ChangeSet(
        touched=touched,
        moved={one.path: one.old_path for one in changed},
        control=tuple(_control(changed, ControlFiles(config, scope.base))),
        items=(*items, *(one for one in beside.unopened if one.file not in known)),
        retired=held.retired,
        before=before,
        renames=held.renames,
        new=beside.new,
        standing=beside.standing,
        mentions=beside.mentions,
        akin=beside.akin,
        sought=beside.sought,
        troubles=held.troubles.and_those(Troubles(faults=naming.faults, duplicates=beside.duplicates)),
        unchanged=rest.files,
    )
    return _narrowed(_looked_around(change, scope, config, (*_odd(changed, sides), *rest.odd), paths), paths)


def _looked_around(
    change: ChangeSet, scope: Scope, config: Config, odd: tuple[FileChange, ...], paths: tuple[str, ...]
) -> ChangeSet:
    """Add what cannot be looked into, and what the globs leave out."""
    hides: tuple[Lost, ...] = ()
    if odd:
        from changegate.change.hidden import hidden

        hides = tuple(hidden(change, odd, scope.head, config))
    if not config.configured:
        return change._replace(troubles=change.troubles._replace(hidden=hides))
    from changegate.change.outside import look_outside

    outside, notes = look_outside(change, scope, config, paths)
    found = change._replace(troubles=change.troubles._replace(hidden=hides, outside=outside), notes=notes)
    if not change.control:
        return found
    from changegate.change.governance import governance_of

    return found._replace(governance=governance_of(change, scope, config))


def _narrowed(change: ChangeSet, paths: tuple[str, ...]) -> ChangeSet:
    """The same change with the manifests alone that were asked for."""
    if not paths:
        return change
    items: tuple[Item, ...] = tuple(item for item in change.items if _is_under(item.file, paths))
    return change._replace(items=items, unchanged=tuple(one for one in change.unchanged if _is_under(one, paths)))


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


def _control(changed: Iterable[FileChange], files: ControlFiles) -> Iterator[tuple[FileChange, str]]:
    for one in changed:
        if kind := files.kind(one.path) or files.kind(one.old_path):
            yield one, kind


_NO_FILES = frozenset({"120000", "160000"})


def _odd(changed: Iterable[FileChange], sides: Sides) -> Iterator[FileChange]:
    """Links, submodules, pointers, and files too large to be looked into, of the change."""
    for one in changed:
        loaded = sides.at_head.get(one.path)
        if one.new_mode in _NO_FILES or (loaded is not None and loaded.problem in {"lfs", "too-large"}):
            yield one


class _Rest(NamedTuple):
    """With `--all`: what lies beside the change."""

    files: tuple[str, ...] = ()
    """What the globs match."""
    odd: tuple[FileChange, ...] = ()
    """Links and submodules."""


def _rest(scope: Scope, config: Config, seen: set[str]) -> _Rest:
    if not scope.all:
        return _Rest()
    entries = [entry for entry in scope.head.entries() if entry.path not in seen]
    files = sorted(entry.path for entry in entries if config.matches(entry.path))
    odd = (FileChange(one.path, "unchanged", new_mode=one.mode) for one in entries if one.mode in _NO_FILES)
    return _Rest(tuple(files), tuple(odd))

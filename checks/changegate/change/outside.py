"""What the globs leave out: manifests that none of them matches, and globs that match nothing.

A manifest there is one for whoever deploys it, and nobody would judge it. `exclude` is how a configuration says that
this is meant. Only files of the change are opened, and with `--all` those that a text search finds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.change.changeset import Outside
from changegate.change.idle_globs import every_glob, stated_globs, told
from changegate.change.manifests import LARGEST_BYTES, NEEDLE_ESCAPE, try_open
from changegate.errors import ConfigurationError, UsageError
from changegate.manifest.bounds import MAXIMUM_BYTES
from changegate.manifest.ours import API, mentions, says_it_is_ours
from changegate.policy.settings import FILE, Config

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from changegate.change.changeset import ChangeSet
    from changegate.workspace.scope import Scope
    from changegate.workspace.tree import Tree

_ENDINGS = (".yaml", ".yml", ".json")
_BEGINNING = 64
"""Among so many bytes a text in UTF-16 or UTF-32 has one that is 0."""
_NAMED = 5
"""So many files a sentence names."""


def look_outside(
    found: ChangeSet, scope: Scope, config: Config, paths: tuple[str, ...]
) -> tuple[tuple[Outside, ...], tuple[str, ...]]:
    """Find what the globs of the base leave out.

    Args:
        found: The change set so far.
        scope: The base and the head.
        config: The base's configuration.
        paths: The files and folders that were asked for; then other files of the change are not opened.

    Returns:
        The manifests that no glob matches, and what a reader must know of the globs.

    Raises:
        UsageError: A path that was asked for holds a manifest that no glob matches.
    """
    head = scope.head
    notes = list(_left_out(head, config, paths)) if paths else []
    outside = () if paths else _outside(found, scope, config)
    notes += told(every_glob(head, config) if scope.all else stated_globs(head, config, found.touched))
    if any(change.path == FILE and change.operation != "deleted" for change, _ in found.control):
        notes += _narrowed(head, config)
    return tuple(outside), tuple(notes)


def _outside(found: ChangeSet, scope: Scope, config: Config) -> Iterator[Outside]:
    touched = [path for path in sorted(found.touched) if config.leaves_out(path)]
    rest = _naming(scope.head, config) - found.touched if scope.all else ()
    return _manifests(scope.head, (*touched, *sorted(rest)))


def refuse_to_see_nothing(outside: Sequence[Outside]) -> None:
    """Refuse to say of a whole repository that it holds, where every manifest in it is out of the globs.

    Raises:
        ConfigurationError: There is a manifest, and this was called since the globs match none.
    """
    if outside:
        files = [one.file for one in outside]
        message = f"every manifest was asked for, and the globs match none: {_listed(files)} {_are(files)} left out"
        hint = "write globs under `manifests: {include: …}` that match them; name what is no release under `exclude`"
        raise ConfigurationError(message, hint=hint, file=FILE)


def _left_out(head: Tree, config: Config, paths: tuple[str, ...]) -> Iterator[str]:
    """Refuse a path that would look checked and is not; of one that is left out on purpose a note says so."""
    folders = [path for path in paths if path in {"", "."} or head.read(path, 0).problem in {"directory", "missing"}]
    named = [path for path in paths if path not in folders]
    inside = {file for file in _naming(head, config) if any(_is_in(file, path) for path in folders)} if folders else ()
    unmatched = (path for path in named if config.configured and not config.matches(path))
    for one in _manifests(head, (*unmatched, *sorted(inside))):
        if config.excludes(one.file):
            yield f"{one.file} was not judged: `manifests: {{exclude: …}}` in {FILE} names it."
            continue
        hint = f"write a glob that matches it under `manifests: {{include: …}}` in {FILE}"
        raise UsageError("this is a manifest, and no glob matches it", hint=hint, file=one.file, line=one.line)


def _is_in(file: str, folder: str) -> bool:
    return folder in {"", "."} or file.startswith(folder.rstrip("/") + "/")


def _naming(head: Tree, config: Config) -> set[str]:
    """Files that the globs leave out and that may say they are ours, by a listing and a text search."""
    left_out = {entry.path for entry in head.entries() if config.leaves_out(entry.path)}
    if not left_out:
        return left_out
    found = left_out & head.grep((f"{API}/", NEEDLE_ESCAPE))
    return found | set(_wide(head, sorted(one for one in left_out - found if one.lower().endswith(_ENDINGS))))


def _wide(head: Tree, paths: Sequence[str]) -> Iterator[str]:
    """Files in UTF-16 or UTF-32 that may say they are ours: a text search finds no word in them."""
    for path, content in head.read_many(paths, MAXIMUM_BYTES):
        if content.data is not None and b"\0" in content.data[:_BEGINNING] and mentions(content.data):
            yield path


def _manifests(head: Tree, paths: Iterable[str]) -> Iterator[Outside]:
    for path in paths:
        loaded = try_open(head, path)
        document = next((entry.document for entry in loaded.entries if entry.document is not None), None)
        if document is not None:
            yield Outside(path, document.locate(("apiVersion",)).line)
        elif loaded.problem == "failed" or (loaded.is_manifest and _says_so(head, path)):
            yield Outside(path, None)  # not so a template that cannot be read and has an annotation of ours


def _says_so(head: Tree, path: str) -> bool:
    return says_it_is_ours(head.read(path, LARGEST_BYTES).data or b"")


def _narrowed(head: Tree, config: Config) -> Iterator[str]:
    """Say which manifests nobody will look at, once the configuration that a change brings has landed."""
    try:
        after = Config.load(head)
    except ConfigurationError:
        return  # a finding by itself
    less = {entry.path for entry in head.entries() if config.matches(entry.path) and not after.matches(entry.path)}
    files = [one.file for one in _manifests(head, sorted(less & head.grep((f"{API}/", NEEDLE_ESCAPE))))]
    if files:
        yield f"With the globs that this change writes into {FILE}, {_listed(files)} {_are(files)} no longer judged."


def _are(files: list[str]) -> str:
    return "is" if len(files) == 1 else "are"


def _listed(files: list[str]) -> str:
    more = f" and {len(files) - _NAMED} more" if len(files) > _NAMED else ""
    return ", ".join(files[:_NAMED]) + more

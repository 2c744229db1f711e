"""Opens files that may be manifests, at any revision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.errors import ChangegateError, InternalError
from changegate.manifest import Loaded, load_manifests

if TYPE_CHECKING:
    from collections.abc import Callable

    from changegate.workspace.tree import Tree


LARGEST_BYTES = 128 * 1024 * 1024
"""What is read of a file that may be a manifest; hosts take no larger ones (GitHub: 100 MiB)."""


NEEDLE_ESCAPE = "\\"
"""A double-quoted scalar can spell any text with escapes, so every search for a text also asks for a backslash."""


def open_manifest(tree: Tree, path: str) -> Loaded:
    """Read and load one file; one that cannot be read says so instead of holding manifests.

    NOTE: more is read than the loader takes: of a file that is too large for it somebody has to see that it is a
    manifest.
    """
    content = tree.read(path, LARGEST_BYTES)
    if content.data is None:
        return Loaded.unreadable(path, content.problem, content.reason)
    return load_manifests(content.data, path)


UNOPENED = "it may name what the change touches, and could not be opened"
"""Why a file is in a change that nobody could look into."""


def try_open(tree: Tree, path: str) -> Loaded:
    """Open a file so that what nobody expected costs this file alone: it is broken then, and says by what."""
    return _try(lambda: open_manifest(tree, path), path)


def try_load(data: bytes, path: str) -> Loaded:
    """Load a file that is read already; see `try_open`."""
    return _try(lambda: load_manifests(data, path), path)


def _try(load: Callable[[], Loaded], path: str) -> Loaded:
    try:
        return load()
    except Exception as error:
        if isinstance(error, ChangegateError) and not isinstance(error, InternalError):
            raise
        from changegate.crash import caught

        return Loaded.failed(path, caught(error))

"""Opens files that may be manifests, at any revision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.manifest import Loaded, load_manifests

if TYPE_CHECKING:
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

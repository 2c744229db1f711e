"""The files of a tree by their digests, as far as a search for one that moved may go.

A change may name hundreds of files that are not there, and bring large ones beside: what is read for them is bounded
for the whole run, and each file is read once.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from changegate.workspace.tree import Tree

LARGEST = 16 * 1024 * 1024
"""Bytes of one file."""
MOST = 128 * 1024 * 1024
"""Bytes of all of them."""
POINTER = b"version https://git-lfs."


def is_hidden(file: str) -> bool:
    """Whether a file lies in a folder of control or of tools (`.changegate`, `.github`), or is such a file."""
    return any(part.startswith(".") for part in PurePosixPath(file).parts)


class KnownFiles:
    """A tree whose files are known by their digests."""

    def __init__(self, tree: Tree) -> None:
        """Take the tree."""
        self._tree = tree
        self._digests: dict[str, str] = {}
        self._left = MOST

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """All paths; listed when it is asked."""
        return tuple(entry.path for entry in self._tree.entries())

    def has(self, path: str) -> bool:
        """Whether something is there, whatever it is."""
        return self._tree.read(path, 0).problem != "missing"

    def digest(self, path: str) -> str:
        """The sha256 of a regular file, as `sha256:<hex>`; empty of a pointer to another, and where it is not known."""
        if path not in self._digests:
            self._digests[path] = self._read(path)
        return self._digests[path]

    def _read(self, path: str) -> str:
        data = self._tree.read(path, min(LARGEST, self._left)).data if self._left > 0 else None
        if data is None:
            return ""
        self._left -= len(data)
        return "" if data.startswith(POINTER) else "sha256:" + hashlib.sha256(data).hexdigest()

"""Folders of a working tree, each opened from the one above it, following no link. The newest ones stay open.

A run with `--all` looks into thousands of folders, and a dozen times into each: opening every segment of a path anew
for each file takes most of the time of reading it.
"""

from __future__ import annotations

import errno
import os
import weakref

_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_MOST = 48
"""So many stay open: few systems let a process open less than 256 files."""


class NestedError(OSError):
    """A folder is another repository."""


class Folders:
    """Open folders below a root. One that is moved or replaced meanwhile stays what it was when it was opened."""

    def __init__(self, root: bytes) -> None:
        """Open nothing yet."""
        self._root = root
        self._open: dict[bytes, int] = {}
        """Path from the root -> descriptor; what was asked for last stands last."""
        weakref.finalize(self, _close, self._open)

    def open(self, parts: list[bytes]) -> int:
        """Open a folder. It stays open for a while, and is closed here and nowhere else.

        Args:
            parts: The segments of its path; none for the root.

        Raises:
            NestedError: It, or one above it, is another repository.
            OSError: There is no such folder, or a link stands on the way.
        """
        depth = len(parts)
        while (here := self._known(parts[:depth])) is None and depth:
            depth -= 1
        if here is None:
            here = self._keep(b"", os.open(self._root, _FLAGS & ~os.O_NOFOLLOW))
        for end in range(depth, len(parts)):
            here = self._keep(b"/".join(parts[: end + 1]), _below(here, parts[end]))
        return here

    def _known(self, parts: list[bytes]) -> int | None:
        path = b"/".join(parts)
        known = self._open.pop(path, None)
        if known is not None:
            self._open[path] = known
        return known

    def _keep(self, path: bytes, folder: int) -> int:
        if len(self._open) >= _MOST:
            os.close(self._open.pop(next(iter(self._open))))
        self._open[path] = folder
        return folder


def exists(name: bytes, folder: int) -> bool:
    """Whether a folder has something of a name, be it a link that leads nowhere."""
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except OSError:
        return False
    return True


def _below(above: int, name: bytes) -> int:
    folder = os.open(name, _FLAGS, dir_fd=above)
    if exists(b".git", folder):
        os.close(folder)
        raise NestedError(errno.EXDEV, "another repository")
    return folder


def _close(folders: dict[bytes, int]) -> None:
    for folder in folders.values():
        os.close(folder)

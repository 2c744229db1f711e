"""The file that was meant by a path that leads to none: most often one from the manifest's folder, or a slip."""

from __future__ import annotations

from functools import cached_property
from posixpath import normpath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from changegate.workspace.tree import Tree

_MOST = 50
"""So many names are compared for one path: whoever writes it chooses how many there are."""


class Nearest:
    """Finds what was meant among the files of a tree, which are listed once, and only when something is missing."""

    def __init__(self, tree: Tree) -> None:
        """Take the tree."""
        self._tree = tree

    @cached_property
    def _paths(self) -> dict[str, str]:
        """Every file by its path in lower case."""
        return {entry.path.casefold(): entry.path for entry in self._tree.entries()}

    @cached_property
    def _folders(self) -> dict[str, list[str]]:
        """The files of each folder."""
        found: dict[str, list[str]] = {}
        for path in self._paths.values():
            found.setdefault(path.rpartition("/")[0], []).append(path)
        return found

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        """The files of each name."""
        found: dict[str, list[str]] = {}
        for path in self._paths.values():
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return found

    def find(self, path: str, beside: str = "") -> str:
        """Find the file that was meant; empty where nobody can tell.

        Args:
            path: What leads to no file.
            beside: The folder of the file that names it.
        """
        below = normpath(f"{beside}/{path}".lstrip("/"))
        for one in (below, path):
            if one.casefold() in self._paths:
                return self._paths[one.casefold()]
        same = self._names.get(path.rpartition("/")[2], [])
        own = [one for one in same if one.startswith(f"{beside}/")]
        for only in (own, same):
            if len(only) == 1:
                return only[0]
        for written in (path, below):
            folder, _, name = written.rpartition("/")
            there = {one.rpartition("/")[2]: one for one in self._folders.get(folder, ())}
            if found := _closest(name, there):
                return there[found]
        return _closest(path, same)


def _closest(word: str, words: Iterable[str]) -> str:
    from difflib import get_close_matches
    from itertools import islice

    found = get_close_matches(word[:500], list(islice(words, _MOST)), n=1, cutoff=0.7)
    return found[0] if found else ""

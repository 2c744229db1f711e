"""The control files and own policies of a tree, in memory: the process that reads them has no git to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.own_policies.where import OWN
from changegate.policy import control

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from changegate.change.would_load import LoadFault
    from changegate.policy.settings import Config
    from changegate.workspace.tree import Content, Entry, Opened, Tree

_CONFIG = control.FOLDER + "config.yaml"
_LARGEST = 256 * 1024 * 1024
"""Bytes of all bundles together; each has a bound of its own."""


class Snapshot:
    """What own policies of a tree are read from, in memory: the process that reads them cannot ask git."""

    def __init__(self, tree: Tree, config: Config, *, with_tests: bool = False) -> None:
        """Read it, within the bounds of `own/`.

        Args:
            tree: The tree.
            config: Its settings, which may name bundles and keys.
            with_tests: Whether to read the tests as well, and what they may read.

        Raises:
            GitError: Git failed.
        """
        from changegate.own_policies.folder import LARGEST_FILE, wanted, wanted_by_tests
        from changegate.own_policies.source import LARGEST_ARCHIVE

        self.revision = tree.revision
        self._entries = [entry for entry in tree.entries() if entry.path.startswith(control.FOLDER)]
        paths = (OWN, _CONFIG, *config.policy_files)
        self._contents: dict[str, Content] = {}
        left = _LARGEST
        for path in dict.fromkeys(paths):
            self._contents[path] = tree.read(path, min(left, LARGEST_ARCHIVE))
            left -= len(self._contents[path].data or b"")
        self._contents.update(_within(tree, wanted(self._entries, OWN), LARGEST_FILE))
        if with_tests:
            self._contents.update(_within(tree, wanted_by_tests(self._entries, OWN), LARGEST_FILE))

    def read(self, path: str, limit: int) -> Content:
        """Read one file."""
        from changegate.workspace.tree import Content
        from changegate.workspace.trees import missing

        content = self._contents.get(path) or missing(path)
        if content.data is not None and len(content.data) > limit:
            size = len(content.data)
            return Content(None, "too-large", f"{path} has {size} bytes, more than the {limit} that are read")
        return content

    def open(self, path: str, limit: int) -> Opened:
        """Nothing: policies are never so large."""
        from changegate.workspace.tree import Opened

        del limit
        return Opened(reason=f"{path} is no policy that is read at once")

    def read_many(self, paths: Sequence[str], limit: int) -> Iterator[tuple[str, Content]]:
        """Read many files in their order."""
        return ((path, self.read(path, limit)) for path in paths)

    def entries(self) -> Iterator[Entry]:
        """The paths below `.changegate/`."""
        return iter(self._entries)

    def link(self, path: str) -> str | None:
        """Nothing: no policy is read through a link."""
        del path
        return None

    def grep(self, needles: tuple[str, ...]) -> set[str]:
        """Nothing: policies are not searched."""
        del needles
        return set()

    def placed(self, fault: LoadFault, config: Config) -> LoadFault:
        """A fault in a file that the tree has: of one in a bundle, the bundle says which it is."""
        from changegate.own_policies.folder import module_name

        names = {module_name(entry.path): entry.path for entry in self._entries}
        if fault.file in names:
            return fault._replace(file=names[fault.file])
        known = (OWN, _CONFIG, *config.policy_files)
        if fault.file in known or not fault.file:
            return fault._replace(file=fault.file or OWN)
        below = next((one for one in known if fault.file.startswith(f"{one}/")), OWN)
        inner = fault.file.removeprefix(f"{below}/") + (f", line {fault.line}" if fault.line else "")
        return fault._replace(file=below, message=f"{inner}: {fault.message}", line=None, column=None, end_column=None)


def _within(tree: Tree, paths: Sequence[str], limit: int) -> Iterator[tuple[str, Content]]:
    """Files up to the bounds of a source, and the one that breaks them."""
    from changegate.own_policies.folder import LARGEST_SOURCE, MOST_FILES

    size = 0
    for path, content in tree.read_many(paths, limit) if len(paths) <= MOST_FILES else ():
        yield path, content
        size += len(content.data or b"")
        if size > LARGEST_SOURCE:
            return

"""The files of one revision, read without a checkout. Implementations: a commit, the index, the working tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Entry(NamedTuple):
    """One path of a tree."""

    path: str
    """Relative to the root, with `/`; bytes that are not UTF-8 are surrogate-escaped."""
    mode: str
    """Git's six octal digits: 100644, 100755, 120000 (link), 160000 (submodule)."""
    oid: str
    """The blob's object id; empty in the working tree."""


class Content(NamedTuple):
    """The bytes of a file, or why there are none."""

    data: bytes | None
    problem: str = ""
    """Empty, or `missing`, `link`, `submodule`, `directory`, `too-large`, `outside`, `unreadable`."""
    reason: str = ""
    """The problem in a sentence for people."""
    oid: str = ""


class Opened(NamedTuple):
    """A regular file, open to be read at any place, or why there is none."""

    descriptor: int = -1
    """Whoever asked for it closes it."""
    size: int = 0
    """In bytes."""
    stamp: str = ""
    """What would be another if the file were; empty where nobody can tell."""
    written_at: float = 0
    """When it was last written, in seconds since the epoch."""
    reason: str = ""
    """Why it is not open; empty when it is."""


class Tree(Protocol):
    """The files of one revision."""

    revision: str
    """The object id of the commit or tree, or `index`, or `worktree`."""

    def read(self, path: str, limit: int) -> Content:
        """Read one regular file of at most `limit` bytes. Follows no link; raises GitError only if git fails."""
        ...

    def open(self, path: str, limit: int) -> Opened:
        """Open one regular file of at most `limit` bytes, however large that is. Follows no link."""
        ...

    def link(self, path: str) -> str | None:
        """Where a link points, as it is written; None where there is no link at the path. Follows none on the way."""
        ...

    def read_many(self, paths: Sequence[str], limit: int) -> Iterator[tuple[str, Content]]:
        """Read many files in their order."""
        ...

    def entries(self) -> Iterator[Entry]:
        """All paths, in git's order."""
        ...

    def grep(self, needles: tuple[str, ...]) -> set[str]:
        """Paths of the files that hold any of the needles as bytes: narrows what is parsed, decides nothing."""
        ...

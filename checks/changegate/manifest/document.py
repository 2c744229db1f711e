"""What reading a file gives: documents with positions on demand, and faults, which are data."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from changegate.records import NamedTuple
from changegate.tokens import masked_lines, masked_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from changegate.manifest.positions import Positions, Span
    from changegate.names import KeyPath


class Position(NamedTuple):
    """Where a node stands."""

    line: int
    """1-based."""
    column: int
    """1-based, in characters."""
    end_column: int | None
    """1-based and exclusive; of a node of several lines the end of the first. None where nothing stands there."""
    exact: bool
    """False where the node is missing and this is its nearest existing parent."""


class Fault(NamedTuple):
    """Something that is wrong with a file. Whether it matters is a policy's part."""

    code: str
    """A stable name in kebab-case: `syntax`, `duplicate-key`, `unknown-field`, …"""
    message: str
    hint: str
    """What to do about it."""
    file: str
    line: int | None = None
    """1-based; None only for a file that has no lines (not text, too large)."""
    column: int | None = None
    end_column: int | None = None
    path: KeyPath = ()


class Document:
    """One document of a file."""

    file: Final[str]
    index: Final[int]
    """0-based, among the documents of the file."""
    value: Final[Any]
    """Plain JSON: dict with str keys, list, str, int, finite float, bool or None. Secrets are taken out."""
    text: Final[str]
    """The whole file."""
    faulty: Final[bool]
    """Whether it has a fault beyond warnings; then its value is only good enough to guess a name from."""
    offset: Final[int]
    """Where in the text the line begins on which the document begins."""

    def __init__(self, file: str, index: int, value: Any, text: str, *, faulty: bool = False, offset: int = 0) -> None:
        """Take what a parser found."""
        self.file = file
        self.index = index
        self.value = masked_value(value)
        self.text = text
        self.faulty = faulty
        self.offset = offset

    @cached_property
    def lines(self) -> list[str]:
        """The file's lines, as a parser counts them."""
        return masked_lines(self.text.replace("\r\n", "\n").split("\n"))

    @cached_property
    def _positions(self) -> Positions:
        from changegate.manifest.positions import positions

        return positions(self.text, self.offset, json=self.file.endswith(".json"))

    def locate(self, path: Sequence[str | int]) -> Position:
        """Find a node's line and column; of a missing node those of its nearest existing parent.

        Costs a second pass over the document, the first time.

        Args:
            path: Keys from the document's root.
        """
        wanted = tuple(path)
        for length in range(len(wanted), -1, -1):
            found = self._positions.nodes.get(wanted[:length])
            if found is not None:
                return self._position(found, exact=length == len(wanted))
        return self._position((1, 1, None), exact=False)

    def _position(self, span: Span, *, exact: bool) -> Position:
        line, column, end = span
        if end is None:
            length = len(self.lines[line - 1].rstrip()) if line <= len(self.lines) else 0
            end = length + 1 if length >= column else None
        return Position(line, column, end, exact=exact)

    def locate_key(self, path: Sequence[str | int]) -> Position:
        """Find the place of a node's name rather than of its value, for what is wrong with the name.

        Args:
            path: Keys from the document's root.
        """
        found = self._positions.keys.get(tuple(path))
        return self.locate(path) if found is None else self._position(found, exact=True)

    def paths_at(self, line: int | None, column: int | None) -> tuple[KeyPath, ...]:
        """The paths of what begins at a place, the longest first."""
        found = (path for path, span in self._positions.nodes.items() if span[:2] == (line, column))
        return tuple(sorted(found, key=len, reverse=True))

    def written(self, path: Sequence[str | int]) -> str:
        """A scalar as the file spells it, where it stands on one line; else empty."""
        line, column, end = self._positions.nodes.get(tuple(path), (1, 1, None))
        return self.lines[line - 1][column - 1 : end - 1] if end else ""


class Parsed(NamedTuple):
    """A file's documents and its faults."""

    documents: tuple[Document, ...] = ()
    faults: tuple[Fault, ...] = ()
    """What is wrong; a file with any of these may not be believed."""
    warnings: tuple[Fault, ...] = ()
    """Scalars that other tools read otherwise."""
    complete: bool = True
    """Whether the file was read to its end. Where it was not, nobody can say what else it holds."""
    shadows: tuple[tuple[Any, Any], ...] = ()
    """Keys and values that were refused (a second key, a merge, a key that is an alias), and that others may take."""

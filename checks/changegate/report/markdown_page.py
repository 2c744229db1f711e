"""A Markdown page of bounded size, made of blocks that are never cut, and the count of what did not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_RESERVE = 600
"""Bytes kept free for saying, at the end, that something was left out."""
_CUT = "\n> [!NOTE]\n> This summary was cut to fit."
_ELSEWHERE = "The console, HTML and JSON reports have all of it."


class Page:
    """Collects blocks up to a size."""

    def __init__(self, max_bytes: int) -> None:
        """Begin an empty page.

        Args:
            max_bytes: The most that its text may take, in UTF-8.
        """
        self._left = max_bytes - _RESERVE
        self._blocks: list[str] = []
        self.is_cut = False

    def add(self, text: str) -> bool:
        """Add a block of whole lines if it fits."""
        cost = _cost(text)
        if cost > self._left:
            self.is_cut = True
            return False
        self._left -= cost
        self._blocks.append(text)
        return True

    def fits(self, *texts: str) -> bool:
        """Whether there is room for some blocks together."""
        return sum(map(_cost, texts)) <= self._left

    def section(self, head: str, rows: Iterable[str], foot: str = "", more: str = "") -> int:
        """Add a heading, as many rows as fit, and what closes it; nothing at all where there is no row.

        Args:
            head: The heading; may be empty.
            rows: Whole lines each.
            foot: What closes the rows.
            more: What a row is called where some are left out; plain words.

        Returns:
            How many rows were added.
        """
        rows = list(rows)
        if not rows:
            return 0
        reserved = len(foot.encode()) + 100  # for the foot and the line that says how much is missing
        self._left -= reserved
        kept = 0
        if not self.fits(head, rows[0]):
            self.is_cut = True
        elif not head or self.add(head):
            kept = next((index for index, row in enumerate(rows) if not self.add(row)), len(rows))
        self._left += reserved
        if kept and kept < len(rows):
            self.add(f"\n… and {len(rows) - kept} more{more}, left out for size.")
        if kept and foot:
            self.add(foot)
        return kept

    def text(self, left_out: str = "") -> str:
        """Everything that was added, and that something was not.

        Args:
            left_out: What exactly, in a sentence of plain words; empty where nothing that is counted is missing.
        """
        if self.is_cut or left_out:
            self._blocks.append(" ".join(filter(None, (_CUT, left_out, _ELSEWHERE))))
        return "\n".join(self._blocks) + "\n"


def _cost(text: str) -> int:
    return len(text.encode("utf-8", "backslashreplace")) + 1

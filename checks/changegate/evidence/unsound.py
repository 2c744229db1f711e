"""What a piece of evidence says and cannot be right: it becomes a status, at its place in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class Unsound(Exception):  # noqa: N818  (what a report says cannot be right; told as a status)
    """A report contradicts itself or the clock."""

    def __init__(
        self,
        reason: str,
        path: Sequence[str | int] = (),
        *,
        line: int | None = None,
        stated: bool = False,
        enclosed: bool = False,
    ) -> None:
        """Say what cannot be right.

        Args:
            reason: The fault in a sentence.
            path: Where it stands in the report.
            line: The line on which it stands, in a file of one value a line.
            stated: Whether it is the manifest that says so, where it names the report; the path begins there.
            enclosed: Whether it is our own form around a tool's report that says so; the path begins at its top.
        """
        super().__init__(reason)
        self.reason = reason
        self.path = tuple(path)
        self.line = line
        self.stated = stated
        self.enclosed = enclosed

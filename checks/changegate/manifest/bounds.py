"""How large a file and a document may be, and where an offset is."""

from __future__ import annotations

MAXIMUM_BYTES = 1024 * 1024


MAXIMUM_DEPTH = 64


MAXIMUM_DOCUMENTS = 256


MAXIMUM_NODES = 100_000
"""Aliases count what they stand for, so that a few lines cannot become a billion nodes."""


MAXIMUM_FAULTS = 100
"""So many faults of a file are told; more help nobody."""


def line_column(text: str, offset: int) -> tuple[int, int]:
    """The line and column of an offset, both from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)

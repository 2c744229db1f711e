"""Plain text for people: how wide it is, where it wraps, and the excerpt of a line with a caret under the place."""

from __future__ import annotations

from changegate.escape import pieces
from changegate.records import NamedTuple

_TAB = "    "
_LEAD = 3
"""The caret's place in a line that is too long: a third from the left."""


def cells(text: str) -> int:
    """Count the columns that a text takes on a terminal: two for wide characters, none for combining ones."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(0 if category(char) in {"Mn", "Me"} else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def wrap(text: str, width: int | None) -> list[str]:
    """Break a text at spaces so that no line is wider than `width` columns; a longer word stays whole.

    Args:
        text: Text that is safe to print; its line feeds are kept.
        width: Columns, or None to break at line feeds only.
    """
    lines = text.split("\n")
    return lines if width is None else [part for line in lines for part in _wrap_line(line, max(width, 20))]


def _wrap_line(line: str, width: int) -> list[str]:
    out: list[str] = []
    words = line.lstrip(" ").split(" ")
    current = line[: len(line) - len(line.lstrip(" "))] + words[0]
    for word in words[1:]:
        longer = f"{current} {word}"
        if current and cells(longer) > width:
            out.append(current)
            current = word
        else:
            current = longer
    return [*out, current]


class Excerpt(NamedTuple):
    """A line of a file, cut to fit, and the marker under it."""

    text: str
    """The line as it can be printed, with an ellipsis where something was cut."""
    indent: int
    """Columns before the marker."""
    length: int
    """Columns that are marked, at least one."""


def excerpt(source: str, column: int, end_column: int | None, width: int) -> Excerpt:
    """Cut a line around a column.

    Args:
        source: The line, which may be megabytes long.
        column: 1-based, in characters; past the end of the line means just behind it.
        end_column: 1-based and exclusive, or None where the line's end is meant.
        width: Columns that the excerpt may take.
    """
    source = source.rstrip("\r\n")
    start = max(0, min(column - 1, len(source)))
    end = len(source.rstrip()) if end_column is None else min(end_column - 1, len(source))
    low, high = _window(source, start, width)
    shown = _pieces(source[low:high])
    head, tail = "…" * (low > 0), "…" * (high < len(source))
    before = cells(head + "".join(shown[: start - low]))
    marked = cells("".join(shown[start - low : max(start, end) - low]))
    return Excerpt((head + "".join(shown) + tail).rstrip(), before, max(1, min(marked, width - before)))


def _window(source: str, start: int, width: int) -> tuple[int, int]:
    """Choose the characters that are shown: the whole line where it fits, else a part with the column in it."""
    if len(source) <= width and cells(_printed(source)) <= width:
        return 0, len(source)
    low = start
    used = 1
    while low > 0 and used < width // _LEAD:
        low -= 1
        used += cells(_printed(source[low])) or 1
    if low <= 1:
        low = 0
    high, used = low, 2
    while high < len(source) and (used := used + (cells(_printed(source[high])) or 1)) <= width:
        high += 1
    return low, max(high, min(start + 1, len(source)))


def _pieces(text: str) -> list[str]:
    return [_TAB if raw == "\t" else piece for raw, piece in zip(text, pieces(text), strict=True)]


def _printed(text: str) -> str:
    return "".join(_pieces(text))

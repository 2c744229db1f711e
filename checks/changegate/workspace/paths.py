"""Paths as a manifest writes them: relative to the repository's root, with `/`, never leaving it."""

from __future__ import annotations

MAXIMUM_BYTES = 4096
"""A longer path is not looked up; no file system holds one."""


def segments(path: str) -> list[bytes] | None:
    """Split a path into the bytes of its segments.

    Returns:
        The segments, or None where the path is empty, absolute, leaves the repository, reaches into git's own folder,
        has an empty or `.` segment, or holds what no file name can (a NUL, a lone surrogate).
    """
    try:
        whole = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return None
    parts = whole.split(b"/")
    if len(path) > MAXIMUM_BYTES or b"\0" in whole or not _NOT_NAMES.isdisjoint(parts):
        return None
    return None if b".git" in whole.lower().split(b"/") else parts


_NOT_NAMES = frozenset({b"", b".", b".."})


def text(path: bytes) -> str:
    """Write bytes as text; those that are not UTF-8 are surrogate-escaped."""
    return path.decode("utf-8", "surrogateescape")


def outside_reason(path: str) -> str:
    """Say why a path that `segments` refuses is not read."""
    return (
        f"{path} is not a path inside the repository: write it from the root, with no `..`, `.`, `.git` or leading `/`"
    )


def narrowed(needles: tuple[str, ...], most: int = 40) -> list[bytes]:
    """Make few needles of many, so that a search stays proportional: shorter texts find at least what longer ones do.

    Args:
        needles: The texts that are looked for; an empty one is found everywhere.
        most: How many different needles a search may have.

    Returns:
        Prefixes of the needles, at most `most`, in a stable order; empty where no narrowing is possible.
    """
    # NOTE: git takes one pattern a line; the first line of a needle that has several is found wherever the whole needle
    # is.
    raw = {needle.encode("utf-8", "surrogatepass").partition(b"\n")[0].rstrip(b"\r") for needle in needles}
    length = max(map(len, raw), default=0)
    while len(raw) > most and length > 1:
        length = (length + 1) // 2
        raw = {needle[:length] for needle in raw}
    return [] if b"" in raw or len(raw) > most or any(b"\0" in needle for needle in raw) else sorted(raw)

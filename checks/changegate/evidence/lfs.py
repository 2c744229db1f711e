"""Git LFS pointers, in every form that Git LFS itself reads.

Beside the canonical form these are: the names that the version had before, lines of extensions, line ends of Windows,
and blank lines. Source: git-lfs, docs/spec.md and lfs/pointer.go.
"""

from __future__ import annotations

import re

from changegate.records import NamedTuple

MOST_BYTES = 1024
"""A pointer is shorter."""
_VERSIONS = (
    b"https://git-lfs.github.com/spec/v1",
    b"https://hawser.github.com/spec/v1",
    b"http://git-media.io/v/2",
)
_BEGIN = b"version "
_EXTENSION = r"ext-([0-9])-\w+"
_OID = r"sha256:([0-9a-f]{64})"
_SIZE = r"0|[1-9][0-9]{0,15}"
_GREATEST = 2**53
"""The greatest size: what every reader of JSON holds exactly."""


class LfsPointer(NamedTuple):
    """What a pointer stands for."""

    sha256: str
    """In hex digits."""
    size: int
    """In bytes."""


def begins_like_lfs(data: bytes) -> bool:
    """Whether a file begins like a pointer, be it one or not."""
    return data.startswith(_BEGIN) and data[len(_BEGIN) : MOST_BYTES].split(b"\n", 1)[0].rstrip(b"\r") in _VERSIONS


def read_lfs(data: bytes) -> LfsPointer | None:
    """Read a pointer; None where it is none.

    Args:
        data: The whole file.
    """
    if not begins_like_lfs(data) or len(data) >= MOST_BYTES or not data.endswith(b"\n"):
        return None
    try:
        lines = [line for line in data.decode("utf-8").replace("\r\n", "\n").split("\n") if line]
    except UnicodeDecodeError:
        return None
    pairs = [(key, value) for key, _, value in (line.partition(" ") for line in lines[1:])]
    extensions = [re.fullmatch(_EXTENSION, key) for key, _ in pairs]
    plain = [pair for pair, extension in zip(pairs, extensions, strict=True) if extension is None]
    priorities = [extension[1] for extension in extensions if extension is not None]
    if [key for key, _ in plain] != ["oid", "size"] or priorities != sorted(set(priorities)):
        return None
    if not all(re.fullmatch(_OID, value) for (_, value), one in zip(pairs, extensions, strict=True) if one is not None):
        return None
    oid, size = re.fullmatch(_OID, plain[0][1]), plain[1][1]
    if oid is None or re.fullmatch(_SIZE, size) is None or int(size) > _GREATEST:
        return None
    return LfsPointer(oid[1], int(size))

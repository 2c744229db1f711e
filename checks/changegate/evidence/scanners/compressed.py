"""One file, compressed: gzip, zlib (as joblib writes it), bzip2, xz, lzma. What unpacks to too much is left alone."""

from __future__ import annotations

import bz2
import lzma
import zlib
from typing import TYPE_CHECKING, Protocol

from changegate.evidence.scanners.scan import MIB, Hazard, Scan, merged

if TYPE_CHECKING:
    from collections.abc import Callable

    from changegate.evidence.scanners.scan import Inside, Looked

KIND = "compressed"
MOST_RATIO = 200
_ALWAYS = 64 * MIB
_CHUNK = 1 << 20
_LOOKED_AT = 64


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


_WAYS: dict[str, tuple[tuple[bytes, ...], Callable[[], _Unpacker]]] = {
    "gzip": ((b"\x1f\x8b",), lambda: _Zlib(31)),
    "bzip2": ((b"BZh",), bz2.BZ2Decompressor),
    "xz": ((b"\xfd7zXZ\x00",), lambda: lzma.LZMADecompressor(memlimit=256 * MIB)),
    "lzma": ((b"\x5d\x00\x00",), lambda: lzma.LZMADecompressor(memlimit=256 * MIB)),
    "zlib": ((b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"), lambda: _Zlib(15)),
}
"""Way -> how it begins, and what unpacks it."""
_CLOSED = {"zstd": b"\x28\xb5\x2f\xfd", "lz4": b"\x04\x22\x4d\x18", "7z": b"7z\xbc\xaf\x27\x1c", "rar": b"Rar!\x1a\x07"}
"""What nothing here unpacks."""


class _Zlib:
    """zlib's, in the form of the other two."""

    def __init__(self, bits: int) -> None:
        self._object = zlib.decompressobj(bits)

    @property
    def eof(self) -> bool:
        return self._object.eof

    @property
    def needs_input(self) -> bool:
        return not self._object.unconsumed_tail

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        return self._object.decompress(self._object.unconsumed_tail + data, max_length)


def way_of(head: bytes) -> str:
    """How a file that begins so is compressed; empty where it is not."""
    ways = ((name, marks) for name, (marks, _) in _WAYS.items())
    return next((name for name, marks in ways if head.startswith(marks) and _unpacks(name, head)), _closed(head))


def _closed(head: bytes) -> str:
    return next((name for name, mark in _CLOSED.items() if head.startswith(mark)), "")


def _unpacks(name: str, head: bytes) -> bool:
    """Whether the beginning can be unpacked: two bytes alone are no mark."""
    try:
        _WAYS[name][1]().decompress(head, _LOOKED_AT)
    except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError):
        return False
    return True


def recognises(head: bytes, size: int) -> bool:
    """Whether it begins like something compressed."""
    del size
    return bool(way_of(head))


def scan(file: Looked, inside: Inside) -> Scan:
    """Unpack it within bounds, and look into what comes out."""
    way = way_of(file.at(0, 4096))
    if way not in _WAYS:
        return Scan(
            way or KIND, complete=False, reason=f"it is compressed by {way or 'something unknown'}, which is not read"
        )
    made = Scan(way)
    try:
        data = _unpacked(file, way, inside.room())
    except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
        return made._replace(fault=f"is a broken file of {way} ({str(error)[:60] or type(error).__name__})")
    if data is None:
        return _too_much(file, made)
    inner = inside(file.name, data)
    return made if inner is None else merged(made._replace(inside=inner.inside or inner.kind), "unpacked", inner)


def _too_much(file: Looked, made: Scan) -> Scan:
    bomb = Hazard("archive", f"unpacks to more than {max(_ALWAYS, file.size * MOST_RATIO)} bytes, from {file.size}")
    is_bomb = file.size * MOST_RATIO <= _ALWAYS
    return made._replace(hazards=(bomb,) if is_bomb else ()).unread("it unpacks to more bytes than are looked through")


def _unpacked(file: Looked, way: str, room: int) -> bytes | None:
    """All of it; None where it is more than there is room for, or than such a file can hold that is no bomb."""
    unpacker = _WAYS[way][1]()
    most = min(room, max(_ALWAYS, file.size * MOST_RATIO))
    made = bytearray()
    position = 0
    while not unpacker.eof:
        data = file.at(position, _CHUNK) if unpacker.needs_input else b""
        position += len(data)
        part = unpacker.decompress(data, _CHUNK)
        made += part
        if len(made) > most:
            return None
        if not data and not part and unpacker.needs_input:
            raise EOFError("it ends in the middle")
    return bytes(made)

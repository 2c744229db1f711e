"""Messages of Protocol Buffers, field by field, as far as models are written in them. Nothing is built of them.

Source: https://protobuf.dev/programming-guides/encoding/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.evidence.scanners.scan import Malformed

if TYPE_CHECKING:
    from collections.abc import Iterator

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_LONGEST_VARINT = 10


def fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """The fields of a message in their order: the number of each, and a number or bytes.

    Raises:
        Malformed: It is no message.
    """
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        if not number:
            raise Malformed("has a field of the number 0, which there is not")
        value: int | memoryview
        if wire == _VARINT:
            value, at = _varint(data, at)
        elif wire == _BYTES:
            length, at = _varint(data, at)
            value, at = _cut(data, at, length)
        elif wire in (_FIXED32, _FIXED64):
            taken, at = _cut(data, at, 4 if wire == _FIXED32 else 8)
            value = int.from_bytes(taken, "little")
        else:
            raise Malformed(f"has a field of the wire type {wire}, which there is not")
        yield number, value


def messages(data: memoryview, number: int) -> Iterator[memoryview]:
    """The values of a field that holds bytes."""
    for found, value in fields(data):
        if found == number and isinstance(value, memoryview):
            yield value


def texts(data: memoryview, number: int) -> Iterator[str]:
    """The values of a field that holds a text."""
    for value in messages(data, number):
        yield bytes(value).decode("utf-8", "replace")


def packed(data: memoryview) -> Iterator[int]:
    """The numbers of a field that holds many."""
    at = 0
    while at < len(data):
        value, at = _varint(data, at)
        yield value


def _cut(data: memoryview, at: int, length: int) -> tuple[memoryview, int]:
    if length > len(data) - at:
        raise Malformed("ends in the middle of a field")
    return data[at : at + length], at + length


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    for position in range(at, min(at + _LONGEST_VARINT, len(data))):
        byte = data[position]
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position + 1
        shift += 7
    raise Malformed("has a number that does not end")

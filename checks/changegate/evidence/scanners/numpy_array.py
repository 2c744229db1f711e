"""NumPy arrays (`.npy`): a header, and numbers; or a pickle, where the array holds objects.

Source: numpy/lib/format.py.
"""

from __future__ import annotations

import ast
import re
from math import prod
from typing import TYPE_CHECKING, Any

from changegate.evidence.scanners.scan import MIB, Malformed, Scan, merged

if TYPE_CHECKING:
    from changegate.evidence.scanners.scan import Inside, Looked

KIND = "numpy"
_MARK = b"\x93NUMPY"
_LONGEST = 64 * 1024
_PLAIN = r"[<>|=]?[?bBiufcmMSUV](\d{1,9})?(\[[^\]]*\])?"
_OF_CHARACTER = 4
_PICKLE_BYTES = 256 * MIB


def recognises(head: bytes, size: int) -> bool:
    """Whether it begins with the mark."""
    del size
    return head.startswith(_MARK)


def scan(file: Looked, inside: Inside) -> Scan:
    """Read the header; of an array of objects, look through the pickle behind it."""
    try:
        start, header = _header(file)
        items = _items(header["shape"])
        size = _size_of(header["descr"])
        if size is not None:
            _check(items * size, file.size - start)
            return Scan(KIND, parameters=items, parameter_bytes=items * size, dtypes=(str(header["descr"]),))
    except Malformed as fault:
        return Scan(KIND, fault=str(fault))
    inner = inside("objects.pkl", file.at(start, _PICKLE_BYTES))
    return Scan(KIND).unread("its objects could not be looked at") if inner is None else merged(Scan(KIND), "", inner)


def _header(file: Looked) -> tuple[int, dict[str, Any]]:
    major = file.at(6, 1)
    width = 2 if major == b"\x01" else 4
    length = int.from_bytes(file.at(8, width), "little")
    text = file.at(8 + width, length) if length <= _LONGEST else b""
    if len(text) != length or not length:
        raise Malformed(f"says that its header has {length} bytes, which cannot be")
    try:
        value = ast.literal_eval(text.decode("latin-1").strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        raise Malformed("has a header that is none of NumPy") from None
    if not isinstance(value, dict) or value.keys() != {"descr", "fortran_order", "shape"}:
        raise Malformed("has a header that is none of NumPy")
    return 8 + width + length, value


def _items(shape: Any) -> int:
    if not isinstance(shape, tuple) or not all(isinstance(one, int) and 0 <= one < 2**48 for one in shape):
        raise Malformed("has a shape that cannot be")
    return prod(shape)


def _size_of(descr: Any) -> int | None:
    """The bytes of an item; None where it may hold objects."""
    if isinstance(descr, str) and (match := re.fullmatch(_PLAIN, descr)):
        one = _OF_CHARACTER if "U" in descr else 1
        return one * int(match[1] or 1)
    if not isinstance(descr, list) or len(descr) > 1024:
        return None
    sizes = [_of_field(one) for one in descr]
    return None if None in sizes else sum(one for one in sizes if one is not None)


def _of_field(field: Any) -> int | None:
    if not isinstance(field, tuple) or len(field) not in (2, 3):
        return None
    size = _size_of(field[1])
    shape = field[2] if len(field) == 3 else ()
    return None if size is None else size * _items(shape if isinstance(shape, tuple) else (shape,))


def _check(wanted: int, found: int) -> None:
    if wanted != found:
        raise Malformed(f"has {found} bytes of numbers, and its header says {wanted}")

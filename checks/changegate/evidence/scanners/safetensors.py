"""Safetensors: a header of JSON that says where each tensor lies, and the tensors. Nothing in it runs.

Source: https://huggingface.co/docs/safetensors/index#format, safetensors/src/tensor.rs.
"""

from __future__ import annotations

import json
from math import prod
from typing import TYPE_CHECKING, Any

from changegate.evidence.scanners.scan import Malformed, Scan, unique_pairs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.evidence.scanners.scan import Inside, Looked

KIND = "safetensors"
GREATEST_HEADER = 100_000_000
"""Bytes; the library itself refuses a longer one."""
_LENGTH = 8
_BITS = {
    **dict.fromkeys(("F4",), 4),
    **dict.fromkeys(("F6_E2M3", "F6_E3M2"), 6),
    **dict.fromkeys(("BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E5M2FNUZ", "F8_E4M3FNUZ"), 8),
    **dict.fromkeys(("I16", "U16", "F16", "BF16"), 16),
    **dict.fromkeys(("I32", "U32", "F32"), 32),
    **dict.fromkeys(("I64", "U64", "F64", "C64"), 64),
}
"""Bits of one element."""


def recognises(head: bytes, size: int) -> bool:
    """Whether it begins with a length that fits into the file, and an object of JSON."""
    length = int.from_bytes(head[:_LENGTH], "little")
    return head[_LENGTH : _LENGTH + 1] == b"{" and 2 <= length <= min(size - _LENGTH, GREATEST_HEADER)


def scan(file: Looked, inside: Inside) -> Scan:
    """Read the header, and hold it against itself and the size of the file."""
    del inside
    length = int.from_bytes(file.at(0, _LENGTH), "little")
    try:
        tensors = _tensors(_header(file, length))
        _check_cover(tensors, file.size - _LENGTH - length)
    except Malformed as fault:
        return Scan(KIND, fault=str(fault))
    parameters = sum(prod(one["shape"]) for one in tensors.values())
    dtypes = tuple(sorted({one["dtype"] for one in tensors.values()}))
    held = sum(one["data_offsets"][1] - one["data_offsets"][0] for one in tensors.values())
    return Scan(KIND, parameters=parameters, parameter_bytes=held, dtypes=dtypes)


def _header(file: Looked, length: int) -> Mapping[str, Any]:
    if file.size < _LENGTH:
        raise Malformed("is shorter than the length of a header")
    if length > GREATEST_HEADER:
        raise Malformed(f"says that its header has {length} bytes, more than the {GREATEST_HEADER} that may be")
    if length > file.size - _LENGTH:
        raise Malformed(f"says that its header has {length} bytes, and ends before that")
    try:
        value = json.loads(file.at(_LENGTH, length), object_pairs_hook=unique_pairs)
    except (ValueError, RecursionError):
        raise Malformed("has a header that is no JSON") from None
    if not isinstance(value, dict):
        raise Malformed("has a header that is no object of JSON")
    return value


def _tensors(header: Mapping[str, Any]) -> dict[str, Any]:
    metadata = header.get("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise Malformed("has `__metadata__` that is no object of texts")
    tensors = {name: one for name, one in header.items() if name != "__metadata__"}
    if not tensors:
        raise Malformed("names no tensor in its header")
    for name, one in tensors.items():
        if not _is_tensor(one):
            raise Malformed(f"describes the tensor `{name[:80]}` in no way that can be right")
        begin, end = one["data_offsets"]
        if prod(one["shape"]) * _BITS[one["dtype"]] != (end - begin) * 8:
            raise Malformed(f"gives the tensor `{name[:80]}` {end - begin} bytes, which is not what it takes")
    return tensors


def _is_tensor(one: Any) -> bool:
    if not isinstance(one, dict) or one.keys() != {"dtype", "shape", "data_offsets"}:
        return False
    if not isinstance(one["dtype"], str) or one["dtype"] not in _BITS:
        return False
    shape, offsets = one["shape"], one["data_offsets"]
    if not isinstance(shape, list) or not isinstance(offsets, list) or len(offsets) != 2 or len(shape) > 64:
        return False
    numbers = [*shape, *offsets]
    whole = all(isinstance(number, int) and not isinstance(number, bool) for number in numbers)
    return whole and all(0 <= number < 2**63 for number in numbers) and offsets[0] <= offsets[1]


def _check_cover(tensors: Mapping[str, Any], size: int) -> None:
    """Tensors follow each other without a gap, and end where the file does."""
    end = 0
    for begin, until, name in sorted((*one["data_offsets"], name) for name, one in tensors.items()):
        if begin != end:
            what = "bytes that no tensor has" if begin > end else "bytes that belong to another one, too"
            raise Malformed(f"has {what} before the tensor `{name[:80]}`")
        end = until
    if end != size:
        what = f"{size - end} bytes behind its last tensor" if size > end else f"{end - size} bytes too few"
        raise Malformed(f"has {what}")

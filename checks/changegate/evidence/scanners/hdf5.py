"""HDF5, as Keras writes it: arrays, and the configuration of the model as a text, where a layer of code would stand.

Source: https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html (the superblock).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from changegate.evidence.scanners.scan import Hazard, Scan

if TYPE_CHECKING:
    from changegate.evidence.scanners.scan import Inside, Looked

KIND = "hdf5"
_MARK = b"\x89HDF\r\n\x1a\n"
_CODE = re.compile(rb'"class_name"\s*:\s*"(Lambda|__lambda__|TFOpLambda)"')
_CHUNK, _OVERLAP = 1 << 22, 256


def recognises(head: bytes, size: int) -> bool:
    """Whether it begins with the mark, or has it where a block of the user's ends."""
    del size
    return any(head[at : at + 8] == _MARK for at in (0, 512, 1024, 2048))


def scan(file: Looked, inside: Inside) -> Scan:
    """Look for a layer of code in the texts, and whether the file ends where its superblock says."""
    del inside
    hazards = _layer(file)
    end = _end(file)
    if end is not None and end > file.size:
        return Scan(KIND, fault=f"has {file.size} bytes, and says that it has {end}", hazards=hazards)
    return Scan(KIND, hazards=hazards)


def _layer(file: Looked) -> tuple[Hazard, ...]:
    for at in range(0, file.size, _CHUNK):
        if match := _CODE.search(file.at(at, _CHUNK + _OVERLAP)):
            return (Hazard("layer", f"has a layer of code (`{match[1].decode()}`), which runs when it is loaded"),)
    return ()


def _end(file: Looked) -> int | None:
    """Where the file ends by its own superblock; None where that is of a form that is not read."""
    head = file.at(0, 96)
    if not head.startswith(_MARK):
        return None
    version = head[8]
    if version in (0, 1) and head[13] == 8:
        at = 40 if version == 0 else 44
        return int.from_bytes(head[at : at + 8], "little")
    return int.from_bytes(head[28:36], "little") if version in (2, 3) and head[9] == 8 else None

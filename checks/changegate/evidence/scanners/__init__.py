"""Scanners: what a file is and what it may do, told from its bytes. A new format is one file here and one line below.

They run in a process of their own, within bounds of time and memory (`evidence/looking.py`). Nothing is ever loaded.
"""

from __future__ import annotations

import io
from importlib import import_module
from typing import TYPE_CHECKING, cast

from changegate.evidence.scanners.scan import MIB, Looked, Malformed, Scan, Unread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from changegate.evidence.scanners.scan import Scanner

SCANNERS = {
    "gguf": "changegate.evidence.scanners.gguf",
    "hdf5": "changegate.evidence.scanners.hdf5",
    "numpy": "changegate.evidence.scanners.numpy_array",
    "zip": "changegate.evidence.scanners.zipped",
    "tar": "changegate.evidence.scanners.tarred",
    "safetensors": "changegate.evidence.scanners.safetensors",
    "compressed": "changegate.evidence.scanners.compressed",
    "pickle": "changegate.evidence.scanners.pickled",
    "saved-model": "changegate.evidence.scanners.saved_model",
    "onnx": "changegate.evidence.scanners.onnx",
}
"""Kind -> the module that looks at it, in the order in which a file is asked whether it is one."""

HEAD_BYTES = 4096
"""So many bytes tell what a file is."""
MOST_UNPACKED = 512 * MIB
"""So many bytes are unpacked of one file, together."""
_MOST_DEPTH = 4
_CLAIMED = {
    "safetensors": "safetensors",
    "gguf": "gguf",
    "onnx": "onnx",
    **dict.fromkeys(("h5", "hdf5", "hdf", "he5"), "hdf5"),
    **dict.fromkeys(("saved-model", "saved_model", "savedmodel"), "saved-model"),
    **dict.fromkeys(("pickle", "pkl", "pck", "pcl", "cpickle", "joblib", "jbl", "dill", "cloudpickle"), "pickle"),
    "npy": "numpy",
}
"""A name of a format -> the scanner that looks at a file of it, whatever it begins with."""


_MARKED = frozenset({"gguf", "hdf5", "numpy"})
"""Kinds whose files begin with a mark, without which they are none."""


def scanner(kind: str) -> Scanner:
    """The module for a kind."""
    return cast("Scanner", import_module(SCANNERS[kind]))


def recognised(head: bytes, size: int) -> str:
    """The kind of a file that begins so; empty where nobody knows it.

    Args:
        head: Its first `HEAD_BYTES` bytes.
        size: Its size.
    """
    return next((kind for kind in SCANNERS if scanner(kind).recognises(head, size)), "")


def claimed(formats: Sequence[str]) -> str:
    """The kind that names of formats say; empty where there is no scanner for it."""
    return next((_CLAIMED[one] for one in formats if one in _CLAIMED), "")


def scan(file: Looked, formats: Sequence[str]) -> Scan | None:
    """Look at a file.

    Args:
        file: Its bytes.
        formats: What its names and the manifest say that it is: asked where the bytes do not tell.

    Returns:
        What was found; None where neither tells what it is.
    """
    return _scan(file, formats, _Within())


def _scan(file: Looked, formats: Sequence[str], within: _Within) -> Scan | None:
    known = recognised(file.at(0, HEAD_BYTES), file.size)
    kind = known or claimed(formats)
    if not kind:
        return None
    if not known and kind in _MARKED:
        return Scan(kind, fault="does not begin like one")
    try:
        return scanner(kind).scan(file, within)
    except Malformed as fault:
        return Scan(kind, fault=str(fault))
    except Unread as reason:
        return Scan(kind, complete=False, reason=str(reason))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  (a file that makes a scanner stumble was not looked at to its end)
        return Scan(kind, complete=False, reason=f"looking into it failed ({type(error).__name__})")


class _Within:
    """How deep and how much is unpacked."""

    def __init__(self, depth: int = 0, left: list[int] | None = None) -> None:
        self._depth = depth
        self._left = left if left is not None else [MOST_UNPACKED]

    def room(self) -> int:
        """How many bytes may still be unpacked."""
        return self._left[0]

    def knows(self, name: str, head: bytes, size: int) -> bool:
        """Whether a file of this name that begins so is worth unpacking."""
        return bool(recognised(head, size) or claimed([name.lower().rpartition(".")[2]]) == "pickle")

    def __call__(self, name: str, data: bytes, *, of_torch: bool = False) -> Scan | None:
        """Scan a file that was unpacked."""
        self._left[0] -= len(data)
        if self._depth >= _MOST_DEPTH:
            return Scan("compressed", complete=False, reason="files stand in each other deeper than is looked")
        within = _Within(self._depth + 1, self._left)
        found = _scan(Looked(io.BytesIO(data), len(data), name), [name.lower().rpartition(".")[2]], within)
        return self._of_torch(data, found) if of_torch and found is not None and found.kind == "pickle" else found

    @staticmethod
    def _of_torch(data: bytes, found: Scan) -> Scan:
        """A pickle of PyTorch, in which names of storages are no surprise."""
        from changegate.evidence.scanners.pickled import scanned

        return scanned(data, of_torch=True) if found.complete else found

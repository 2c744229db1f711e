"""How a file of a format begins: whether what stands at an artifact's path can be what it is called. Nothing is loaded.

An upload that failed leaves a page of an error, a login page, or half a file. Only the first bytes are looked at, and
of safetensors its header, so that "it fits" says no more than that.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LOOKED_AT = 4096
_HEADER_BYTES = 8
_ERROR_KEYS = frozenset(
    {
        "code",
        "detail",
        "details",
        "documentation_url",
        "error",
        "errors",
        "message",
        "request_id",
        "requestId",
        "status",
    }
)

_HDF5, _ZIP, _PICKLE = b"\x89HDF\r\n\x1a\n", b"PK\x03\x04", tuple(bytes([0x80, version]) for version in range(2, 6))
_KINDS: dict[str, tuple[tuple[int, bytes], ...]] = {
    "an HDF5 file": ((0, _HDF5),),
    "a zip archive": ((0, _ZIP), (0, b"PK\x05\x06")),
    "a gzip archive": ((0, b"\x1f\x8b"),),
    "a tar archive": ((257, b"ustar"),),
    "a bzip2 archive": ((0, b"BZh"),),
    "an xz archive": ((0, b"\xfd7zXZ\x00"),),
    "a zstd archive": ((0, b"\x28\xb5\x2f\xfd"),),
    "a 7z archive": ((0, b"7z\xbc\xaf\x27\x1c"),),
    "a pickle": tuple((0, start) for start in _PICKLE),
    "a NumPy array": ((0, b"\x93NUMPY"),),
    "a GGUF file": ((0, b"GGUF"),),
    "a TFLite file": ((4, b"TFL3"),),
    "a program": ((0, b"\x7fELF"), (0, b"MZ"), (0, b"#!"), (0, b"\xcf\xfa\xed\xfe"), (0, b"\xca\xfe\xba\xbe")),
    "an image": ((0, b"\x89PNG"), (0, b"\xff\xd8\xff"), (0, b"GIF8")),
    "a PDF": ((0, b"%PDF-"),),
}
"""What a file is that has these bytes at this offset."""

_MARKED = {
    "gguf": ("a GGUF file",),
    "tflite": ("a TFLite file",),
    "npy": ("a NumPy array",),
    "npz": ("a zip archive",),
    "keras": ("a zip archive", "an HDF5 file"),
    "h5": ("an HDF5 file",),
    "hdf5": ("an HDF5 file",),
    "skops": ("a zip archive",),
}
"""Formats whose files begin with one of these."""

_BINARY = frozenset({"onnx", "pb", "msgpack", "ubj", "cbm"})
"""Formats without a mark of their own, which are neither text nor begin with another's mark."""

_NO_TEXT = frozenset({"pt", "pth", "bin", "pkl", "pickle", "joblib", "ckpt", "engine"})
"""Formats that may begin with any mark, and are no text."""

_ARCHIVED = {
    "a gzip archive": {"gz", "gzip", "tgz"},
    "a tar archive": {"tar"},
    "a zip archive": {"zip"},
    "a bzip2 archive": {"bz2", "tbz", "tbz2"},
    "an xz archive": {"xz", "txz"},
    "a zstd archive": {"zst", "zstd", "tzst"},
    "a 7z archive": {"7z"},
}
"""Archives, and the names that say so: what is in one is not looked at."""

_PAGES = frozenset({"html", "htm", "xml", "pmml", "svg", "xhtml"})
"""Formats that begin with `<` themselves."""


def content_fault(data: bytes, formats: Sequence[str]) -> str | None:
    """Look whether bytes can be a file of some formats.

    Args:
        data: The file.
        formats: What the manifest and its names say that it is.

    Returns:
        What stands there instead, in words that follow "it"; empty where the beginning fits; None where nothing is
        known of how a file of these formats begins.
    """
    if not data.strip(b" \t\r\n\0"):
        return "is blank"
    if _ARCHIVED.get(_kind(data), set()).intersection(formats):
        return None
    page = page_fault(data)
    if page and not _PAGES.intersection(formats):
        return page
    known = [reader for one in formats if (reader := _reader(one)) is not None]
    faults = [fault for reader in known if (fault := reader(data))]
    return faults[0] if faults else "" if known else None


def page_fault(data: bytes) -> str:
    """Whether it is a page that a server sends instead of a file, in words that follow "it"; else empty."""
    start = data[:_LOOKED_AT].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return "begins like a page of HTML"
    if start.startswith((b"<?xml", b"<error")):
        return "begins like an answer in XML"
    return "is an error in JSON" if start.startswith(b"{") and _is_error(data) else ""


def _is_error(data: bytes) -> bool:
    if len(data) > _LOOKED_AT:
        return False
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and bool(value) and value.keys() <= _ERROR_KEYS


def _reader(name: str) -> Callable[[bytes], str] | None:
    if name == "safetensors":
        return _safetensors
    if name in _MARKED:
        return lambda data: _marked(data, name)
    if name in _BINARY:
        return lambda data: _instead(data, "")
    return _no_text if name in _NO_TEXT else None


def _marked(data: bytes, name: str) -> str:
    return "" if _kind(data) in _MARKED[name] else _instead(data, f"does not begin like {name}")


def _no_text(data: bytes) -> str:
    return "is text" if _is_text(data) else ""


def _safetensors(data: bytes) -> str:
    """Read the header: 8 bytes of its length, little-endian, and JSON that names tensors.

    Source: https://huggingface.co/docs/safetensors/index#format.
    """
    length = int.from_bytes(data[:_HEADER_BYTES], "little")
    header = data[_HEADER_BYTES : _HEADER_BYTES + length]
    if len(data) < _HEADER_BYTES or len(header) != length or not header.startswith(b"{"):
        return _instead(data, "has no header of safetensors")
    try:
        value = json.loads(header)
    except (ValueError, RecursionError):
        return "has no header of safetensors that is JSON"
    named = set(value) - {"__metadata__"} if isinstance(value, dict) else set()
    return "" if named else "names no tensor in its header of safetensors"


def _instead(data: bytes, otherwise: str) -> str:
    """What it begins like, or `otherwise` where that is not known."""
    kind = _kind(data)
    if kind:
        return f"begins like {kind}"
    return "is text" if _is_text(data) else otherwise


def _kind(data: bytes) -> str:
    return next((kind for kind, marks in _KINDS.items() if any(data.startswith(mark, at) for at, mark in marks)), "")


def _is_text(data: bytes) -> bool:
    """Whether the beginning is text alone: UTF-8 (which may be cut) without control characters."""
    start = data[:_LOOKED_AT]
    if any(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in start):
        return False
    return not any(char == "\ufffd" for char in start.decode("utf-8", "replace")[:-1])

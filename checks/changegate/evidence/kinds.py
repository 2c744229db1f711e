"""What files of models are called, and what they may be then: a name that the bytes contradict names another file.

Only what is certain is held against a name. `bin` and `ckpt` are names of many formats, so nothing contradicts them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WORDS = {
    "safetensors": "a safetensors file",
    "gguf": "a GGUF file",
    "onnx": "an ONNX model",
    "hdf5": "an HDF5 file",
    "keras": "a Keras archive",
    "numpy": "a NumPy array",
    "npz": "an archive of NumPy arrays",
    "pytorch": "a PyTorch checkpoint, which holds a pickle",
    "pickle": "a pickle",
    "skops": "a skops archive",
    "saved-model": "a SavedModel",
    "zip": "a zip archive",
    "tar": "a tar archive",
    "gzip": "a gzip file",
    "zlib": "a file compressed by zlib",
    "bzip2": "a bzip2 file",
    "xz": "an xz file",
    "lzma": "an lzma file",
    "zstd": "a zstd file",
    "lz4": "an lz4 file",
    "7z": "a 7z archive",
    "rar": "a rar archive",
    "compressed": "a compressed file",
}
"""Kind of a file -> how it is called in a sentence."""

_WRAPPED = frozenset({"gzip", "zlib", "bzip2", "xz", "lzma", "zstd", "lz4"})
_PICKLED = frozenset({"pickle", "tar", *_WRAPPED})
_TORCH = frozenset({"pytorch", "pickle", "tar", "zip"})
_ACCEPTS: dict[str, frozenset[str]] = {
    "safetensors": frozenset({"safetensors"}),
    "gguf": frozenset({"gguf"}),
    "onnx": frozenset({"onnx"}),
    "tflite": frozenset(),
    **dict.fromkeys(("h5", "hdf5", "hdf", "he5"), frozenset({"hdf5"})),
    "keras": frozenset({"keras", "hdf5"}),
    "keras-v3": frozenset({"keras"}),
    "npy": frozenset({"numpy"}),
    "npz": frozenset({"npz"}),
    "skops": frozenset({"skops"}),
    **dict.fromkeys(("pickle", "pkl", "pck", "pcl", "cpickle", "joblib", "jbl", "dill", "cloudpickle"), _PICKLED),
    **dict.fromkeys(("pt", "pth", "pytorch", "torch"), _TORCH),
    "zip": frozenset({"zip", "pytorch", "keras", "npz", "skops"}),
    "tar": frozenset({"tar"}),
    **dict.fromkeys(("tgz", "taz", "gz", "gzip"), frozenset({"gzip"})),
    **dict.fromkeys(("bz2", "tbz", "tbz2"), frozenset({"bzip2"})),
    **dict.fromkeys(("xz", "txz"), frozenset({"xz"})),
    **dict.fromkeys(("zst", "zstd", "tzst"), frozenset({"zstd"})),
    "7z": frozenset({"7z"}),
}
"""Name of a format -> the kinds that its files are."""
_OF_WRAPPING = frozenset(one for one, kinds in _ACCEPTS.items() if kinds & _WRAPPED and kinds < _WRAPPED)

_WEIGHTS = {
    *_ACCEPTS, "bin", "ckpt", "checkpoint", "model", "pb", "saved_model", "savedmodel", "saved-model", "ggml",
    "llamafile", "mlmodel", "mlpackage", "engine", "plan", "cbm", "ubj", "msgpack", "params", "weights", "mar", "rar",
    "parquet",
}  # fmt: skip


def holds_weights(formats: Sequence[str]) -> bool:
    """Whether any name of a format is one of files that hold weights, or may hold anything."""
    return not _WEIGHTS.isdisjoint(formats)


def contradicted(stated: str, formats: Sequence[str], kind: str, inside: str = "") -> str:
    """The name of a format that the bytes contradict; empty where they fit, or nobody can tell.

    Args:
        stated: The manifest's `format`; empty where it states none.
        formats: That and what the names of the file end in.
        kind: What the bytes are.
        inside: What they hold, where they are a wrapping.
    """
    wrapping = {one for one in formats if one in _OF_WRAPPING}
    if wrapping and not any(kind in _ACCEPTS[one] for one in wrapping):
        return "" if _fits(stated or "", kind) else stated or sorted(wrapping)[0]
    found = (inside or kind) if wrapping and stated not in wrapping else kind
    if stated in _ACCEPTS:
        return "" if _fits(stated, found) or _fits(stated, kind) else stated
    named = [one for one in formats if one in _ACCEPTS and one not in wrapping]
    known = bool(named) and found in WORDS
    return "" if not known or any(_fits(one, found) for one in named) else named[0]


def _fits(name: str, kind: str) -> bool:
    return kind in _ACCEPTS.get(name, frozenset())

"""Artifacts that are two things at once: behind an API and a file, of one format and another, more than their file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.claims.statement import Contradiction, entries
from changegate.evidence.references import formats

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

_ARTIFACTS = ("spec", "artifacts")
_OF_A_FILE = ("uri", "path", "digest", "sizeBytes", "format")
_BITS = 8
_NAMES = {
    "safetensors": {"safetensors"},
    "onnx": {"onnx"},
    "gguf": {"gguf"},
    "tflite": {"tflite", "lite"},
    "pmml": {"pmml"},
    "coreml": {"mlmodel", "mlpackage", "coreml"},
    "mlmodel": {"mlmodel", "coreml"},
    "catboost": {"cbm"},
    "cbm": {"cbm"},
}
"""Format that runs no code -> the suffixes of its files; no other format has a file of such a name."""
_SUFFIXES = frozenset().union(*_NAMES.values())


def artifacts(release: Mapping[str, Any], unsafe: Collection[str]) -> Iterator[Contradiction]:
    """Find what no single artifact can be.

    Args:
        release: The release.
        unsafe: Formats of which artifacts/format-unsafe tells both names.
    """
    for path, one in entries(release, _ARTIFACTS):
        keys = [key for key in _OF_A_FILE if key in one] if "hosted" in one else []
        if keys:
            yield Contradiction("hosted-with-file", (*path, keys[0]), (*path, "hosted"))
        if one.get("sizeBytes", 0) and one["sizeBytes"] * _BITS < one.get("parameters", 0):
            yield Contradiction("more-parameters-than-bits", (*path, "sizeBytes"), (*path, "parameters"))
        named = _SUFFIXES.intersection(formats({key: one[key] for key in ("uri", "path") if key in one}))
        stated = one.get("format")
        if stated and stated not in unsafe and named and not named & _NAMES.get(stated, set()):
            key = "uri" if named.intersection(formats({"uri": one.get("uri", "")})) else "path"
            yield Contradiction("format-of-another-name", (*path, "format"), (*path, key))

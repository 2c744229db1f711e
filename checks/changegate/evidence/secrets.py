"""Secrets in a manifest and in the files that it names. Where they stand is a fact; what they are, nobody learns.

What is parsed has its secrets taken out already (`manifest.document`), so that none comes into the input document, a
record or a report. Here the files are read once more as text.
"""

from __future__ import annotations

import base64
import binascii
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from changegate.evidence.collector import EvidenceRequest, Section, present
from changegate.tokens import MARK, secrets_in, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.evidence.files import File
    from changegate.names import KeyPath

MOST_BYTES = 4 * 1024 * 1024
"""A larger file is not looked through."""
_SMALL = 64 * 1024
"""Bytes of a file whose answer is kept."""
_MOST_TOLD = 20
_NAMING = frozenset(["path", "modelCard", "runbook"])
_ENCODED = re.compile(r'"(?:payload|data)"\s*:\s*"([A-Za-z0-9+/=_-]{16,})"')


def collect(request: EvidenceRequest) -> Section:
    """Find secrets in the manifest, in its annotations and addresses, and in every file that it names."""
    found = list(_of_manifest(request))
    for path in sorted(set(_paths(request.release.get("spec", {}))) - {request.files.manifest}):
        found += _of_file(request.files.quietly(path), "evidence")
    return Section(present(), {"checked": True, "found": found[:_MOST_TOLD]})


def _of_manifest(request: EvidenceRequest) -> Iterator[dict[str, Any]]:
    """In the manifest as it is written, comments included; a text that is written with escapes is known by its mark."""
    name = request.files.manifest
    told = list(_of_file(request.files.quietly(name), "manifest")) if name else []
    yield from told
    if not told and MARK in "\n".join(texts_of(request.release)):
        for path, text in _texts(request.release, ()):
            if MARK in text:
                yield {"of": "manifest", "kind": "a secret", "place": {"path": list(path)}}


def _texts(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*path, key))
            yield (*path, key), key
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*path, index))


def _paths(value: Any) -> Iterator[str]:
    """The files of the repository that a part of a release names."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in _NAMING and isinstance(inner, str) and "://" not in inner:
                yield inner
            yield from _paths(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _paths(inner)


def _of_file(file: File, of: str) -> Iterator[dict[str, Any]]:
    if file.status != "present" or len(file.data) > MOST_BYTES or b"\0" in file.data[:1024]:
        return
    for line, column, kind, in_address in _in_small(file.data) if len(file.data) <= _SMALL else _in_data(file.data):
        which = "address" if of == "manifest" and in_address else of
        at = {"file": file.path, "revision": "head", "line": line, "column": column}
        yield {"of": which, "kind": kind, "place": {"at": at}}


@lru_cache(maxsize=512)
def _in_small(data: bytes) -> tuple[tuple[int, int, str, bool], ...]:
    """The same, kept: releases share their evidence."""
    return tuple(_in_data(data))


def _in_data(data: bytes) -> Iterator[tuple[int, int, str, bool]]:
    """Line, column and kind of each secret; those in an encoded payload stand where that does."""
    text = data.decode("utf-8", "replace")
    for one in secrets_in(text):
        line = text.count("\n", 0, one.begin) + 1
        yield line, one.begin - text.rfind("\n", 0, one.begin), one.kind, one.in_address
    for match in _ENCODED.finditer(text):
        inner = _decoded(match[1])
        for one in secrets_in(inner):
            yield text.count("\n", 0, match.start(1)) + 1, 1, one.kind, one.in_address


def _decoded(text: str) -> str:
    standard = text.rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        return base64.b64decode(standard + "=" * (-len(standard) % 4)).decode("utf-8", "replace")
    except binascii.Error:
        return ""

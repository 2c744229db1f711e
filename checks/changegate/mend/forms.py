"""What can be mended of a manifest's form without a decision: quotes that are missing or too many, and capitals.

Several spellings are tried, and one is written where it alone fits the schema: a value that two of them would fit is
a person's to choose.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.manifest import load_manifests, parse
from changegate.manifest.schema import compiled, validate
from changegate.mend.edits import with_value
from changegate.verdict import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.manifest import Document, Fault
    from changegate.names import KeyPath

_TRUE, _FALSE = frozenset({"true", "yes", "on", "y"}), frozenset({"false", "no", "off", "n"})
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_COUNT = re.compile(r"[1-9][0-9]*")


Mended = list[tuple[tuple[int, int], Edit]]
"""Line and column of a fault or warning, both from 1, and what mends it."""


def form_edits(data: bytes, file: str, most: int) -> tuple[Mended, int]:
    """Find the values of a manifest that are only written in the wrong form.

    Args:
        data: The whole file.
        file: Its path.
        most: How many faults and warnings may be tried.

    Returns:
        What mends them, and how many were tried.
    """
    loaded = load_manifests(data, file)
    faults = (*loaded.faults, *loaded.warnings)[:most] if loaded.is_manifest else ()
    documents = parse(data, file).documents if faults else ()
    found: Mended = []
    for fault in faults:
        edit = _edit(documents, fault)
        if edit is not None and fault.line is not None:
            found.append(((fault.line, fault.column or 1), edit))
    return found, len(faults)


def _edit(documents: tuple[Document, ...], fault: Fault) -> Edit | None:
    for document in documents:
        paths = (path for path in document.paths_at(fault.line, fault.column) if _is_scalar(document, path))
        if (path := next(paths, None)) is not None:
            return _one(document, path)
    return None


def _one(document: Document, path: KeyPath) -> Edit | None:
    """The one spelling that fits."""
    if document.written(path) not in document.text:
        return None  # a secret is taken out of what is read: its place is nobody's to write
    before = {fault.path for fault in validate(document.value, "manifest")}
    fits = not any(one[: len(path)] == path for one in before)
    fitting = [one for one in _spellings(document, path, fits=fits) if _fits(document.value, path, one, before)]
    if len(fitting) == 1:
        return Edit(document.file, document.index, path, fitting[0])
    guesses = [] if fitting else [one for one in _units(document, path) if _fits(document.value, path, one, before)]
    return Edit(document.file, document.index, path, guesses[0], _accepts(document, path)) if guesses else None


def _accepts(document: Document, path: KeyPath) -> str:
    return f"{document.file}:{'.'.join(map(str, path))}"


def _is_scalar(document: Document, path: KeyPath) -> bool:
    return not isinstance(_at(document.value, path), (dict, list))


def _at(value: Any, path: KeyPath) -> Any:
    for part in path:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return {}
    return value


def _spellings(document: Document, path: KeyPath, *, fits: bool) -> Iterator[Any]:
    """What a scalar may have been meant to be: text that lost its quotes, a number that got some, small letters.

    Args:
        document: Where it stands.
        path: Of the scalar.
        fits: Whether it fits the schema, and is only read otherwise by other readers of YAML.
    """
    value, written = _at(document.value, path), document.written(path)
    word = value.lower() if isinstance(value, str) else ""
    if word in _TRUE | _FALSE:
        yield word in _TRUE
    if fits:
        yield value  # in quotes, or in the digits that all readers know
    elif not isinstance(value, str) and written:
        yield written
    elif _NUMBER.fullmatch(word):
        yield float(word) if "." in word else int(word)
    elif word != value:
        yield word


def _units(document: Document, path: KeyPath) -> Iterator[Any]:
    """A duration without its unit: minutes are a guess, which somebody has to accept."""
    written = document.written(path).strip("\"'")
    if _COUNT.fullmatch(written):
        yield f"{written}m"


def _fits(value: Any, path: KeyPath, new: Any, before: set[KeyPath]) -> bool:
    """Whether a value may stand at a place, and breaks nothing elsewhere."""
    tried = with_value(value, path, new)
    if compiled("manifest").is_valid(tried):
        return True
    after = {fault.path for fault in validate(tried, "manifest")}
    return not any(one[: len(path)] == path for one in after) and after <= before

"""JSON as text, fast and the same for equal values; and parts that stand in several places, written once.

The standard library's encoder is written in C where it does not indent (docs/decisions/0037). It writes keys in order,
ASCII only, and refuses what JSON has not; then the value is made plain, in Python, and written again.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

WORTH = 256
"""From so many characters on, what stands twice is written once: naming it takes a hundred."""

_DEPTHS = {"facts": 1, "evidence": 1, "release": 1, "previous": 2}
"""How many keys down the parts of an input document are; the others are parts as they stand."""

Path = tuple[str, ...]


def plain(given: Any) -> Any:
    """Make a value that every JSON reader takes: no NaN, no lone surrogate, no type of Python's own."""
    if isinstance(given, str):
        return given if given.isascii() else given.encode("utf-8", "backslashreplace").decode()
    if given is None or isinstance(given, (bool, int)):
        return given
    if isinstance(given, float):
        return given if math.isfinite(given) else str(given)
    if hasattr(given, "items"):
        return {plain(str(key)): plain(item) for key, item in given.items()}
    if isinstance(given, (list, tuple)):
        return [plain(item) for item in given]
    return plain(str(given))


def _encoder(*, sort_keys: bool) -> Callable[[Any], str]:
    encode = json.JSONEncoder(
        sort_keys=sort_keys, check_circular=False, allow_nan=False, separators=(",", ":"), default=_other
    ).encode

    def write(value: Any) -> str:
        try:
            text = encode(value)
        except (ValueError, TypeError):  # NaN; keys of several types
            return encode(plain(value))
        return encode(plain(value)) if "\\ud" in text else text  # maybe half of a surrogate pair

    return write


def _other(given: Any) -> Any:
    return dict(given) if hasattr(given, "items") else str(given)


in_order = _encoder(sort_keys=False)
"""The text of a value of ours, with its keys as they stand."""
by_key = _encoder(sort_keys=True)
"""The text of a value, with its keys sorted: it does not hang on how the value was built."""


def digest_of(text: str) -> str:
    """How a part is called: `sha256:<hex>` of its text as `by_key` writes it."""
    import hashlib

    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def digest_of_plan(plan: Any) -> str:
    """The digest of a rollout plan, by its text as `by_key` writes it; empty where there is none."""
    return "" if plan is None else digest_of(by_key(plan))


class Parts:
    """Texts that are written once, by their digests."""

    def __init__(self) -> None:
        """Begin without any."""
        self._digests: dict[str, str] = {}

    def put(self, text: str) -> str:
        """Keep a text, which `by_key` wrote; answers its digest."""
        known = self._digests.get(text)
        if known is None:
            known = self._digests[text] = digest_of(text)
        return known

    def items(self) -> list[tuple[str, str]]:
        """All digests in order, each with its text."""
        return sorted((digest, text) for text, digest in self._digests.items())


class SharedDocuments:
    """Input documents as text. What is equal in several is taken out, and what is one object is written once."""

    def __init__(self, documents: Iterable[Mapping[str, Any]], parts: Parts) -> None:
        """Take all of a report, to see what stands in several.

        Args:
            documents: They stay as they are, and alive, as long as this does.
            parts: Where equal parts are put.
        """
        self._parts = parts
        self._texts: dict[int, str] = {}
        every = list(documents)
        self._pieces = {id(one): dict(self._cut(one)) for one in every}
        texts = (text for one in every for text in self._pieces[id(one)].values())
        self._times = Counter(text for text in texts if len(text) >= WORTH)

    def _cut(self, document: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
        for key in sorted(document):
            yield from self._pieces_of(document[key], (key,), _DEPTHS.get(key, 0))

    def _pieces_of(self, value: Any, path: Path, depth: int) -> Iterator[tuple[Path, str]]:
        if depth and isinstance(value, dict) and value:
            for key in sorted(value):
                yield from self._pieces_of(value[key], (*path, key), depth - 1)
        else:
            yield path, self._text(value)

    def _text(self, value: Any) -> str:
        """The text of a value. Settings are one object in all documents, and so is much of the evidence."""
        if not isinstance(value, (dict, list)):
            return by_key(value)
        known = self._texts.get(id(value))
        if known is None:
            known = self._texts[id(value)] = by_key(value)
        return known

    def taken_apart(self, document: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
        """The text of a document without what stands in others, too, and where in it that belongs: path and digest."""
        left: dict[str, Any] = {}
        taken = {}
        for path, text in self._pieces[id(document)].items():
            *above, last = path
            at = left
            for key in above:
                at = at.setdefault(key, {})
            if self._times[text] > 1:
                taken["/".join(path)] = self._parts.put(text)
            else:
                at[last] = text
        return _joined(left), taken


def _joined(pieces: Mapping[str, Any]) -> str:
    """The text of an object of texts and of such objects."""
    return members((key, piece if isinstance(piece, str) else _joined(piece)) for key, piece in pieces.items())


def members(pairs: Iterable[tuple[str, str]], between: str = ",") -> str:
    """The text of an object, from its keys and the texts of its values."""
    return "{" + between.join(f"{in_order(key)}:{text}" for key, text in pairs) + "}"


def items(texts: Iterable[str], between: str = ",") -> str:
    """The text of an array, from the texts of its items."""
    return "[" + between.join(texts) + "]"


def put_together(document: Any, taken: Mapping[str, str], parts: Mapping[str, Any]) -> dict[str, Any]:
    """A document whole again.

    Args:
        document: As it is in the report.
        taken: Where what belongs: path and digest.
        parts: By digest.
    """
    whole: dict[str, Any] = dict(document)
    copied: dict[Sequence[str], dict[str, Any]] = {(): whole}
    for path, digest in taken.items():
        *above, last = path.split("/")
        at = whole
        for depth, key in enumerate(above, 1):
            way = tuple(above[:depth])
            if way not in copied:
                copied[way] = at[key] = dict(at[key])
            at = copied[way]
        at[last] = parts[digest]
    return whole

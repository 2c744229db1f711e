"""Writing input documents as JSON where there are many: `orjson` takes a tenth of the time of `json`.

See docs/decisions/0039. It writes, and reads nothing: of two equal keys its reader silently takes the last. Whatever it
would write otherwise than `json`, or not at all, is left to `json`, which says what is wrong.
"""

from __future__ import annotations

from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_FROM = 32
"""So many documents of one process are worth the import."""
_asked = count(1)


def written(document: Mapping[str, Any]) -> str | None:
    """A document as JSON, where many were written before it.

    Returns:
        The text; None where `json` has to write it: there are few, or it holds what only `json` writes or refuses.
    """
    return _text(document) if next(_asked) > _FROM else None


def _text(document: Mapping[str, Any]) -> str | None:
    dumps = _dumps()
    try:
        data = None if dumps is None else dumps(document)
    except TypeError:
        # a number beyond 64 bits, bytes of a name that are no text, or no JSON at all
        return None
    # NOTE: what is no finite number becomes null as well. A text may hold the same; that costs time, and nothing else.
    return None if data is None or _has_null(data) else data.decode()


def _has_null(data: bytes) -> bool:
    """Whether there is a null, or a text that looks like one; every document has names such as `nullable`."""
    at = data.find(b"null")
    while at >= 0:
        if data[at - 1] in b":,[":
            return True
        at = data.find(b"null", at + 4)
    return False


@cache
def _dumps() -> Callable[[Any], bytes] | None:
    """The function of `orjson`; None where it is not installed: there is no build of it for every platform."""
    try:
        import orjson
    except ImportError:
        return None
    return orjson.dumps

"""Quantities in the diff: what two spellings have in common, and how much more or less it is, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate import figures
from changegate.manifest.units import cores, seconds, size
from changegate.numbers import number

if TYPE_CHECKING:
    from collections.abc import Callable


def _of_text(read: Callable[[str], float | None]) -> Callable[[Any], float | None]:
    return lambda value: read(value) if isinstance(value, str) else None


READERS: dict[str, Callable[[Any], float | None]] = {
    "bytes": number,
    "memory": _of_text(size),
    "cores": _of_text(cores),
    "duration": _of_text(seconds),
    "ms": number,
    "count": number,
    "share": number,
    "money": number,
}
"""Kind of quantity -> its value as a number in one unit, or None where the text is none."""

_WRITERS: dict[str, Callable[[float], str]] = {
    "bytes": figures.size,
    "memory": figures.size,
    "duration": figures.duration,
    "ms": figures.milliseconds,
    "share": figures.share,
}


def value_of(kind: str, value: Any) -> float | None:
    """The number that a value stands for: bytes, cores, seconds, milliseconds, as its kind says."""
    return None if value is None else READERS[kind](value)


def written(kind: str, value: float) -> str:
    """A number of a kind as people read it."""
    whole = int(value) if float(value).is_integer() else value
    return _WRITERS.get(kind, figures.short)(whole)


def risen(kind: str, before: float, after: float) -> str:
    """Both numbers, and by how much: `46 MiB → 63.5 MiB (+38 %)`.

    Milliseconds are told as a difference, since an objective is one.
    """
    told = f"{written(kind, before)} → {written(kind, after)}"
    if kind == "ms":
        return f"{told} ({'+' if after > before else '-'}{written(kind, abs(after - before))})"
    grown = figures.growth(before, after)
    return f"{told} ({grown})" if grown else told


def is_same(kind: str, before: Any, after: Any) -> bool:
    """Whether two spellings are one quantity, such as `8Gi` and `8192Mi`."""
    old, new = value_of(kind, before), value_of(kind, after)
    return old is not None and old == new

"""Numbers in a tool's file: taken as what they have to be, or found to be something else, at their place."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from math import isfinite, isnan
from typing import TYPE_CHECKING, Any

from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from changegate.evidence.metrics import Path

_MOST = 10**15
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_NOTHING = frozenset({"", "nan", "null", "none", "n/a", "-"})


def figure(value: Any, path: Path, *, text: bool = False) -> float:
    """A finite number.

    Args:
        value: What stands there.
        path: Where; its last key names it.
        text: Whether the format writes numbers as text.

    Raises:
        Unsound: It is none.
    """
    if text and isinstance(value, str) and len(value) < 64 and _NUMBER.fullmatch(value.strip()):
        value = float(value)
    name = f"`{path[-1]}`" if path else "the value"
    if isinstance(value, str):
        raise Unsound(f"{name} is text, and a number is needed here", path)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unsound(f"{name} is no number", path)
    if isinstance(value, float) and not isfinite(value):
        raise Unsound(f"{name} is {'NaN' if isnan(value) else 'infinite'}, and a number is needed here", path)
    if abs(value) > _MOST:
        raise Unsound(f"{name} is larger than anything that is measured", path)
    return float(value)


def count(value: Any, path: Path, *, text: bool = False) -> int:
    """A whole number of at least 0; pandas writes it as `442.0` in a column that could hold nothing.

    Raises:
        Unsound: It is none.
    """
    found = figure(value, path, text=text)
    name = f"`{path[-1]}`" if path else "the value"
    if found < 0:
        raise Unsound(f"{name} is negative, and a count is needed here", path)
    if not found.is_integer():
        raise Unsound(f"{name} is no whole number, and a count is needed here", path)
    return int(found)


def share(value: Any, path: Path, *, text: bool = False) -> float:
    """A number between 0 and 1.

    Raises:
        Unsound: It is none.
    """
    found = figure(value, path, text=text)
    if not 0 <= found <= 1:
        raise Unsound(f"`{path[-1]}` is {found:g}, and lies between 0 and 1", path)
    return found


def is_nothing(value: Any) -> bool:
    """Whether a cell says that there is no value: null, NaN, or an empty cell of a table."""
    if isinstance(value, str):
        return value.strip().lower() in _NOTHING
    return value is None or (isinstance(value, float) and isnan(value))


def moment_of_epoch(seconds: float) -> str:
    """A moment as RFC 3339, of seconds since the epoch."""
    return datetime.fromtimestamp(int(seconds), UTC).isoformat().replace("+00:00", "Z")

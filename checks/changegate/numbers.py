"""Numbers: as JSON holds them, and the quantile of the normal distribution that samples and intervals are made with."""

from __future__ import annotations

from functools import lru_cache
from math import erfc, exp, isfinite, log, pi, sqrt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def number(value: Any) -> float | None:
    """A finite number that a float can hold, else None; a boolean is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        result = float(value)
    except OverflowError:
        return None
    return result if isfinite(result) else None


def plain(value: float) -> int | float:
    """Write a whole number as one: 5, not 5.0."""
    return int(value) if value.is_integer() else value


@lru_cache(maxsize=64)
def quantile(probability: float) -> float:
    """The standard normal distribution's quantile, by Newton's method to the precision of a float.

    Raises:
        ValueError: The probability does not lie between 0 and 1.
    """
    # NOTE: the standard library's `statistics` takes longer to import than a whole decision, so it is solved here.
    if not 0 < probability < 1:
        raise ValueError("a probability lies between 0 and 1")
    if probability > 0.5:
        return -quantile(1 - probability)
    value = -sqrt(max(0.0, -2 * log(2 * probability)))
    for _ in range(60):
        step = (erfc(-value / sqrt(2)) / 2 - probability) * sqrt(2 * pi) * exp(value * value / 2)
        value -= step
        if abs(step) < 1e-14:
            break
    return value


WHOLE = 2**53
"""Up to here every integer is a double, too."""
_HUGE = 10**308


def normalised(value: Any) -> Any:
    """A JSON value in which a number is the same whichever engine wrote it down.

    NOTE: the embedded engine writes the float `-6.3e16` as an integer, and rounds an integer of that size; OPA does
    neither, and keeps `1.0` and `1e3` as they were. So numbers beyond 2^53 are floats here, and whole ones up to it
    are integers.
    """
    return _each(value, lambda one: float(one) if isinstance(one, int) and WHOLE < abs(one) < _HUGE else _plain(one))


def plain_numbers(value: Any) -> Any:
    """A JSON value in which whole numbers up to 2^53 are integers: OPA would write `1.0` down where others write 1."""
    return _each(value, _plain)


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) <= WHOLE else value


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, dict):
        return {key: _each(inner, change) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_each(inner, change) for inner in value]
    return change(value)

"""Guards of builtins on numbers."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from changegate.rego.engines.guards.arguments import DiffersError, exact, integer_of, number_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable


def absolute(value: Any) -> int | float:
    """`abs`."""
    return abs(number_of(value, "abs"))


def floor(value: Any) -> int:
    """`floor`, except just below 0, where OPA answers 0."""
    return _rounded(value, "floor", math.floor)


def ceil(value: Any) -> int:
    """`ceil`, except just below 0, where OPA answers 1."""
    return _rounded(value, "ceil", math.ceil)


def rounded(value: Any) -> int:
    """`round`: halves go away from 0."""
    return _rounded(
        value, "round", lambda one: int(math.copysign(math.floor(abs(Fraction(one)) + Fraction(1, 2)), one))
    )


def _rounded(value: Any, name: str, how: Callable[[float], int]) -> int:
    number = number_of(value, name)
    if isinstance(number, int):
        return number
    if name != "round" and -1 < number < 0:
        raise DiffersError(f"{name} between -1 and 0, where the engines differ: write `round(x)`")
    return exact(how(number), name)


def total(values: Any) -> int:
    """`sum` of integers in an array."""
    return exact(sum(_integers(values, "sum")), "sum")


def product(values: Any) -> int:
    """`product` of integers in an array."""
    return exact(math.prod(_integers(values, "product")), "product")


def _integers(values: Any, name: str) -> list[int]:
    if not isinstance(values, list):
        raise DiffersError(f"{name} needs an array; a set would count equal numbers once")
    return [integer_of(value, name) for value in values]


_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?")
_DIGITS = 15


def to_number(value: Any) -> int | float:
    """`to_number` of plain decimals with as many digits as a double keeps."""
    if value is None or isinstance(value, bool):
        return int(value or 0)
    if isinstance(value, (int, float)):
        return number_of(value, "to_number")
    found = _DECIMAL.fullmatch(text_of(value, "to_number"))
    if not found:
        raise DiffersError("to_number needs a plain decimal number")
    if found[2] is None and found[3] is None:
        return exact(int(value), "to_number")
    if sum(one.isdigit() for one in value.lstrip("-0.")) > _DIGITS:
        raise DiffersError(f"to_number of more than {_DIGITS} digits, which the engines round differently")
    return float(value)

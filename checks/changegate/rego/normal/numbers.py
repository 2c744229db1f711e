"""Arithmetic as OPA does it: whole numbers exactly, all others with 64 binary digits, as Go's `big.Float`."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from changegate.rego.normal.values import Real

if TYPE_CHECKING:
    from collections.abc import Callable

Number = Any
PRECISION = 64


class ArithmeticFault(Exception):  # noqa: N818  (as `Fault`)
    """What has no result, in OPA's words."""


def whole(value: Number) -> int | None:
    """The integer that a number is, also where it is written `1.0`; nothing where it is none."""
    if type(value) is int:
        return value
    return int(value) if value == value.to_integral_value() else None


def rounded(exact: Fraction) -> Fraction:
    """The nearest number of 64 binary digits; of two the even one."""
    if not exact:
        return exact
    mantissa, exponent = _parts(abs(exact))
    found = Fraction(mantissa << exponent) if exponent >= 0 else Fraction(mantissa, 1 << -exponent)
    return found if exact > 0 else -found


def _parts(size: Fraction) -> tuple[int, int]:
    """The mantissa of 64 binary digits of the nearest number, and its exponent."""
    over, under = size.numerator, size.denominator
    exponent = over.bit_length() - under.bit_length() - PRECISION
    mantissa = _quotient(over, under, exponent)
    if mantissa.bit_length() > PRECISION:
        exponent += 1
        mantissa = _quotient(over, under, exponent)
    if mantissa.bit_length() > PRECISION:  # it was rounded up to a power of two
        return mantissa >> 1, exponent + 1
    return mantissa, exponent


def _quotient(over: int, under: int, exponent: int) -> int:
    """The nearest integer to a fraction over a power of two; of two the even one."""
    if exponent >= 0:
        under <<= exponent
    else:
        over <<= -exponent
    found, rest = divmod(over, under)
    return found + (2 * rest > under or (2 * rest == under and found % 2))


def as_float(value: Number) -> Fraction:
    """A number as a `big.Float` holds it."""
    return rounded(Fraction(value))


def number(value: Fraction, *, negative_zero: bool = False) -> Number:
    """The number for a `big.Float`, written as Go writes it."""
    if value.denominator == 1:
        if negative_zero and not value:
            return Real("-0")
        return int(_shortest_whole(value))
    return Real(_scientific(value))


def _shortest_whole(value: Fraction) -> str:
    digits, point = _digits(value)
    sign = "-" if value < 0 else ""
    return sign + (digits + "0" * (point - len(digits)) if digits else "0")


def _scientific(value: Fraction) -> str:
    """As `%g` with the fewest digits: an exponent below -4 and from 6 on, unless the digits reach further."""
    digits, point = _digits(value)
    sign = "-" if value < 0 else ""
    exponent = point - 1
    if exponent < -4 or exponent >= _LARGE:
        rest = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{rest}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    whole_part = digits[:point].ljust(point, "0")
    return f"{sign}{whole_part}.{digits[point:]}" if digits[point:] else f"{sign}{whole_part}"


_LARGE = 6
"""From this power of ten on, a number that is no integer is written with an exponent."""


def _digits(value: Fraction) -> tuple[str, int]:
    """The fewest decimal digits that name a number among those of 64 binary digits, and where the point is.

    Source: Go's `math/big`, `roundShortest`, digit by digit: where several would do, it is not always the nearest.
    """
    size = abs(value)
    if not size:
        return "", 0
    mantissa, exponent = _parts(size)
    digits, point = _exactly_written(mantissa, exponent)
    lower, _ = _exactly_written(2 * mantissa - 1, exponent - 1)
    upper, _ = _exactly_written(2 * mantissa + 1, exponent - 1)
    inclusive = mantissa % 2 == 0
    for at, digit in enumerate(digits):
        low, high = lower[at : at + 1] or "0", upper[at : at + 1] or "0"
        down = low != digit or (inclusive and at + 1 == len(lower))
        up = digit != high and (inclusive or int(digit) + 1 < int(high) or at + 1 < len(upper))
        if down or up:
            goes_up = up and (not down or _is_nearer_above(digits, at + 1))
            kept = str(int(digits[: at + 1]) + goes_up)
            return kept.rstrip("0") or "0", point + len(kept) - (at + 1)
    return digits, point


def _exactly_written(mantissa: int, exponent: int) -> tuple[str, int]:
    """All decimal digits of a number, without zeros at the end, and where the point is."""
    text = str(mantissa << exponent) if exponent >= 0 else str(mantissa * 5**-exponent)
    return text.rstrip("0"), len(text) + min(exponent, 0)


def _is_nearer_above(digits: str, count: int) -> bool:
    """Whether so many digits are rounded up; halves to the even one."""
    rest = digits[count:]
    if rest == "5":
        return int(digits[count - 1]) % 2 == 1
    return rest[:1] >= "5"


_SMALL = 1 << 31


def _exactly(left: Number, right: Number) -> tuple[int, int] | None:
    if type(left) is int and type(right) is int:
        return left, right
    ours, theirs = whole(left), whole(right)
    return None if ours is None or theirs is None else (ours, theirs)


def _operation(exact: Callable[[int, int], int], inexact: Callable[[Fraction, Fraction], Fraction]) -> Any:
    def operate(left: Number, right: Number) -> Number:
        both = _exactly(left, right)
        if both is not None:
            return exact(*both)
        return number(rounded(inexact(as_float(left), as_float(right))))

    return operate


plus = _operation(int.__add__, lambda left, right: left + right)
minus = _operation(int.__sub__, lambda left, right: left - right)
times = _operation(int.__mul__, lambda left, right: left * right)


def divided(left: Number, right: Number) -> Number:
    """The quotient.

    Raises:
        ArithmeticFault: The divisor is 0.
    """
    if not right:
        raise ArithmeticFault("divide by zero")
    if type(left) is int and type(right) is int and left and -_SMALL <= left < _SMALL and -_SMALL <= right < _SMALL:
        quotient, rest = divmod(left, right)
        if not rest:
            return quotient
    over, under = as_float(left), as_float(right)
    negative = (under < 0) != (type(left) is Real and left.is_signed())
    return number(rounded(over / under), negative_zero=negative)


def remainder(left: Number, right: Number) -> Number:
    """What is left of a division of integers; it has the sign of the dividend.

    Raises:
        ArithmeticFault: The divisor is 0, or one is no integer.
    """
    both = _exactly(left, right)
    if both is None:
        raise ArithmeticFault("modulo on floating-point number")
    if not both[1]:
        raise ArithmeticFault("modulo by zero")
    rest = abs(both[0]) % abs(both[1])
    return rest if both[0] >= 0 else -rest


def _is_small(value: Number) -> bool:
    return type(value) is int and -_SMALL <= value < _SMALL


def absolute(value: Number) -> Number:
    """The size of a number."""
    return abs(value) if _is_small(value) else number(abs(as_float(value)))


def nearest(value: Number) -> Number:
    """The nearest integer; halves go away from 0."""
    if _is_small(value):
        return value
    exact = as_float(value)
    half = Fraction(1, 2)
    return int(rounded(exact - half if _is_negative(value) else exact + half))


def _is_negative(value: Number) -> bool:
    return value.is_signed() if type(value) is Real else value < 0


def ceiling(value: Number) -> Number:
    """As OPA's `ceil`, which answers 1 for what is just below 0."""
    if _is_small(value):
        return value
    exact = as_float(value)
    return int(exact) if int(exact) < 0 or exact == int(exact) else int(exact) + 1


def floor(value: Number) -> Number:
    """As OPA's `floor`, which answers 0 for what is just below 0."""
    if _is_small(value):
        return value
    exact = as_float(value)
    return int(exact) if int(exact) >= 0 or exact == int(exact) else int(exact) - 1


def text(value: Number) -> str:
    """A number as it is written."""
    return str(value) if type(value) is int else str(value.text)

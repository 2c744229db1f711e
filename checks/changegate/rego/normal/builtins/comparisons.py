"""Comparisons, arithmetic, and the operators of sets."""

from __future__ import annotations

from typing import Any

from changegate.rego.normal import numbers
from changegate.rego.normal.builtins.registry import BuiltinFault, builtin, group, integer, number, small, wrong
from changegate.rego.normal.values import UNDEFINED, boolean, inside, is_number, items, order


@builtin("equal", 2)
def equal(left: Any, right: Any) -> Any:
    """`==`, where it is a value."""
    return boolean(left == right)


@builtin("neq", 2)
def differs(left: Any, right: Any) -> Any:
    """`!=`."""
    return boolean(left != right)


def _compares(left: Any, right: Any) -> tuple[Any, Any]:
    if type(left) is type(right) and type(left) in {int, str}:
        return left, right
    return order(left), order(right)


@builtin("lt", 2)
def less(left: Any, right: Any) -> Any:
    """`<`, of any two values."""
    one, other = _compares(left, right)
    return boolean(one < other)


@builtin("lte", 2)
def at_most(left: Any, right: Any) -> Any:
    """`<=`."""
    one, other = _compares(left, right)
    return boolean(one <= other)


@builtin("gt", 2)
def greater(left: Any, right: Any) -> Any:
    """`>`."""
    one, other = _compares(left, right)
    return boolean(one > other)


@builtin("gte", 2)
def at_least(left: Any, right: Any) -> Any:
    """`>=`."""
    one, other = _compares(left, right)
    return boolean(one >= other)


def _calculated(operation: Any, left: Any, right: Any) -> Any:
    try:
        return operation(number(left, 1), number(right, 2))
    except numbers.ArithmeticFault as fault:
        raise BuiltinFault(str(fault)) from None


@builtin("plus", 2)
def plus(left: Any, right: Any) -> Any:
    """`+`."""
    return _calculated(numbers.plus, left, right)


@builtin("minus", 2)
def minus(left: Any, right: Any) -> Any:
    """`-`, of numbers, and of sets."""
    if type(left) is frozenset and type(right) is frozenset:
        return left - right
    if not is_number(left) and type(left) is not frozenset:
        raise wrong(1, left, "number", "set")
    if is_number(right) and not is_number(left):
        raise wrong(2, right, "set")
    return _calculated(numbers.minus, left, right)


@builtin("mul", 2)
def times(left: Any, right: Any) -> Any:
    """`*`."""
    return _calculated(numbers.times, left, right)


@builtin("div", 2)
def divided(left: Any, right: Any) -> Any:
    """`/`."""
    return _calculated(numbers.divided, left, right)


@builtin("rem", 2)
def remainder(left: Any, right: Any) -> Any:
    """`%`."""
    return _calculated(numbers.remainder, left, right)


@builtin("abs", 1)
def absolute(value: Any) -> Any:
    """The size of a number."""
    return numbers.absolute(number(value))


@builtin("round", 1)
def nearest(value: Any) -> Any:
    """The nearest integer."""
    return numbers.nearest(number(value))


@builtin("ceil", 1)
def ceiling(value: Any) -> Any:
    """The next integer above."""
    return numbers.ceiling(number(value))


@builtin("floor", 1)
def floor(value: Any) -> Any:
    """The next integer below."""
    return numbers.floor(number(value))


@builtin("and", 2)
def intersected(left: Any, right: Any) -> Any:
    """`&`."""
    return group(left, 1) & group(right, 2)


@builtin("or", 2)
def united(left: Any, right: Any) -> Any:
    """`|`."""
    return group(left, 1) | group(right, 2)


@builtin("internal.member_2", 2)
def member(value: Any, collection: Any) -> Any:
    """`value in collection`."""
    if type(collection) is frozenset:
        return boolean(value in collection)
    pairs = items(collection)
    return boolean(pairs is not None and any(one == value for _, one in pairs))


@builtin("internal.member_3", 3)
def member_at(key: Any, value: Any, collection: Any) -> Any:
    """`key, value in collection`."""
    found = inside(collection, key)
    return boolean(found is not UNDEFINED and found == value)


@builtin("bits.and", 2)
def bits_and(left: Any, right: Any) -> Any:
    """Of two integers."""
    return integer(left, 1) & integer(right, 2)


@builtin("bits.or", 2)
def bits_or(left: Any, right: Any) -> Any:
    """Of two integers."""
    return integer(left, 1) | integer(right, 2)


@builtin("bits.xor", 2)
def bits_xor(left: Any, right: Any) -> Any:
    """Of two integers."""
    return integer(left, 1) ^ integer(right, 2)


@builtin("bits.negate", 1)
def bits_negate(value: Any) -> Any:
    """Of an integer."""
    return ~integer(value)


@builtin("bits.lsh", 2)
def bits_left(value: Any, by: Any) -> Any:
    """Shifted to the left."""
    return integer(value, 1) << _shift(by)


@builtin("bits.rsh", 2)
def bits_right(value: Any, by: Any) -> Any:
    """Shifted to the right."""
    return integer(value, 1) >> _shift(by)


_FARTHEST_SHIFT = 10_000


def _shift(by: Any) -> int:
    found = small(by, 2)
    if found < 0:
        raise BuiltinFault("operand 2 must be an unsigned integer number but got a negative integer")
    if found > _FARTHEST_SHIFT:
        raise BuiltinFault("operand 2 is too large")
    return found

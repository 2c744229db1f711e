"""Arrays, objects and sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.rego.normal import numbers
from changegate.rego.normal.builtins.registry import (
    BuiltinFault,
    UnsureFault,
    array,
    builtin,
    group,
    integer,
    number,
    obj,
    relation,
    small,
    wrong,
)
from changegate.rego.normal.values import UNDEFINED, Obj, boolean, in_order, inside, items, order

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST = 100_000_000
"""Items of a range."""


@builtin("count", 1)
def count(value: Any) -> Any:
    """How many items, or characters."""
    if isinstance(value, (str, tuple, Obj, frozenset)):
        return len(value)
    raise wrong(1, value, "array", "object", "set", "string")


def _numbers(value: Any) -> list[Any]:
    return [number(one) for one in _listed(value)]


def _listed(value: Any) -> list[Any]:
    if type(value) is tuple:
        return list(value)
    if type(value) is frozenset:
        return in_order(value)
    raise wrong(1, value, "set", "array")


@builtin("sum", 1)
def summed(value: Any) -> Any:
    """The sum of numbers."""
    return _accumulated(_numbers(value), 0, numbers.plus)


@builtin("product", 1)
def product(value: Any) -> Any:
    """The product of numbers."""
    return _accumulated(_numbers(value), 1, numbers.times)


def _accumulated(found: list[Any], start: int, operation: Any) -> Any:
    """Exactly where all are integers, else as floats all the way."""
    from fractions import Fraction

    if all(numbers.whole(one) is not None for one in found):
        total = start
        for one in found:
            total = operation(total, numbers.whole(one))
        return total
    inexact = Fraction(start)
    for one in found:
        following = numbers.as_float(one)
        inexact = numbers.rounded(inexact + following if operation is numbers.plus else inexact * following)
    return numbers.number(inexact)


@builtin("max", 1)
def largest(value: Any) -> Any:
    """The last in Rego's order."""
    found = _listed(value)
    return max(found, key=order) if found else UNDEFINED


@builtin("min", 1)
def least(value: Any) -> Any:
    """The first in Rego's order."""
    found = _listed(value)
    return min(found, key=order) if found else UNDEFINED


@builtin("sort", 1)
def in_sequence(value: Any) -> Any:
    """An array in Rego's order."""
    return tuple(in_order(_listed(value)))


@builtin("array.concat", 2)
def joined(left: Any, right: Any) -> Any:
    """One array behind another."""
    return array(left, 1) + array(right, 2)


@builtin("array.flatten", 1)
def flattened(value: Any) -> Any:
    """The items of arrays in the place of those arrays, one level."""
    found: list[Any] = []
    for one in array(value):
        found += one if type(one) is tuple else (one,)
    return tuple(found)


@builtin("array.reverse", 1)
def backwards(value: Any) -> Any:
    """From the last to the first."""
    return array(value)[::-1]


@builtin("array.slice", 3)
def part(value: Any, start: Any, stop: Any) -> Any:
    """A part; positions beyond the ends are the ends."""
    whole = array(value, 1)
    first, last = small(start, 2), small(stop, 3)
    last = min(max(last, 0), len(whole))
    return whole[min(max(first, 0), last) : last]


@builtin("numbers.range", 2)
def counted(start: Any, stop: Any) -> Any:
    """The integers from one to another."""
    return _range(integer(start, 1), integer(stop, 2), 1)


@builtin("numbers.range_step", 3)
def counted_by(start: Any, stop: Any, step: Any) -> Any:
    """The same in steps."""
    size = integer(step, 3)
    if size <= 0:
        raise BuiltinFault("step must be a positive integer")
    return _range(integer(start, 1), integer(stop, 2), size)


def _range(start: int, stop: int, step: int) -> Any:
    if abs(stop - start) // step > _MOST:
        raise UnsureFault(f"the range has over {_MOST} numbers")
    return tuple(range(start, stop + 1, step) if start <= stop else range(start, stop - 1, -step))


# Objects


@builtin("object.get", 3)
def got(value: Any, path: Any, default: Any) -> Any:
    """What is at a key, or at a path of keys."""
    found: Any = obj(value, 1)
    for key in path if type(path) is tuple else (path,):
        found = inside(found, key)
    return default if found is UNDEFINED else found


@builtin("object.keys", 1)
def keys(value: Any) -> Any:
    """The keys, as a set."""
    return frozenset(obj(value))


def _keys(value: Any) -> frozenset[Any]:
    if isinstance(value, (tuple, frozenset, Obj)):
        return frozenset(value)
    raise wrong(2, value, "object", "set", "array")


@builtin("object.remove", 2)
def without(value: Any, names: Any) -> Any:
    """An object without keys."""
    gone, whole = _keys(names), obj(value, 1)
    return Obj((key, one) for key, one in whole.items() if key not in gone)


@builtin("object.filter", 2)
def kept(value: Any, names: Any) -> Any:
    """An object with those keys only."""
    whole, wanted = obj(value, 1), _keys(names)
    return Obj((key, one) for key, one in whole.items() if key in wanted)


def merged(left: Obj, right: Obj) -> Obj:
    """Two objects, also inside; the second has the last word."""
    made = Obj(left)
    for key, value in right.items():
        before = made.get(key)
        made[key] = merged(before, value) if type(before) is Obj and type(value) is Obj else value
    return made


@builtin("object.union", 2)
def united(left: Any, right: Any) -> Any:
    """Two objects, also inside."""
    return merged(obj(left, 1), obj(right, 2))


@builtin("object.union_n", 1)
def united_all(value: Any) -> Any:
    """Several objects, also inside; the last has the last word."""
    made = Obj()
    for one in array(value):
        if type(one) is not Obj:
            raise BuiltinFault("operand 1 must be array of objects")
        made = merged(made, one)
    return made


@builtin("object.subset", 2)
def subset(whole: Any, some: Any) -> Any:
    """Whether one holds the other."""
    kinds = (type(whole), type(some))
    if kinds == (Obj, Obj):
        return boolean(_object_holds(whole, some))
    if kinds == (frozenset, frozenset):
        return boolean(some <= whole)
    if kinds == (tuple, tuple):
        return boolean(_array_holds(whole, some))
    if kinds == (tuple, frozenset):
        return boolean(_array_holds_set(whole, some))
    raise BuiltinFault("both arguments object.subset must be of the same type or array and set")


def _array_holds_set(whole: tuple[Any, ...], some: frozenset[Any]) -> bool:
    left = len(some)
    for one in whole:
        left -= one in some
        if left == 0:
            return True
    return False


def _object_holds(whole: Obj, some: Obj) -> bool:
    return all(key in whole and _holds(whole[key], value) for key, value in some.items())


def _holds(whole: Any, some: Any) -> bool:
    if whole == some:
        return True
    if type(whole) is Obj and type(some) is Obj:
        return _object_holds(whole, some)
    if type(whole) is frozenset and type(some) is frozenset:
        return some <= whole
    return type(whole) is tuple and type(some) is tuple and _array_holds(whole, some)


def _array_holds(whole: tuple[Any, ...], some: tuple[Any, ...]) -> bool:
    if len(some) > len(whole):
        return False
    return any(whole[at : at + len(some)] == some for at in range(len(whole) - len(some) + 1))


# Sets


def _sets(value: Any) -> list[frozenset[Any]]:
    found = list(group(value))
    if any(type(one) is not frozenset for one in found):
        raise BuiltinFault("operand 1 must be set of sets")
    return found


@builtin("intersection", 1)
def intersection(value: Any) -> Any:
    """What all sets hold."""
    found = _sets(value)
    return frozenset.intersection(*found) if found else frozenset()


@builtin("union", 1)
def union(value: Any) -> Any:
    """What any set holds."""
    return frozenset().union(*_sets(value))


# Graphs


def _start(value: Any) -> list[Any]:
    if isinstance(value, (tuple, frozenset)):
        return list(value) if type(value) is tuple else in_order(value)
    raise wrong(2, value, "array", "set")


@builtin("graph.reachable", 2)
def reachable(graph: Any, start: Any) -> Any:
    """The nodes that are reached from some."""
    edges, found = obj(graph, 1), set()
    pending = _start(start)
    while pending:
        node = pending.pop()
        if node in found or node not in edges:
            continue
        found.add(node)
        following = edges[node]
        pending += following if isinstance(following, (tuple, frozenset)) else ()
    return frozenset(found)


@relation("walk", 1)
def walk(value: Any) -> Iterator[Any]:
    """Every value in a value, with the path to it."""
    return _walk((), value)


def _walk(path: tuple[Any, ...], value: Any) -> Iterator[Any]:
    yield (path, value)
    pairs = items(value)
    for key, one in pairs if pairs is not None else ():
        yield from _walk((*path, key), one)

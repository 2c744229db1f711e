"""Where builtins are put by their names, and how they read their operands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.rego.normal.numbers import whole
from changegate.rego.normal.values import Obj, is_number, type_name

if TYPE_CHECKING:
    from collections.abc import Callable

BUILTINS: dict[str, Callable[..., Any]] = {}
"""Name -> what it does with its operands: answers a value, or `UNDEFINED`."""
RELATIONS: dict[str, Callable[..., Any]] = {}
"""Those that have several results."""
ARITIES: dict[str, int] = {}
"""Name -> how many operands it takes."""


class BuiltinFault(Exception):  # noqa: N818  (what happens, not who is at fault)
    """What a builtin cannot make of its operands; undefined in OPA, an error where it is asked strictly."""


class UnsureFault(BuiltinFault):
    """Operands for which it is not certain what OPA answers: an error always."""


def builtin(name: str, arity: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Put a function in the place of a builtin."""

    def put(function: Callable[..., Any]) -> Callable[..., Any]:
        BUILTINS[name] = function
        ARITIES[name] = arity
        return function

    return put


def relation(name: str, arity: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Put a function that gives several results in the place of a builtin."""

    def put(function: Callable[..., Any]) -> Callable[..., Any]:
        RELATIONS[name] = BUILTINS[name] = function
        ARITIES[name] = arity
        return function

    return put


def wrong(at: int, value: Any, *wanted: str) -> BuiltinFault:
    """An operand of another type than those that are wanted."""
    kinds = wanted[0] if len(wanted) == 1 else f"one of {{{', '.join(wanted)}}}"
    return BuiltinFault(f"operand {at} must be {kinds} but got {type_name(value)}")


def text(value: Any, at: int = 1) -> str:
    """A text."""
    if type(value) is str:
        return value
    raise wrong(at, value, "string")


def texts(value: Any, at: int = 1) -> list[str]:
    """The texts of an array or a set, in order."""
    from changegate.rego.normal.values import in_order

    if isinstance(value, (tuple, frozenset)):
        found = list(value) if isinstance(value, tuple) else in_order(value)
        if all(type(one) is str for one in found):
            return found
        raise BuiltinFault(f"operand {at} must be {'array' if isinstance(value, tuple) else 'set'} of strings")
    raise wrong(at, value, "array", "set")


def number(value: Any, at: int = 1) -> Any:
    """A number."""
    if is_number(value):
        return value
    raise wrong(at, value, "number")


def integer(value: Any, at: int = 1) -> int:
    """A whole number."""
    found = whole(number(value, at))
    if found is None:
        raise BuiltinFault(f"operand {at} must be integer number but got floating-point number")
    return found


def small(value: Any, at: int = 1) -> int:
    """A whole number of 64 bits."""
    found = integer(value, at)
    if not -(2**63) <= found < 2**63:
        raise BuiltinFault(f"operand {at} must be an integer of 64 bits")
    return found


def array(value: Any, at: int = 1) -> tuple[Any, ...]:
    """An array."""
    if type(value) is tuple:
        return value
    raise wrong(at, value, "array")


def obj(value: Any, at: int = 1) -> Obj:
    """An object."""
    if type(value) is Obj:
        return value
    raise wrong(at, value, "object")


def group(value: Any, at: int = 1) -> frozenset[Any]:
    """A set."""
    if type(value) is frozenset:
        return value
    raise wrong(at, value, "set")

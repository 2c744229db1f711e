"""What guards ask of their arguments."""

from __future__ import annotations

from typing import Any

EXACT = 2**53
"""Up to here a double holds every integer."""


class DiffersError(ValueError):
    """The engines differ on these arguments."""


def text_of(value: Any, name: str) -> str:
    """A text; any other value is an error."""
    if not isinstance(value, str):
        raise DiffersError(f"{name} needs a text, and got {kind_of(value)}")
    return value


def integer_of(value: Any, name: str) -> int:
    """An integer up to 2⁵³; any other value is an error."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise DiffersError(f"{name} needs an integer, and got {kind_of(value)}: write `round(x)`")
    return exact(value, name)


def exact(value: int, name: str) -> int:
    """An integer that both engines keep; beyond 2⁵³ it is an error."""
    if abs(value) > EXACT:
        raise DiffersError(f"{name} meets an integer above 2^53, which the engines keep differently")
    return value


def number_of(value: Any, name: str) -> int | float:
    """A number; an integer up to 2⁵³. Any other value is an error."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise DiffersError(f"{name} needs a number, and got {kind_of(value)}")
    return exact(value, name) if isinstance(value, int) else value


_KINDS = {str: "a text", bool: "a boolean", int: "an integer", float: "a fraction", list: "an array", dict: "an object"}


def kind_of(value: Any) -> str:
    """What a value is, for a message."""
    return "null" if value is None else _KINDS.get(type(value), "a set")

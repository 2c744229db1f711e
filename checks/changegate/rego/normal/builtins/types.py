"""What a value is, and what it is made into."""

from __future__ import annotations

import re
from typing import Any

from changegate.rego.normal.builtins.registry import BuiltinFault, builtin, wrong
from changegate.rego.normal.values import FALSE, TRUE, Boolean, Obj, Real, boolean, is_number, type_name


@builtin("is_array", 1)
def is_array(value: Any) -> Any:
    """Whether it is an array."""
    return boolean(type(value) is tuple)


@builtin("is_object", 1)
def is_object(value: Any) -> Any:
    """Whether it is an object."""
    return boolean(type(value) is Obj)


@builtin("is_set", 1)
def is_set(value: Any) -> Any:
    """Whether it is a set."""
    return boolean(type(value) is frozenset)


@builtin("is_string", 1)
def is_string(value: Any) -> Any:
    """Whether it is a text."""
    return boolean(type(value) is str)


@builtin("is_number", 1)
def is_a_number(value: Any) -> Any:
    """Whether it is a number."""
    return boolean(is_number(value))


@builtin("is_boolean", 1)
def is_boolean(value: Any) -> Any:
    """Whether it is a boolean."""
    return boolean(type(value) is Boolean)


@builtin("is_null", 1)
def is_null(value: Any) -> Any:
    """Whether it is null."""
    return boolean(value is None)


@builtin("type_name", 1)
def named(value: Any) -> Any:
    """The name of its type."""
    return type_name(value)


_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WIDEST_EXPONENT = 300


@builtin("to_number", 1)
def to_number(value: Any) -> Any:
    """The number that something says."""
    if value is None or value is FALSE:
        return 0
    if value is TRUE:
        return 1
    if is_number(value):
        return value
    if type(value) is not str:
        raise wrong(1, value, "null", "boolean", "number", "string")
    if not _NUMBER.fullmatch(value):
        raise BuiltinFault(f"{value[:40]!r} is no number in plain digits")
    return int(value) if value.lstrip("-").isdigit() and value != "-0" else Real(value)

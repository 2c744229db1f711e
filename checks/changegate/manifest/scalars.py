"""Plain scalars as YAML 1.2's core schema reads them (YAML 1.2.2, 10.3.2), and which ones others read otherwise."""

from __future__ import annotations

import math
import re

LONGEST_NUMBER = 64
"""Digits and signs; no quantity in a manifest has more, and a number of a million digits takes seconds to read."""

_WORDS = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_NUMERIC_START = frozenset("-+.0123456789")
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")

# NOTE: dates and times are not among these. Readers differ in the type they give them, not in the moment they mean.
_AMBIGUOUS = re.compile(
    r"yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF"  # YAML 1.1 booleans
    r"|[-+]?0[0-9]+|0o[0-7]+"  # octal for some, decimal for others
    r"|[-+]?[0-9]+(_[0-9]+)+(\.[0-9_]*)?|[-+]?0b[01_]+|0x[0-9a-fA-F]*_[0-9a-fA-F_]*"  # digits in groups, binary
    r"|[-+]?[0-9]+(:[0-5]?[0-9])+(\.[0-9]*)?"  # base sixty
    r"|[-+]?[0-9]+(\.[0-9]*)?[eE][0-9]+|[-+]?[0-9]+[eE][-+]?[0-9]+|[-+]?\.[0-9]+([eE][-+]?[0-9]+)?"  # floats 1.1 misses
)


class NotANumber(ValueError):  # noqa: N818  (it is the YAML word for it)
    """A scalar that no JSON number can hold: infinite, not a number, or too long."""


def resolve(text: str) -> str | int | float | bool | None:
    """Read a plain scalar.

    Raises:
        NotANumber: It is `.inf` or `.nan`, overflows, or has more digits than any quantity has.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMERIC_START:
        return text
    if _NOT_FINITE.fullmatch(text):
        raise NotANumber(text)
    if _FLOAT.fullmatch(text):
        return _number(text)
    if _HEXADECIMAL.fullmatch(text) and len(text) <= LONGEST_NUMBER:
        return int(text, 16)
    if _OCTAL.fullmatch(text) and len(text) <= LONGEST_NUMBER:
        return int(text[2:], 8)
    return text


def _number(text: str) -> int | float:
    if len(text) > LONGEST_NUMBER:
        raise NotANumber(text)
    if _INTEGER.fullmatch(text):
        return int(text)
    value = float(text)
    if not math.isfinite(value):
        raise NotANumber(text)
    return value


def is_ambiguous(text: str) -> bool:
    """Whether other readers of YAML give a plain scalar another value than the core schema does."""
    return len(text) <= LONGEST_NUMBER and _AMBIGUOUS.fullmatch(text) is not None

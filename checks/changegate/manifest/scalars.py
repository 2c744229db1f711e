"""Plain scalars as YAML 1.2's core schema reads them (YAML 1.2.2, 10.3.2), and which ones others read otherwise."""

from __future__ import annotations

import math
import re
from functools import lru_cache

LONGEST_NUMBER = 64
"""Digits and signs; no quantity in a manifest has more, and a number of a million digits takes seconds to read."""
LARGEST_INTEGER = 2**53
"""Beyond it readers of JSON disagree: many round (RFC 8259, 6), and policy engines are readers of JSON."""

_WORDS = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_NUMERIC_START = frozenset("-+.0123456789")
_INTEGER = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")

# NOTE: dates and times are not among these. Readers differ in the type they give them, not in the moment they mean.
# The readers meant are PyYAML, and go-yaml v2, which Kubernetes uses and to which `y` and `n` are booleans as well.
_AMBIGUOUS = re.compile(
    r"[yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF"  # YAML 1.1 booleans
    r"|=|<<"  # YAML 1.1's default value, and a merge that is no key
    r"|[-+]?0[0-9]+|[-+]?0[bBoOX][0-9a-fA-F_]+|[-+]0x[0-9a-fA-F_]+|0x(?=[^_]*_)[0-9a-fA-F_]+"  # bases
    r"|(?=[^_]*_)[-+]?\.?[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9_]+)?"  # digits in groups
    r"|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?"  # base sixty
    r"|[-+]?[0-9]+(\.[0-9]*)?[eE][0-9]+|[-+]?[0-9]+[eE][-+]?[0-9]+|[-+]?\.[0-9]+([eE][-+]?[0-9]+)?"  # floats 1.1 misses
)


class NotANumber(ValueError):  # noqa: N818  (it is the YAML word for it)
    """A scalar that looks like a number, and that not every reader of JSON can hold. Its text says why."""


def resolve(text: str) -> str | int | float | bool | None:
    """Read a plain scalar.

    Raises:
        NotANumber: It is `.inf` or `.nan`, overflows, or has more digits than any quantity has.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMERIC_START:
        return text
    if _INTEGER.fullmatch(text):
        return integer(text)
    if _FLOAT.fullmatch(text):
        return number(text)
    if _NOT_FINITE.fullmatch(text):
        raise NotANumber("is no finite number")
    return integer(text) if _BASED.fullmatch(text) else text


def integer(text: str) -> int:
    """Read an integer: decimal, also with leading zeros, or with `0x` or `0o` before it.

    Raises:
        NotANumber: It is beyond 2^53.
    """
    value = int(_short(text), 0 if text[1:2] in {"x", "o"} else 10)
    if abs(value) > LARGEST_INTEGER:
        raise NotANumber("is beyond 2^53, where readers of JSON begin to round")
    return value


def number(text: str) -> float:
    """Read a number with a fraction or an exponent.

    Raises:
        NotANumber: It overflows.
    """
    value = float(_short(text))
    if not math.isfinite(value):
        raise NotANumber("is too large a number")
    return value


def _short(text: str) -> str:
    if len(text) > LONGEST_NUMBER:
        raise NotANumber(f"is a number of over {LONGEST_NUMBER} characters")
    return text


def shortened(text: str, most: int = 60) -> str:
    """Cut what a message quotes from a file: it may be a megabyte long."""
    return text if len(text) <= most else text[: most - 3] + "..."


def is_ambiguous(text: str) -> bool:
    """Whether other readers of YAML give a plain scalar another value than the core schema does."""
    return len(text) <= LONGEST_NUMBER and _AMBIGUOUS.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def read_short(text: str) -> tuple[str | int | float | bool | None, bool]:
    """Read a plain scalar of at most `LONGEST_NUMBER` characters, and say whether it is ambiguous.

    Keys and words stand in every manifest of a repository: each is looked at once.

    Raises:
        NotANumber: As `resolve` does.
    """
    return resolve(text), is_ambiguous(text)

"""Sets of letters as ranges of code points, as Go's `regexp` has them, and written for Python's `re`."""

from __future__ import annotations

import re
from functools import lru_cache

from changegate.rego.normal.builtins.registry import UnsureFault

Ranges = list[tuple[int, int]]
LAST_LETTER = 0x10FFFF
_DIGIT: Ranges = [(48, 57)]
_WORD: Ranges = [(48, 57), (65, 90), (95, 95), (97, 122)]
_SPACE: Ranges = [(9, 10), (12, 13), (32, 32)]
PERL = {"d": _DIGIT, "w": _WORD, "s": _SPACE}
POSIX: dict[str, Ranges] = {
    "alnum": [(48, 57), (65, 90), (97, 122)],
    "alpha": [(65, 90), (97, 122)],
    "ascii": [(0, 127)],
    "blank": [(9, 9), (32, 32)],
    "cntrl": [(0, 31), (127, 127)],
    "digit": _DIGIT,
    "graph": [(33, 126)],
    "lower": [(97, 122)],
    "print": [(32, 126)],
    "punct": [(33, 47), (58, 64), (91, 96), (123, 126)],
    "space": [(9, 13), (32, 32)],
    "upper": [(65, 90)],
    "word": _WORD,
    "xdigit": [(48, 57), (65, 70), (97, 102)],
}


def without(ranges: Ranges) -> Ranges:
    """All letters but these."""
    made, following = [], 0
    for low, high in sorted(ranges):
        if low > following:
            made.append((following, low - 1))
        following = max(following, high + 1)
    return [*made, (following, LAST_LETTER)] if following <= LAST_LETTER else made


_KELVIN, _LONG_S = 0x212A, 0x17F


def folded(ranges: Ranges) -> Ranges:
    """With the other case of each letter, as Go folds them."""
    made = list(ranges)
    for low, high in ranges:
        if low <= 0x7F:
            top = min(high, 0x7F)
            for begin, end, shift in ((65, 90, 32), (97, 122, -32)):
                inner = (max(low, begin), min(top, end))
                if inner[0] <= inner[1]:
                    made.append((inner[0] + shift, inner[1] + shift))
            made += [(_KELVIN, _KELVIN)] if _holds(low, high, "kK") else []
            made += [(_LONG_S, _LONG_S)] if _holds(low, high, "sS") else []
        if high > 0x7F and not (low <= 0x80 and high == LAST_LETTER):
            raise UnsureFault("a pattern folds the case of letters that are not ASCII")
    return made


def _holds(low: int, high: int, letters: str) -> bool:
    return any(low <= ord(one) <= high for one in letters)


def class_of(ranges: Ranges, *, fold: bool = False) -> str:
    """A class of Python's `re` that is just these; with `fold`, the other case of each letter too."""
    if fold:
        ranges = folded(ranges)
    if not ranges:
        return "(?!)"
    parts = (escaped(low) if low == high else f"{escaped(low)}-{escaped(high)}" for low, high in ranges)
    return f"[{''.join(parts)}]"


def escaped(code: int) -> str:
    """One letter, as Python's `re` reads it inside and outside of a class."""
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


_CATEGORIES = re.compile(r"L[ulmto]?|M[nce]?|N[dlo]?|P[cdsefio]?|S[mcko]?|Z[slp]?|C[cf]")


@lru_cache(maxsize=64)
def of_property(name: str) -> Ranges:
    """The letters of a category of Unicode, such as `Lu`; `^Lu` are all others.

    Raises:
        UnsureFault: It is none of those that are the same in Go and here.
    """
    import sys
    import unicodedata

    negated, plain = name.startswith("^"), name.removeprefix("^")
    if plain == "Any":
        return [] if negated else [(0, LAST_LETTER)]
    if not _CATEGORIES.fullmatch(plain):
        raise UnsureFault(f"the class `{name}` is not known here")
    made: Ranges = []
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code)).startswith(plain):
            if made and made[-1][1] == code - 1:
                made[-1] = (made[-1][0], code)
            else:
                made.append((code, code))
    return without(made) if negated else made

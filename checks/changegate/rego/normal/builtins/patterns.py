"""Patterns as Go's `regexp` reads them, each written again for Python's `re`, form by form."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from changegate.rego.normal.builtins.letters import (
    LAST_LETTER,
    PERL,
    POSIX,
    Ranges,
    class_of,
    folded,
    of_property,
    without,
)
from changegate.rego.normal.builtins.registry import BuiltinFault, UnsureFault

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONTROLS = {"a": 7, "f": 12, "t": 9, "n": 10, "r": 13, "v": 11}
_BOUNDARY = "(?:(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])|(?<![0-9A-Za-z_])(?=[0-9A-Za-z_]))"
_NO_BOUNDARY = "(?:(?<=[0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<![0-9A-Za-z_])(?![0-9A-Za-z_]))"
_LARGEST = 1_000_000
"""Characters of a pattern that is written out: Go refuses some with three times as many."""
_MOST_REPEATS = 1000
_DEEPEST = 100


class Pattern:
    """One pattern, ready to be looked for."""

    def __init__(self, written: str) -> None:
        """Read it as Go does.

        Raises:
            BuiltinFault: It is no pattern.
            UnsureFault: It has a form that is not known here.
        """
        reader = _PatternReader(written)
        body, self.is_nullable_loop = reader.whole()
        self.names = reader.names
        self.has_properties = reader.has_properties
        try:
            self.compiled = re.compile(body)
        except (re.error, OverflowError, RecursionError):
            raise UnsureFault("the pattern is not known here") from None

    def check(self, value: str, *, exactly: bool) -> None:
        """Refuse what might be found in another place than Go finds it."""
        if exactly and self.is_nullable_loop:
            raise UnsureFault("a part that may be empty is repeated in the pattern")
        if self.has_properties and not value.isascii():
            import unicodedata

            if any(unicodedata.category(one) == "Cn" for one in value):
                raise UnsureFault("the text has a character that is not known here")

    def matches(self, value: str) -> bool:
        """Whether it is anywhere in a text."""
        self.check(value, exactly=False)
        return self.compiled.search(value) is not None

    def found(self, value: str, most: int) -> Iterator[re.Match[str]]:
        """Each place, as Go finds them: no empty one right behind another."""
        self.check(value, exactly=True)
        at, before, number = 0, -1, 0
        while at <= len(value) and (most < 0 or number < most):
            match = self.compiled.search(value, at)
            if match is None:
                return
            accepted = not (match.end() == at and match.start() == before)
            at = match.end() + 1 if match.end() == at else match.end()
            before = match.end()
            if accepted:
                number += 1
                yield match


@lru_cache(maxsize=256)
def pattern(written: str) -> Pattern:
    """Read a pattern, once."""
    return Pattern(written)


class _Flags:
    __slots__ = ("fold", "lazy", "lines", "newline")

    def __init__(self) -> None:
        self.fold = self.lines = self.newline = self.lazy = False

    def copy(self) -> _Flags:
        made = _Flags()
        made.fold, made.lines, made.newline, made.lazy = self.fold, self.lines, self.newline, self.lazy
        return made


class _PatternReader:
    """Reads a pattern of Go's, and writes one of Python's."""

    def __init__(self, written: str) -> None:
        self.written = written
        self.at = 0
        self.names: list[str] = [""]
        self.loops = False
        self.has_properties = False
        self.level = 0
        self.repeats = 1
        """How often what was read of this part is repeated at most."""

    def whole(self) -> tuple[str, bool]:
        made, _ = self._alternatives(_Flags())
        if self.at < len(self.written):
            raise BuiltinFault("error parsing regexp: unexpected )")
        return made, self.loops

    def _peek(self) -> str:
        return self.written[self.at : self.at + 1]

    def _take(self) -> str:
        if self.at >= len(self.written):
            raise BuiltinFault("error parsing regexp: it ends too early")
        self.at += 1
        return self.written[self.at - 1]

    def _alternatives(self, flags: _Flags) -> tuple[str, bool]:
        self.level += 1
        if self.level > _DEEPEST:
            raise UnsureFault("the pattern is nested too deeply")
        parts, nullable = [], False
        while True:
            made, empty = self._sequence(flags)
            parts.append(made)
            nullable |= empty
            if self._peek() != "|":
                break
            self.at += 1
        self.level -= 1
        return "|".join(parts), nullable

    def _sequence(self, flags: _Flags) -> tuple[str, bool]:
        made: list[str] = []
        nullable = True
        while (letter := self._peek()) and letter not in "|)":
            if letter in "*+?" or (not made and self._count() is not None):
                raise BuiltinFault(f"error parsing regexp: missing argument to repetition operator: `{letter}`")
            before, self.repeats = self.repeats, 1
            atom = self._atom(flags)
            if atom is None:
                self.repeats = before
                if self._peek() and self._peek() in "*+?{":
                    raise UnsureFault("a repetition stands behind flags in the pattern")
                continue
            body, empty = self._repeated(*atom, flags)
            self.repeats = max(before, self.repeats)
            made.append(body)
            nullable &= empty
        return "".join(made), nullable

    def _repeated(self, body: str, empty: bool, flags: _Flags) -> tuple[str, bool]:
        is_counted = self._peek() == "{"
        count = self._count()
        if count is None:
            return body, empty
        least, most = count
        if is_counted:
            self._repeat(least, most)
        lazy = flags.lazy
        if self._peek() == "?":
            self.at += 1
            lazy = not lazy
        start = self.at
        if (self._peek() in {"*", "+", "?"} and self._peek()) or self._count() is not None:
            raise BuiltinFault("error parsing regexp: invalid nested repetition operator")
        self.at = start
        self.loops |= empty and (most is None or most > 1)
        form = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get(count) or (
            f"{{{least}}}" if most == least else f"{{{least},{'' if most is None else most}}}"
        )
        return f"(?:{body}){form}{'?' if lazy else ''}", empty or least == 0

    def _repeat(self, least: int, most: int | None) -> None:
        """Bound counted repetitions in each other, as Go does: their counts multiplied are at most 1000."""
        self.repeats = self.repeats * max(least if most is None else most, 1) if most != 0 else 1
        if self.repeats > _MOST_REPEATS:
            raise BuiltinFault("error parsing regexp: invalid repeat count")
        if self.repeats * len(self.written) > _LARGEST:
            raise UnsureFault("the pattern has many counted repetitions")

    def _count(self) -> tuple[int, int | None] | None:
        letter = self._peek()
        if letter and letter in "*+?":
            self.at += 1
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[letter]
        found = re.compile(r"\{([0-9]+)(,?)([0-9]*)\}").match(self.written, self.at)
        if found is None:
            return None
        least = int(found[1])
        most = (int(found[3]) if found[3] else None) if found[2] else least
        if not found[2] and found[3]:
            return None
        if least > _MOST_REPEATS or (most is not None and (most > _MOST_REPEATS or most < least)):
            raise BuiltinFault("error parsing regexp: invalid repeat count")
        if any(len(one) > 1 and one[0] == "0" for one in (found[1], found[3])):
            return None
        self.at = found.end()
        return least, most

    def _atom(self, flags: _Flags) -> tuple[str, bool] | None:  # noqa: PLR0911  (a form each)
        letter = self._take()
        if letter == "(":
            return self._group(flags)
        if letter == "[":
            return self._class(flags), False
        if letter == ".":
            return ("(?s:.)" if flags.newline else "[^\\n]"), False
        if letter == "^":
            return ("(?m:^)" if flags.lines else "\\A"), True
        if letter == "$":
            return ("(?m:$)" if flags.lines else "\\Z"), True
        if letter == "\\":
            return self._escaped(flags)
        return self._literal(ord(letter), flags), False

    def _literal(self, code: int, flags: _Flags) -> str:
        return class_of([(code, code)], fold=True) if flags.fold else re.escape(chr(code))

    def _group(self, flags: _Flags) -> tuple[str, bool] | None:
        rest = self.written[self.at :]
        named = re.match(r"\?P?<([A-Za-z0-9_]+)>", rest)
        if named is not None:
            self.at += named.end()
            if named[1] in self.names:
                raise UnsureFault("two groups of the pattern have one name")
            self.names.append(named[1])
            return self._closed("(", flags)
        if not rest.startswith("?"):
            self.names.append("")
            return self._closed("(", flags)
        found = re.match(r"\?([imsU]*)(-[imsU]+)?([:)])", rest)
        if found is None:
            raise BuiltinFault("error parsing regexp: invalid or unsupported Perl syntax")
        if not found[1] and not found[2] and found[3] == ")":
            raise BuiltinFault("error parsing regexp: missing argument to repetition operator: `?`")
        self.at += found.end()
        inner = flags if found[3] == ")" else flags.copy()
        for letters, on in ((found[1], True), ((found[2] or "-")[1:], False)):
            for one in letters:
                setattr(inner, {"i": "fold", "m": "lines", "s": "newline", "U": "lazy"}[one], on)
        return None if found[3] == ")" else self._closed("(?:", inner)

    def _closed(self, opened: str, flags: _Flags) -> tuple[str, bool]:
        inner, empty = self._alternatives(flags.copy())
        if self._peek() != ")":
            raise BuiltinFault("error parsing regexp: missing closing )")
        self.at += 1
        return f"{opened}{inner})", empty

    def _escaped(self, flags: _Flags) -> tuple[str, bool]:  # noqa: PLR0911  (a form each)
        letter = self._take()
        if letter == "A":
            return "\\A", True
        if letter == "z":
            return "\\Z", True
        if letter == "b":
            return _BOUNDARY, True
        if letter == "B":
            return _NO_BOUNDARY, True
        if letter == "Q":
            end = self.written.find("\\E", self.at)
            quoted = self.written[self.at :] if end < 0 else self.written[self.at : end]
            self.at = len(self.written) if end < 0 else end + 2
            if len(quoted) != 1 and self._peek() and self._peek() in "*+?{":
                raise UnsureFault("a quoted text is repeated in a pattern")
            return "".join(self._literal(ord(one), flags) for one in quoted), not quoted
        ranges = self._class_escape(letter)
        if ranges is not None:
            return class_of(ranges, fold=flags.fold and letter in "pP"), False
        return self._literal(self._code(letter), flags), False

    def _class_escape(self, letter: str) -> Ranges | None:
        if letter in "dws":
            return PERL[letter]
        if letter in "DWS":
            return without(PERL[letter.lower()])
        if letter in "pP":
            found = of_property(self._property_name())
            self.has_properties = True
            return found if letter == "p" else without(found)
        return None

    def _property_name(self) -> str:
        letter = self._take()
        if letter != "{":
            return letter
        end = self.written.find("}", self.at)
        if end < 0:
            raise BuiltinFault("error parsing regexp: invalid character class range")
        name = self.written[self.at : end]
        self.at = end + 1
        return name

    def _code(self, letter: str) -> int:
        """The character that an escape stands for."""
        if letter in _CONTROLS:
            return _CONTROLS[letter]
        if letter in "01234567":
            return self._octal(letter)
        if letter == "x":
            return self._hexadecimal()
        if ord(letter) < 128 and not letter.isalnum() and letter != "_":
            return ord(letter)
        if letter == "_":
            return ord(letter)
        raise BuiltinFault(f"error parsing regexp: invalid escape sequence: `\\{letter}`")

    def _octal(self, letter: str) -> int:
        if letter != "0" and not (self._peek() and self._peek() in "01234567"):
            raise BuiltinFault(f"error parsing regexp: invalid escape sequence: `\\{letter}`")
        digits = letter
        while len(digits) < 3 and self._peek() and self._peek() in "01234567":
            digits += self._take()
        return int(digits, 8)

    def _hexadecimal(self) -> int:
        found = re.compile(r"\{([0-9A-Fa-f]{1,8})\}|([0-9A-Fa-f]{2})").match(self.written, self.at)
        if found is None or int(found[1] or found[2], 16) > LAST_LETTER:
            raise BuiltinFault("error parsing regexp: invalid escape sequence: `\\x`")
        self.at = found.end()
        return int(found[1] or found[2], 16)

    def _class(self, flags: _Flags) -> str:
        negated = self._peek() == "^"
        self.at += negated
        ranges: Ranges = []
        first = True
        while first or self._peek() != "]":
            first = False
            ranges += self._class_part()
        self.at += 1
        if flags.fold:
            ranges = folded(ranges)
        return class_of(without(ranges) if negated else ranges)

    def _class_part(self) -> Ranges:
        posix = re.compile(r"\[:(\^?)([a-z]+):\]").match(self.written, self.at)
        if posix is not None:
            if posix[2] not in POSIX:
                raise BuiltinFault("error parsing regexp: invalid character class range")
            self.at = posix.end()
            return without(POSIX[posix[2]]) if posix[1] else list(POSIX[posix[2]])
        if self._peek() == "\\":
            letter = self.written[self.at + 1 : self.at + 2]
            if letter and letter in "dwsDWSpP":
                self.at += 2
                return list(self._class_escape(letter) or ())
        low = self._class_letter()
        if self._peek() == "-" and self.written[self.at + 1 : self.at + 2] not in {"]", ""}:
            self.at += 1
            high = self._class_letter()
            if high < low:
                raise BuiltinFault("error parsing regexp: invalid character class range")
            return [(low, high)]
        return [(low, low)]

    def _class_letter(self) -> int:
        letter = self._take()
        return self._code(self._take()) if letter == "\\" else ord(letter)

"""Patterns as Go's `regexp` reads them, and globs. Each is written again for Python's `re`, form by form."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from changegate.rego.normal.builtins.registry import BuiltinFault, UnsureFault, builtin, small, text, wrong
from changegate.rego.normal.values import boolean

if TYPE_CHECKING:
    from collections.abc import Iterator

Ranges = list[tuple[int, int]]
_LAST = 0x10FFFF
_DIGIT: Ranges = [(48, 57)]
_WORD: Ranges = [(48, 57), (65, 90), (95, 95), (97, 122)]
_SPACE: Ranges = [(9, 10), (12, 13), (32, 32)]
_PERL = {"d": _DIGIT, "w": _WORD, "s": _SPACE}
_POSIX: dict[str, Ranges] = {
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
        return _written([(code, code)], fold=True) if flags.fold else re.escape(chr(code))

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
            return _written(ranges, fold=flags.fold and letter in "pP"), False
        return self._literal(self._code(letter), flags), False

    def _class_escape(self, letter: str) -> Ranges | None:
        if letter in "dws":
            return _PERL[letter]
        if letter in "DWS":
            return _without(_PERL[letter.lower()])
        if letter in "pP":
            found = _property(self._property_name())
            self.has_properties = True
            return found if letter == "p" else _without(found)
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
        if found is None or int(found[1] or found[2], 16) > _LAST:
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
            ranges = _folded(ranges)
        return _written(_without(ranges) if negated else ranges)

    def _class_part(self) -> Ranges:
        posix = re.compile(r"\[:(\^?)([a-z]+):\]").match(self.written, self.at)
        if posix is not None:
            if posix[2] not in _POSIX:
                raise BuiltinFault("error parsing regexp: invalid character class range")
            self.at = posix.end()
            return _without(_POSIX[posix[2]]) if posix[1] else list(_POSIX[posix[2]])
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


def _without(ranges: Ranges) -> Ranges:
    made, following = [], 0
    for low, high in sorted(ranges):
        if low > following:
            made.append((following, low - 1))
        following = max(following, high + 1)
    return [*made, (following, _LAST)] if following <= _LAST else made


_KELVIN, _LONG_S = 0x212A, 0x17F


def _folded(ranges: Ranges) -> Ranges:
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
        if high > 0x7F and not (low <= 0x80 and high == _LAST):
            raise UnsureFault("a pattern folds the case of letters that are not ASCII")
    return made


def _holds(low: int, high: int, letters: str) -> bool:
    return any(low <= ord(one) <= high for one in letters)


def _written(ranges: Ranges, *, fold: bool = False) -> str:
    if fold:
        ranges = _folded(ranges)
    if not ranges:
        return "(?!)"
    parts = (_escape(low) if low == high else f"{_escape(low)}-{_escape(high)}" for low, high in ranges)
    return f"[{''.join(parts)}]"


def _escape(code: int) -> str:
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


_CATEGORIES = frozenset(
    [
        "L",
        "M",
        "N",
        "P",
        "S",
        "Z",
        "C",
        "Lu",
        "Ll",
        "Lt",
        "Lm",
        "Lo",
        "Mn",
        "Mc",
        "Me",
        "Nd",
        "Nl",
        "No",
        "Pc",
        "Pd",
        "Ps",
        "Pe",
        "Pi",
        "Pf",
        "Po",
        "Sm",
        "Sc",
        "Sk",
        "So",
        "Zs",
        "Zl",
        "Zp",
        "Cc",
        "Cf",
    ]
)


@lru_cache(maxsize=64)
def _property(name: str) -> Ranges:
    import sys
    import unicodedata

    negated, plain = name.startswith("^"), name.removeprefix("^")
    if plain == "Any":
        return [] if negated else [(0, _LAST)]
    if plain not in _CATEGORIES or plain == "C":
        raise UnsureFault(f"the class `{name}` is not known here")
    made: Ranges = []
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code)).startswith(plain):
            if made and made[-1][1] == code - 1:
                made[-1] = (made[-1][0], code)
            else:
                made.append((code, code))
    return _without(made) if negated else made


# The builtins


PATTERN_AT = {
    "regex.match": 0,
    "regex.find_n": 0,
    "regex.find_all_string_submatch_n": 0,
    "regex.split": 0,
    "regex.replace": 1,
}
"""Builtin -> which of its operands is a pattern."""


@builtin("regex.match", 2)
def match(written: Any, value: Any) -> Any:
    """Whether a pattern is anywhere in a text."""
    form, subject = text(written, 1), text(value, 2)
    return boolean(pattern(form).matches(subject))


@builtin("regex.is_valid", 1)
def is_valid(written: Any) -> Any:
    """Whether a text is a pattern."""
    if type(written) is not str:
        return boolean(False)
    try:
        pattern(written)
    except UnsureFault:
        raise
    except BuiltinFault:
        return boolean(False)
    return boolean(True)


@builtin("regex.find_n", 3)
def find_n(written: Any, value: Any, most: Any) -> Any:
    """The first places of a pattern."""
    form, subject, wanted = text(written, 1), text(value, 2), small(most, 3)
    return tuple(found[0] for found in pattern(form).found(subject, wanted))


@builtin("regex.find_all_string_submatch_n", 3)
def find_groups(written: Any, value: Any, most: Any) -> Any:
    """The first places of a pattern, each with its groups."""
    form, subject, wanted = text(written, 1), text(value, 2), small(most, 3)
    return tuple((found[0], *(one or "" for one in found.groups())) for found in pattern(form).found(subject, wanted))


@builtin("regex.split", 2)
def split(written: Any, value: Any) -> Any:
    """The parts of a text between the places of a pattern."""
    form, subject = text(written, 1), text(value, 2)
    if form and not subject:
        pattern(form)
        return ("",)
    parts, begin, end = [], 0, 0
    for found in pattern(form).found(subject, -1):
        end = found.start()
        if found.end():
            parts.append(subject[begin:end])
        begin = found.end()
    if end != len(subject):
        parts.append(subject[begin:])
    return tuple(parts)


_TEMPLATE = re.compile(r"\$(?:\$|([A-Za-z0-9_]+)|\{([A-Za-z0-9_]+)\})")


@builtin("regex.replace", 3)
def replace(value: Any, written: Any, by: Any) -> Any:
    """A text with each place of a pattern replaced."""
    subject, form, template = text(value, 1), text(written, 2), text(by, 3)
    ready, made, at = pattern(form), [], 0
    for found in ready.found(subject, -1):
        made.append(subject[at : found.start()])
        made.append(_expanded(template, found, ready.names))
        at = found.end()
    return "".join([*made, subject[at:]])


def _expanded(template: str, found: re.Match[str], names: list[str]) -> str:
    def part(one: re.Match[str]) -> str:
        if one[0] == "$$":
            return "$"
        name = one[1] or one[2]
        if name.isdecimal():
            number = int(name)
            if len(name) > 1 and name[0] == "0":
                raise UnsureFault("a group's number begins with 0")
        else:
            number = names.index(name) if name in names[1:] else len(names)
        return (found[number] or "") if number < len(names) else ""

    return _TEMPLATE.sub(part, template)


@builtin("regex.template_match", 4)
def template_match(form: Any, value: Any, start: Any, end: Any) -> Any:
    """Whether a text is as a template says, with patterns between two characters."""
    template, subject, opens, closes = text(form, 1), text(value, 2), text(start, 3), text(end, 4)
    if len(opens.encode()) != 1 or len(closes.encode()) != 1:
        raise BuiltinFault("start delimiter has to be exactly one character long")
    made, at = [], 0
    while (begin := template.find(opens, at)) >= 0:
        stop = template.find(closes, begin + 1)
        inner = template[begin + 1 : stop]
        if stop < 0 or opens in inner or "(" in inner:
            raise UnsureFault("the template is nested")
        made += [_quote(template[at:begin]), f"({inner})"]
        at = stop + 1
    if closes in template[at:]:
        raise BuiltinFault("unbalanced braces")
    return boolean(pattern(f"^{''.join(made)}{_quote(template[at:])}$").matches(subject))


def _quote(value: str) -> str:
    return re.sub(r"[\\.+*?()|\[\]{}^$]", r"\\\g<0>", value)


# Globs


@builtin("glob.match", 3)
def glob_match(written: Any, delimiters: Any, value: Any) -> Any:
    """Whether a text is as a glob says."""
    form = text(written, 1)
    if delimiters is None:
        separators: tuple[str, ...] = ()
    elif type(delimiters) is tuple:
        if any(type(one) is not str or len(one) != 1 for one in delimiters):
            raise BuiltinFault("operand 2 must be an array of single characters")
        separators = delimiters or (".",)
    else:
        raise wrong(2, delimiters, "array", "null")
    return boolean(_glob(form, separators).fullmatch(text(value, 3)) is not None)


@lru_cache(maxsize=256)
def _glob(form: str, separators: tuple[str, ...]) -> re.Pattern[str]:  # noqa: PLR0912  (a letter each)
    other = f"[^{''.join(_escape(ord(one)) for one in separators)}]" if separators else "(?s:.)"
    made, at, level = [], 0, 0
    while at < len(form):
        letter = form[at]
        at += 1
        if letter == "*":
            stars = re.compile(r"\*+").match(form, at)
            at = stars.end() if stars else at
            made.append("(?s:.*)" if stars else f"{other}*")
        elif letter == "?":
            made.append(other)
        elif letter == "\\":
            if at >= len(form):
                raise UnsureFault("a glob ends with a backslash")
            made.append(re.escape(form[at]))
            at += 1
        elif letter == "[":
            found = re.compile(r"(!?)(?:(\w)-(\w)|(\w+))\]").match(form, at)
            if found is None or (found[2] and found[3] < found[2]):
                raise UnsureFault("a class of a glob is not known here")
            inner = f"{found[2]}-{found[3]}" if found[2] else re.escape(found[4])
            made.append(f"[{'^' if found[1] else ''}{inner}]")
            at = found.end()
        elif letter == "{":
            level += 1
            made.append("(?:")
            if level > 1 or form[at : at + 1] in {"}", ","}:
                raise UnsureFault("the alternatives of a glob are nested, or one is empty")
        elif letter == "}" and level:
            level -= 1
            made.append(")")
        elif letter == "," and level:
            if form[at : at + 1] in {"}", ","}:
                raise UnsureFault("an alternative of a glob is empty")
            made.append("|")
        elif letter in "]}":
            raise UnsureFault("a bracket of a glob was not opened")
        else:
            made.append(re.escape(letter))
    if level:
        raise BuiltinFault("the alternatives of a glob are not closed")
    return re.compile("".join(made))


@builtin("glob.quote_meta", 1)
def quote_meta(value: Any) -> Any:
    """A glob that is just this text."""
    return re.sub(r"[*?\\\[\]{}]", r"\\\g<0>", text(value))

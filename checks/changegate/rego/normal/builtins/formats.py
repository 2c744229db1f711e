"""`sprintf`, as Go's `fmt` writes numbers and texts."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from changegate.rego.normal.builtins.registry import UnsureFault, array, builtin, text
from changegate.rego.normal.values import Real, quoted, written

_VERB = re.compile(
    r"%(?P<flags>[+\-# 0]*)(?P<width>[0-9]*)(?:(?P<dot>\.)(?P<precision>[0-9]*))?(?P<verb>.|$)", re.DOTALL
)


@builtin("sprintf", 2)
def sprintf(form: Any, values: Any) -> Any:
    """A text with values put into it."""
    pattern, given = text(form, 1), [_argument(one) for one in array(values, 2)]
    made: list[str] = []
    at = used = 0
    for found in _VERB.finditer(pattern):
        made.append(pattern[at : found.start()])
        at = found.end()
        if found["verb"] in {"*", "["}:
            raise UnsureFault("widths and places that are values are not known")
        if not found["verb"]:
            made.append("%!(NOVERB)")
        elif found["verb"] == "%":
            made.append("%")
        elif used == len(given):
            made.append(f"%!{found['verb']}(MISSING)")
        else:
            made.append(_Formatted(found).of(given[used]))
            used += 1
    made.append(pattern[at:])
    if used < len(given):
        made.append(f"%!(EXTRA {', '.join(map(_typed, given[used:]))})")
    return "".join(made)


class _Big(int):
    """An integer beyond 64 bits."""


def _argument(value: Any) -> Any:
    if type(value) is int:
        return value if -(2**63) <= value < 2**63 else _Big(value)
    if type(value) is Real:
        if value.text == "-0":
            return 0
        return _float(value)
    return value if type(value) is str else written(value)


def _float(value: Any) -> Any:
    found = float(value)
    if found in {float("inf"), float("-inf")}:
        raise UnsureFault("a number is too large")
    return found


_TYPES = {int: "int64", _Big: "*big.Int", float: "float64", str: "string"}


def _typed(value: Any) -> str:
    if type(value) is _Big:
        raise UnsureFault("a huge number is given to a verb that is not for numbers")
    return f"{_TYPES[type(value)]}={_default(value)}"


def _default(value: Any) -> str:
    if isinstance(value, float):
        return _general(value, -1, "e")
    return str(value)


class _Formatted:
    """One verb with its flags."""

    def __init__(self, found: re.Match[str]) -> None:
        self.verb = found["verb"]
        self.flags = found["flags"]
        self.width = int(found["width"] or 0)
        self.precision = int(found["precision"] or 0) if found["dot"] else -1
        if self.width > 10_000 or self.precision > 10_000:
            raise UnsureFault("a width is huge")

    def of(self, value: Any) -> str:
        if self.verb == "T":
            return self._padded(_TYPES[type(value)])
        if type(value) is _Big:
            return self._big(value)
        if isinstance(value, int):
            return self._integer(value)
        if isinstance(value, float):
            return self._real(value)
        return self._text(value)

    def _big(self, value: int) -> str:
        if self.verb not in {"d", "v", "s"} or self.precision >= 0 or "#" in self.flags:
            raise UnsureFault("a huge number is written in another way than %d")
        return self._signed(str(abs(int(value))), value < 0)

    def _bad(self, value: Any) -> str:
        """A verb that is not for such a value: it is written as `%v` would with the same flags."""
        verb, self.verb = self.verb, "v"
        if "#" in self.flags:
            raise UnsureFault(f"`%#{verb}` is not known")
        return f"%!{verb}({_TYPES[type(value)]}={self.of(value)})"

    def _integer(self, value: int) -> str:
        if self.verb in {"d", "v"}:
            if self.verb == "v" and "#" in self.flags:
                raise UnsureFault("`%#v` is not known")
            return self._digits(value, "d", "")
        if self.verb in {"b", "o", "x", "X"}:
            prefix = {"b": "0b", "o": "0", "x": "0x", "X": "0X"}[self.verb] if "#" in self.flags else ""
            return self._digits(value, self.verb, prefix)
        if self.verb == "O":
            return self._digits(value, "o", "0o")
        if self.verb == "c":
            return self._padded(chr(value) if 0 <= value < 0x110000 and not 0xD800 <= value < 0xE000 else "\ufffd")
        if self.verb == "q":
            raise UnsureFault("`%q` of a number is not known")
        if self.verb == "U":
            raise UnsureFault("`%U` is not known")
        return self._bad(value)

    def _digits(self, value: int, base: str, prefix: str) -> str:
        digits = format(abs(value), base)
        if self.precision >= 0:
            digits = "" if self.precision == 0 and value == 0 else digits.rjust(self.precision, "0")
        elif "0" in self.flags and "-" not in self.flags:
            signs = bool(value < 0 or "+" in self.flags or " " in self.flags)
            digits = digits.rjust(self.width - signs, "0")
        return self._signed(prefix + digits, value < 0, zeros=False)

    def _signed(self, digits: str, negative: bool, *, zeros: bool = True) -> str:
        sign = "-" if negative else "+" if "+" in self.flags else " " if " " in self.flags else ""
        if zeros and "0" in self.flags and "-" not in self.flags:
            digits = digits.rjust(self.width - len(sign), "0")
        return self._padded(sign + digits, zeros=False)

    def _real(self, value: float) -> str:
        if "#" in self.flags:
            raise UnsureFault("`#` of a fraction is not known")
        verb = "g" if self.verb == "v" else self.verb
        size = abs(value)
        if verb in {"f", "F"}:
            digits = _fixed(size, 6 if self.precision < 0 else self.precision)
        elif verb in {"e", "E"}:
            digits = _exponential(size, 6 if self.precision < 0 else self.precision, verb)
        elif verb in {"g", "G"}:
            digits = _general(size, self.precision, "e" if verb == "g" else "E")
        else:
            if verb in {"b", "x", "X"}:
                raise UnsureFault(f"`%{verb}` of a fraction is not known")
            return self._bad(value)
        return self._signed(digits, str(value).startswith("-"))

    def _text(self, value: str) -> str:
        if self.verb in {"s", "v"}:
            if self.verb == "v" and "#" in self.flags:
                return self._padded(quoted(value))
            return self._padded(value[: self.precision] if self.precision >= 0 else value)
        if self.verb == "q":
            if "#" in self.flags or "+" in self.flags:
                raise UnsureFault("`%+q` and `%#q` are not known")
            return self._padded(quoted(value[: self.precision] if self.precision >= 0 else value))
        if self.verb in {"x", "X"}:
            if self.flags.strip("-0") or self.precision >= 0:
                raise UnsureFault("flags of `%x` are not known")
            digits = value.encode().hex()
            return self._padded(digits.upper() if self.verb == "X" else digits)
        return self._bad(value)

    def _padded(self, made: str, *, zeros: bool = True) -> str:
        if "-" in self.flags:
            return made.ljust(self.width)
        if zeros and "0" in self.flags and self.verb not in {"d", "v"}:
            return made.rjust(self.width, "0")
        if zeros and "0" in self.flags and len(made) < self.width:
            return made.rjust(self.width, "0")
        return made.rjust(self.width)


def _fixed(size: float, precision: int) -> str:
    return f"{Decimal(size).quantize(Decimal(1).scaleb(-precision), ROUND_HALF_EVEN, _CONTEXT):f}"


def _exponential(size: float, precision: int, letter: str) -> str:
    mantissa, _, exponent = f"{size:.{precision}e}".partition("e")
    return f"{mantissa}{letter}{exponent[0]}{exponent[1:].rjust(2, '0')}"


def _general(value: float, precision: int, letter: str) -> str:
    """`%g`: with the fewest digits that name the number, or so many."""
    sign, size = ("-", -value) if str(value).startswith("-") else ("", value)
    if not size:
        return f"{sign}0"
    shortest = precision < 0
    form = repr(size) if shortest else f"{size:.{max(precision, 1) - 1}e}"
    found = Decimal(form)
    _, figures, exponent = found.as_tuple()
    digits = "".join(map(str, figures)).rstrip("0") or "0"
    point = len(figures) + int(exponent)
    limit = 6 if shortest else max(precision, 1)
    if not shortest and limit > len(digits) >= point:
        limit = len(digits)
    power = point - 1
    if power < -4 or power >= limit:
        rest = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{rest}{letter}{'-' if power < 0 else '+'}{abs(power):02d}"
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    return f"{sign}{digits[:point].ljust(point, '0')}" + (f".{digits[point:]}" if digits[point:] else "")


def _context() -> Any:
    from decimal import Context

    return Context(prec=1200)


_CONTEXT = _context()

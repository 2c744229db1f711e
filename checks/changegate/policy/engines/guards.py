"""Builtins that the embedded engine calls here: where it would answer differently from OPA, these answer alike or not.

A guard takes the place of a builtin for policies that are not our own. It answers what OPA answers, for the arguments
for which that is certain, and raises for all others: an error is exit 2 with the policy's place, a silent difference
would be a wrong decision. `tests/parity` calls each on both engines.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import regorus

EXACT = 2**53
"""Up to here a double holds every integer."""


class DiffersError(ValueError):
    """The engines differ on these arguments."""


def install(engine: regorus.Engine) -> None:
    """Put the guards in the places of the builtins."""
    for name, (arguments, guard) in GUARDS.items():
        engine.add_extension(name, arguments, guard)


_ASTRAL = re.compile(r"\\u[dD][89abAB]|[\U00010000-\U0010ffff]")


def has_astral(text: str) -> bool:
    """Whether a text, or JSON as text, has characters beyond U+FFFF: `count` of those takes each for two."""
    return _ASTRAL.search(text) is not None


def count(value: Any) -> int:
    """`count`, which is guarded only where a text may have characters beyond U+FFFF.

    NOTE: a set of objects cannot be given to a guard: it is an error of the engine, and so is exit 2.
    """
    if not isinstance(value, (str, list, dict, set, frozenset)):
        raise DiffersError(f"count needs a collection or a text, and got {_kind(value)}")
    return len(value)


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise DiffersError(f"{name} needs a text, and got {_kind(value)}")
    return value


def _integer(value: Any, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise DiffersError(f"{name} needs an integer, and got {_kind(value)}: write `round(x)`")
    return _exact(value, name)


def _exact(value: int, name: str) -> int:
    if abs(value) > EXACT:
        raise DiffersError(f"{name} meets an integer above 2^53, which the engines keep differently")
    return value


def _number(value: Any, name: str) -> int | float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise DiffersError(f"{name} needs a number, and got {_kind(value)}")
    return _exact(value, name) if isinstance(value, int) else value


_KINDS = {str: "a text", bool: "a boolean", int: "an integer", float: "a fraction", list: "an array", dict: "an object"}


def _kind(value: Any) -> str:
    return "null" if value is None else _KINDS.get(type(value), "a set")


# texts


def lower(text: Any) -> str:
    """`lower`, character by character as Go maps them."""
    return _mapped(_text(text, "lower"), str.lower)


def upper(text: Any) -> str:
    """`upper`, character by character as Go maps them."""
    return _mapped(_text(text, "upper"), str.upper)


def _mapped(text: str, mapping: Callable[[str], str]) -> str:
    if text.isascii():
        return mapping(text)
    characters = [mapping(one) for one in text]
    if any(len(one) != 1 for one in characters):
        raise DiffersError("the case of a character is written with several, and the engines differ on those")
    return "".join(characters)


def replace(text: Any, old: Any, new: Any) -> str:
    """`replace` of a text that is not empty."""
    if not _text(old, "replace"):
        raise DiffersError("replace needs a text to look for")
    return _text(text, "replace").replace(old, _text(new, "replace"))


def indexof(text: Any, part: Any) -> int:
    """`indexof` of a text that is not empty."""
    if not _text(part, "indexof"):
        raise DiffersError("indexof needs a text to look for")
    return _text(text, "indexof").find(part)


def indexof_n(text: Any, part: Any) -> list[int]:
    """`indexof_n` of a text that is not empty: overlapping places, too."""
    if not _text(part, "indexof_n"):
        raise DiffersError("indexof_n needs a text to look for")
    return [place for place in range(len(_text(text, "indexof_n"))) if text.startswith(part, place)]


def substring(text: Any, offset: Any, length: Any) -> str:
    """`substring`; a negative length takes all that is left."""
    begin, taken = _integer(offset, "substring"), _integer(length, "substring")
    if begin < 0:
        raise DiffersError("substring begins before the text")
    whole = _text(text, "substring")
    return whole[begin:] if taken < 0 else whole[begin : begin + taken]


_FORMS = {2: "b", 8: "o", 10: "d", 16: "x"}


def format_int(value: Any, base: Any) -> str:
    """`format_int` of an integer."""
    if base not in _FORMS:
        raise DiffersError("format_int knows the bases 2, 8, 10 and 16")
    return format(_integer(value, "format_int"), _FORMS[base])


_VERB = re.compile(r"%(.?)", re.DOTALL)


def sprintf(form: Any, values: Any) -> str:
    """`sprintf` with %s for texts, %d for integers, %v for anything that both engines write alike."""
    if not isinstance(values, list):
        raise DiffersError("sprintf needs an array of values")
    left = list(values)

    def written(verb: re.Match[str]) -> str:
        if verb[1] == "%":
            return "%"
        if verb[1] not in _VERBS:
            raise DiffersError(f"sprintf: `%{verb[1]}` is none of %s, %d, %v")
        if not left:
            raise DiffersError("sprintf has more verbs than values")
        return _VERBS[verb[1]](left.pop(0))

    made = _VERB.sub(written, _text(form, "sprintf"))
    if left:
        raise DiffersError("sprintf has more values than verbs")
    return made


def _as_s(value: Any) -> str:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise DiffersError("sprintf: %s of a number: write %d, or %v")
    return _as_v(value)


def _as_d(value: Any) -> str:
    return str(_integer(value, "sprintf: %d"))


def _as_v(value: Any) -> str:
    return value if isinstance(value, str) else _term(value)


_VERBS = {"s": _as_s, "d": _as_d, "v": _as_v}


def _term(value: Any) -> str:
    """A value as Rego writes it."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (int, float)):
        return _plain(_number(value, "sprintf"))
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(_term, value)) + "]"
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return "{" + ", ".join(f"{_quoted(key)}: {_term(value[key])}" for key in _ordered(value)) + "}"
    raise DiffersError("sprintf of a set, or of an object with keys that are no texts: write it as an array")


def _ordered(keys: Any) -> list[str]:
    return sorted(keys, key=lambda key: key.encode("utf-8", "surrogatepass"))


def _plain(number: float) -> str:
    if isinstance(number, float) and not 1e-4 <= abs(number) < 1e15:
        raise DiffersError("a very small or large fraction, which the engines write differently")
    return repr(number)


_ESCAPES = str.maketrans({'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"})


def _quoted(text: str) -> str:
    escaped = text.translate(_ESCAPES)
    if not escaped.isprintable():
        raise DiffersError("sprintf of a collection with characters that are not printable")
    return f'"{escaped}"'


# numbers


def absolute(value: Any) -> int | float:
    """`abs`."""
    return abs(_number(value, "abs"))


def floor(value: Any) -> int:
    """`floor`, except just below 0, where OPA answers 0."""
    return _rounded(value, "floor", math.floor)


def ceil(value: Any) -> int:
    """`ceil`, except just below 0, where OPA answers 1."""
    return _rounded(value, "ceil", math.ceil)


def rounded(value: Any) -> int:
    """`round`: halves go away from 0."""
    return _rounded(
        value, "round", lambda one: int(math.copysign(math.floor(abs(Fraction(one)) + Fraction(1, 2)), one))
    )


def _rounded(value: Any, name: str, how: Callable[[float], int]) -> int:
    number = _number(value, name)
    if isinstance(number, int):
        return number
    if name != "round" and -1 < number < 0:
        raise DiffersError(f"{name} between -1 and 0, where the engines differ: write `round(x)`")
    return _exact(how(number), name)


def total(values: Any) -> int:
    """`sum` of integers in an array."""
    return _exact(sum(_integers(values, "sum")), "sum")


def product(values: Any) -> int:
    """`product` of integers in an array."""
    return _exact(math.prod(_integers(values, "product")), "product")


def _integers(values: Any, name: str) -> list[int]:
    if not isinstance(values, list):
        raise DiffersError(f"{name} needs an array; a set would count equal numbers once")
    return [_integer(value, name) for value in values]


_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?")
_DIGITS = 15


def to_number(value: Any) -> int | float:
    """`to_number` of plain decimals with as many digits as a double keeps."""
    if value is None or isinstance(value, bool):
        return int(value or 0)
    if isinstance(value, (int, float)):
        return _number(value, "to_number")
    found = _DECIMAL.fullmatch(_text(value, "to_number"))
    if not found:
        raise DiffersError("to_number needs a plain decimal number")
    if found[2] is None and found[3] is None:
        return _exact(int(value), "to_number")
    if sum(one.isdigit() for one in value.lstrip("-0.")) > _DIGITS:
        raise DiffersError(f"to_number of more than {_DIGITS} digits, which the engines round differently")
    return float(value)


# quantities, versions, times

_THOUSANDS = "KMGTPE"
_UNITS = {
    "": Fraction(1),
    "m": Fraction(1, 1000),
    **{unit: Fraction(1000**power) for power, unit in enumerate(_THOUSANDS, 1)},
    **{unit + "i": Fraction(1024**power) for power, unit in enumerate(_THOUSANDS, 1)},
}
_BYTES = {
    name.lower(): size
    for unit, size in _UNITS.items()
    if unit != "m"
    for name in ({unit, unit + "B"} if unit else {unit})
}
_AMOUNT = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,9})?)([A-Za-z]*)")


def parse_units(text: Any) -> int | float:
    """`units.parse` of a plain amount: `10`, `0.5Gi`, `100m`."""
    amount = _amount(text, "units.parse", _UNITS)
    if amount.denominator == 1:
        return _exact(int(amount), "units.parse")
    if 1000 % amount.denominator:
        raise DiffersError("units.parse of parts below a thousandth")
    return float(amount)


def parse_bytes(text: Any) -> int:
    """`units.parse_bytes` of a plain amount that is a whole number of bytes."""
    amount = _amount(text, "units.parse_bytes", _BYTES, folded=True)
    if amount.denominator != 1:
        raise DiffersError("units.parse_bytes of a part of a byte")
    return _exact(int(amount), "units.parse_bytes")


def _amount(text: Any, name: str, units: dict[str, Fraction], *, folded: bool = False) -> Fraction:
    found = _AMOUNT.fullmatch(_text(text, name))
    unit = (found[2].lower() if folded else found[2]) if found else ""
    if not found or unit not in units:
        raise DiffersError(f"{name} needs an amount such as 10, 0.5Gi")
    return Fraction(found[1]) * units[unit]


_SEMVER = re.compile(
    r"(?:0|[1-9][0-9]{0,17})\.(?:0|[1-9][0-9]{0,17})\.(?:0|[1-9][0-9]{0,17})"
    r"(?:-(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*))*)?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
_FRINGE = re.compile(r"v|.*[0-9]{19}", re.DOTALL)


def is_semver(text: Any) -> bool:
    """`semver.is_valid`, without a `v` in front, which OPA takes."""
    if not isinstance(text, str):
        return False
    if _FRINGE.match(text):
        raise DiffersError("semver.is_valid of a version with `v` in front, or with huge numbers: `trim_prefix` it")
    return _SEMVER.fullmatch(text) is not None


_RFC3339 = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9])(?:\.([0-9]{1,9}))?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parse_rfc3339(text: Any) -> int:
    """`time.parse_rfc3339_ns` of a time in the plain form, from 1970 on."""
    found = _RFC3339.fullmatch(_text(text, "time.parse_rfc3339_ns"))
    try:
        moment = datetime.fromisoformat(found[1] + found[3].replace("Z", "+00:00")) if found else None
    except ValueError:
        moment = None
    if found is None or moment is None or not _EPOCH <= moment < datetime(2262, 1, 1, tzinfo=UTC):
        raise DiffersError("time.parse_rfc3339_ns needs a time such as 2026-10-30T12:00:00Z")
    since = moment - _EPOCH
    return (since.days * 86400 + since.seconds) * 10**9 + int((found[2] or "").ljust(9, "0"))


def parse_json(text: Any) -> Any:
    """`json.unmarshal` of JSON whose numbers both engines keep."""
    import json

    def refuse(name: str) -> Any:
        raise DiffersError(f"json.unmarshal: {name} is no JSON")

    try:
        value = json.loads(
            _text(text, "json.unmarshal"), parse_constant=refuse, parse_int=_json_int, parse_float=_json_float
        )
        json.dumps(value, ensure_ascii=False).encode()  # NOTE: half a surrogate pair would crash the engine
    except (json.JSONDecodeError, RecursionError, UnicodeEncodeError):
        raise DiffersError("json.unmarshal: the text is no JSON") from None
    return value


def _json_int(text: str) -> int:
    return _exact(int(text), "json.unmarshal")


def _json_float(text: str) -> int | float:
    value = float(text)
    if not math.isfinite(value):
        raise DiffersError("json.unmarshal: a number is too large")
    return int(value) if value.is_integer() and abs(value) <= EXACT else value


GUARDS: dict[str, tuple[int, Callable[..., Any]]] = {
    "abs": (1, absolute),
    "ceil": (1, ceil),
    "floor": (1, floor),
    "format_int": (2, format_int),
    "indexof": (2, indexof),
    "indexof_n": (2, indexof_n),
    "json.unmarshal": (1, parse_json),
    "lower": (1, lower),
    "product": (1, product),
    "replace": (3, replace),
    "round": (1, rounded),
    "semver.is_valid": (1, is_semver),
    "sprintf": (2, sprintf),
    "substring": (3, substring),
    "sum": (1, total),
    "time.parse_rfc3339_ns": (1, parse_rfc3339),
    "to_number": (1, to_number),
    "units.parse": (1, parse_units),
    "units.parse_bytes": (1, parse_bytes),
    "upper": (1, upper),
}
"""Builtin -> how many arguments it takes, and what is called for it."""

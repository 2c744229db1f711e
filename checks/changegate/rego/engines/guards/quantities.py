"""Guards of builtins that read quantities, versions and times."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from changegate.rego.engines.guards.arguments import DiffersError, exact, text_of

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
        return exact(int(amount), "units.parse")
    if 1000 % amount.denominator:
        raise DiffersError("units.parse of parts below a thousandth")
    return float(amount)


def parse_bytes(text: Any) -> int:
    """`units.parse_bytes` of a plain amount that is a whole number of bytes."""
    amount = _amount(text, "units.parse_bytes", _BYTES, folded=True)
    if amount.denominator != 1:
        raise DiffersError("units.parse_bytes of a part of a byte")
    return exact(int(amount), "units.parse_bytes")


def _amount(text: Any, name: str, units: dict[str, Fraction], *, folded: bool = False) -> Fraction:
    found = _AMOUNT.fullmatch(text_of(text, name))
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
    found = _RFC3339.fullmatch(text_of(text, "time.parse_rfc3339_ns"))
    try:
        moment = datetime.fromisoformat(found[1] + found[3].replace("Z", "+00:00")) if found else None
    except ValueError:
        moment = None
    if found is None or moment is None or not _EPOCH <= moment < datetime(2262, 1, 1, tzinfo=UTC):
        raise DiffersError("time.parse_rfc3339_ns needs a time such as 2026-10-30T12:00:00Z")
    since = moment - _EPOCH
    return (since.days * 86400 + since.seconds) * 10**9 + int((found[2] or "").ljust(9, "0"))

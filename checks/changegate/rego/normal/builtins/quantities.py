"""Versions and amounts."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from changegate.rego.normal.builtins.registry import BuiltinFault, UnsureFault, builtin, text
from changegate.rego.normal.numbers import rounded
from changegate.rego.normal.values import Real, boolean

_IDENTIFIERS = re.compile(r"[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*")
Version = tuple[int, int, int, str]


def _version(value: str) -> Version:
    plain, plus, build = value.removeprefix("v").partition("+")
    if plus and not _IDENTIFIERS.fullmatch(build):
        raise BuiltinFault(f"{value[:60]} is not a valid SemVer")
    core, dash, before = plain.partition("-")
    if dash and (not _IDENTIFIERS.fullmatch(before) or any(map(_has_zero, before.split(".")))):
        raise BuiltinFault(f"{value[:60]} is not a valid SemVer")
    parts = core.split(".")
    if len(parts) != 3 or not all(re.fullmatch(r"0|[1-9][0-9]*", one) and int(one) < 2**63 for one in parts):
        raise BuiltinFault(f"{value[:60]} is not a valid SemVer")
    major, minor, patch = map(int, parts)
    return major, minor, patch, before


def _has_zero(part: str) -> bool:
    return len(part) > 1 and part[0] == "0" and re.fullmatch(r"[0-9]+", part) is not None


@builtin("semver.is_valid", 1)
def is_version(value: Any) -> Any:
    """Whether it is a version."""
    if type(value) is not str:
        return boolean(False)
    try:
        _version(value)
    except BuiltinFault:
        return boolean(False)
    return boolean(True)


@builtin("semver.compare", 2)
def compare(left: Any, right: Any) -> Any:
    """-1, 0 or 1."""
    one, other = text(left, 1), text(right, 2)
    return _compared(_version(one), _version(other))


def _compared(one: Version, other: Version) -> int:
    if one[:3] != other[:3]:
        return 1 if one[:3] > other[:3] else -1
    if one[3] == other[3]:
        return 0
    if not one[3] or not other[3]:
        return 1 if not one[3] else -1
    ours, theirs = ([_identifier(part) for part in version[3].split(".")] for version in (one, other))
    return 1 if ours > theirs else -1


def _identifier(part: str) -> tuple[int, int, str]:
    return (0, int(part), "") if re.fullmatch(r"[0-9]+", part) else (1, 0, part)


_SIZES = {name: 1000**power for power, name in enumerate("kmgtpe", 1)}
_BINARY = {f"{name}i": 1024**power for power, name in enumerate("kmgtpe", 1)}
_BYTES = {"": 1, **_SIZES, **_BINARY, **{f"{name}b": size for name, size in (_SIZES | _BINARY).items()}}
_UNITS = {"": Fraction(1), "m": Fraction(0.001), "M": Fraction(10**6)}
_UNITS |= {name: Fraction(1000 ** ("kmgtpe".index(name.lower()) + 1)) for name in "kKgGtTpPeE"}
_UNITS |= {name + "i": Fraction(1024 ** ("kmgtpe".index(name.lower()) + 1)) for name in "kKmMgGtTpPeE"}
_AMOUNT = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)([A-Za-z]*)")


def _amount(value: str) -> tuple[str, str]:
    plain = value.replace('"', "")
    if " " in plain:
        raise BuiltinFault("spaces not allowed in resource strings")
    found = _AMOUNT.fullmatch(plain)
    if found is None:
        if re.match(r"[+-]|[0-9.]+[eE][0-9+-]", plain) or not plain.isascii():
            raise UnsureFault(f"{value[:40]!r} is no plain amount")
        raise BuiltinFault("no amount provided" if not plain[:1].isdigit() else "could not parse amount to a number")
    return found[1], found[2]


@builtin("units.parse_bytes", 1)
def parse_bytes(value: Any) -> Any:
    """The bytes that an amount such as `10KiB` is."""
    digits, unit = _amount(text(value).lower())
    if unit not in _BYTES:
        raise BuiltinFault(f"byte unit {unit} not recognized")
    return int(rounded(rounded(Fraction(digits)) * _BYTES[unit]))


@builtin("units.parse", 1)
def parse(value: Any) -> Any:
    """The number that an amount such as `100m` is."""
    digits, unit = _amount(text(value))
    unit = unit[:1] + unit[1:].lower()
    if unit not in _UNITS:
        raise BuiltinFault(f"unit {unit} not recognized")
    exact = Fraction(digits) * _UNITS[unit]
    if exact.denominator == 1:
        return int(exact)
    return Real(_ten_places(exact))


def _ten_places(exact: Fraction) -> str:
    scaled = exact * 10**10
    whole = int(scaled + Fraction(1, 2))
    return f"{whole // 10**10}.{whole % 10**10:010d}"

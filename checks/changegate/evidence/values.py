"""What a feature may hold, by its type, range and values: where two of them leave nothing, or deny each other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BOUNDS: dict[str, tuple[float, float]] = {
    **{f"int{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": (0, 2**bits - 1) for bits in (8, 16, 32, 64)},
    "float16": (-65504, 65504),
}
"""Type -> the least and the greatest value that it holds."""
_UNORDERED = frozenset({"bool", "string", "binary", "json"})
_NUMBERS = frozenset({*_BOUNDS, "bfloat16", "float32", "float64"})
_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+")
_PROBABILITY = frozenset({"probability", "probabilities", "proba", "probas", "prob", "probs"})
_OTHER_SCALE = frozenset({"log", "logs", "logit", "percent", "percentage", "pct", "odds", "basis"})


class Denial(NamedTuple):
    """Two keys of a feature that exclude each other."""

    kind: str
    key: str
    against: str
    why: str


def denials(feature: Mapping[str, Any]) -> Iterator[Denial]:
    """Find what no value of a feature can be.

    Args:
        feature: An input or output of a manifest, or a feature of a contract, valid against its schema.
    """
    yield from _of_range(feature)
    yield from _of_values(feature)


def _of_range(feature: Mapping[str, Any]) -> Iterator[Denial]:
    if "range" not in feature:
        return
    (least, greatest), dtype = feature["range"], feature["dtype"]
    if least > greatest:
        yield Denial("range-upside-down", "range", "name", "the range ends before it begins")
    elif dtype in _UNORDERED:
        yield Denial("range-of-no-number", "range", "dtype", f"a range is of numbers, and {dtype} is none")
    elif dtype in _BOUNDS and not _BOUNDS[dtype][0] <= least <= greatest <= _BOUNDS[dtype][1]:
        yield Denial("range-beyond-type", "range", "dtype", f"{dtype} cannot hold all of the range")
    elif _is_probability(feature) and not 0 <= least <= greatest <= 1:
        yield Denial("probability-beyond-one", "range", "name", "a probability lies between 0 and 1")


def _is_probability(feature: Mapping[str, Any]) -> bool:
    words = {one.lower() for one in _WORDS.findall(feature["name"])}
    unit = str(feature.get("unit", ""))
    return bool(words & _PROBABILITY) and not words & _OTHER_SCALE and not re.search(r"%|percent|log", unit)


def _of_values(feature: Mapping[str, Any]) -> Iterator[Denial]:
    if "enum" not in feature:
        return
    values, dtype = feature["enum"], feature["dtype"]
    if not values:
        yield Denial("values-of-none", "enum", "dtype", "no value is allowed at all")
    elif not all(_fits(one, dtype) for one in values):
        yield Denial("values-of-another-type", "enum", "dtype", f"not every value is of the type {dtype}")
    elif "range" in feature and not all(_within(one, feature["range"]) for one in values):
        yield Denial("values-beyond-range", "enum", "range", "not every value lies within the range")


def _fits(value: str | float, dtype: str) -> bool:
    """Whether a value may be one of a type; JSON and tensors may hold anything, and 0 and 1 are booleans to many."""
    if dtype in _NUMBERS:
        return isinstance(value, int if "int" in dtype else int | float) and not isinstance(value, bool)
    if dtype == "bool":
        return value in (0, 1) and not isinstance(value, str)
    return dtype != "string" or isinstance(value, str)


def _within(value: str | float, bounds: list[float]) -> bool:
    return isinstance(value, str) or bounds[0] <= value <= bounds[1]

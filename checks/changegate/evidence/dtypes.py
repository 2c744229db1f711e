"""The lattice of types: what becomes of a value of one in a reader of another, whatever format named them.

Beside the types of a manifest it has those that other formats leave open (`OPEN`): a whole number of no stated width, a
number of no stated width, a decimal, text or bytes. What no format's words fit is `unknown`, which is like nothing, not
even like itself.
"""

from __future__ import annotations

from changegate.records import NamedTuple


class _Number(NamedTuple):
    """What a numeric type holds."""

    bits: int
    """Every whole number of so many bits is exact in it."""
    exponent: int
    """Every magnitude up to two to this power fits into it."""
    signed: bool = True
    whole: bool = False


_NUMBERS = {
    **{f"int{size}": _Number(size - 1, size - 1, whole=True) for size in (8, 16, 32, 64)},
    **{f"uint{size}": _Number(size, size, signed=False, whole=True) for size in (8, 16, 32, 64)},
    "float16": _Number(11, 15),
    "bfloat16": _Number(8, 127),
    "float32": _Number(24, 127),
    "float64": _Number(53, 1023),
}


UNKNOWN = "unknown"
"""The type of what has no counterpart."""

OPEN = {
    "integer": "a whole number of no stated width",
    "number": "a number of no stated width",
    "decimal": "a decimal number",
    "text": "text or bytes, which is not said",
    "list": "values one after the other, of no stated number",
    "time": "a time of day",
    "duration": "a span of time",
}
"""Types that other formats have beside those of a manifest."""

_INTO = {
    "integer": {"number": "widening", "decimal": "unsized", **dict.fromkeys(_NUMBERS, "lossy")},
    "number": {"decimal": "lossy"},
    "decimal": {"number": "widening", **dict.fromkeys(("float16", "bfloat16", "float32", "float64"), "lossy")},
    "text": {"string": "unsized", "binary": "unsized"},
    "string": {"text": "widening"},
    "binary": {"text": "widening"},
    "list": dict.fromkeys(("array", "tensor", "embedding"), "unsized"),
    **{one: {"list": "widening"} for one in ("array", "tensor", "embedding")},
}
"""Type -> what becomes of its values in others; nothing that is not here can be read."""
for _name, _held in _NUMBERS.items():
    _INTO.setdefault(_name, {}).update({"number": "widening", "decimal": "unsized" if _held.whole else "lossy"})
    if _held.whole:
        _INTO["integer"][_name] = "unsized"
        _INTO[_name]["integer"] = "widening"
    else:
        _INTO["number"][_name] = "unsized"


def conversion(given: str, read_as: str) -> str:
    """Say what becomes of values of the dtype `given` where they are read as another.

    Returns:
        `same`; `widening` where every value stays what it is (int32 → int64, float32 → float64); `lossy` where whole
        numbers are rounded (int64 in a float64, beyond 2⁵³) and decimals; `unsized` where they are of one kind, and
        the format does not say how wide; `unknown` where one of them is; `incompatible` for everything else.
    """
    if UNKNOWN in (given, read_as):
        return "unknown"
    if given == read_as:
        return "same"
    source, target = _NUMBERS.get(given), _NUMBERS.get(read_as)
    if source is None or target is None:
        return _INTO.get(given, {}).get(read_as, "incompatible")
    if (
        source.exponent > target.exponent
        or (source.signed and not target.signed)
        or (target.whole and not source.whole)
    ):
        return "incompatible"
    if source.bits <= target.bits:
        return "widening"
    return "lossy" if source.whole else "incompatible"

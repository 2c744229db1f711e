"""What becomes of a value of one dtype in a reader of another: exact, rounded, or not readable at all."""

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


def conversion(given: str, read_as: str) -> str:
    """Say what becomes of values of the dtype `given` where they are read as another.

    Returns:
        `same`; `widening` where every value stays what it is (int32 → int64, float32 → float64); `lossy` where whole
        numbers are rounded (int64 in a float64, beyond 2⁵³); `incompatible` for everything else.
    """
    if given == read_as:
        return "same"
    source, target = _NUMBERS.get(given), _NUMBERS.get(read_as)
    if source is None or target is None:
        return "incompatible"
    if (
        source.exponent > target.exponent
        or (source.signed and not target.signed)
        or (target.whole and not source.whole)
    ):
        return "incompatible"
    if source.bits <= target.bits:
        return "widening"
    return "lossy" if source.whole else "incompatible"

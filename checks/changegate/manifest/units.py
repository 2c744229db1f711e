"""Quantities as people write them, and as numbers: durations in seconds, memory in bytes, CPU in cores."""

from __future__ import annotations

import re
from functools import lru_cache

_DURATION = re.compile(r"(?:([0-9]{1,6})w)?(?:([0-9]{1,6})d)?(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,6})s)?")
_SECONDS = (604_800, 86_400, 3_600, 60, 1)
_QUANTITY = re.compile(r"([0-9]{1,16}(?:\.[0-9]{1,16})?)([A-Za-z]{0,2})")
_BYTES = {
    "": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "P": 10**15,
    "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "Pi": 2**50,
}  # fmt: skip


@lru_cache(maxsize=1024)
def seconds(text: str) -> int | None:
    """Read a duration such as `30m`, `1h30m`, `7d` or `2w`.

    Args:
        text: Whole numbers with the units w, d, h, m, s, each at most once and in that order.

    Returns:
        The duration in seconds, or None where the text is not a duration. `0s` is one; the empty text is not.
    """
    match = _DURATION.fullmatch(text)
    if match is None or not text:
        return None
    return sum(int(part) * unit for part, unit in zip(match.groups(), _SECONDS, strict=True) if part)


def size(text: str) -> int | None:
    """Read an amount of memory in Kubernetes' form, such as `8Gi`, `500M` or `1.5G`.

    Returns:
        Bytes, rounded down, or None where the text is not a quantity.
    """
    match = _QUANTITY.fullmatch(text)
    if match is None or match[2] not in _BYTES:
        return None
    whole, _, fraction = match[1].partition(".")
    scale: int = 10 ** len(fraction)
    return int(whole + fraction) * _BYTES[match[2]] // scale


def cores(text: str) -> float | None:
    """Read an amount of CPU in Kubernetes' form: `4`, `0.5` or `500m`.

    Returns:
        Cores, or None where the text is not a quantity.
    """
    match = _QUANTITY.fullmatch(text)
    if match is None or match[2] not in {"", "m"}:
        return None
    return float(match[1]) / (1000 if match[2] == "m" else 1)

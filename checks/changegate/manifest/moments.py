"""Moments, as seconds since the epoch: the one reader of RFC 3339."""

from __future__ import annotations

import re
from datetime import datetime

_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)


def moment(text: str) -> int | None:
    """Read an RFC 3339 time with its zone.

    Returns:
        Seconds since the epoch, UTC, rounded down; None where the text is no moment that exists.
    """
    if _MOMENT.fullmatch(text) is None:
        return None
    try:
        return int(datetime.fromisoformat(text).timestamp())
    except (ValueError, OverflowError):
        return None

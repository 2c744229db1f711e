"""Shows values to people: one line, cut where it is long, and what two values differ in."""

from __future__ import annotations

import json
from typing import Any

from changegate.escape import shorten

LONGEST = 160


def show(value: Any, limit: int = LONGEST) -> str:
    """Write a value on one line."""
    return shorten(json.dumps(value, ensure_ascii=False, sort_keys=True), limit)


def difference(left: Any, right: Any) -> list[str]:
    """Say in what two values differ, where that is shorter than both: list items, or keys."""
    if isinstance(left, list) and isinstance(right, list):
        return _sides("only left", [one for one in left if one not in right]) + _sides(
            "only right", [one for one in right if one not in left]
        )
    if isinstance(left, dict) and isinstance(right, dict):
        keys = sorted(key for key in left.keys() | right.keys() if left.get(key, _NONE) != right.get(key, _NONE))
        return [f"at {json.dumps(key)}: {_of(left, key)} and {_of(right, key)}" for key in keys[:5]]
    return []


_NONE = object()


def _of(value: dict[str, Any], key: str) -> str:
    return show(value[key], 60) if key in value else "nothing"


def _sides(said: str, items: list[Any]) -> list[str]:
    return [f"{said}: {', '.join(show(item, 80) for item in items[:5])}"] if items else []

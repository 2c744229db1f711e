"""Values as people type them into a file, and as a message shows them."""

from __future__ import annotations

import json
import re
from typing import Any

from changegate.manifest.scalars import NotANumber, is_ambiguous, resolve, shortened

_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._/@+-]|:(?=[^ ,\]}]))*")
_TYPE_NAMES = {
    bool: "true or false",
    int: "a number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "a mapping",
}
_END = 24
"""Characters of each end of a text that is cut in its middle."""


def typed(key: str, value: Any, *, json: bool = False) -> str:
    """Write a value under its key on one line, as it would be typed.

    Args:
        key: The key; empty for an item of a list.
        value: Plain JSON.
        json: Whether the file is JSON.
    """
    written = _json(value) if json else _yaml(value)
    if not key:
        return written
    return f"{_json(key)}: {written}" if json else f"{key}: {written}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _yaml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_yaml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_yaml, value)) + "]"
    return value if isinstance(value, str) and _is_plain(value) else _json(value)


def _is_plain(text: str) -> bool:
    """Whether a text needs no quotes, also to readers of YAML 1.1."""
    try:
        return _PLAIN.fullmatch(text) is not None and isinstance(resolve(text), str) and not is_ambiguous(text)
    except NotANumber:
        return False


def type_name(value: Any) -> str:
    """Say what a value is, in a sentence that goes on from "is"."""
    if value is None:
        return "empty"
    said = f" ({shown(value)})" if isinstance(value, (bool, int, float, str)) else ""
    return f"{_TYPE_NAMES[type(value)]}{said}"


def shown(value: Any, *, both_ends: bool = False) -> str:
    """A value for a message, as JSON, cut where it is long.

    Args:
        value: Plain JSON.
        both_ends: Whether the end matters: then a long text is cut in its middle.
    """
    text = _json(value)
    if both_ends and len(text) > 60:
        return f"{text[:_END]}…{text[-_END:]}"
    return shortened(text)

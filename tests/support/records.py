"""Changing one field of an immutable record, whether it is a named tuple or a frozen dataclass."""

from __future__ import annotations

import dataclasses
from typing import Any


def replace(record: Any, **changes: Any) -> Any:
    return record._replace(**changes) if hasattr(record, "_replace") else dataclasses.replace(record, **changes)


def names_of(kind: Any) -> tuple[str, ...]:
    """The fields of a kind of record."""
    return kind._fields if hasattr(kind, "_fields") else tuple(one.name for one in dataclasses.fields(kind))

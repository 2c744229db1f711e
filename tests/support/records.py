"""Changing one field of an immutable record."""

from __future__ import annotations

from typing import Any


def replace(record: Any, **changes: Any) -> Any:
    return record._replace(**changes)


def names_of(kind: Any) -> tuple[str, ...]:
    """The fields of a kind of record."""
    names: tuple[str, ...] = kind._fields
    return names

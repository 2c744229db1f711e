"""The report of a rollback drill: a JSON object that says when one was held, how long it took, how it ended."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from changegate.manifest.moments import moment
from changegate.numbers import number, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from changegate.evidence.files import File

_OUTCOMES = frozenset({"succeeded", "failed"})


class DrillError(Exception):
    """A drill report that cannot be right, and why."""


def read_drill(file: File, models: Sequence[str], now: int) -> dict[str, Any]:
    """Read a drill report.

    Args:
        file: The report, present.
        models: The names of the model that it must be about: its own, and the one that it had before.
        now: Seconds since the epoch; a drill cannot lie after it.

    Returns:
        `ageSeconds`, `durationSeconds` and `succeeded`.

    Raises:
        DrillError: The report is not JSON, lacks a field, is about another model, or comes from the future.
    """
    report = _parse(file.data)
    if report.get("model") not in models:
        raise DrillError(f"`model` is not {' or '.join(models)}")
    age = now - _moment(report.get("performedAt"))
    if age < 0:
        raise DrillError("`performedAt` lies in the future")
    took = number(report.get("durationSeconds"))
    if took is None or took < 0:
        raise DrillError("`durationSeconds` is not a number of seconds")
    if str(report.get("outcome")) not in _OUTCOMES:
        raise DrillError("`outcome` is neither succeeded nor failed")
    return {"ageSeconds": age, "durationSeconds": plain(took), "succeeded": report["outcome"] == "succeeded"}


def _parse(data: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        raise DrillError("it is not JSON with unique keys") from None
    if not isinstance(value, dict):
        raise DrillError("it is not a JSON object")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _moment(text: Any) -> int:
    """Seconds since the epoch of an RFC 3339 time with an offset."""
    at = moment(text) if isinstance(text, str) else None
    if at is None:
        raise DrillError("`performedAt` is not a time that exists, such as 2026-10-30T09:00:00Z")
    return at

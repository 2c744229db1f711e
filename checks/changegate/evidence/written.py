"""Reads a report back before it is written, as the gate will read it: what it would refuse is told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.errors import UsageError
from changegate.evidence.drill import DrillError, read_drill
from changegate.evidence.evaluation import measures_of
from changegate.evidence.fairness import grouped_of
from changegate.evidence.files import File
from changegate.evidence.metrics import read_metrics
from changegate.evidence.readers import KINDS
from changegate.evidence.reports import Report, parse_report
from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_back(kind: str, data: bytes, file: str, names: Mapping[str, Any]) -> str:
    """Read what is about to be written.

    Args:
        kind: `evaluation` or `fairness`.
        data: The whole file.
        file: Its path, for messages.
        names: `evaluation.metricNames` of the settings.

    Returns:
        The name of the format that it is read in.

    Raises:
        UsageError: The gate would refuse it.
    """
    report = Report((), "present", file=file, source="handed-in")
    try:
        found = parse_report(report, File("present", path=file, data=data), KINDS[kind])
        if found.status == "present" and kind == "evaluation":
            read_metrics(measures_of(found), names)
        elif found.status == "present":
            grouped_of(found)
    except Unsound as fault:
        raise UsageError(
            f"the gate would not read it: {fault}", hint="mend what was measured; nothing was written"
        ) from fault
    if found.status != "present":
        hint = "mend what was measured; nothing was written"
        raise UsageError(f"the gate would not read it: {found.reason}", hint=hint)
    return found.format


def read_drill_back(data: bytes, file: str, model: str, now: int) -> None:
    """Read the report of a drill that is about to be written.

    Raises:
        UsageError: The gate would refuse it.
    """
    try:
        read_drill(File("present", path=file, data=data), (model,), now)
    except DrillError as fault:
        raise UsageError(
            f"the gate would not read it: {fault}", hint="mend what is said; nothing was written"
        ) from fault

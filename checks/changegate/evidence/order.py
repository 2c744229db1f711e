"""Moments of a release's making: that each exists and is past, and that they are in the order in which things happen.

Data is taken, a model is trained on it, the model is evaluated. Nothing is judged here: a gap is a number of seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.memo import once
from changegate.evidence.readers import EVALUATION, FAIRNESS, reader_of
from changegate.evidence.reports import read_all
from changegate.manifest.moments import moment
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from changegate.evidence.collector import EvidenceRequest
    from changegate.evidence.metrics import Path
    from changegate.evidence.reports import Place, Report

_DATA = ("spec", "provenance", "trainingData")


class Event(NamedTuple):
    """Something that happened, where somebody says so."""

    name: str
    at: int
    """Seconds since the epoch."""
    place: Place


def snapshots(said: Mapping[str, Any], now: int) -> tuple[list[dict[str, Any]], list[Event]]:
    """The moments at which training data was taken.

    Returns:
        A fact for each that is stated (`past`, `future`, or `none`: no such moment exists), and those that are past.
    """
    facts, events = [], []
    for index, data in enumerate(said.get("trainingData", ())):
        if "snapshotAt" not in data:
            continue
        name, at = f"snapshotAt of {data['name']}", moment(str(data["snapshotAt"]))
        place = {"path": [*_DATA, index, "snapshotAt"]}
        facts.append(
            {"name": name, "status": "none" if at is None else "future" if at > now else "past", "place": place}
        )
        if at is not None and at <= now:
            events.append(Event(name, at, place))
    return facts, events


def measured(request: EvidenceRequest) -> list[Event]:
    """When the reports that can be read were made."""
    made = [(report, *_evaluated(report)) for report in _present(request, "evaluation", EVALUATION)]
    made += [(one, str(one.value["evaluatedAt"]), ("evaluatedAt",)) for one in _present(request, "fairness", FAIRNESS)]
    times = [(report, path, moment(said)) for report, said, path in made]
    return [
        Event(f"{path[-1]} of {report.file}", at, report.at(*path))
        for report, path, at in times
        if at is not None and at <= request.now
    ]


def _present(request: EvidenceRequest, section: str, formats: Mapping[str, str]) -> list[Report]:
    reports = read_all(request.release, section, request.files, formats)
    return [report for report in reports if report.status == "present"]


def _moment_of(value: Any) -> tuple[str, Path]:
    measures = reader_of(EVALUATION, value).read(value)
    return measures.evaluated, measures.paths["evaluated"]


_evaluated: Callable[[Report], tuple[str, Path]] = once(_moment_of)


def in_order(earlier: Sequence[Event], later: Iterable[Event], *, at_later: bool = False) -> list[dict[str, Any]]:
    """How long after the last of some events each other one was; a number below 0 says that it was before it.

    Args:
        earlier: Of these the last one counts.
        later: What has to come after it.
        at_later: Whether a finding stands at the later event, and not at the earlier one.
    """
    if not earlier:
        return []
    last = max(earlier, key=lambda event: event.at)
    gaps = [(event, event.at - last.at) for event in later]
    return [
        {
            "earlier": last.name,
            "later": event.name,
            "gapSeconds": gap,
            "behindSeconds": max(0, -gap),
            "place": (event if at_later else last).place,
        }
        for event, gap in gaps
    ]

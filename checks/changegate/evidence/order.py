"""Moments of a release's making: that each exists and is past, and that they are in the order in which things happen.

Data is taken, a model is trained on it, the model is evaluated. Nothing is judged here: a gap is a number of seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.about import place_of
from changegate.evidence.evaluation import measures_of
from changegate.evidence.fairness import grouped_of
from changegate.evidence.readers import EVALUATION, FAIRNESS
from changegate.evidence.reports import read_all
from changegate.evidence.unsound import Unsound
from changegate.manifest.moments import moment
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from changegate.evidence.about import About
    from changegate.evidence.collector import EvidenceRequest
    from changegate.evidence.groups import Grouped
    from changegate.evidence.metrics import Measures
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
    made: list[tuple[Report, Callable[[Report], Measures | Grouped]]] = [
        (report, measures_of) for report in _present(request, "evaluation", EVALUATION)
    ]
    made += [(report, grouped_of) for report in _present(request, "fairness", FAIRNESS)]
    found = [(report, about) for report, read in made if (about := _about(report, read)) and about.evaluated]
    times = [(report, about, moment(about.evaluated or "")) for report, about in found]
    return [
        Event(f"evaluatedAt of {report.file}", at, place_of(report, about, "evaluated"))
        for report, about, at in times
        if at is not None and at <= request.now
    ]


def _about(report: Report, read: Callable[[Report], Measures | Grouped]) -> About | None:
    """What a report is of; None where it contradicts itself, which is told elsewhere."""
    try:
        return read(report).about
    except Unsound:
        return None


def _present(request: EvidenceRequest, section: str, formats: Mapping[str, str]) -> list[Report]:
    reports = read_all(request.release, section, request.files, formats)
    return [report for report in reports if report.status == "present"]


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

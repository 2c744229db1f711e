"""What the base's settings ask to be covered, each item answered for itself: which groups, which metrics and slices.

An author names the attributes that he wants to be judged by; the base says which have to be there. A report of a part
of the population answers for nothing here: who was left out of it, nobody sees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.groups import by_attribute
from changegate.evidence.metric_table import known_metric, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from changegate.evidence.fairness import Fairness
    from changegate.evidence.groups import Group
    from changegate.evidence.metrics import Metric
    from changegate.evidence.reports import Place, Report


def required_groups(wanted: Sequence[Mapping[str, Any]], task: str, read_: Sequence[Fairness]) -> list[dict[str, Any]]:
    """Every attribute and group that has to be measured, and whether it is.

    Args:
        wanted: `fairness.requiredAttributes` of the settings.
        task: `spec.task` of the release.
        read_: The reports that can be read.
    """
    whole = [one for one in read_ if not one.grouped.about.filtered]
    return [fact for one in _of_task(wanted, task) for fact in _of_attribute(one, whole, read_)]


def _of_task(wanted: Sequence[Mapping[str, Any]], task: str) -> list[Mapping[str, Any]]:
    """What is asked of a task. Who states none, or says "other", is asked for all: it is no way around that."""
    return [one for one in wanted if task in {*one.get("tasks", (task,)), "unstated", "other"}]


def _of_attribute(
    wanted: Mapping[str, Any], whole: Sequence[Fairness], read_: Sequence[Fairness]
) -> Iterator[dict[str, Any]]:
    name = wanted["attribute"]
    found = [(one, by_attribute(one.groups)[name]) for one in whole if name in by_attribute(one.groups)]
    where: Place = {"path": ["spec", "fairness"]}
    if not found:
        part = next((one.grouped.about.filtered for one in read_ if name in by_attribute(one.groups)), "")
        said = f"{name} is measured on a part of the population alone ({part})" if part else f"{name} is not measured"
        yield {"item": name, "status": "not-there", "said": said, "place": where}
        return
    for group in wanted.get("groups", ()):
        yield _of_group(name, group, found)
    if not wanted.get("groups"):
        report, members = found[0]
        fewest = min((member.size or 0 for member in members), default=0)
        place = report.report.at(*members[0].path)
        yield {"item": name, "status": "measured", "sampleCount": fewest, "said": f"{name} is measured", "place": place}
    if "minimumKnownRatio" in wanted:
        yield _of_known(name, float(wanted["minimumKnownRatio"]), *found[0])


def _of_group(name: str, group: str, found: Sequence[tuple[Fairness, Sequence[Group]]]) -> dict[str, Any]:
    item = f"{group} of {name}"
    for report, members in found:
        for member in members:
            if member.name == group:
                counted = {} if member.size is None else {"sampleCount": member.size}
                said, place = f"{item} is measured", report.report.at(*member.path)
                return {"item": item, "status": "measured", **counted, "said": said, "place": place}
    report, members = found[0]
    said = f"{item} is left out: the report has {', '.join(one.name for one in members[:6])}"
    return {"item": item, "status": "left-out", "said": said, "place": report.report.at(*members[0].path)}


def _of_known(name: str, least: float, report: Fairness, members: Sequence[Group]) -> dict[str, Any]:
    """The share of people whose attribute is known: all that the groups have, of all that the report is about."""
    grouped, item = report.grouped, f"people whose {name} is known"
    total = grouped.totals[name][0] if name in grouped.totals else grouped.about.samples
    place = report.report.at(*members[0].path)
    if not total or any(member.size is None for member in members):
        said = f"nobody says of how many people the {name} is not known: state the `sampleCount` of the data set"
        return {"item": item, "status": "not-there", "said": said, "place": place}
    known = min(1.0, sum(member.size or 0 for member in members) / total)
    fact = {"item": item, "status": "measured", "knownRatio": round(known, 6), "minimumKnownRatio": least}
    return {**fact, "said": f"the {name} of {known:.3g} of the people is known", "place": place}


def required_metrics(
    wanted: Sequence[Mapping[str, Any]],
    task: str,
    measured: Sequence[tuple[Report, Sequence[Metric], int | None]],
    names: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """Every metric and slice that has to be measured, and whether it is.

    Args:
        wanted: `evaluation.requiredMetrics` of the settings.
        task: `spec.task` of the release.
        measured: The reports on the whole population, with their metrics and the number of samples of their data.
        names: `evaluation.metricNames` of the settings.
    """
    return [
        _of_metric(one["metric"], part, measured, names)
        for one in _of_task(wanted, task)
        for part in one.get("slices", ("",))
    ]


def _of_metric(
    name: str, part: str, measured: Sequence[tuple[Report, Sequence[Metric], int | None]], names: Mapping[str, Any]
) -> dict[str, Any]:
    known = known_metric(spelled(name), names)
    spellings = {name, spelled(name), *(known.spellings if known else ())}
    found = [
        (report, metric, whole)
        for report, metrics, whole in measured
        for metric in metrics
        if spellings & {metric.name, *metric.names}
    ]
    item = f"{name} of {part}" if part else name
    for report, metric, whole in found:
        if metric.slice == part:
            samples = metric.samples if metric.samples is not None else whole
            counted = {} if samples is None else {"sampleCount": samples}
            said, place = f"{item} is measured", report.at(*metric.stated.at("value"))
            return {"item": item, "slice": part, "status": "measured", **counted, "said": said, "place": place}
    status = "left-out" if found else "not-there"
    said = f"{item} is left out: {name} is measured, and not there" if found else f"{item} is not measured"
    return {"item": item, "slice": part, "status": status, "said": said, "place": {"path": ["spec", "evaluation"]}}

"""Whether a release treats groups of people alike: rates computed again from counts, each with its interval.

A report has one of the formats of `readers.FAIRNESS`. Every attribute of a report is compared by
itself: groups that were measured apart are never put together. A rate that nobody has is undefined, never 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence import binding
from changegate.evidence.collector import EvidenceRequest, Section
from changegate.evidence.groups import Group, by_attribute, check_sums, compared, distinct, relative, single
from changegate.evidence.intervals import Interval, apart, two_sided
from changegate.evidence.memo import Facts, once
from changegate.evidence.readers import FAIRNESS, format_of, reader_of
from changegate.evidence.reports import (
    Place,
    Report,
    beside,
    block,
    earlier,
    past,
    read_all,
    related_before,
    sound,
    summary,
)
from changegate.evidence.unsound import Unsound
from changegate.numbers import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

CONFIDENCE = 0.95
"""The confidence of every interval, unless the settings name another."""

_SELECTION = {"selection": "lesser"}
_ERRORS = {"truePositive": "lesser", "falsePositive": "greater"}

Read = tuple[Report, tuple[Group, ...]]

_groups: Callable[[Report], tuple[Group, ...]] = once(lambda value: distinct(reader_of(FAIRNESS, value).read(value)))
_FACTS, _DIFFERENCES = Facts(), Facts()


def collect(request: EvidenceRequest) -> Section:
    """Establish the facts of a release's fairness."""
    stated = request.release.get("spec", {}).get("fairness")
    confidence = float(request.settings.get("fairness", {}).get("confidence", CONFIDENCE))
    z = two_sided(confidence)
    reports, read_ = sound(
        read_all(request.release, "fairness", request.files, FAIRNESS),
        lambda report: _read(report, stated, request.now),
    )
    subjects = binding.subjects(request.release)
    comparison, compared_ = _comparison(request, read_, z)
    measured = [_measured(one, z) for one in read_]
    facts = {
        "block": block(stated),
        "confidenceRatio": plain(confidence),
        "artifacts": binding.coverage([report.value.get("model") for report, _ in read_], subjects),
        "reports": [_report(report, subjects, request.now) for report, _ in read_],
        "coverage": _coverage(stated, read_),
        **{key: [fact for one in measured for fact in one[key]] for key in ("groups", "selection", "errors")},
        "comparison": compared_,
    }
    return Section({**summary(reports, stated, "fairness report"), "comparison": comparison}, facts)


def _read(report: Report, stated: Mapping[str, Any], now: int) -> tuple[Group, ...]:
    """Check a report against the clock, itself and the format that the manifest says it has."""
    evaluated = past(report.value["evaluatedAt"], now, ("evaluatedAt",))
    collected = report.value.get("dataset", {}).get("collectedAt")
    place = ("dataset", "collectedAt")
    if collected is not None and past(collected, now, place) > evaluated:
        raise Unsound("`collectedAt` lies after `evaluatedAt`", place)
    said = stated["evidence"][report.reference[-1]].get("format")
    found = format_of(FAIRNESS, report.value)
    if said is not None and said != found:
        raise Unsound(f"it has the format {found}, and the manifest says {said}")
    groups = _groups(report)
    check_sums(groups, report.value.get("dataset", {}).get("sampleCount"))
    return groups


def _measured(one: Read, z: float) -> dict[str, Any]:
    """What a report says of its groups, whichever release names it."""
    report, groups = one
    return _FACTS.of(
        [report],
        z,
        lambda: {
            "groups": [_group(report, group, z) for group in groups],
            "selection": _compared(one, _SELECTION, z),
            "errors": _compared(one, _ERRORS, z),
        },
    )


def _report(report: Report, subjects: Sequence[binding.Artifact], now: int) -> dict[str, Any]:
    bound, model = binding.bound_to(report.value.get("model"), subjects), report.at("model")
    return {
        "file": report.file,
        "format": format_of(FAIRNESS, report.value),
        "ageSeconds": now - past(report.value["evaluatedAt"], now, ("evaluatedAt",)),
        "boundTo": bound,
        "places": {
            "model": model if bound else beside(model, binding.ARTIFACTS),
            "evaluatedAt": report.at("evaluatedAt"),
        },
    }


def _coverage(stated: Any, read_: Sequence[Read]) -> list[dict[str, Any]]:
    """Every protected attribute with the most groups that one report compares."""
    names = stated.get("protectedAttributes", ()) if isinstance(stated, dict) else ()
    return [
        {
            "name": name,
            "groupsCount": max((len(by_attribute(groups).get(name, ())) for _, groups in read_), default=0),
            "place": {"path": ["spec", "fairness", "protectedAttributes", index]},
        }
        for index, name in enumerate(names)
    ]


def _group(report: Report, group: Group, z: float) -> dict[str, Any]:
    return {
        "attribute": group.attribute,
        "group": group.name,
        "sampleCount": group.size,
        "positivesCount": group.counts["truePositive"][1],
        "negativesCount": group.counts["trueNegative"][1],
        "rates": single(group, z),
        "undefinedRates": [rate for rate in group.counts if group.share(rate) is None],
        "place": report.at(*group.path),
    }


def _compared(one: Read, rates: Mapping[str, str], z: float) -> list[dict[str, Any]]:
    """Compare rates over every attribute of a report, each with the end of the scale that is worse off."""
    report, groups = one
    return [
        {"attribute": name, "rate": rate, **_placed(report, members, compared(members, rate, z), worse)}
        for name, members in by_attribute(groups).items()
        for rate, worse in rates.items()
    ]


def _placed(report: Report, members: Sequence[Group], fact: dict[str, Any], worse: str) -> dict[str, Any]:
    """Say where a finding about either pair stands: at the group that is worse off, else at the first one."""
    paths = {group.name: group.path for group in members}
    if fact["status"] == "undefined":
        return {**fact, "place": report.at(*members[0].path)}
    surest, extremes = (report.at(*paths[fact[pair][worse]]) for pair in ("surest", "extremes"))
    return {**fact, "place": surest, "extremesPlace": extremes}


def _comparison(request: EvidenceRequest, read_: Sequence[Read], z: float) -> tuple[dict[str, Any], dict[str, Any]]:
    """Compare with the reports of the previous release, as they are at the base."""
    status, before = earlier(request, "fairness", FAIRNESS, _groups)
    if status["status"] != "present":
        return status, {"groups": [], "dropped": []}
    reports = [report for report, _ in (*read_, *before)]
    return status, _DIFFERENCES.of(reports, (len(before), z), lambda: _differences(read_, before, z))


def _differences(now: Sequence[Read], before: Sequence[Read], z: float) -> dict[str, Any]:
    """By how much each group's selection rate, as a share of the highest, fell; and the groups that are gone."""
    old: dict[tuple[str, str], list[tuple[Interval, list[dict[str, Any]]]]] = {}
    for report, group, share in _relative(before, z):
        entry = share, related_before(report, *group.path)
        old.setdefault((group.attribute, group.name), []).append(entry)
    measured = {(group.attribute, group.name) for _, groups in now for group in groups}
    return {
        "groups": [
            {**_fall(group, share, was), "place": _fallen(report.at(*group.path), share, was, beside_it)}
            for report, group, share in _relative(now, z)
            for was, beside_it in old.get((group.attribute, group.name), ())
        ],
        "dropped": [_gone(*key, old[key][0][1]) for key in sorted(set(old) - measured)],
    }


def _fallen(place: Place, share: Interval, was: Interval, before: list[dict[str, Any]]) -> Place:
    """The place of a group, and where it fell that of the group before."""
    return {**place, "related": before} if share.value < was.value else place


def _fall(group: Group, share: Interval, was: Interval) -> dict[str, Any]:
    fall = apart(share, was)
    said = f"the group {group.name} of {group.attribute} is selected {share.value:.3g} times as often as the highest"
    numbers = {
        "valueRatio": share.value,
        "previousRatio": was.value,
        "fallRatio": fall.value,
        "fallLowerRatio": fall.lower,
    }
    return {
        "attribute": group.attribute,
        "group": group.name,
        "said": f"{said}, and was {was.value:.3g} times",
        **{name: round(number, 6) for name, number in numbers.items()},
    }


def _gone(attribute: str, name: str, before: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "attribute": attribute,
        "group": name,
        "said": f"the group {name} of {attribute} is no longer measured",
        "place": {"path": ["spec", "fairness"], "related": before},
    }


def _relative(read_: Sequence[Read], z: float) -> Iterator[tuple[Report, Group, Interval]]:
    """Every group whose selection rate can be compared with the highest of its attribute."""
    for report, groups in read_:
        for members in by_attribute(groups).values():
            shares = relative(members, z)
            yield from ((report, group, shares[group.name]) for group in members if group.name in shares)

"""Whether a release treats groups of people alike: rates computed again from counts, each with its interval.

A report has one of the formats of `readers.FAIRNESS`. Every attribute of a report is compared by
itself: groups that were measured apart are never put together. A rate that nobody has is undefined, never 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence import binding
from changegate.evidence.about import bound_by, completed, place_of, times_of
from changegate.evidence.collector import EvidenceRequest, Section
from changegate.evidence.groups import (
    RATES,
    Group,
    Grouped,
    by_attribute,
    check_sums,
    compared,
    distinct,
    pairs_of,
    relative,
    single,
)
from changegate.evidence.intervals import Interval, apart, simultaneous, two_sided
from changegate.evidence.memo import Facts, once_read
from changegate.evidence.needed import needed_fact
from changegate.evidence.readers import FAIRNESS, read_report, reader_fact
from changegate.evidence.reports import (
    Place,
    Report,
    beside,
    block,
    earlier,
    read_all,
    related_before,
    sound,
    summary,
)
from changegate.evidence.required import required_groups
from changegate.evidence.unsound import Unsound
from changegate.numbers import plain
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

CONFIDENCE = 0.95
"""The confidence of every interval, unless the settings name another."""

FOUR_FIFTHS = 0.8
"""The least ratio of selection rates, unless the settings name another."""

_SELECTION = {"selection": "lesser"}
_ERRORS = {"truePositive": "lesser", "falsePositive": "greater"}

_grouped: Callable[[Report], Grouped] = once_read(lambda report: read_report(FAIRNESS, report.format, report.value))
_FACTS, _DIFFERENCES = Facts(), Facts()


class Fairness(NamedTuple):
    """A sound report, read."""

    report: Report
    grouped: Grouped
    evaluated: int | None
    """When it was made, in seconds since the epoch; None where nobody says."""

    @property
    def groups(self) -> tuple[Group, ...]:
        """Its groups."""
        return self.grouped.groups


class _Quantiles(NamedTuple):
    """The parameters of intervals: normal quantiles of a single rate, and of pairs that are looked at together."""

    single: float
    selection: float
    errors: float
    falls: float
    minimum: float
    """The least ratio of selection rates that is asked for: so many people tell on which side of it a ratio lies."""


def collect(request: EvidenceRequest) -> Section:
    """Establish the facts of a release's fairness."""
    stated = request.release.get("spec", {}).get("fairness")
    confidence = float(_settings(request).get("confidence", CONFIDENCE))
    reports, read_ = _sound(request.release, request, "head")
    subjects = binding.subjects(request.release)
    quantiles = _quantiles(read_, confidence, _minimum_ratio(request))
    comparison, compared_ = _comparison(request, read_, quantiles)
    measured = [_measured(one, quantiles) for one in read_]
    facts = {
        "block": block(stated),
        "confidenceRatio": plain(confidence),
        "artifacts": binding.coverage([one.grouped.about.model for one in read_], subjects),
        "reports": [_report(one, subjects, request.now) for one in read_],
        "coverage": _coverage(stated, [one for one in read_ if not one.grouped.about.filtered]),
        "required": required_groups(_settings(request).get("requiredAttributes", ()), _task(request), read_),
        **{key: [fact for one in measured for fact in one[key]] for key in ("groups", "selection", "errors")},
        "comparison": compared_,
    }
    return Section({**summary(reports, stated, "fairness report"), "comparison": comparison}, facts)


def _sound(
    release: Mapping[str, Any], request: EvidenceRequest, revision: str
) -> tuple[tuple[Report, ...], list[Fairness]]:
    reports, made = sound(
        read_all(release, "fairness", request.files, FAIRNESS, revision=revision),
        lambda report: _read(report, request.now),
    )
    return reports, [one for _, one in made]


def grouped_of(report: Report) -> Grouped:
    """What a report says, with what our own form around it and the manifest beside its path say of it.

    Raises:
        Unsound: It contradicts itself, or these.
    """
    said = _grouped(report)
    named = tuple(_named(group, report.stated.get("attributes")) for group in said.groups)
    return said._replace(about=completed(said.about, report), groups=distinct(named))


def _named(group: Group, attributes: Sequence[str] | None) -> Group:
    """A group with its attribute, which the manifest says where the report does not."""
    if group.attribute:
        if attributes is not None and group.attribute != ":".join(attributes):
            reason = f"the report is on {group.attribute}, and the manifest says {':'.join(attributes)}"
            raise Unsound(reason, ("attributes",), stated=True)
        return group
    if attributes is None:
        reason = "it does not say of which attribute its groups are: write `attributes: [sex]` beside its path"
        raise Unsound(reason, group.path)
    return group._replace(attribute=":".join(attributes))


def _settings(request: EvidenceRequest) -> Mapping[str, Any]:
    found: Mapping[str, Any] = request.settings.get("fairness", {})
    return found


def _task(request: EvidenceRequest) -> str:
    return str(request.release.get("spec", {}).get("task", "unstated"))


def _minimum_ratio(request: EvidenceRequest) -> float:
    return float(_settings(request).get("minimumSelectionRatio", FOUR_FIFTHS))


def _quantiles(read_: Sequence[Fairness], confidence: float, minimum: float) -> _Quantiles:
    """Pairs that one rule looks at together have intervals that hold together, over all attributes of all reports."""
    pairs = {
        rate: sum(pairs_of(one.groups, rate) for one in read_)
        for rate in ("selection", "truePositive", "falsePositive")
    }
    groups = sum(len(relative(some, 1.0)) - 1 for one in read_ for some in by_attribute(one.groups).values())
    return _Quantiles(
        two_sided(confidence),
        simultaneous(confidence, pairs["selection"]),
        simultaneous(confidence, pairs["truePositive"] + pairs["falsePositive"]),
        simultaneous(confidence, groups),
        minimum,
    )


def _read(report: Report, now: int) -> Fairness:
    """Check a report against the clock and itself."""
    said = grouped_of(report)
    evaluated, _ = times_of(said.about, now)
    check_sums(said.groups, said.about)
    return Fairness(report, said, evaluated)


def _measured(one: Fairness, z: _Quantiles) -> dict[str, Any]:
    """What a report says of its groups, whichever release names it."""
    return _FACTS.of(
        [one.report],
        (*z, *one.report.stated.get("attributes", ())),
        lambda: {
            "groups": _with_ratios(one, z.single),
            "selection": _selection(one, z),
            "errors": _compared(one, _ERRORS, z.errors, z.single),
        },
    )


def _with_ratios(one: Fairness, z: float) -> list[dict[str, Any]]:
    """Every group with its rates, and its selection rate as a share of the highest of its attribute."""
    shares = {name: relative(members, z) for name, members in by_attribute(one.groups).items()}
    return [{**_group(one.report, group, z), **_ratio(shares[group.attribute].get(group.name))} for group in one.groups]


def _ratio(found: Interval | None) -> dict[str, Any]:
    if found is None:
        return {}
    names = ("valueRatio", "lowerRatio", "upperRatio")
    return {"relative": {name: round(number, 6) for name, number in zip(names, found[:3], strict=True)}}


def _report(one: Fairness, subjects: Sequence[binding.Artifact], now: int) -> dict[str, Any]:
    report, about = one.report, one.grouped.about
    bound, model = binding.bound_to(about.model, subjects), place_of(one.report, about, "model")
    return {
        "file": report.file,
        "format": report.format,
        "reader": reader_fact(FAIRNESS, report.format),
        **({} if one.evaluated is None else {"ageSeconds": now - one.evaluated}),
        "boundTo": bound,
        "boundBy": bound_by(about),
        **({"filteredTo": about.filtered} if about.filtered else {}),
        "recomputed": all(group.recomputed for group in one.groups),
        "places": {
            "model": model if bound else beside(model, binding.ARTIFACTS),
            "evaluatedAt": place_of(report, about, "evaluated"),
        },
    }


def _coverage(stated: Any, read_: Sequence[Fairness]) -> list[dict[str, Any]]:
    """Every protected attribute with the most groups that one report compares."""
    names = stated.get("protectedAttributes", ()) if isinstance(stated, dict) else ()
    return [
        {
            "name": name,
            "groupsCount": max((len(by_attribute(one.groups).get(name, ())) for one in read_), default=0),
            "place": {"path": ["spec", "fairness", "protectedAttributes", index]},
        }
        for index, name in enumerate(names)
    ]


def _group(report: Report, group: Group, z: float) -> dict[str, Any]:
    labels = {"positivesCount": "truePositive", "negativesCount": "trueNegative"}
    return {
        "attribute": group.attribute,
        "group": group.name,
        **({} if group.size is None else {"sampleCount": group.size}),
        **{key: group.counts[rate][1] for key, rate in labels.items() if rate in group.counts},
        "basis": "counts" if group.recomputed else "rates",
        "rates": single(group, z),
        "undefinedRates": [rate for rate in RATES if group.share(rate) is None],
        "place": report.at(*group.path),
    }


def _selection(one: Fairness, z: _Quantiles) -> list[dict[str, Any]]:
    """Compare selection rates, and say how many more people it takes to tell what the data cannot."""
    groups = by_attribute(one.groups)
    found = _compared(one, _SELECTION, z.selection, z.single)
    known = (fact for fact in found if fact["status"] == "known")
    for fact in known:
        fact["needed"] = _needed(groups[fact["attribute"]], fact["weakest"], z)
    return found


def _needed(members: Sequence[Group], weakest: Mapping[str, Any], z: _Quantiles) -> dict[str, Any]:
    """That it keeps the minimum a pair shows by itself; that it breaks it, together with the others."""
    quantile = z.single if weakest["valueRatio"] >= z.minimum else z.selection
    return needed_fact(members, (weakest["lesser"], weakest["greater"]), z.minimum, quantile)


def _compared(one: Fairness, rates: Mapping[str, str], z: float, single: float) -> list[dict[str, Any]]:
    """Compare rates over every attribute of a report, each with the end of the scale that is worse off."""
    report, groups = one.report, one.groups
    return [
        {"attribute": name, "rate": rate, **_placed(report, members, compared(members, rate, z, single), worse)}
        for name, members in by_attribute(groups).items()
        for rate, worse in rates.items()
    ]


def _placed(report: Report, members: Sequence[Group], fact: dict[str, Any], worse: str) -> dict[str, Any]:
    """Say where a finding about either pair stands: at the group that is worse off, else at the first one."""
    paths = {group.name: group.path for group in members}
    if fact["status"] == "undefined":
        return {**fact, "place": report.at(*members[0].path)}
    surest, extremes, weakest = (report.at(*paths[fact[pair][worse]]) for pair in ("surest", "extremes", "weakest"))
    return {**fact, "place": surest, "extremesPlace": extremes, "weakestPlace": weakest}


def _comparison(
    request: EvidenceRequest, read_: Sequence[Fairness], z: _Quantiles
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Compare with the reports of the previous release, as they are at the base."""
    status, found = earlier(request, "fairness", FAIRNESS, lambda report: _read(report, request.now))
    before = [one for _, one in found]
    if status["status"] != "present":
        return status, {"groups": [], "dropped": []}
    reports = [one.report for one in (*read_, *before)]
    attributes = tuple(tuple(one.stated.get("attributes", ())) for one in reports)
    return status, _DIFFERENCES.of(
        reports, (len(before), z.falls, attributes), lambda: _differences(read_, before, z.falls)
    )


def _differences(now: Sequence[Fairness], before: Sequence[Fairness], z: float) -> dict[str, Any]:
    """By how much each group's selection rate, as a share of the highest, fell; and the groups that are gone."""
    old: dict[tuple[str, str], list[tuple[Interval, list[dict[str, Any]]]]] = {}
    for report, group, share in _relative(before, z):
        entry = share, related_before(report, *group.path)
        old.setdefault((group.attribute, group.name), []).append(entry)
    measured = {(group.attribute, group.name) for one in now for group in one.groups}
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


def _relative(read_: Sequence[Fairness], z: float) -> Iterator[tuple[Report, Group, Interval]]:
    """Every group whose selection rate can be compared with the highest of its attribute."""
    for report, grouped, _ in read_:
        for members in by_attribute(grouped.groups).values():
            shares = relative(members, z)
            yield from ((report, group, shares[group.name]) for group in members if group.name in shares)

"""What changes for users, in numbers: read from the facts of a release, for people. No rule sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.numbers import number
from changegate.verdict import Measure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def measures_of(facts: Mapping[str, Any]) -> tuple[Measure, ...]:
    """Collect a release's measures: metrics, selection ratios, latency, sizes, cost.

    Args:
        facts: `input.facts` of a release; what is missing there is left out here.
    """
    evaluation = facts.get("evaluation", {})
    return (
        *_metrics(evaluation),
        *_selection(facts.get("fairness", {})),
        *_latency(evaluation),
        *_sizes(facts.get("artifacts", {})),
        *_cost(facts.get("cost", {})),
    )


def groups_of(facts: Mapping[str, Any]) -> tuple[Measure, ...]:
    """The selection rate of each group of people, as a share of the highest of its attribute, with its interval.

    Args:
        facts: `input.facts` of a release.
    """
    fairness = facts.get("fairness", {})
    compared = fairness.get("comparison", {}).get("groups", ())
    before = {(one["attribute"], one["group"]): number(one.get("previousRatio")) for one in compared}
    return tuple(
        Measure(
            "group", _group(one), number(found.get("valueRatio")), before.get((one["attribute"], one["group"])),
            interval=_pair(found.get("lowerRatio"), found.get("upperRatio")), more_is_better=True, unit="ratio",
        )
        for one in fairness.get("groups", ())
        for found in [one.get("relative", {})]
    )  # fmt: skip


def _group(one: Mapping[str, Any]) -> str:
    count = one.get("sampleCount")
    people = "" if count is None else f", {count:,} people"
    return f"{one['group']} ({one['attribute']}{people})"


def _metrics(evaluation: Mapping[str, Any]) -> Iterator[Measure]:
    """Those that both reports have with both values, then the new ones, then those that are gone."""
    comparison = evaluation.get("comparison", {})
    both = comparison.get("metrics", ())
    for one in both:
        now, before = _bounds(one, "interval"), _bounds(one, "previousInterval")
        better = one["higherIsBetter"] if one.get("sameDirection") else None
        values = number(one["value"]), number(one["previousValue"])
        yield Measure("metric", one["label"], *values, now, before, more_is_better=better)
    compared = {(one["name"], one["slice"]) for one in both}
    for one in evaluation.get("metrics", ()):
        if (one["name"], one["slice"]) not in compared:
            label = " of ".join(filter(None, (one["name"], one["slice"])))
            yield Measure("metric", label, number(one["value"]), interval=_bounds(one, "interval"))
    for label in comparison.get("dropped", ()):
        yield Measure("metric", label, None)


def _selection(fairness: Mapping[str, Any]) -> Iterator[Measure]:
    """Of each attribute the smallest selection rate as a share of the largest, with its interval."""
    groups = fairness.get("comparison", {}).get("groups", ())
    before = {(one["attribute"], one["group"]): number(one.get("previousRatio")) for one in groups}
    for one in fairness.get("selection", ()):
        found = one.get("extremes", {})
        value = number(found.get("valueRatio"))
        if value is not None:
            was = before.get((one["attribute"], found["lesser"]))
            name = f"selection of {found['lesser']} beside {found['greater']} ({one['attribute']})"
            bounds = _pair(found.get("lowerRatio"), found.get("upperRatio"))
            yield Measure("selection", name, value, was, interval=bounds, more_is_better=True, unit="ratio")


def _latency(evaluation: Mapping[str, Any]) -> Iterator[Measure]:
    """Of each objective the slowest measure that speaks of it, and the slowest of that percentile before."""
    before = evaluation.get("comparison", {}).get("latency", ())
    for one in evaluation.get("latency", ()):
        if one.get("measured"):
            earlier = [number(was["valueMs"]) for was in before if was["percentile"] == one["percentile"]]
            known = [value for value in earlier if value is not None]
            name = f"{one['name']} (P{one['percentile']:g})"
            yield Measure("latency", name, number(one["valueMs"]), max(known, default=None), more_is_better=False,
                          unit="ms", limit=number(one["thresholdMs"]))  # fmt: skip


def _sizes(artifacts: Mapping[str, Any]) -> Iterator[Measure]:
    for one in artifacts.get("artifacts", ()):
        size = number(one.get("size", {}).get("bytes"))
        if size is not None:
            before = number(one.get("growth", {}).get("previousBytes"))
            yield Measure("size", str(one["name"]), size, before, more_is_better=False, unit="bytes")


def _cost(cost: Mapping[str, Any]) -> Iterator[Measure]:
    per_thousand = number(cost.get("perThousandInferences"))
    if per_thousand is not None:
        before = number(cost.get("previousPerThousandInferences"))
        yield Measure("cost", "cost per 1000 inferences", per_thousand, before, more_is_better=False, unit="money")
    weekly = number(cost.get("weeklyCost"))
    if weekly is not None:
        limit = number(cost.get("weeklyBudget")) if cost.get("budgetStated") else None
        yield Measure(
            "cost", "cost of a week at the declared traffic", weekly, more_is_better=False, unit="money", limit=limit
        )


def _bounds(one: Mapping[str, Any], key: str) -> tuple[float, float] | None:
    stated = one.get(key)
    return None if stated is None else _pair(stated.get("lower"), stated.get("upper"))


def _pair(lower: Any, upper: Any) -> tuple[float, float] | None:
    low, high = number(lower), number(upper)
    return None if low is None or high is None else (low, high)

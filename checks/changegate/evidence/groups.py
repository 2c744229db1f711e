"""Groups of people in a fairness report: their counts, and how the rates of two groups compare."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import TYPE_CHECKING, Any

from changegate.evidence.intervals import Interval, Share, difference, ratio, wilson
from changegate.evidence.unsound import Unsound
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from changegate.evidence.about import About


_Pair = tuple[Interval, "Group", "Group"]
_Measure = Callable[[Share, Share, float], "Interval | None"]
RATES = ("selection", "truePositive", "trueNegative", "falsePositive")
"""The rates of a group that are compared and shown."""


class Measured(NamedTuple):
    """One measure of a group that is no rate of these: an error, a calibration, an exposure, a share of answers."""

    name: str
    """As in the table of metrics."""
    value: float
    samples: int | None
    """On how many it was measured; None where the report does not say."""
    deviation: float | None
    """The standard deviation of what was averaged, where the report says it."""
    path: tuple[str | int, ...]


class Group(NamedTuple):
    """What a report says of one group of one attribute."""

    attribute: str
    name: str
    path: tuple[str | int, ...]
    """Where its name stands in the report."""
    size: int | None
    """How many there are; None where the report does not say."""
    counts: Mapping[str, tuple[int, int]]
    """Rates as so many of so many, by their names in `RATES`; of nobody there is no rate."""
    rates: Mapping[str, float] = {}
    """Rates of which only the value is known."""
    recomputed: bool = True
    """Whether the report holds counts; else they were made of its rates and numbers of people."""
    measures: tuple[Measured, ...] = ()

    def share(self, rate: str) -> Share | None:
        """A rate by its name in `RATES`, or None where it is undefined or nobody knows of how many it is."""
        count, size = self.counts.get(rate, (0, 0))
        return Share(count, size) if size else None

    def why_none(self, rate: str) -> str:
        """Why it has no such share."""
        return _NOBODY[rate] if rate in self.counts else f"the report does not say {_UNCOUNTED[rate]}"


class Grouped(NamedTuple):
    """What a fairness report says, whichever format it has."""

    about: About
    groups: tuple[Group, ...]
    totals: Mapping[str, tuple[int, tuple[str | int, ...]]] = {}
    """By attribute how many people the report is about, with those whose attribute is not known, and where that
    stands."""


_NOBODY = {
    "selection": "nobody is in the group",
    "truePositive": "the group has no positives",
    "trueNegative": "the group has no negatives",
    "falsePositive": "the group has no negatives",
}
_UNCOUNTED = {
    "selection": "how many were selected of how many",
    "truePositive": "how many positives there are",
    "trueNegative": "how many negatives there are",
    "falsePositive": "how many negatives there are",
}


def counted(attribute: str, name: str, counts: Mapping[str, int], path: tuple[str | int, ...]) -> Group:
    """A group of which the four counts are known.

    Args:
        attribute: The attribute.
        name: The group.
        counts: `tp`, `fp`, `tn` and `fn`.
        path: Where its name stands in the report.
    """
    tp, fp, tn, fn = (counts[key] for key in ("tp", "fp", "tn", "fn"))
    known = {
        "selection": (tp + fp, tp + fp + tn + fn),
        "truePositive": (tp, tp + fn),
        "trueNegative": (tn, tn + fp),
        "falsePositive": (fp, tn + fp),
    }
    return Group(attribute, name, path, tp + fp + tn + fn, known)


def counts_of(one: Mapping[str, Any]) -> dict[str, int]:
    """The four counts of a group, where a format names them so."""
    return {key: int(one[key]) for key in ("tp", "fp", "tn", "fn")}


def distinct(groups: tuple[Group, ...]) -> tuple[Group, ...]:
    """The groups of a report, each of which is there once.

    Raises:
        Unsound: One is there twice.
    """
    seen: set[tuple[str, str]] = set()
    for group in groups:
        if (group.attribute, group.name) in seen:
            raise Unsound(f"the group {group.name} of {group.attribute} stands there twice", group.path)
        seen.add((group.attribute, group.name))
    return groups


def check_sums(groups: Sequence[Group], about: About) -> None:
    """Hold groups against the data: those of one attribute share nobody, so they are no more than its samples.

    Args:
        groups: Of all attributes.
        about: Says how many samples the data has.

    Raises:
        Unsound: There are more people in them than in the data.
    """
    whole = about.samples
    for attribute, members in by_attribute(groups).items():
        count = sum(group.size or 0 for group in members)
        if whole is not None and count > whole:
            reason = f"the groups of {attribute} have {count} samples together, and the data has {whole}"
            raise Unsound(reason, ("dataset", "sampleCount"), stated="samples" in about.stated)


def by_attribute(groups: Iterable[Group]) -> dict[str, list[Group]]:
    """The groups of each attribute, in the order of the report."""
    found: dict[str, list[Group]] = {}
    for group in groups:
        found.setdefault(group.attribute, []).append(group)
    return found


def single(group: Group, z: float) -> dict[str, Any]:
    """Every rate of one group with its interval; true positives are the sensitivity, true negatives the specificity."""
    facts: dict[str, Any] = {}
    for rate in RATES:
        share = group.share(rate)
        if share is None:
            facts[rate] = {"status": "undefined", "reason": group.why_none(rate)}
        else:
            facts[rate] = {"status": "known", **_numbers(wilson(share, z))}
    return facts


def compared(groups: Sequence[Group], rate: str, z: float, single: float) -> dict[str, Any]:
    """How far a rate of two groups lies apart: the ratio of selection rates, the difference of the others.

    Args:
        groups: Of one attribute.
        rate: A name in `RATES`.
        z: The quantile of intervals that hold together: that any pair is apart is said of the worst of many.
        single: That of one interval: that no pair is apart is said only where each of them shows it, and needs no more.

    Returns:
        `extremes`, the lowest rate beside the highest; `surest`, the pair that is most certainly apart, so that a tiny
        group at one end hides nothing; `weakest`, the pair that may be furthest apart; `without`, the groups that have
        no such rate. Undefined, with a reason, where no two groups can be compared.
    """
    shares = [(share, group) for group in groups if (share := group.share(rate)) is not None]
    without = [group.name for group in groups if group.share(rate) is None]
    shares.sort(key=lambda one: (one[0].rate, one[0].whole))
    if len(shares) < 2:
        return {"status": "undefined", "reason": _too_few(groups, rate), "without": without}
    measure = ratio if rate == "selection" else difference
    every = ((measure(below[0], above[0], z), below[1], above[1]) for below, above in combinations(shares, 2))
    pairs = [(found, lesser, greater) for found, lesser, greater in every if found is not None]
    if not pairs:
        return {"status": "undefined", "reason": "nobody of any group is selected", "without": without}
    surest = min(pairs, key=lambda one: one[0].upper if rate == "selection" else -one[0].lower)
    extremes = next(one for one in pairs if one[1] is shares[0][1] and one[2] is shares[-1][1])
    weakest = min(_again(pairs, measure, single, rate), key=lambda one: _worst(one[0], rate))
    chosen = {"extremes": extremes, "surest": surest, "weakest": weakest}
    return {"status": "known", **{name: _pair(*one, rate) for name, one in chosen.items()}, "without": without}


def _again(pairs: Sequence[_Pair], measure: _Measure, z: float, rate: str) -> list[_Pair]:
    """The same pairs with intervals of another width."""
    shares = ((lesser.share(rate), greater.share(rate), lesser, greater) for _, lesser, greater in pairs)
    found = ((measure(low, high, z), lesser, greater) for low, high, lesser, greater in shares if low and high)
    return [(interval, lesser, greater) for interval, lesser, greater in found if interval is not None]


def _worst(found: Interval, rate: str) -> float:
    """How bad a pair may be at worst; the least number is the worst."""
    return found.lower if rate == "selection" else -found.upper


def _too_few(groups: Sequence[Group], rate: str) -> str:
    """Why no two groups can be compared: nobody has such a rate, or nobody says of how many it is."""
    uncounted = next((group for group in groups if group.share(rate) is None and rate not in group.counts), None)
    more = f": of {uncounted.name}, {uncounted.why_none(rate)}" if uncounted else ""
    return f"fewer than two groups have a {_NAMES[rate]}{more}"


def pairs_of(groups: Iterable[Group], rate: str) -> int:
    """How many pairs of groups are compared by a rate, over all attributes."""
    sizes = (sum(one.share(rate) is not None for one in members) for members in by_attribute(groups).values())
    return sum(size * (size - 1) // 2 for size in sizes)


def relative(groups: Sequence[Group], z: float) -> dict[str, Interval]:
    """The selection rate of each group as a share of the highest one; nothing where nobody is selected."""
    shares = {group.name: share for group in groups if (share := group.share("selection")) is not None}
    best = max(shares, key=lambda name: shares[name].rate, default="")
    if not best or shares[best].part == 0:
        return {}
    itself = Interval(1.0, 1.0, 1.0, "itself")
    found = {name: ratio(share, shares[best], z) for name, share in shares.items() if name != best}
    return {best: itself} | {name: one for name, one in found.items() if one is not None}


def _pair(found: Interval, lesser: Group, greater: Group, rate: str) -> dict[str, Any]:
    said = _SENTENCES[rate].format(lesser.name, greater.name, *(f"{number:.3g}" for number in found[:3]))
    return {"lesser": lesser.name, "greater": greater.name, "said": said, "method": found.method, **_numbers(found)}


_NAMES = {"selection": "selection rate", "truePositive": "true-positive rate", "falsePositive": "false-positive rate"}
_SENTENCES = {
    "selection": "the selection rate of {0} is {2} of that of {1} (interval {3} to {4})",
    "truePositive": "the true-positive rate (sensitivity) of {0} is {2} below that of {1} (interval {3} to {4})",
    "falsePositive": "the false-positive rate (1 - specificity) of {1} is {2} above that of {0} (interval {3} to {4})",
}


def _numbers(found: Interval) -> dict[str, float]:
    """Six digits are finer than any threshold, and the same on every machine."""
    names = ("valueRatio", "lowerRatio", "upperRatio")
    return {name: round(number, 6) for name, number in zip(names, found[:3], strict=True)}

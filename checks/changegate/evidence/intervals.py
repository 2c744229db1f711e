"""Confidence intervals of rates, of their ratio and of their difference: two-sided, from counts alone.

Every function takes `z`, the normal quantile of the confidence, so that it is computed once for a report. A rate of
nobody is undefined, and asking for one is an error: the caller says so in the facts, and never writes 0 instead.
"""

from __future__ import annotations

from math import exp, sqrt

from changegate.numbers import quantile
from changegate.records import NamedTuple


class Share(NamedTuple):
    """So many of so many."""

    part: int
    whole: int
    """0 <= part <= whole, and 0 < whole."""

    @property
    def rate(self) -> float:
        """The share as a ratio."""
        return self.part / self.whole


class Interval(NamedTuple):
    """A value and its bounds."""

    value: float
    lower: float
    upper: float
    method: str


def two_sided(confidence: float) -> float:
    """The normal quantile of a two-sided interval: 1.96 for 0.95.

    Args:
        confidence: A ratio, 0 < confidence < 1.

    Raises:
        ValueError: The confidence does not lie between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise ValueError("a confidence lies between 0 and 1")
    return quantile((1 + confidence) / 2)


def simultaneous(confidence: float, comparisons: int) -> float:
    """The normal quantile of intervals that all hold together with a confidence: Bonferroni's.

    Comparisons of groups share groups, so they depend on each other; Bonferroni's bound holds whatever they share.
    (Šidák's would be narrower by less than a hundredth.)

    Args:
        confidence: A ratio, 0 < confidence < 1.
        comparisons: How many are looked at together; 0 counts as 1.

    Raises:
        ValueError: The confidence does not lie between 0 and 1.
    """
    return two_sided(1 - (1 - confidence) / max(1, comparisons))


def wilson(share: Share, z: float) -> Interval:
    """Wilson's score interval of a single rate; it holds at 0 and at 1, too."""
    part, whole = share
    middle = (part + z * z / 2) / (whole + z * z)
    half = z * sqrt(part * (whole - part) / whole + z * z / 4) / (whole + z * z)
    lower = 0.0 if part == 0 else middle - half
    upper = 1.0 if part == whole else middle + half
    return Interval(share.rate, lower, upper, "wilson")


def katz(lesser: Share, greater: Share, z: float) -> Interval | None:
    """Katz' log interval of the ratio `lesser ÷ greater`.

    Returns:
        None where it is undefined: nobody of one of the two is counted.
    """
    if lesser.part == 0 or greater.part == 0:
        return None
    ratio = lesser.rate / greater.rate
    spread = sum(1 / share.part - 1 / share.whole for share in (lesser, greater))
    factor = exp(z * sqrt(max(0.0, spread)))
    return Interval(ratio, ratio / factor, ratio * factor, "katz")


def ratio(lesser: Share, greater: Share, z: float) -> Interval | None:
    """The interval of the ratio `lesser ÷ greater` of two rates.

    That is Katz' one. Where it is undefined (nobody of `lesser`) or has no width (everybody of both), the bounds are
    those of the two rates, each by Wilson: wider, and still able to tell 0 of 10,000 from 0 of 5.

    Returns:
        None where nobody of `greater` is counted: then there is no ratio.
    """
    if greater.part == 0:
        return None
    found = katz(lesser, greater, z)
    if found is not None and found.lower < found.upper:
        return found
    below, above = wilson(lesser, z), wilson(greater, z)
    return Interval(below.value / above.value, below.lower / above.upper, below.upper / above.lower, "wilson")


def difference(lesser: Share, greater: Share, z: float) -> Interval:
    """Newcombe's interval of the difference `greater - lesser` of two rates, from their Wilson intervals."""
    return apart(wilson(lesser, z), wilson(greater, z))


def apart(below: Interval, above: Interval) -> Interval:
    """The interval of `above - below`, recovered from the intervals of both; it takes them to be independent.

    Where both were measured on the same people they are not: then it is too wide, and claims too little.
    """
    value = above.value - below.value
    lower = value - sqrt((above.value - above.lower) ** 2 + (below.upper - below.value) ** 2)
    upper = value + sqrt((above.upper - above.value) ** 2 + (below.value - below.lower) ** 2)
    return Interval(value, lower, upper, "newcombe")

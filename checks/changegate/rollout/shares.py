"""What share of the traffic a step's weight comes to where nothing splits the traffic: the share of the pods."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction


def of_pods(weight_percent: float, replicas: int) -> float | None:
    """The share that the new release's pods have of all, in percent.

    Between nothing and everything each release keeps a pod at least, and one pod more than usual may run: of the
    counts next to the weight the one that comes closest to it is taken, and of two equally close ones the first. So
    one replica is one new pod beside an old one, and 5% of it is half of the traffic.

    Args:
        weight_percent: The weight that the manifest asks for.
        replicas: How many pods there are when all traffic is on one release.

    Returns:
        The share, or None where there are no pods to share by.
    """
    if replicas < 1:
        return None
    if weight_percent <= 0 or weight_percent >= 100:
        return 100.0 if weight_percent > 0 else 0.0
    from fractions import Fraction

    weight = Fraction(weight_percent)

    def distance(share: Fraction) -> Fraction:
        return abs(share - weight)

    return round(float(min(_shares(weight, replicas), key=distance)), 9)


def _shares(weight: Fraction, replicas: int) -> Iterator[Fraction]:
    """The shares, in percent, of the counts of pods that may stand for the weight."""
    from fractions import Fraction

    exact = replicas * weight / 100
    for total in (replicas, replicas + 1):
        for new in (ceil(exact), floor(exact)):
            if 0 < new < total:
                yield Fraction(100 * new, total)

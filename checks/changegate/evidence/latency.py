"""Measured percentiles of the latency: whether they agree with each other, and how many requests can tell one."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from changegate.evidence.metrics import Latency

_FURTHEST = 0.999999
"""A percentile beyond it would ask for more requests than anybody counts."""


def samples_needed(quantile: float, confidence: float) -> int:
    """How few requests can tell a percentile: the chance that none of them lies above it is what is left of certainty.

    With fewer, not even the slowest request that was seen need lie above it: `quantile ** n <= 1 - confidence`.
    It is Wilks' one-sided bound of the first order (1941, doi:10.1214/aoms/1177731788); a P95 at 95% takes 59.

    Args:
        quantile: The percentile as a share, such as 0.95.
        confidence: How sure it has to be, such as 0.95.
    """
    if not 0 < quantile < 1 or not 0 < confidence < 1:
        return 1
    return max(1, math.ceil(round(math.log(1 - confidence) / math.log(min(quantile, _FURTHEST)), 9)))


def read_latency(measures: Sequence[Latency]) -> None:
    """Hold the percentiles of one measurement against each other: of the same platform and number of requests.

    Raises:
        Unsound: A higher percentile is faster than a lower one.
    """
    runs: dict[tuple[str, int | None], list[Latency]] = {}
    for measure in measures:
        runs.setdefault((measure.platform, measure.samples), []).append(measure)
    for run in runs.values():
        if len({one.percentile for one in run}) == len(run):
            _check_rising(sorted(run, key=lambda one: one.percentile))


def _check_rising(run: Sequence[Latency]) -> None:
    for lower, higher in pairwise(run):
        if higher.milliseconds < lower.milliseconds:
            reason = f"P{higher.percentile:g} of the latency is faster than P{lower.percentile:g} of the same requests"
            raise Unsound(reason, higher.path)

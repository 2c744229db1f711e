"""How many requests a step needs before it can tell a worse release from an equal one.

Everything here is the arithmetic of a fixed-size test that is looked at once. Looking every minute inflates false
aborts, so a plan judges a step at its end.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil, exp, isfinite, lgamma, log, log1p, sqrt

from changegate.numbers import quantile

SIGNIFICANCE = 0.05
"""The usual chance to abort a step although the release is as good as it should be."""
POWER = 0.8
"""The usual chance to notice a release that is as bad as the detectable rate."""

_MOST = 10**12
"""A larger sample than this is reported as this: no traffic reaches it."""
_MOST_ERRORS = 5_000
_UNDERFLOW = -700
_RARE = 5
"""Fewer expected errors than this, and the normal approximation of a binomial is wrong."""


def two_sample(base: float, worse: float, share: float, alpha: float = SIGNIFICANCE, power: float = POWER) -> int:
    """Size the canary's sample for a one-sided comparison of two rates, both arms running side by side.

    Args:
        base: The rate that the stable release has, 0 < base < worse.
        worse: The rate that has to be noticed, worse < 1.
        share: The canary's share of the requests as a ratio, 0 < share < 1.
        alpha: The chance of a false alarm, 0 < alpha < 1.
        power: The chance to notice `worse`, 0 < power < 1.

    Returns:
        Requests that the canary must serve, rounded up.

    Raises:
        ValueError: An argument is out of its range.
    """
    _check(base, worse, alpha, power)
    if not 0 < share < 1:
        raise ValueError(f"a share of {share} leaves nothing to compare")
    others = (1 - share) / share
    pooled = (worse + others * base) / (1 + others)
    if_equal = quantile(1 - alpha) * sqrt(pooled * (1 - pooled) * (1 + 1 / others))
    if_worse = quantile(power) * sqrt(worse * (1 - worse) + base * (1 - base) / others)
    return ceil(min((if_equal + if_worse) ** 2 / (worse - base) ** 2, _MOST))


@lru_cache(maxsize=1024)
def exact(base: float, worse: float, alpha: float = SIGNIFICANCE, power: float = POWER) -> int:
    """Size a sample for an exact one-sided binomial test against a known rate: right for rare errors.

    Args:
        base: The rate that is allowed, 0 < base < worse.
        worse: The rate that has to be noticed, worse < 1.
        alpha: The chance of a false alarm, 0 < alpha < 1.
        power: The chance to notice `worse`, 0 < power < 1.

    Returns:
        The least number of requests for which a critical number of errors exists that keeps both chances.

    Raises:
        ValueError: An argument is out of its range.
    """
    _check(base, worse, alpha, power)
    for errors in range(1, _MOST_ERRORS):
        enough = _first(errors, worse, power)
        if enough >= _MOST or tail(errors, enough, base) <= alpha:
            return enough
    return _MOST


@lru_cache(maxsize=4096)
def required(base: float, worse: float, share: float, alpha: float = SIGNIFICANCE, power: float = POWER) -> int:
    """Size a canary's sample: by the two-sample formula, and where errors are rare at least by the exact test.

    Raises:
        ValueError: An argument is out of its range.
    """
    compared = two_sample(base, worse, share, alpha, power)
    if compared * base >= _RARE:
        return compared
    return max(compared, exact(base, worse, alpha, power))


def tail(errors: int, sample: int, rate: float) -> float:
    """The chance of `errors` or more errors among `sample` requests at a true `rate`."""
    if errors <= 0:
        return 1.0
    if errors > sample:
        return 0.0
    return max(0.0, 1.0 - _below(errors, sample, rate))


def _check(base: float, worse: float, alpha: float, power: float) -> None:
    if not (isfinite(base) and isfinite(worse) and 0 < base < worse < 1):
        raise ValueError(f"the rates must satisfy 0 < {base} < {worse} < 1")
    if not (0 < alpha < 1 and 0 < power < 1):
        raise ValueError("alpha and power lie between 0 and 1")


def _first(errors: int, rate: float, chance: float) -> int:
    """The least sample in which `errors` or more errors come with at least the given chance."""
    low, high = errors, errors
    while tail(errors, high, rate) < chance:
        low, high = high, high * 2
        if high > _MOST:
            return _MOST
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if tail(errors, middle, rate) >= chance else (middle + 1, high)
    return low


def _below(errors: int, sample: int, rate: float) -> float:
    """The chance of fewer than `errors` errors: term by term, or by logarithms where the first is too small."""
    none = sample * log1p(-rate)
    if none < _UNDERFLOW:
        return sum(exp(_log_mass(count, sample, rate)) for count in range(errors))
    term = total = exp(none)
    odds = rate / (1 - rate)
    for count in range(1, errors):
        term *= (sample - count + 1) / count * odds
        total += term
    return total


def _log_mass(count: int, sample: int, rate: float) -> float:
    ways = lgamma(sample + 1) - lgamma(count + 1) - lgamma(sample - count + 1)
    return ways + count * log(rate) + (sample - count) * log1p(-rate)

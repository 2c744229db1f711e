"""Confidence intervals, held against statsmodels."""

from __future__ import annotations

from math import isclose, isfinite, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from changegate.evidence.intervals import Interval, Share, apart, difference, katz, ratio, two_sided, wilson

Z = two_sided(0.95)


@st.composite
def shares(draw: st.DrawFn, least: int = 0) -> Share:
    whole = draw(st.integers(max(1, least), 100_000))
    return Share(draw(st.integers(least, whole)), whole)


def close(found: float, expected: float) -> bool:
    return isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize(("confidence", "expected"), [(0.95, 1.959964), (0.9, 1.644854), (0.99, 2.575829)])
def test_the_quantile_is_two_sided(confidence: float, expected: float) -> None:
    assert two_sided(confidence) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("confidence", [0.0, 1.0, -1.0, 95.0, nan])
def test_a_confidence_lies_between_0_and_1(confidence: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        two_sided(confidence)


@given(shares())
def test_wilson_is_that_of_statsmodels(share: Share) -> None:
    found = wilson(share, Z)
    lower, upper = proportion_confint(share.part, share.whole, alpha=0.05, method="wilson")
    assert close(found.lower, lower)
    assert close(found.upper, upper)
    assert 0 <= found.lower <= found.value <= found.upper <= 1


@given(shares(least=1), shares(least=1))
def test_katz_is_that_of_statsmodels(lesser: Share, greater: Share) -> None:
    found = katz(lesser, greater, Z)
    assert found is not None
    lower, upper = confint_proportions_2indep(
        lesser.part, lesser.whole, greater.part, greater.whole, method="log", compare="ratio", alpha=0.05
    )
    assert close(found.lower, lower)
    assert close(found.upper, upper)


@given(shares(), shares())
def test_the_difference_is_that_of_statsmodels(lesser: Share, greater: Share) -> None:
    found = difference(lesser, greater, Z)
    lower, upper = confint_proportions_2indep(
        greater.part, greater.whole, lesser.part, lesser.whole, method="newcomb", compare="diff", alpha=0.05
    )
    assert close(found.lower, lower)
    assert close(found.upper, upper)
    assert found.value == greater.rate - lesser.rate


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.99, 0.9999])
def test_every_interval_follows_the_confidence(confidence: float) -> None:
    z, alpha = two_sided(confidence), 1 - confidence
    lesser, greater = Share(60, 100), Share(90, 100)
    bounds = [
        found[1:3] for found in (wilson(lesser, z), ratio(lesser, greater, z), difference(lesser, greater, z)) if found
    ]
    assert bounds == [
        pytest.approx(proportion_confint(60, 100, alpha, "wilson")),
        pytest.approx(confint_proportions_2indep(60, 100, 90, 100, method="log", compare="ratio", alpha=alpha)),
        pytest.approx(confint_proportions_2indep(90, 100, 60, 100, method="newcomb", compare="diff", alpha=alpha)),
    ]


@pytest.mark.parametrize(
    ("lesser", "greater", "value", "lower", "upper"),
    [
        (Share(60, 100), Share(90, 100), 0.667, 0.561, 0.792),
        (Share(6, 10), Share(9, 10), 0.667, 0.386, 1.152),
        (Share(85, 100), Share(90, 100), 0.944, 0.850, 1.049),
        (Share(850, 1000), Share(900, 1000), 0.944, 0.914, 0.976),
    ],
)
def test_ratios_that_the_documentation_names(
    lesser: Share, greater: Share, value: float, lower: float, upper: float
) -> None:
    found = ratio(lesser, greater, Z)
    assert found is not None
    assert found[:3] == pytest.approx((value, lower, upper), abs=6e-4)
    assert found.method == "katz"


def test_katz_is_undefined_where_nobody_is_counted() -> None:
    assert katz(Share(0, 10), Share(5, 10), Z) is None
    assert katz(Share(5, 10), Share(0, 10), Z) is None


def test_there_is_no_ratio_to_nobody() -> None:
    assert ratio(Share(0, 10), Share(0, 10), Z) is None


def test_nobody_of_many_is_told_from_nobody_of_a_few() -> None:
    many, few = ratio(Share(0, 10_000), Share(3000, 10_000), Z), ratio(Share(0, 5), Share(2, 5), Z)
    assert many is not None
    assert few is not None
    assert (many.value, many.lower, many.method) == (0, 0, "wilson")
    assert many.upper < 0.01
    assert few.upper > 1


def test_everybody_of_a_few_is_no_certainty() -> None:
    found = ratio(Share(5, 5), Share(5, 5), Z)
    assert found is not None
    assert found.value == 1
    assert found.lower < 0.8 < 1 < found.upper


@given(shares(), shares(least=1))
def test_a_ratio_is_finite_and_within_its_bounds(lesser: Share, greater: Share) -> None:
    found = ratio(lesser, greater, Z)
    assert found is not None
    assert all(isfinite(number) for number in found[:3])
    assert 0 <= found.lower <= found.value <= found.upper
    assert found.lower < found.upper


def test_a_certain_value_adds_no_width() -> None:
    assert apart(Interval(0.5, 0.4, 0.7, ""), Interval(1.0, 1.0, 1.0, ""))[:3] == pytest.approx((0.5, 0.3, 0.6))


@pytest.mark.parametrize("whole", [1, 10**12])
def test_the_smallest_and_the_largest_counts(whole: int) -> None:
    for part in {0, 1, whole}:
        found = [wilson(Share(part, whole), Z), ratio(Share(part, whole), Share(1, whole), Z)]
        assert all(isfinite(number) for one in found if one for number in one[:3])

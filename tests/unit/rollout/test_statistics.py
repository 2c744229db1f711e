"""Sample sizes: the figures that the field uses, and other people's implementations as oracles."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changegate.rollout.statistics import exact, required, tail, two_sample


@pytest.mark.parametrize(
    ("base", "worse", "requests"),
    [(0.001, 0.004, 1361), (0.01, 0.02, 850), (0.05, 0.075, 572)],  # 1360.8, 849.1 and 571.7: rounded up
)
def test_known_figures_of_the_two_sample_formula_at_five_percent(base: float, worse: float, requests: int) -> None:
    assert two_sample(base, worse, 0.05) == requests


def test_a_canary_of_5_percent_needs_15_requests_a_second_over_half_an_hour() -> None:
    assert two_sample(0.001, 0.004, 0.05) == pytest.approx(15.1 * 1800 * 0.05, abs=2)


def test_rare_errors_need_the_exact_test() -> None:
    assert exact(0.001, 0.004) == 1679
    assert required(0.001, 0.004, 0.05) == 1679


def test_frequent_errors_need_the_two_sample_formula() -> None:
    assert required(0.05, 0.075, 0.05) == two_sample(0.05, 0.075, 0.05)


def test_a_larger_share_needs_more_because_fewer_are_left_to_compare_with() -> None:
    assert two_sample(0.001, 0.004, 0.05) < two_sample(0.001, 0.004, 0.25) < two_sample(0.001, 0.004, 0.5)


@settings(max_examples=60, deadline=None)
@given(
    base=st.floats(0.001, 0.3),
    factor=st.floats(1.2, 3),
    share=st.floats(0.01, 0.9),
    alpha=st.floats(0.01, 0.2),
    power=st.floats(0.5, 0.95),
)
def test_two_sample_agrees_with_statsmodels(
    base: float, factor: float, share: float, alpha: float, power: float
) -> None:
    from statsmodels.stats.proportion import samplesize_proportions_2indep_onetail

    worse = base * factor
    oracle = samplesize_proportions_2indep_onetail(
        worse - base, base, power, ratio=(1 - share) / share, alpha=alpha, alternative="larger"
    )
    assert two_sample(base, worse, share, alpha, power) == pytest.approx(oracle, abs=1.001, rel=1e-6)


@pytest.mark.parametrize(("base", "worse"), [(0.001, 0.004), (0.0005, 0.002), (0.01, 0.04), (0.05, 0.2)])
def test_exact_is_the_least_sample_by_scipys_binomial(base: float, worse: float) -> None:
    from scipy.stats import binom

    def holds(sample: int) -> bool:
        critical = int(binom.isf(0.05, sample, base)) + 1
        return bool(binom.sf(critical - 1, sample, worse) >= 0.8)

    size = exact(base, worse)
    assert holds(size)
    assert not any(holds(sample) for sample in range(1, size))


@settings(max_examples=60, deadline=None)
@given(errors=st.integers(0, 30), sample=st.integers(1, 3000), rate=st.floats(0.0005, 0.5))
def test_tail_agrees_with_scipy(errors: int, sample: int, rate: float) -> None:
    from scipy.stats import binom

    assert tail(errors, sample, rate) == pytest.approx(float(binom.sf(errors - 1, sample, rate)), abs=1e-9)


@pytest.mark.parametrize(
    ("base", "worse", "share"),
    [
        (0, 0.1, 0.5),
        (0.1, 0.1, 0.5),
        (0.2, 0.1, 0.5),
        (0.5, 1, 0.5),
        (0.1, 0.2, 0),
        (0.1, 0.2, 1),
        (float("nan"), 0.1, 0.5),
    ],
)
def test_rates_and_shares_that_cannot_be_compared_are_refused(base: float, worse: float, share: float) -> None:
    with pytest.raises(ValueError, match=r"share|rates"):
        two_sample(base, worse, share)


def test_an_extreme_objective_is_answered() -> None:
    assert required(1e-9, 4e-9, 0.05) > 10**9

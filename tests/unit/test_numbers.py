"""Numbers out of JSON and into it, and the normal quantile beside the standard library's."""

from __future__ import annotations

from math import inf, nan
from statistics import NormalDist
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changegate.numbers import normalised, number, plain, plain_numbers, quantile


@pytest.mark.parametrize(
    ("value", "expected"),
    [(5, 5.0), (0.25, 0.25), (True, None), ("5", None), (None, None), (nan, None), (inf, None), (10**400, None)],
)
def test_a_number_is_a_finite_one(value: Any, expected: float | None) -> None:
    assert number(value) == expected


@pytest.mark.parametrize(("value", "text"), [(5.0, "5"), (0.5, "0.5"), (-0.0, "0"), (1e15, "1000000000000000")])
def test_a_whole_number_is_written_as_one(value: float, text: str) -> None:
    assert repr(plain(value)) == text


@given(st.floats(1e-12, 1 - 1e-12))
def test_the_quantile_is_that_of_the_standard_library(probability: float) -> None:
    assert quantile(probability) == pytest.approx(NormalDist().inv_cdf(probability), abs=1e-12, rel=1e-12)


@pytest.mark.parametrize("probability", [0.0, 1.0, -1.0, 2.0, nan])
def test_a_probability_lies_between_0_and_1(probability: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantile(probability)


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        # as the embedded engine writes it, as OPA does
        (-62969197898931410, -6.296919789893141e16, -6.296919789893141e16),
        (12345678901234568000000, 12345678901234567890123, 1.2345678901234568e22),
        (2**53, 9007199254740992.0, 2**53),
        (2**53 + 1, 2**53 + 1, float(2**53)),
        (1000, 1e3, 1000),
        (0.1, 0.1, 0.1),
        ([{"a": 1}], [{"a": 1.0}], [{"a": 1}]),
        (True, True, True),
        ("1.0", "1.0", "1.0"),
        (10**400, 10**400, 10**400),
    ],
)
def test_a_number_is_the_same_whichever_engine_wrote_it(here: Any, there: Any, expected: Any) -> None:
    assert [repr(normalised(here)), repr(normalised(there))] == [repr(expected)] * 2


def test_whole_numbers_are_integers_and_nothing_else_is_touched() -> None:
    given = {"a": [1.0, 1.5, (2.0,), True, "1.0", None], "b": 1e3, "c": 2**60 + 1, "d": 1e300}
    assert repr(plain_numbers(given)) == repr({**given, "a": [1, 1.5, [2], True, "1.0", None], "b": 1000})

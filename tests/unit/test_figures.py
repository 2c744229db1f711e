"""Numbers as people read them."""

from __future__ import annotations

import pytest

from changegate import figures


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (0.0760095, "7.6 %"), (0.545454, "54.5 %"), (0.842, "84.2 %"), (0.0121, "1.21 %"), (0.9999, "99.99 %"),
        (0.99999999, "99.999999 %"), (1, "100 %"), (1.38, "138 %"), (0, "0 %"), (-0.05, "-5 %"), (1 / 3, "33.3 %"),
        (12.5, "1 250 %"), (0.1 + 0.2, "30 %"), (float("inf"), "inf"),
    ],
)  # fmt: skip
def test_a_share_is_a_percentage_of_three_digits(ratio: float, text: str) -> None:
    assert figures.share(ratio) == text


@pytest.mark.parametrize("ratio", [1 - 10**-power for power in range(2, 12)])
def test_what_is_not_all_is_never_shown_as_all(ratio: float) -> None:
    assert figures.share(ratio) != "100 %"


def test_percentages_sizes_and_times() -> None:
    assert figures.percent(33.333333) == "33.3 %"
    assert figures.size(66_531_102) == "63.45 MiB"
    assert figures.duration(5400) == "1h30m"
    assert figures.milliseconds(88) == "88 ms"


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [(100, 138, "+38 %"), (2, 1, "-50 %"), (-2, -1, "+50 %"), (0, 1, ""), (1, 1, ""), (5e-324, 1e308, "")],
)
def test_a_growth_has_its_sign(before: float, after: float, text: str) -> None:
    assert figures.growth(before, after) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.978208, "0.978"), (1.0, "1"), (0.99999, "0.99999"), (1.053754, "1.05"), (532.224, "532"), (0, "0")],
)
def test_a_number_is_rounded_and_never_to_one(value: float, text: str) -> None:
    assert figures.rounded(value) == text

"""Shares of pods: what a controller that splits by pods comes to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from changegate.rollout.shares import of_pods


@pytest.mark.parametrize(
    ("replicas", "weight", "new", "old"),
    [
        # the counts that Argo Rollouts' own tests expect of its basic canary, surge allowed
        (10, 1, 1, 10),
        (10, 18, 2, 9),
        (10, 19, 2, 9),
        (10, 20, 2, 8),
        (10, 23, 2, 8),
        (10, 24, 3, 8),
        (10, 25, 3, 8),
        (10, 99, 10, 1),
        (1, 5, 1, 1),
        (1, 95, 1, 1),
        (6, 5, 1, 6),
        (3, 50, 2, 2),
        (4, 45, 2, 2),
        (24, 51, 12, 12),
        (100, 5, 5, 95),
    ],
)
def test_the_pods_that_come_closest_to_the_weight(replicas: int, weight: int, new: int, old: int) -> None:
    assert of_pods(weight, replicas) == pytest.approx(100 * new / (new + old), abs=1e-8)


@pytest.mark.parametrize("replicas", [1, 2, 7, 100_000])
def test_nothing_and_everything_are_exact(replicas: int) -> None:
    assert (of_pods(0, replicas), of_pods(100, replicas)) == (0, 100)


def test_no_pods_share_nothing() -> None:
    assert of_pods(5, 0) is None


def test_a_share_between_is_never_nothing_or_everything_and_never_less_than_one_pod() -> None:
    for replicas in range(1, 40):
        shares = [of_pods(weight, replicas) for weight in range(1, 100)]
        assert min(shares) >= 100 / (replicas + 1) - 1e-6
        assert max(shares) < 100
        assert shares == sorted(shares)


def test_the_docs_show_shares_as_they_come_out() -> None:
    page = (Path(__file__).parents[3] / "docs" / "rollout.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \| [^|]* \| ([\d.]+)% \| [^|]* \| ([\d.]+)% \|$", page, re.MULTILINE)
    assert len(rows) == 5
    for replicas, five, quarter in rows:
        assert [of_pods(5, int(replicas)), of_pods(25, int(replicas))] == pytest.approx(
            [float(five), float(quarter)], abs=0.05
        )

"""Rates, ratios and intervals against others' numbers, to nine digits, and the simulation of docs/fairness.md."""

from __future__ import annotations

import json
import re
import sys
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from changegate.evidence.groups import Group, pairs_of
from changegate.evidence.intervals import Share, difference, katz, simultaneous, two_sided, wilson
from changegate.evidence.needed import people_needed
from changegate.evidence.readers import FAIRNESS, report_reader

ROOT = Path(__file__).parents[3]
FILES = ROOT / "tests/support/evidence_files"
sys.path.insert(0, str(ROOT / "benchmarks"))
import fairness_gates  # noqa: E402

NINE = 1e-9
COUNTS = [(60, 100, 90, 100), (3, 400, 11, 380), (4000, 10000, 5000, 9000), (1, 30, 29, 30)]


def groups_of(tool: str, name: str) -> tuple[Group, ...]:
    text = (FILES / tool / name).read_text()
    return report_reader(FAIRNESS, tool).read(json.loads(text)).groups


def rates(groups: Any, attribute: str, rate: str) -> list[float]:
    return [one.share(rate).rate for one in groups if one.attribute == attribute]


def test_ratio_and_differences_are_those_that_fairlearn_computed() -> None:
    oracle = json.loads((FILES / "fairlearn/oracle.json").read_text())
    groups = groups_of("fairlearn", "to_dict_tight.json")
    selected, hits, alarms = (rates(groups, "sex", one) for one in ("selection", "truePositive", "falsePositive"))
    assert min(selected) / max(selected) == pytest.approx(oracle["demographic_parity_ratio"], abs=NINE)
    assert max(selected) - min(selected) == pytest.approx(oracle["demographic_parity_difference"], abs=NINE)
    worst = max(max(hits) - min(hits), max(alarms) - min(alarms))
    assert worst == pytest.approx(oracle["equalized_odds_difference"], abs=NINE)


def test_the_ratio_over_three_groups_is_the_one_that_fairlearn_computed() -> None:
    oracle = json.loads((FILES / "fairlearn/oracle.json").read_text())
    selected = rates(groups_of("aequitas", "records.json"), "age_band", "selection")
    assert min(selected) / max(selected) == pytest.approx(oracle["age_band_parity_ratio"], abs=NINE)


def test_disparities_are_those_that_aequitas_computed() -> None:
    """Aequitas divides by the lowest rate of the attribute."""
    oracle = json.loads((FILES / "aequitas/oracle.json").read_text())
    groups = groups_of("aequitas", "records.json")
    columns = {"pprev_disparity": "selection", "tpr_disparity": "truePositive", "fpr_disparity": "falsePositive"}
    for row in oracle:
        (group,) = (
            one for one in groups if (one.attribute, one.name) == (row["attribute_name"], row["attribute_value"])
        )
        for column, rate in columns.items():
            share = group.share(rate)
            assert share is not None
            assert share.rate / min(rates(groups, group.attribute, rate)) == pytest.approx(row[column], abs=NINE)


@pytest.mark.parametrize(("lesser", "of", "greater", "whole"), COUNTS)
def test_intervals_are_those_of_statsmodels(lesser: int, of: int, greater: int, whole: int) -> None:
    z = two_sided(0.95)
    one = wilson(Share(lesser, of), z)
    assert (one.lower, one.upper) == pytest.approx(proportion_confint(lesser, of, method="wilson"), abs=NINE)
    ratio = katz(Share(lesser, of), Share(greater, whole), z)
    assert ratio is not None
    bounds = confint_proportions_2indep(lesser, of, greater, whole, method="log", compare="ratio")
    assert (ratio.lower, ratio.upper) == pytest.approx(bounds, abs=NINE)
    apart = difference(Share(lesser, of), Share(greater, whole), z)
    bounds = confint_proportions_2indep(greater, whole, lesser, of, method="newcomb", compare="diff")
    assert (apart.lower, apart.upper) == pytest.approx(bounds, abs=NINE)


def test_intervals_that_hold_together_reject_what_bonferroni_rejects() -> None:
    parts = [300, 290, 260, 230, 305, 310]
    made = [Group("group", str(at), (), 1000, {"selection": (part, 1000)}) for at, part in enumerate(parts)]
    assert pairs_of(made, "selection") == 15
    z = simultaneous(0.95, 15)
    shares = [Share(part, 1000) for part in parts]
    ordered = [sorted(pair, key=lambda one: one.rate) for pair in combinations(shares, 2)]
    ours = [katz(low, high, z).upper < 1 for low, high in ordered]  # type: ignore[union-attr]
    alone = [_p_value(low, high) for low, high in ordered]
    theirs = multipletests(alone, alpha=0.05, method="bonferroni")[0]
    assert ours == list(theirs)
    assert any(ours)
    assert not all(ours)


def _p_value(low: Share, high: Share) -> float:
    """Two-sided, from the same log interval: the confidence at which it just touches 1."""
    within, beyond = 1e-12, 1 - 1e-12
    for _ in range(200):
        middle = (within + beyond) / 2
        found = katz(low, high, two_sided(middle))
        assert found is not None
        within, beyond = (middle, beyond) if found.upper < 1 else (within, middle)
    return 1 - within


def test_so_many_people_tell_and_one_less_does_not() -> None:
    """At the number that is named the interval touches the minimum from the right side."""
    for low, high in ((0.27, 0.3), (0.2, 0.3), (0.45, 0.5)):
        lesser, greater = (
            Group("sex", name, (), 1000, {"selection": (round(rate * 1000), 1000)})
            for name, rate in (("a", low), ("b", high))
        )
        z = two_sided(0.95)
        needed = people_needed(lesser, greater, 0.8, z)
        assert needed is not None
        ratio = low / high
        for size, tells in ((needed + 1, True), (needed - 2, False)):
            spread = ((1 - low) / low + (1 - high) / high) / size
            factor = 2.718281828459045 ** (z * spread**0.5)
            assert (ratio / factor >= 0.8 if ratio > 0.8 else ratio * factor < 0.8) is tells


def test_nobody_is_asked_for_where_no_number_tells() -> None:
    lesser, greater = (Group("sex", name, (), 100, {"selection": (part, 100)}) for name, part in (("a", 40), ("b", 50)))
    assert people_needed(lesser, greater, 0.8, 1.96) is None


# The simulation


def rows() -> dict[tuple[float, int, int], list[float]]:
    text = (ROOT / "docs/fairness.md").read_text("utf-8")
    table = text.partition("<!-- gates -->\n")[2].partition("<!-- end -->")[0]
    found = {}
    for line in table.splitlines()[2:]:
        rate, groups, size, *cells = (cell.strip() for cell in line.strip("| ").split("|"))
        key = float(rate), int(groups), int(size.replace(",", ""))
        found[key] = [float(cell.rstrip("%")) / 100 for cell in cells]
    return found


@pytest.mark.parametrize("key", [(0.3, 6, 100), (0.1, 2, 300), (0.8, 2, 1000)])
def test_the_table_is_what_the_simulation_gives(key: tuple[float, int, int]) -> None:
    fair, unfair = (fairness_gates.measured(*key, ratio) for ratio in (1.0, fairness_gates.UNFAIR))
    made = [fair.naive, fair.failed, fair.unclear, 1 - unfair.naive, unfair.failed, unfair.unclear, unfair.passed]
    assert rows()[key] == pytest.approx(made, abs=0.00051)


def test_the_table_keeps_what_the_page_promises() -> None:
    table = rows()
    assert len(table) == 40
    assert table[0.3, 6, 100][0] > 0.88, "a naive gate fails nine fair models of ten"
    assert max(cells[1] for cells in table.values()) <= 0.05, "ours fails at most one fair model in twenty"
    from_there = [cells[6] for (rate, _, size), cells in table.items() if size >= 1000 and rate >= 0.3]
    assert max(from_there) <= 0.1, "ours passes at most one in ten"


def test_the_page_names_no_rule_or_setting_that_does_not_exist() -> None:
    text = (ROOT / "docs/fairness.md").read_text("utf-8")
    for rule in set(re.findall(r"`fairness/([a-z-]+)`", text)):
        assert (ROOT / f"rego/changegate/checks/fairness/{rule.replace('-', '_')}.rego").is_file()

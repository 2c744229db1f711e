"""What changes for users, read from facts."""

from __future__ import annotations

import hashlib

import pytest

from changegate.evidence.fairness import collect
from changegate.judging.measures import groups_of, measures_of
from changegate.verdict import Measure
from support.rollouts import fraud
from support.trees import request

METRIC = {"name": "recall", "slice": "", "label": "recall", "value": 0.9, "higherIsBetter": True, "sameDirection": True}


def test_nothing_is_told_of_nothing() -> None:
    assert measures_of({}) == ()


def test_metrics_new_gone_and_compared() -> None:
    facts = {
        "evaluation": {
            "metrics": [METRIC, {"name": "f1", "slice": "country=DE", "value": 0.5}],
            "comparison": {
                "metrics": [{**METRIC, "previousValue": 0.8, "interval": {"lower": 0.88, "upper": 0.92}}],
                "dropped": ["roc_auc"],
            },
        }
    }
    compared, new, gone = measures_of(facts)
    assert (compared.turn, compared.interval, compared.previous_interval) == ("better", (0.88, 0.92), None)
    assert (new.name, new.turn) == ("f1 of country=DE", "new")
    assert (gone.name, gone.turn, gone.value) == ("roc_auc", "gone", None)


def test_nobody_says_what_is_better_where_the_reports_disagree() -> None:
    (one,) = measures_of({"evaluation": {"comparison": {"metrics": [
        {**METRIC, "sameDirection": False, "previousValue": 0.8}]}}})  # fmt: skip
    assert one.turn == "other"


def test_the_latency_is_beside_the_slowest_of_its_percentile_before() -> None:
    measured = {"measured": True, "name": "p95", "percentile": 95, "valueMs": 120, "thresholdMs": 300}
    before = [{"percentile": 95, "valueMs": 80}, {"percentile": 95, "valueMs": 90}, {"percentile": 99, "valueMs": 200}]
    facts = {"evaluation": {"latency": [measured, {"measured": False}], "comparison": {"latency": before}}}
    (one,) = measures_of(facts)
    assert (one.name, one.value, one.previous, one.limit, one.turn) == ("p95 (P95)", 120, 90, 300, "worse")


def test_sizes_and_costs() -> None:
    size = {"name": "model", "size": {"known": True, "bytes": 5}, "growth": {"status": "sized", "previousBytes": 9}}
    cost = {"perThousandInferences": 2, "weeklyCost": 10, "weeklyBudget": 20, "budgetStated": True}
    facts = {"artifacts": {"artifacts": [size, {"name": "other", "size": {"known": False}}]}, "cost": cost}
    sized, each, week = measures_of(facts)
    assert (sized.turn, sized.unit) == ("better", "bytes")
    assert (each.turn, week.limit) == ("new", 20)


@pytest.mark.parametrize(("more", "turn"), [(True, "better"), (False, "worse"), (None, "other")])
def test_the_turn_follows_what_is_better(more: bool | None, turn: str) -> None:
    assert Measure("metric", "m", 2.0, 1.0, more_is_better=more).turn == turn


def test_each_group_beside_the_highest_and_beside_itself_before() -> None:
    before = b"attribute,group,selected,total\nsex,female,240,400\nsex,male,300,400\n"
    now = b"attribute,group,selected,total\nsex,female,210,400\nsex,male,300,400\nsex,nobody,0,0\n"
    made = [fraud(), fraud()]
    for release, data in zip(made, (before, now), strict=True):
        named = {"path": "g.csv", "digest": "sha256:" + hashlib.sha256(data).hexdigest()}
        release["spec"]["fairness"] = {"protectedAttributes": ["sex"], "evidence": [named]}
    facts = collect(request(made[1], {"g.csv": now}, base={"g.csv": before}, previous=made[0])).facts
    female, male, nobody = groups_of({"fairness": facts})
    assert (female.name, female.previous, female.turn) == ("female (sex, 400 people)", 0.8, "worse")
    assert female.value == pytest.approx(0.7)
    assert female.interval is not None
    assert female.interval[0] < 0.7 < female.interval[1]
    assert (male.value, male.interval) == (1, (1, 1))
    assert (nobody.name, nobody.value, nobody.interval) == ("nobody (sex, 0 people)", None, None)
    assert groups_of({}) == ()

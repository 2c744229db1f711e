"""Facts of cost: a week beside its budget, a thousand inferences beside the previous release."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from changegate.evidence.cost import collect
from changegate.resources import SCHEMAS
from support.rollouts import fraud
from support.trees import request

SCHEMA = json.loads((SCHEMAS / "input" / "cost.json").read_text())


def release(cost: Any, rate: Any = 220) -> dict[str, Any]:
    made = fraud()
    made["spec"]["serving"]["requestsPerSecond"] = rate
    if rate is None:
        del made["spec"]["serving"]["requestsPerSecond"]
    return made if cost is None else {**made, "spec": {**made["spec"], "cost": cost}}


def checked(cost: Any, rate: Any = 220, previous: Any = None) -> tuple[Any, Any]:
    section = collect(request(release(cost, rate), previous=previous))
    for name, value in (("evidence", section.evidence), ("facts", section.facts)):
        jsonschema.Draft202012Validator({**SCHEMA, "$ref": f"#/$defs/{name}"}).validate(value)
        json.dumps(value, allow_nan=False)
    return section.evidence, section.facts


def test_a_week_beside_its_budget() -> None:
    evidence, facts = checked({"perThousandInferences": 0.004, "weeklyBudget": 900})
    assert evidence["status"] == "present"
    assert evidence["traffic"] == {"status": "present", "requestsPerSecond": 220}
    assert facts == {
        "block": "present",
        "stated": True,
        "budgetStated": True,
        "perThousandInferences": 0.004,
        "weeklyBudget": 900,
        "weeklyCost": 532.224,
        "budgetShareRatio": 0.59136,
    }


def test_exactly_the_budget_is_a_share_of_one() -> None:
    assert 0.021 * 70 * 604_800 / 1000 / 889.056 > 1  # in binary fractions
    assert checked({"perThousandInferences": 0.021, "weeklyBudget": 889.056}, 70)[1]["budgetShareRatio"] == 1


@given(
    st.decimals("0.001", "1000", places=3).map(float),
    st.decimals("0.1", "10000", places=1).map(float),
)
def test_a_budget_of_what_a_week_costs_is_used_up_exactly(per_thousand: float, rate: float) -> None:
    cost = checked({"perThousandInferences": per_thousand}, rate)[1]["weeklyCost"]
    assert checked({"perThousandInferences": per_thousand, "weeklyBudget": cost}, rate)[1]["budgetShareRatio"] == 1


@pytest.mark.parametrize("rate", [None, True, "220", float("nan"), float("inf"), 10**400])
def test_unknown_traffic_has_a_reason_and_no_week(rate: Any) -> None:
    evidence, facts = checked({"perThousandInferences": 0.004, "weeklyBudget": 900}, rate)
    reason = "the manifest declares no `serving.requestsPerSecond`, so nobody can tell what a week costs"
    assert evidence["traffic"] == {"status": "absent", "reason": reason}
    assert not {"weeklyCost", "budgetShareRatio"} & facts.keys()


@pytest.mark.parametrize(("per_thousand", "share"), [(0, 0), (0.004, None)])
def test_a_budget_of_nothing(per_thousand: float, share: float | None) -> None:
    facts = checked({"perThousandInferences": per_thousand, "weeklyBudget": 0})[1]
    assert facts["budgetStated"]
    assert facts.get("budgetShareRatio") == share


def test_no_traffic_costs_nothing() -> None:
    assert checked({"perThousandInferences": 5, "weeklyBudget": 1}, 0)[1]["budgetShareRatio"] == 0


@pytest.mark.parametrize(
    ("cost", "block", "reason"),
    [
        (None, "absent", "the manifest has no `cost`"),
        ({"notApplicable": "devices pay"}, "not-applicable", "devices pay"),
    ],
)
def test_no_block(cost: Any, block: str, reason: str) -> None:
    evidence, facts = checked(cost)
    assert (evidence["status"], evidence["reason"]) == ("absent", reason)
    assert facts == {"block": block, "stated": False, "budgetStated": False}


@pytest.mark.parametrize("value", [True, "1", float("nan"), float("inf"), 10**400])
def test_what_is_no_number_is_not_stated(value: Any) -> None:
    facts = checked({"perThousandInferences": value, "weeklyBudget": value})[1]
    assert facts == {"block": "present", "stated": False, "budgetStated": False}


def test_a_cost_beyond_all_bounds_is_left_out() -> None:
    facts = checked({"perThousandInferences": 1e308, "weeklyBudget": 5e-324}, 1e308)[1]
    assert not {"weeklyCost", "budgetShareRatio"} & facts.keys()


@pytest.mark.parametrize(
    ("before", "now", "ratio"),
    [(0.004, 0.004, 1), (0.1, 0.3, 3), (0.2, 0.1, 0.5), (0, 0, 1), (0.5, 0, 0), (0, 0.5, None)],
)
def test_growth(before: float, now: float, ratio: float | None) -> None:
    previous = release({"perThousandInferences": before})
    evidence, facts = checked({"perThousandInferences": now}, previous=previous)
    assert evidence["growth"] == {"status": "present"}
    assert (facts["previousPerThousandInferences"], facts.get("growthRatio")) == (before, ratio)


@pytest.mark.parametrize("before", [None, {"weeklyBudget": 5}, {"notApplicable": "devices pay"}])
def test_a_previous_release_without_a_cost_has_nothing_to_grow_from(before: Any) -> None:
    evidence, facts = checked({"perThousandInferences": 1}, previous=release(before))
    assert evidence["growth"]["status"] == "absent"
    assert not {"growthRatio", "previousPerThousandInferences"} & facts.keys()


@pytest.mark.parametrize("now", [None, {"weeklyBudget": 5}, {"notApplicable": "devices pay"}])
def test_a_cost_that_is_stated_no_more_cannot_be_compared(now: Any) -> None:
    evidence, facts = checked(now, previous=release({"perThousandInferences": 1}))
    assert evidence["growth"]["status"] == "invalid"
    assert "growthRatio" not in facts


def test_another_currency_cannot_be_compared() -> None:
    previous = release({"perThousandInferences": 1, "currency": "EUR"})
    evidence, facts = checked({"perThousandInferences": 1, "currency": "USD"}, previous=previous)
    assert evidence["growth"] == {"status": "invalid", "reason": "the cost was stated in EUR and is in USD now"}
    assert "growthRatio" not in facts


def test_a_currency_that_is_stated_on_one_side_only_is_no_other() -> None:
    previous = release({"perThousandInferences": 1})
    evidence, facts = checked({"perThousandInferences": 2, "currency": "USD"}, previous=previous)
    assert (evidence["growth"]["status"], facts["growthRatio"]) == ("present", 2)

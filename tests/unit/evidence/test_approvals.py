"""Approvals by role: who has approved, and who still could."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from changegate.approvals.reviews import Reviews
from changegate.evidence.approvals import collect, distinct_people, people
from changegate.policy.teams import Teams
from changegate.resources import SCHEMAS
from support.rollouts import fraud
from support.trees import request

SCHEMA = json.loads((SCHEMAS / "input" / "approvals.json").read_text())
TEAMS = Teams(
    teams={"payments-ml": ("ana", "bo", "mira"), "risk-office": ("cy", "dee"), "empty": ()},
    roles={"validator": ("risk-office", "payments-ml"), "gone": ("dissolved",)},
)
REVIEWS = Reviews(
    "present",
    approved=("ana", "cy", "zoe"),
    ages=(("ana", 60), ("cy", None)),
    carried=(("cy", "c" * 40),),
    stale=("bo",),
    stale_reasons=("since bbb the change has another a.yaml",),
    changes_requested=("dee",),
    excluded=("kim", "mira"),
    merges=("d" * 40,),
)


def counted(reviews: Reviews = REVIEWS, teams: Teams = TEAMS, owner: str = "payments-ml") -> tuple[Any, Any]:
    section = people(reviews, teams, owner)
    for name, value in (("evidence", section.evidence), ("facts", section.facts)):
        jsonschema.Draft202012Validator({**SCHEMA, "$ref": f"#/$defs/{name}"}).validate(value)
        json.dumps(value, allow_nan=False)
    return section.evidence, section.facts


def test_approvals_by_role() -> None:
    evidence, facts = counted()
    none: dict[str, list[str]] = {"staleBy": [], "unclearBy": []}
    earlier = {"staleBy": ["bo"], "unclearBy": []}
    payments = {"members": ["ana", "bo", "mira"], "approvedBy": ["ana"], "candidates": ["bo"], **earlier}
    assert evidence == {"status": "present"}
    assert facts == {
        "changesRequestedBy": ["dee"],
        "carried": [{"login": "cy", "commit": "c" * 40}],
        "mergesOfBase": ["d" * 40],
        "staleBy": ["bo"],
        "staleBecause": ["since bbb the change has another a.yaml"],
        "unclearBecause": "",
        "ageSeconds": {"ana": 60},
        "undated": ["cy"],
        "signedBy": [],
        "roles": {
            "payments-ml": payments,
            "owner": payments,
            "risk-office": {"members": ["cy", "dee"], "approvedBy": ["cy"], "candidates": ["dee"], **none},
            "validator": {
                "members": ["ana", "bo", "cy", "dee", "mira"],
                "approvedBy": ["ana", "cy"],
                "candidates": ["bo", "dee"],
                **earlier,
            },
        },
    }


def test_whose_approval_cannot_be_compared_may_approve_again() -> None:
    _, facts = counted(Reviews("present", unclear=("bo",), unclear_reason="the commit is not in this clone"))
    assert facts["unclearBecause"] == "the commit is not in this clone"
    assert facts["roles"]["payments-ml"]["unclearBy"] == ["bo"]
    assert "bo" in facts["roles"]["payments-ml"]["candidates"]


def test_who_takes_part_is_no_candidate() -> None:
    _, facts = counted(Reviews("present", excluded=("ana", "bo")))
    assert facts["roles"]["payments-ml"]["candidates"] == ["mira"]


def test_an_approval_of_a_stranger_counts_for_no_role() -> None:
    _, facts = counted()
    assert not any("zoe" in role["approvedBy"] for role in facts["roles"].values())


def test_a_role_without_people_is_left_out() -> None:
    _, facts = counted()
    assert {"empty", "gone"} & facts["roles"].keys() == set()


@pytest.mark.parametrize("owner", ["", "unknown", "empty", "Payments-ML"])
def test_an_owner_of_whom_nobody_is_known(owner: str) -> None:
    _, facts = counted(owner=owner)
    assert "owner" not in facts["roles"]


def test_a_team_that_is_called_owner_is_not_the_owner() -> None:
    teams = Teams(teams={"owner": ("eve",), "payments-ml": ("ana",)})
    _, facts = counted(Reviews("present", approved=("ana", "eve")), teams)
    assert facts["roles"]["owner"]["approvedBy"] == ["ana"]
    _, facts = counted(Reviews("present", approved=("eve",)), teams, owner="")
    assert "owner" not in facts["roles"]


@pytest.mark.parametrize("status", ["invalid", "unavailable"])
def test_reviews_that_are_not_there(status: str) -> None:
    evidence, facts = counted(Reviews(status, "because"))
    assert evidence == {"status": status, "reason": "because"}
    assert facts["changesRequestedBy"] == facts["staleBy"] == []
    assert facts["roles"]["risk-office"]["approvedBy"] == []
    assert facts["roles"]["risk-office"]["candidates"] == ["cy", "dee"]


def test_without_teams_there_are_no_roles() -> None:
    _, facts = counted(teams=Teams())
    assert facts["roles"] == {}


def test_the_owner_is_the_releases() -> None:
    release = fraud()
    section = collect(request(release, reviews=REVIEWS, teams=TEAMS))
    assert section.facts["roles"]["owner"]["members"] == ["ana", "bo", "mira"]
    release["metadata"]["owner"] = "risk-office"
    section = collect(request(release, reviews=REVIEWS, teams=TEAMS))
    assert section.facts["roles"]["owner"]["members"] == ["cy", "dee"]


# One person for one role


@pytest.mark.parametrize(
    ("demands", "by_role", "found"),
    [
        ([], {}, []),
        ([("a", 1)], {}, [[]]),
        ([("a", 1), ("b", 1)], {"a": ["x"], "b": ["x"]}, [["x"], []]),
        ([("a", 1), ("b", 1)], {"a": ["x", "y"], "b": ["x"]}, [["y"], ["x"]]),
        ([("a", 2), ("b", 1)], {"a": ["x", "y", "z"], "b": ["x", "y"]}, None),
        ([("a", 1), ("b", 1), ("c", 1)], {"a": ["x", "y"], "b": ["y", "z"], "c": ["z"]}, [["x"], ["y"], ["z"]]),
        ([("a", 1), ("a", 1)], {"a": ["x"]}, [["x"], []]),
        # whoever comes first is taken where the others do not need them
        ([("a", 1)], {"a": ["recent", "old"]}, [["recent"]]),
    ],
)
def test_each_person_stands_for_one_demand(demands: Any, by_role: Any, found: Any) -> None:
    given = distinct_people([{"role": role, "count": count} for role, count in demands], by_role)
    people = [person for some in given for person in some]
    assert len(people) == len(set(people))
    if found is None:
        assert [len(some) for some in given] == [count for _, count in demands]
    else:
        assert given == found

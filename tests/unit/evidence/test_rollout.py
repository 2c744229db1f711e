"""Facts of a rollout and of its drill."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import jsonschema
import pytest

from changegate.evidence.rollout import collect
from changegate.resources import SCHEMAS
from support.records import replace
from support.rollouts import fraud
from support.trees import request

DRILL = {
    "model": "fraud-detector",
    "performedAt": "2026-10-30T09:00:00Z",
    "from": "2.3.1",
    "to": "2.3.0",
    "durationSeconds": 412,
    "outcome": "succeeded",
}
PATH = "evidence/rollback-drill.json"
SCHEMA = json.loads((SCHEMAS / "input" / "rollout.json").read_text())


def checked(release: dict[str, Any], files: dict[str, bytes] | None = None, **more: Any) -> tuple[Any, Any]:
    settings = more.pop("settings", {})
    section = collect(replace(request(release, files, **more), settings=settings))
    for name, value in (("evidence", section.evidence), ("facts", section.facts)):
        jsonschema.Draft202012Validator({**SCHEMA, "$ref": f"#/$defs/{name}"}).validate(value)
        json.dumps(value, allow_nan=False)
    return section.evidence, section.facts


def drilled(data: bytes, digest: str | None = None) -> tuple[Any, Any]:
    digest = digest or "sha256:" + hashlib.sha256(data).hexdigest()
    rollback = {"to": "2.3.1", "automatic": True, "drill": {"path": PATH, "digest": digest}}
    return checked(fraud(rollback=rollback), {PATH: data})


def test_a_canary_in_numbers() -> None:
    evidence, facts = checked(fraud(shadow={"percent": 50, "duration": "1h"}))
    assert evidence["traffic"] == {"status": "present", "requestsPerSecond": 220}
    assert evidence["drill"]["status"] == "absent"
    assert facts["steps"][1] == {
        "weightPercent": 25,
        "sharePercent": 25,
        "risePercent": 20,
        "bakeSeconds": 1800,
        "full": False,
        "expectedRequestsCount": 99000,
        "requiredRequestsCount": 2016,
        "sizedBy": "error-rate",
    }
    assert facts["steps"][3] == {
        "weightPercent": 100,
        "sharePercent": 100,
        "risePercent": 50,
        "bakeSeconds": 0,
        "full": True,
        "expectedRequestsCount": 0,
    }
    assert (facts["gradual"], facts["endsAtFull"], facts["sample"], facts["totalBakeSeconds"]) == (
        True,
        True,
        "sized",
        7200,
    )
    assert facts["shadow"] == {"stated": True, "percent": 50, "durationSeconds": 3600}
    assert facts["rollback"] == {
        "stated": True,
        "automatic": True,
        "to": "2.3.1",
        "own": False,
        "targetKnown": True,
        "withinStated": False,
        "withinSeconds": 1800,
    }


@pytest.mark.parametrize(
    ("version", "before", "known"),
    [
        ("2.3.1", {}, True),
        ("2.4.0", {"rollback": {"to": "2.3.1"}}, True),
        ("2.4.0", {"rollback": {"automatic": True}}, False),
        ("2.4.0", {"rollback": {"to": "2.4.0"}}, False),
        ("2.4.0", {"notApplicable": "nothing is routed to it"}, False),
    ],
)
def test_whether_the_previous_release_tells_what_to_go_back_to(
    version: str, before: dict[str, Any], known: bool
) -> None:
    previous = {"spec": {"version": version, "rollout": before}}
    facts = collect(replace(request(fraud()), previous=previous)).facts
    assert facts["rollback"]["targetKnown"] is known


def test_the_power_that_the_settings_want_decides_the_sample() -> None:
    asked = replace(request(fraud()), settings={"rollout": {"power": 0.95}})
    assert collect(asked).facts["steps"][0]["requiredRequestsCount"] > 1679


def test_a_research_model_has_no_plan_and_says_so() -> None:
    release = fraud()
    del release["spec"]["rollout"], release["spec"]["slos"], release["spec"]["serving"]
    evidence, facts = checked(release)
    assert evidence["status"] == "absent"
    assert evidence["reason"] == "the manifest has no `rollout`"
    assert facts == {"plan": "absent", "batch": False, "served": []}


def test_not_applicable_keeps_its_reason() -> None:
    release = fraud()
    release["spec"]["rollout"] = {"notApplicable": "a nightly batch"}
    evidence, facts = checked(release)
    assert evidence["reason"] == "a nightly batch"
    assert (facts["plan"], "steps" in facts) == ("not-applicable", False)


def test_steps_that_fall_have_a_negative_rise() -> None:
    _, facts = checked(fraud(steps=[{"weight": 25, "bake": "1h"}, {"weight": 5, "bake": "1h"}]))
    assert [step["risePercent"] for step in facts["steps"]] == [25, -20]
    assert facts["endsAtFull"] is False


@pytest.mark.parametrize("strategy", ["blue-green", "replace"])
def test_strategies_that_move_all_at_once(strategy: str) -> None:
    _, facts = checked(fraud(strategy=strategy, steps=None))
    assert (facts["gradual"], facts["steps"], facts["endsAtFull"]) == (False, [], False)


def test_undeclared_traffic_and_no_objective_leave_counts_out() -> None:
    release = fraud()
    del release["spec"]["serving"]["requestsPerSecond"], release["spec"]["slos"]
    evidence, facts = checked(release)
    assert evidence["traffic"]["status"] == "absent"
    assert facts["sample"] == "no-objective"
    assert set(facts["steps"][0]) == {"weightPercent", "sharePercent", "risePercent", "bakeSeconds", "full"}


def test_a_drill_is_read() -> None:
    data = json.dumps(DRILL).encode()
    evidence, facts = drilled(data)
    assert evidence["drill"]["status"] == "present"
    assert evidence["drill"]["at"] == {"file": PATH, "revision": "head", "path": []}
    assert facts["drill"] == {"ageSeconds": 270_000, "durationSeconds": 412, "succeeded": True}


def test_a_drill_that_was_handed_in_has_no_place_in_the_repository(tmp_path: Any) -> None:
    data = json.dumps(DRILL).encode()
    (tmp_path / "drill.json").write_bytes(data)
    digest = "sha256:" + hashlib.sha256(data).hexdigest()
    rollback = {"to": "2.3.1", "drill": {"uri": "s3://drills/1", "digest": digest}}
    evidence, facts = checked(fraud(rollback=rollback), handed_in=tmp_path)
    assert evidence["drill"]["status"] == "present"
    assert "at" not in evidence["drill"]
    assert facts["drill"]["succeeded"] is True


def test_a_remote_drill_is_unavailable_and_a_lost_one_absent() -> None:
    remote, _ = checked(fraud(rollback={"to": "1", "drill": {"uri": "s3://drills/1", "digest": "sha256:" + "0" * 64}}))
    assert remote["drill"]["status"] == "unavailable"
    lost, _ = checked(fraud(rollback={"to": "1", "drill": {"path": PATH, "digest": "sha256:" + "0" * 64}}))
    assert lost["drill"]["status"] == "absent"


def test_a_wrong_digest_is_invalid() -> None:
    evidence, facts = drilled(json.dumps(DRILL).encode(), "sha256:" + "0" * 64)
    assert evidence["drill"]["status"] == "invalid"
    assert "digest" in evidence["drill"]["reason"]
    assert "drill" not in facts


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"model": "other"}, "`model` is not fraud-detector"),
        ({"performedAt": "2026-11-03T00:00:00Z"}, "lies in the future"),
        ({"performedAt": "2026-10-30"}, "not a time that exists"),
        ({"performedAt": "2026-13-30T09:00:00Z"}, "not a time that exists"),
        ({"performedAt": "9999-12-31T23:59:59-23:59"}, "lies in the future"),
        ({"performedAt": 1}, "not a time that exists"),
        ({"durationSeconds": "412"}, "not a number of seconds"),
        ({"durationSeconds": True}, "not a number of seconds"),
        ({"durationSeconds": -1}, "not a number of seconds"),
        ({"durationSeconds": float("nan")}, "not a number of seconds"),
        ({"durationSeconds": 10**400}, "not a number of seconds"),
        ({"outcome": "ok"}, "neither succeeded nor failed"),
        ({"outcome": ["succeeded"]}, "neither succeeded nor failed"),
    ],
)
def test_a_drill_that_cannot_be_right_is_invalid(change: dict[str, Any], says: str) -> None:
    evidence, facts = drilled(json.dumps({**DRILL, **change}).encode())
    assert evidence["drill"]["status"] == "invalid"
    assert says in evidence["drill"]["reason"]
    assert "drill" not in facts


@pytest.mark.parametrize(
    ("declared", "digest", "was", "status"),
    [
        ("fraud-detector", "1", "fraud-detector", "present"),
        ("fraud-detector", "1", "fraud-scorer", "present"),
        (None, "1", "fraud-detector", "invalid"),
        ("fraud-detector", "2", "fraud-detector", "invalid"),
        ("fraud-detector", None, "fraud-detector", "invalid"),
        ("fraud-detector", "1", "another", "invalid"),
        ("another", "1", "another", "invalid"),
    ],
)
def test_a_drill_of_the_old_name_counts_after_a_rename_that_kept_the_artifacts(
    declared: str | None, digest: str | None, was: str, status: str
) -> None:
    """`declared` is what `replaces` says, `digest` the artifact's now (it was 1), `was` the name at the base."""
    data = json.dumps(DRILL).encode()
    named = {"path": PATH, "digest": "sha256:" + hashlib.sha256(data).hexdigest()}
    release, before = fraud(rollback={"to": "2.3.1", "drill": named}), fraud()
    release["metadata"] |= {"name": "fraud-scorer", **({"replaces": declared} if declared else {})}
    before["metadata"]["name"] = was
    for one, digits in ((release, digest), (before, "1" if digest else None)):
        artifact = one["spec"]["artifacts"][0]
        artifact.pop("digest", None)
        if digits:
            artifact["digest"] = f"sha256:{digits * 64}"
    evidence, _ = checked(release, {PATH: data}, previous=before)
    assert evidence["drill"]["status"] == status


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{", b"\xff\xfe", b'{"a": 1, "a": 2}', b"[" * 100_000, b'{"n": ' + b"9" * 5000 + b"}"]
)
def test_hostile_drills_are_invalid(data: bytes) -> None:
    evidence, _ = drilled(data)
    assert evidence["drill"]["status"] == "invalid"


def edited(change: dict[str, Any], **rollout: Any) -> dict[str, Any]:
    release = fraud(**rollout)
    serving = release["spec"]["serving"]
    for key, value in change.items():
        serving[key] = value
        if value is None:
            del serving[key]
    return release


def test_without_a_router_the_shares_are_those_of_the_pods() -> None:
    settings = {"rollout": {"trafficRouter": "none"}}
    _, facts = checked(edited({"replicas": 1}), settings=settings)
    assert facts["shares"] == "pods"
    assert [(step["sharePercent"], step["risePercent"]) for step in facts["steps"]] == [
        (50, 50),
        (50, 0),
        (50, 0),
        (100, 50),
    ]
    _, facts = checked(edited({"replicas": 6}), settings=settings)
    assert facts["steps"][0]["sharePercent"] == pytest.approx(14.285714286)


@pytest.mark.parametrize("replicas", [None, 0])
def test_pods_that_nobody_counts_leave_the_shares_unknown(replicas: int | None) -> None:
    release = edited({} if replicas is None else {"replicas": replicas})
    _, facts = checked(release, settings={"rollout": {"trafficRouter": "none"}})
    assert facts["shares"] == "unknown"
    assert "sharePercent" not in facts["steps"][0]
    assert "expectedRequestsCount" not in facts["steps"][0]
    assert [step["risePercent"] for step in facts["steps"]] == [5, 20, 25, 50]


def test_a_router_takes_weights_as_they_are() -> None:
    _, facts = checked(edited({"replicas": 1}), settings={"rollout": {"trafficRouter": "nginx"}})
    assert (facts["shares"], facts["steps"][0]["sharePercent"]) == ("weights", 5)


MOVES = "traffic that moves"
SHADOW = {"percent": 100, "duration": "1h"}


@pytest.mark.parametrize(
    ("rollout", "block", "stated"),
    [
        ({"strategy": "shadow"}, "shadow", False),
        ({"strategy": "shadow", "shadow": SHADOW}, "shadow", True),
        ({"strategy": "feature-locked"}, "featureSwitch", False),
        ({"strategy": "feature-locked", "featureSwitch": {"pipeline": "p", "version": "1"}}, "featureSwitch", True),
        ({"strategy": "edge-staged", "cohorts": []}, "cohorts", False),
        ({"strategy": "edge-staged", "cohorts": [{"name": "all"}]}, "cohorts", True),
        ({"strategy": "tiered"}, "tiers", False),
        ({"strategy": "tiered", "tiers": [{"name": "a", "model": "a"}]}, "tiers", True),
        ({"strategy": "ab"}, "ab", False),
        ({"strategy": "ab", "ab": {"hypothesis": "x"}}, "ab", True),
        ({"strategy": "blue-green", "steps": [{"weight": 100}]}, "steps", False),
        ({"strategy": "blue-green", "steps": None}, "steps", False),
        ({"strategy": "blue-green", "steps": [{"weight": 100, "bake": "1h"}]}, "steps", True),
    ],
)
def test_what_a_strategy_is_nothing_without(rollout: dict[str, Any], block: str, stated: bool) -> None:
    _, facts = checked(fraud(**rollout))
    assert facts["needs"] == [{"block": block, "stated": stated}]


@pytest.mark.parametrize("strategy", ["canary", "replace", None])
def test_other_strategies_need_no_block(strategy: str | None) -> None:
    assert checked(fraud(strategy=strategy))[1]["needs"] == []


def test_shares_of_tiers_and_cohorts_are_added_up_without_the_faults_of_floats() -> None:
    tiers = [{"name": str(share), "model": "m", "share": share} for share in (0.1, 0.2, 0.7)]
    cohorts = [{"name": "a", "percent": 70}, {"name": "b", "percent": 40.5}, {"name": "c"}]
    _, facts = checked(fraud(tiers=tiers, cohorts=cohorts))
    assert facts["divisions"] == [
        {"of": "tiers", "totalPercent": 100, "place": {"path": ["spec", "rollout", "tiers"]}},
        {"of": "cohorts", "totalPercent": 110.5, "place": {"path": ["spec", "rollout", "cohorts"]}},
    ]
    assert checked(fraud())[1]["divisions"] == []


@pytest.mark.parametrize(
    ("serving", "rollout", "claims"),
    [
        ({}, {}, ["an endpoint", "requests per second", MOVES]),
        ({"endpoint": None, "requestsPerSecond": 0}, {"strategy": "replace", "steps": None}, []),
        ({"endpoint": None, "requestsPerSecond": None}, {"strategy": "replace"}, [MOVES]),
        ({"endpoint": None}, {"strategy": None, "steps": None, "shadow": SHADOW}, ["requests per second", MOVES]),
        ({"requestsPerSecond": None}, {"strategy": "replace", "steps": None}, ["an endpoint"]),
    ],
)  # fmt: skip
def test_what_only_a_release_that_answers_requests_says(
    serving: dict[str, Any], rollout: dict[str, Any], claims: list[str]
) -> None:
    _, facts = checked(edited({"platform": "batch", **serving}, **rollout))
    assert facts["batch"] is True
    assert [one["claim"] for one in facts["served"]] == claims


def test_a_batch_job_without_a_plan_is_looked_at_as_well() -> None:
    release = edited({"platform": "batch"})
    release["spec"]["rollout"] = {"notApplicable": "a nightly batch"}
    _, facts = checked(release)
    assert [one["place"]["path"] for one in facts["served"]] == [
        ["spec", "serving", "endpoint"],
        ["spec", "serving", "requestsPerSecond"],
    ]


def test_a_way_back_to_itself_and_its_own_time() -> None:
    _, facts = checked(fraud(rollback={"to": "2.4.0", "within": "6h"}))
    rollback = facts["rollback"]
    assert (rollback["own"], rollback["withinStated"], rollback["withinSeconds"]) == (True, True, 21_600)

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
    section = collect(request(release, files, **more))
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
        "risePercent": 20,
        "bakeSeconds": 1800,
        "full": False,
        "expectedRequestsCount": 99000,
        "requiredRequestsCount": 2016,
        "sizedBy": "error-rate",
    }
    assert facts["steps"][3] == {
        "weightPercent": 100,
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
    assert facts["rollback"] == {"stated": True, "automatic": True, "to": "2.3.1"}


def test_the_power_that_the_settings_want_decides_the_sample() -> None:
    asked = replace(request(fraud()), settings={"rollout": {"power": 0.95}})
    assert collect(asked).facts["steps"][0]["requiredRequestsCount"] > 1679


def test_a_research_model_has_no_plan_and_says_so() -> None:
    release = fraud()
    del release["spec"]["rollout"], release["spec"]["slos"], release["spec"]["serving"]
    evidence, facts = checked(release)
    assert evidence["status"] == "absent"
    assert evidence["reason"] == "the manifest has no `rollout`"
    assert facts == {"plan": "absent"}


def test_not_applicable_keeps_its_reason() -> None:
    release = fraud()
    release["spec"]["rollout"] = {"notApplicable": "a nightly batch"}
    evidence, facts = checked(release)
    assert evidence["reason"] == "a nightly batch"
    assert facts == {"plan": "not-applicable"}


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
    assert set(facts["steps"][0]) == {"weightPercent", "risePercent", "bakeSeconds", "full"}


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
    "data", [b"", b"[]", b"{", b"\xff\xfe", b'{"a": 1, "a": 2}', b"[" * 100_000, b'{"n": ' + b"9" * 5000 + b"}"]
)
def test_hostile_drills_are_invalid(data: bytes) -> None:
    evidence, _ = drilled(data)
    assert evidence["drill"]["status"] == "invalid"

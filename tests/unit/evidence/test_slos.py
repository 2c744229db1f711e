"""Facts of service-level objectives."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from changegate.evidence.slos import collect
from changegate.resources import SCHEMAS
from support.rollouts import fraud
from support.trees import request

SCHEMA = json.loads((SCHEMAS / "input" / "slos.json").read_text())


def checked(slos: Any, previous: Any = None) -> tuple[Any, Any]:
    release = fraud()
    release["spec"]["slos"] = slos
    if slos is None:
        del release["spec"]["slos"]
    section = collect(request(release, previous=previous))
    for name, value in (("evidence", section.evidence), ("facts", section.facts)):
        jsonschema.Draft202012Validator({**SCHEMA, "$ref": f"#/$defs/{name}"}).validate(value)
        json.dumps(value, allow_nan=False)
    return section.evidence, section.facts


def test_objectives_in_numbers() -> None:
    evidence, facts = checked(fraud()["spec"]["slos"])
    assert evidence == {"status": "present"}
    assert facts["kinds"] == ["errors", "latency"]
    assert facts["slos"] == [
        {
            "name": "latency-p95",
            "kind": "latency",
            "objectiveRatio": 0.95,
            "budgetRatio": 0.05,
            "thresholdMs": 300,
            "windowSeconds": 2_592_000,
            "budgetSeconds": 129_600,
        },
        {
            "name": "error-rate",
            "kind": "errors",
            "objectiveRatio": 0.999,
            "budgetRatio": 0.001,
            "windowSeconds": 2_592_000,
            "budgetSeconds": 2592,
        },
    ]


def test_the_previous_objective_of_the_same_name_stands_beside_it() -> None:
    _, facts = checked([{"name": "latency-p95", "thresholdMs": 400, "objective": 0.95}], previous=fraud())
    assert facts["slos"][0]["previous"]["thresholdMs"] == 300


@pytest.mark.parametrize(("name", "share"), [("latency-p95", 0.95), ("p999", 0.999), ("p50", 0.5)])
def test_the_quantile_of_a_name_counts_where_no_objective_is_stated(name: str, share: float) -> None:
    _, facts = checked([{"name": name, "thresholdMs": 300}])
    assert facts["slos"][0]["objectiveRatio"] == share


@pytest.mark.parametrize("name", ["latency", "p00", "latency-p9", "p999999"])
def test_a_name_without_a_quantile_leaves_the_objective_out(name: str) -> None:
    _, facts = checked([{"name": name, "thresholdMs": 300}])
    assert "objectiveRatio" not in facts["slos"][0]


@pytest.mark.parametrize(
    ("name", "kind"), [("error-rate", "errors"), ("availability", "errors"), ("success", "errors"), ("fresh", "other")]
)
def test_kinds_by_name(name: str, kind: str) -> None:
    _, facts = checked([{"name": name, "objective": 0.9}])
    assert facts["kinds"] == [kind]


@pytest.mark.parametrize(
    ("slos", "block", "reason"),
    [
        (None, "absent", "the manifest has no `slos`"),
        ([], "absent", "the manifest has no `slos`"),
        ({"notApplicable": "nobody waits"}, "not-applicable", "nobody waits"),
    ],
)
def test_no_objectives(slos: Any, block: str, reason: str) -> None:
    evidence, facts = checked(slos)
    assert evidence == {"status": "absent", "reason": reason}
    assert facts == {"block": block, "slos": [], "kinds": []}


@pytest.mark.parametrize("value", [0, -1, 2, True, "0.9", float("nan"), 10**400])
def test_an_objective_that_is_no_share_is_left_out(value: Any) -> None:
    _, facts = checked([{"name": "error-rate", "objective": value, "window": "soon"}])
    assert facts["slos"] == [{"name": "error-rate", "kind": "errors"}]

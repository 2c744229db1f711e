"""Facts about risk: what an author does not say is the worst, unless it is research."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from changegate.evidence.risk import RESEARCH, WORST, collect
from changegate.resources import SCHEMAS
from support.trees import request

SCHEMA = json.loads((SCHEMAS / "input" / "risk.json").read_text())


def facts(risk: dict[str, Any] | None, previous: dict[str, Any] | None = None, **more: Any) -> Any:
    def manifest(claims: dict[str, Any] | None) -> dict[str, Any]:
        spec = {"version": "1.0.0", **({} if claims is None else {"risk": claims})}
        return {"metadata": {"name": "x", "owner": "y"}, "spec": spec}

    before = None if previous is None else manifest(previous)
    section = collect(request(manifest(risk), previous=before, **more))
    for name, value in (("evidence", section.evidence), ("facts", section.facts)):
        jsonschema.Draft202012Validator({**SCHEMA, "$ref": f"#/$defs/{name}"}).validate(value)
    return section.facts


@pytest.mark.parametrize("said", [None, {}, {"tier": "critical"}])
def test_what_is_not_said_is_the_worst(said: dict[str, Any] | None) -> None:
    found = facts(said)
    assert found["claims"] == WORST
    assert found["unstated"] == sorted(WORST.keys() - (said or {}).keys())


def test_research_need_not_say_it() -> None:
    found = facts({"tier": "low", "exposure": "research"})
    assert found["claims"] == {**RESEARCH, "tier": "low", "exposure": "research"}
    assert found["unstated"] == []


def test_what_research_says_counts() -> None:
    found = facts({"exposure": "research", "safetyCritical": True})
    assert found["claims"]["safetyCritical"] is True
    assert (found["claims"]["tier"], found["unstated"]) == ("critical", ["tier"])


def test_the_previous_claims_and_the_inventory_stand_beside_it() -> None:
    found = facts({"tier": "low"}, {"tier": "high", "exposure": "research"}, inventory={"tier": "medium"})
    assert found["previous"]["tier"] == "high"
    assert found["inventory"] == {"tier": "medium"}

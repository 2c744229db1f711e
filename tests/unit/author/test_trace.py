"""A trace says why a rule fired or did not, and adds up to what the rule comes to: for every rule and many inputs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from changegate.author.reports.trace import render
from changegate.author.trace import HELD, NOT_REACHED, STOPPED, UNDEFINED, Trace, Traced, trace
from changegate.author.worker import load_policies
from changegate.policy.catalogue import Catalogue
from changegate.rego.bundle import shipped
from support.writing import bundle

POLICY = """
    package team

    outcome["bake"] := {"outcome": "not-applicable", "reason": "research"} if {
        input.tier == "low"
    }

    else := {"outcome": "passed"} if {
        count(input.steps) > 0
        every step in input.steps { step.bake >= input.settings.rollout.minimum }
    }

    else := {"outcome": "failed", "violations": short} if {
        some step in input.steps
        step.bake < 10
        is_asked
    }

    else := {"outcome": "failed", "violations": input.nowhere} if input.steps

    else := {"outcome": "unknown", "reason": "no steps"}

    short contains {"path": ["steps", index], "details": {}} if {
        some index, step in input.steps
        step.bake < 10
    }

    is_asked if input.asked == true

    is_asked if input.asked == "yes"
    """


def traced(document: dict[str, Any]) -> Trace:
    return trace(bundle(team=POLICY), Traced("team", "outcome", "bake"), document, "own/team/bake")


def statuses(found: Trace) -> list[str]:
    (chain,) = found.chains
    return [step.status for step in chain]


SETTINGS = {"rollout": {"minimum": 10}}


def test_the_first_branch_that_holds_ends_the_chain() -> None:
    found = traced({"tier": "high", "steps": [{"bake": 20}], "settings": SETTINGS})
    assert statuses(found) == [STOPPED, HELD, NOT_REACHED, NOT_REACHED, NOT_REACHED]
    (chain,) = found.chains
    assert chain[1].value == {"outcome": "passed"} == found.value
    assert [(path.path, path.value) for path in chain[1].readings] == [
        ("input.settings.rollout.minimum", 10),
        ("input.steps", [{"bake": 20}]),
    ] or {path.path for path in chain[1].readings} == {"input.settings.rollout.minimum", "input.steps"}


def test_a_branch_that_does_not_hold_says_at_which_line_and_why() -> None:
    found = traced({"tier": "high", "steps": [{"bake": 5}], "settings": SETTINGS, "asked": False})
    (chain,) = found.chains
    assert [(line, word) for line, _, word in chain[2].statements] == [
        (13, "holds"),
        (14, "holds"),
        (15, "stops here"),
    ]
    assert chain[2].met == ("is_asked is undefined",)
    assert chain[3].status == UNDEFINED
    assert statuses(found) == [STOPPED, STOPPED, STOPPED, UNDEFINED, HELD]
    assert (found.error, found.value) == ("", {"outcome": "unknown", "reason": "no steps"})


def test_what_is_missing_from_the_input_is_told() -> None:
    found = traced({"steps": []})
    (chain,) = found.chains
    shown = render(found, "fraud-detector", "unknown", {})
    assert chain[0].met == ("left: input.tier is undefined",)
    assert "reads input.settings.rollout.minimum = missing" in shown


def test_helpers_are_shown_one_level_down_with_the_line_where_they_stop() -> None:
    found = traced({"tier": "high", "steps": [{"bake": 5}], "settings": SETTINGS, "asked": "no"})
    (chain,) = found.chains
    (helper,) = chain[2].helpers
    assert (helper.name, helper.is_missing, helper.place) == ("team.is_asked", True, "team.rego:27")
    assert helper.lines == (
        "line 27: stops at line 27, input.asked == true",
        '  left: input.asked is "no"',
        'line 29: stops at line 29, input.asked == "yes"',
        '  left: input.asked is "no"',
    )


def test_the_text_says_it_all_and_where_a_setting_stands() -> None:
    found = traced({"tier": "high", "steps": [{"bake": 5}], "settings": SETTINGS, "asked": True})
    shown = render(found, "fraud-detector", "failed", {"rollout.minimum": ".changegate/config.yaml:7"})
    assert shown.splitlines()[0] == "trace of own/team/bake for fraud-detector: failed"
    assert "reads input.settings.rollout.minimum = 10  (.changegate/config.yaml:7)" in shown
    assert 'not for 0 → {"bake": 5}' in shown
    assert "not reached: an earlier one ends the chain" in shown
    assert "rely on the gate" not in shown


def test_a_trace_that_does_not_add_up_says_so() -> None:
    found = traced({"tier": "low"})
    assert "rely on the gate" in render(found, "x", "failed", {})


def test_a_rule_of_conftest_has_a_chain_for_each_definition() -> None:
    policy = """
        package main

        deny contains msg if {
            input.kind == "A"
            msg := "no A"
        }

        deny contains "no B" if input.kind == "B"
        """
    found = trace(bundle(main=policy), Traced("main", "deny"), {"kind": "B"}, "own/main/deny")
    assert [[step.status for step in chain] for chain in found.chains] == [[STOPPED], [HELD]]
    assert found.value == ["no B"]


def test_hostile_values_are_escaped() -> None:
    found = traced({"tier": "\x1b[31m##[error]x", "steps": []})
    shown = render(found, "\x1b]0;", "", {})
    assert "\x1b" not in shown
    assert "##[" not in shown


# Our own rules

CATALOGUE = Catalogue.of(shipped())


def inputs() -> list[dict[str, Any]]:
    """Inputs of each kind that say little: every chain is walked to its later branches."""
    return [
        {"subject": {"kind": "release"}, "facts": {}, "evidence": {}, "settings": {}, "release": {"spec": {}}},
        {"subject": {"kind": "retirement"}, "facts": {"retirement": {"checked": True, "dependants": []}}},
        {"subject": {"kind": "change-set"}, "facts": {"control": {"checked": True, "changed": []}}, "settings": {}},
    ]


def evaluated(reference: str, document: dict[str, Any]) -> Any:
    """What the engine says of a whole rule."""
    engine = load_policies(shipped()).clone()
    engine.set_input_json(json.dumps(document))
    return json.loads(engine.eval_query_as_json(reference))["result"][0]["expressions"][0]["value"]


@pytest.mark.parametrize("rule", ["rollout/bake-too-short", "risk/previous-unreadable", "control/invalid"])
def test_traces_of_our_own_rules_add_up(rule: str) -> None:
    known = CATALOGUE.rule(rule)
    package = f"changegate.checks.{known.check}"
    for document in inputs():
        found = trace(shipped(), Traced(package, "outcome", rule), document, rule)
        outcome = evaluated(f"data.{package}.outcome", document)[rule]
        assert json.dumps(found.value, sort_keys=True) == json.dumps(outcome, sort_keys=True)
        assert "rely on the gate" not in render(found, "x", str(outcome["outcome"]), {})

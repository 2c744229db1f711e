"""Facts and rules fit together: one edit of a good manifest fires one rule, at its place."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
import regorus
import yaml

from changegate.evidence import rollout, slos
from changegate.evidence.risk import RESEARCH
from changegate.rego.bundle import shipped
from changegate.resources import REGO
from support.rollouts import FRAUD, fraud
from support.trees import request

DRILL = {
    "model": "fraud-detector",
    "performedAt": "2026-10-20T09:00:00Z",
    "durationSeconds": 412,
    "outcome": "succeeded",
}
FILE = "evidence/rollback-drill.json"
SETTINGS = yaml.safe_load((REGO / "changegate" / "settings.yaml").read_text())


def good(drill: dict[str, Any] | None = None) -> tuple[dict[str, Any], dict[str, bytes]]:
    data = json.dumps(drill or DRILL).encode()
    release = fraud()
    digest = "sha256:" + hashlib.sha256(data).hexdigest()
    release["spec"]["rollout"]["rollback"]["drill"] = {"path": FILE, "digest": digest}
    return release, {FILE: data}


def claims(tier: str) -> dict[str, Any]:
    """Claims from which nothing but the stated tier follows."""
    return {**RESEARCH, "tier": tier, "exposure": "research"}


def failures(release: dict[str, Any], files: dict[str, bytes], tier: str = "high", **more: Any) -> dict[str, Any]:
    """The rules that fail, each with the paths of its violations."""
    previous = more.pop("previous", {"status": "present", "release": older()})
    asked = request(release, files, previous=previous.get("release"))
    sections = {"rollout": rollout.collect(asked), "slos": slos.collect(asked)}
    document = {
        "release": release,
        "previous": previous,
        "change": {"operation": "update"},
        "settings": SETTINGS,
        "facts": {name: section.facts for name, section in sections.items()} | {"risk": {"claims": claims(tier)}},
        "evidence": {name: section.evidence for name, section in sections.items()},
    }
    engine = regorus.Engine()
    engine.add_policy_from_file(str(REGO / "changegate" / "risk.rego"))
    engine.add_policy_from_file(str(REGO / "changegate" / "lib" / "lib.rego"))
    found: dict[str, Any] = {}
    for check in sections:
        for module in shipped().modules:
            if module.name.startswith(f"changegate/checks/{check}/"):
                engine.add_policy(module.name, module.text)
        engine.add_policy("of.rego", f"package of.{check}\n\noutcomes := data.changegate.checks.{check}.outcome\n")
    engine.set_input_json(json.dumps(document))
    for check in sections:
        outcomes = json.loads(engine.eval_rule_as_json(f"data.of.{check}.outcomes"))
        assert all(outcome["outcome"] in {"passed", "failed", "not-applicable"} for outcome in outcomes.values())
        failed = {rule: outcome for rule, outcome in outcomes.items() if outcome["outcome"] == "failed"}
        found |= {rule: [place(one) for one in outcome["violations"]] for rule, outcome in failed.items()}
    return found


def place(violation: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(violation["path"]) if "path" in violation else (violation["at"]["file"], *violation["at"]["path"])


def older() -> dict[str, Any]:
    release = fraud()
    release["spec"]["version"] = "2.3.1"
    return release


def test_a_good_manifest_fires_nothing() -> None:
    assert failures(*good()) == {}
    assert failures(*good(), tier="medium") == {}


def test_a_step_without_a_bake_is_too_short_and_sees_nobody() -> None:
    release, files = good()
    del release["spec"]["rollout"]["steps"][1]["bake"]
    step = ("spec", "rollout", "steps", 1)
    assert failures(release, files) == {"rollout/bake-too-short": [step], "rollout/underpowered-step": [step]}


def test_a_critical_release_needs_more() -> None:
    release, files = good()
    assert set(failures(release, files, tier="critical")) == {"rollout/shadow-first", "rollout/bake-too-short"}
    release["spec"]["rollout"]["shadow"] = {"percent": 100, "duration": "1h"}
    release["spec"]["rollout"]["steps"] = [{"weight": 5, "bake": "1h"}, {"weight": 100}]
    assert failures(release, files, tier="critical") == {}


def test_a_research_model_of_low_tier_is_asked_for_nothing() -> None:
    release = fraud()
    release["spec"] = {"version": "0.1.0", "artifacts": FRAUD["spec"]["artifacts"]}
    assert failures(release, {}, tier="low", previous={"status": "absent", "reason": "none"}) == {}


def test_a_first_release_needs_no_way_back() -> None:
    release, _ = good()
    del release["spec"]["rollout"]["rollback"]
    assert failures(release, {}, previous={"status": "absent", "reason": "none"}) == {}


STEPS = ("spec", "rollout", "steps")
ROLLBACK = ("spec", "rollout", "rollback")


@pytest.mark.parametrize(
    ("path", "value", "rule", "where"),
    [
        (("spec", "rollout"), ..., "rollout/plan-missing", ("spec", "rollout")),
        (("spec", "rollout"), {"notApplicable": "x"}, "rollout/plan-missing", ("spec", "rollout")),
        (
            ("spec", "rollout", "strategy"),
            "replace",
            "rollout/strategy-unsuitable",
            ("spec", "rollout", "strategy"),
        ),
        ((*STEPS, 2, "weight"), 25, "rollout/steps-not-ascending", (*STEPS, 2)),
        ((*STEPS, 3), ..., "rollout/does-not-end-at-full", STEPS),
        ((*STEPS, 0, "weight"), 20, "rollout/first-step-too-large", (*STEPS, 0, "weight")),
        ((*STEPS, 1, "bake"), "10m", "rollout/bake-too-short", (*STEPS, 1)),
        (
            ("spec", "serving", "requestsPerSecond"),
            ...,
            "rollout/traffic-undeclared",
            ("spec", "serving", "requestsPerSecond"),
        ),
        (("spec", "serving", "requestsPerSecond"), 15, "rollout/underpowered-step", (*STEPS, 0)),
        (ROLLBACK, ..., "rollout/rollback-target-missing", (*ROLLBACK, "to")),
        ((*ROLLBACK, "to"), "2.2.0", "rollout/rollback-target-not-previous", (*ROLLBACK, "to")),
        ((*ROLLBACK, "to"), "2.4.0", "rollout/rollback-to-itself", (*ROLLBACK, "to")),
        ((*ROLLBACK, "within"), "6h", "rollout/rollback-too-slow", (*ROLLBACK, "within")),
        (("spec", "rollout", "strategy"), "tiered", "rollout/strategy-incomplete", ("spec", "rollout", "tiers")),
        (
            ("spec", "rollout", "tiers"),
            [{"name": "a", "model": "a", "share": 0.8}, {"name": "b", "model": "b", "share": 0.3}],
            "rollout/shares-exceed-all",
            ("spec", "rollout", "tiers"),
        ),
        ((*ROLLBACK, "automatic"), ..., "rollout/rollback-not-automatic", (*ROLLBACK, "automatic")),
        ((*ROLLBACK, "drill"), ..., "rollout/rollback-drill-missing", (*ROLLBACK, "drill")),
        (
            (*ROLLBACK, "drill", "digest"),
            "sha256:" + "0" * 64,
            "rollout/rollback-drill-missing",
            (*ROLLBACK, "drill"),
        ),
        (("spec", "slos"), ..., "slos/missing", ("spec", "slos")),
        (("spec", "slos"), {"notApplicable": "x"}, "slos/missing", ("spec", "slos")),
        (("spec", "slos", 0), ..., "slos/latency-objective-missing", ("spec", "slos")),
        (("spec", "slos", 1), ..., "slos/error-rate-missing", ("spec", "slos")),
        (("spec", "slos", 1, "window"), "1d", "slos/window-too-short", ("spec", "slos", 1, "window")),
        (("spec", "slos", 1, "window"), ..., "slos/window-too-short", ("spec", "slos", 1, "window")),
    ],
)
def test_one_edit_fires_one_rule_at_its_place(path: tuple[Any, ...], value: Any, rule: str, where: Any) -> None:
    release, files = good()
    node: Any = release
    for key in path[:-1]:
        node = node[key]
    if value is ...:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    assert failures(release, files) == {rule: [where]}


@pytest.mark.parametrize(
    ("change", "rule", "key"),
    [
        ({"performedAt": "2026-01-10T09:00:00Z"}, "rollout/rollback-drill-stale", ("performedAt",)),
        ({"outcome": "failed"}, "rollout/rollback-drill-failed", ("outcome",)),
        ({"durationSeconds": 5400}, "rollout/rollback-drill-failed", ("outcome",)),
        ({"model": "other"}, "rollout/rollback-drill-missing", ()),
    ],
)
def test_a_fault_of_the_drill_stands_in_its_file(change: dict[str, Any], rule: str, key: tuple[str, ...]) -> None:
    assert failures(*good({**DRILL, **change})) == {rule: [(FILE, *key)]}


def test_a_looser_objective_fires_where_it_was_tighter() -> None:
    release, files = good()
    tighter = older()
    tighter["spec"]["slos"][0]["thresholdMs"] = 200
    found = failures(release, files, previous={"status": "present", "release": tighter})
    assert found == {"slos/loosened": [("spec", "slos", 0, "name")]}

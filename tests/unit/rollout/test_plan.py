"""The neutral plan: numbers from a manifest, its JSON and its table."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
import yaml

from changegate.resources import REGO, SCHEMAS
from changegate.rollout import RENDERERS, planned, renderer
from changegate.rollout.model import NoPlan, Plan
from changegate.rollout.options import PlanOptions
from changegate.rollout.planner import make_plan
from changegate.rollout.rendering import RenderOptions
from changegate.rollout.table import duration, table
from support.rollouts import fraud

SCHEMA = json.loads((SCHEMAS / "plan.schema.json").read_text())
RENDERING = json.loads((SCHEMAS / "rendering.schema.json").read_text())


def made(release: dict[str, Any], options: PlanOptions | None = None) -> Plan:
    result = make_plan(release, options)
    assert isinstance(result, Plan)
    return result


def test_steps_carry_weights_bakes_traffic_and_samples() -> None:
    steps = made(fraud()).steps
    assert [(step.weight_percent, step.bake_seconds) for step in steps] == [(5, 1800), (25, 1800), (50, 3600), (100, 0)]
    assert [step.expected_requests for step in steps] == [19_800, 99_000, 396_000, 0]
    assert [step.required_requests for step in steps] == [1679, 2016, 3426, None]
    assert [step.power for step in steps] == ["sufficient", "sufficient", "sufficient", "not-needed"]
    assert steps[0].sized_by == "error-rate"


BY_PODS = PlanOptions(by_pods=True)


def with_replicas(count: int | None, **serving: Any) -> dict[str, Any]:
    release = fraud()
    release["spec"]["serving"] |= serving if count is None else {"replicas": count, **serving}
    return release


def test_without_a_router_a_step_takes_the_share_of_its_pods_and_is_sized_for_that() -> None:
    steps = made(with_replicas(1), BY_PODS).steps
    assert [step.weight_percent for step in steps] == [5, 25, 50, 100]
    assert [step.share_percent for step in steps] == [50, 50, 50, 100]
    assert [step.expected_requests for step in steps] == [198_000, 198_000, 396_000, 0]
    assert [step.required_requests for step in steps] == [3426, 3426, 3426, None]


@pytest.mark.parametrize("count", [None, 0])
def test_without_a_router_and_a_number_of_pods_no_share_is_told(count: int | None) -> None:
    release = with_replicas(count)
    result = made(release, BY_PODS)
    assert {step.share_percent for step in result.steps} == {None}
    assert [step.power for step in result.steps] == ["unknown", "unknown", "unknown", "not-needed"]
    document = planned(release, {"rollout": {"trafficRouter": "none"}}).plan
    assert document is not None
    assert not any("sharePercent" in step for step in document["steps"])
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert "not known" in table(result)


@pytest.mark.parametrize(
    ("platform", "strategy"),
    [("serverless", "canary"), ("edge", "edge-staged"), ("kubernetes", "blue-green"), ("kubernetes", "edge-staged")],
)
def test_weights_stand_where_no_pods_share_step_by_step(platform: str, strategy: str) -> None:
    release = with_replicas(1, platform=platform)
    release["spec"]["rollout"]["strategy"] = strategy
    assert [step.share_percent for step in made(release, BY_PODS).steps] == [5, 25, 50, 100]


def test_a_platform_that_is_not_named_counts_as_one_with_pods() -> None:
    release = with_replicas(1)
    del release["spec"]["serving"]["platform"]
    assert made(release, BY_PODS).steps[0].share_percent == 50


def test_too_little_traffic_is_insufficient_and_none_declared_is_unknown() -> None:
    release = fraud()
    release["spec"]["serving"]["requestsPerSecond"] = 15
    assert made(release).steps[0].power == "insufficient"
    del release["spec"]["serving"]["requestsPerSecond"]
    assert made(release).steps[0].power == "unknown"


def test_no_objective_leaves_a_sample_unknown_even_with_traffic() -> None:
    release = fraud()
    del release["spec"]["slos"]
    assert made(release).steps[0].power == "unknown"


def test_gates_and_aborts_come_from_the_objectives() -> None:
    result = made(fraud())
    assert [(gate.name, gate.kind, gate.limit) for gate in result.gates] == [
        ("latency-p95", "latency", 0.3),
        ("error-rate", "errors", 0.0025),
    ]
    (abort,) = result.aborts
    assert (abort.limit, abort.windows_seconds, abort.failure_limit) == (0.004, (300, 3600), 2)


def test_looks_that_may_fail_fit_into_the_shortest_bake() -> None:
    (abort,) = made(fraud(steps=[{"weight": 5, "bake": "7m"}, {"weight": 100}])).aborts
    assert abort.failure_limit == 1
    assert abort.detects_within_seconds <= 420


def test_a_loose_objective_is_neither_a_gate_of_everything_nor_an_abort_that_never_comes() -> None:
    release = fraud()
    release["spec"]["slos"] = [{"name": "error-rate", "objective": 0.5}]
    result = made(release)
    assert [gate.limit for gate in result.gates] == [0.5]
    assert result.aborts == ()


def test_an_objective_that_cannot_be_queried_is_told() -> None:
    release = fraud()
    release["spec"]["slos"].append({"name": "freshness", "objective": 0.9})
    assert made(release).unjudged == ("freshness",)
    rendering = planned(release).rendering
    assert rendering is not None
    assert any("freshness" in loss for loss in rendering["losses"])


@pytest.mark.parametrize(
    ("block", "status"), [(None, "absent"), ({"notApplicable": "a nightly batch"}, "not-applicable")]
)
def test_a_manifest_without_a_plan_says_why(block: Any, status: str) -> None:
    release = fraud()
    release["spec"]["rollout"] = block
    result = make_plan(release)
    assert isinstance(result, NoPlan)
    assert result.status == status
    assert planned(release) == (None, None)


@pytest.mark.parametrize(
    "rollout",
    [
        {},
        {"shadow": {"percent": 100, "duration": "1h"}},
        {"target": None, "rollback": None},
        {"strategy": "replace", "steps": None},
        {"target": "sagemaker"},
        {"strategy": "tiered"},
    ],
)
def test_the_json_form_is_valid(rollout: dict[str, Any]) -> None:
    document, rendering = planned(fraud(**rollout))
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    if rendering is not None:
        jsonschema.Draft202012Validator(RENDERING).validate(rendering)
    json.dumps([document, rendering], allow_nan=False)


def test_counts_intervals_and_failure_limits_of_the_analysis_fit_the_bake() -> None:
    document = planned(fraud()).plan
    assert document is not None
    assert len(document["analysis"]) == 6
    for look in document["analysis"]:
        step = document["steps"][look["step"]]
        assert look["count"] * look["intervalSeconds"] <= step["bakeSeconds"]
        assert look["count"] >= look["failureLimit"]


def test_what_the_manifest_says_of_its_rollback_and_queries_is_kept() -> None:
    release = fraud(target="none", rollback={"to": "2.3.1", "within": "10m"})
    result = made(release)
    assert result.rollback is not None
    assert (result.rollback.within_seconds, result.rollback.within_stated, result.rollback.automatic) == (
        600,
        True,
        False,
    )
    assert planned(release).rendering is None
    release["spec"]["slos"][0]["query"] = "up"
    assert made(release).own_queries == ("latency-p95",)


def test_a_target_without_a_renderer_is_a_loss_of_everything() -> None:
    rendering = planned(fraud(target="kserve")).rendering
    assert rendering is not None
    assert rendering["losses"] == ["there is no renderer for kserve: nothing is rendered"]


def test_settings_reach_the_plan() -> None:
    document = planned(fraud(), {"rollout": {"burnRate": 6}}).plan
    assert document is not None
    assert document["abort"][0]["limitRatio"] == 0.006


def test_the_defaults_are_those_of_the_settings_file() -> None:
    shipped = yaml.safe_load((REGO / "changegate" / "settings.yaml").read_text())["rollout"]
    assert PlanOptions.from_settings(shipped) == PlanOptions()
    assert RenderOptions.from_settings(shipped) == RenderOptions()
    words = [name.split("_") for name in (*PlanOptions._fields, *RenderOptions._fields) if name != "by_pods"]
    assert {first + "".join(map(str.capitalize, rest)) for first, *rest in words} <= set(shipped)


def test_every_renderer_is_one() -> None:
    for target in RENDERERS:
        module = renderer(target)
        assert callable(module.render)
        assert callable(module.losses_of)


def test_the_table_shows_steps_and_what_is_judged() -> None:
    drawn = table(made(fraud(shadow={"percent": 100, "duration": "1h30m"})), "argo-rollouts", ["something is lost"])
    assert drawn == (
        "fraud-detector 2.4.0: canary for argo-rollouts\n"
        "shadow: 100% of the traffic mirrored for 1h30m\n"
        "\n"
        "  step  weight  share  bake  requests  needed  sample\n"
        "     1      5%     5%   30m    19,800   1,679  enough\n"
        "     2     25%    25%   30m    99,000   2,016  enough\n"
        "     3     50%    50%    1h   396,000   3,426  enough\n"
        "     4    100%   100%     -         0       -       -\n"
        "\n"
        "promote a step when latency-p95: 95% of its requests take at most 300 ms\n"
        "promote a step when error-rate: at most 0.25% of its requests fail\n"
        "abort when error-rate: over 0.4% fail over 5m and over 1h (4x the budget)\n"
        "roll back to 2.3.1 automatically, within 30m\n"
        "\n"
        "not expressed in the rendered form:\n"
        "  - something is lost\n"
    )


def test_every_line_of_a_table_is_escaped_by_itself() -> None:
    release = fraud()
    release["spec"]["version"] = "1\n::error::x"
    drawn = table(made(release), "argo-rollouts", escape=lambda line: line.replace("\n", "?"))
    assert drawn.splitlines()[0] == "fraud-detector 1?::error::x: canary for argo-rollouts"


def test_an_empty_plan_has_a_table() -> None:
    release = fraud(strategy="replace", steps=None, rollback=None)
    del release["spec"]["slos"]
    drawn = table(made(release))
    assert "no steps: all traffic at once" in drawn
    assert "no objective to judge a step by" in drawn
    assert "no rollback is named" in drawn


@pytest.mark.parametrize(("seconds", "text"), [(0, "0s"), (90, "1m30s"), (90_000, "1d1h")])
def test_durations_are_written_as_people_do(seconds: int, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize("weight", [10**400, float("inf"), float("nan"), True, "5", None])
def test_a_weight_that_is_no_number_counts_as_none(weight: Any) -> None:
    assert made(fraud(steps=[{"weight": weight, "bake": "1m"}])).steps[0].weight_percent == 0

"""Argo Rollouts manifests: strictly valid, deterministic, and honest about what they cannot express."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
import yaml

from changegate.errors import PlanError
from changegate.rollout import losses_of, render
from changegate.rollout.model import Plan
from changegate.rollout.options import PlanOptions
from changegate.rollout.planner import make_plan
from changegate.rollout.prometheus import label
from changegate.rollout.rendering import Rendered, RenderOptions
from support import crds
from support.rollouts import fraud

SHADOW = {"percent": 100, "duration": "1h"}


def made(release: dict[str, Any], **options: Any) -> Plan:
    result = make_plan(release, PlanOptions(by_pods=options.get("traffic_router") == "none"))
    assert isinstance(result, Plan)
    return result


def rendered(release: dict[str, Any], **options: Any) -> Rendered:
    return render(made(release, **options), "argo-rollouts", RenderOptions(**options))


def lost(release: dict[str, Any], **options: Any) -> tuple[str, ...]:
    return losses_of(made(release, **options), "argo-rollouts", RenderOptions(**options))


def documents(form: Rendered) -> list[dict[str, Any]]:
    return [document for _, text in form.files for document in yaml.safe_load_all(text)]


def rollout_of(release: dict[str, Any], **options: Any) -> dict[str, Any]:
    return documents(rendered(release, **options))[0]


def steps_of(release: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = rollout_of(release, **options)["spec"]["strategy"]["canary"]["steps"]
    return steps


def with_deploys(*deploys: dict[str, str], image: bool = True, **rollout: Any) -> dict[str, Any]:
    release = fraud(**rollout)
    release["spec"]["serving"]["deploys"] = list(deploys)
    if not image:
        del release["spec"]["serving"]["image"]
    return release


def with_replicas(count: int) -> dict[str, Any]:
    release = fraud()
    release["spec"]["serving"]["replicas"] = count
    return release


VARIATIONS = {
    "canary": (fraud(), {}),
    "shadow": (fraud(strategy="shadow", shadow=SHADOW), {}),
    "feature-locked": (fraud(strategy="feature-locked"), {}),
    "blue-green": (fraud(strategy="blue-green", steps=[{"weight": 100, "bake": "1h"}]), {}),
    "replace": (fraud(strategy="replace", steps=None), {}),
    "by hand": (fraud(rollback={"to": "2.3.1", "automatic": False}), {}),
    "nginx": (fraud(), {"traffic_router": "nginx"}),
    "gateway-api": (fraud(), {"traffic_router": "gateway-api"}),
    "no router": (fraud(), {"traffic_router": "none"}),
    "deployment": (with_deploys({"path": "d.yaml", "kind": "Deployment", "name": "fraud"}, image=False), {}),
}


@pytest.mark.parametrize("name", VARIATIONS)
def test_every_document_is_valid_against_its_strict_crd(name: str) -> None:
    release, options = VARIATIONS[name]
    for document in documents(rendered(release, **options)):
        crds.validate(document)


def test_the_strict_crd_refuses_an_unknown_field() -> None:
    rollout = rollout_of(fraud())
    rollout["spec"]["strategy"]["canary"]["canaryServce"] = "x"
    with pytest.raises(jsonschema.ValidationError, match="canaryServce"):
        crds.validate(rollout)


@pytest.mark.parametrize("name", VARIATIONS)
def test_the_bytes_are_the_same_every_time(name: str) -> None:
    release, options = VARIATIONS[name]
    assert rendered(release, **options) == rendered(release, **options)


@pytest.mark.parametrize("name", VARIATIONS)
def test_exactly_one_of_canary_and_blue_green(name: str) -> None:
    release, options = VARIATIONS[name]
    assert len(rollout_of(release, **options)["spec"]["strategy"]) == 1


@pytest.mark.parametrize("name", VARIATIONS)
def test_analyses_run_guard_against_no_data_and_exist(name: str) -> None:
    release, options = VARIATIONS[name]
    rollout, *templates = documents(rendered(release, **options))
    named = {template["metadata"]["name"] for template in templates}
    assert set(_references(rollout)) == named
    for template in templates:
        (metric,) = template["spec"]["metrics"]
        assert metric["successCondition"].startswith("len(result) > 0 && ")
        if "count" in metric:
            assert metric["count"] >= max(1, metric["failureLimit"] + metric.get("consecutiveSuccessLimit", 0))
        if metric.get("count", 2) > 1:
            assert metric["interval"]
        assert len(metric["provider"]) == 1


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["templateName"]] if "templateName" in node else []
        return own + [name for value in node.values() for name in _references(value)]
    return [name for value in node for name in _references(value)] if isinstance(node, list) else []


def test_a_canary_bakes_and_is_judged_at_every_step() -> None:
    steps = steps_of(fraud())
    assert [step["setWeight"] for step in steps if "setWeight" in step] == [5, 25, 50, 100]
    assert steps[1] == {"pause": {"duration": "1800s"}}
    assert steps[2]["analysis"]["args"] == [{"name": "window", "value": "1800s"}]
    assert [template["templateName"] for template in steps[2]["analysis"]["templates"]] == [
        "fraud-detector-latency-p95",
        "fraud-detector-error-rate",
    ]


def test_services_and_router() -> None:
    canary = rollout_of(fraud())["spec"]["strategy"]["canary"]
    assert (canary["canaryService"], canary["stableService"]) == ("fraud-canary", "fraud-stable")
    assert canary["trafficRouting"] == {"istio": {"virtualService": {"name": "fraud"}}}


def test_without_a_router_one_service_of_all_pods_shares_the_traffic() -> None:
    canary = rollout_of(with_replicas(6), traffic_router="none")["spec"]["strategy"]["canary"]
    assert not {"canaryService", "stableService", "trafficRouting"} & set(canary)
    assert [step["setWeight"] for step in canary["steps"] if "setWeight" in step] == [5, 25, 50, 100]


def test_a_shadow_is_mirrored_with_a_match_in_a_managed_route_and_taken_away_before_users_come() -> None:
    canary = rollout_of(fraud(shadow=SHADOW))["spec"]["strategy"]["canary"]
    assert canary["trafficRouting"]["managedRoutes"] == [{"name": "shadow"}]
    mirrors = [step["setMirrorRoute"] for step in canary["steps"] if "setMirrorRoute" in step]
    assert mirrors == [
        {"name": "shadow", "percentage": 100, "match": [{"path": {"prefix": "/"}}]},
        {"name": "shadow"},
    ]
    kinds = [next(iter(step)) for step in canary["steps"]]
    assert kinds.index("setWeight") > len(kinds) - 1 - kinds[::-1].index("setMirrorRoute")


def test_only_resources_that_kubernetes_knows_and_the_stated_replicas_are_rendered() -> None:
    release = fraud()
    release["spec"]["serving"] |= {"replicas": 4, "resources": {"cpu": "500m", "gpu": 1, "gpuMemory": "24Gi"}}
    spec = rollout_of(release)["spec"]
    assert spec["replicas"] == 4
    (container,) = spec["template"]["spec"]["containers"]
    assert container["resources"]["limits"] == {"cpu": "500m", "nvidia.com/gpu": "1"}


def test_a_plan_that_does_not_end_at_full_waits_there_instead_of_being_promoted() -> None:
    assert steps_of(fraud(steps=[{"weight": 5, "bake": "30m"}]))[-1] == {"pause": {}}


def test_a_rollback_by_hand_pauses_instead_of_aborting() -> None:
    _, *templates = documents(rendered(fraud(rollback={"to": "2.3.1", "automatic": False})))
    assert {template["spec"]["metrics"][0]["failureCondition"] for template in templates} == {"false"}
    _, *automatic = documents(rendered(fraud()))
    assert not any("failureCondition" in template["spec"]["metrics"][0] for template in automatic)


def test_a_deployment_is_referred_to() -> None:
    release = with_deploys({"path": "d.yaml", "kind": "Deployment", "name": "fraud"}, image=False)
    spec = rollout_of(release)["spec"]
    assert spec["workloadRef"] == {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "name": "fraud",
        "scaleDown": "onsuccess",
    }
    assert "template" not in spec
    assert "replicas" not in spec


def test_the_replicas_are_those_of_the_rollout_where_a_deployment_is_referred_to() -> None:
    release = with_deploys({"path": "d.yaml", "kind": "Deployment", "name": "fraud"}, image=False)
    release["spec"]["serving"]["replicas"] = 6
    assert rollout_of(release)["spec"]["replicas"] == 6


def test_blue_green_watches_after_the_switch_and_keeps_the_old_release_for_as_long() -> None:
    release = fraud(strategy="blue-green", steps=[{"weight": 100, "bake": "1h"}])
    body = rollout_of(release)["spec"]["strategy"]["blueGreen"]
    assert body["scaleDownDelaySeconds"] > 3600
    assert len(body["postPromotionAnalysis"]["templates"]) == 3


@pytest.mark.parametrize(
    ("release", "options", "says"),
    [
        (fraud(strategy="edge-staged"), {}, "cannot express the strategy edge-staged"),
        (fraud(strategy="tiered"), {}, "cannot express the strategy tiered"),
        (fraud(strategy="ab"), {}, "cannot express the strategy ab"),
        (fraud(shadow=SHADOW), {"traffic_router": "nginx"}, "the shadow phase would be lost"),
        (fraud(steps=None), {}, "no steps"),
        (fraud(steps=[{"weight": 0.5, "bake": "30m"}, {"weight": 100}]), {}, "whole percents from 0 to 100, not 0.5"),
        (fraud(strategy="blue-green", steps=[{"weight": 100}]), {}, "a time to watch"),
        (with_deploys(image=False), {}, "neither an image nor a Deployment"),
    ],
)
def test_what_cannot_be_expressed_is_an_error_and_a_loss(
    release: dict[str, Any], options: dict[str, Any], says: str
) -> None:
    with pytest.raises(PlanError, match=says) as caught:
        rendered(release, **options)
    assert caught.value.hint
    (loss,) = lost(release, **options)
    assert loss == f"nothing is rendered: {caught.value.message}"


@pytest.mark.parametrize(
    ("release", "options", "says"),
    [
        (fraud(), {}, "the target 2.3.1 is only written down"),
        (fraud(strategy="feature-locked"), {}, "the feature pipeline does not switch"),
        (fraud(), {"traffic_router": "none"}, "the manifest names no number of replicas"),
        (with_replicas(6), {"traffic_router": "none"}, "the weight 5% comes to 14.29% of the traffic: 6 replicas"),
        (fraud(strategy="blue-green"), {}, "the steps at 5%, 25%, 50% are lost"),
        (with_deploys({"path": "i", "kind": "InferenceService", "name": "f"}), {}, "not drive the InferenceService f"),
        (fraud(steps=[{"weight": 5}, {"weight": 100}]), {}, "no step has a bake"),
        (fraud(steps=[{"weight": 5}, {"weight": 9, "bake": "1h"}]), {}, "the step at 5% has no bake"),
        (fraud(steps=[{"weight": 5, "bake": "5m"}, {"weight": 100}]), {}, "but the shortest bake is 300 s"),
        (fraud(rollback=None), {}, "names no rollback"),
    ],
)
def test_every_loss_has_its_sentence(release: dict[str, Any], options: dict[str, Any], says: str) -> None:
    assert any(says in loss for loss in rendered(release, **options).losses)
    assert lost(release, **options) == rendered(release, **options).losses


@pytest.mark.parametrize(("target", "says"), [("kserve", "no renderer for kserve"), ("", "names no `rollout.target`")])
def test_a_target_without_a_renderer_names_those_that_have_one(target: str, says: str) -> None:
    plan = made(fraud())
    with pytest.raises(PlanError, match=says) as caught:
        render(plan, target)
    assert "argo-rollouts" in caught.value.hint


HOSTILE = ['x"} or vector(0) #', "a: b\n- c: &x *x", "{{args.window}}", "1e3", "no", "\x1b[31m", "ünï", "'", "a" * 300]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_manifest_string_stays_a_string(text: str) -> None:
    release = fraud()
    release["spec"]["version"] = text
    release["metadata"]["name"] = text
    rollout, *templates = documents(rendered(release))
    assert rollout["metadata"]["annotations"]["changegate.dev/version"] == text
    for document in (rollout, *templates):
        assert len(document["metadata"]["name"]) <= 63
        assert all(len(value) <= 63 for value in document["metadata"]["labels"].values())
    release["spec"]["version"] = release["metadata"]["name"] = "V"
    _, *plain = documents(rendered(release))
    assert [_query(template).replace(label(text), "V") for template in templates] == [_query(entry) for entry in plain]
    crds.validate(rollout)


def _query(template: dict[str, Any]) -> str:
    return str(template["spec"]["metrics"][0]["provider"]["prometheus"]["query"])


def test_label_values_are_escaped() -> None:
    release = fraud()
    release["spec"]["version"] = 'a"} or vector(0) #\\'
    _, template, *_ = documents(rendered(release))
    assert 'model_version="a\\"\\x7d or vector(0) #\\\\"}[' in _query(template)


def test_plain_scalars_are_plain_for_every_reader() -> None:
    release = fraud()
    release["spec"]["version"] = "1e3"
    text = dict(rendered(release).files)["rollout.yaml"]
    assert "changegate.dev/version: '1e3'" in text


def test_objectives_that_come_to_one_name_are_refused() -> None:
    release = fraud()
    release["spec"]["slos"].append({"name": "error-rate-burn", "objective": 0.99})
    with pytest.raises(PlanError, match="fraud-detector-error-rate-burn"):
        rendered(release)

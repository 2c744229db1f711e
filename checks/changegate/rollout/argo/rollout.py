"""Argo Rollouts 1.9: a `Rollout` and its `AnalysisTemplate`s.

A step is `setWeight`, a pause for the bake, and one analysis that looks once at all of the bake. Beside them a
background analysis watches the burn rate. What Argo cannot express is a loss with its own sentence, or an error where
it is what the plan is about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.errors import PlanError
from changegate.names import VARIANT
from changegate.rollout.argo import analysis, losses
from changegate.rollout.rendering import Rendered
from changegate.rollout.yaml import dns_name, dump, label_value

if TYPE_CHECKING:
    from changegate.rollout.model import Plan, Step
    from changegate.rollout.rendering import RenderOptions

API_VERSION = "argoproj.io/v1alpha1"
MIRROR_ROUTE = "shadow"
_NOT_EXPRESSIBLE = {
    "edge-staged": "devices are not pods: Argo Rollouts cannot stage a release over device cohorts",
    "tiered": "Argo Rollouts splits traffic by weight, not by which model a request needs",
    "ab": "Argo Rollouts splits traffic by weight, it keeps no user on one side of an experiment",
}
_STEPWISE = frozenset({"canary", "shadow", "feature-locked"})


def render(plan: Plan, options: RenderOptions) -> Rendered:
    """Render a plan for Argo Rollouts.

    Raises:
        PlanError: The strategy, a weight, the shadow phase or the workload cannot be expressed.
    """
    check(plan, options)
    rollout = {
        "apiVersion": API_VERSION,
        "kind": "Rollout",
        "metadata": {"name": _name(plan), "labels": _labels(plan), "annotations": _annotations(plan)},
        "spec": {**_workload(plan), "revisionHistoryLimit": 3, "strategy": _strategy(plan, options)},
    }
    files = [("rollout.yaml", dump([rollout]))]
    templates = analysis.templates(plan, _name(plan), _labels(plan), options)
    if templates and plan.is_watched:
        files.append(("analysis-templates.yaml", dump(templates)))
    return Rendered(tuple(files), tuple(losses.of(plan, options)))


def losses_of(plan: Plan, options: RenderOptions) -> tuple[str, ...]:
    """Say what a rendering would lose, without making one.

    Raises:
        PlanError: The plan cannot be rendered at all.
    """
    check(plan, options)
    return tuple(losses.of(plan, options))


def check(plan: Plan, options: RenderOptions) -> None:
    """Refuse what Argo Rollouts cannot express.

    Raises:
        PlanError: Says what it is.
    """
    _check_strategy(plan, options)
    _check_shape(plan)
    if not plan.workload.image and "Deployment" not in {kind for kind, _ in plan.workload.deploys}:
        raise PlanError(
            "a Rollout needs something to run, and the manifest names neither an image nor a Deployment",
            hint="write `serving.image`, or `serving: {deploys: [{path: …, kind: Deployment, name: …}]}`",
        )


def _check_strategy(plan: Plan, options: RenderOptions) -> None:
    if plan.strategy in _NOT_EXPRESSIBLE:
        raise PlanError(
            f"argo-rollouts cannot express the strategy {plan.strategy}: {_NOT_EXPRESSIBLE[plan.strategy]}",
            hint="render it for another target, or roll out with `strategy: canary`",
        )
    if plan.strategy not in {*_STEPWISE, "blue-green", "replace"}:
        raise PlanError(f"argo-rollouts has no form for the strategy {plan.strategy}", hint="use canary or blue-green")
    if plan.shadow and (options.traffic_router != "istio" or plan.strategy not in _STEPWISE):
        raise PlanError(
            "argo-rollouts mirrors traffic only with Istio and a canary: the shadow phase would be lost",
            hint="set `rollout.trafficRouter: istio` in the settings, or take `shadow` out of the manifest",
        )


def _check_shape(plan: Plan) -> None:
    if plan.strategy in _STEPWISE and not plan.steps:
        raise PlanError("the plan has no steps", hint="write `steps: [{weight: 5, bake: 30m}, …, {weight: 100}]`")
    if plan.strategy == "blue-green" and not _total_bake(plan):
        raise PlanError(
            "a blue-green rollout needs a time to watch the new release before the old one goes",
            hint="write `steps: [{weight: 100, bake: 1h}]`",
        )
    for weight in [step.weight_percent for step in plan.steps] + ([plan.shadow.percent] if plan.shadow else []):
        if not (weight.is_integer() and 0 <= weight <= 100):
            raise PlanError(f"argo-rollouts takes whole percents from 0 to 100, not {weight:g}", hint="round it")


def _name(plan: Plan) -> str:
    """The name of the Rollout: the one that the cluster has already, else the model's."""
    named = [name for kind, name in plan.workload.deploys if kind == "Rollout" and name]
    return dns_name(named[0]) if named else dns_name(*_model(plan))


def _model(plan: Plan) -> list[str]:
    return [plan.name] if plan.variant == VARIANT else [plan.name, plan.variant]


def _service(plan: Plan, suffix: str = "") -> str:
    base = [plan.workload.endpoint] if plan.workload.endpoint else _model(plan)
    return dns_name(*base, *([suffix] if suffix else []))


def _labels(plan: Plan) -> dict[str, str]:
    return {
        "app.kubernetes.io/name": label_value(_name(plan)),
        "app.kubernetes.io/version": label_value(plan.version),
        "app.kubernetes.io/managed-by": "changegate",
    }


def _annotations(plan: Plan) -> dict[str, str]:
    told = {"changegate.dev/model": plan.name, "changegate.dev/version": plan.version}
    if plan.rollback is not None and plan.rollback.to:
        told["changegate.dev/rollback-to"] = plan.rollback.to
    return told


def _workload(plan: Plan) -> dict[str, Any]:
    """Refer to the Deployment that the manifest names, else write a pod from the serving image."""
    deployments = [name for kind, name in plan.workload.deploys if kind == "Deployment" and name]
    replicas = {} if plan.workload.replicas is None else {"replicas": plan.workload.replicas}
    if deployments:
        reference = {"apiVersion": "apps/v1", "kind": "Deployment", "name": deployments[0], "scaleDown": "onsuccess"}
        # NOTE: the number of pods is the Rollout's own, not the Deployment's; without one it is 1.
        return {**replicas, "workloadRef": reference}
    selector = {"app.kubernetes.io/name": label_value(_name(plan))}
    metadata = {"labels": _labels(plan), "annotations": _annotations(plan)}
    return {
        **replicas,
        "selector": {"matchLabels": selector},
        "template": {"metadata": metadata, "spec": {"containers": [_container(plan)]}},
    }


def _container(plan: Plan) -> dict[str, Any]:
    env = [{"name": "MODEL_NAME", "value": plan.name}, {"name": "MODEL_VERSION", "value": plan.version}]
    container: dict[str, Any] = {"name": "model", "image": plan.workload.image, "env": env}
    names = {"gpu": "nvidia.com/gpu"}
    amounts = {names.get(key, key): value for key, value in plan.workload.resources if value != "0"}
    if amounts:
        container["resources"] = {"requests": dict(amounts), "limits": dict(amounts)}
    return container


def _strategy(plan: Plan, options: RenderOptions) -> dict[str, Any]:
    return {"blueGreen": _blue_green(plan)} if plan.strategy == "blue-green" else {"canary": _canary(plan, options)}


def _blue_green(plan: Plan) -> dict[str, Any]:
    body: dict[str, Any] = {
        "activeService": _service(plan, "stable"),
        "previewService": _service(plan, "canary"),
        "autoPromotionEnabled": True,
        # the old release stays for as long as the new one is watched, so that going back is a switch
        "scaleDownDelaySeconds": _total_bake(plan) + plan.options.check_interval_seconds * 2,
    }
    names = [*analysis.gate_names(plan, _name(plan)), *analysis.burn_names(plan, _name(plan))]
    if names:
        body["postPromotionAnalysis"] = {"templates": names, "args": analysis.window(_total_bake(plan))}
    return body


def _total_bake(plan: Plan) -> int:
    return sum(step.bake_seconds for step in plan.steps)


def _canary(plan: Plan, options: RenderOptions) -> dict[str, Any]:
    body: dict[str, Any] = {}
    routing = _routing(plan, options)
    if routing:
        # NOTE: without a router Argo would still split the pods over these two, and nothing would share between them.
        body |= {"canaryService": _service(plan, "canary"), "stableService": _service(plan, "stable")}
        body["trafficRouting"] = routing
    steps = [*_shadow(plan), *(part for step in plan.steps for part in _step(plan, step))] or [{"setWeight": 100}]
    if plan.steps and not plan.steps[-1].full:
        # NOTE: Argo promotes to 100 after the last step; a plan that ends below waits there for a person.
        steps.append({"pause": {}})
    background = analysis.burn_names(plan, _name(plan))
    if background and plan.is_watched:
        body["analysis"] = {"templates": background, "startingStep": 1}
    body["steps"] = steps
    return body


def _routing(plan: Plan, options: RenderOptions) -> dict[str, Any]:
    router, service = options.traffic_router, _service(plan)
    forms: dict[str, dict[str, Any]] = {
        "istio": {"istio": {"virtualService": {"name": service}}},
        "nginx": {"nginx": {"stableIngress": service}},
        "gateway-api": {"plugins": {"argoproj-labs/gatewayAPI": {"httpRoute": service}}},
    }
    managed = {"managedRoutes": [{"name": MIRROR_ROUTE}]} if plan.shadow else {}
    return {**managed, **forms.get(router, {})}


def _shadow(plan: Plan) -> list[dict[str, Any]]:
    """Mirror, wait, judge, and take the mirror away again; the canary answers nobody in the meantime."""
    if plan.shadow is None:
        return []
    percent, seconds = int(plan.shadow.percent), plan.shadow.duration_seconds
    # NOTE: a mirror without `match` is the order to remove it, so matching everything has to be said.
    everything = [{"path": {"prefix": "/"}}]
    return [
        {"setCanaryScale": {"weight": percent}},
        {"setMirrorRoute": {"name": MIRROR_ROUTE, "percentage": percent, "match": everything}},
        *_bake(plan, seconds),
        {"setMirrorRoute": {"name": MIRROR_ROUTE}},
        {"setCanaryScale": {"matchTrafficWeight": True}},
    ]


def _step(plan: Plan, step: Step) -> list[dict[str, Any]]:
    return [{"setWeight": int(step.weight_percent)}, *_bake(plan, step.bake_seconds)]


def _bake(plan: Plan, seconds: int) -> list[dict[str, Any]]:
    if seconds <= 0:
        return []
    gates = analysis.gate_names(plan, _name(plan))
    judged = [{"analysis": {"templates": gates, "args": analysis.window(seconds)}}] if gates else []
    return [{"pause": {"duration": f"{seconds}s"}}, *judged]

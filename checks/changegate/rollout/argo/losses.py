"""What Argo Rollouts cannot express of a plan: one sentence each, so that nothing is lost in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.rollout.model import Plan
    from changegate.rollout.rendering import RenderOptions


def of(plan: Plan, options: RenderOptions) -> Iterator[str]:
    """Say what is lost."""
    yield from _strategy(plan, options)
    yield from _workload(plan)
    yield from _rollback(plan)
    yield from _watching(plan)


def _strategy(plan: Plan, options: RenderOptions) -> Iterator[str]:
    if plan.strategy == "feature-locked":
        yield "the feature pipeline does not switch with the weights: only the model's traffic moves step by step"
    if plan.strategy == "blue-green" and any(not step.full for step in plan.steps):
        weights = ", ".join(f"{step.weight_percent:g}%" for step in plan.steps if not step.full)
        yield f"blue-green moves all traffic at once: the steps at {weights} are lost, their bakes are added up"
    if options.traffic_router == "none" and plan.strategy not in {"blue-green", "replace"}:
        yield from _coarse(plan)


def _coarse(plan: Plan) -> Iterator[str]:
    """Without a traffic router weights are shares of pods; where there are too few, a step has another share."""
    for step in plan.steps:
        if step.share_percent is None:
            yield (
                f"without a traffic router the weight {step.weight_percent:g}% is a share of the pods, "
                "and the manifest names no number of replicas"
            )
        elif step.share_percent != step.weight_percent:
            yield (
                f"without a traffic router the weight {step.weight_percent:g}% comes to {step.share_percent:.4g}% of "
                f"the traffic: {plan.workload.replicas} replicas allow no finer share"
            )


def _workload(plan: Plan) -> Iterator[str]:
    kinds = {kind for kind, _ in plan.workload.deploys}
    for kind, name in plan.workload.deploys:
        if kind not in {"Deployment", "Rollout"}:
            yield f"Argo Rollouts does not drive the {kind} {name}: the rendered Rollout stands beside it"
    if "Deployment" not in kinds:
        yield "the manifest names no ports, probes, volumes, or how the artifact is loaded: the pod has only its image"
        if plan.workload.replicas is None:
            yield "the manifest names no number of replicas: leave it to an autoscaler, or write `serving.replicas`"


def _rollback(plan: Plan) -> Iterator[str]:
    if plan.rollback is not None and plan.rollback.to:
        yield (
            f"an abort returns to the revision that is stable in the cluster, whichever that is: "
            f"the target {plan.rollback.to} is only written down as an annotation"
        )
    if plan.rollback is None:
        yield "the plan names no rollback: Argo Rollouts returns to the stable revision all the same"


def _watching(plan: Plan) -> Iterator[str]:
    for name in plan.unjudged:
        yield f"the objective {name} judges no step: only latency and error objectives can be queried"
    for name in plan.own_queries:
        yield f"the query that the objective {name} brings is not used: its metrics are those of the settings"
    if plan.gates and not plan.aborts:
        yield "no error budget can burn: a step is only judged at its end"
    if not plan.gates:
        yield "there is no objective to judge a step by: steps are promoted by time alone"
    shortest = min((step.bake_seconds for step in plan.steps if step.bake_seconds), default=0)
    for abort in plan.aborts:
        detects = abort.detects_within_seconds
        if 0 < shortest < detects:
            yield f"the burn rate of {abort.name} is noticed after {detects} s, but the shortest bake is {shortest} s"
        if plan.rollback is not None and detects > plan.rollback.within_seconds:
            yield f"the burn rate of {abort.name} is noticed after {detects} s, later than the release has to be back"
    if not plan.is_watched:
        yield "no step has a bake: nothing is judged"
        return
    for step in plan.steps:
        if not step.full and not step.bake_seconds:
            yield f"the step at {step.weight_percent:g}% has no bake: nothing is judged there"

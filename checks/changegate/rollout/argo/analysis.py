"""The AnalysisTemplates of an Argo Rollout: one for each gate, one for each abort condition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.errors import PlanError
from changegate.rollout import prometheus as queries
from changegate.rollout.yaml import dns_name

if TYPE_CHECKING:
    from changegate.rollout.model import Abort, Plan, PromotionGate
    from changegate.rollout.rendering import RenderOptions

WINDOW = "{{args.window}}"
"""Where Argo Rollouts fills in a step's window."""


def templates(plan: Plan, name: str, labels: dict[str, str], options: RenderOptions) -> list[dict[str, Any]]:
    """Every template that the rollout names, in the order of the objectives."""
    gates = [
        _template(_gate_name(name, gate), labels, _gate(plan, gate, options), windowed=True) for gate in plan.gates
    ]
    aborts = [
        _template(_burn_name(name, abort), labels, _abort(plan, abort, options), windowed=False)
        for abort in plan.aborts
    ]
    _refuse_twins([template["metadata"]["name"] for template in gates + aborts])
    return gates + aborts


def _refuse_twins(names: list[str]) -> None:
    """Refuse two objectives that come to one template: applied one after the other, the second would judge for both."""
    twins = sorted({name for name in names if names.count(name) > 1})
    if twins:
        raise PlanError(
            f"several objectives come to the name {', '.join(twins)}", hint="give each objective its own name"
        )


def gate_names(plan: Plan, name: str) -> list[dict[str, str]]:
    """References to the gates' templates."""
    return [{"templateName": _gate_name(name, gate)} for gate in plan.gates]


def burn_names(plan: Plan, name: str) -> list[dict[str, str]]:
    """References to the abort conditions' templates."""
    return [{"templateName": _burn_name(name, abort)} for abort in plan.aborts]


def window(seconds: int) -> list[dict[str, str]]:
    """The argument that tells a gate which time to look at."""
    return [{"name": "window", "value": f"{seconds}s"}]


def _gate_name(name: str, gate: PromotionGate) -> str:
    return dns_name(name, gate.name)


def _burn_name(name: str, abort: Abort) -> str:
    return dns_name(name, abort.name, "burn")


def _template(name: str, labels: dict[str, str], metric: dict[str, Any], *, windowed: bool) -> dict[str, Any]:
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "AnalysisTemplate",
        "metadata": {"name": name, "labels": dict(labels)},
        "spec": {**({"args": [{"name": "window"}]} if windowed else {}), "metrics": [metric]},
    }


def _gate(plan: Plan, gate: PromotionGate, options: RenderOptions) -> dict[str, Any]:
    """One look at the whole bake: many looks at a fixed-size test would inflate false aborts."""
    schedule: dict[str, Any] = {"count": 1, "failureLimit": 0}
    if plan.strategy == "blue-green":
        schedule["initialDelay"] = f"{sum(step.bake_seconds for step in plan.steps)}s"
    provider = _prometheus(options, queries.gate(plan, gate, options, WINDOW))
    return _metric(plan, dns_name(gate.name), schedule, gate.limit, provider)


def _abort(plan: Plan, abort: Abort, options: RenderOptions) -> dict[str, Any]:
    """Looks again and again. In a canary it has no count and runs beside the steps; after a switch it has to end."""
    schedule: dict[str, Any] = {
        "initialDelay": f"{abort.windows_seconds[0]}s",
        "interval": f"{abort.interval_seconds}s",
        "failureLimit": abort.failure_limit,
    }
    if plan.strategy == "blue-green":
        watched = sum(step.bake_seconds for step in plan.steps) - abort.windows_seconds[0]
        schedule["count"] = max(watched // abort.interval_seconds, abort.failure_limit + 1)
    provider = _prometheus(options, queries.abort(plan, abort, options))
    return _metric(plan, dns_name(abort.name, "burn"), schedule, abort.limit, provider)


def _prometheus(options: RenderOptions, query: str) -> dict[str, Any]:
    return {"prometheus": {"address": options.prometheus_address, "query": query}}


def _metric(plan: Plan, name: str, schedule: dict[str, Any], limit: float, provider: dict[str, Any]) -> dict[str, Any]:
    condition = {"successCondition": f"len(result) > 0 && result[0] <= {_decimal(limit)}"}
    if plan.rollback is not None and not plan.rollback.automatic:
        # NOTE: with a failure condition that never holds, a bad measurement is inconclusive: Argo pauses for a person.
        condition["failureCondition"] = "false"
    return {"name": name, **schedule, **condition, "provider": provider}


def _decimal(value: float) -> str:
    """Write a number without an exponent, which the condition's language reads as it stands."""
    return f"{value:.12f}".rstrip("0").rstrip(".") or "0"

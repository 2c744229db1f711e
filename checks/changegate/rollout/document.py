"""A plan as JSON, as `schemas/plan.schema.json` describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.numbers import plain

if TYPE_CHECKING:
    from changegate.rollout.model import Abort, Plan, PromotionGate, Step

SCHEMA_VERSION = 2


def as_json(plan: Plan) -> dict[str, Any]:
    """Write a plan as plain JSON. What is not known is left out, never null."""
    document: dict[str, Any] = {
        "schemaVersion": SCHEMA_VERSION,
        "release": {
            "name": plan.name,
            "environment": plan.environment,
            "variant": plan.variant,
            "version": plan.version,
        },
        "strategy": plan.strategy,
        "steps": [_step(step) for step in plan.steps],
        "analysis": [_gate(gate, step) for step in plan.steps if step.bake_seconds for gate in plan.gates],
        "abort": [_abort(abort) for abort in plan.aborts],
    }
    if plan.shadow is not None:
        document["shadow"] = {"percent": plain(plan.shadow.percent), "durationSeconds": plan.shadow.duration_seconds}
    if plan.rollback is not None:
        named = {"to": plan.rollback.to} if plan.rollback.to else {}
        document["rollback"] = {
            **named,
            "automatic": plan.rollback.automatic,
            "withinSeconds": plan.rollback.within_seconds,
        }
    return document


def _step(step: Step) -> dict[str, Any]:
    known = {
        "sharePercent": None if step.share_percent is None else plain(step.share_percent),
        "expectedRequestsCount": step.expected_requests,
        "requiredRequestsCount": step.required_requests,
        "sizedBy": step.sized_by or None,
    }
    return {
        "position": step.position,
        "weightPercent": plain(step.weight_percent),
        "bakeSeconds": step.bake_seconds,
        "power": step.power,
        **{key: value for key, value in known.items() if value is not None},
    }


def _gate(gate: PromotionGate, step: Step) -> dict[str, Any]:
    """One look at the end of the step's bake: a count of 1, an interval as long as the bake, no failure allowed."""
    limit = "limitSeconds" if gate.kind == "latency" else "limitRatio"
    return {
        "name": gate.name,
        "step": step.position,
        "kind": gate.kind,
        "objectiveRatio": gate.objective,
        limit: gate.limit,
        "count": 1,
        "intervalSeconds": step.bake_seconds,
        "failureLimit": 0,
    }


def _abort(abort: Abort) -> dict[str, Any]:
    return {
        "name": abort.name,
        "burnRate": abort.burn_rate,
        "limitRatio": abort.limit,
        "windowsSeconds": list(abort.windows_seconds),
        "intervalSeconds": abort.interval_seconds,
        "failureLimit": abort.failure_limit,
        "detectsWithinSeconds": abort.detects_within_seconds,
    }

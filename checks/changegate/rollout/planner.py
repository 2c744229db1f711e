"""The neutral rollout plan: what a manifest asks for, in numbers, before any controller's form.

`make` is pure. It judges nothing: whether a bake is long enough or a step has the traffic to be measured is a policy's
part; here stands how many requests there will be and how many a test needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.manifest.units import seconds
from changegate.names import ENVIRONMENT, VARIANT
from changegate.numbers import number
from changegate.rollout.model import Abort, NoPlan, Plan, PromotionGate, Rollback, Shadow, Step, Workload
from changegate.rollout.objectives import Objective, objectives
from changegate.rollout.options import RenderOptions
from changegate.rollout.statistics import required

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

AT_ONCE = frozenset({"blue-green", "replace"})
"""Strategies that move all traffic in one step."""
_MOST_REQUESTS = 10**15


def make_plan(release: Mapping[str, Any], options: RenderOptions | None = None) -> Plan | NoPlan:
    """Make the rollout plan of a manifest.

    Args:
        release: A manifest that is valid against the schema.
        options: The parameters of tests, aborts and queries; the defaults where None.

    Returns:
        The plan, or why there is none.
    """
    chosen = options or RenderOptions()
    spec = release.get("spec", {})
    block = spec.get("rollout")
    if not isinstance(block, dict):
        return NoPlan("absent", "the manifest has no `rollout`")
    if "notApplicable" in block:
        return NoPlan("not-applicable", str(block["notApplicable"]))
    slos = objectives(release)
    gates = tuple(_gates(slos, chosen))
    steps = _steps(block, number(spec.get("serving", {}).get("requestsPerSecond")), slos, chosen)
    return Plan(
        **_names(release),
        target=_target(block),
        strategy=strategy(block),
        steps=steps,
        shadow=_shadow(block.get("shadow")),
        gates=gates,
        aborts=tuple(_aborts(slos, steps, chosen)),
        unjudged=tuple(slo.name for slo in slos if slo.name not in {gate.name for gate in gates}),
        own_queries=tuple(slo.name for slo in slos if slo.has_query),
        rollback=_rollback(block.get("rollback"), chosen),
        workload=_workload(release),
        options=chosen,
    )


def strategy(block: Mapping[str, Any]) -> str:
    """The strategy that a rollout block states; else a canary where it has steps, a replacement where not."""
    stated = block.get("strategy")
    return str(stated) if stated else "canary" if block.get("steps") else "replace"


def _target(block: Mapping[str, Any]) -> str:
    stated = str(block.get("target", ""))
    return "" if stated == "none" else stated


def _names(release: Mapping[str, Any]) -> dict[str, Any]:
    metadata = release.get("metadata", {})
    return {
        "name": str(metadata.get("name", "")),
        "environment": str(metadata.get("environment", ENVIRONMENT)),
        "variant": str(metadata.get("variant", VARIANT)),
        "version": str(release.get("spec", {}).get("version", "")),
    }


def _steps(
    block: Mapping[str, Any], traffic: float | None, slos: Iterable[Objective], options: RenderOptions
) -> tuple[Step, ...]:
    stated = block.get("steps")
    known = tuple(slos)
    entries = stated if isinstance(stated, list) else []
    return tuple(
        _step(position, entry, traffic, known, options)
        for position, entry in enumerate(entries)
        if isinstance(entry, dict)
    )


def _step(
    position: int, entry: Mapping[str, Any], traffic: float | None, slos: tuple[Objective, ...], options: RenderOptions
) -> Step:
    weight = number(entry.get("weight")) or 0.0
    bake = _duration(entry.get("bake"))
    expected = None if traffic is None else int(min(max(traffic * weight / 100 * bake, 0), _MOST_REQUESTS))
    full = weight >= 100
    sample = None if full or weight <= 0 else _sample(weight / 100, slos, options)
    return Step(position, weight, bake, full, expected, *(sample or (None, "")))


def _duration(text: Any) -> int:
    return (seconds(text) or 0) if isinstance(text, str) else 0


def _sample(share: float, slos: tuple[Objective, ...], options: RenderOptions) -> tuple[int, str] | None:
    """The largest sample that any objective needs at this share, and which objective that is."""
    factors = {"errors": options.detectable_error_factor, "latency": options.detectable_latency_factor}
    sizes = [
        (required(slo.budget, worse, share, options.significance, options.power), slo.name)
        for slo in slos
        if slo.kind in factors and slo.budget and (worse := slo.budget * factors[slo.kind]) < 1
    ]
    return max(sizes, default=None)


def _shadow(block: Any) -> Shadow | None:
    if not isinstance(block, dict):
        return None
    return Shadow(number(block.get("percent", 100)) or 0.0, _duration(block.get("duration")))


def _rollback(block: Any, options: RenderOptions) -> Rollback | None:
    if not isinstance(block, dict):
        return None
    within = _duration(block.get("within")) or options.maximum_rollback_seconds
    return Rollback(str(block.get("to", "")), block.get("automatic") is True, within)


def _gates(slos: Iterable[Objective], options: RenderOptions) -> Iterable[PromotionGate]:
    """One look at the end of every bake, at all of its requests: the fixed-size test that the samples are for."""
    for slo in slos:
        if slo.kind == "latency" and slo.threshold_ms is not None and slo.objective is not None and slo.objective < 1:
            yield PromotionGate(slo.name, "latency", slo.objective, slo.threshold_ms / 1000)
        elif slo.kind == "errors" and slo.budget is not None:
            limit = round(slo.budget * options.promotion_burn_rate, 12)
            # a limit of everything would judge nothing, so a very loose objective is taken by its word
            yield PromotionGate(slo.name, "errors", slo.objective or 0.0, limit if limit < 1 else slo.budget)


def _aborts(slos: Iterable[Objective], steps: Iterable[Step], options: RenderOptions) -> Iterable[Abort]:
    bakes = [step.bake_seconds for step in steps if step.bake_seconds > 0]
    spare = (min(bakes) - options.burn_short_window_seconds) // options.check_interval_seconds if bakes else 0
    failures = max(0, min(options.failure_limit, spare - 1))
    for slo in slos:
        if slo.kind == "errors" and slo.budget is not None and slo.budget * options.burn_rate < 1:
            yield Abort(
                slo.name,
                burn_rate=options.burn_rate,
                limit=round(slo.budget * options.burn_rate, 12),
                windows_seconds=(options.burn_short_window_seconds, options.burn_long_window_seconds),
                interval_seconds=options.check_interval_seconds,
                failure_limit=failures,
            )


def _workload(release: Mapping[str, Any]) -> Workload:
    serving = release.get("spec", {}).get("serving", {})
    deploys, resources = serving.get("deploys"), serving.get("resources") or {}
    return Workload(
        image=str(serving.get("image", "")),
        endpoint=str(serving.get("endpoint", "")),
        platform=str(serving.get("platform", "")),
        replicas=serving.get("replicas"),
        resources=tuple((key, str(resources[key])) for key in ("cpu", "memory", "gpu") if key in resources),
        deploys=tuple(
            (str(entry.get("kind", "")), str(entry.get("name", "")))
            for entry in (deploys if isinstance(deploys, list) else [])
            if isinstance(entry, dict)
        ),
    )

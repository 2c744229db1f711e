"""The neutral rollout plan: what a manifest asks for, in numbers, before any controller's form.

`make_plan` is pure. It judges nothing: whether a bake is long enough or a step has the traffic to be measured is a
policy's part; here stands how many requests there will be and how many a test needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.manifest.units import seconds
from changegate.names import ENVIRONMENT, VARIANT
from changegate.numbers import number
from changegate.records import NamedTuple
from changegate.rollout.model import Abort, NoPlan, Plan, PromotionGate, Rollback, Shadow, Step, Workload
from changegate.rollout.objectives import Objective, objectives
from changegate.rollout.options import PlanOptions
from changegate.rollout.shares import of_pods
from changegate.rollout.statistics import required

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

AT_ONCE = frozenset({"blue-green", "replace"})
"""Strategies that move all traffic in one step."""
_BY_DEVICE = frozenset({"edge-staged"})
_WITH_PODS = frozenset({"", "kubernetes"})
_MOST_REQUESTS = 10**15


def make_plan(release: Mapping[str, Any], options: PlanOptions | None = None) -> Plan | NoPlan:
    """Make the rollout plan of a manifest.

    Args:
        release: A manifest that is valid against the schema.
        options: The parameters of tests and aborts, and what splits the traffic; the defaults where None.

    Returns:
        The plan, or why there is none.
    """
    chosen = options or PlanOptions()
    spec = release.get("spec", {})
    block = spec.get("rollout")
    if not isinstance(block, dict):
        return NoPlan("absent", "the manifest has no `rollout`")
    if "notApplicable" in block:
        return NoPlan("not-applicable", str(block["notApplicable"]))
    slos = objectives(release)
    gates = tuple(_gates(slos, chosen))
    workload = _workload(release)
    by_pods = shares_pods(strategy(block), workload.platform, chosen)
    traffic = _Traffic(number(spec.get("serving", {}).get("requestsPerSecond")), by_pods, workload.replicas or 0)
    steps = _steps(block, traffic, slos, chosen)
    return Plan(
        **_names(release),
        strategy=strategy(block),
        steps=steps,
        shadow=_shadow(block.get("shadow")),
        gates=gates,
        aborts=tuple(_aborts(slos, steps, chosen)),
        unjudged=tuple(slo.name for slo in slos if slo.name not in {gate.name for gate in gates}),
        own_queries=tuple(slo.name for slo in slos if slo.has_query),
        rollback=_rollback(block.get("rollback"), chosen),
        workload=workload,
        options=chosen,
    )


def strategy(block: Mapping[str, Any]) -> str:
    """The strategy that a rollout block states; else a canary where it has steps, a replacement where not."""
    stated = block.get("strategy")
    return str(stated) if stated else "canary" if block.get("steps") else "replace"


def shares_pods(strategy: str, platform: str, options: PlanOptions) -> bool:
    """Whether weights come to shares of pods: nothing splits the traffic, and it goes to pods, step by step."""
    return options.by_pods and platform in _WITH_PODS and strategy not in AT_ONCE | _BY_DEVICE


class _Traffic(NamedTuple):
    """What reaches the releases, and how it is shared."""

    requests_per_second: float | None
    by_pods: bool
    replicas: int

    def share(self, weight_percent: float) -> float | None:
        return of_pods(weight_percent, self.replicas) if self.by_pods else weight_percent

    def requests(self, share_percent: float | None, seconds: int) -> int | None:
        if self.requests_per_second is None or share_percent is None:
            return None
        return int(min(max(self.requests_per_second * share_percent / 100 * seconds, 0), _MOST_REQUESTS))


def _names(release: Mapping[str, Any]) -> dict[str, Any]:
    metadata = release.get("metadata", {})
    return {
        "name": str(metadata.get("name", "")),
        "environment": str(metadata.get("environment", ENVIRONMENT)),
        "variant": str(metadata.get("variant", VARIANT)),
        "version": str(release.get("spec", {}).get("version", "")),
    }


def _steps(
    block: Mapping[str, Any], traffic: _Traffic, slos: Iterable[Objective], options: PlanOptions
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
    position: int, entry: Mapping[str, Any], traffic: _Traffic, slos: tuple[Objective, ...], options: PlanOptions
) -> Step:
    weight = number(entry.get("weight")) or 0.0
    bake = _duration(entry.get("bake"))
    share = traffic.share(weight)
    full = weight >= 100
    sample = None if full or not share or share <= 0 else _sample(share / 100, slos, options)
    return Step(position, weight, share, bake, full, traffic.requests(share, bake), *(sample or (None, "")))


def _duration(text: Any) -> int:
    return (seconds(text) or 0) if isinstance(text, str) else 0


def _sample(share: float, slos: tuple[Objective, ...], options: PlanOptions) -> tuple[int, str] | None:
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


def _rollback(block: Any, options: PlanOptions) -> Rollback | None:
    if not isinstance(block, dict):
        return None
    within = _duration(block.get("within"))
    return Rollback(
        to=str(block.get("to", "")),
        automatic=block.get("automatic") is True,
        within_seconds=within or options.maximum_rollback_seconds,
        within_stated=within > 0,
    )


def _gates(slos: Iterable[Objective], options: PlanOptions) -> Iterable[PromotionGate]:
    """One look at the end of every bake, at all of its requests: the fixed-size test that the samples are for."""
    for slo in slos:
        if slo.kind == "latency" and slo.threshold_ms is not None and slo.objective is not None and slo.objective < 1:
            yield PromotionGate(slo.name, "latency", slo.objective, slo.threshold_ms / 1000)
        elif slo.kind == "errors" and slo.budget is not None:
            limit = round(slo.budget * options.promotion_burn_rate, 12)
            # a limit of everything would judge nothing, so a very loose objective is taken by its word
            yield PromotionGate(slo.name, "errors", slo.objective or 0.0, limit if limit < 1 else slo.budget)


def _aborts(slos: Iterable[Objective], steps: Iterable[Step], options: PlanOptions) -> Iterable[Abort]:
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

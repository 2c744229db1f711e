"""How a release is rolled out, in numbers: its steps, their traffic, the shadow phase, the way back."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING, Any

from changegate.evidence import binding
from changegate.evidence.collector import EvidenceRequest, Section, absent, invalid, present
from changegate.numbers import number, plain
from changegate.rollout.model import NoPlan, Plan
from changegate.rollout.options import PlanOptions
from changegate.rollout.planner import AT_ONCE, make_plan, shares_pods

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NEEDS = {
    "blue-green": "steps",
    "shadow": "shadow",
    "feature-locked": "featureSwitch",
    "edge-staged": "cohorts",
    "tiered": "tiers",
    "ab": "ab",
}
"""Strategy -> the block of `spec.rollout` that it is nothing without; of a blue-green, steps of which one bakes."""
_DIVIDED = {"tiers": ("share", 100), "cohorts": ("percent", 1)}
"""Block whose items divide a whole -> the key of their shares, and what makes percents of them."""


def collect(request: EvidenceRequest) -> Section:
    """Establish the facts of a rollout plan and of its rollback drill."""
    made = make_plan(request.release, PlanOptions.from_settings(request.settings.get("rollout", {})))
    traffic = _traffic(request.release)
    if isinstance(made, NoPlan):
        nothing = absent(made.reason)
        evidence = {**nothing, "traffic": traffic, "drill": absent("there is no rollout plan")}
        return Section(evidence, {"plan": made.status, **_served(request.release)})
    drill, practised = _drill(request)
    facts = {**_facts(made), **_claims(request.release, made), **_served(request.release)}
    if facts["rollback"]["stated"]:
        facts["rollback"]["targetKnown"] = _knows_target(request.previous, made)
    if practised:
        facts["drill"] = practised
    return Section(present(traffic=traffic, drill=drill), facts)


def _traffic(release: Mapping[str, Any]) -> dict[str, Any]:
    rate = number(release.get("spec", {}).get("serving", {}).get("requestsPerSecond"))
    if rate is None:
        return absent("the manifest declares no `serving.requestsPerSecond`")
    return present(requestsPerSecond=plain(rate))


def _facts(made: Plan) -> dict[str, Any]:
    sized = [step for step in made.steps if step.required_requests is not None]
    facts: dict[str, Any] = {
        "plan": "present",
        "strategy": made.strategy,
        "gradual": made.strategy not in AT_ONCE,
        "shares": _shares(made),
        "steps": _steps(made),
        "endsAtFull": bool(made.steps) and made.steps[-1].full,
        "totalBakeSeconds": sum(step.bake_seconds for step in made.steps),
        "sample": "sized" if sized else "no-objective",
        "shadow": {"stated": made.shadow is not None},
        "rollback": {"stated": False},
    }
    if made.shadow is not None:
        facts["shadow"] |= {"percent": plain(made.shadow.percent), "durationSeconds": made.shadow.duration_seconds}
    if made.rollback is not None:
        facts["rollback"] = {
            "stated": True,
            "automatic": made.rollback.automatic,
            "to": made.rollback.to,
            "own": made.rollback.to == made.version,
            "withinStated": made.rollback.within_stated,
            "withinSeconds": made.rollback.within_seconds,
        }
    return facts


def _knows_target(previous: Mapping[str, Any] | None, made: Plan) -> bool:
    """Whether the previous release tells what to go back to: of another version itself, of this one its own target."""
    if previous is None or previous["spec"]["version"] != made.version:
        return True
    return bool(previous["spec"].get("rollout", {}).get("rollback", {}).get("to", made.version) != made.version)


def _shares(made: Plan) -> str:
    """What a step's share follows from, as `facts.rollout.shares` says it."""
    if not shares_pods(made.strategy, made.workload.platform, made.options):
        return "weights"
    return "pods" if made.workload.replicas else "unknown"


def _claims(release: Mapping[str, Any], made: Plan) -> dict[str, Any]:
    """What the block says beside its numbers: what the strategy needs, and what is divided among several."""
    block = release["spec"]["rollout"]
    key = _NEEDS.get(made.strategy)
    stated = made.is_watched if key == "steps" else bool(key and block.get(key))
    return {
        "needs": [{"block": key, "stated": stated}] if key else [],
        "divisions": list(_divisions(block)),
    }


def _divisions(block: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name, (key, percents) in _DIVIDED.items():
        items = block.get(name)
        if isinstance(items, list) and items:
            shares = [number(item.get(key)) or 0.0 for item in items if isinstance(item, dict)]
            total = plain(round(fsum(shares) * percents, 9))
            yield {"of": name, "totalPercent": total, "place": {"path": ["spec", "rollout", name]}}


def _served(release: Mapping[str, Any]) -> dict[str, Any]:
    """Whether the platform is `batch`, and every claim that only a release which answers requests can make."""
    serving = release.get("spec", {}).get("serving", {})
    return {"batch": serving.get("platform") == "batch", "served": list(_served_claims(release, serving))}


def _served_claims(release: Mapping[str, Any], serving: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if serving.get("endpoint"):
        yield {"claim": "an endpoint", "place": {"path": ["spec", "serving", "endpoint"]}}
    if number(serving.get("requestsPerSecond")):
        yield {"claim": "requests per second", "place": {"path": ["spec", "serving", "requestsPerSecond"]}}
    block = release.get("spec", {}).get("rollout")
    stated = block if isinstance(block, dict) else {}
    moving = [key for key in ("strategy", "steps", "shadow") if stated.get(key)]
    if moving and (moving != ["strategy"] or stated["strategy"] != "replace"):
        yield {"claim": "traffic that moves", "place": {"path": ["spec", "rollout", moving[0]]}}


def _steps(made: Plan) -> list[dict[str, Any]]:
    """The steps, each with the share it rises by: a step that does not rise has no point."""
    facts = []
    before = 0.0
    for step in made.steps:
        reached = step.weight_percent if step.share_percent is None else step.share_percent
        known = {
            "sharePercent": None if step.share_percent is None else plain(step.share_percent),
            "expectedRequestsCount": step.expected_requests,
            "requiredRequestsCount": step.required_requests,
            "sizedBy": step.sized_by or None,
        }
        facts.append(
            {
                "weightPercent": plain(step.weight_percent),
                "risePercent": plain(round(reached - before, 9)),
                "bakeSeconds": step.bake_seconds,
                "full": step.full,
                **{key: value for key, value in known.items() if value is not None},
            }
        )
        before = reached
    return facts


def _names(request: EvidenceRequest) -> list[str]:
    """What the model is called, and what it was before a declared rename that kept every artifact by its digest."""
    metadata = request.release.get("metadata", {})
    name, old = str(metadata.get("name", "")), metadata.get("replaces")
    before = request.previous or {}
    marks, was = (frozenset(one.marks for one in binding.subjects(release)) for release in (request.release, before))
    known = before.get("metadata", {}).get("name") in {name, old}
    kept = bool(marks) and all(marks) and marks == was
    return [name, str(old)] if old and known and kept else [name]


def _drill(request: EvidenceRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    """The drill's evidence, and what it says where it can be read."""
    rollback = request.release["spec"]["rollout"].get("rollback")
    reference = rollback.get("drill") if isinstance(rollback, dict) else None
    if not isinstance(reference, dict):
        return absent("the manifest names no `rollout.rollback.drill`"), {}
    file = request.files.find(reference)
    if file.status != "present":
        return {"status": file.status, "reason": file.reason}, {}
    at = {"at": {"file": file.path, "revision": "head", "path": []}} if file.source == "repository" else {}
    from changegate.evidence.drill import DrillError, read_drill

    try:
        report = read_drill(file, _names(request), request.now)
    except DrillError as error:
        return invalid(f"{file.path}: {error}", **at), {}
    return present(file=file.path, digest=file.sha256, **at), report

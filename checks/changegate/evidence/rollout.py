"""How a release is rolled out, in numbers: its steps, their traffic, the shadow phase, the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.collector import EvidenceRequest, Section, absent, invalid, present
from changegate.numbers import number, plain
from changegate.rollout.model import NoPlan, Plan
from changegate.rollout.options import RenderOptions
from changegate.rollout.planner import AT_ONCE, make_plan

if TYPE_CHECKING:
    from collections.abc import Mapping


def collect(request: EvidenceRequest) -> Section:
    """Establish the facts of a rollout plan and of its rollback drill."""
    made = make_plan(request.release, RenderOptions.from_settings(request.settings.get("rollout", {})))
    traffic = _traffic(request.release)
    if isinstance(made, NoPlan):
        nothing = absent(made.reason)
        evidence = {**nothing, "traffic": traffic, "drill": absent("there is no rollout plan")}
        return Section(evidence, {"plan": made.status})
    drill, practised = _drill(request)
    facts = _facts(made)
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
        "steps": _steps(made),
        "endsAtFull": bool(made.steps) and made.steps[-1].full,
        "totalBakeSeconds": sum(step.bake_seconds for step in made.steps),
        "sample": "sized" if sized else "no-objective",
        "shadow": {"stated": made.shadow is not None},
        "rollback": {"stated": made.rollback is not None},
    }
    if made.shadow is not None:
        facts["shadow"] |= {"percent": plain(made.shadow.percent), "durationSeconds": made.shadow.duration_seconds}
    if made.rollback is not None:
        facts["rollback"] |= {"automatic": made.rollback.automatic, "to": made.rollback.to}
    return facts


def _steps(made: Plan) -> list[dict[str, Any]]:
    """The steps, each with the share it rises by: a step that does not rise has no point."""
    facts = []
    before = 0.0
    for step in made.steps:
        known = {
            "expectedRequestsCount": step.expected_requests,
            "requiredRequestsCount": step.required_requests,
            "sizedBy": step.sized_by or None,
        }
        facts.append(
            {
                "weightPercent": plain(step.weight_percent),
                "risePercent": plain(round(step.weight_percent - before, 9)),
                "bakeSeconds": step.bake_seconds,
                "full": step.full,
                **{key: value for key, value in known.items() if value is not None},
            }
        )
        before = step.weight_percent
    return facts


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
        report = read_drill(file, str(request.release.get("metadata", {}).get("name", "")), request.now)
    except DrillError as error:
        return invalid(f"{file.path}: {error}", **at), {}
    return present(file=file.path, digest=file.sha256, **at), report

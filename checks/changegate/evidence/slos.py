"""The service-level objectives of a release, in numbers: what each promises and how much of it may be broken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.collector import EvidenceRequest, Section, absent, present
from changegate.numbers import plain
from changegate.rollout.objectives import Objective, objectives

if TYPE_CHECKING:
    from collections.abc import Mapping


def collect(request: EvidenceRequest) -> Section:
    """Establish the facts of the objectives, each beside the one of the same name in the previous release."""
    stated = request.release.get("spec", {}).get("slos")
    slos = objectives(request.release)
    before = {slo.name: slo for slo in objectives(request.previous or {})}
    listed = [_slo(slo, before.get(slo.name)) for slo in slos]
    kinds = sorted({slo.kind for slo in slos})
    return Section(_evidence(stated), {"block": _block(stated), "slos": listed, "kinds": kinds})


def _block(stated: Any) -> str:
    if isinstance(stated, dict) and "notApplicable" in stated:
        return "not-applicable"
    return "present" if stated else "absent"


def _evidence(stated: Any) -> dict[str, Any]:
    block = _block(stated)
    if block == "present":
        return present()
    return absent(str(stated["notApplicable"]) if block == "not-applicable" else "the manifest has no `slos`")


def _slo(slo: Objective, before: Objective | None) -> dict[str, Any]:
    fact: dict[str, Any] = {"name": slo.name, "kind": slo.kind, **_numbers(slo)}
    if slo.budget is not None and slo.window_seconds is not None:
        fact["budgetSeconds"] = plain(round(slo.budget * slo.window_seconds, 3))
    if before is not None:
        fact["previous"] = _numbers(before)
    return fact


def _numbers(slo: Objective) -> Mapping[str, Any]:
    known = {
        "objectiveRatio": slo.objective,
        "budgetRatio": slo.budget,
        "thresholdMs": slo.threshold_ms,
        "windowSeconds": None if slo.window_seconds is None else float(slo.window_seconds),
    }
    return {key: plain(value) for key, value in known.items() if value is not None}

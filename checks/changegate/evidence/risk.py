"""Risk: the author's claims, beside what the previous release claimed and what the base's inventory says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.collector import EvidenceRequest, Section, present

if TYPE_CHECKING:
    from collections.abc import Mapping

WORST: Mapping[str, Any] = {
    "tier": "critical",
    "exposure": "production",
    "affectsUsers": True,
    "revenueBand": "over-1pct",
    "regulated": True,
    "safetyCritical": True,
    "personalData": True,
}
"""What an author who does not say is taken to mean: leaving a line out lowers nothing."""

RESEARCH: Mapping[str, Any] = {
    "affectsUsers": False,
    "revenueBand": "none",
    "regulated": False,
    "safetyCritical": False,
    "personalData": False,
}
"""What research, which nobody is exposed to, need not say; what it does say counts."""


def collect(request: EvidenceRequest) -> Section:
    """Normalise the claims about risk."""
    claims, unstated = claims_of(request.release)
    facts: dict[str, Any] = {"claims": claims, "unstated": unstated, "intendedUse": _intended_use(request)}
    if request.previous is not None:
        facts["previous"] = claims_of(request.previous)[0]
    if "tier" in request.inventory:
        facts["inventory"] = {"tier": request.inventory["tier"]}
    return Section(present(), facts)


def claims_of(release: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What a release claims about risk, complete, and what it does not state; that is taken as the worst."""
    stated = dict(release["spec"].get("risk", {}))
    assumed = {**WORST, **RESEARCH} if stated.get("exposure") == "research" else WORST
    needed = WORST.keys() - (RESEARCH.keys() if assumed is not WORST else ())
    return {**assumed, **stated}, sorted(key for key in needed if key not in stated)


def _intended_use(request: EvidenceRequest) -> dict[str, Any]:
    now = request.release["spec"].get("intendedUse")
    before = request.previous["spec"].get("intendedUse") if request.previous is not None else None
    found: dict[str, Any] = {"stated": bool(now), "changed": before is not None and now != before}
    if before is not None:
        found["before"] = before
    return found

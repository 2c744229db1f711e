"""Approvals: who has approved in which role, and who still could."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.collector import EvidenceRequest, Section, invalid, present, unavailable
from changegate.policy.teams import OWNER

if TYPE_CHECKING:
    from changegate.approvals.reviews import Reviews
    from changegate.policy.teams import Teams


def collect(request: EvidenceRequest) -> Section:
    """Count the approvals of a release's or a retirement's change."""
    owner = request.release["metadata"]["owner"]
    counted = people(request.reviews, request.teams, owner)
    return Section(counted.evidence, {**counted.facts, "formerOwners": _former(request, owner)})


def _former(request: EvidenceRequest, owner: str) -> list[str]:
    """The team that owned the previous release, where it is another one and has people at the base."""
    before = owner if request.previous is None else str(request.previous["metadata"]["owner"])
    return [before] if before != owner and request.teams.members(before) else []


def people(reviews: Reviews, teams: Teams, owner: str) -> Section:
    """Count approvals by role.

    Args:
        reviews: What CI handed in.
        teams: Who is in which team and role.
        owner: The owning team; empty for the change set, which nobody owns.
    """
    if reviews.status == "present":
        evidence: dict[str, Any] = present()
    elif reviews.status == "invalid":
        evidence = invalid(reviews.reason)
    else:
        evidence = unavailable(reviews.reason)
    taken = {*reviews.approved, *reviews.excluded}
    roles = {name: _role(reviews, taken, teams.members(name)) for name in (*teams.teams, *teams.roles)}
    if owner:
        roles[OWNER] = _role(reviews, taken, teams.members(OWNER, owner))
    facts = {
        "changesRequestedBy": list(reviews.changes_requested),
        "carried": [{"login": login, "commit": commit} for login, commit in reviews.carried],
        "mergesOfBase": list(reviews.merges),
        "staleBy": list(reviews.stale),
        "staleBecause": list(reviews.stale_reasons),
        "unclearBecause": reviews.unclear_reason,
        "roles": {name: role for name, role in roles.items() if role["members"]},
    }
    return Section(evidence, facts)


def _role(reviews: Reviews, taken: set[str], members: tuple[str, ...]) -> dict[str, list[str]]:
    return {
        "members": list(members),
        "approvedBy": [login for login in members if login in reviews.approved],
        "candidates": [login for login in members if login not in taken],
        "staleBy": [login for login in members if login in reviews.stale],
        "unclearBy": [login for login in members if login in reviews.unclear],
    }

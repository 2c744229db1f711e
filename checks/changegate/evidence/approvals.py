"""Approvals: who has approved in which role, and who still could."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.collector import Request, Section, invalid, present, unavailable
from changegate.policy.teams import OWNER

if TYPE_CHECKING:
    from changegate.evidence.reviews import Reviews
    from changegate.policy.teams import Teams


def collect(request: Request) -> Section:
    """Count the approvals of a release's or a retirement's change."""
    return people(request.reviews, request.teams, request.release["metadata"]["owner"])


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
    roles = {name: _role(reviews, teams.members(name)) for name in (*teams.teams, *teams.roles)}
    if owner:
        roles[OWNER] = _role(reviews, teams.members(OWNER, owner))
    facts = {
        "changesRequestedBy": list(reviews.changes_requested),
        "staleBy": list(reviews.stale),
        "roles": {name: role for name, role in roles.items() if role["members"]},
    }
    return Section(evidence, facts)


def _role(reviews: Reviews, members: tuple[str, ...]) -> dict[str, list[str]]:
    return {
        "members": list(members),
        "approvedBy": [login for login in members if login in reviews.approved],
        "candidates": [login for login in members if login not in {*reviews.approved, *reviews.excluded}],
        "staleBy": [login for login in members if login in reviews.stale],
    }

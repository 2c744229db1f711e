"""Approvals: who has approved in which role, and who still could."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.collector import EvidenceRequest, Section, invalid, present, unavailable
from changegate.evidence.plans import plan_of
from changegate.manifest import identity_of
from changegate.policy.teams import OWNER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from changegate.approvals.reviews import Reviews
    from changegate.policy.teams import Teams


def collect(request: EvidenceRequest) -> Section:
    """Count the approvals of a release's or a retirement's change."""
    owner = request.release["metadata"]["owner"]
    about = str(identity_of(request.release)), request.release["spec"]["version"]
    counted = people(request.reviews, request.teams, owner, about)
    former = _former(request, owner)
    distinct = _distinct(request.settings, counted.facts, former)
    return Section(counted.evidence, {**counted.facts, "formerOwners": former, "plan": plan_of(request), **distinct})


def _former(request: EvidenceRequest, owner: str) -> list[str]:
    """The team that owned the previous release, where it is another one and has people at the base."""
    before = owner if request.previous is None else str(request.previous["metadata"]["owner"])
    return [before] if before != owner and request.teams.members(before) else []


def _distinct(settings: Mapping[str, Any], facts: Mapping[str, Any], former: list[str]) -> dict[str, Any]:
    """Who stands for which demand where one person may stand for one only: by tier, in the order of the demands.

    Whoever approved last comes first, so that an approval which is too old takes no other's place.
    """
    if not any(settings.get("approvals", {}).get("onePersonPerRole", {}).values()):
        return {}
    ages = facts["ageSeconds"]
    by_role = {
        name: sorted(role["approvedBy"], key=lambda one: (ages.get(one, 0), one))
        for name, role in facts["roles"].items()
    }
    found: dict[str, dict[str, list[list[str]]]] = {"release": {}, "retirement": {}, "withinPlan": {}}
    for tier, asked in settings["approvals"]["required"].items():
        given_away = [{**one, "role": team} for team in former for one in asked if one["role"] == OWNER]
        found["release"][tier] = distinct_people([*asked, *given_away], by_role)
    for tier, asked in settings["approvals"]["requiredWithinPlan"].items():
        found["withinPlan"][tier] = distinct_people(asked, by_role)
    for tier, asked in settings["retirement"]["required"].items():
        found["retirement"][tier] = distinct_people(asked, by_role)
    return {"distinct": found}


def distinct_people(demands: Sequence[Mapping[str, Any]], by_role: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Give as many people as possible to demands, each person to one: by augmenting paths.

    Args:
        demands: Each a role, and how many of its people.
        by_role: Who has approved in each role.

    Returns:
        Of each demand the people who stand for it.
    """
    seats = [(index, demand["role"]) for index, demand in enumerate(demands) for _ in range(demand["count"])]
    holder: dict[str, int] = {}

    def seated(seat: int, asked: set[str]) -> bool:
        for person in by_role.get(seats[seat][1], ()):
            if person not in asked:
                asked.add(person)
                if person not in holder or seated(holder[person], asked):
                    holder[person] = seat
                    return True
        return False

    for seat in range(len(seats)):
        seated(seat, set())
    found: list[list[str]] = [[] for _ in demands]
    for person, seat in sorted(holder.items()):
        found[seats[seat][0]].append(person)
    return found


NOTHING = ("", "")
"""What a signed approval of control files names: no release, and no version."""


def people(reviews: Reviews, teams: Teams, owner: str, about: tuple[str, str] = NOTHING) -> Section:
    """Count approvals by role.

    Args:
        reviews: What CI handed in.
        teams: Who is in which team and role.
        owner: The owning team; empty for the change set, which nobody owns.
        about: The release and its version, as signed approvals name them.
    """
    if reviews.status == "present":
        evidence: dict[str, Any] = present()
    elif reviews.status == "invalid":
        evidence = invalid(reviews.reason)
    else:
        evidence = unavailable(reviews.reason)
    signed = [one for one in reviews.signed if (one.model, one.version) == about]
    roles = {
        name: _role(reviews, {one.approver for one in signed if one.role == name}, teams.members(name, owner))
        for name in (*teams.teams, *teams.roles, *([OWNER] if owner else ()))
    }
    ages = {one.approver: one.age for one in sorted(signed, key=lambda one: -one.age)}
    ages |= {login: min(age, ages.get(login, age)) for login, age in reviews.ages if age is not None}
    facts = {
        "changesRequestedBy": list(reviews.changes_requested),
        "ageSeconds": ages,
        "signedBy": [{"login": one.approver, "role": one.role} for one in signed],
        "undated": [login for login, age in reviews.ages if age is None],
        "carried": [{"login": login, "commit": commit} for login, commit in reviews.carried],
        "mergesOfBase": list(reviews.merges),
        "staleBy": list(reviews.stale),
        "staleBecause": list(reviews.stale_reasons),
        "unclearBecause": reviews.unclear_reason,
        "roles": {name: role for name, role in roles.items() if role["members"]},
    }
    return Section(evidence, facts)


def _role(reviews: Reviews, signed: set[str], members: tuple[str, ...]) -> dict[str, list[str]]:
    approved = {*reviews.approved, *signed}
    return {
        "members": list(members),
        "approvedBy": [login for login in members if login in approved],
        "candidates": [login for login in members if login not in approved and login not in reviews.excluded],
        "staleBy": [login for login in members if login in reviews.stale],
        "unclearBy": [login for login in members if login in reviews.unclear],
    }

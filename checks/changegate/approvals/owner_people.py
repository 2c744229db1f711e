"""Who is meant by an owner of CODEOWNERS: people, by the base's teams.yaml. Nobody is guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.names import same_login
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from changegate.policy.teams import Teams


class OwnerPeople(NamedTuple):
    """The people that an owner stands for."""

    people: tuple[str, ...] = ()
    """Logins, in lower case."""
    problem: str = ""
    """Why nobody can tell who they are, and what to do; empty where it is known."""


def people_of(owner: str, teams: Teams, repository: str) -> OwnerPeople:
    """Say who an owner is.

    Args:
        owner: As CODEOWNERS writes it: `@login`, `@group/team`, `@@role`, an e-mail address.
        teams: Who is who, as the base has it.
        repository: `owner/name` on the host: the teams of `owner` go by their own names.
    """
    name = same_login(owner)
    if not name.startswith("@"):
        login = teams.addresses.get(name)
        hint = "list it in .changegate/teams.yaml, under people: {LOGIN: {addresses: [" + owner + "]}}"
        return OwnerPeople((login,)) if login else OwnerPeople(problem=f"nobody says whose address {owner} is: {hint}")
    team = teams.called.get(name) or _own_team(name, teams, same_login(repository))
    if team:
        members = teams.members(team)
        nobody = f"{owner} is the team {team}, and .changegate/teams.yaml gives it nobody"
        return OwnerPeople(members) if members else OwnerPeople(problem=nobody)
    if "/" in name or name.startswith("@@") or name[1:] in teams.teams:
        return OwnerPeople(problem=f"nobody says who is in {owner}: {_list_it(name, owner)}")
    return OwnerPeople((name[1:],))


def _own_team(name: str, teams: Teams, repository: str) -> str:
    """The team that goes by its own name below the group that the repository is in."""
    group, _, team = name[1:].rpartition("/")
    return team if group and group == repository.rpartition("/")[0] and team in teams.teams else ""


def _list_it(name: str, owner: str) -> str:
    team = name.rpartition("/")[2].strip("@")
    return "list its people in .changegate/teams.yaml, under teams: {" + team + f': {{codeowners: ["{owner}"], …}}}}'

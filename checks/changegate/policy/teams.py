"""Teams and roles: who owns models, and who approves changes. Read from `.changegate/teams.yaml` at the base."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.names import same_login
from changegate.policy.control import digest_of, read_control_file
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.names import KeyPath
    from changegate.workspace.tree import Tree

OWNER = "owner"
"""The role that is always the team that owns the release."""


class Teams(NamedTuple):
    """Who is who."""

    teams: Mapping[str, tuple[str, ...]] = {}
    """Team -> logins, in lower case: hosts compare them so."""
    roles: Mapping[str, tuple[str, ...]] = {}
    """Role -> teams."""
    addresses: Mapping[str, str] = {}
    """E-mail address, in lower case -> whose it is: a login, in lower case."""
    keys: Mapping[str, tuple[str, ...]] = {}
    """Login, in lower case -> the public SSH keys that the person signs with."""
    ids: Mapping[int, str] = {}
    """The number of an account on the host -> whose it is: a login, in lower case."""
    called: Mapping[str, str] = {}
    """What CODEOWNERS calls a team (`@acme/risk`), in lower case -> the team."""

    @classmethod
    def load(cls, tree: Tree | None) -> Teams:
        """Read the teams at the base; none where there is no file.

        Raises:
            ConfigurationError: The file is not valid.
        """
        value = read_control_file(tree, "teams.yaml", "teams", _claimed_twice) or {}
        teams = {name: tuple(map(same_login, team["members"])) for name, team in value.get("teams", {}).items()}
        roles = {name: tuple(names) for name, names in value.get("roles", {}).items()}
        keys: dict[str, tuple[str, ...]] = {}
        for _, key, login in _keys(value):
            keys[login] = (*keys.get(login, ()), key)
        addresses = {address: login for _, address, login in _addresses(value)}
        ids = {int(number): login for _, number, login in _ids(value)}
        return cls(teams, roles, addresses, keys, ids, {called: team for _, called, team in _called(value)})

    @property
    def digest(self) -> str:
        """`sha256:<hex>` of who is who."""
        return digest_of(self)

    def known(self, name: str) -> bool:
        """Whether a team or a role of that name exists."""
        return name in self.teams or name in self.roles

    def members(self, name: str, owner: str = "") -> tuple[str, ...]:
        """The logins of a team or role, sorted; of `owner` those of the owning team. Empty where nobody is known."""
        if name == OWNER:
            name = owner
        teams = self.roles.get(name, (name,))
        return tuple(sorted({login for team in teams for login in self.teams.get(team, ())}))


def _addresses(value: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str, str]]:
    """Every address with where it stands and whose it is, both in lower case."""
    for login, person in value.get("people", {}).items():
        for index, address in enumerate(person.get("addresses", ())):
            yield ("people", login, "addresses", index), same_login(address), same_login(login)


def _keys(value: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str, str]]:
    """Every key, without its comment, with where it stands and whose it is."""
    for login, person in value.get("people", {}).items():
        for index, key in enumerate(person.get("keys", ())):
            yield ("people", login, "keys", index), " ".join(key.split()[:2]), same_login(login)


def _ids(value: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str, str]]:
    """The number of every account that has one, with where it stands and whose it is."""
    for login, person in value.get("people", {}).items():
        if "id" in person:
            yield ("people", login, "id"), str(person["id"]), same_login(login)


def _called(value: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str, str]]:
    """Every name that CODEOWNERS has for a team, in lower case, with where it stands and the team."""
    for name, team in value.get("teams", {}).items():
        for index, called in enumerate(team.get("codeowners", ())):
            yield ("teams", name, "codeowners", index), same_login(called), name


_ONE_OF = {
    "id": ("account", "person"),
    "keys": ("key", "person"),
    "addresses": ("address", "person"),
    "codeowners": ("name", "team"),
}


def _claimed_twice(value: dict[str, Any]) -> tuple[KeyPath, str, str] | None:
    """Find an address or a key that two people have, or a name of two teams."""
    seen: dict[str, str] = {}
    for path, one, holder in (*_addresses(value), *_keys(value), *_ids(value), *_called(value)):
        if seen.setdefault(one, holder) != holder:
            what, whose = _ONE_OF[str(path[2])]
            return path, f"the {what} {one[:100]} is {seen[one]}'s already", f"each {what} is one {whose}'s"
    return None

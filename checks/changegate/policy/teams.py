"""Teams and roles: who owns models, and who approves changes. Read from `.changegate/teams.yaml` at the base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.policy.control import digest_of, read_control_file
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.workspace.tree import Tree

OWNER = "owner"
"""The role that is always the team that owns the release."""


class Teams(NamedTuple):
    """Who is who."""

    teams: Mapping[str, tuple[str, ...]] = {}
    """Team -> logins, in lower case: hosts compare them so."""
    roles: Mapping[str, tuple[str, ...]] = {}
    """Role -> teams."""

    @classmethod
    def load(cls, tree: Tree | None) -> Teams:
        """Read the teams at the base; none where there is no file.

        Raises:
            ConfigurationError: The file is not valid.
        """
        value = read_control_file(tree, "teams.yaml", "teams") or {}
        teams = {name: tuple(map(str.casefold, team["members"])) for name, team in value.get("teams", {}).items()}
        return cls(teams, {name: tuple(names) for name, names in value.get("roles", {}).items()})

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

"""What control files name: rules, teams, roles and models. What is named and does not exist does nothing, unseen."""

from __future__ import annotations

from fnmatch import filter as fnfilter
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from changegate.names import Identity
from changegate.policy.teams import OWNER
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from changegate.names import KeyPath
    from changegate.policy.catalogue import Catalogue
    from changegate.policy.teams import Teams
    from changegate.policy.waivers import Waivers

_CONFIG, _TEAMS, _WAIVERS = "config.yaml", "teams.yaml", "waivers.yaml"


class Mention(NamedTuple):
    """One name in a control file."""

    file: str
    """In `.changegate/`."""
    path: KeyPath
    kind: str
    """`rule`, `team` (which a role may stand for), `role` or `model`."""
    name: str
    """As it is written; a glob, where the file takes globs."""
    parts: tuple[tuple[str, str], ...] = ()
    """Of a model: the environment and the variant, where they are named."""

    @property
    def is_glob(self) -> bool:
        """Whether it stands for several names."""
        return any(one in self.name for one in "*?[")

    @property
    def said(self) -> str:
        """The name, with the environment and the variant where they are not the usual ones."""
        return str(Identity.of({"name": self.name, **dict(self.parts)}))

    def fits(self, identity: Identity) -> bool:
        """Whether a model is what is named."""
        return fnmatchcase(identity.name, self.name) and set(self.parts) <= set(identity._asdict().items())


def mentions(config: Mapping[str, Any], teams: Teams, waivers: Waivers) -> tuple[Mention, ...]:
    """Find every name in control files.

    Args:
        config: The configuration as it stands.
        teams: Who is who.
        waivers: All exceptions.
    """
    return (*_of_config(config), *_of_teams(teams), *_of_waivers(waivers))


def _of_config(config: Mapping[str, Any]) -> Iterator[Mention]:
    for index, override in enumerate(config.get("overrides", ())):
        for key, kind in (("rules", "rule"), ("owners", "team"), ("models", "model")):
            for at, name in enumerate(override.get(key, ())):
                yield Mention(_CONFIG, ("overrides", index, key, at), kind, name)
        yield from _of_settings(override.get("settings", {}), ("overrides", index, "settings"))
    yield from _of_settings(config.get("settings", {}), ("settings",))
    for index, entry in enumerate(config.get("inventory", ())):
        yield Mention(_CONFIG, ("inventory", index, "name"), "model", entry["name"], _parts(entry))


def _of_settings(settings: Mapping[str, Any], path: KeyPath) -> Iterator[Mention]:
    for name in settings.get("evaluation", {}).get("modelLimits", {}):
        yield Mention(_CONFIG, (*path, "evaluation", "modelLimits", name), "model", name)
    for index, name in enumerate(settings.get("control", {}).get("unwaivable", ())):
        yield Mention(_CONFIG, (*path, "control", "unwaivable", index), "rule", name)
    for index, name in enumerate(settings.get("control", {}).get("allowedBreakGlassRoles", ())):
        yield Mention(_CONFIG, (*path, "control", "allowedBreakGlassRoles", index), "role", name)
    yield from _roles(settings, path)


def _roles(value: Any, path: KeyPath) -> Iterator[Mention]:
    """The roles that settings name. Their schema bounds how deep they are."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in items:
        if isinstance(below, str) and below != OWNER and (key == "role" or str(key).endswith("Role")):
            yield Mention(_CONFIG, (*path, key), "role", below)
        yield from _roles(below, (*path, key))


def _of_teams(teams: Teams) -> Iterator[Mention]:
    """Teams that roles name; a role that has nobody at all is told as such."""
    for role, names in teams.roles.items():
        for index, name in enumerate(names):
            if teams.members(role):
                yield Mention(_TEAMS, ("roles", role, index), "team", name)


def _of_waivers(waivers: Waivers) -> Iterator[Mention]:
    for index, one in enumerate(waivers.waivers):
        parts = ("environment", one.identity.environment), ("variant", one.identity.variant)
        yield Mention(_WAIVERS, ("waivers", index, "rule"), "rule", one.rule)
        yield Mention(_WAIVERS, ("waivers", index, "model"), "model", one.identity.name, parts)
        if one.emergency is not None:
            yield Mention(_WAIVERS, ("waivers", index, "breakGlass", "onCall"), "role", one.emergency.role)


def _parts(entry: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((key, entry[key]) for key in ("environment", "variant") if key in entry)


class Models:
    """The models that there are."""

    def __init__(self, identities: Iterable[Identity]) -> None:
        """Take them."""
        self._by_name: dict[str, list[Identity]] = {}
        for identity in identities:
            self._by_name.setdefault(identity.name, []).append(identity)

    @property
    def names(self) -> Iterable[str]:
        """Their names, each once."""
        return self._by_name

    def have(self, one: Mention) -> bool:
        """Whether a model is among them."""
        names = fnfilter(self._by_name, one.name) if one.is_glob else [one.name]
        return any(one.fits(identity) for name in names for identity in self._by_name.get(name, ()))


def is_known(one: Mention, rules: Catalogue, teams: Teams) -> bool:
    """Whether a rule, team or role exists.

    Args:
        one: The name; not of a model.
        rules: All rules.
        teams: Who is who.
    """
    if one.is_glob:
        return bool(fnfilter(rules if one.kind == "rule" else (*teams.teams, *teams.roles), one.name))
    return one.name in rules if one.kind == "rule" else teams.known(one.name)


def hint(one: Mention, known: Iterable[str]) -> str:
    """Say which name was meant, or where names come from."""
    from difflib import get_close_matches

    near = get_close_matches(one.name, list(known), n=1, cutoff=0.6)
    if near:
        return f"Did you mean {near[0]}? Write that, or take the name out."
    where = {
        "rule": "`changegate rules` lists the rules",
        "team": "write a team or role of .changegate/teams.yaml",
        "role": "write a role of .changegate/teams.yaml",
        "model": "write the name of a model that is there, or add it in the same change",
    }
    text = where[one.kind]
    return f"{text[0].upper()}{text[1:]}, or take the name out."

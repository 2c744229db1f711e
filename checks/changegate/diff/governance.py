"""The semantic diff of what steers the gate: settings, teams, waivers and signers, and which way each change turns it.

Pure: it compares what was loaded. What loosens, or may, comes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.diff.signers import SIGNERS, signer_changes
from changegate.names import Change
from changegate.policy.signers import Signers
from changegate.policy.strictness import Strict, Turn, strict_way, turn_of
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from changegate.names import KeyPath
    from changegate.policy.settings import Config
    from changegate.policy.teams import Teams
    from changegate.policy.waivers import Waiver, Waivers

CONFIG, TEAMS, WAIVERS = ".changegate/config.yaml", ".changegate/teams.yaml", ".changegate/waivers.yaml"
ENGINE = "embedded"
"""The engine where a configuration names none."""
_ORDER = tuple(Turn)
_LONGEST = 120


class Governance(NamedTuple):
    """What steers the gate, as one revision has it."""

    config: Config
    teams: Teams
    waivers: Waivers
    signers: Signers = Signers()


def governance_changes(before: Governance, after: Governance) -> tuple[Change, ...]:
    """Compare two revisions of what steers the gate.

    Returns:
        Each difference with a sentence; `impact` is a `Turn`. What loosens stands first, then what may.
    """
    return in_order_of_turn((
        *_config(before.config, after.config),
        *_teams(before.teams, after.teams),
        *_waivers(before.waivers, after.waivers),
        *signer_changes(before.signers, after.signers),
    ))  # fmt: skip


def _change(path: KeyPath, before: Any, after: Any, turn: Turn, text: str) -> Change:
    op = "added" if before is None else "removed" if after is None else "changed"
    category = {CONFIG: "settings", TEAMS: "teams", WAIVERS: "waivers", SIGNERS: "signers"}[str(path[0])]
    return Change(path, op, before, after, category, turn.value, text)


def in_order_of_turn(changes: Iterable[Change]) -> tuple[Change, ...]:
    """What loosens first, then what may, then the rest; each by its place."""
    return tuple(sorted(changes, key=lambda one: (_ORDER.index(Turn(one.impact)), list(map(str, one.path)))))


def _config(before: Config, after: Config) -> Iterator[Change]:
    was, becomes = before.enforcement.value, after.enforcement.value
    if was != becomes:
        turn = Turn.LOOSENS if becomes == "observe" else Turn.TIGHTENS
        yield _change((CONFIG, "enforcement"), was, becomes, turn, f"what fails is {_ENFORCED[becomes]} from now on")
    yield from _plain(before, after)
    yield from _globs(before, after)
    yield from _thresholds(before.settings, after.settings)
    yield from _overrides(before, after)
    yield from _inventory(before, after)
    yield from _bundles(before, after)


_ENFORCED = {"observe": "only observed", "enforce": "enforced", "ratchet": "enforced where it held before"}


def _plain(before: Config, after: Config) -> Iterator[Change]:
    was, becomes = before.engine or ENGINE, after.engine or ENGINE
    if was != becomes:
        text = f"the engine {becomes} evaluates policies from then on, and {was} no more"
        yield _change((CONFIG, "engine"), was, becomes, Turn.MAY_LOOSEN, text)
    for key in sorted({*before.raw, *after.raw} - _ELSEWHERE):
        one, other = before.raw.get(key), after.raw.get(key)
        if one != other:
            said, turn = _SAID.get(key, f"`{key}`"), Turn.NEUTRAL if key in _JUDGES_NOTHING else Turn.MAY_LOOSEN
            yield _change((CONFIG, key), one, other, turn, f"{said}: {_shown(one)} becomes {_shown(other)}")


_ELSEWHERE = frozenset({
    "apiVersion", "kind", "engine", "enforcement", "manifests", "controlFiles", "settings", "overrides", "inventory",
    "policies",
})  # fmt: skip
"""The keys of a configuration that are compared by what they say; any other is told as it is, whatever comes to be."""
_JUDGES_NOTHING = frozenset({"impact"})
_SAID = {
    "repository": "the repository that approvals have to name",
    "releaseTags": "the tags by which a previous release is looked for",
    "history": "how far back the branch is looked at",
    "impact": "how many releases are judged by the rules of a change",
}


def _globs(before: Config, after: Config) -> Iterator[Change]:
    was, becomes = list(before.include), list(after.include)
    yield from _listed(("manifests", "include"), was, becomes, Strict.MORE, "the globs of manifests")
    was, becomes = (list(one.raw.get("manifests", {}).get("exclude", ())) for one in (before, after))
    yield from _listed(("manifests", "exclude"), was, becomes, Strict.FEWER, "the globs that are left out")
    was, becomes = list(before.control_files), list(after.control_files)
    yield from _listed(("controlFiles",), was, becomes, Strict.MORE, "the globs of control files")


def _listed(path: KeyPath, before: list[Any], after: list[Any], way: Strict, what: str) -> Iterator[Change]:
    """Two lists of which the order says nothing."""
    gone, come = [one for one in before if one not in after], [one for one in after if one not in before]
    if gone or come:
        parts = [f"without {_named(gone)}"] * bool(gone) + [f"with {_named(come)}"] * bool(come)
        yield _change((CONFIG, *path), before, after, turn_of(way, before, after), f"{what}: {', '.join(parts)}")


def _thresholds(
    before: Mapping[str, Any], after: Mapping[str, Any], above: KeyPath = ("settings",), whom: str = ""
) -> Iterator[Change]:
    """Every threshold that differs, by its dotted name."""
    was, becomes = dict(_leaves(before)), dict(_leaves(after))
    for path in sorted(was.keys() | becomes):
        one, other = was.get(path), becomes.get(path)
        if one != other:
            text = f"`{'.'.join(path)}`{whom}: {_shown(one)} becomes {_shown(other)}"
            yield _change((CONFIG, *above, *path), one, other, _turn(path, one, other), text)


def _turn(path: tuple[str, ...], before: Any, after: Any) -> Turn:
    if path[1] in _PEOPLE:
        return turn_of(Strict.HIGHER, before or 0, after or 0)
    return turn_of(strict_way(".".join(path)), before, after)


_PEOPLE = ("required", "requiredForBreakGlass")
"""The keys of the lists of who has to approve, as roles and how many of their people."""


def _leaves(value: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The thresholds below a mapping; of who has to approve, how many people of each role."""
    for key, below in value.items():
        path = (*above, str(key))
        if isinstance(below, dict):
            yield from _leaves(below, path)
        elif path[1:2] and path[1] in _PEOPLE and isinstance(below, list):
            yield from (((*path, one["role"]), one["count"]) for one in below)
        else:
            yield path, below


def _overrides(before: Config, after: Config) -> Iterator[Change]:
    """Exceptions that are new or gone; the order of those that stay, since the last that fits decides."""
    was, becomes = (list(one.raw.get("overrides", ())) for one in (before, after))
    for one in was:
        if one not in becomes:
            yield from _override(one, None, before.settings, ("overrides", was.index(one)))
    for one in becomes:
        if one not in was:
            yield from _override(None, one, after.settings, ("overrides", becomes.index(one)))
    stay = [one for one in was if one in becomes]
    if stay != [one for one in becomes if one in was]:
        text = "the overrides stand in another order, and the last that fits decides"
        yield _change((CONFIG, "overrides"), "one order", "another order", Turn.MAY_LOOSEN, text)


def _override(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, settings: Mapping[str, Any], path: KeyPath
) -> Iterator[Change]:
    """What one override says that comes or goes: each of its three words by itself."""
    one: Mapping[str, Any] = before or after or {}
    verb, is_new = ("no more", False) if after is None else ("", True)
    whom = _whom(one)
    for key, strict in (("severity", ("error",)), ("enforcement", ("enforce", "ratchet"))):
        if key in one:
            turn = _either(one[key] in strict, is_new)
            text = " ".join(filter(None, [f"{_rules(one)} is `{one[key]}`{whom}", verb])) + f": {one['reason']}"
            yield _change((CONFIG, *path, key), *_sides(one[key], is_new), turn, text)
    for leaf, value in _leaves(one.get("settings", {})):
        everybody = dict(_leaves(settings)).get(leaf)
        was, becomes = (everybody, value) if is_new else (value, everybody)
        if was != becomes:
            text = f"`{'.'.join(leaf)}`{whom}: {_shown(was)} becomes {_shown(becomes)}: {one['reason']}"
            yield _change((CONFIG, *path, "settings", *leaf), was, becomes, _turn(leaf, was, becomes), text)


def _either(is_strict: bool, is_new: bool) -> Turn:
    return Turn.TIGHTENS if is_strict is is_new else Turn.LOOSENS


def _sides(value: Any, is_new: bool) -> tuple[Any, Any]:
    return (None, value) if is_new else (value, None)


def _rules(override: Mapping[str, Any]) -> str:
    return _named(override["rules"]) if "rules" in override else "every rule"


def _whom(override: Mapping[str, Any]) -> str:
    kinds = {"models": "model", "owners": "owner", "tiers": "tier"}
    told = [f"{word} {_named(override[key])}" for key, word in kinds.items() if key in override]
    return f" for {' and '.join(told)}" if told else " for everybody"


def _inventory(before: Config, after: Config) -> Iterator[Change]:
    was, becomes = ({_entry(one): one["tier"] for one in each.raw.get("inventory", ())} for each in (before, after))
    for name in sorted(was.keys() | becomes):
        one, other = was.get(name), becomes.get(name)
        if one != other:
            turn = turn_of(Strict.HIGHER, _TIERS.get(str(one), -1), _TIERS.get(str(other), -1))
            text = f"the inventory's tier of {name}: {_shown(one)} becomes {_shown(other)}"
            yield _change((CONFIG, "inventory", name), one, other, turn, text)


_TIERS = {"low": 0, "medium": 1, "high": 2, "critical": 3}


def _entry(one: Mapping[str, Any]) -> str:
    return "/".join(one[key] for key in ("environment", "name", "variant") if key in one)


def _bundles(before: Config, after: Config) -> Iterator[Change]:
    """Bundles of own policies, and how they are verified."""
    was, becomes = ({one["path"]: dict(one) for one in each.bundles} for each in (before, after))
    for path in sorted(was.keys() | becomes):
        one, other = was.get(path), becomes.get(path)
        if one != other:
            turn = Turn.TIGHTENS if one is None else Turn.LOOSENS if other is None else Turn.MAY_LOOSEN
            said = "is new" if one is None else "is gone" if other is None else "is verified in another way"
            yield _change((CONFIG, "policies", "bundles", path), one, other, turn, f"the bundle {path} {said}")
    own = [one.raw.get("policies", {}) for one in (before, after)]
    for key in sorted({*own[0], *own[1]} - {"bundles"}):
        old, new = (one.get(key) for one in own)
        if old != new:
            text = f"{_OF_POLICIES.get(key, f'`policies.{key}`')}: {_shown(old)} becomes {_shown(new)}"
            yield _change((CONFIG, "policies", key), old, new, _turn_of_policies(key, old, new), text)


_OF_POLICIES = {
    "limits": "the bounds of own policies",
    "namespaces": "the packages of own policies that are asked, all where none is named",
    "data": "the data files of own policies",
}


def _turn_of_policies(key: str, before: Any, after: Any) -> Turn:
    """Of the packages, fewer ask less, and none stands for all."""
    if key == "limits":
        return Turn.NEUTRAL
    if key == "namespaces" and (before is None or after is None):
        return Turn.LOOSENS if before is None else Turn.TIGHTENS
    return turn_of(Strict.MORE, before, after) if key == "namespaces" else Turn.MAY_LOOSEN


def _teams(before: Teams, after: Teams) -> Iterator[Change]:
    yield from _people("teams", before.teams, after.teams, ("{} joins the team {}", "{} leaves the team {}"))
    now_and_then = ("the team {} has the role {} now", "the team {} has the role {} no more")
    yield from _people("roles", before.roles, after.roles, now_and_then)
    yield from _assigned("people", before.addresses, after.addresses, "commits by {}", ("those", "are"))
    yield from _assigned("teams", before.called, after.called, "{} in CODEOWNERS", ("the team", "is"))
    was, becomes = ({str(number): login for number, login in one.ids.items()} for one in (before, after))
    yield from _assigned("people", was, becomes, "the account {}", ("that", "is"))
    yield from _signs(before.keys, after.keys)


def _assigned(
    key: str, before: Mapping[str, str], after: Mapping[str, str], said: str, words: tuple[str, str]
) -> Iterator[Change]:
    """Whose each name is: an address a person's, a name in CODEOWNERS a team's."""
    (what, verb), nobodys = words, "nobody's any more"
    for one in sorted(before.keys() | after):
        was, becomes = before.get(one), after.get(one)
        if was != becomes:
            whose = f"{what} of {becomes}" if key == "people" else f"{what} {becomes}"
            text = f"{said.format(one)} {verb} {whose if becomes else nobodys}"
            yield _change((TEAMS, key, one), was, becomes, Turn.MAY_LOOSEN, text)


def _signs(before: Mapping[str, Sequence[str]], after: Mapping[str, Sequence[str]]) -> Iterator[Change]:
    """Whose signatures count: whoever holds a key that is new approves in that person's name."""
    for login in sorted(before.keys() | after):
        was, becomes = set(before.get(login, ())), set(after.get(login, ()))
        for keys, turn, text in (
            (becomes - was, Turn.LOOSENS, "{} signs approvals with another key from now on: {}"),
            (was - becomes, Turn.TIGHTENS, "a key of {} counts no more: {}"),
        ):
            for key in sorted(keys):
                told = text.format(login, f"{key.split()[0]} …{key[-12:]}")
                sides = _sides(key, turn is Turn.LOOSENS)
                yield _change((TEAMS, "people", login, "keys"), *sides, turn, told)


def _people(
    key: str, before: Mapping[str, Sequence[str]], after: Mapping[str, Sequence[str]], said: tuple[str, str]
) -> Iterator[Change]:
    """Who has joined may approve from now on, which loosens; who has left may not."""
    comes, goes = said
    for name in sorted(before.keys() | after):
        was, becomes = before.get(name, ()), after.get(name, ())
        for one in sorted(set(becomes) - set(was)):
            yield _change((TEAMS, key, name, one), None, one, Turn.LOOSENS, comes.format(one, name))
        for one in sorted(set(was) - set(becomes)):
            yield _change((TEAMS, key, name, one), one, None, Turn.TIGHTENS, goes.format(one, name))


def _waivers(before: Waivers, after: Waivers) -> Iterator[Change]:
    was, becomes = (_latest(each) for each in (before, after))
    for key in sorted(was.keys() | becomes, key=str):
        one, other = was.get(key), becomes.get(key)
        if one != other:
            yield _waiver(one, other)


def _latest(waivers: Waivers) -> dict[tuple[str, Any, str], Waiver]:
    """Of several for the same, the one that ends last: it is the one that lifts the rule."""
    return {one.key: one for one in sorted(waivers.waivers, key=lambda one: one.expires)}


def _waiver(before: Waiver | None, after: Waiver | None) -> Change:
    either = after or before
    assert either is not None  # noqa: S101  (one of them is there)
    about = f"{either.rule} for {either.identity}"
    path = (WAIVERS, "waivers", either.rule, str(either.identity))
    if after is None:
        text = f"{about} is waived no more"
        return _change(path, before and before.text, None, Turn.TIGHTENS, text)
    turn = Turn.LOOSENS
    if before is not None and before.expires >= after.expires:
        turn = Turn.TIGHTENS if before.expires > after.expires else Turn.NEUTRAL
    return _change(path, before and before.text, after.text, turn, f"{about} is {after.text}")


def _named(names: Iterable[Any]) -> str:
    shown = [f"`{one}`" for one in names]
    more = len(shown) - 5
    return ", ".join(shown[:5]) + (f" and {more} more" if more > 0 else "")


def _shown(value: Any) -> str:
    """A value as a person writes it, in one line."""
    if value is None:
        return "nothing"
    if isinstance(value, list):
        text = "[" + ", ".join(map(str, value)) + "]"
    elif isinstance(value, dict):
        text = "{" + ", ".join(f"{key}: {one}" for key, one in value.items()) + "}"
    else:
        text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"

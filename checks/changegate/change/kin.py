"""Whose tier holds for a release: of those that are the same model, answer the same requests, or depend on it.

What an identity newly has is looked at wherever the other release runs; what it had before, within its environment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.change.manifests import NEEDLE_ESCAPE
from changegate.change.search import Sought, search
from changegate.change.traits import Traits, common_artifact
from changegate.manifest import Broken, Manifest
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from changegate.change.collector import ChangeRequest
    from changegate.names import Identity

_MOST_STEPS = 16
"""So many releases may stand between one and another that needs it; what lies beyond is not looked for."""


def kin_of(request: ChangeRequest, manifest: Manifest, old: Manifest | None) -> list[dict[str, Any]]:
    """Find the releases whose tier holds for one.

    Args:
        request: The change.
        manifest: The release at the head.
        old: The same identity's release at the base; None where the identity is new.

    Returns:
        Each with its identity, what ties it to the release, what it claims about risk, and its place. Of those that
        claim the same only one is told.
    """
    me, was = Traits.of(manifest), Traits.of(old) if old is not None else None
    if me.tier == "critical":
        return []  # there is none above
    others = request.kindred().akin(me, was)
    found = [(one, tie) for one in others if (tie := _tie(request, me, was, one))]
    found += _dependants(request, me)
    if was is None:
        found += _gone(request, me)
    told: dict[Any, dict[str, Any]] = {}
    for one, tie in sorted(found, key=lambda pair: (pair[0].identity, pair[1])):
        entry = _entry(request, one, tie)
        told.setdefault((tie, *sorted(map(str, one.claims.items())), str(entry.get("inventory"))), entry)
    return list(told.values())


def _entry(request: ChangeRequest, one: Traits, tie: str) -> dict[str, Any]:
    place = {**one.place, "message": "the release whose tier holds"}
    entry = {
        "identity": str(one.identity),
        "reason": f"{one.identity} {tie}",
        "claims": dict(one.claims),
        "related": [place],
    }
    listed = request.config.inventory(one.identity)
    return {**entry, "inventory": {"tier": listed["tier"]}} if listed else entry


def _tie(request: ChangeRequest, me: Traits, was: Traits | None, other: Traits) -> str:
    """What ties another release to this one, so that its tier holds; empty where nothing does."""
    shares = [*_model(request, me, was, other), *_traffic(me, was, other, request.kindred().stays(other))]
    return f"has {' and '.join(shares)} too" if shares else ""


def _model(request: ChangeRequest, me: Traits, was: Traits | None, other: Traits) -> Iterator[str]:
    """Whether it is the same model under another identity: what has an identity already is known by its own tier."""
    if request.config.decides(me.identity):
        return
    is_named_alike = me.identity.name == other.identity.name
    if was is None and is_named_alike:
        yield "its name"
    gained = me._replace(mentioned=me.mentioned - was.mentioned, sizes=me.sizes - was.sizes) if was else me
    if (was is None or not is_named_alike) and (shared := common_artifact(gained, other)):
        yield shared


def _gone(request: ChangeRequest, me: Traits) -> Iterator[tuple[Traits, str]]:
    """The releases that the branch had, and that shared something with one that is new; of each its latest state."""

    def is_told(one: Traits) -> bool:
        """Whether it is the release itself, or another state of the same ties it."""
        now, states = request.kindred().of(one.identity), request.past().states[one.identity]
        latest = next(state for state in (*now, *states) if state is one or _tie(request, me, None, state))
        return one.identity == me.identity or latest is not one

    for one in request.past().akin(request.kindred(), me, is_told):
        if tie := _tie(request, me, None, one):
            until = f", until {one.place['at']['revision'][:12]}"
            yield one, tie.replace("has ", "had ", 1).removesuffix(" too") + until


def _traffic(me: Traits, was: Traits | None, other: Traits, is_past: bool) -> Iterator[str]:
    """Whether both answer the same requests."""
    is_here = me.identity.environment == other.identity.environment and not is_past
    old_doors, old_routes = (was.doors, was.routes) if was else (frozenset[str](), frozenset[str]())
    if (me.doors if is_here else me.doors - old_doors) & other.doors:
        yield "its endpoint"
    routes = me.routes if is_here else me.routes - old_routes
    if other.identity.name in routes or (is_here and me.identity.name in other.routes):
        yield "its traffic"


class _Way(NamedTuple):
    """How another release comes to depend on this one."""

    end: Traits
    by: tuple[Identity, ...]
    """What stands between the two, from this one on."""


def _dependants(request: ChangeRequest, me: Traits) -> Iterator[tuple[Traits, str]]:
    """The releases that depend on one, directly or by way of others."""
    for way in _ways(request, me):
        through = f", by way of {way.by[-1]}" if way.by else ""
        yield way.end, f"depends on it{through}"


def _ways(request: ChangeRequest, me: Traits) -> Iterator[_Way]:
    """Every release that depends on one, found step by step; each once, however the circles run."""
    frontier: dict[Identity, tuple[Identity, ...]] = {me.identity: ()}
    met = {me.identity}
    for step in range(_MOST_STEPS):
        if step:
            _look_further(request, frontier)
        next_ones: dict[Identity, tuple[Identity, ...]] = {}
        for one in request.kindred().dependants(frontier):
            if one.identity not in met and one.identity not in next_ones:
                by = frontier[min(need for need in one.needs if need in frontier)]
                yield _Way(one, by)
                next_ones[one.identity] = (*by, one.identity)
        met |= next_ones.keys()
        frontier = next_ones
        if not frontier:
            return


def _look_further(request: ChangeRequest, frontier: Iterable[Identity]) -> None:
    """Look for the releases at the head that depend on some others: of each name once, and of several together."""
    names = frozenset(one.name for one in frontier) - request.kindred().sought
    if names:
        request.kindred().learn(names, _naming(request, names))


def _naming(request: ChangeRequest, names: frozenset[str]) -> Iterator[Traits]:
    head = request.scope.head
    paths = sorted(filter(request.config.matches, head.grep((*sorted(names), NEEDLE_ESCAPE))))
    for found in search(head, Sought(frozenset(), names=names), paths):
        if isinstance(found, Broken):
            assert found.accident is not None  # noqa: S101  (no other is found)
            raise found.accident
        yield found if isinstance(found, Traits) else Traits.of(found)

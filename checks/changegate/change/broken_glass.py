"""Waivers of incidents that a change brings, lengthens or drops: who breaks the glass, for what, and for how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from changegate.change.waived import entry_at
from changegate.errors import ConfigurationError
from changegate.names import same_login
from changegate.policy.waivers import Waivers, binds_bytes, family_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.change.collector import ChangeRequest
    from changegate.policy.waivers import BreakGlass, Waiver

_FILE = ".changegate/waivers.yaml"
_UNTOUCHED: dict[str, Any] = {"authorKnown": False, "alone": False, "entries": [], "dropped": []}


def broken_glass(request: ChangeRequest) -> dict[str, Any]:
    """Establish what a change does with waivers of incidents. What does not load is told as such.

    Returns:
        `facts.control.breakGlass`: whether anybody can say who brings it, whether the change brings nothing else,
        what is new or longer, and whose follow-up is dropped.
    """
    if not any(kind == "waivers" for _, kind in request.change.control):
        return _UNTOUCHED
    try:
        before, after = Waivers.load(request.scope.base), Waivers.load(request.scope.head)
    except ConfigurationError:
        return _UNTOUCHED
    entries = list(_entries(request, before, after))
    return {
        "authorKnown": bool(request.scope.author.login),
        "alone": bool(entries) and _is_alone(request, before, after),
        "entries": entries,
        "dropped": list(_dropped(request, before, after)),
    }


def _is_alone(request: ChangeRequest, before: Waivers, after: Waivers) -> bool:
    """Whether the change does nothing to control files but add waivers of incidents."""
    if {one.path for one, _ in request.change.control} | {one.old_path for one, _ in request.change.control} != {_FILE}:
        return False
    added = [one for one in after.waivers if one not in before.waivers]
    is_kept = all(after.waivers.count(one) == before.waivers.count(one) for one in before.waivers)
    known = {one.key for one in before.waivers}
    return is_kept and all(one.emergency is not None and one.key not in known for one in added)


def _entries(request: ChangeRequest, before: Waivers, after: Waivers) -> Iterator[dict[str, Any]]:
    known = {one.key: one.expires for one in before.waivers if one.emergency is not None}
    for index, one in enumerate(after.waivers):
        if one.emergency is not None and ((end := known.get(one.key)) is None or end < one.expires):
            yield _entry(request, one, one.emergency, index)


def _entry(request: ChangeRequest, waiver: Waiver, emergency: BreakGlass, index: int) -> dict[str, Any]:
    now = request.scope.now
    longest = request.config.settings["control"]["maximumBreakGlassSeconds"]
    last = datetime.fromtimestamp(now, UTC) + timedelta(seconds=longest) - timedelta(days=1)
    author = same_login(request.scope.author.login)
    return {
        "rule": waiver.rule,
        "family": family_of(waiver.rule),
        "model": str(waiver.identity),
        "version": emergency.version,
        "incident": emergency.incident,
        "role": emergency.role,
        "secondsLeft": waiver.seconds_left(now),
        "lastDay": f"{last:%Y-%m-%d}",
        "bindsBytes": binds_bytes(waiver.rule),
        "authorInRole": bool(author) and author in request.teams.members(emergency.role),
        "at": entry_at(request.scope.head, index, "head"),
    }


def _dropped(request: ChangeRequest, before: Waivers, after: Waivers) -> Iterator[dict[str, Any]]:
    """The open follow-ups of the base that are gone or say something else at the head."""
    kept = [one for one in after.waivers if one.emergency is not None]
    for index, one in enumerate(before.waivers):
        emergency = one.emergency
        if emergency is None or not one.is_open or any(_keeps(other, one, emergency) for other in kept):
            continue
        yield {
            "rule": one.rule,
            "model": str(one.identity),
            "incident": emergency.incident,
            "followUp": emergency.follow_up,
            "at": entry_at(request.scope.base, index, "base"),
        }


def _keeps(other: Waiver, one: Waiver, emergency: BreakGlass) -> bool:
    """Whether an entry is the same emergency with the same follow-up, done or not."""
    said = other.emergency._replace(done="") if other.emergency is not None else None
    return other.key == one.key and said == emergency

"""The waivers that a change brings or lengthens, each with its line and how long it would last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from changegate.errors import ConfigurationError
from changegate.policy import control
from changegate.policy.waivers import Waivers, family_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.change.collector import ChangeRequest
    from changegate.policy.waivers import Waiver
    from changegate.workspace.tree import Tree

_FILE = "waivers.yaml"


def new_waivers(request: ChangeRequest) -> Iterator[dict[str, Any]]:
    """Find the waivers at the head that the base has not, or has with an earlier end; none of incidents."""
    try:
        before, after = Waivers.load(request.scope.base), Waivers.load(request.scope.head)
    except ConfigurationError:
        return  # a finding by itself, or nothing could be decided
    known = {one.key: one.expires for one in before.waivers if one.emergency is None}
    for index, one in enumerate(after.waivers):
        if one.emergency is None and ((end := known.get(one.key)) is None or end < one.expires):
            yield _fact(request, one, index)


def entry_at(tree: Tree | None, index: int, revision: str) -> dict[str, Any]:
    """Where an entry of the file stands."""
    line, column = control.locate(tree, _FILE, ("waivers", index)) or (1, 1)
    return {"file": control.FOLDER + _FILE, "revision": revision, "line": line, "column": column}


def _fact(request: ChangeRequest, waiver: Waiver, index: int) -> dict[str, Any]:
    now = request.scope.now
    return {
        "rule": waiver.rule,
        "family": family_of(waiver.rule),
        "model": str(waiver.identity),
        "secondsLeft": waiver.seconds_left(now),
        "hint": _hint(request, now),
        "at": entry_at(request.scope.head, index, "head"),
    }


def _hint(request: ChangeRequest, now: int) -> str:
    """The last day that a waiver may have, for each tier."""
    longest = request.config.settings["control"]["maximumWaiverSeconds"]
    days = {tier: datetime.fromtimestamp(now, UTC) + timedelta(seconds=longest[tier]) for tier in longest}
    last = ", ".join(f"{day - timedelta(days=1):%Y-%m-%d} ({tier})" for tier, day in days.items())
    return f"Let it end on one of these days or before, by the tier of the release: {last}."

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

_FILE = "waivers.yaml"


def new_waivers(request: ChangeRequest) -> Iterator[dict[str, Any]]:
    """Find the waivers at the head that the base has not, or has with an earlier end."""
    try:
        before, after = Waivers.load(request.scope.base), Waivers.load(request.scope.head)
    except ConfigurationError:
        return  # a finding by itself, or nothing could be decided
    known = {(one.rule, one.identity): one.expires for one in before.waivers}
    for index, one in enumerate(after.waivers):
        if (end := known.get((one.rule, one.identity))) is None or end < one.expires:
            yield _fact(request, one, index)


def _fact(request: ChangeRequest, waiver: Waiver, index: int) -> dict[str, Any]:
    now = request.scope.now
    place = control.locate(request.scope.head, _FILE, ("waivers", index))
    line, column = place or (1, 1)
    return {
        "rule": waiver.rule,
        "family": family_of(waiver.rule),
        "model": str(waiver.identity),
        "secondsLeft": waiver.seconds_left(now),
        "hint": _hint(request, now),
        "at": {"file": control.FOLDER + _FILE, "revision": "head", "line": line, "column": column},
    }


def _hint(request: ChangeRequest, now: int) -> str:
    """The last day that a waiver may have, for each tier."""
    longest = request.config.settings["control"]["maximumWaiverSeconds"]
    days = {tier: datetime.fromtimestamp(now, UTC) + timedelta(seconds=longest[tier]) for tier in longest}
    last = ", ".join(f"{day - timedelta(days=1):%Y-%m-%d} ({tier})" for tier, day in days.items())
    return f"Let it end on one of these days or before, by the tier of the release: {last}."

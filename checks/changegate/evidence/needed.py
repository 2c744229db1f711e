"""How many more people it takes to tell whether groups are selected alike."""

from __future__ import annotations

from math import ceil, log
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from changegate.evidence.groups import Group

MOST = 10**9
"""More people than that nobody measures: then no number of them is named."""
_NAMED = 6


def people_needed(lesser: Group, greater: Group, minimum: float, z: float) -> int | None:
    """How many people of each group tell, by Katz' interval, on which side of a minimum the ratio of two rates lies.

    It takes the rates to stay as they are, and both groups to be of one size.

    Args:
        lesser: The group with the lower selection rate; of nobody half a person is taken.
        greater: The other one.
        minimum: The least ratio that is asked for.
        z: The normal quantile of the interval.

    Returns:
        None where the ratio is the minimum, or so near that no number of people tells.
    """
    low, high = lesser.share("selection"), greater.share("selection")
    if low is None or high is None or not high.part:
        return None
    least = max(low.part, 0.5) / low.whole
    distance = log(least / high.rate / minimum)
    if not distance:
        return None
    found = (z / distance) ** 2 * ((1 - least) / least + (1 - high.rate) / high.rate)
    return ceil(found) if found < MOST else None


def needed_fact(members: Sequence[Group], pair: tuple[str, str], minimum: float, z: float) -> dict[str, Any]:
    """How many more people each group of an attribute needs, in numbers and in a sentence.

    Args:
        members: The groups of the attribute.
        pair: The names of the two groups whose ratio nobody can tell.
        minimum: The least ratio that is asked for.
        z: The normal quantile of the interval.
    """
    by_name = {group.name: group for group in members}
    found = people_needed(by_name[pair[0]], by_name[pair[1]], minimum, z)
    if found is None:
        return {"said": "no number of people would tell, while the rates stay as they are", "groups": []}
    more = [(group.name, found - (group.size or 0)) for group in members if (group.size or 0) < found]
    parts = [f"{count} more of {name}" for name, count in more[:_NAMED]]
    parts += [f"and as many of {len(more) - _NAMED} other groups"] if len(more) > _NAMED else []
    said = f"while the rates stay as they are, {found} people of each group tell"
    groups = [{"group": name, "moreCount": count} for name, count in more]
    return {"peopleCount": found, "said": f"{said}: {', '.join(parts)}" if parts else said, "groups": groups}

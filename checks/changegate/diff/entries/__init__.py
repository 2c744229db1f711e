"""The diff as a reviewer reads it: entries, each with a category, a level and a sentence.

A recogniser takes the differences that it knows out of those that are left, and makes entries of them; the last one
tells whatever remains. So no difference is told twice, and none is lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.diff.catalogue import LEVELS
from changegate.diff.entries import artifacts, blocks, features, fields, moved, reports, rollout
from changegate.diff.entries.entry import BothReleases, Untold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from changegate.names import Change, DiffEntry

__all__ = ["RECOGNISERS", "describe"]

RECOGNISERS: dict[str, Callable[[Untold, BothReleases], Iterator[DiffEntry]]] = {
    "blocks": blocks.recognise,
    "moved": moved.recognise,
    "artifacts": artifacts.recognise,
    "reports": reports.recognise,
    "features": features.recognise,
    "rollout": rollout.recognise,
    "fields": fields.recognise,
}
"""In their order: a later one sees only what the earlier ones left."""


def describe(
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    changes: Iterable[Change],
    facts: Mapping[str, Any] | None = None,
) -> tuple[DiffEntry, ...]:
    """Tell the differences of two releases for people.

    Args:
        before: The previous release; None where there is none: a first release is described, not compared.
        after: The release; None where it is retired.
        changes: Their semantic diff.
        facts: The facts of the input document, for what reports say before and after.

    Returns:
        The entries, the most pressing first. Reordering, formatting and two spellings of one quantity are none.
    """
    if before is None or after is None:
        return ()
    untold, sides = Untold(changes), BothReleases(before, after, facts or {})
    found = [entry for recognise in RECOGNISERS.values() for entry in recognise(untold, sides)]
    return tuple(sorted(found, key=lambda entry: LEVELS.index(entry.level)))

"""Whole blocks: one that comes, goes, or says that it does not apply is one entry, whatever it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.diff.entries.entry import at, entry, shown
from changegate.diff.entries.reports import BLOCKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.diff.entries.entry import BothReleases, Untold
    from changegate.names import DiffEntry

_TOLD_ITEM_BY_ITEM = {"artifacts", "features", "version", "dependsOn"}
"""Of these each item matters to somebody by itself."""


def recognise(untold: Untold, sides: BothReleases) -> Iterator[DiffEntry]:
    """Tell of blocks below `spec`."""
    for block in dict.fromkeys(str(change.path[1]) for change in untold.below("spec") if len(change.path) > 1):
        old, new = (at(side, "spec", block) for side in (sides.before, sides.after))
        reason = at(new, "notApplicable")
        if isinstance(reason, str) and at(old, "notApplicable") is None:
            text = f"`{block}` is said not to apply: {shown(reason)}"
            yield _whole(untold, block, "block-not-applicable", text)
        elif block in _TOLD_ITEM_BY_ITEM or isinstance(old or new, str):
            continue
        elif old is None and new is not None:
            yield _whole(untold, block, "block-added", f"`{block}` is stated now.")
        elif new is None and old is not None:
            rule = f"{block}-report-removed" if block in BLOCKS else "block-removed"
            yield _whole(untold, block, rule, f"`{block}` is no longer stated.")


def _whole(untold: Untold, block: str, rule: str, text: str) -> DiffEntry:
    changes = untold.below("spec", block)
    untold.tell(changes)
    return entry(rule, text, changes)

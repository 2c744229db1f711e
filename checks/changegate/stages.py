"""Many pieces of work of one kind, stage by stage: the first stage of all, then the second of all.

What a stage needs, code and data, stays in the processor's cache while it goes over many. Done one after another, each
piece would fetch it anew for each of its stages: judging a release so takes a quarter more time.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Item = TypeVar("Item")
Result = TypeVar("Result")
Staged = Generator[None, None, Result]
"""Work that pauses at the end of each stage."""


MANY = 50
"""So many pieces go together: what they found is held until all are done."""


def batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Split items, in their order, into as many as go together."""
    return (items[start : start + MANY] for start in range(0, len(items), MANY))


def in_stages(works: Iterable[Staged[Result]]) -> list[Result]:
    """Do several pieces of work: none begins its next stage before all have ended theirs.

    Args:
        works: Pieces of work that know nothing of each other. What one raises ends all.

    Returns:
        Their results, in their order.
    """
    done: dict[int, Result] = {}
    going = dict(enumerate(works))
    while going:
        for index, work in list(going.items()):
            try:
                next(work)
            except StopIteration as end:
                done[index] = end.value
                del going[index]
    return [done[index] for index in sorted(done)]

"""What follows from the content of files alone, made once for all releases of a run that name them.

Thousands of releases may name one report, and it says the same to each. It is kept by content, in memory, within a
bound: on disk it could be poisoned.
"""

from __future__ import annotations

import marshal
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from changegate.evidence.reports import Report

MOST = 256
"""So many things of one kind are kept, the newest ones."""
_LARGEST = 64 * 1024
"""Facts of more bytes are made anew."""

Made = TypeVar("Made")


class Kept(dict["Hashable", Made]):
    """The newest things, by what they follow from."""

    def keep(self, key: Hashable, made: Made) -> Made:
        """Keep one, in place of the oldest where there are too many."""
        if len(self) >= MOST:
            del self[next(iter(self))]
        self[key] = made
        return made


def once(make: Callable[[Any], Made]) -> Callable[[Report], Made]:
    """Make something of what a report says, once for all releases that name a report of this content.

    Args:
        make: A pure function of the report's value. What it makes cannot be changed: every release gets the same
            object. What it raises it raises anew each time.
    """
    kept: Kept[Made] = Kept()

    def made(report: Report) -> Made:
        content = report.content
        if content is None:
            return make(report.value)
        return kept[content] if content in kept else kept.keep(content, make(report.value))

    return made


def once_read(read: Callable[[Report], Made]) -> Callable[[Report], Made]:
    """The same, where it follows from the report's format, too.

    Args:
        read: A pure function of the report's value and format, as `once` takes one of its value alone.
    """
    kept: Kept[Made] = Kept()

    def made(report: Report) -> Made:
        content = report.content
        if content is None:
            return read(report)
        return kept[content] if content in kept else kept.keep(content, read(report))

    return made


class Facts:
    """Facts of one kind that follow from reports and where each is named; every release gets a copy of its own."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._kept: Kept[bytes] = Kept()

    def of(self, reports: Iterable[Report], more: Hashable, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """The facts of some reports.

        Args:
            reports: What they follow from.
            more: What else they follow from: the parameters of a computation.
            make: Makes them, as JSON values, of the reports and the parameters alone.
        """
        places = [report.placed for report in reports]
        if None in places:
            return make()
        key = (*places, more)
        known = self._kept.get(key)
        if known is None:
            facts = make()
            known = marshal.dumps(facts)
            return facts if len(known) > _LARGEST else self._copy(self._kept.keep(key, known))
        return self._copy(known)

    @staticmethod
    def _copy(known: bytes) -> dict[str, Any]:
        # NOTE: a third of the time of `json.loads`; this process wrote the bytes itself, a moment ago.
        copy: dict[str, Any] = marshal.loads(known)  # noqa: S302  (see above)
        return copy

"""What a CODEOWNERS says, whichever host reads it: lines that name owners, and what is wrong with lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from changegate.records import NamedTuple

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable


class OwnersFault(NamedTuple):
    """What is wrong with a line."""

    line: int
    message: str
    hint: str


class OwnersEntry(NamedTuple):
    """A line that names owners, or that says that some paths have none."""

    line: int
    pattern: str
    """As it is written."""
    matcher: Callable[[str], re.Pattern[str]]
    """Makes of the pattern an expression of whole paths from the root: for those that are asked about alone."""
    owners: tuple[str, ...]
    """As they are written: `@login`, `@group/team`, an e-mail address. None where the paths have no owner."""
    section: str = ""
    """The section's name, in lower case; empty outside of all."""
    needed: int = 1
    """How many of the owners have to approve."""
    is_excluded: bool = False
    """Whether the paths need nobody of the section, whatever else it says."""

    def matches(self, path: str) -> bool:
        """Whether it is about a path."""
        return bool(self.matcher(self.pattern).fullmatch(path))


class Codeowners(NamedTuple):
    """What a file says."""

    entries: tuple[OwnersEntry, ...] = ()
    faults: tuple[OwnersFault, ...] = ()
    optional: frozenset[str] = frozenset()
    """The sections that nobody has to approve."""

    def asked_for(self, path: str) -> tuple[OwnersEntry, ...]:
        """The entries by which somebody has to approve a path: at most one of each section, the last that matches."""
        found: dict[str, OwnersEntry] = {}
        for entry in self.entries:
            before = found.get(entry.section)
            if (before is None or not before.is_excluded) and entry.matches(path):
                found[entry.section] = entry
        asked = (one for one in found.values() if one.owners and one.section not in self.optional)
        return tuple(sorted(asked, key=lambda one: one.line))


class Dialect(Protocol):
    """How a host reads its file."""

    places: tuple[str, ...]
    """Where it looks for it: the first that is there counts."""

    def parse(self, text: str) -> Codeowners:
        """Read a file; what is wrong is told, and the rest is read as the host reads it."""
        ...


def all_owners(entries: Iterable[OwnersEntry]) -> dict[str, int]:
    """Every owner that some entries name, with the first line that does."""
    found: dict[str, int] = {}
    for entry in entries:
        for owner in entry.owners:
            found.setdefault(owner, entry.line)
    return found

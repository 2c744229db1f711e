"""Plain names that every room shares: paths of keys, statuses, effects, stages, identities, places, changes."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

KeyPath = tuple[str | int, ...]
"""Keys from a document's root to a node: names in mappings, 0-based indexes in sequences."""


_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def same_login(login: str) -> str:
    """A login or an address as it is compared: in lower case, of the letters A to Z alone.

    Hosts give logins of ASCII. A letter that only becomes one of these when its case is folded (the long s, the Kelvin
    sign) stays what it is, so that nobody is taken for somebody else.
    """
    return login.translate(_LOWER)


class Status(StrEnum):
    """What a rule said. The order of the members is their precedence when one rule says several things."""

    FAILED = "failed"
    UNKNOWN = "unknown"
    PASSED = "passed"
    NOT_APPLICABLE = "not-applicable"


class Effect(StrEnum):
    """What follows from an outcome."""

    BLOCKS = "blocks"
    ADVISES = "advises"
    WAIVED = "waived"
    OFF = "off"
    PREEXISTING = "preexisting"
    NONE = "none"


class Severity(StrEnum):
    """How a rule is meant: an error may close the gate, a warning never does by itself, off is not shown."""

    ERROR = "error"
    WARNING = "warning"
    OFF = "off"


class Enforcement(StrEnum):
    """Whether a failed rule closes the gate (`enforce`) or is only shown (`observe`)."""

    OBSERVE = "observe"
    ENFORCE = "enforce"


class Stage(StrEnum):
    """Where the gate stands. Locally the verdict is advisory and an unknown does not block."""

    LOCAL = "local"
    PULL_REQUEST = "pull-request"
    MERGE = "merge"


ENVIRONMENT, VARIANT = "production", "main"
"""What holds where a release, or what speaks of one, names no environment and no variant."""


class Identity(NamedTuple):
    """Which model a release is of; unique in a repository."""

    environment: str
    name: str
    variant: str

    @classmethod
    def of(cls, stated: Mapping[str, Any]) -> Identity:
        """Read what a mapping states by `name`, `environment` and `variant`; the last two may be missing."""
        return cls(stated.get("environment", ENVIRONMENT), stated["name"], stated.get("variant", VARIANT))

    def __str__(self) -> str:
        """Name first; the environment and variant only where they are not the defaults."""
        extra = [part for part, usual in ((self.environment, ENVIRONMENT), (self.variant, VARIANT)) if part != usual]
        return self.name if not extra else f"{self.name} ({', '.join(extra)})"


AROUND = 3
"""So many lines above a place, and below it, are kept with it."""


class Location(NamedTuple):
    """A place in a file of the repository."""

    file: str
    """Relative to the repository's root, with `/`; bytes that are not UTF-8 are surrogate-escaped."""
    line: int | None = None
    """1-based; None only where the place is the file as a whole (it is gone, a link, not text)."""
    column: int | None = None
    """1-based, in characters."""
    end_column: int | None = None
    """1-based and exclusive, on the same line; None where the excerpt ends with the line."""
    path: KeyPath = ()
    """Keys from the document's root to the node, or to the missing node."""
    revision: str = "head"
    """`head`, `base`, or the id of the commit at which the file is read."""
    source: str | None = None
    """The text of the line, for an excerpt; None where there is no line."""
    around: tuple[str, ...] = ()
    """The lines from `AROUND` above it to as many below, itself included; empty where there is no line."""


class Change(NamedTuple):
    """One difference between a release and the previous one."""

    path: KeyPath
    """Keys into the manifest; a list's items are keyed by name where they have one."""
    op: str
    """added, removed or changed."""
    before: Any
    after: Any
    category: str
    """artifact, feature, threshold, rollout, risk, evidence, ownership, cost, documentation, metadata, …"""
    impact: str
    """breaking, could-be-breaking or compatible; of the rules of the game loosens, may-loosen, tightens or neutral."""
    text: str = ""
    """The change in a sentence, where it has one."""


class DiffEntry(NamedTuple):
    """What a reviewer reads of one difference between two releases, whatever number of fields it took."""

    rule: str
    """Its id in the diff's catalogue, with the prefix `diff/`."""
    category: str
    """artifact, data, code, features, evaluation, fairness, serving, rollout, governance or documentation."""
    level: str
    """breaking, could-be-breaking, compatible or documentation."""
    text: str
    """One sentence."""
    changes: tuple[Change, ...] = ()
    """The differences of fields that it tells; none where it is about what a report says."""

    def as_json(self) -> dict[str, Any]:
        """Write it; the paths are those of the fields that it tells."""
        paths = [list(change.path) for change in self.changes]
        return {"rule": self.rule, "category": self.category, "level": self.level, "text": self.text, "paths": paths}

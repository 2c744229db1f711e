"""What of a change the plan of the release before foresaw: by the fields that it names, and by the level of each entry.

A plan that says no level goes as far as `could-be-breaking`: who calls the model has to change nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.diff.catalogue import COULD_BE, DOCUMENTATION, LEVELS
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from changegate.names import Change, DiffEntry, KeyPath

NEVER = ("metadata", "kind", "apiVersion", "spec.changePlan", "spec.intendedUse", "spec.risk")
"""What no plan covers."""
_READ_BY_PEOPLE = {"modelCard", "operations"}


class Unforeseen(NamedTuple):
    """A difference that lies outside of a plan."""

    path: KeyPath
    """Items of lists by their names."""
    level: str = ""
    """Its level, where the plan names the field and goes less far; else empty."""

    @property
    def field(self) -> str:
        """The path as plans write it."""
        return ".".join(map(str, self.path))


def limits_of(release: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The limits of a release's change plan, or None where it has none."""
    plan = (release or {}).get("spec", {}).get("changePlan")
    limits = plan.get("limits") if isinstance(plan, dict) else None
    return limits if isinstance(limits, dict) else None


def furthest(limits: Mapping[str, Any]) -> str:
    """The most pressing level that a plan lets a change have."""
    return str(limits.get("level", COULD_BE))


def unforeseen(
    limits: Mapping[str, Any],
    changes: Iterable[Change],
    entries: Iterable[DiffEntry],
    contents: Iterable[KeyPath] = (),
) -> list[Unforeseen]:
    """Tell which differences lie outside of a plan.

    Args:
        limits: Those of the release before.
        changes: Field by field.
        entries: The same as a reviewer reads it: their levels count.
        contents: Where the release names a file of which only the content is another one.
    """
    fields = [tuple(field.split(".")) for field in limits.get("fields", ())]
    levels: dict[KeyPath, str] = {}
    for entry in reversed(list(entries)):  # the most pressing of those that tell a change is the last to be written
        levels |= {change.path: entry.level for change in entry.changes}
    levels |= {path: DOCUMENTATION if path[1] in _READ_BY_PEOPLE else COULD_BE for path in contents}
    beyond = LEVELS[: LEVELS.index(furthest(limits))]
    found = []
    for path in dict.fromkeys([*(change.path for change in changes), *contents]):
        if not _is_below(fields, path) or _is_below(_NEVER, path):
            found.append(Unforeseen(path))
        elif levels.get(path) in beyond:
            found.append(Unforeseen(path, levels[path]))
    return found


_NEVER = [tuple(field.split(".")) for field in NEVER]


def _is_below(fields: Iterable[tuple[str, ...]], path: KeyPath) -> bool:
    """Key by key: a name with a dot in it is below nothing but what it stands in."""
    keys = tuple(map(str, path))
    return any(keys[: len(field)] == field for field in fields)

"""What changed in a manifest, as rows of text: one for each artifact, report or step, not one for each of its fields.

Nothing here is escaped. Digests are cut to what people compare; the JSON report has them whole.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate import figures
from changegate.records import NamedTuple
from changegate.report import view

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from changegate.names import Change, KeyPath
    from changegate.verdict import SubjectVerdict

_DIGEST = r"\b(sha(?:256|384|512|1)|md5):([0-9a-f]{12})[0-9a-f]{20,}"
_COMMIT = r"(?<![0-9a-zA-Z:])([0-9a-f]{12})[0-9a-f]{28}(?![0-9a-zA-Z])"
_DEPTHS = {"artifacts": 3, "dependsOn": 3, "slos": 3, "serving": 2, "rollout": 3, "cost": 2, "risk": 2, "operations": 3}
"""How many keys of a path name the thing that a row is about, by the block; four elsewhere in `spec`."""
_IMPACTS = ("breaking", "could-be-breaking", "compatible")


class ChangeRow(NamedTuple):
    """One thing that changed."""

    what: str
    before: str
    after: str
    category: str
    impact: str
    """The worst of its fields."""


def change_rows(subject: SubjectVerdict) -> tuple[ChangeRow, ...]:
    """The changes of a release, by the thing that they are about, the most breaking first."""
    things: dict[KeyPath, list[Change]] = {}
    for change in subject.changes:
        things.setdefault(_thing(change.path), []).append(change)
    rows = [_row(path, changes) for path, changes in things.items()]
    return tuple(sorted(rows, key=lambda row: _rank(row.impact)))


def short_digests(text: str) -> str:
    """Cut digests and commits in a text to twelve digits."""
    return re.sub(_COMMIT, r"\1…", re.sub(_DIGEST, r"\1:\2…", text))


def first_release(subject: SubjectVerdict) -> tuple[str, ...]:
    """Describe a release that has none before it, in a few lines: what it is for, and what of."""
    stated = {change.path: change.after for change in subject.changes}
    lines = [_field(stated, "intendedUse"), _line("task", stated.get(("spec", "task")))]
    owner = stated.get(("metadata", "owner"))
    lines += [_line("owner", owner), *map(_artifact, sorted(_items(stated, "artifacts").items()))]
    lines.append(_line("served at", stated.get(("spec", "serving", "endpoint"))))
    return tuple(filter(None, lines))


def _field(stated: dict[KeyPath, Any], key: str) -> str:
    return view.value(stated.get(("spec", key)), 300)


def _line(name: str, given: Any) -> str:
    return f"{name}: {view.value(given, 120)}" if given is not None else ""


def _items(stated: dict[KeyPath, Any], block: str) -> dict[str, dict[str, Any]]:
    """The items of a keyed list, by name, each with its fields, however deep a change tells them."""
    found: dict[str, dict[str, Any]] = {}
    for path, after in stated.items():
        if path[:2] == ("spec", block) and len(path) > 2:
            fields = after if len(path) == 3 and isinstance(after, dict) else {str(path[-1]): after}
            found.setdefault(str(path[2]), {}).update(fields)
    return found


def _artifact(item: tuple[str, dict[str, Any]]) -> str:
    name, fields = item
    return f"artifact {view.value(name, 60)}: {_described(fields)}"


def _described(fields: dict[str, Any]) -> str:
    """An artifact in one line: role, format, size, digest."""
    size = fields.get("sizeBytes")
    parts = [view.value(fields[key], 60) for key in ("role", "format") if key in fields]
    parts += [figures.size(size)] if isinstance(size, int) and not isinstance(size, bool) else []
    parts += [short_digests(view.value(fields[key], 120)) for key in ("digest", "hosted") if key in fields]
    return ", ".join(parts) or view.value(fields, 200)


def _thing(path: KeyPath) -> KeyPath:
    block = path[1] if len(path) > 1 and path[0] == "spec" else ""
    return path[: _DEPTHS.get(str(block), 4)]


def _row(path: KeyPath, changes: Sequence[Change]) -> ChangeRow:
    impact = min((change.impact for change in changes), key=_rank)
    before = _side(path, ((change.path, change.before) for change in changes))
    after = _side(path, ((change.path, change.after) for change in changes))
    return ChangeRow(view.key_path(path), before, after, changes[0].category, impact)


def _rank(impact: str) -> int:
    return _IMPACTS.index(impact) if impact in _IMPACTS else len(_IMPACTS)


def _side(path: KeyPath, values: Iterable[tuple[KeyPath, Any]]) -> str:
    """One side of a thing: its value, or those of its fields that changed."""
    told = [(view.key_path(whole[len(path) :]), _told(whole, given)) for whole, given in values if given is not None]
    return ", ".join(f"{name} {text}" if name else text for name, text in told)


def _told(path: KeyPath, given: Any) -> str:
    if path[-1] == "sizeBytes" and isinstance(given, int) and not isinstance(given, bool):
        return figures.size(given)
    if len(path) == 3 and path[1] == "artifacts" and isinstance(given, dict):
        return _described(given)
    return short_digests(view.value(given, 200))

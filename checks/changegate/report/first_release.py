"""A release that has none before it, in a few lines.

Nothing here is escaped; digests are cut to what people compare.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate import figures
from changegate.report import view

if TYPE_CHECKING:
    from changegate.names import KeyPath
    from changegate.verdict import SubjectVerdict

_DIGEST = r"\b(sha(?:256|384|512|1)|md5):([0-9a-f]{12})[0-9a-f]{20,}"
_COMMIT = r"(?<![0-9a-zA-Z:])([0-9a-f]{12})[0-9a-f]{28}(?![0-9a-zA-Z])"


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

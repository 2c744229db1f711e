"""A diff of releases for people and for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from changegate.diff.operation import operation
from changegate.diff.semantic import semantic
from changegate.escape import json_text
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from changegate.names import Change, Identity

SCHEMA_VERSION = 1
_WIDTH = 48
_ORDER = ("breaking", "could-be-breaking", "compatible")


class Difference(NamedTuple):
    """What one release's change comes to."""

    identity: Identity
    file: str
    """Where its manifest stands: at the head, or at the base where it is gone."""
    operation: str
    before: str
    """The version before; empty where there was none."""
    after: str
    """The version after; empty where there is none."""
    changes: tuple[Change, ...]


def difference(
    identity: Identity, file: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, how: str = ""
) -> Difference:
    """Compare one release with the one before it; either may be missing, not both."""
    versions = [str(side["spec"].get("version", "")) if side else "" for side in (before, after)]
    return Difference(identity, file, operation(before, after, how), versions[0], versions[1], semantic(before, after))


def text(differences: Iterable[Difference], problems: Iterable[str] = (), escape: Callable[[str], str] = str) -> str:
    """Draw the differences as a table.

    Args:
        differences: The releases, in the order to show.
        problems: What could not be compared, each a sentence: then nobody may read "no breaking changes".
        escape: Makes one line safe for where it is shown: it may hold any text of a manifest, line feeds too.
    """
    found, unread = list(differences), list(problems)
    blocks = [list(_block(entry)) for entry in found]
    if unread:
        blocks.append(["not compared:", *(f"  - {problem}" for problem in unread)])
    blocks.append([_summary(found, unread)])
    return "\n\n".join("\n".join(map(escape, block)) for block in blocks) + "\n"


def as_json(differences: Iterable[Difference], problems: Iterable[str] = ()) -> str:
    """Write the differences as JSON, the same bytes every time."""
    document = {
        "schemaVersion": SCHEMA_VERSION,
        "releases": [_release(entry) for entry in differences],
        "notCompared": list(problems),
    }
    return json_text(json.dumps(document, indent=2, ensure_ascii=True)) + "\n"


def _release(entry: Difference) -> dict[str, Any]:
    from changegate.diff.semantic import change_as_json

    versions = {"before": entry.before, "after": entry.after}
    return {
        "identity": entry.identity._asdict(),
        "file": entry.file,
        "operation": entry.operation,
        "versions": {side: version for side, version in versions.items() if version},
        "changes": [change_as_json(change) for change in entry.changes],
    }


def _block(entry: Difference) -> Iterator[str]:
    versions = " → ".join(version for version in (entry.before, entry.after) if version)
    yield f"{entry.identity}: {entry.operation} {versions} ({entry.file})"
    rows = [_row(change) for change in sorted(entry.changes, key=lambda change: _ORDER.index(change.impact))]
    if not rows:
        yield "  no change of meaning"
        return
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for *cells, values in rows:
        yield "  " + "  ".join([*(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)), values])


def _row(change: Change) -> tuple[str, str, str, str]:
    path = ".".join(str(key) for key in change.path)
    values = {
        "added": f"+ {_short(change.after)}",
        "removed": f"- {_short(change.before)}",
    }.get(change.op, f"{_short(change.before)} → {_short(change.after)}")
    return change.impact, change.category, path, values


def _short(value: Any) -> str:
    shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return shown if len(shown) <= _WIDTH else shown[: _WIDTH - 1] + "…"


def _summary(found: list[Difference], unread: list[str]) -> str:
    if not found and not unread:
        return "no release changed"
    counts = {impact: sum(change.impact == impact for entry in found for change in entry.changes) for impact in _ORDER}
    told = ", ".join(f"{count} {impact}" for impact, count in counts.items() if count) or "no change of meaning"
    noun = "release" if len(found) == 1 else "releases"
    missing = f"; {len(unread)} could not be compared" if unread else ""
    return f"{len(found)} {noun}: {told}{missing}"

"""What is wrong with the manifests of a change: what cannot be read, is hidden or outside, or stands there twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.change.changeset import places_of, related
from changegate.evidence.collector import Section, present

if TYPE_CHECKING:
    from changegate.change.changeset import Troubles
    from changegate.change.collector import ChangeRequest
    from changegate.manifest import Fault, Manifest

_REFUSED = frozenset(
    {"duplicate-key", "tag", "merge-key", "alias", "control-character", "directive", "key"},
)
_SCHEMA = frozenset(
    {"unknown-field", "missing-field", "type", "enum", "pattern", "bound", "schema", "api-version", "kind"},
)


def collect(request: ChangeRequest) -> Section:
    """Tell what is wrong with the files of a change, and with `--all` in all the others."""
    return Section(present(), _manifest(request.change.troubles.and_those(request.others.troubles)))


def _manifest(found: Troubles) -> dict[str, Any]:
    return {
        "checked": True,
        "faults": [_fault(fault) for fault in found.faults],
        "lost": [{"reason": lost.reason, "at": {"file": lost.file, "revision": lost.revision}} for lost in found.lost],
        "hidden": [{"reason": one.reason, "at": {"file": one.file, "revision": one.revision}} for one in found.hidden],
        "outside": [{"at": _line(one.file, one.line)} for one in found.outside],
        "duplicates": [
            {
                "identity": str(duplicate.manifest.identity),
                "others": places_of(duplicate.others, duplicate.more),
                "at": _at(duplicate.manifest, ("metadata", "name")),
                "related": [related("the other release", other, ("metadata", "name")) for other in duplicate.others],
            }
            for duplicate in found.duplicates
        ],
        "ambiguous": [{"message": one.message, "hint": one.hint, "at": _place(one)} for one in found.warnings],
    }


def _fault(fault: Fault) -> dict[str, Any]:
    group = "refused" if fault.code in _REFUSED else "schema" if fault.code in _SCHEMA else "unreadable"
    return {"code": fault.code, "group": group, "message": fault.message, "hint": fault.hint, "at": _place(fault)}


def _place(fault: Fault) -> dict[str, Any]:
    return _line(fault.file, fault.line, fault.column, fault.end_column)


def _line(file: str, line: int | None, column: int | None = None, end: int | None = None) -> dict[str, Any]:
    place: dict[str, Any] = {"file": file, "revision": "head"}
    if line is not None:
        place |= {"line": line, "column": column or 1, **({"endColumn": end} if end else {})}
    return place


def _at(manifest: Manifest, path: tuple[str | int, ...]) -> dict[str, Any]:
    return _line(manifest.file, *manifest.locate(path)[:3])

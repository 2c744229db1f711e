"""The change set as a whole: control files, files that did not load, identities used twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.approvals import people
from changegate.evidence.collector import present

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.approvals.reviews import Reviews
    from changegate.change.changeset import ChangeSet
    from changegate.change.would_load import Trial
    from changegate.manifest import Fault, Manifest
    from changegate.policy.teams import Teams
    from changegate.workspace.tree import Tree

_REFUSED = frozenset(
    {"duplicate-key", "tag", "merge-key", "alias", "control-character", "directive", "key"},
)
_SCHEMA = frozenset(
    {"unknown-field", "missing-field", "type", "enum", "pattern", "bound", "schema", "api-version", "kind"},
)


def gather_change(
    change: ChangeSet, head: Tree, reviews: Reviews, teams: Teams, trial: Trial
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Establish the facts about a change set.

    Args:
        change: What the change touches.
        head: The tree that would land: what configures the gate is tried there, where a control file changed.
        reviews: What CI handed in.
        teams: Teams and roles, as the base has them.
        trial: Under which circumstances the head is tried.

    Returns:
        `input.evidence` and `input.facts`, each by section.
    """
    approvals = people(reviews, teams, "")
    facts = {
        "manifest": _manifest(change),
        "control": {"checked": True, "changed": list(_changed(change)), "invalid": list(_invalid(change, head, trial))},
        "dependencies": {"checked": True, **change.dependencies},
        "approvals": dict(approvals.facts),
    }
    evidence = {
        "manifest": present(),
        "control": present(),
        "dependencies": present(),
        "approvals": dict(approvals.evidence),
    }
    return evidence, facts


def _manifest(change: ChangeSet) -> dict[str, Any]:
    return {
        "checked": True,
        "faults": [_fault(fault) for fault in change.faults],
        "lost": [{"reason": lost.reason, "at": {"file": lost.file, "revision": lost.revision}} for lost in change.lost],
        "hidden": [{"reason": one.reason, "at": {"file": one.file, "revision": one.revision}} for one in change.hidden],
        "outside": [{"at": _line(one.file, one.line)} for one in change.outside],
        "duplicates": [
            {
                "identity": str(duplicate.manifest.identity),
                "others": list(duplicate.others),
                "at": _at(duplicate.manifest, ("metadata", "name")),
            }
            for duplicate in change.duplicates
        ],
        "ambiguous": [{"message": one.message, "hint": one.hint, "at": _place(one)} for one in change.warnings],
    }


def _fault(fault: Fault) -> dict[str, Any]:
    group = "refused" if fault.code in _REFUSED else "schema" if fault.code in _SCHEMA else "unreadable"
    return {"code": fault.code, "group": group, "message": fault.message, "hint": fault.hint, "at": _place(fault)}


def _place(fault: Fault) -> dict[str, Any]:
    return _line(fault.file, fault.line, fault.column)


def _line(file: str, line: int | None, column: int | None = None) -> dict[str, Any]:
    place: dict[str, Any] = {"file": file, "revision": "head"}
    if line is not None:
        place |= {"line": line, "column": column or 1}
    return place


def _at(manifest: Manifest, path: tuple[str | int, ...]) -> dict[str, Any]:
    line, column, _, _ = manifest.locate(path)
    return {"file": manifest.file, "revision": "head", "line": line, "column": column}


def _changed(change: ChangeSet) -> Iterator[dict[str, Any]]:
    for one, kind in change.control:
        revision = "base" if one.operation == "deleted" else "head"
        yield {
            "file": one.path,
            "oldFile": one.old_path,
            "kind": kind,
            "operation": one.operation,
            "at": {"file": one.path, "revision": revision},
        }


def _invalid(change: ChangeSet, head: Tree, trial: Trial) -> Iterator[dict[str, Any]]:
    """Say why what configures the gate would not load once it has landed, or could never be approved again."""
    if not change.control:
        return
    from changegate.change.would_load import faults, nobody

    for one in (*faults(head, trial), *nobody(head)):
        place: dict[str, Any] = {"file": one.file, "revision": one.revision}
        if one.line is not None:
            place |= {"line": one.line, "column": one.column or 1}
        yield {"message": one.message, "hint": one.hint, "at": place}

"""Which files of a repository steer the gate or run it, which of them changed, and whether they would still load."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.collector import Section, present

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.change.changeset import ChangeSet
    from changegate.change.collector import ChangeRequest

_CONTROL_FILES = {
    ".changegate/config.yaml": "settings",
    ".changegate/teams.yaml": "teams",
    ".changegate/waivers.yaml": "waivers",
    "CODEOWNERS": "codeowners",
    ".github/CODEOWNERS": "codeowners",
    ".gitlab/CODEOWNERS": "codeowners",
    "docs/CODEOWNERS": "codeowners",
    ".gitlab-ci.yml": "ci",
    ".pre-commit-config.yaml": "ci",
    ".gitmodules": "ci",
}


_CONTROL_FOLDERS = {
    ".changegate/policies/": "policies",
    ".changegate/": "settings",
    ".github/workflows/": "ci",
    ".github/actions/": "ci",
    ".gitlab/": "ci",
    ".gitlab-ci/": "ci",
}


def control_kind(path: str, named: frozenset[str] = frozenset()) -> str:
    """Say which kind of control file a path is: one that decides how changes are judged; empty for all others.

    Case is ignored: on a file system that folds it, `.GitHub/workflows` is the same folder.

    Args:
        path: From the repository's root.
        named: Bundles of policies and their keys, wherever the base's configuration says; with their case folded.
    """
    folded = path.casefold()
    if folded in named:
        return "policies"
    for name, kind in _CONTROL_FILES.items():
        if folded == name.casefold():
            return kind
    if folded.rpartition("/")[2] == ".gitattributes":
        return "ci"  # in any folder: it can hide what is below from reviewers, and steer how the host merges it
    return next((kind for folder, kind in _CONTROL_FOLDERS.items() if f"{folded}/".startswith(folder)), "")


def collect(request: ChangeRequest) -> Section:
    """Tell which control files changed, and what would not load once they have landed."""
    changed, invalid = list(_changed(request.change)), list(_invalid(request))
    return Section(present(), {"checked": True, "changed": changed, "invalid": invalid})


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


def _invalid(request: ChangeRequest) -> Iterator[dict[str, Any]]:
    """Say why what configures the gate would not load once it has landed, or could never be approved again."""
    if not request.change.control:
        return
    from changegate.change.would_load import Trial, faults, nobody

    head, trial = request.scope.head, Trial.of(request.scope, request.policies, request.config)
    for one in (*faults(head, trial), *nobody(head)):
        place: dict[str, Any] = {"file": one.file, "revision": one.revision}
        if one.line is not None:
            place |= {"line": one.line, "column": one.column or 1}
            place |= {"endColumn": one.end_column} if one.end_column else {}
        yield {"message": one.message, "hint": one.hint, "at": place}

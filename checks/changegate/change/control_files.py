"""Which files of a repository steer the gate or run it."""

from __future__ import annotations

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

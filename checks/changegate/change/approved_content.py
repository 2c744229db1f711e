"""The digest of what a signed approval is of: everything that the change is decided from, and nothing else.

It names no commit, so that an updated branch, a rebase and a commit of something else leave it as it is.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from changegate.change.changeset import strings
from changegate.change.control_files import ControlFiles
from changegate.manifest import Manifest

if TYPE_CHECKING:
    from changegate.change.changeset import ChangeSet
    from changegate.policy.settings import Config
    from changegate.workspace.scope import Scope
    from changegate.workspace.tree import Tree


def content_digest(scope: Scope, config: Config, change: ChangeSet) -> str:
    """Digest what a change is decided from.

    At the head these are its releases, all that they name, and the control files that it changes; at the base the same
    paths, and the control files that judge.

    Raises:
        GitError: Git failed.
    """
    now = [item.manifest for item in change.items if isinstance(item.manifest, Manifest)]
    manifests = (*now, *change.retired, *change.before.manifests.values())
    files = {item.file for item in change.items} | {one.file for one in manifests} | set(change.before.broken_files)
    for one, _ in change.control:
        files |= {one.path, one.old_path}
    named = frozenset(files).union(*(strings(one.value) for one in manifests)) - {""}
    steering = ControlFiles(config, scope.base)
    at_head, at_base = _listed(scope.head), _listed(scope.base)
    judging = {path for path in at_base if steering.kind(path) not in {"", "ci"}}
    content = {
        "head": [[path, at_head[path]] for path in sorted(named & at_head.keys())],
        "base": [[path, at_base[path]] for path in sorted((named | judging) & at_base.keys())],
    }
    return "sha256:" + hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()


def _listed(tree: Tree | None) -> dict[str, str]:
    return {} if tree is None else {entry.path: f"{entry.mode} {entry.oid}" for entry in tree.entries()}

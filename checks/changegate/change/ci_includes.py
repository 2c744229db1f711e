"""What the CI files of the base take in from elsewhere in the repository: a change of it changes what runs the gate.

Read are GitLab's `include` (and `trigger: include`), the local actions and workflows that GitHub's `uses: ./…` names,
and the templates of Azure Pipelines. What a name with a variable, a script or a Makefile leads to is not followed: a
configuration names it under `controlFiles`.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from changegate.manifest.bounds import MAXIMUM_BYTES
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.workspace.trees import GitTree

_MOST_FILES = 200
"""So many CI files are read."""
_WORKFLOWS = ".github/workflows"
_ROOTS = (".gitlab-ci.yml", "azure-pipelines.yml", ".azure-pipelines.yml")
_KEYS = ("include", "uses", "template")


class Included(NamedTuple):
    """What CI files take in; in lower case."""

    paths: frozenset[str] = frozenset()
    """Files, and folders with everything in them."""
    patterns: frozenset[tuple[str, str]] = frozenset()
    """How paths begin and end that a wildcard takes in."""

    def holds(self, path: str) -> bool:
        """Whether a path, in lower case, is taken in."""
        above = (path[: at + 1].rstrip("/") for at, letter in enumerate(f"{path}/") if letter == "/")
        if not self.paths.isdisjoint(above):
            return True
        return any(path.startswith(first) and path.endswith(last) for first, last in self.patterns)


def included(base: GitTree | None) -> Included:
    """Find what the CI files of a tree take in, over as many steps as there are.

    Args:
        base: The tree; what a change takes in newly is seen at the CI file itself.
    """
    if base is None:
        return Included()
    found: dict[str, None] = {}
    flows = [f"{_WORKFLOWS}/{name}" for name in base.names(_WORKFLOWS) if name.endswith((".yml", ".yaml"))]
    todo, seen = [*_ROOTS, *flows], 0
    while todo and seen < _MOST_FILES:
        file, seen = todo.pop(0), seen + 1
        for name in _taken_in(base, file):
            if name not in found:
                found[name] = None
                todo += [name] if name.endswith((".yml", ".yaml")) else [f"{name}/action.yml", f"{name}/action.yaml"]
    folded = [name.casefold() for name in found]
    wild = frozenset((one.partition("*")[0], one.rpartition("*")[2]) for one in folded if "*" in one)
    return Included(frozenset(one for one in folded if "*" not in one), wild)


def _taken_in(base: GitTree, file: str) -> Iterator[str]:
    data = base.read(file, MAXIMUM_BYTES).data
    if data is None or not any(key.encode() in data for key in _KEYS):
        return
    from changegate.manifest import parse

    for document in parse(data, "ci.yaml").documents:
        for key, value in _entries(document.value):
            name = _local(key, value, file)
            if name:
                yield name


def _entries(value: Any) -> Iterator[tuple[str, str]]:
    """Each text that one of the keys takes in, in a file of any shape."""
    stack = [value]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack.extend(node)
        elif isinstance(node, dict):
            stack.extend(node.values())
            for key in _KEYS:
                yield from ((key, text) for text in _texts(node.get(key)))


def _texts(value: Any) -> Iterator[str]:
    """The texts of `include: a`, `include: [a, {local: b}]` and `include: {local: c}`."""
    for one in value if isinstance(value, list) else [value]:
        text = one.get("local") if isinstance(one, dict) else one
        if isinstance(text, str):
            yield text


def _local(key: str, name: str, file: str) -> str:
    """The path of what is taken in, from the root; empty where it is elsewhere, or nobody can tell."""
    elsewhere = "$" in name or "://" in name or "\\" in name or not name.strip()
    if elsewhere or (key == "uses" and not name.startswith("./")) or (key == "template" and "@" in name):
        return ""
    here = posixpath.dirname(file) if key == "template" and not name.startswith("/") else ""
    path = posixpath.normpath(posixpath.join(here, name.lstrip("/"))) if name.strip("/") else ""
    return "" if path in {"", "."} or path.startswith("../") or path == ".." else path

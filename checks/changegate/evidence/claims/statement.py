"""Two statements of a manifest that cannot be true together: where both stand, and how each reads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.names import KeyPath

_LONGEST = 120


class Contradiction(NamedTuple):
    """A statement, and the other one that it excludes."""

    kind: str
    """What is wrong, as the settings name it: `rate-without-requests`."""
    path: KeyPath
    """Where the statement stands that a person would look at first."""
    against: KeyPath
    """Where the other one stands."""
    claim: str = ""
    """The first statement in words, where it is not what stands at `path`: that something is missing there."""
    other: str = ""
    """The second one in words, where it is not what stands at `against`."""

    def as_fact(self, release: Mapping[str, Any]) -> dict[str, Any]:
        """What the input document holds of it."""
        other = {"message": "what it contradicts", "path": [*self.against]}
        return {
            "kind": self.kind,
            "claim": self.claim or said(release, self.path),
            "against": self.other or said(release, self.against),
            "place": {"path": [*self.path], "related": [other]},
        }


def said(release: Mapping[str, Any], path: KeyPath) -> str:
    """How a manifest says something: `objective: 0.99`; of what is long, and of items of a list, the key or name."""
    value = at(release, path)
    key = next(str(part) for part in reversed(path) if isinstance(part, str))
    if isinstance(value, dict) and isinstance(path[-1], int):
        return f"`{key}` {value['name']}" if "name" in value else f"`{key}`"
    if isinstance(value, dict):
        return f"`{key}`"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"`{key}: {text}`" if len(text) <= _LONGEST else f"`{key}`"


def at(release: Mapping[str, Any], path: KeyPath) -> Any:
    """What stands at a path of a manifest."""
    node: Any = release
    for key in path:
        node = node[key]
    return node


def block(release: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A block of `spec`; empty where it is not stated, or says `notApplicable`."""
    stated = release["spec"].get(name)
    return stated if isinstance(stated, dict) and "notApplicable" not in stated else {}


def entries(release: Mapping[str, Any], path: KeyPath) -> list[tuple[KeyPath, Any]]:
    """The items of a list, each with its path; none where there is no such list."""
    node: Any = release
    for key in path:
        node = node.get(key) if isinstance(node, dict) else None
    return [((*path, index), one) for index, one in enumerate(node)] if isinstance(node, list) else []

"""Which lists of a manifest are keyed, and by what: their order means nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from changegate.names import KeyPath

KEYS: dict[KeyPath, tuple[str, ...]] = {
    ("spec", "artifacts"): ("name",),
    ("spec", "dependsOn"): ("name", "as"),
    ("spec", "serving", "deploys"): ("kind", "name", "path"),
    ("spec", "provenance", "trainingData"): ("name",),
    ("spec", "provenance", "attestations"): ("predicateType",),
    ("spec", "evaluation", "evidence"): ("format", "path", "uri"),
    ("spec", "fairness", "evidence"): ("format", "path", "uri"),
    ("spec", "fairness", "protectedAttributes"): (),
    ("spec", "safety", "guardrails"): (),
    ("spec", "rollout", "cohorts"): ("name",),
    ("spec", "rollout", "tiers"): ("name",),
    ("spec", "features", "contracts"): ("name",),
    ("spec", "features", "inputs"): ("name",),
    ("spec", "features", "outputs"): ("name",),
    ("spec", "slos"): ("name",),
    ("spec", "operations", "telemetry", "labels"): (),
}
"""Path of a list -> the fields that together name an item; none for a list of plain values, which name themselves.

Every other list is compared by position: steps of a rollout, the bounds of a range.
"""

_PARENTS = {path[:length] for path in KEYS for length in range(1, len(path) + 1)}


def is_container(path: KeyPath) -> bool:
    """Whether a keyed list is here or below: then a missing value is compared as an empty one, item by item."""
    return path in _PARENTS


def is_set(path: KeyPath) -> bool:
    """Whether a list of plain values stands here that mean something only together: the values of a feature."""
    return len(path) == 5 and path[:2] == ("spec", "features") and path[4] == "enum"


def keyed(path: KeyPath, items: Iterable[Any]) -> dict[str | int, Any]:
    """Key a list's items by name where the table has it; a second item of one name gets a number, so none is lost."""
    fields = KEYS.get(path)
    result: dict[str | int, Any] = {}
    for position, item in enumerate(items):
        name: str | int = position if fields is None else _name(item, fields, position)
        base, count = name, 2
        while name in result:
            name, count = f"{base}#{count}", count + 1
        result[name] = item
    return result


def _name(item: Any, fields: tuple[str, ...], position: int) -> str | int:
    if not fields:
        return str(item) if isinstance(item, str) else position
    if not isinstance(item, dict):
        return position
    parts = [str(item[field]) for field in fields if field in item]
    return " ".join(parts) or position


def counterpart(path: KeyPath, now: Any, before: Any) -> KeyPath:
    """Where a node of one release is in another: items of keyed lists go by name, others by position.

    Args:
        path: Keys into the first release; a text where a list is names an item that the first may not have.
        now: The first release.
        before: The other one.

    Returns:
        Keys into the other one; they end with the list that has no such item.
    """
    found: list[str | int] = []
    for depth, key in enumerate(path):
        position = _position(path[:depth], key, now, before) if isinstance(before, list) else key
        if position is None:
            break
        found.append(position)
        now, before = _child(now, key), _child(before, position)
    return tuple(found)


def indexed(path: KeyPath, node: Any) -> KeyPath:
    """The same keys, with the position of every item of a list that is named by its `name`.

    Args:
        path: Keys into a document.
        node: The document.
    """
    found: list[str | int] = []
    for key in path:
        position = _named(node, key) if isinstance(node, list) and isinstance(key, str) else None
        found.append(key if position is None else position)
        node = _child(node, found[-1])
    return tuple(found)


def _position(path: KeyPath, key: str | int, now: Any, before: list[Any]) -> int | None:
    if isinstance(key, str):
        return _named(before, key)
    if not isinstance(now, list) or key >= len(now):
        return None
    name, names = list(keyed(path, now))[key], list(keyed(path, before))
    return names.index(name) if name in names else None


def _named(items: list[Any], name: str) -> int | None:
    return next((at for at, item in enumerate(items) if isinstance(item, dict) and item.get("name") == name), None)


def _child(node: Any, key: str | int) -> Any:
    if isinstance(node, dict):
        return node.get(key)
    return node[key] if isinstance(node, list) and isinstance(key, int) and key < len(node) else None

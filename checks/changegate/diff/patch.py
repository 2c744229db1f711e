"""The difference as JSON Patch (RFC 6902), for programs: exact, in the order of the documents, with the old values.

Every value that is replaced or removed is named by a `test` before it. So a patch applies to nothing else than what it
was made from, and can be turned round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.names import KeyPath


def json_patch(before: Any, after: Any) -> list[dict[str, Any]]:
    """Write the operations that make one document of another.

    Args:
        before: A document, as JSON has it.
        after: The other one.

    Returns:
        Operations in the order in which they apply; none where the documents are equal.
    """
    return list(_operations((), before, after))


def _operations(path: KeyPath, before: Any, after: Any) -> Iterator[dict[str, Any]]:
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _of_mappings(path, before, after)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _of_lists(path, before, after)
    elif type(before) is not type(after) or before != after:
        yield {"op": "test", "path": pointer(path), "value": before}
        yield {"op": "replace", "path": pointer(path), "value": after}


def _of_mappings(path: KeyPath, before: dict[str, Any], after: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for key, value in before.items():
        if key in after:
            yield from _operations((*path, key), value, after[key])
        else:
            yield from _removal((*path, key), value)
    for key, value in after.items():
        if key not in before:
            yield {"op": "add", "path": pointer((*path, key)), "value": value}


def _of_lists(path: KeyPath, before: list[Any], after: list[Any]) -> Iterator[dict[str, Any]]:
    """Item by item where they stand; what is left over goes from the end, so that no position moves."""
    both = min(len(before), len(after))
    for position in range(both):
        yield from _operations((*path, position), before[position], after[position])
    for position in range(len(before) - 1, both - 1, -1):
        yield from _removal((*path, position), before[position])
    for value in after[both:]:
        yield {"op": "add", "path": pointer((*path, "-")), "value": value}


def _removal(path: KeyPath, value: Any) -> Iterator[dict[str, Any]]:
    yield {"op": "test", "path": pointer(path), "value": value}
    yield {"op": "remove", "path": pointer(path)}


def pointer(path: KeyPath) -> str:
    """A path as JSON Pointer (RFC 6901)."""
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in path)

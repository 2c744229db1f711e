"""Compare two manifests by meaning: lists by name, each difference with its category and its impact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.diff.impact import category, impact, same_values
from changegate.diff.keys import is_container, is_set, keyed
from changegate.names import Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from changegate.names import KeyPath

_MISSING: Any = object()


def semantic(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> tuple[Change, ...]:
    """Compare two releases.

    Args:
        before: The previous release, or None where there is none: then everything is added.
        after: The release, or None where it is retired.

    Returns:
        The differences, sorted by path. Reordering a keyed list is none.
    """
    if before is after:
        return ()
    found = list(_walk((), dict(before or {}), dict(after or {})))
    return tuple(sorted(found, key=lambda change: _sort_key(change.path)))


def classes(changes: Iterable[Change]) -> tuple[str, ...]:
    """The categories that a set of changes touches, sorted."""
    return tuple(sorted({change.category for change in changes}))


def _sort_key(path: KeyPath) -> tuple[tuple[bool, int, str], ...]:
    return tuple((isinstance(key, str), key if isinstance(key, int) else 0, str(key)) for key in path)


def _walk(path: KeyPath, before: Any, after: Any) -> Iterator[Change]:
    sides = _as_mappings(path, before, after)
    if sides is None:
        if not (same_values(before, after) if is_set(path) else _equal(before, after)):
            yield _change(path, before, after)
        return
    old, new = sides
    for key in {**old, **new}:
        yield from _walk((*path, key), old.get(key, _MISSING), new.get(key, _MISSING))


def _as_mappings(path: KeyPath, before: Any, after: Any) -> tuple[dict[Any, Any], dict[Any, Any]] | None:
    """Both sides as mappings where they can be compared key by key, else None: then they are compared as a whole."""
    if is_container(path):
        # a block with keyed lists that comes or goes is told item by item, so that each has its own impact
        kind = type(after) if before is _MISSING else type(before)
        before, after = (kind() if side is _MISSING else side for side in (before, after))
    if isinstance(before, dict) and isinstance(after, dict):
        return before, after
    if isinstance(before, list) and isinstance(after, list) and not is_set(path):
        return keyed(path, before), keyed(path, after)
    return None


def _equal(before: Any, after: Any) -> bool:
    """Compare two values; 5 is 5.0, but true is not 1."""
    if isinstance(before, bool) is not isinstance(after, bool):
        return False
    return bool(before == after)


def _change(path: KeyPath, before: Any, after: Any) -> Change:
    op = "added" if before is _MISSING else "removed" if after is _MISSING else "changed"
    old, new = (None if side is _MISSING else side for side in (before, after))
    return Change(path, op, old, new, category(path), impact(path, op, old, new))


def change_as_json(change: Change) -> dict[str, Any]:
    """Write one change; `before` is left out of an addition, `after` out of a removal, so that nothing is null."""
    sides = {"before": change.before, "after": change.after}
    left_out = {"added": "before", "removed": "after"}.get(change.op)
    return {
        "path": list(change.path),
        "op": change.op,
        **{side: value for side, value in sides.items() if side != left_out},
        "category": change.category,
        "impact": change.impact,
    }

"""Files that moved: a folder with another name is one entry, not one a field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.diff.entries.entry import at, entry, item

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from changegate.diff.entries.entry import BothReleases, Untold
    from changegate.names import Change, DiffEntry, KeyPath

_EVIDENCE = {("spec", block, "evidence") for block in ("evaluation", "fairness", "safety")}


class _Move:
    """One file that lies elsewhere, with the same digest or with none at all."""

    def __init__(self, before: str, after: str, changes: tuple[Change, ...], *, pinned: bool) -> None:
        self.changes = changes
        self.pinned = pinned
        self.folders = _folders(before, after)
        """What the path began with, before and after."""


def recognise(untold: Untold, sides: BothReleases) -> Iterator[DiffEntry]:
    """Tell which files have another path and the same content, folder by folder.

    A path without a digest moved where it moved along with one that has the same digest; else it may be another file.
    """
    groups: dict[tuple[str, str], list[_Move]] = {}
    for move in (*_of_fields(untold, sides), *_of_evidence(untold)):
        groups.setdefault(move.folders, []).append(move)
    for (before, after), moves in groups.items():
        if any(move.pinned for move in moves):
            changes = [change for move in moves for change in move.changes]
            untold.tell(changes)
            text = f"{_count(len(moves))} moved from `{before}` to `{after}`; {_same(moves)}."
            yield entry("files-moved", text, changes)


def _count(number: int) -> str:
    return "1 file" if number == 1 else f"{number} files"


def _same(moves: Sequence[_Move]) -> str:
    """What is known of their content."""
    unknown = sum(not move.pinned for move in moves)
    same = "the digest is the same" if len(moves) == 1 else "the digests are the same"
    return f"{same}, and {_count(unknown)} of them {'has' if unknown == 1 else 'have'} none" if unknown else same


def _of_fields(untold: Untold, sides: BothReleases) -> Iterator[_Move]:
    for change in untold.all():
        if change.op != "changed" or change.path[-1] not in {"path", "modelCard", "runbook"}:
            continue
        if not (isinstance(change.before, str) and isinstance(change.after, str)):
            continue
        old, new = (_owner(side, change.path[:-1]) for side in (sides.before, sides.after))
        digest = old.get("digest") if isinstance(old, dict) else None
        if change.path[-1] == "path" and digest is not None and digest != new.get("digest"):
            continue
        if change.path[:2] == ("spec", "artifacts") and (digest is None or _has(untold, (*change.path[:3], "uri"))):
            continue  # an artifact's address is told with it
        yield _Move(change.before, change.after, (change,), pinned=change.path[-1] == "path" and digest is not None)


def _has(untold: Untold, path: KeyPath) -> bool:
    return any(change.path == path for change in untold.all())


def _owner(release: Any, path: KeyPath) -> Any:
    """What a path stands in, through lists that are keyed by name."""
    from changegate.diff.keys import KEYS

    for length in range(len(path), 0, -1):
        if path[:length] in KEYS and len(path) > length:
            return at(item(release, path[:length], path[length]), *path[length + 1 :]) or {}
    return at(release, *path) or {}


def _of_evidence(untold: Untold) -> Iterator[_Move]:
    whole = [change for change in untold.all() if change.path[:3] in _EVIDENCE and len(change.path) == 4]
    gone = [change for change in whole if change.op == "removed"]
    for came in (change for change in whole if change.op == "added"):
        pair = next((one for one in gone if _is_moved(one, came)), None)
        if pair is not None:
            gone.remove(pair)
            yield _Move(pair.before["path"], came.after["path"], (pair, came), pinned=True)


def _is_moved(gone: Change, came: Change) -> bool:
    old, new = gone.before, came.after
    if gone.path[:3] != came.path[:3] or not (isinstance(old, dict) and isinstance(new, dict)):
        return False
    if not all(isinstance(one.get("path"), str) and "digest" in one for one in (old, new)):
        return False
    return {**old, "path": ""} == {**new, "path": ""}


def _folders(before: str, after: str) -> tuple[str, str]:
    """Leave out what both paths end with: the folder that has another name, or the whole path."""
    old, new = before.split("/"), after.split("/")
    same = _common_end(old, new)
    old, new = old[: len(old) - same], new[: len(new) - same]
    return "/".join(old) or ".", "/".join(new) or "."


def _common_end(old: Sequence[str], new: Sequence[str]) -> int:
    count = 0
    for one, other in zip(reversed(old), reversed(new), strict=False):
        if one != other:
            break
        count += 1
    return count

"""One entry of the diff as people read it, and the differences that are still to be told."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from changegate.diff.catalogue import PREFIX, RULES
from changegate.names import DiffEntry
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from changegate.names import Change, KeyPath

_WIDTH = 60
_HEX = re.compile(r"\b(?:sha(?:256|384|512):)?([0-9a-f]{8})[0-9a-f]{24,}\b")
"""A digest or a commit: eight digits tell two apart."""


def entry(rule: str, text: str, changes: Iterable[Change] = ()) -> DiffEntry:
    """Make an entry of a rule in the catalogue.

    Args:
        rule: Its id, without the prefix.
        text: The sentence.
        changes: What it tells.
    """
    about = RULES[rule]
    once = text[:-1] if text.endswith("..") else text
    return DiffEntry(PREFIX + rule, about.category, about.level, once, tuple(changes))


class Untold:
    """The differences that no entry tells yet."""

    def __init__(self, changes: Iterable[Change]) -> None:
        """Begin with all of them."""
        self._changes = list(changes)

    def below(self, *path: str) -> list[Change]:
        """Those at a path or below it, which stay untold."""
        return [change for change in self._changes if change.path[: len(path)] == path]

    def take(self, wanted: Callable[[Change], bool]) -> list[Change]:
        """Take out those that an entry will tell."""
        taken = [change for change in self._changes if wanted(change)]
        if taken:
            self._changes = [change for change in self._changes if not any(change is one for one in taken)]
        return taken

    def tell(self, changes: Iterable[Change]) -> None:
        """Take out exactly these."""
        told = {id(change) for change in changes}
        self._changes = [change for change in self._changes if id(change) not in told]

    def all(self) -> list[Change]:
        """All that are left."""
        return list(self._changes)


class BothReleases(NamedTuple):
    """The two releases that are compared, and what was found out about the later one beside the earlier."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    facts: Mapping[str, Any]
    """`facts` of the input document; empty where nobody gathered evidence."""


def at(node: Any, *path: KeyPath | str | int) -> Any:
    """What stands at a path of mappings, or None."""
    for key in path:
        if not hasattr(node, "get"):
            return None
        node = node.get(key)
    return node


def item(release: Mapping[str, Any], path: KeyPath, name: str | int) -> Mapping[str, Any]:
    """An item of a keyed list of a release, as the diff names it; empty where there is none."""
    from changegate.diff.keys import keyed

    items = at(release, *path)
    found = keyed(path, items).get(name) if isinstance(items, list) else None
    return found if isinstance(found, dict) else {}


def shown(value: Any) -> str:
    """A value in a sentence."""
    text = _HEX.sub(r"\1…", " ".join(_written(value).split()))
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def _written(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and value:
        return ", ".join(f"{key} {_written(part)}" for key, part in value.items())
    return json.dumps(value, ensure_ascii=False, default=str)


def from_to(before: Any, after: Any) -> str:
    """How a value changed, in words that stand after a name."""
    if before is None:
        return f"{shown(after)} (not stated before)"
    if after is None:
        return f"no longer stated (was {shown(before)})"
    return f"{shown(before)} → {shown(after)}"

"""What a model reads and answers: each feature's change by name, and a feature with another name as one entry."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from changegate.diff.catalogue import BREAKING, COMPATIBLE, COULD_BE
from changegate.diff.entries.entry import at, entry, from_to, shown
from changegate.diff.impact import range_impact, values_of
from changegate.diff.keys import keyed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from changegate.diff.entries.entry import BothReleases, Untold
    from changegate.names import Change, DiffEntry

_SIDES = {"inputs": "input", "outputs": "output"}
_ASPECTS = {
    ("inputs", "dtype", BREAKING): "input-type-changed",
    ("inputs", "dtype", COULD_BE): "input-type-may-lose-precision",
    ("inputs", "dtype", COMPATIBLE): "input-type-widened",
    ("inputs", "nullable", BREAKING): "input-refuses-nulls",
    ("inputs", "nullable", COMPATIBLE): "input-takes-nulls",
    ("inputs", "range", BREAKING): "input-range-narrowed",
    ("inputs", "range", COMPATIBLE): "input-range-widened",
    ("outputs", "dtype", BREAKING): "output-type-changed",
    ("outputs", "dtype", COULD_BE): "output-type-may-not-fit",
    ("outputs", "nullable", BREAKING): "output-may-be-null",
    ("outputs", "nullable", COMPATIBLE): "output-never-null",
    ("outputs", "range", BREAKING): "output-range-widened",
    ("outputs", "range", COMPATIBLE): "output-range-narrowed",
    ("inputs", "enum", BREAKING): "input-values-removed",
    ("inputs", "enum", COMPATIBLE): "input-values-added",
    ("outputs", "enum", BREAKING): "output-values-added",
    ("outputs", "enum", COMPATIBLE): "output-values-removed",
    ("inputs", "unit", BREAKING): "unit-changed",
    ("inputs", "unit", COULD_BE): "unit-stated",
    ("outputs", "unit", BREAKING): "unit-changed",
    ("outputs", "unit", COULD_BE): "unit-stated",
}
"""Side, field and impact of a change -> its id."""
_WORDS = {"dtype": "type", "range": "range", "unit": "unit"}
_NULLS = {
    ("inputs", True): "may be null now",
    ("inputs", False): "may no longer be null",
    ("outputs", True): "may be null now",
    ("outputs", False): "is never null now",
}


def recognise(untold: Untold, sides: BothReleases) -> Iterator[DiffEntry]:
    """Tell of each input and output, then of the contracts."""
    for side in _SIDES:
        yield from _renamed(untold, sides, side)
        yield from _ranges(untold, sides, side)
        yield from (_of_one(side, change) for change in _all_below(untold, "spec", "features", side))
    for change in _all_below(untold, "spec", "features"):
        yield _contract(change) if change.path[2:3] == ("contracts",) and len(change.path) > 3 else _other(change)


def _renamed(untold: Untold, sides: BothReleases, side: str) -> Iterator[DiffEntry]:
    """One that is gone and one that is new, alike in all else, are one with another name.

    Where several are alike, those at one place in the list are: a name that is written over another one.
    """
    whole = [change for change in untold.below("spec", "features", side) if len(change.path) == 4]
    gone = [change for change in whole if change.op == "removed" and _but_name(change.before) is not None]
    came = [change for change in whole if change.op == "added" and _but_name(change.after) is not None]
    was, now = (_places(release, side) for release in (sides.before, sides.after))
    rivals, alike = (
        _by_all_but_name(found) for found in ([(one, one.before) for one in gone], [(one, one.after) for one in came])
    )
    told: list[Change] = []
    for kind, olds in rivals.items():
        news = {now.get(new.path[3], -1): new for new in alike.get(kind, ())}
        only = next(iter(news.values()), None) if len(olds) == len(alike.get(kind, ())) == 1 else None
        for old in olds:
            if (new := only or news.get(was.get(old.path[3], -2))) is not None:
                told += (old, new)
                text = f"{_SIDES[side].capitalize()} `{old.path[3]}` is called `{new.path[3]}` now."
                yield entry(f"{_SIDES[side]}-renamed", text, (old, new))
    untold.tell(told)


def _by_all_but_name(found: Iterable[tuple[Change, Any]]) -> dict[str, list[Change]]:
    groups: dict[str, list[Change]] = {}
    for change, feature in found:
        groups.setdefault(json.dumps(_but_name(feature), sort_keys=True), []).append(change)
    return groups


def _all_below(untold: Untold, *path: str) -> list[Change]:
    """Those at a path or below it, which are told with this."""
    found = untold.below(*path)
    untold.tell(found)
    return found


def _places(release: Mapping[str, Any], side: str) -> dict[str | int, int]:
    """Where each item of a list stands, by its name."""
    return {name: place for place, name in enumerate(_items(release, side))}


def _items(release: Mapping[str, Any], side: str) -> dict[str | int, Any]:
    path = ("spec", "features", side)
    items = at(release, *path)
    return keyed(path, items) if isinstance(items, list) else {}


def _but_name(feature: Any) -> dict[str, Any] | None:
    return {**feature, "name": ""} if isinstance(feature, dict) else None


def _ranges(untold: Untold, sides: BothReleases, side: str) -> Iterator[DiffEntry]:
    """Both ends of a range in one entry, by what the whole range allows."""
    bounds: dict[Any, list[Change]] = {}
    for change in untold.below("spec", "features", side):
        if change.path[4:5] == ("range",) and len(change.path) == 6:
            bounds.setdefault(change.path[3], []).append(change)
    untold.tell(change for changes in bounds.values() for change in changes)
    before, after = (_items(release, side) for release in (sides.before, sides.after))
    for name, changes in bounds.items():
        old, new = (at(items.get(name), "range") for items in (before, after))
        ends = ", ".join(
            f"{'lower' if one.path[5] == 0 else 'upper'} end {from_to(one.before, one.after)}" for one in changes
        )
        yield entry(
            _ASPECTS[side, "range", range_impact(side, old, new)], f"Range of {_SIDES[side]} `{name}`: {ends}.", changes
        )


def _of_one(side: str, change: Change) -> DiffEntry:
    word, name = _SIDES[side], change.path[3] if len(change.path) > 3 else ""
    if len(change.path) == 4 and change.op in {"added", "removed"}:
        return _came_or_went(side, change)
    field = str(change.path[4]) if len(change.path) > 4 else ""
    rule = _ASPECTS.get((side, field, change.impact), "feature-changed") if len(change.path) == 5 else "feature-changed"
    if field == "nullable" and len(change.path) == 5:
        return entry(rule, f"{word.capitalize()} `{name}` {_NULLS[side, change.after is True]}.", [change])
    if field == "enum" and len(change.path) == 5:
        return entry(rule, f"Values of {word} `{name}`: {_values(change.before, change.after)}.", [change])
    label = _WORDS.get(field, ".".join(map(str, change.path[4:])) or side)
    return entry(rule, f"{label.capitalize()} of {word} `{name}`: {from_to(change.before, change.after)}.", [change])


def _values(before: Any, after: Any) -> str:
    """Which values came and which went; all of them, where the list itself did."""
    if before is None or after is None:
        return from_to(before, after)
    old, new = values_of(before), values_of(after)
    came, went = (", ".join(sorted(one)) for one in (new - old, old - new))
    told = (f"{shown(came)} came" if came else "", f"{shown(went)} went" if went else "")
    return "; ".join(filter(None, told))


def _came_or_went(side: str, change: Change) -> DiffEntry:
    word, name = _SIDES[side], change.path[3]
    if change.op == "removed":
        return entry(f"{word}-removed", f"{word.capitalize()} `{name}` is gone.", [change])
    kind = change.after.get("dtype") if isinstance(change.after, dict) else None
    optional = side == "inputs" and change.impact == COMPATIBLE
    need = (" and may be null" if optional else ", and callers have to send it") if side == "inputs" else ""
    described = f" ({shown(kind)})" if kind else ""
    rule = f"{word}-added-optional" if optional else f"{word}-added"
    return entry(rule, f"{word.capitalize()} `{name}`{described} is new{need}.", [change])


def _contract(change: Change) -> DiffEntry:
    name = change.path[3]
    if len(change.path) == 4 and change.op != "changed":
        verb = "is new" if change.op == "added" else "is no longer named"
        return entry(f"contract-{change.op}", f"Contract `{name}` {verb}.", [change])
    field = ".".join(map(str, change.path[4:]))
    return entry("contract-changed", f"Contract `{name}`, {field}: {from_to(change.before, change.after)}.", [change])


def _other(change: Change) -> DiffEntry:
    field = ".".join(map(str, change.path[2:])) or "features"
    return entry("feature-changed", f"`{field}`: {from_to(change.before, change.after)}.", [change])

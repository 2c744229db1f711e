"""What kind of change it is, and whom it may break: the callers of a model and those who rely on its promises.

Three answers, as in oasdiff: breaking, could-be-breaking, compatible. What no table knows could be breaking.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from changegate.names import KeyPath

BREAKING, COULD_BE, COMPATIBLE = "breaking", "could-be-breaking", "compatible"

_CATEGORIES: dict[KeyPath, str] = {
    ("metadata", "owner"): "ownership",
    ("metadata",): "metadata",
    ("apiVersion",): "metadata",
    ("kind",): "metadata",
    ("spec", "version"): "version",
    ("spec", "task"): "intended-use",
    ("spec", "intendedUse"): "intended-use",
    ("spec", "risk"): "risk",
    ("spec", "artifacts"): "artifact",
    ("spec", "dependsOn"): "dependency",
    ("spec", "serving"): "serving",
    ("spec", "provenance"): "provenance",
    ("spec", "evaluation"): "evidence",
    ("spec", "fairness"): "evidence",
    ("spec", "safety"): "evidence",
    ("spec", "changePlan"): "change-plan",
    ("spec", "features"): "feature",
    ("spec", "rollout"): "rollout",
    ("spec", "slos"): "threshold",
    ("spec", "cost"): "cost",
    ("spec", "operations", "runbook"): "documentation",
    ("spec", "operations"): "operations",
    ("spec", "modelCard"): "documentation",
}
"""Where a change stands -> its category; the longest path that fits."""

_IMPACTS: dict[KeyPath, str] = {
    ("metadata", "owner"): COMPATIBLE,
    ("metadata", "labels"): COMPATIBLE,
    ("metadata", "annotations"): COMPATIBLE,
    ("spec", "version"): COMPATIBLE,
    ("spec", "task"): BREAKING,
    ("spec", "serving", "endpoint"): BREAKING,
    ("spec", "serving", "platform"): BREAKING,
    ("spec", "serving", "requestsPerSecond"): COMPATIBLE,
    ("spec", "provenance"): COMPATIBLE,
    ("spec", "evaluation"): COMPATIBLE,
    ("spec", "fairness"): COMPATIBLE,
    ("spec", "safety"): COMPATIBLE,
    ("spec", "rollout"): COMPATIBLE,
    ("spec", "cost"): COMPATIBLE,
    ("spec", "operations"): COMPATIBLE,
    ("spec", "modelCard"): COMPATIBLE,
}
"""Where a change stands -> its impact, where that does not hang on the values; the longest path that fits."""

_WIDER = {"int8": 1, "int16": 2, "int": 3, "int32": 3, "long": 4, "int64": 4}
_FLOATS = {"float16": 1, "float": 2, "float32": 2, "double": 3, "float64": 3}
_EXACT = {1: 1, 2: 2, 3: 3, 4: 4}
"""The rank of an integer type -> the least rank of a float type that is taken for wide enough; none holds an int64."""


def category(path: KeyPath) -> str:
    """The category of a change at a path."""
    return _longest(_CATEGORIES, path, "other")


def impact(path: KeyPath, op: str, before: Any, after: Any) -> str:
    """The impact of a change.

    Args:
        path: Where it stands, list items keyed by name.
        op: added, removed or changed.
        before: The value before; None for an addition.
        after: The value after; None for a removal.
    """
    if path[:2] == ("spec", "features"):
        return _feature(path[2:], op, before, after)
    if path[:2] == ("spec", "artifacts"):
        return BREAKING if op == "removed" and len(path) == 3 else COULD_BE
    if path[:2] == ("spec", "slos"):
        return _objective(path[2:], op, before, after)
    return _longest(_IMPACTS, path, COULD_BE)


def _longest(table: dict[KeyPath, str], path: KeyPath, otherwise: str) -> str:
    for length in range(len(path), 0, -1):
        if path[:length] in table:
            return table[path[:length]]
    return otherwise


def _feature(path: KeyPath, op: str, before: Any, after: Any) -> str:
    """`path` begins below `spec.features`."""
    side, rest = path[0] if path else "", path[2:]
    if side not in {"inputs", "outputs"} or len(path) < 2:
        return BREAKING if side in {"inputs", "outputs"} else COULD_BE
    if not rest:
        return _whole_feature(str(side), op, after)
    if (side, rest[0]) == ("outputs", "range") and len(rest) == 2:
        return _bound(rest[1], before, after)
    judges = {"dtype": _dtype, "nullable": _nullable, "range": range_impact, "unit": _unit, "enum": _enum}
    judge = judges.get(str(rest[0]))
    return judge(str(side), before, after) if judge and len(rest) == 1 else COULD_BE


def _whole_feature(side: str, op: str, after: Any) -> str:
    if op != "added":
        return BREAKING
    if side == "outputs":
        return COMPATIBLE
    optional = isinstance(after, dict) and after.get("nullable") is True
    return COMPATIBLE if optional else BREAKING


def _dtype(side: str, before: Any, after: Any) -> str:
    """An input of a wider type takes all that it took; an output of one may be too wide for its reader."""
    width = widening(str(before), str(after))
    if width == COMPATIBLE and side == "outputs":
        return COULD_BE
    return width


def widening(before: str, after: str) -> str:
    """Say what it means to read values of the type `before` as `after`: int → long → float → double is safe.

    An int64 in a double loses precision above 2⁵³, and so does every integer in a float that has fewer bits than it.
    """
    for ranks in (_WIDER, _FLOATS):
        if before in ranks and after in ranks:
            return COMPATIBLE if ranks[before] <= ranks[after] else BREAKING
    if before in _WIDER and after in _FLOATS:
        return COMPATIBLE if _EXACT[_WIDER[before]] <= _FLOATS[after] else COULD_BE
    return BREAKING


def _nullable(side: str, before: Any, after: Any) -> str:
    """An input may begin to take nulls, an output may stop to give them. What is not stated takes none."""
    old, new = before is True, after is True
    return COMPATIBLE if new in {old, side == "inputs"} else BREAKING


def range_impact(side: str, before: Any, after: Any) -> str:
    """An input may take more, an output may give less; a bound that is gone or new is unbounded on that side."""
    if side == "outputs":
        return COMPATIBLE if _within(after, before) else BREAKING
    return COMPATIBLE if _within(before, after) else BREAKING


def _bound(end: Any, before: Any, after: Any) -> str:
    """One end of an output's range: values beyond it surprise its reader; fewer values may be another scale."""
    try:
        wider = after < before if end == 0 else after > before
    except TypeError:
        return BREAKING
    return BREAKING if wider else COULD_BE


def _unit(side: str, before: Any, after: Any) -> str:
    """A unit that was not stated may be; another one changes the meaning of every value."""
    return COULD_BE if before is None else BREAKING


def _enum(side: str, before: Any, after: Any) -> str:
    """An input may take more values, an output may give fewer; without a list it is any value."""
    if side == "outputs":
        return COMPATIBLE if _all_in(after, before) else BREAKING
    return COMPATIBLE if _all_in(before, after) else BREAKING


def _all_in(inner: Any, outer: Any) -> bool:
    if inner is None or outer is None:
        return outer is None
    return values_of(inner) <= values_of(outer)


def values_of(values: Any) -> set[str]:
    """Values that can be compared: to Python, true is 1."""
    return {json.dumps(value, sort_keys=True) for value in values} if isinstance(values, list) else {json.dumps(values)}


def same_values(before: Any, after: Any) -> bool:
    """Whether two lists hold the same values, in whatever order."""
    lists = isinstance(before, list) and isinstance(after, list)
    return lists and values_of(before) == values_of(after)


def _within(inner: Any, outer: Any) -> bool:
    if outer is None:
        return True
    try:
        (low, high), (least, most) = inner, outer
        return bool(least <= low and high <= most)
    except (TypeError, ValueError):
        return False


def _objective(path: KeyPath, op: str, before: Any, after: Any) -> str:
    """A tighter promise is compatible; a looser one, and one that is gone, is not."""
    if len(path) == 1:
        return COMPATIBLE if op == "added" else COULD_BE
    try:
        if path[1:] == ("thresholdMs",) and op == "changed":
            return COMPATIBLE if after <= before else COULD_BE
        if path[1:] == ("objective",) and op == "changed":
            return COMPATIBLE if after >= before else COULD_BE
    except TypeError:
        return COULD_BE
    return COULD_BE

"""What became of a contract: each change of its promises, whom it breaks, and where it stands on both sides.

Every term of a contract is a set of values that a reader has to expect, so a change either loosens the promise (more
may come) or tightens it. Which of the two may be is a policy's part.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from changegate.evidence.contracts import features, place_of, place_of_whole
from changegate.evidence.dtypes import conversion
from changegate.evidence.reports import Place, Report, beside
from changegate.manifest.units import seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from changegate.evidence.promises import PromisedFeature

_TERMS = {
    "nullable": ("nulls-added", "nulls-removed"),
    "range": ("range-widened", "range-narrowed"),
    "enum": ("values-added", "values-removed"),
    "freshness": ("freshness-loosened", "freshness-tightened"),
    "unit": ("unit-changed", "unit-stated"),
    "shape": ("shape-changed", "shape-stated"),
}
"""Term of a feature -> how a change of it is called that loosens the promise, and one that tightens it."""

_BREAKS = {
    "forward": "feature-removed type-widened type-changed type-unknown nulls-added nulls-unsaid range-widened "
    "values-added unit-changed shape-changed entities-changed unreadable-before",
    "backward": "feature-added type-narrowed type-changed type-unknown nulls-removed nulls-said range-narrowed "
    "values-removed unit-changed shape-changed entities-changed unreadable-before",
}
"""Direction -> the changes that break it: `forward`, readers of before on values of now; `backward`, readers of now on
values of before. How fresh a value is, is no matter of either."""


def breaks(kind: str, *, optional: bool = False) -> list[str]:
    """The directions that a change breaks.

    Args:
        kind: Its name.
        optional: Whether it is of a feature that may be missing: such a one may come and go.
    """
    if optional and kind in {"feature-added", "feature-removed"}:
        return []
    return [direction for direction, kinds in _BREAKS.items() if kind in kinds.split()]


def keeps(term: str, inner: Any, outer: Any) -> bool:
    """Whether everything that one term allows is allowed by another, too; a term that is not stated allows all.

    Args:
        term: `nullable`, `range`, `enum`, `freshness`, `unit`, `shape` or `entities`.
        inner: The first, or None.
        outer: The second, or None.
    """
    if term == "nullable":
        return outer is True or inner is not True
    if outer is None or inner is None:
        return outer is None
    return _WITHIN.get(term, lambda one, other: bool(one == other))(inner, outer)


def _distinct(values: Sequence[Any]) -> set[str]:
    """The values as JSON: to Python, true is 1."""
    return {json.dumps(value) for value in values}


_WITHIN: dict[str, Callable[[Any, Any], bool]] = {
    "range": lambda inner, outer: bool(outer[0] <= inner[0] and inner[1] <= outer[1]),
    "enum": lambda inner, outer: _distinct(inner) <= _distinct(outer),
    "freshness": lambda inner, outer: (seconds(inner) or 0) <= (seconds(outer) or 0),
    "entities": lambda inner, outer: set(inner) == set(outer),
}


def changes(before: Report, after: Report) -> list[dict[str, Any]]:
    """Every change of a contract's promises, each with the place at the head where it stands.

    A contract that could not be read before may have promised anything: that is a change of its own.
    """
    if before.status == "absent":
        return []
    if before.status != "present":
        return [_change("features", "unreadable-before", place_of_whole(after), before.place)]
    found = [*_of_entities(before, after), *_of_mode(before, after)]
    old, new = features(before), features(after)
    found += [
        _change(name, "feature-removed", place_of_whole(after), place_of(before, gone), gone)
        for name, gone in old.items()
        if name not in new
    ]
    for name, feature in new.items():
        if name not in old:
            found.append(_change(name, "feature-added", place_of(after, feature), place_of_whole(before), feature))
            continue
        for key, kind in _differences(old[name], feature):
            found.append(_change(name, kind, place_of(after, feature, key), place_of(before, old[name], key)))
    return found


def _of_entities(before: Report, after: Report) -> Iterator[dict[str, Any]]:
    sides = before.value.terms.get("entities"), after.value.terms.get("entities")
    was, now = (
        place_of_whole(report, "entities" if said else "") for report, said in zip((before, after), sides, strict=True)
    )
    for kind in _term("entities", *sides, ("entities-changed", "entities-stated")):
        yield _change("entities", kind, now, was)


def _of_mode(before: Report, after: Report) -> Iterator[dict[str, Any]]:
    """A change of what the contract says of its own changes; where it says nothing, it keeps nothing."""
    was, now = (set(_KEPT[mode_of(report)]) for report in (before, after))
    if was != now:
        kind = "compatibility-tightened" if was < now else "compatibility-loosened"
        places = place_of_whole(after, "compatibility"), place_of_whole(before, "compatibility")
        yield _change("compatibility", kind, *places)


_KEPT = {
    "not-said": (),
    "none": (),
    "backward": ("backward",),
    "backward-transitive": ("backward", "always-backward"),
    "forward": ("forward",),
    "forward-transitive": ("forward", "always-forward"),
    "full": ("backward", "forward"),
    "full-transitive": ("backward", "forward", "always-backward", "always-forward"),
}
"""Mode -> what it keeps."""


def mode_of(contract: Report) -> str:
    """The compatibility mode that a contract says; `not-said` where it says none or could not be read."""
    return str(contract.value.terms.get("compatibility", "not-said")) if contract.status == "present" else "not-said"


def _change(name: str, kind: str, place: Place, before: Place, whole: PromisedFeature | None = None) -> dict[str, Any]:
    optional = whole is not None and bool(whole.terms.get("optional") or whole.terms.get("nullable"))
    broken = breaks(kind, optional=optional)
    return {"name": name, "kind": kind, "breaks": broken, "place": beside(place, ("the contract before", before))}


def _differences(before: PromisedFeature, after: PromisedFeature) -> Iterator[tuple[str, str]]:
    old, new = before.terms, after.terms
    if (old["dtype"], before.said) != (new["dtype"], after.said) and (kind := type_change(old["dtype"], new["dtype"])):
        yield "dtype", kind
    if ("nullable" in old) != ("nullable" in new):
        yield "nullable", "nulls-said" if "nullable" in new else "nulls-unsaid"
        old, new = {**old, "nullable": None}, {**new, "nullable": None}
    for key, names in _TERMS.items():
        for kind in _term(key, old.get(key), new.get(key), names):
            yield key, kind


def type_change(before: str, after: str) -> str:
    """What a change of the type is called; empty where both are one and known."""
    became, back = conversion(before, after), conversion(after, before)
    if became == "same":
        return ""
    if became == "unknown":
        return "type-unknown"
    if became in {"widening", "unsized"} and back != became:
        return "type-widened"
    return "type-narrowed" if back in {"widening", "unsized"} else "type-changed"


def _term(term: str, before: Any, after: Any, names: tuple[str, str]) -> Iterator[str]:
    """The name of a term's change, or nothing where both say the same."""
    loosened, tightened = names
    if not keeps(term, after, before):
        yield loosened
    elif not keeps(term, before, after):
        yield tightened


_NUMBERS = re.compile(r"[0-9]{1,12}")


def version_moved(before: int | str | None, after: int | str | None) -> str:
    """What became of a contract's version: `same`, `raised`, `lowered`, `unclear`, or `not-said` where one is missing.

    Texts are compared by the numbers in them (1.9.0 is before 1.10.0, 2026-09 before 2026-10), where all else is equal.
    """
    if before is None or after is None:
        return "not-said"
    old, new = _written(before), _written(after)
    if old == new:
        return "same"
    if _NUMBERS.sub("", old) != _NUMBERS.sub("", new):
        return "unclear"
    numbers = [[int(one) for one in _NUMBERS.findall(said)] for said in (old, new)]
    return "raised" if numbers[0] < numbers[1] else "lowered" if numbers[1] < numbers[0] else "unclear"


def same_version(stated: int | str, said: int | str | None) -> str:
    """Whether a contract has the version that a manifest names: `same`, `other`, or `not-said` where it says none."""
    return "not-said" if said is None else "same" if _written(stated) == _written(said) else "other"


def _written(version: float | str) -> str:
    """A version as text: to JSON Schema, 3.0 is the whole number 3."""
    return str(int(version)) if isinstance(version, float) and version.is_integer() else str(version)


def plain_values(said: Mapping[str, Any], key: str) -> list[Any]:
    """The bounds or values of a feature as facts show them: a bound that is open in words."""
    open_ends = {float("inf"): "any greater value", float("-inf"): "any lesser value"}
    return [open_ends.get(one, one) if isinstance(one, float) else one for one in said[key]]

"""What became of one output of a model, as whoever reads it sees it: other values, other units, another scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.numbers import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORDS = {"range": "range {}", "unit": "unit {}", "enum": "values {}", "shape": "shape {}"}
_MOST_SHOWN = 8


def output_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Compare an output with itself in the previous release.

    Returns:
        For each key that says something else: `of`, `before` and `after` in words, and of a range whether it lies
        `within` the one before, and its `spanRatio`. What was not stated before may be stated now; values that become
        fewer, and a free dimension that is fixed, surprise nobody and are left out.
    """
    found: list[dict[str, Any]] = []
    if old["dtype"] != new["dtype"]:
        found.append({"of": "dtype", "before": old["dtype"], "after": new["dtype"]})
    if new.get("nullable", False) and not old.get("nullable", False):
        found.append({"of": "nullable", "before": "never null", "after": "nullable"})
    found += [
        {"of": key, "before": _said(key, old[key]), "after": _said(key, new.get(key))}
        for key in ("unit", "enum", "shape", "range")
        if key in old and not _keeps(key, old[key], new.get(key))
    ]
    if found and found[-1]["of"] == "range":
        found[-1] |= _scale(old["range"], new.get("range"))
    return found


def _keeps(key: str, old: Any, new: Any) -> bool:
    if new is None or key in {"unit", "range"}:
        return bool(old == new)
    if key == "enum":
        known = [(type(value), value) for value in old]
        return all((type(value), value) in known for value in new)
    return len(old) == len(new) and all(was in {-1, now} for was, now in zip(old, new, strict=True))


def _scale(old: list[float], new: list[float] | None) -> dict[str, Any]:
    """Where the range lies now, and how wide it is as a multiple of what it was; without bounds it is anywhere."""
    if new is None:
        return {"within": False}
    width = old[1] - old[0]
    ratio = {"spanRatio": plain(round(max(0.0, new[1] - new[0]) / width, 9))} if width > 0 else {}
    return {"within": old[0] <= new[0] and new[1] <= old[1], **ratio}


def _said(key: str, value: Any) -> str:
    """In words that follow "was" and "is"."""
    if value is None:
        return f"without {key}"
    if isinstance(value, list):
        shown = ", ".join(str(one) for one in value[:_MOST_SHOWN])
        return _WORDS[key].format(f"[{shown}{', …' if len(value) > _MOST_SHOWN else ''}]")
    return _WORDS[key].format(value)

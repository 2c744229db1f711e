"""Claims about risk that are lower than in the previous release and, where any falls, than on the branch before.

What was never stated has not fallen: a manifest that completes its claims says nothing less than it said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.risk import claims_of
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from changegate.manifest import Manifest

_ORDER: Mapping[str, tuple[Any, ...]] = {
    "tier": ("low", "medium", "high", "critical"),
    "exposure": ("research", "internal", "production"),
    "affectsUsers": (False, True),
    "revenueBand": ("none", "under-1pct", "over-1pct"),
    "regulated": (False, True),
    "safetyCritical": (False, True),
    "personalData": (False, True),
}
"""Every claim with its values, the least first."""


class Was(NamedTuple):
    """A release of before."""

    manifest: Manifest
    commit: str = ""
    """The last commit that had it; empty for the previous release."""


def falls(before: Manifest, now: Manifest) -> bool:
    """Whether any claim is lower than one that was stated."""
    return any(_fell(key, _stated(before).get(key), _claims(now)[key]) for key in _ORDER)


def fallen(before: Iterable[Was], now: Manifest) -> list[dict[str, Any]]:
    """Find the claims that are lower than before, each with the highest that was stated.

    Args:
        before: The previous release, and those before it, the latest first.
        now: The release at the head.

    Returns:
        Each with its name, both values as texts, and its place; in the order of the manifest's documentation.
    """
    states, claims = list(before), _claims(now)
    return [
        _entry(key, highest, claims[key])
        for key in _ORDER
        if (highest := _highest(key, states)) is not None and _fell(key, _stated(highest.manifest)[key], claims[key])
    ]


def _highest(key: str, states: Iterable[Was]) -> Was | None:
    """The latest of the releases that claimed most."""
    stated = [one for one in states if key in _stated(one.manifest)]
    return max(stated, key=lambda one: _ORDER[key].index(_stated(one.manifest)[key]), default=None)


def _stated(manifest: Manifest) -> Mapping[str, Any]:
    found: Mapping[str, Any] = manifest.value["spec"].get("risk", {})
    return found


def _claims(manifest: Manifest) -> Mapping[str, Any]:
    return claims_of(manifest.value)[0]


def _fell(key: str, before: Any, now: Any) -> bool:
    return before is not None and _ORDER[key].index(now) < _ORDER[key].index(before)


def _entry(key: str, was: Was, now: Any) -> dict[str, Any]:
    path = ["spec", "risk", key]
    before = _text(_stated(was.manifest)[key])
    beside: dict[str, Any] = {"message": "the previous release", "path": path, "revision": "previous"}
    if was.commit:
        document = was.manifest.document.index
        at = {"file": was.manifest.file, "revision": was.commit, "document": document, "path": path}
        beside = {"message": "what the branch had before", "at": at}
    since = {"commit": was.commit} if was.commit else {}
    return {"claim": key, "before": before, "now": _text(now), "place": {"path": path, "related": [beside]}, **since}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

"""Which release a new one looks like: a rename that is not declared is compared with nothing.

A release that is gone with this change is looked at for its file, its artifacts, its training run and its endpoint; one
that stays only for its artifacts in the same environment, since many may share a file and an endpoint, and a release
passes from one environment to the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.change.changeset import model_references
from changegate.change.kindred import TIERS
from changegate.change.traits import Traits
from changegate.policy.answers import MOST_RELATED

if TYPE_CHECKING:
    from changegate.change.changeset import ChangeSet
    from changegate.change.kindred import Kindred
    from changegate.manifest import Manifest


def likenesses(change: ChangeSet, kindred: Kindred, manifest: Manifest) -> list[dict[str, Any]]:
    """Find the releases that a new one looks like, apart from the one that it says it replaces.

    Returns:
        Each with its identity, the tier that it claimed, and what they share; in the order of their identities. Of very
        many, those of the highest tiers.
    """
    gone = kindred.gone(manifest)
    found = {
        one.identity: (Traits.of(one, "base"), shared) for one in gone if (shared := _shared(change, manifest, one))
    }
    for one in kindred.with_models_of(manifest):
        found.setdefault(one.identity, (one, ["an artifact"]))
    known = {manifest.identity, manifest.replaced}
    others = [(one, shared) for identity, (one, shared) in sorted(found.items()) if identity not in known]
    highest = sorted(others, key=lambda pair: -TIERS.index(pair[0].tier))[:MOST_RELATED]
    alike = [_entry(one, shared) for one, shared in sorted(highest, key=lambda pair: pair[0].identity)]
    was = change.moved.get(manifest.file, "")
    return [*alike, {"identity": f"what {was} held", **_WORST}] if was in change.before.broken_files else alike


_WORST = {"tier": "critical", "shares": ["its file, which could not be read"]}


def _entry(one: Traits, shared: list[str]) -> dict[str, Any]:
    return {"identity": str(one.identity), "tier": one.tier, "shares": shared, "related": [one.place]}


def _shared(change: ChangeSet, new: Manifest, gone: Manifest) -> list[str]:
    """What a new release shares with one that is gone."""
    shares = {
        "its name": new.identity.name == gone.identity.name,
        "its file": change.moved.get(new.file, "") == gone.file,
        "an artifact": bool(model_references(new) & model_references(gone)),
        "its training run": _common(new, gone, "provenance", "trainingRun"),
        "its endpoint": _common(new, gone, "serving", "endpoint"),
    }
    return [what for what, does in shares.items() if does]


def _common(one: Manifest, other: Manifest, block: str, key: str) -> bool:
    mine, theirs = (manifest.value["spec"].get(block, {}).get(key) for manifest in (one, other))
    return mine is not None and mine == theirs

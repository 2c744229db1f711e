"""Where a release comes from: its previous release, whether it goes back to one that ran, what a new name looks like.

The previous release has the same identity at the base, else the name that is replaced, else it is the last one that the
base's history has, else one at a release tag.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.change.changeset import beside, places_of, related
from changegate.diff.operation import goes_back, has_order, is_lower, version_of
from changegate.evidence.collector import Section, invalid
from changegate.manifest import Manifest
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from changegate.change.collector import ChangeRequest
    from changegate.names import Identity


class Previous(NamedTuple):
    """The previous release, or why there is none."""

    status: str
    """`present`, `absent` or `invalid`."""
    reason: str = ""
    """Why it is not present."""
    how: str = ""
    """`identity`, `replaces`, `history` or `tag`."""
    revision: str = ""
    """The commit it was read at."""
    manifest: Manifest | None = None

    def as_json(self) -> dict[str, Any]:
        """Write `input.previous`."""
        if self.manifest is None:
            return {"status": self.status, "reason": self.reason}
        place = {"how": self.how, "revision": self.revision, "file": self.manifest.file}
        return {"status": self.status, **place, "release": self.manifest.value}


def collect(request: ChangeRequest) -> Section:
    """Find the previous release of a manifest at the head, and how the release stands to those before it.

    Of one that cannot be read nobody knows it.
    """
    manifest = request.manifest
    if not isinstance(manifest, Manifest):
        return Section(invalid("the manifest is not valid"))
    previous = _previous(request, manifest)
    return Section(previous.as_json(), _facts(request, manifest, previous))


def _previous(request: ChangeRequest, manifest: Manifest) -> Previous:
    """Find the previous release. A release whose file did not change is its own."""
    scope, change = request.scope, request.change
    if manifest.file not in change.touched and scope.base is not None:
        return Previous("present", how="identity", revision=scope.base_id, manifest=manifest)
    for how, identity in (("identity", manifest.identity), ("replaces", manifest.replaced)):
        if identity is None:
            continue
        if identity in change.before.broken:
            return Previous("invalid", f"the manifest of {identity} at the base is not valid")
        found = change.before.manifests.get(identity) or _untouched(request, identity)
        if found is not None:
            return Previous("present", how=how, revision=scope.base_id, manifest=found)
    return _of_before(request, manifest.identity)


def _untouched(request: ChangeRequest, identity: Identity) -> Manifest | None:
    """The release of an identity in a file that the change does not touch: it is at the base as it is at the head."""
    change = request.change
    found = [one for one in change.standing.get(identity, ()) if one.file not in change.touched]
    return min(found, key=lambda one: one.file, default=None) if request.scope.base is not None else None


def _of_before(request: ChangeRequest, identity: Identity) -> Previous:
    """The last release of an identity that the base does not have: in its history, else at a release tag."""
    if request.scope.base is None:
        return Previous("absent", "there is no base to look for it at")
    last = request.past().last(identity)
    if last is not None:
        return Previous("present", how="history", revision=last.commit, manifest=last.manifest)
    pattern, absent = request.config.release_tags, f"it is not at the base, nor {request.past().reach}"
    if not pattern:
        return Previous("absent", f"{absent}, and no pattern of release tags is configured")
    found = request.tagged().newest(identity)
    if found is not None:
        return Previous("present", how="tag", revision=found.commit, manifest=found.manifest)
    return Previous("absent", f"{absent}, nor at a tag that matches {pattern} and that the base descends from")


def _facts(request: ChangeRequest, manifest: Manifest, previous: Previous) -> dict[str, Any]:
    """Establish `facts.lineage`: the version's way, what a new name looks like, what became of the name it replaces."""
    is_new = previous.status != "invalid" and previous.how != "identity"
    ran = _ran_before(request, manifest, previous)
    return {
        "checked": True,
        "version": _version(manifest, previous, ran),
        "fallen": _fallen(request, manifest, previous),
        "dropped": _dropped(manifest, previous.manifest if ran is None else ran),
        "content": _content(request, manifest, previous),
        "kin": _kin(request, manifest, previous),
        "resembles": _resembles(request, manifest) if is_new and request.scope.base is not None else [],
        "replaces": _replaces(request, manifest, previous),
    }


def _ran_before(request: ChangeRequest, manifest: Manifest, previous: Previous) -> Manifest | None:
    """What the branch had before, where a release goes back to it."""
    before = previous.manifest
    if before is None or previous.how == "replaces" or not goes_back(before.value, manifest.value):
        return None
    from changegate.change.history import state_before

    since = previous.revision if previous.how == "history" else request.scope.base_id
    return state_before(request.scope.git, since, before.file, manifest)


def _version(manifest: Manifest, previous: Previous, ran: Manifest | None) -> dict[str, Any]:
    before = previous.manifest
    if before is None:
        return {"lowered": False, "formKept": True, "ranBefore": False}
    now, was = version_of(manifest.value), version_of(before.value)
    return {
        "lowered": goes_back(before.value, manifest.value) and is_lower(now, was),
        "formKept": has_order(now) or not has_order(was),
        "ranBefore": ran is not None,
        "before": was,
    }


def _fallen(request: ChangeRequest, manifest: Manifest, previous: Previous) -> list[dict[str, Any]]:
    """The claims about risk that are lower than they were; the branch's history is asked only where one falls now."""
    before = previous.manifest
    if before is None or before is manifest:
        return []
    from changegate.change.fallen import Was, fallen, falls

    if not falls(before, manifest):
        return []
    past = request.past().of(manifest.identity, before.identity)
    return fallen([Was(before), *(Was(one.manifest, one.commit) for one in past)], manifest)


def _dropped(manifest: Manifest, before: Manifest | None) -> list[dict[str, Any]]:
    """What is declared no more. A release that goes back to what ran is held to what that declared."""
    if before is None or before is manifest:
        return []
    from changegate.change.dropped import dropped

    return dropped(before, manifest)


def _content(request: ChangeRequest, manifest: Manifest, previous: Previous) -> dict[str, Any]:
    """Under the version of the previous release: which parts of the release are others than before."""
    before = previous.manifest
    if before is None or version_of(before.value) != version_of(manifest.value):
        return {"sameVersion": False, "parts": []}
    from changegate.change.content import Files, parts

    looked = previous.revision == request.scope.base_id
    files = Files(request.scope.head, request.change if looked else None)
    return {"sameVersion": True, "parts": parts(before, manifest, files)}


def _kin(request: ChangeRequest, manifest: Manifest, previous: Previous) -> list[dict[str, Any]]:
    """Whose tier holds for the release. What the change does not touch has been asked when it came."""
    if request.scope.base is None or manifest.file not in request.change.touched:
        return []
    from changegate.change.kin import kin_of

    return kin_of(request, manifest, previous.manifest if previous.how in {"identity", "replaces"} else None)


def _resembles(request: ChangeRequest, manifest: Manifest) -> list[dict[str, Any]]:
    from changegate.change.likeness import likenesses

    return likenesses(request.change, request.kindred(), manifest)


def _replaces(request: ChangeRequest, manifest: Manifest, previous: Previous) -> dict[str, Any]:
    """What became of the name that a release says it had."""
    old = manifest.replaced
    if old is None or request.scope.base is None:
        return {"state": "none"}
    if previous.how == "identity" or previous.status == "invalid":
        return {"state": "settled", "identity": str(old)}
    if previous.how != "replaces":
        return {"state": "never-was", "identity": str(old)}
    others, more = beside(manifest, request.change.renames.get(old, (manifest,)))
    if others:
        named = [related("the other release", one, ("metadata", "replaces")) for one in others]
        return {"state": "claimed-twice", "identity": str(old), "others": places_of(others, more), "related": named}
    still = min(request.change.standing.get(old, ()), key=lambda one: one.file, default=None)
    if still is None:
        return {"state": "renamed", "identity": str(old)}
    named = [related("the release that it says it replaces", still, ("metadata", "name"))]
    return {"state": "still-there", "identity": str(old), "related": named}

"""Where a release comes from: its previous release, whether it goes back to one that ran, what a new name looks like.

The previous release has the same identity at the base, else the name that is replaced, else it is one at a release tag.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.change.changeset import place
from changegate.change.manifests import NEEDLE_ESCAPE, open_manifest
from changegate.diff.operation import goes_back, is_lower, version_of
from changegate.manifest import Manifest
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.change.changeset import ChangeSet, Item
    from changegate.names import Identity
    from changegate.policy.settings import Config
    from changegate.workspace.scope import Scope
    from changegate.workspace.tree import Tree


class Previous(NamedTuple):
    """The previous release, or why there is none."""

    status: str
    """`present`, `absent` or `invalid`."""
    reason: str = ""
    """Why it is not present."""
    how: str = ""
    """`identity`, `replaces` or `tag`."""
    revision: str = ""
    """The commit it was read at."""
    manifest: Manifest | None = None
    facts: Mapping[str, Any] = {}
    """`facts.lineage`: the version's way, what a new name looks like, what became of the name it replaces."""

    @property
    def release(self) -> Mapping[str, Any] | None:
        """The previous manifest as plain JSON, or None."""
        return None if self.manifest is None else self.manifest.value

    def as_json(self) -> dict[str, Any]:
        """Write `input.previous`."""
        if self.manifest is None:
            return {"status": self.status, "reason": self.reason}
        place = {"how": self.how, "revision": self.revision, "file": self.manifest.file}
        return {"status": self.status, **place, "release": self.manifest.value}


class Lineage:
    """Finds previous releases; what it opened at a tag it keeps."""

    def __init__(self, scope: Scope, config: Config, change: ChangeSet) -> None:
        """Take the revisions, the base's settings, and what the change touches.

        Args:
            scope: The base and the head.
            config: The base's settings: globs and the pattern of release tags.
            change: The change set, with the manifests of the base in files that changed.
        """
        self._scope = scope
        self._config = config
        self._change = change

    def previous(self, manifest: Manifest) -> Previous:
        """Find the previous release of a manifest at the head.

        A release whose file did not change is its own previous release.
        """
        base = self._scope.base_id
        if manifest.file not in self._change.touched and self._scope.base is not None:
            return Previous("present", how="identity", revision=base, manifest=manifest)
        for how, identity in (("identity", manifest.identity), ("replaces", manifest.replaced)):
            if identity is None:
                continue
            if identity in self._change.broken_before:
                return Previous("invalid", f"the manifest of {identity} at the base is not valid")
            found = self._change.before.get(identity) or self._search(self._scope.base, identity)
            if found is not None:
                return Previous("present", how=how, revision=base, manifest=found)
        return self._at_tag(manifest.identity)

    def facts(self, manifest: Manifest, previous: Previous) -> dict[str, Any]:
        """Establish how a release stands to those before it."""
        before = previous.release
        version: dict[str, Any] = {"lowered": False, "ranBefore": False}
        if before is not None and goes_back(before, manifest.value):
            version = {
                "lowered": is_lower(version_of(manifest.value), version_of(before)),
                "ranBefore": previous.how != "replaces" and self._ran(manifest, previous),
                "before": version_of(before),
            }
        is_new = previous.status != "invalid" and previous.how in {"", "replaces", "tag"}
        looks = self._resembles(manifest) if is_new and self._scope.base is not None else []
        return {
            "checked": True,
            "version": version,
            "content": self._content(manifest, previous),
            "resembles": looks,
            "replaces": self._replaces(manifest, previous),
        }

    def _content(self, manifest: Manifest, previous: Previous) -> dict[str, Any]:
        """Under the version of the previous release: which parts of the release are others than before."""
        before = previous.manifest
        if before is None or version_of(before.value) != version_of(manifest.value):
            return {"sameVersion": False, "parts": []}
        from changegate.change.content import Files, parts

        looked = previous.revision == self._scope.base_id
        files = Files(self._scope.head, self._change if looked else None)
        return {"sameVersion": True, "parts": parts(before, manifest, files)}

    def _resembles(self, manifest: Manifest) -> list[dict[str, Any]]:
        from changegate.change.likeness import likenesses

        return likenesses(self._change, manifest)

    def _ran(self, manifest: Manifest, previous: Previous) -> bool:
        from changegate.change.history import ran_before

        assert previous.manifest is not None  # noqa: S101  (only what has a previous release goes back)
        return ran_before(self._scope.git, self._scope.base_id, previous.manifest.file, manifest)

    def _replaces(self, manifest: Manifest, previous: Previous) -> dict[str, Any]:
        """What became of the name that a release says it had."""
        old = manifest.replaced
        if old is None or self._scope.base is None:
            return {"state": "none"}
        if previous.how == "identity" or previous.status == "invalid":
            return {"state": "settled", "identity": str(old)}
        if previous.how != "replaces":
            return {"state": "never-was", "identity": str(old)}
        others = [one for one in self._change.renames.get(old, ()) if one is not manifest]
        if others:
            return {"state": "claimed-twice", "identity": str(old), "others": [place(one) for one in others]}
        return {"state": "still-there" if self._search(self._scope.head, old) else "renamed", "identity": str(old)}

    def _search(self, tree: Tree | None, identity: Identity) -> Manifest | None:
        """Search a tree for an identity: a text search narrows, the loader decides."""
        if tree is None:
            return None
        for path in sorted(tree.grep((identity.name, NEEDLE_ESCAPE))):
            if self._config.matches(path):
                found = next((one for one in open_manifest(tree, path).manifests if one.identity == identity), None)
                if found is not None:
                    return found
        return None

    def _at_tag(self, identity: Identity) -> Previous:
        pattern, base = self._config.release_tags, self._scope.base_id
        if self._scope.base is None:
            return Previous("absent", "there is no base to look for it at")
        if not pattern:
            return Previous("absent", "it is not at the base, and no pattern of release tags is configured")
        from changegate.change.tags import release_tags, tree_of

        for tag in release_tags(self._scope.git, pattern, base):
            found = self._search(tree_of(self._scope.git, tag.commit), identity)
            if found is not None:
                return Previous("present", how="tag", revision=tag.commit, manifest=found)
        return Previous(
            "absent", f"it is not at the base, nor at a tag that matches {pattern} and that the base descends from"
        )


def previous_of(lineage: Lineage, item: Item) -> Previous:
    """The previous release of an item; of one that cannot be read nobody knows it."""
    if isinstance(item.manifest, Manifest):
        previous = lineage.previous(item.manifest)
        return previous._replace(facts=lineage.facts(item.manifest, previous))
    return Previous("invalid", "the manifest is not valid")

"""Releases in files that the change does not touch, and that have an identity or an artifact of one that is new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.change.changeset import duplicates, model_references
from changegate.change.manifests import NEEDLE_ESCAPE, open_manifest
from changegate.manifest import Manifest
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from changegate.change.changeset import Before, Duplicate, Item
    from changegate.names import Identity
    from changegate.policy.settings import Config
    from changegate.workspace.tree import Tree


class Alike(NamedTuple):
    """What was found beside the releases of a change."""

    duplicates: tuple[Duplicate, ...]
    """Releases of the change whose identity another one has, too."""
    namesakes: tuple[Manifest, ...]
    """Others that name an artifact of a new one."""


def look_alike(items: Sequence[Item], before: Before, head: Tree, config: Config) -> Alike:
    """Find other releases with the identity of one that is new in this change, or with an artifact of it."""
    places: dict[Identity, list[Manifest]] = {}
    for item in items:
        if isinstance(item.manifest, Manifest):
            places.setdefault(item.manifest.identity, []).append(item.manifest)
    new = {identity for identity in places if identity not in before.manifests}
    namesakes = []
    if new:
        known = {item.file for item in items}
        artifacts = {name for identity in new for one in places[identity] for name in model_references(one)}
        needles = (*sorted({identity.name for identity in new} | artifacts), NEEDLE_ESCAPE)
        for path in sorted(head.grep(needles) - known):
            if config.matches(path):
                for manifest in open_manifest(head, path).manifests:
                    if manifest.identity in new:
                        places[manifest.identity].append(manifest)
                    elif artifacts.intersection(model_references(manifest)):
                        namesakes.append(manifest)
    mine = {id(item.manifest) for item in items}
    found = tuple(one for one in duplicates(places) if id(one.manifest) in mine)
    return Alike(found, tuple(namesakes))

"""A release that is deleted: what it was, and what still depends on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.change.dependencies import dependants
from changegate.evidence.collector import Section, present
from changegate.manifest import Manifest

if TYPE_CHECKING:
    from changegate.change.collector import ChangeRequest


def collect(request: ChangeRequest) -> Section:
    """Establish what is retired: the manifest that the base has and the head has not."""
    manifest = request.manifest
    assert isinstance(manifest, Manifest)  # noqa: S101  (only a release that can be read is known to be gone)
    revision = request.scope.base_id
    before = present(how="identity", revision=revision, file=manifest.file, release=manifest.value)
    found = list(dependants(request.scope.head, request.config, manifest.identity))
    return Section(before, {"checked": True, "dependants": found})

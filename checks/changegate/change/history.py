"""What ran before: the states that a manifest had on the trusted branch, as git's history of the base knows them.

Asked only where a version is lower than the previous one, so that other changes pay nothing for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.references import of_hosted, of_uri
from changegate.manifest import load_manifests
from changegate.manifest.bounds import MAXIMUM_BYTES
from changegate.workspace.changes import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.manifest import Manifest
    from changegate.workspace.git import Git

MAXIMUM_STATES = 200
"""So many of the latest states of a manifest are looked at."""

_DECISIVE = ("version", "task", "intendedUse", "artifacts", "dependsOn", "features")
"""What makes a release behave as it did. Whatever else a return changes is judged as in every update."""


def state_before(git: Git, base: str, file: str, manifest: Manifest) -> Manifest | None:
    """Find the release that the trusted branch had before, of the same identity, version and decisive content.

    Only the branch's own commits count (first parents): what stood in a commit of a merged branch, and not in the
    merge, never ran.

    Args:
        git: The repository.
        base: The object id of the base's commit.
        file: Where the base has the manifest; renames before that are followed.
        manifest: The release at the head.

    Returns:
        Its latest state; None where the branch had none.

    Raises:
        GitError: Git failed.
    """
    wanted = _decisive(manifest.value)
    states = (one for oid, path in _states(git, base, file) for one in _read(git, oid, path)) if wanted else ()
    return next((one for one in states if one.identity == manifest.identity and _decisive(one.value) == wanted), None)


def _states(git: Git, base: str, file: str) -> Iterator[tuple[str, str]]:
    """The blobs that a file was, the latest first."""
    command = ("log", "--first-parent", "--follow", "--format=", "-z", "--raw", "--no-abbrev", "--no-ext-diff")
    answer = git.run(*command, f"--max-count={MAXIMUM_STATES}", "--end-of-options", base, "--", file)
    seen = set()
    for change in parsed([field for field in answer.fields() if field]):
        sides = (change.new_mode, change.new_oid, change.path), (change.old_mode, change.old_oid, change.old_path)
        for mode, oid, path in sides:
            if mode.startswith("100") and oid not in seen:
                seen.add(oid)
                yield oid, path


def _read(git: Git, oid: str, path: str) -> tuple[Manifest, ...]:
    if git.objects.info(oid) is None:
        return ()  # not in this clone
    blob = git.objects.blob(oid, MAXIMUM_BYTES)
    return () if isinstance(blob, int) else load_manifests(blob, path).manifests


def _decisive(release: Mapping[str, Any]) -> list[Any] | None:
    """What has to be the same; None where an artifact is bound by nothing, so that nobody can say that it is."""
    spec = release["spec"]
    if not all(map(_is_bound, spec["artifacts"])):
        return None
    return [*(spec.get(key) for key in _DECISIVE), spec.get("serving", {}).get("image")]


def _is_bound(artifact: Mapping[str, Any]) -> bool:
    if "hosted" in artifact:
        return bool(of_hosted(artifact["hosted"])["pin"] == "snapshot")
    return "digest" in artifact or of_uri(artifact["uri"])["pin"] == "revision"

"""What `changegate fix` can mend, by rule: from a finding and what was found out to the values that mend it.

One dictionary decides both what is mended and what reports call fixable. A mend is offered only where what it writes
follows from what was found: the size of the very bytes that the manifest names, the version that is released now, the
file that a path led to before it moved. What a person has to look at first (other bytes, a new version, a unit) says
so, and is written only when it is accepted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from changegate.manifest import parse
from changegate.mend.known_files import LARGEST, is_hidden
from changegate.names import KeyPath
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from changegate.mend.known_files import KnownFiles
    from changegate.workspace.tree import Tree

MOST_LOOKED_AT = 20
"""Files that are looked into for the one that a path led to before it moved."""


class Asked(NamedTuple):
    """A finding on a release, and what was found out about that."""

    file: str
    """The manifest."""
    path: KeyPath
    """Where the finding stands in it."""
    details: Mapping[str, Any]
    release: Mapping[str, Any]
    """The manifest as plain JSON."""
    previous: Mapping[str, Any]
    """The previous release; empty where there is none."""
    facts: Mapping[str, Any]
    """What was established, as policies see it."""
    rollback_target: str
    """The version to go back to; empty where nobody can tell."""
    head: Tree
    base: Tree | None
    files: KnownFiles
    """Those of the head."""

    def at(self, path: KeyPath) -> Any:
        """What stands at a path of the manifest; None for nothing."""
        value: Any = self.release
        for part in path:
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                return None
        return value


Wanted = tuple[KeyPath, Any, str]
"""A path, what is to stand there, and what has to be accepted for it."""
Mend = Callable[[Asked], Iterator[Wanted]]


# Sizes


def _found_size(asked: Asked) -> Iterator[Wanted]:
    """The size of the bytes that the digest is of."""
    found = _stored(asked)
    if "sizeBytes" in found and _is_the_artifact(asked, found):
        yield (*asked.path[:3], "sizeBytes"), found["sizeBytes"], ""


def _found_parameters(asked: Asked) -> Iterator[Wanted]:
    if _is_the_artifact(asked, _stored(asked)):
        yield asked.path, asked.details["found"], ""


def _is_the_artifact(asked: Asked, found: Mapping[str, Any]) -> bool:
    """Whether the repository has what the manifest means: by its digest, or where none is stated by its path."""
    digest = _artifact(asked).get("digest")
    return found.get("status") == "present" and digest in {None, found.get("digest")}


def _artifact(asked: Asked) -> Mapping[str, Any]:
    one: Mapping[str, Any] = asked.at(asked.path[:3])
    return one


def _stored(asked: Asked) -> Mapping[str, Any]:
    """What the repository has of the artifact that a finding is about."""
    listed = asked.facts.get("artifacts", {}).get("artifacts", ())
    index = asked.path[2] if len(asked.path) > 2 else None
    found: Mapping[str, Any] = listed[index].get("stored", {}) if isinstance(index, int) and index < len(listed) else {}
    return found


def _artifact_digest(asked: Asked) -> Iterator[Wanted]:
    """The digest of other bytes: somebody has to look at them."""
    file = _artifact(asked).get("path")
    digest = _stored(asked).get("digest", "")
    if not digest and isinstance(file, str):
        digest = asked.files.digest(file)
    if digest.startswith("sha256:"):
        yield (*asked.path[:3], "digest"), digest, str(file)


# Files


def _file(asked: Asked) -> Iterator[Wanted]:
    """The path of a file that moved, by its digest; or the digest of a file whose bytes are others."""
    place = next((path for path in _upwards(asked.path) if isinstance(asked.at((*path, "path")), str)), None)
    stated = {} if place is None else asked.at(place)
    if place is None:
        return
    file, digest = stated["path"], stated.get("digest")
    if asked.files.has(file):
        found = asked.files.digest(file)
        if found not in {"", digest}:
            yield (*place, "digest"), found, file
    elif isinstance(digest, str):
        moved = _with_digest(asked, file, digest)
        if len(moved) == 1:
            yield (*place, "path"), moved[0], ""


def _upwards(path: KeyPath) -> Iterator[KeyPath]:
    for length in range(len(path), 2, -1):
        yield path[:length]


def _with_digest(asked: Asked, file: str, digest: str) -> list[str]:
    """The files that a path may have meant, and that have its digest: of its name, or else of its kind."""
    wanted, files = PurePosixPath(file), [PurePosixPath(one) for one in asked.files.paths]
    named = [str(one) for one in files if one.name == wanted.name]
    alike = [str(one) for one in files if one.suffix == wanted.suffix and one.name != wanted.name]
    return _of_digest(asked, named, digest) or _of_digest(asked, alike, digest)


def _of_digest(asked: Asked, files: list[str], digest: str) -> list[str]:
    likely = [one for one in files if not is_hidden(one)][:MOST_LOOKED_AT]
    return [one for one in likely if asked.files.digest(one) == digest]


# Versions


def _rollback(asked: Asked) -> Iterator[Wanted]:
    """The version that is released now."""
    if asked.rollback_target:
        yield ("spec", "rollout", "rollback", "to"), asked.rollback_target, ""


def _needed_version(asked: Asked) -> Iterator[Wanted]:
    yield from _version(asked, asked.details["needed"])


def _next_version(asked: Asked) -> Iterator[Wanted]:
    """The version behind the previous one, for content that is another."""
    numbers = re.fullmatch(r"(\d+\.\d+\.)(\d+)", str(asked.previous.get("spec", {}).get("version", "")))
    if numbers:
        yield from _version(asked, f"{numbers[1]}{int(numbers[2]) + 1}")


def _version(asked: Asked, version: str) -> Iterator[Wanted]:
    accepts = f"{asked.file}:spec.version"
    before = asked.previous.get("spec", {}).get("version")
    yield ("spec", "version"), version, accepts
    if isinstance(before, str) and isinstance(asked.at(("spec", "rollout", "rollback")), dict):
        yield ("spec", "rollout", "rollback", "to"), before, accepts


def _contract_version(asked: Asked) -> Iterator[Wanted]:
    """The version of a contract, where nothing else of it is another than at the base; else somebody has to look."""
    place = asked.path[:4]
    stated = asked.at(place)
    accepts = "" if _is_only_renamed(asked, stated) else str(stated["path"])
    yield (*place, "version"), asked.details["version"], accepts


def _is_only_renamed(asked: Asked, stated: Mapping[str, Any]) -> bool:
    """Whether the contract of the version that the manifest states is the one of now, but for that version."""
    if asked.base is None:
        return False
    now, before = (_contract(tree, stated["path"]) for tree in (asked.head, asked.base))
    return bool(now) and {**now, "version": stated["version"]} == before


def _contract(tree: Tree, file: str) -> dict[str, Any]:
    parsed = parse(tree.read(file, LARGEST).data or b"", file)
    value = parsed.documents[0].value if len(parsed.documents) == 1 and not parsed.faults else None
    return value if isinstance(value, dict) else {}


FIXES: Mapping[str, Mend] = {
    "artifacts/digest-mismatch": _artifact_digest,
    "artifacts/digest-missing": _artifact_digest,
    "artifacts/size-mismatch": _found_size,
    "artifacts/size-missing": _found_size,
    "claims/file-missing": _file,
    "content/parameters-mismatch": _found_parameters,
    "evaluation/invalid-evidence": _file,
    "fairness/invalid-evidence": _file,
    "features/contract-digest-mismatch": _file,
    "features/contract-missing": _file,
    "features/contract-version-mismatch": _contract_version,
    "lineage/content-changed-under-version": _next_version,
    "lineage/version-bump-too-small": _needed_version,
    "provenance/attestation-invalid": _file,
    "provenance/lockfile-mismatch": _file,
    "provenance/signature-missing": _file,
    "rollout/rollback-drill-missing": _file,
    "rollout/rollback-target-missing": _rollback,
    "rollout/rollback-target-not-previous": _rollback,
    "rollout/rollback-to-itself": _rollback,
}
"""Rule -> its mend. What is wrong with a file's form is mended by `changegate.mend.forms`."""
FORMS = frozenset({"manifest/ambiguous-scalar", "manifest/schema"})

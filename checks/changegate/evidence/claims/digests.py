"""What digests and addresses name: one content each, and some content."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.evidence.addresses import normalised_address
from changegate.evidence.claims.statement import Contradiction, block, entries, said
from changegate.evidence.references import of_nothing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.evidence.collector import EvidenceRequest
    from changegate.names import KeyPath

_ARTIFACTS: KeyPath = ("spec", "artifacts")
_PROVENANCE: KeyPath = ("spec", "provenance")
_ROLLBACK: KeyPath = ("spec", "rollout", "rollback")
_GROUPS: dict[str, tuple[KeyPath, ...]] = {
    "artifacts": (_ARTIFACTS,),
    "training data": ((*_PROVENANCE, "trainingData"),),
    "what was trained with": ((*_PROVENANCE, "environment", "lockfile"),),
    "what vouches": ((*_PROVENANCE, "signature"), (*_PROVENANCE, "attestations")),
    "reports": (
        ("spec", "evaluation", "evidence"),
        ("spec", "fairness", "evidence"),
        ("spec", "safety", "redTeam"),
        (*_ROLLBACK, "drill"),
    ),
}
"""Kinds of content -> where their digests stand: at the entries of a list, or at a mapping. One file is of one kind."""
_OF_A_FILE = re.compile(r"(?!hf:|oci:|docker:|models:|runs:|mlflow)[^?#]*/[^/?#]+\.[A-Za-z][A-Za-z0-9_]{1,15}")
"""An address that ends in a file's name. Others may be of a folder, a repository or an image, which hold several."""


def digests(release: Mapping[str, Any]) -> Iterator[Contradiction]:
    """Find digests that name two things, addresses that hold two, and digests of nothing."""
    yield from _shared(release)
    yield from _sizes(release)
    for key in ("uri", "path"):
        yield from _addresses(release, key)
    yield from _nothing(release)


def _named(release: Mapping[str, Any], group: str) -> Iterator[tuple[KeyPath, str]]:
    """Every digest of a kind of content, with its path."""
    for where in _GROUPS[group]:
        listed = entries(release, where) or [(where, _mapping(release, where))]
        yield from (((*path, "digest"), one["digest"]) for path, one in listed if "digest" in one)


def _mapping(release: Mapping[str, Any], path: KeyPath) -> Mapping[str, Any]:
    node: Any = release
    for key in path:
        node = node.get(key, {}) if isinstance(node, dict) else {}
    return node if isinstance(node, dict) else {}


def _shared(release: Mapping[str, Any]) -> Iterator[Contradiction]:
    seen: dict[str, tuple[str, KeyPath]] = {}
    for group in _GROUPS:
        for path, digest in _named(release, group):
            other, place = seen.setdefault(digest, (group, path))
            if other != group and not of_nothing(digest):
                words = [f"the digest of {said(release, one[:-1])}" for one in (path, place)]
                yield Contradiction("digest-of-another-thing", path, place, *words)


def _sizes(release: Mapping[str, Any]) -> Iterator[Contradiction]:
    """Artifacts of one digest that have two sizes."""
    seen: dict[str, tuple[KeyPath, int]] = {}
    for path, one in entries(release, _ARTIFACTS):
        if "digest" in one and "sizeBytes" in one:
            before, size = seen.setdefault(one["digest"], (path, one["sizeBytes"]))
            if size != one["sizeBytes"]:
                yield Contradiction("digest-of-two-sizes", (*path, "sizeBytes"), (*before, "sizeBytes"))


def _addresses(release: Mapping[str, Any], key: str) -> Iterator[Contradiction]:
    """Artifacts at one address, of a file, that have two digests of one algorithm."""
    seen: dict[tuple[str, str], tuple[KeyPath, str]] = {}
    for path, one in entries(release, _ARTIFACTS):
        address = normalised_address(one[key]) if key == "uri" and key in one else one.get(key)
        if "digest" not in one or address is None or (key == "uri" and not _OF_A_FILE.fullmatch(address)):
            continue
        before, digest = seen.setdefault((address, _algorithm(one["digest"])), (path, one["digest"]))
        if digest != one["digest"]:
            yield Contradiction("address-of-two-contents", (*path, key), (*before, key))


def _nothing(release: Mapping[str, Any]) -> Iterator[Contradiction]:
    """Digests and commits of nothing; of artifacts and training data other rules tell them."""
    for path in (("spec", "safety", "redTeam"), _ROLLBACK):
        if of_nothing(str(_mapping(release, path).get("digest", ""))):
            yield Contradiction("digest-of-nothing", (*path, "digest"), path)
    source = block(release, "provenance").get("source", {})
    if "commit" in source and not source["commit"].strip("0"):
        path = (*_PROVENANCE, "source")
        yield Contradiction("commit-of-nothing", (*path, "commit"), (*path, "repository"))


def way_back(request: EvidenceRequest) -> Iterator[Contradiction]:
    """Find a rollback to weights that the version to go back to did not have, or that this release has itself."""
    release, previous = request.release, request.previous or {"metadata": {}, "spec": {}}
    stated, version = _mapping(release, _ROLLBACK), release["spec"]["version"]
    if "digest" not in stated or stated.get("to") == version or stated == _mapping(previous, _ROLLBACK):
        return
    digest = stated["digest"]
    own = {one["digest"]: path for path, one in entries(release, _ARTIFACTS) if "digest" in one}
    if "to" in stated and previous["spec"].get("version") == stated["to"]:
        had = {one["digest"] for _, one in entries(previous, _ARTIFACTS) if "digest" in one}
        if digest not in had and any(_algorithm(one) == _algorithm(digest) for one in had):
            yield Contradiction("back-to-other-weights", (*_ROLLBACK, "digest"), (*_ROLLBACK, "to"))
    elif digest in own:
        yield Contradiction("back-to-the-same-weights", (*_ROLLBACK, "digest"), (*own[digest], "digest"))


def _algorithm(digest: str) -> str:
    return digest.partition(":")[0]

"""The artifacts of a release: how each is identified and how large it is, and what the repository says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.addresses import normalised_address
from changegate.evidence.collector import EvidenceRequest, Section, absent, present
from changegate.evidence.limits import limits
from changegate.evidence.references import formats, of_hosted, of_image, of_nothing, of_uri
from changegate.evidence.scanned import BEHIND_AN_API, hidden_formats, judged_formats, parameters, unseen
from changegate.evidence.stored import stored_facts
from changegate.manifest.units import size
from changegate.numbers import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from changegate.evidence.files import EvidenceFiles


def collect(request: EvidenceRequest) -> Section:
    """Establish the facts of every artifact, each beside the one of the same name in the previous release."""
    before = {one.get("name"): one for one in _artifacts(request.previous or {})}
    listed = [_artifact(request, one, before) for one in _artifacts(request.release)]
    taken = _addresses(request)
    for one, fact in zip(_artifacts(request.release), listed, strict=True):
        if "growth" in fact:
            fact["address"] = _address(one, taken)
    serving = request.release.get("spec", {}).get("serving", {})
    facts = {
        "artifacts": listed,
        "memory": _memory(serving.get("resources", {}), listed),
        "image": _image(serving.get("image")),
        "package": _package(serving),
        "limits": limits(serving, (request.previous or {}).get("spec", {}).get("serving", {}), listed),
    }
    return Section(_evidence(listed), facts)


def _addresses(request: EvidenceRequest) -> dict[str, str]:
    """The digest that stood at each address in the previous release, where that has another version."""
    versions = [(release or {}).get("spec", {}).get("version") for release in (request.previous, request.release)]
    if versions[0] == versions[1]:
        return {}  # one version names one content: that is a rule of its own
    stated = (one for one in _artifacts(request.previous or {}) if "uri" in one and "digest" in one)
    return {normalised_address(str(one["uri"])): str(one["digest"]) for one in stated}


def _address(one: Mapping[str, Any], taken: Mapping[str, str]) -> dict[str, str]:
    """Whether other content stood at its address before: whoever goes back would get this one.

    A file of this repository has an address that follows the branch; git keeps what was there. Digests of two
    algorithms cannot be compared.
    """
    uri, digest = str(one.get("uri", "")), str(one.get("digest", ""))
    before = taken.get(normalised_address(uri), "")
    own = "path" in one and uri.endswith(f"/{one['path']}")
    comparable = digest.partition(":")[0] == before.partition(":")[0] and bool(before)
    if own or not comparable or digest == before:
        return {"status": "kept"}
    return {"status": "reused", "previousDigest": before}


def _package(serving: Mapping[str, Any]) -> dict[str, Any]:
    """The size of what is delivered to a device or a function, where it is said what that is."""
    if "packageBytes" not in serving:
        return {"status": "not-stated"}
    return (
        {"status": "stated", "bytes": serving["packageBytes"]} if "platform" in serving else {"status": "no-platform"}
    )


def _image(stated: Any) -> dict[str, Any]:
    """The container image that runs in production, and whether its name is bound to one content."""
    return {"status": "stated", **of_image(str(stated))} if stated else {"status": "not-stated"}


def _artifacts(release: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    artifacts: Sequence[Mapping[str, Any]] = release.get("spec", {}).get("artifacts", ())
    return artifacts


def _evidence(listed: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The worst of what was found at the artifacts' paths."""
    read = [one["stored"] for one in listed if "stored" in one]
    if not read:
        return absent("no artifact has a `path` in this repository")
    for status in ("invalid", "absent"):
        for found in read:
            if found["status"] == status:
                return {"status": status, "reason": found["reason"]}
    return present()


def _artifact(
    request: EvidenceRequest, one: Mapping[str, Any], before: Mapping[Any, Mapping[str, Any]]
) -> dict[str, Any]:
    fact: dict[str, Any] = {"name": str(one["name"]), "role": str(one.get("role", ""))}
    if isinstance(one.get("hosted"), dict):
        return {**fact, "kind": "hosted", "reference": of_hosted(one["hosted"]), "scan": unseen(BEHIND_AN_API)}
    fact |= {
        "kind": "path" if "path" in one else "uri",
        "reference": of_uri(str(one.get("uri", ""))),
        "formats": formats(one),
        "digest": _digest(str(one.get("digest", ""))),
    }
    fact |= _looked_at(request.files, one, fact["formats"])
    fact["nothing"] = _nothing(one, fact.get("stored", {}))
    fact["size"] = _size(one, fact.get("stored", {}))
    fact["growth"] = _growth(fact["size"], before.get(one["name"]))
    return fact


def _looked_at(files: EvidenceFiles, one: Mapping[str, Any], named: list[str]) -> dict[str, Any]:
    """What the repository has of it, what its bytes say, and what follows from that for its formats."""
    facts = stored_facts(files, one, named)
    scan = facts["scan"]
    judged = {"judgedFormats": judged_formats(one, named, scan), "parameters": parameters(one, scan)}
    return {**facts, "formats": sorted({*named, *hidden_formats(scan)}), **judged}


def _nothing(one: Mapping[str, Any], found: Mapping[str, Any]) -> list[dict[str, str]]:
    """What says that there is nothing in it: a size of 0, or the digest of the empty input or of zeros alone."""
    said = {
        "sizeBytes": ("`sizeBytes` is 0", one.get("sizeBytes") == 0),
        "digest": ("`digest` is the one of an empty file, or zeros alone", of_nothing(str(one.get("digest", "")))),
        "path": (
            "the file at `path` is empty",
            found.get("sizeBytes") == 0 or of_nothing(str(found.get("digest", ""))),
        ),
    }
    return [{"key": key, "reason": reason} for key, (reason, holds) in said.items() if holds]


def _digest(digest: str) -> dict[str, Any]:
    if not digest:
        return {"stated": False}
    return {"stated": True, "algorithm": digest.partition(":")[0], "value": digest}


def _size(one: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """The size as stated, and the one to judge by: the larger of what is stated and what was found."""
    stated = {"statedBytes": one["sizeBytes"]} if "sizeBytes" in one else {}
    known = [*stated.values(), *([found["sizeBytes"]] if "sizeBytes" in found else [])]
    largest = {"bytes": max(known)} if known else {}
    return {"stated": bool(stated), "known": bool(known), **stated, **largest}


def _growth(now: Mapping[str, Any], before: Mapping[str, Any] | None) -> dict[str, Any]:
    """The size as a multiple of the previous release's; nothing is a multiple of a size that is unknown or 0."""
    if before is None:
        return {"status": "new"}
    past = before.get("sizeBytes", 0)
    if not past or not now["known"]:
        return {"status": "unsized"}
    return {"status": "sized", "previousBytes": past, "growthRatio": plain(round(now["bytes"] / past, 9))}


def _memory(resources: Mapping[str, Any], listed: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """How much of the declared memory the artifacts take: the GPUs' where it is declared, else the replica's."""
    gpus = resources.get("gpu", 1)
    of, count = ("gpuMemory", gpus) if "gpuMemory" in resources and gpus else ("memory", 1)
    sizes = [one["size"]["bytes"] for one in listed if one.get("size", {}).get("known")]
    if of not in resources:
        return {"status": "not-stated"}
    if not sizes:
        return {"status": "unsized"}
    limit = (size(str(resources[of])) or 0) * count
    facts = {"of": of, "limitBytes": limit, "artifactsBytes": sum(sizes)}
    if not limit:
        return {**facts, "status": "invalid", "reason": f"`{of}` is no amount of memory above 0"}
    return {**facts, "status": "stated", "usedRatio": plain(round(sum(sizes) / limit, 9))}

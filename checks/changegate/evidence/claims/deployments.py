"""The resources that `serving.deploys` names: whether each is in the file that it names, and which image runs there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.claims.statement import Contradiction, block, entries
from changegate.evidence.files import lfs_pointer, parsed
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from changegate.evidence.collector import EvidenceRequest
    from changegate.evidence.files import EvidenceFiles
    from changegate.names import KeyPath

_SERVING: KeyPath = ("spec", "serving")
DEPLOYS: KeyPath = (*_SERVING, "deploys")
_PLAIN = (".yaml", ".yml", ".json")
_ELSEWHERE = frozenset({"Kustomization", "HelmRelease", "HelmChart", "Application", "ApplicationSet", "Component"})
"""Kinds whose resources are made elsewhere: what a file of them holds is not what the cluster gets."""
_MOST_NAMED = 5


class Resources(NamedTuple):
    """The resources of a file, or why they cannot be told."""

    listed: Sequence[Mapping[str, Any]] = ()
    absent: str = ""
    unread: str = ""


def deployments(request: EvidenceRequest) -> list[dict[str, Any]]:
    """Look every deployed resource up.

    Returns:
        A fact for each: `found`, `absent`, or `unread` where the file is no plain YAML or JSON, with a reason.
    """
    return [_deployment(path, one, request.files) for path, one in entries(request.release, DEPLOYS)]


def images(request: EvidenceRequest) -> Iterator[Contradiction]:
    """Find resources whose containers are all pinned, and none to the image that the manifest says is served.

    A name without a digest is left alone: whoever applies it (Kustomize, a pipeline) puts the digest there.
    """
    image = block(request.release, "serving").get("image", "")
    for path, one in entries(request.release, DEPLOYS) if "@" in image else ():
        held = (resource for resource in _resources(request.files, one["path"]).listed if _is(one, resource))
        run = {name for resource in held for name in _images(resource)}
        if run and all("@" in name for name in run) and _digest(image) not in map(_digest, run):
            other = f"`image: {min(run)}` in {one['path']}"
            yield Contradiction("another-image-deployed", (*_SERVING, "image"), (*path, "path"), other=other)


def _images(node: Any) -> Iterator[str]:
    """The images of every list of containers in a resource."""
    for key, value in node.items() if isinstance(node, dict) else ():
        if key == "containers" and isinstance(value, list):
            yield from (str(one["image"]) for one in value if isinstance(one, dict) and "image" in one)
        else:
            yield from _images(value)


def _digest(image: str) -> str:
    return image.partition("@")[2]


def _deployment(path: KeyPath, wanted: Mapping[str, Any], files: EvidenceFiles) -> dict[str, Any]:
    held = _resources(files, wanted["path"])
    fact = {"kind": wanted["kind"], "name": wanted["name"], "file": wanted["path"]}
    if held.absent or held.unread:
        status, reason, key = ("absent", held.absent, "path") if held.absent else ("unread", held.unread, "path")
        return {**fact, "status": status, "reason": reason, "place": {"path": [*path, key]}}
    if any(_is(wanted, one) for one in held.listed):
        return {**fact, "status": "found", "place": {"path": [*path]}}
    status = "unread" if any(_filled_in(one) for one in held.listed) else "absent"
    return {**fact, "status": status, "reason": _other(wanted, held), "place": {"path": [*path, "name"]}}


def _is(wanted: Mapping[str, Any], one: Mapping[str, Any]) -> bool:
    """Whether a resource is the one; a namespace that the file leaves open is set by whoever applies it."""
    metadata = _mapping(one.get("metadata"))
    spaces = {str(space) for space in (wanted.get("namespace"), metadata.get("namespace")) if space}
    return one.get("kind") == wanted["kind"] and metadata.get("name") == wanted["name"] and len(spaces) < 2


def _filled_in(one: Mapping[str, Any]) -> bool:
    """Whether a resource gets its kind or name when it is applied: from a template, a variable, or the cluster."""
    name = _mapping(one.get("metadata")).get("name")
    return not isinstance(name, str) or any(mark in name + str(one.get("kind")) for mark in "{$<%")


def _other(wanted: Mapping[str, Any], held: Resources) -> str:
    """What the file holds instead."""
    names = [f"{one.get('kind')} {_mapping(one.get('metadata')).get('name', '')}".strip() for one in held.listed]
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    space = f" in the namespace {wanted['namespace']}" if "namespace" in wanted else ""
    return f"{wanted['path']} holds no such resource{space}; it holds {', '.join(names[:_MOST_NAMED])}{more}"


def _resources(files: EvidenceFiles, path: str) -> Resources:
    file = files.read(path)
    if file.status == "absent":
        return Resources(absent=file.reason)
    if file.status != "present":
        return Resources(unread=file.reason)
    if lfs_pointer(file.data) or not path.endswith(_PLAIN):
        return Resources(unread=f"{path} is no YAML or JSON file")
    made = parsed(file.data, path)
    if made.faults:
        return Resources(unread=f"{path} is no plain YAML or JSON: {made.faults[0].message}")
    listed = [one for document in made.documents for one in _listed(document.value)]
    kinds = {str(one.get("kind")) for one in listed}
    if not listed or kinds & _ELSEWHERE:
        why = (
            f"is of the kind {min(kinds & _ELSEWHERE)}, which names resources" if listed else "holds no resource itself"
        )
        return Resources(unread=f"{path} {why}")
    return Resources(listed)


def _listed(value: Any) -> Iterator[Mapping[str, Any]]:
    """The resources of a document: itself, or the items of a list of Kubernetes'."""
    kind, items = _mapping(value).get("kind"), _mapping(value).get("items")
    if isinstance(kind, str) and kind.endswith("List") and isinstance(items, list):
        yield from (one for one in items if isinstance(_mapping(one).get("kind"), str))
    elif isinstance(kind, str):
        yield value


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}

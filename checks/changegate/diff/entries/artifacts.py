"""Artifacts: a replaced one is one entry, whatever its address, size and digest are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.diff.entries.entry import entry, from_to, item, shown
from changegate.diff.entries.quantities import risen, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.diff.entries.entry import BothReleases, Untold
    from changegate.names import Change, DiffEntry

_LIST = ("spec", "artifacts")
_PLACES = {"uri", "path"}
_CONTENT = {"digest", "sizeBytes", "parameters"}


def recognise(untold: Untold, sides: BothReleases) -> Iterator[DiffEntry]:
    """Tell of each artifact that came, went, moved or is another one."""
    yield from _renamed(untold)
    for name in dict.fromkeys(change.path[2] for change in untold.below(*_LIST)):
        changes = [change for change in untold.below(*_LIST) if change.path[2] == name]
        untold.tell(changes)
        old, new = (item(side, _LIST, name) for side in (sides.before, sides.after))
        yield from _of_one(str(name), changes, old, new)


def _renamed(untold: Untold) -> Iterator[DiffEntry]:
    whole = [change for change in untold.below(*_LIST) if len(change.path) == 3]
    gone = [change for change in whole if change.op == "removed"]
    for came in (change for change in whole if change.op == "added"):
        same = next((one for one in gone if _digest(one.before) == _digest(came.after) is not None), None)
        if same is not None:
            gone.remove(same)
            untold.tell((same, came))
            text = f"Artifact `{same.path[2]}` is called `{came.path[2]}` now; its content is the same."
            yield entry("artifact-renamed", text, (same, came))


def _digest(artifact: Any) -> str | None:
    return artifact.get("digest") if isinstance(artifact, dict) else None


def _of_one(name: str, changes: list[Change], old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[DiffEntry]:
    if not old or not new:
        rule, verb, side = ("artifact-added", "is new", new) if new else ("artifact-removed", "is gone", old)
        yield entry(rule, f"Artifact `{name}` {verb}{_described(side)}.", changes)
        return
    fields = {str(change.path[3]): change for change in changes if len(change.path) > 3}
    if "hosted" in fields:
        yield _hosted(name, [change for change in changes if change.path[3] == "hosted"], old, new)
    if "format" in fields:
        told = from_to(old.get("format"), new.get("format"))
        yield entry("artifact-format-changed", f"Format of `{name}`: {told}.", [fields["format"]])
    if "license" in fields:
        told = from_to(old.get("license"), new.get("license"))
        yield entry("artifact-licence-changed", f"Licence of `{name}`: {told}.", [fields["license"]])
    yield from _content(name, fields, old, new)
    known = {"hosted", "format", "license", *_CONTENT, *_PLACES}
    for field, change in fields.items():
        if field not in known:
            yield entry("artifact-changed", f"`{field}` of `{name}`: {from_to(change.before, change.after)}.", [change])


def _content(
    name: str, fields: Mapping[str, Change], old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[DiffEntry]:
    content = [fields[field] for field in fields if field in _CONTENT]
    places = [fields[field] for field in fields if field in _PLACES]
    if content:
        parts = [*_grown(old, new), *_digests(old, new)] or ["what is said of its content changed"]
        yield entry("artifact-replaced", f"Artifact `{name}` is another one: {', '.join(parts)}.", [*content, *places])
    elif places:
        pinned = old.get("digest") is not None and "hosted" not in fields
        rule = "artifact-moved" if pinned else "artifact-replaced"
        where = "; ".join(from_to(old.get(field), new.get(field)) for field in ("uri", "path") if field in fields)
        said = (
            "lies elsewhere, with the same digest"
            if pinned
            else "has another address, and no digest says that it is the same"
        )
        yield entry(rule, f"Artifact `{name}` {said}: {where}.", places)


def _grown(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for field, kind, unit in (("sizeBytes", "bytes", ""), ("parameters", "count", " parameters")):
        before, after = old.get(field), new.get(field)
        if isinstance(before, int) and isinstance(after, int) and before != after:
            yield risen(kind, before, after) + unit
        elif before != after and isinstance(after, int):
            yield written(kind, after) + unit


def _digests(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    if old.get("digest") != new.get("digest"):
        yield f"digest {short_digest(old.get('digest'))} → {short_digest(new.get('digest'))}"


def short_digest(digest: Any) -> str:
    """The first eight digits: enough to tell two apart, and no wall of them."""
    if not isinstance(digest, str):
        return "none"
    return digest.rpartition(":")[2][:8] + "…"


def _hosted(name: str, changes: list[Change], old: Mapping[str, Any], new: Mapping[str, Any]) -> DiffEntry:
    told = " → ".join(_hosted_name(side) for side in (old, new))
    return entry("hosted-model-changed", f"Hosted model `{name}`: {told}.", changes)


def _hosted_name(artifact: Mapping[str, Any]) -> str:
    hosted = artifact.get("hosted")
    if not isinstance(hosted, dict):
        return "none"
    named = "/".join(str(hosted[key]) for key in ("provider", "model") if key in hosted)
    return shown(" ".join(str(part) for part in (named, hosted.get("snapshot")) if part))


def _described(artifact: Mapping[str, Any]) -> str:
    if "hosted" in artifact:
        return f": {_hosted_name(artifact)}"
    size = artifact.get("sizeBytes")
    parts = [shown(artifact[key]) for key in ("role", "format") if key in artifact]
    parts += [written("bytes", size)] if isinstance(size, int) else []
    return f": {', '.join(parts)}" if parts else ""

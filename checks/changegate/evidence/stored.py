"""An artifact as the repository has it: its size and digest, what its bytes say, and whether all parts are there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from changegate.evidence.content import content_fault
from changegate.evidence.dvc import DvcFault, tracked_by
from changegate.evidence.folders import (
    INDEX,
    KEPT_ELSEWHERE,
    Member,
    members_named,
    members_of,
    parts_of,
    root_of,
    scans_merged,
    sizes_of,
    weight_map,
)
from changegate.evidence.looking import look, look_at
from changegate.evidence.pointers import Stored, Unreadable, is_pointer, of_dvc, read_stored
from changegate.evidence.references import formats
from changegate.evidence.scanned import NAMES_ALONE, beside_another, scan_facts, unseen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from changegate.evidence.files import EvidenceFiles, File


def _no_parts() -> dict[str, Any]:
    """What is said of an artifact in one piece; each release has its own, since facts are its own."""
    return {"status": "none", "missing": [], "unlisted": []}


def stored_facts(files: EvidenceFiles, one: Mapping[str, Any], named: Sequence[str]) -> dict[str, Any]:
    """What the repository has of an artifact at the head, and what its bytes say, wherever they are.

    Args:
        files: Where to read.
        one: The artifact, as the manifest states it.
        named: The format that it states, and those that the names of its file end in.

    Returns:
        `scan` and `parts`, and `stored` where the artifact has a `path`.
    """
    if "path" not in one:
        return {"scan": _elsewhere(files, one, named), "parts": _no_parts()}
    path, digest = str(one["path"]), str(one.get("digest", ""))
    file = files.read(path)
    try:
        if file.problem == "directory":
            return _folder(files, path, digest)
        found, file = _found(files, file, one)
    except Unreadable as fault:
        return _broken(files, one, named, {"status": "invalid", "reason": f"{path} {fault}"})
    if found is None:
        return _broken(files, one, named, {"status": file.status, "reason": file.reason})
    scan = _scan_of(files, found, file, one, named)
    content = _content(file, found, named, scan)
    if content["status"] == "differs":
        scan = beside_another(scan)
    parts = parts_of(files, path, scan.pop("parts", ()))
    return {"stored": _compared(found, path, digest, content), "scan": scan, "parts": parts}


def _scan_of(
    files: EvidenceFiles, found: Stored, file: File, one: Mapping[str, Any], named: Sequence[str]
) -> dict[str, Any]:
    """Look into the file itself; for an index, into the parts that it names."""
    if found.kind != "file":
        return _elsewhere(files, one, named)
    if not file.path.endswith(INDEX):
        return _scan(files, file, one, named)
    folder = file.path.rpartition("/")[0]
    members = members_named(files, folder, weight_map(file) or set())
    scans = {member.name: _member_scan(files, member) for member in members}
    return scans_merged(scans, unseen("it is an index, and no part that it names was looked into"))


def _broken(
    files: EvidenceFiles, one: Mapping[str, Any], named: Sequence[str], stored: dict[str, Any]
) -> dict[str, Any]:
    return {"stored": stored, "scan": _elsewhere(files, one, named), "parts": _no_parts()}


def _found(files: EvidenceFiles, file: File, one: Mapping[str, Any]) -> tuple[Stored | None, File]:
    """What stands at the path, or what DVC says of it where git has nothing there."""
    algorithm = str(one.get("digest", "")).partition(":")[0]
    if file.status == "present" or file.problem == "too-large":
        name = str(one.get("uri", "")).rstrip("/").rpartition("/")[2]
        return read_stored(files, file, algorithm, name), file
    if file.problem != "missing":
        return None, file
    try:
        tracked = tracked_by(files, file.path)
    except DvcFault as fault:
        raise Unreadable(f"is kept by DVC, whose file beside it {fault}") from None
    return (None, file) if tracked is None else (of_dvc(tracked[1]), tracked[0])


def _compared(found: Stored, path: str, digest: str, content: dict[str, str]) -> dict[str, Any]:
    """The facts of what was found, with the digest in the algorithm of the manifest's."""
    facts: dict[str, Any] = {"status": "present", "kind": found.kind, "sizeBytes": found.size}
    facts["content"] = content
    algorithm = digest.partition(":")[0]
    if not algorithm:
        return facts
    if algorithm not in found.digests:
        known = ", ".join(sorted(found.digests)) or "no digest that binds it"
        return {"status": "invalid", "reason": f"{path} ({found.kind}) is known by {known}, not by {algorithm}"}
    return {**facts, "digest": f"{algorithm}:{found.digests[algorithm]}"}


def _folder(files: EvidenceFiles, path: str, digest: str) -> dict[str, Any]:
    """A folder: its files together have a digest, a size, and what each of them holds."""
    members = members_of(files, path)
    found = Stored("folder", sizes_of(members), {"sha256": root_of(members)})
    content = {"status": "unseen", "reason": f"{path} is a folder, whose files are looked into one by one"}
    scans = {member.name: _member_scan(files, member) for member in members}
    scan = scans_merged(scans, unseen(f"no file of {path} was looked into"))
    return {
        "stored": _compared(found, path, digest, content),
        "scan": scan,
        "parts": parts_of(files, path),
    }


def _member_scan(files: EvidenceFiles, member: Member) -> dict[str, Any]:
    if member.stored.kind != "file":
        return unseen(KEPT_ELSEWHERE)
    named = formats({"path": member.name})
    scan = _scan(files, member.file, {"path": member.name}, named)
    scan.pop("parts", None)
    return scan


def _elsewhere(files: EvidenceFiles, one: Mapping[str, Any], named: Sequence[str]) -> dict[str, Any]:
    """Look into what CI handed in under the artifact's digest."""
    file = files.handed_in_as(str(one.get("digest", "")), one.get("sizeBytes"))
    scan = unseen(NAMES_ALONE) if file is None else _scan(files, file, one, named)
    scan.pop("parts", None)
    return scan


def _scan(files: EvidenceFiles, file: File, one: Mapping[str, Any], named: Sequence[str]) -> dict[str, Any]:
    name = file.path.rpartition("/")[2]
    if file.problem != "too-large":
        return scan_facts(look(file.data, named, name), one, named) if file.data else unseen("it is empty")
    opened = files.open(file.path, file.source)
    if opened.reason:
        return unseen(f"it is not read: {opened.reason}")
    try:
        return scan_facts(look_at(opened.descriptor, opened.size, named, name), one, named)
    finally:
        os.close(opened.descriptor)


def _content(file: File, found: Stored, named: Sequence[str], scan: Mapping[str, Any]) -> dict[str, str]:
    """Whether the file can be what it is called: it `fits`, it `differs`, or nobody looked."""
    if found.kind != "file" or is_pointer(file):
        return {"status": "unseen", "reason": f"{file.path} stands for a file that is kept elsewhere"}
    if file.path.endswith(INDEX) or not found.size:
        what = "an index, whose parts are looked for" if found.size else "empty"
        return {"status": "unseen", "reason": f"{file.path} is {what}"}
    if scan["claim"]["status"] == "contradicts":
        why = "of another format, which content/format-contradicted tells"
        return {"status": "unseen", "reason": f"{file.path} is {why}"}
    is_sound = (scan["claim"]["status"], scan["form"]) == ("fits", "sound")
    return {"status": "fits"} if is_sound else _beginning(file, named)


def _beginning(file: File, named: Sequence[str]) -> dict[str, str]:
    """Whether it begins as a file of its format does."""
    fault = content_fault(file.data, named) if file.data else None
    if fault is None:
        return {"status": "unseen", "reason": "nothing is known of how a file of this format begins"}
    return {"status": "differs", "reason": f"{file.path} {fault}"} if fault else {"status": "fits"}

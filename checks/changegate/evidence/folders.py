"""Models of many files: a folder, and weights in parts that an index or a number names.

A folder's digest is the one that OpenSSF model signing signs: SHA-256 over the SHA-256 of each file, in the order of
their names. What an index names has to be there, and what is there as a part has to be named.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

from changegate.evidence.pointers import Stored, Unreadable, is_pointer, read_stored
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from changegate.evidence.files import EvidenceFiles, File

INDEX = ".index.json"
MOST_FILES = 4096
_MOST_TOLD = 5
_NUMBERED = re.compile(r"(?P<name>.+)-(?P<number>[0-9]{5})-of-(?P<count>[0-9]{5})(?P<end>\.[a-z0-9]+)")
_WEIGHTS = frozenset({"safetensors", "bin", "gguf", "pt"})
_HEX_DIGITS = 64


class Member(NamedTuple):
    """A file of a folder."""

    name: str
    """From the folder."""
    file: File
    stored: Stored


def members_of(files: EvidenceFiles, folder: str) -> list[Member]:
    """All files of a folder, in the order of their names.

    Raises:
        Unreadable: There are too many, or one cannot be read.
    """
    paths = sorted(files.below(folder), key=lambda path: path.encode("utf-8", "surrogateescape"))
    if len(paths) > MOST_FILES:
        raise Unreadable(f"has {len(paths)} files, more than the {MOST_FILES} that are looked at")
    return [_member(files, path, folder) for path in paths]


def members_named(files: EvidenceFiles, folder: str, names: Iterable[str]) -> list[Member]:
    """The files of a folder that have one of these names.

    Raises:
        Unreadable: One cannot be read.
    """
    below = f"{folder}/" if folder else ""
    there = {path.removeprefix(below) for path in files.below(folder)}
    return [_member(files, f"{below}{name}", folder) for name in sorted(there.intersection(names))]


def _member(files: EvidenceFiles, path: str, folder: str) -> Member:
    file = files.quietly(path)
    if file.status != "present" and file.problem != "too-large":
        raise Unreadable(f"has a file that cannot be read: {file.reason}")
    return Member(path.removeprefix(f"{folder}/"), file, read_stored(files, file, "sha256"))


def root_of(members: Iterable[Member]) -> str:
    """The digest of a folder, in hex digits.

    Raises:
        Unreadable: A file of it is not known by its SHA-256.
    """
    root = hashlib.sha256()
    for one in members:
        sha256 = one.stored.digests.get("sha256", "")
        if len(sha256) != _HEX_DIGITS:
            raise Unreadable(f"has a file that is not known by its sha256: {one.name}")
        root.update(bytes.fromhex(sha256))
    return root.hexdigest()


def parts_of(files: EvidenceFiles, path: str, named: Sequence[str] = ()) -> dict[str, Any]:
    """Which parts of a model are missing, and which are there and belong to nothing.

    Args:
        files: Where to look.
        path: The artifact's path: a folder, an index, or a file.
        named: What the file itself says that belongs to it.
    """
    folder = path if files.quietly(path).problem == "directory" else path.rpartition("/")[0]
    if folder != path and not path.endswith(INDEX) and not named:
        return {"status": "none", "missing": [], "unlisted": []}
    below = f"{folder}/" if folder else ""
    there = {one.removeprefix(below).removesuffix(".dvc") for one in files.below(folder)}
    missing, unlisted, fault = set(named) - there, set[str](), ""
    indexes = [path.removeprefix(below)] if path.endswith(INDEX) else [one for one in there if one.endswith(INDEX)]
    for index in indexes if not named else ():
        listed = weight_map(files.quietly(f"{below}{index}"))
        if listed is None:
            fault = f"{index} is no index of weights"
            continue
        missing |= listed - there
        unlisted |= _like(listed, there) - listed
    if not named and not indexes:
        missing |= _numbers_missing(there)
    status = "known" if missing or unlisted or indexes or named or _numbered(there) else "none"
    told = {"missing": sorted(missing)[:_MOST_TOLD], "unlisted": sorted(unlisted)[:_MOST_TOLD]}
    return {"status": "broken", "reason": fault, **told} if fault else {"status": status, **told}


def weight_map(file: File) -> set[str] | None:
    """The files that an index names; None where it is none."""
    if file.status != "present" or is_pointer(file):
        return None
    try:
        value = json.loads(file.data)
    except (ValueError, RecursionError):
        return None
    listed = value.get("weight_map") if isinstance(value, dict) else None
    if not isinstance(listed, dict) or not listed or not all(isinstance(name, str) for name in listed.values()):
        return None
    return set(listed.values())


def _like(listed: set[str], there: set[str]) -> set[str]:
    """Files that are called like parts of the same weights."""
    stems = {(match["name"], match["end"]) for name in listed if (match := _NUMBERED.fullmatch(name))}
    return {name for name in there if (match := _NUMBERED.fullmatch(name)) and (match["name"], match["end"]) in stems}


def _numbered(there: set[str]) -> list[re.Match[str]]:
    matches = (_NUMBERED.fullmatch(name) for name in there)
    return [match for match in matches if match is not None and match["end"][1:] in _WEIGHTS]


def _numbers_missing(there: set[str]) -> set[str]:
    """Parts whose number lies below the count that the others name."""
    groups: dict[tuple[str, str, str], set[int]] = {}
    for match in _numbered(there):
        groups.setdefault((match["name"], match["count"], match["end"]), set()).add(int(match["number"]))
    return {
        f"{name}-{number:05}-of-{count}{end}"
        for (name, count, end), numbers in groups.items()
        for number in range(1, min(int(count), MOST_FILES) + 1)
        if number not in numbers and 0 not in numbers
    }


def sizes_of(members: Iterable[Member]) -> int:
    """The bytes of all files of a folder."""
    return sum(one.stored.size for one in members)


def scans_merged(scans: Mapping[str, Mapping[str, Any]], nothing: Mapping[str, Any]) -> dict[str, Any]:
    """What looking into all files of a folder came to.

    Args:
        scans: File -> the facts of looking into it.
        nothing: The facts of a folder of which no file was looked into.
    """
    seen = {name: one for name, one in scans.items() if one["status"] != "unseen" or one["hazards"]}
    facts: dict[str, Any] = {**nothing, "kind": "folder"}
    facts["hazards"] = [
        {**hazard, "what": f"{name}: {hazard['what']}"} for name, one in seen.items() for hazard in one["hazards"]
    ][:_MOST_TOLD]
    for key in ("names", "domains"):
        facts[key] = list(dict.fromkeys(value for one in seen.values() for value in one[key]))
    faults = [f"{name}: {one['fault']}" for name, one in seen.items() if "fault" in one]
    wrong = [(name, one["claim"]) for name, one in seen.items() if one["claim"]["status"] == "contradicts"]
    partly = [f"{name}: {one['reason']}" for name, one in seen.items() if one["status"] == "incomplete"]
    known = len(seen) == len([one for one in scans.values() if one.get("reason") != KEPT_ELSEWHERE])
    if faults:
        facts |= {"form": "broken", "fault": faults[0]}
    elif known and not partly and seen:
        facts["form"] = "sound"
    if wrong:
        name, claim = wrong[0]
        facts["claim"] = {**claim, "found": f"{claim['found']} ({name})", "key": "path"}
    return facts | _status(facts, partly, scans)


KEPT_ELSEWHERE = "its bytes are kept elsewhere"
"""Why a file of a folder was not looked into that stands for another one."""


def _status(facts: Mapping[str, Any], partly: list[str], scans: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Whether all was looked through that can be: text and pictures beside a model need not be."""
    elsewhere = [name for name, one in scans.items() if one.get("reason") == KEPT_ELSEWHERE]
    if partly:
        return {"status": "incomplete", "reason": partly[0]}
    if not elsewhere:
        return {"status": "complete"}
    reason = f"{len(elsewhere)} of its {len(scans)} files are kept elsewhere"
    return {"status": "incomplete" if facts["hazards"] or "fault" in facts else "unseen", "reason": reason}

"""What stands at an artifact's path: the file itself, a Git LFS pointer, or a `.dvc` file. Nothing is ever loaded.

Git LFS: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md. DVC: https://dvc.org/doc/user-guide/project-structure.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from changegate.evidence.content import content_fault
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from changegate.evidence.files import File

_POINTER = b"version https://git-lfs.github.com/spec/v1\n"
_POINTER_BYTES = 1024
_KEYS = re.compile(rb"(?:ext-[0-9]-[^\n]+\n)*oid sha256:([0-9a-f]{64})\nsize (0|[1-9][0-9]{0,15})\n")
_COMPUTED = frozenset({"md5", "sha1", "sha256", "sha384", "sha512"})
_HEX = re.compile(r"[0-9a-f]{64}")
_GREATEST = 2**53
"""The greatest size: what every reader of JSON holds exactly."""


class _Unreadable(Exception):  # noqa: N818  (no error: it becomes a status)
    """The path holds something that says neither digest nor size."""


class Stored(NamedTuple):
    """What a file of the repository says that the artifact is."""

    kind: str
    """`file`, `git-lfs` or `dvc`."""
    size: int
    """In bytes."""
    digests: Mapping[str, str]
    """Hex digits by algorithm; those that are known."""


def read_pointer(file: File, digest: str, formats: Sequence[str] = (), scan: Mapping[str, Any] = {}) -> dict[str, Any]:
    """Read what stands at an artifact's path at the head, once and bounded.

    Args:
        file: What stands at the manifest's `path`.
        digest: The manifest's `digest`, which says the algorithm to answer in; empty where it states none.
        formats: What the manifest and its names say that the artifact is.
        scan: What looking into it came to.

    Returns:
        A status with a reason; present, what kind of file it is, the artifact's size, whether its content can be what
        it is called, and its digest if one is wanted.
    """
    path = file.path
    if file.status != "present":
        return {"status": file.status, "reason": file.reason}
    algorithm = digest.partition(":")[0]
    try:
        found = _read(file, algorithm)
    except _Unreadable as error:
        return {"status": "invalid", "reason": f"{path} {error}"}
    facts: dict[str, Any] = {"status": "present", "kind": found.kind, "sizeBytes": found.size}
    facts["content"] = _content(file, found, formats, scan)
    if not algorithm:
        return facts
    if algorithm not in found.digests:
        known = ", ".join(sorted(found.digests)) or "no digest"
        reason = f"{path} ({found.kind}) is known by {known}, not by {algorithm}"
        return {"status": "invalid", "reason": reason}
    return {**facts, "digest": f"{algorithm}:{found.digests[algorithm]}"}


def is_pointer(file: File) -> bool:
    """Whether a file stands for one that is kept elsewhere."""
    return file.data.startswith(_POINTER) or file.path.endswith(".dvc")


def _content(file: File, found: Stored, formats: Sequence[str], scan: Mapping[str, Any]) -> dict[str, str]:
    """Whether the file can be what it is called: it `fits`, it `differs`, or nobody looked."""
    if found.kind != "file":
        return {"status": "unseen", "reason": f"{file.path} stands for a file that is kept elsewhere"}
    if not file.data:
        return {"status": "unseen", "reason": f"{file.path} is empty"}
    if scan.get("claim", {}).get("status") == "contradicts":
        return {
            "status": "unseen",
            "reason": f"{file.path} is of another format, which artifacts/format-contradicted tells",
        }
    if (scan.get("claim", {}).get("status"), scan.get("form")) == ("fits", "sound"):
        return {"status": "fits"}
    fault = content_fault(file.data, formats)
    if fault is None:
        return {"status": "unseen", "reason": "nothing is known of how a file of this format begins"}
    return {"status": "differs", "reason": f"{file.path} {fault}"} if fault else {"status": "fits"}


def _read(file: File, algorithm: str) -> Stored:
    if file.data.startswith(_POINTER):
        return _lfs(file.data)
    if file.path.endswith(".dvc"):
        return _dvc(file)
    # NOTE: md5 and sha1 are computed to compare with the manifest's own; whether they are good enough is a rule's part.
    name = algorithm if algorithm in _COMPUTED else "sha256"
    hexadecimal = hashlib.new(name, file.data, usedforsecurity=False).hexdigest()
    return Stored("file", len(file.data), {name: hexadecimal})


def _lfs(data: bytes) -> Stored:
    match = _KEYS.fullmatch(data, len(_POINTER)) if len(data) < _POINTER_BYTES else None
    if match is None or int(match[2]) > _GREATEST:
        raise _Unreadable("begins like a Git LFS pointer and is none")
    return Stored("git-lfs", int(match[2]), {"sha256": match[1].decode()})


def _dvc(file: File) -> Stored:
    from changegate.manifest import parse

    parsed = parse(file.data, file.path)
    if parsed.faults or len(parsed.documents) != 1:
        why = parsed.faults[0].message if parsed.faults else "it is not one document"
        raise _Unreadable(f"is no `.dvc` file: {why}")
    value = parsed.documents[0].value
    outs = value.get("outs") if isinstance(value, dict) else None
    if not isinstance(outs, list) or len(outs) != 1 or not isinstance(outs[0], dict):
        raise _Unreadable("is no `.dvc` file of one output")
    size = outs[0].get("size")
    if isinstance(size, bool) or not isinstance(size, int) or not 0 <= size <= _GREATEST:
        raise _Unreadable("states no `size` of its output")
    return Stored("dvc", size, dict(_dvc_digests(outs[0])))


def _dvc_digests(out: Mapping[str, Any]) -> dict[str, str]:
    """The digests of an output. DVC itself knows an md5 alone, and leaves room for a sha256 in `meta`."""
    meta = out.get("meta")
    sha256 = out.get("sha256", meta.get("sha256") if isinstance(meta, dict) else None)
    found = {"md5": out.get("md5"), "sha256": sha256}
    known = {name: value for name, value in found.items() if isinstance(value, str)}
    return {name: value for name, value in known.items() if name == "md5" or _HEX.fullmatch(value)}

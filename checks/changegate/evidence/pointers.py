"""What the repository has of an artifact: the file itself, a Git LFS pointer, or what DVC says. Nothing is loaded."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from changegate.evidence.dvc import DvcFault, DvcOutput, is_dvc, output_for
from changegate.evidence.large import ALGORITHMS, digest_large
from changegate.evidence.lfs import begins_like_lfs, read_lfs
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.evidence.files import EvidenceFiles, File


class Unreadable(Exception):  # noqa: N818  (no error: it becomes a status)
    """The path holds something that says neither digest nor size, in words that follow the path."""


class Stored(NamedTuple):
    """What the repository says that an artifact is."""

    kind: str
    """`file`, `folder`, `git-lfs` or `dvc`."""
    size: int
    """In bytes."""
    digests: Mapping[str, str]
    """Hex digits by algorithm; those that are known."""


def is_pointer(file: File) -> bool:
    """Whether a file stands for one that is kept elsewhere."""
    return begins_like_lfs(file.data) or is_dvc(file.path)


def read_stored(files: EvidenceFiles, file: File, algorithm: str, name: str = "") -> Stored:
    """Read what a file is, or what it stands for, once and bounded.

    Args:
        files: Where it was read; a larger file is streamed from there.
        file: The file, which is present or too large to be read at once.
        algorithm: In which the digest is wanted; empty where the manifest states none.
        name: How the artifact's own file is called, where a file of DVC lists several.

    Raises:
        Unreadable: It is a pointer or a file of DVC, and a broken one; or it cannot be read.
    """
    # NOTE: md5 and sha1 are computed to compare with the manifest's own; whether they are good enough is a rule's part.
    wanted = algorithm if algorithm in ALGORITHMS else "sha256"
    if file.problem == "too-large":
        return _large(files, file, wanted)
    if begins_like_lfs(file.data):
        pointer = read_lfs(file.data)
        if pointer is None:
            raise Unreadable("begins like a Git LFS pointer and is none")
        return Stored("git-lfs", pointer.size, {"sha256": pointer.sha256})
    if is_dvc(file.path):
        try:
            return of_dvc(output_for(file, name))
        except DvcFault as fault:
            raise Unreadable(str(fault)) from None
    return Stored("file", len(file.data), {wanted: hashlib.new(wanted, file.data, usedforsecurity=False).hexdigest()})


def of_dvc(output: DvcOutput) -> Stored:
    """What DVC says of an output."""
    return Stored("dvc" if output.files is None else "dvc-folder", output.size, output.digests)


def _large(files: EvidenceFiles, file: File, algorithm: str) -> Stored:
    opened = files.open(file.path)
    if opened.reason:
        raise Unreadable(f"is not read: {opened.reason}")
    try:
        return Stored("file", opened.size, {algorithm: digest_large(opened, file.path, algorithm, files.digests)})
    finally:
        os.close(opened.descriptor)

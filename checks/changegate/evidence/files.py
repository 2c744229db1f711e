"""Files beside a manifest: read at a revision, or found by digest in the folder that CI handed in."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from changegate.errors import UsageError
from changegate.evidence.large import LargeHandedIn, NothingKept, open_outside
from changegate.evidence.lfs import read_lfs
from changegate.evidence.nearest import Nearest
from changegate.records import NamedTuple
from changegate.workspace.file_states import FileStates
from changegate.workspace.objects import blob_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from changegate.evidence.large import DigestStore
    from changegate.manifest.document import Parsed
    from changegate.workspace.tree import Opened, Tree

MAXIMUM_BYTES = 16 * 1024 * 1024
"""A larger evidence file is not read: a report of metrics has no reason to be."""

MAXIMUM_LARGE_BYTES = 1024**4
"""An artifact of more bytes is not streamed."""

_SMALL, _MOST = 64 * 1024, 512
"""What is kept for the next release that names it: files of at most so many bytes, and the newest so many of them."""

_CHECKED = frozenset({"sha256", "sha384", "sha512"})
"""Algorithms whose digest binds a file and that the standard library computes; any other would check nothing."""


OUT_OF_LFS = "commit the file as it is (take it out of LFS in .gitattributes)"
"""What to do about a file that is read here and stands in Git LFS."""


def lfs_pointer(data: bytes) -> str | None:
    """The digest that a Git LFS pointer names, as `sha256:<hex>`; None where it is no pointer."""
    pointer = read_lfs(data)
    return None if pointer is None else f"sha256:{pointer.sha256}"


class File(NamedTuple):
    """A file's bytes and where they came from, or why there are none."""

    status: str
    """`present`, `absent`, `invalid` or `unavailable`."""
    reason: str = ""
    """Why it is not present; empty when it is."""
    data: bytes = b""
    path: str = ""
    """The path in the repository, or the one in the handed-in folder."""
    source: str = ""
    """`repository` or `handed-in`."""
    problem: str = ""
    """Of a file of the repository that is not present: what the tree says (`workspace.tree.Content`)."""

    @property
    def sha256(self) -> str:
        """The digest of the bytes as `sha256:<hex>`."""
        return "sha256:" + _digest("sha256", self.data)

    @property
    def content(self) -> tuple[str, str] | None:
        """A key for what follows from the file alone: its digest, and the name by which it is parsed.

        None where it is too large for anything of it to be kept.
        """
        return (self.sha256, self.path) if len(self.data) <= _SMALL else None


def _no_past(_path: str) -> FileStates:
    return FileStates(cut="the history of the trusted branch is not at hand")


class EvidenceFiles:
    """Where collectors read. `head` is the tree that would land, `base` the one it lands on."""

    head: Final[Tree]
    base: Final[Tree | None]
    handed_in: Final[Path | None]
    """The folder of `--evidence DIR`; it lies outside the checkout."""

    def __init__(
        self,
        head: Tree,
        base: Tree | None,
        handed_in: Path | None = None,
        blob_at_base: Callable[[str], str] = lambda _path: "",
        past: Callable[[str], FileStates] = _no_past,
    ) -> None:
        """Take the trees and the folder; nothing is read yet.

        Args:
            head: The tree that would land.
            base: The tree that it lands on.
            handed_in: The folder of `--evidence DIR`.
            blob_at_base: The object id of a regular file of the base, where it is known without asking git; else empty.
            past: What a file was on the trusted branch.
        """
        self.past = past
        self.head = head
        self.base = base
        self.handed_in = handed_in
        self._now = head
        self._nearest = Nearest(head)
        self._beside = ""
        self.manifest = ""
        self._blob_at_base = blob_at_base
        self._by_digest: dict[str, Path] = {}
        self._small: dict[tuple[int, str], File] = {}
        self._large = LargeHandedIn(handed_in, MAXIMUM_BYTES) if handed_in is not None else None
        self.digests: DigestStore = NothingKept()

    def quietly(self, path: str) -> File:
        """Read a file of the head that may well not be there: nobody meant another one."""
        return self._read(self.head, path)

    def open(self, path: str, source: str = "repository") -> Opened:
        """Open a file that is too large to be read at once.

        Args:
            path: Its path in the repository, or in the folder that CI handed in.
            source: `repository` or `handed-in`.
        """
        if source == "repository" or self.handed_in is None:
            return self.head.open(path, MAXIMUM_LARGE_BYTES)
        return open_outside(self.handed_in / path, MAXIMUM_LARGE_BYTES)

    def below(self, folder: str) -> list[str]:
        """The paths of all files in a folder of the head and in what is in it."""
        start = f"{folder}/" if folder else ""
        return [entry.path for entry in self.head.entries() if entry.path.startswith(start)]

    def read(self, path: str, *, at: str = "head") -> File:
        """Read a file of the repository at `head` or `base`."""
        tree = self.head if at == "head" else self.base
        if tree is None:
            return File("absent", "there is no base to read it from", path=path)
        file = self._read(tree, path)
        return self._meant(file) if file.status == "absent" and at == "head" else file

    def beside(self, manifest: str) -> EvidenceFiles:
        """The same, for what a manifest names: a path from its own folder, where there is none, was one from the top.

        Args:
            manifest: The manifest's path.
        """
        other = self._other(self.head, self.base, self.handed_in)
        other._beside = manifest.rpartition("/")[0]
        other.manifest = manifest
        return other

    def _meant(self, file: File) -> File:
        """A file that is not there, with the one that was meant."""
        meant = self._nearest.find(file.path, self._beside) if self.head is self._now else ""
        return file._replace(reason=f"{file.reason} (did you mean `{meant}`?)") if meant else file

    def _read(self, tree: Tree, path: str) -> File:
        known = self._small.get((id(tree), path))
        if known is None:
            known = self._same_now(tree, path) or _read(tree, path)
            if len(known.data) <= _SMALL:
                if len(self._small) >= _MOST:
                    del self._small[next(iter(self._small))]
                self._small[id(tree), path] = known
        return known

    def _same_now(self, tree: Tree, path: str) -> File | None:
        """The head's file, where it has the very bytes that the base's has: git is not asked for them once more.

        NOTE: that a file is not among those that changed would not do. Git takes a file for unchanged by its times and
        size, or since somebody said so; an object id is of the content.
        """
        oid = self._blob_at_base(path) if tree is self.base and tree is not self._now else ""
        if not oid:
            return None
        now = self._read(self._now, path)
        return now if now.status == "present" and blob_id(now.data, len(oid)) == oid else None

    def without_handed_in(self) -> EvidenceFiles:
        """The same, of the repository alone."""
        return self._other(self.head, self.base, None)

    def seen_from(self, base: Tree) -> EvidenceFiles:
        """The same, as the previous release saw it."""
        return self._other(base, base, self.handed_in)

    def _other(self, head: Tree, base: Tree | None, handed_in: Path | None) -> EvidenceFiles:
        """Others that know what these have read."""
        other = EvidenceFiles(head, base, handed_in, self._blob_at_base, self.past)
        other._now = self._now
        other._nearest = self._nearest
        other._beside = self._beside
        other._small = self._small
        other.digests = self.digests
        if handed_in is not None:
            other._by_digest = self._by_digest
            other._large = self._large
        return other

    def find(self, reference: Mapping[str, Any]) -> File:
        """Find evidence `{path or uri, digest}`: by path in the repository, else by digest in the handed-in folder.

        A file whose digest is not the one that the reference says is `invalid`. A reference with a `uri` alone is
        `unavailable` unless the folder has a file of its digest.
        """
        digest = reference.get("digest", "")
        path = reference.get("path")
        if path is not None:
            file = self.read(path)
            if file.status == "present":
                return self._pointed(file, digest) or self._checked(file, digest)
            if file.status == "invalid":
                return file
        handed_in = self._handed_in(digest)
        if handed_in is not None:
            return handed_in
        if path is not None:
            return self._meant(File("absent", f"{path} is not in the repository", path=path))
        return File("unavailable", f"{reference.get('uri', 'the evidence')} was not handed in (--evidence DIR)")

    def handed_in_as(self, digest: str, size: int | None = None) -> File | None:
        """The file of a digest that CI handed in; None where there is none.

        Args:
            digest: As the manifest states it.
            size: The bytes that it states: of larger files only those of that size are digested.
        """
        found = self._handed_in(digest)
        if found is not None and found.status == "present":
            return found
        large = self._large.find(digest, size) if self._large is not None else ""
        return File("present", path=large, source="handed-in", problem="too-large") if large else None

    def _pointed(self, file: File, digest: str) -> File | None:
        """What a Git LFS pointer in the place of evidence stands for: the file itself if CI handed it in."""
        pointer = lfs_pointer(file.data)
        if pointer is None:
            return None
        if handed_in := self._handed_in(digest):
            return handed_in
        exactly = "exactly that digest" if pointer == digest else f"{pointer}, and the manifest says {digest or 'none'}"
        reason = f"{file.path} is a Git LFS pointer to {exactly}; {OUT_OF_LFS}, or hand it in with --evidence"
        return File("invalid", reason, path=file.path)

    def _checked(self, file: File, digest: str) -> File:
        algorithm = digest.partition(":")[0]
        if digest and algorithm not in _CHECKED:
            reason = f"the digest of {file.path} is given as {algorithm}, which is not checked: give its sha256"
            return File("invalid", reason, path=file.path)
        found = f"{algorithm}:{_digest(algorithm, file.data)}" if digest else ""
        if found != digest:
            reason = f"{file.path} has the digest {found}, the manifest says {digest}"
            return File("invalid", reason + _line_ends(file.data, algorithm, digest), path=file.path)
        return file

    def _handed_in(self, digest: str) -> File | None:
        if self.handed_in is None or not digest.startswith("sha256:"):
            return None
        if not self._by_digest:
            self._by_digest.update(_digests(self.handed_in))
        path = self._by_digest.get(digest)
        if path is None:
            return None
        name = str(path.relative_to(self.handed_in))
        return self._checked(File("present", data=_bytes(path, self.handed_in), path=name, source="handed-in"), digest)


def _read(tree: Tree, path: str) -> File:
    found = tree.read(path, MAXIMUM_BYTES)
    if found.data is None:
        status = "absent" if found.problem == "missing" else "invalid"
        return File(status, found.reason, path=path, problem=found.problem)
    return File("present", data=found.data, path=path, source="repository")


def _line_ends(data: bytes, algorithm: str, digest: str) -> str:
    """That a file has another digest by its line ends alone, and what to do about it; else empty."""
    unix = data.replace(b"\r\n", b"\n")
    for here, stated, other, remedy in (
        ("CRLF", "LF", unix, "write it with LF"),
        ("LF", "CRLF", unix.replace(b"\n", b"\r\n"), "state the digest that it has"),
    ):
        if other != data and f"{algorithm}:{_digest(algorithm, other)}" == digest:
            why = f"only its line ends differ: they are {here}, and the digest is of {stated}"
            return f"; {why}; {remedy}, and let git keep it so (`-text` for it in .gitattributes)"
    return ""


def _digest(algorithm: str, data: bytes) -> str:
    """Digest bytes; of small files it is kept, with the file, which several releases may name."""
    return _kept_digest(algorithm, data) if len(data) <= _SMALL else hashlib.new(algorithm, data).hexdigest()


@lru_cache(maxsize=256)
def _kept_digest(algorithm: str, data: bytes) -> str:
    return hashlib.new(algorithm, data).hexdigest()


def parsed(data: bytes, path: str, *, constants: bool = False) -> Parsed:
    """Parse a file as YAML or JSON by its name; a contract or report that several releases share is parsed once.

    Nothing that it returns may be changed.

    Args:
        data: The file's bytes.
        path: Its path.
        constants: Whether JSON may hold NaN and Infinity, as Python writes them (`manifest.parse`).
    """
    from changegate.manifest import parse

    return _parsed(data, path, constants) if len(data) <= _SMALL else parse(data, path, constants=constants)


@lru_cache(maxsize=256)
def _parsed(data: bytes, path: str, constants: bool) -> Parsed:
    from changegate.manifest import parse

    return parse(data, path, constants=constants)


def _digests(folder: Path) -> dict[str, Path]:
    """Digest every regular file of a folder, following no link, reading none that is too large; of two the first."""
    found: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= MAXIMUM_BYTES:
            found.setdefault("sha256:" + hashlib.sha256(_bytes(path, folder)).hexdigest(), path)
    return found


def _bytes(path: Path, folder: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"{path.relative_to(folder)} in the folder of evidence cannot be read: {error.strerror}"
        raise UsageError(message, hint="let the user that runs changegate read what CI hands in") from error

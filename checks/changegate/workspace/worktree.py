"""The working tree: what a commit of everything would hold. Tracked files, and new ones that git does not ignore.

A file that git takes for unchanged is read as git holds it: what lies on the disk may be another form of it (line ends,
what Git LFS puts in the place of its pointer), which no commit would have. No filter is run to find that out.

Files are opened one path segment at a time, following no link, so that nothing outside the repository is ever read,
whatever the working tree holds and however it changes meanwhile.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from functools import cached_property
from typing import TYPE_CHECKING

from changegate.records import NamedTuple
from changegate.workspace.folders import Folders, NestedError, exists
from changegate.workspace.objects import blob_id
from changegate.workspace.paths import narrowed, outside_reason, segments, text
from changegate.workspace.tree import Content, Entry, Opened
from changegate.workspace.trees import grep, missing, open_blob

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from changegate.workspace.git import Git

_FILE_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
# NOTE: O_NONBLOCK, because opening a named pipe would otherwise wait for somebody to write into it.
_CHUNK = 1 << 16
_LINK = ("link", "is a symbolic link, which is not followed")
_SUBMODULE = ("submodule", "is a submodule, whose files are in another repository")
_MANY = 32
"""So many looks into a listing are worth taking it apart."""
# NOTE: a text, which `re` compiles when it is first used: few runs need it, and compiling takes start-up.
_ANY = rb"(?<![^\0])(?:\? |[A-Z] \d{6} [0-9a-f]+ \d\t)([^\0]+)\0"
_FEW = 128
"""So many names are looked for in what git wrote; for more, it is worth an index."""


_TEXT_BYTES = 16 * 1024 * 1024
"""A larger file is not looked into for its line ends."""


class Listed(NamedTuple):
    """One path that git knows in the working tree."""

    tracked: bool
    skipped: bool
    """Left out of the working tree by a sparse checkout: then its content is the index's."""
    mode: str
    """The index's mode; empty for a file that is not tracked."""
    oid: str
    """The index's object id; empty for a file that is not tracked."""


class Listing:
    """What git knows of the working tree, kept as git wrote it: most runs ask for a few paths out of thousands."""

    def __init__(self, raw: bytes) -> None:
        """Take the output of `git ls-files -s -t -z` with tracked and untracked files."""
        self._raw = raw
        self._asked = 0

    def get(self, path: str) -> Listed | None:
        """Look a path up; None where git does not know it, or ignores it."""
        self._asked += 1
        if self._asked > _FEW:
            at = self._starts.get(path.encode("utf-8", "surrogateescape"))
            return None if at is None else _listed(text(self._raw[at : self._raw.index(b"\0", at)]))[1]
        return self._found(path)

    @cached_property
    def _starts(self) -> dict[bytes, int]:
        """Where the entry of each name begins; of one that stands there several times, the first."""
        starts: dict[bytes, int] = {}
        for entry in re.finditer(_ANY, self._raw):
            starts.setdefault(entry[1], entry.start())
        return starts

    def _found(self, path: str) -> Listed | None:
        name = path.encode("utf-8", "surrogateescape") + b"\0"
        at = self._raw.find(name)
        while at >= 0:
            start = self._raw.rfind(b"\0", 0, at) + 1
            found, listed = _listed(text(self._raw[start : at + len(name) - 1]))
            if found == path:
                return listed
            at = self._raw.find(name, at + 1)
        return None

    def all(self) -> dict[str, Listed]:
        """Every path."""
        return dict(_listed(field) for field in text(self._raw).split("\0") if field)

    @cached_property
    def paths(self) -> frozenset[str]:
        """The names of all paths."""
        return frozenset(map(text, re.findall(_ANY, self._raw)))

    @cached_property
    def skipped(self) -> frozenset[str]:
        """The names of the paths that a sparse checkout leaves out."""
        return frozenset(text(entry.partition(b"\t")[2]) for entry in self._raw.split(b"\0") if entry[:2] == b"S ")

    @cached_property
    def untracked(self) -> tuple[str, ...]:
        """The names of the paths that are new; a folder that is another repository ends in `/`."""
        return tuple(text(entry[2:]) for entry in self._raw.split(b"\0") if entry[:2] == b"? ")


class WorkingTree:
    """Files as they lie on the disk."""

    revision = "worktree"

    def __init__(self, git: Git, root: Path) -> None:
        """Read the working tree of a repository, from its top."""
        self.git = git
        self._folders = Folders(os.fsencode(root))
        self._touched: Collection[str] | None = None

    def remember(self, touched: Collection[str]) -> None:
        """Note the tracked files that git does not take for unchanged, so that it need not be asked for them."""
        self._touched = touched

    @cached_property
    def listing(self) -> Listing:
        """Every path that git tracks, or would add: one git process, the first time that it is asked for."""
        command = ("ls-files", "-s", "-t", "-z", "--cached", "--others", "--exclude-standard")
        return Listing(self.git.run(*command).out)

    def read(self, path: str, limit: int) -> Content:
        """Read one regular file of at most `limit` bytes."""
        return self._read(path, limit, self.listing.get)

    def _read(self, path: str, limit: int, look_up: Callable[[str], Listed | None]) -> Content:
        parts = segments(path)
        if parts is None:
            return Content(None, "outside", outside_reason(path))
        found = self._open(path, parts, limit)
        listed = look_up(path) if found.data is not None or found.problem in {"missing", "too-large"} else None
        if found.data is not None and listed is None:
            return Content(None, "missing", f"{path} is ignored by git, so a commit would not have it")
        if listed is None or not self._is_index_read(path, found, listed):
            return found
        return self._from_index(path, listed, limit)

    def open(self, path: str, limit: int) -> Opened:
        """Open a file of at most `limit` bytes, where a commit of everything would hold it."""
        parts, listed = segments(path), self.listing.get(path)
        if parts is None or listed is None:
            return Opened(reason="git does not know it, or ignores it")
        if self._is_index_read(path, Content(None, "too-large"), listed):
            return open_blob(self.git, listed.oid, limit)
        try:
            return _opened(self._folders.open(parts[:-1]), parts[-1], limit)
        except OSError as error:
            return Opened(reason=f"it cannot be read: {error.strerror}")

    def _is_index_read(self, path: str, found: Content, listed: Listed) -> bool:
        """Whether a commit would hold what the index does, and not what was found on the disk."""
        if found.problem == "missing":
            return listed.skipped
        if not listed.mode.startswith("100"):
            return False
        if found.data is not None and blob_id(found.data, len(listed.oid)) == listed.oid:
            return False
        if self._touched is None:
            command = (*filters_off(self.git), "diff-files", "--name-only", "-z", "--ignore-submodules=dirty")
            self._touched = frozenset(self.git.run(*command).fields())
        return path not in self._touched or (found.data is not None and self._is_written(path, found.data, listed.oid))

    def held(self, path: str) -> str:
        """The index's object id of a touched file that is its blob but for line ends that git changes; else empty."""
        parts, listed = segments(path), self.listing.get(path)
        if parts is None or listed is None or not listed.mode.startswith("100"):
            return ""
        data = self._open(path, parts, _TEXT_BYTES).data
        return listed.oid if data is not None and self._is_written(path, data, listed.oid) else ""

    def _is_written(self, path: str, data: bytes, oid: str) -> bool:
        """Whether git itself makes a blob of a file by writing LF for CRLF, and nothing else.

        NOTE: git compares the bytes of a file that was written in the second in which the index was, or was touched.
        Ours does not know the user's own configuration, which is where core.autocrlf mostly stands.
        """
        if b"\r\n" not in data or blob_id(data.replace(b"\r\n", b"\n"), len(oid)) != oid:
            return False
        facts = self.git.run("ls-files", "--eol", "-z", "--", path).text().partition("\t")[0]
        said = facts.partition("attr/")[2].strip()
        return said.startswith("text") if said else self.git.in_effect("core.autocrlf") in {"true", "input"}

    def link(self, path: str) -> str | None:
        """Where a link points, as it is written; None where there is no link at the path."""
        return self._at(path, lambda folder, name: text(os.readlink(name, dir_fd=folder)))

    def read_many(self, paths: Sequence[str], limit: int) -> Iterator[tuple[str, Content]]:
        """Read many files in their order."""
        look_up = self._known.get if len(paths) >= _MANY else self.listing.get
        return ((path, self._read(path, limit, look_up)) for path in paths)

    @cached_property
    def _known(self) -> Mapping[str, Listed]:
        """Every path by its name: each look into the listing itself reads all of it."""
        return self.listing.all()

    def entries(self) -> Iterator[Entry]:
        """All paths that exist, in git's order; as they are when they are first asked for."""
        return iter(self._entries)

    @cached_property
    def _entries(self) -> tuple[Entry, ...]:
        listed = sorted(self.listing.all().items(), key=lambda item: item[0].encode("utf-8", "surrogateescape"))
        every = (Entry(path, one.mode if one.skipped else self.mode(path), "") for path, one in listed)
        return tuple(entry for entry in every if entry.mode)

    def grep(self, needles: tuple[str, ...]) -> set[str]:
        """Paths of the files that hold any of the needles as bytes: narrows what is parsed, decides nothing."""
        if not needles:
            return set()
        patterns = narrowed(needles)
        if not patterns:
            return {entry.path for entry in self.entries()}
        found = set(self.listing.paths.intersection(grep(self.git, patterns, "--untracked")))
        skipped = self.listing.skipped
        return found | (skipped.intersection(grep(self.git, patterns, "--cached")) if skipped else set())

    def mode(self, path: str) -> str:
        """Git's mode of what lies at a path, or empty where there is nothing that git would take."""
        return self._at(path.rstrip("/"), _mode) or ""

    def oid(self, path: str, sizes: Collection[int], length: int) -> str:
        """The object id that a file's or link's bytes have, or empty where it has none of the expected sizes.

        Args:
            path: The path from the root.
            sizes: The sizes that count, in bytes; a file of another size cannot have an id that is looked for.
            length: Length of the wanted object id: 40 or 64 hex digits.
        """
        return self._at(path, lambda folder, name: _hash(folder, name, sizes, length)) or ""

    def _at(self, path: str, look: Callable[[int, bytes], str]) -> str | None:
        """Look at a name in its folder, which is open for that; None where nothing is there or can be looked at."""
        parts = segments(path)
        if parts is None:
            return None
        try:
            return look(self._folders.open(parts[:-1]), parts[-1])
        except OSError:
            return None

    def _from_index(self, path: str, listed: Listed, limit: int) -> Content:
        blob = self.git.objects.blob(listed.oid, limit) if listed.mode.startswith("100") else None
        if blob is None:
            return Content(None, *_as_reason(path, _LINK if listed.mode == "120000" else _SUBMODULE))
        if isinstance(blob, int):
            return Content(None, "too-large", f"{path} has {blob} bytes, more than the {limit} that are read")
        return Content(blob, oid=listed.oid)

    def _open(self, path: str, parts: list[bytes], limit: int) -> Content:
        try:
            folder = self._folders.open(parts[:-1])
        except OSError as error:
            return self._above(path, parts, error)
        return _read(path, folder, parts[-1], limit)

    def _above(self, path: str, parts: list[bytes], error: OSError) -> Content:
        """Say why the folder of a path cannot be opened."""
        if isinstance(error, NestedError):
            return Content(None, "submodule", f"{path} is not read: it is in another repository inside this one")
        for depth in range(1, len(parts)):
            above = text(b"/".join(parts[:depth]))
            if self.mode(above) == "120000":
                return Content(None, "link", f"{path} is not read: {above} {_LINK[1]}")
        if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG}:
            return missing(path)
        return Content(None, "unreadable", f"{path} cannot be read: {error.strerror}")


def filters_off(git: Git) -> list[str]:
    """The options with which git runs none of the filters that the repository configures."""
    if not _may_have_filters(git):
        return []
    answer = git.run(
        "config", "-z", "--name-only", "--get-regexp", r"^filter\..*\.(clean|smudge|process|required)$", codes=(0, 1)
    )
    off = (f"{key}={'false' if key.endswith('.required') else ''}" for key in sorted(set(answer.fields())))
    return [part for setting in off for part in ("-c", setting)]


def _may_have_filters(git: Git) -> bool:
    """Whether git has to be asked: a filter stands by name in a configuration, or in a file that one includes."""
    for file in (git.place.common_dir / "config", git.place.git_dir / "config.worktree"):
        try:
            written = file.read_bytes().lower()
        except FileNotFoundError:
            continue
        except OSError:
            return True
        if b"filter" in written or b"include" in written:
            return True
    return False


def _listed(field: str) -> tuple[str, Listed]:
    """Read `? <path>` or `<tag> <mode> <oid> <stage>TAB<path>`."""
    if field.startswith("? "):
        return field[2:], Listed(tracked=False, skipped=False, mode="", oid="")
    facts, _, path = field.partition("\t")
    tag, mode, oid, _stage = facts.split(" ")
    return path, Listed(tracked=True, skipped=tag == "S", mode=mode, oid=oid)


def _as_reason(path: str, problem: tuple[str, str]) -> tuple[str, str]:
    return problem[0], f"{path} {problem[1]}"


def _mode(folder: int, name: bytes) -> str:
    mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
    if stat.S_ISLNK(mode):
        return "120000"
    if stat.S_ISDIR(mode):
        return "160000"
    if not stat.S_ISREG(mode):
        return ""
    return "100755" if mode & stat.S_IXUSR else "100644"


def _opened(folder: int, name: bytes, limit: int) -> Opened:
    file = os.open(name, _FILE_FLAGS, dir_fd=folder)
    facts = os.fstat(file)
    if stat.S_ISREG(facts.st_mode) and facts.st_size <= limit:
        times = f"{facts.st_mtime_ns}-{facts.st_ctime_ns}"
        stamp = f"{facts.st_dev}-{facts.st_ino}-{facts.st_size}-{times}"
        return Opened(file, facts.st_size, stamp, facts.st_mtime)
    os.close(file)
    return Opened(reason=f"it has {facts.st_size} bytes, more than the {limit} that are looked at")


def _read(path: str, folder: int, name: bytes, limit: int) -> Content:
    try:
        file = os.open(name, _FILE_FLAGS, dir_fd=folder)
    except OSError as error:
        return _unopened(path, error)
    try:
        facts = os.fstat(file)
        if stat.S_ISDIR(facts.st_mode):
            nested = exists(b".git", file)
            return Content(None, *_as_reason(path, _SUBMODULE if nested else ("directory", "is a directory")))
        if not stat.S_ISREG(facts.st_mode):
            return Content(None, "unreadable", f"{path} is not a regular file")
        data = _bytes(file, facts.st_size, limit) if facts.st_size <= limit else None
    except OSError as error:
        return _unopened(path, error)
    finally:
        os.close(file)
    if data is None or len(data) > limit:
        return Content(None, "too-large", f"{path} has {facts.st_size} bytes, more than the {limit} that are read")
    return Content(data)


def _bytes(file: int, size: int, limit: int) -> bytes:
    """Read to the end, but at most one byte more than `limit`: the file may grow while it is read."""
    data = os.read(file, size + 1)
    while len(data) <= limit and (more := os.read(file, min(_CHUNK, limit + 1 - len(data)))):
        data += more
    return data


def _unopened(path: str, error: OSError) -> Content:
    if error.errno == errno.ELOOP:
        return Content(None, *_as_reason(path, _LINK))
    if error.errno in {errno.ENOENT, errno.ENAMETOOLONG}:
        return missing(path)
    return Content(None, "unreadable", f"{path} cannot be read: {error.strerror}")


def _hash(folder: int, name: bytes, sizes: Collection[int], length: int) -> str:
    import hashlib

    facts = os.stat(name, dir_fd=folder, follow_symlinks=False)
    if facts.st_size not in sizes:
        return ""
    digest = hashlib.new("sha1" if length == 40 else "sha256", usedforsecurity=False)
    digest.update(b"blob %d\0" % facts.st_size)
    if stat.S_ISLNK(facts.st_mode):
        digest.update(os.readlink(name, dir_fd=folder))
    elif stat.S_ISREG(facts.st_mode):
        with os.fdopen(os.open(name, _FILE_FLAGS, dir_fd=folder), "rb") as stream:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()

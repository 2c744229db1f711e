"""The object store, read over one `git cat-file` process. Asked only by object id: no name can be misread there."""

from __future__ import annotations

import hashlib
import os
import re
import weakref
from typing import TYPE_CHECKING

from changegate.errors import GitError
from changegate.records import NamedTuple

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Mapping, Sequence

    from changegate.workspace.git import Git

MAXIMUM_STRUCTURE_BYTES = 64 * 1024 * 1024
"""A larger commit or tree is refused: a tree of a million files is smaller."""
_CACHED_DIRECTORIES = 4096
_WINDOW = 128
# NOTE: requests are sent ahead in windows. One window is smaller than any pipe's buffer, so that both sides never wait
# for each other.
_OID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_ENTRY = {
    20: re.compile(rb"([0-7]{5,6}) ([^\0]+)\0(.{20})", re.DOTALL),
    32: re.compile(rb"([0-7]{5,6}) ([^\0]+)\0(.{32})", re.DOTALL),
}


class Info(NamedTuple):
    """What an object is."""

    oid: str
    kind: str
    """`blob`, `tree`, `commit` or `tag`."""
    size: int
    """In bytes."""


class Commit(NamedTuple):
    """A commit as its own object says it: no graft, replace ref or shallow border changes it."""

    oid: str
    tree: str
    parents: tuple[str, ...]


def is_oid(text: str) -> bool:
    """Whether a text is a whole object id, as claims must be."""
    return _OID.fullmatch(text) is not None


def blob_id(data: bytes, length: int) -> str:
    """The object id that git gives to a file of these bytes.

    Args:
        data: The bytes.
        length: Length of the id: 40 hex digits, or 64 in a repository of SHA-256.
    """
    made = hashlib.sha256 if length == 64 else hashlib.sha1
    return made(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


class Objects:
    """Objects by id. Each process of a fork has a git process of its own."""

    def __init__(self, git: Git) -> None:
        """Ask a repository; nothing is started yet."""
        self._git = git
        self._process: subprocess.Popen[bytes] | None = None
        self._end: weakref.finalize[..., Objects] | None = None
        self._pid = 0
        self._directories: dict[str, Mapping[bytes, tuple[str, str]]] = {}

    def info(self, oid: str) -> Info | None:
        """Say what an object is, or None where the repository does not have it."""
        return self._ask(f"info {oid}")

    def infos(self, names: Sequence[str]) -> list[Info | None]:
        """The same of several, in their order; each may be any name without a blank that git resolves."""
        self._send("".join(f"info {name}\n" for name in names))
        return [self._answer() for _ in names]

    def commit(self, oid: str) -> Commit | None:
        """Read a commit, or None where there is no commit of that id."""
        found = self.info(oid)
        if found is None or found.kind != "commit":
            return None
        header = self._structure(found).partition(b"\n\n")[0].decode("ascii", "replace")
        pairs = [line.split(" ", 1) for line in header.split("\n")]
        parents = tuple(pair[1] for pair in pairs if pair[0] == "parent")
        return Commit(found.oid, pairs[0][1], parents)

    def directory(self, oid: str) -> Mapping[bytes, tuple[str, str]]:
        """Read a tree object: name -> mode (six digits) and object id."""
        known = self._directories.get(oid)
        if known is None:
            found = self.info(oid)
            if found is None or found.kind != "tree":
                raise _missing(oid)
            if len(self._directories) >= _CACHED_DIRECTORIES:
                self._directories.clear()
            known = self._directories[oid] = _parse_tree(oid, self._structure(found))
        return known

    def blob(self, oid: str, limit: int) -> bytes | int:
        """Read a blob; one that is larger than `limit` bytes is not read, and its size is returned instead."""
        found = self.info(oid)
        if found is None or found.kind != "blob":
            raise _missing(oid)
        return self._contents(oid) if found.size <= limit else found.size

    def blobs(self, oids: Sequence[str], limit: int) -> Iterator[bytes | int]:
        """Read many blobs in their order, with few waits."""
        for start in range(0, len(oids), _WINDOW):
            window = oids[start : start + _WINDOW]
            self._send("".join(f"info {oid}\n" for oid in window))
            found = [self._answer() for _ in window]
            wanted = [info.oid for info in found if info is not None and info.kind == "blob" and info.size <= limit]
            self._send("".join(f"contents {oid}\n" for oid in wanted))
            contents = [self._body() for _ in wanted]
            yield from _in_order(window, found, contents, limit)

    def close(self) -> None:
        """End the process."""
        if self._end is not None:
            self._end()
        self._process = self._end = None

    def _structure(self, info: Info) -> bytes:
        if info.size > MAXIMUM_STRUCTURE_BYTES:
            raise GitError(f"the {info.kind} {info.oid} is too large to be read ({info.size} bytes)", hint="rewrite it")
        return self._contents(info.oid)

    def _contents(self, oid: str) -> bytes:
        self._send(f"contents {oid}\n")
        return self._body()

    def _ask(self, request: str) -> Info | None:
        self._send(request + "\n")
        return self._answer()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._pid != os.getpid():
            self.close()
            self._process = self._git.spawn("cat-file", "--batch-command", "--buffer")
            self._pid = os.getpid()
            self._end = weakref.finalize(self, _stop, self._process, self._pid)
        return self._process

    def _send(self, requests: str) -> None:
        stdin = self._running().stdin
        assert stdin is not None  # noqa: S101  (it was started with a pipe)
        try:
            stdin.write(f"{requests}flush\n".encode("ascii"))
            stdin.flush()
        except OSError as error:
            raise self._stopped() from error

    def _answer(self) -> Info | None:
        stdout = self._running().stdout
        assert stdout is not None  # noqa: S101  (it was started with a pipe)
        parts = stdout.readline().decode("ascii", "replace").split()
        if len(parts) == 2 and parts[1] in {"missing", "ambiguous"}:
            return None
        if len(parts) != 3 or not parts[2].isdigit():
            raise self._stopped()
        return Info(parts[0], parts[1], int(parts[2]))

    def _body(self) -> bytes:
        info = self._answer()
        if info is None:
            raise self._stopped()
        stdout = self._running().stdout
        assert stdout is not None  # noqa: S101  (it was started with a pipe)
        data = stdout.read(info.size + 1)
        if len(data) != info.size + 1:
            raise self._stopped()
        return data[:-1]

    def _stopped(self) -> GitError:
        self.close()
        hint = (
            "in a partial clone, clone again without --filter; else try `git fsck` and `git version` (2.38 is needed)"
        )
        return GitError("git cat-file stopped in the middle", hint=hint)


def _in_order(
    oids: Sequence[str], found: Sequence[Info | None], contents: Sequence[bytes], limit: int
) -> Iterator[bytes | int]:
    read = iter(contents)
    for oid, info in zip(oids, found, strict=True):
        if info is None or info.kind != "blob":
            raise _missing(oid)
        yield next(read) if info.size <= limit else info.size


def _parse_tree(oid: str, data: bytes) -> Mapping[bytes, tuple[str, str]]:
    width = len(oid) // 2
    found = _ENTRY[width].findall(data)
    # NOTE: an object id may hold any byte, so entries are only right if they cover the data without a gap.
    if sum(len(mode) + len(name) + width + 2 for mode, name, _ in found) != len(data):
        raise GitError(f"the tree {oid} is damaged", hint="run git fsck")
    return {name: (mode.decode().zfill(6), raw.hex()) for mode, name, raw in found}


def _missing(oid: str) -> GitError:
    hint = "in a partial clone, clone again without --filter; else run git fsck"
    return GitError(f"the object {oid} is not in this clone", hint=hint)


def _stop(process: subprocess.Popen[bytes], owner: int) -> None:
    """End a git process; in a forked child it is the parent's, and only our ends of its pipes are closed."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:
                continue
    if os.getpid() != owner:
        process.returncode = 0
        return
    try:
        process.wait(timeout=5)
    except Exception:  # noqa: BLE001  (whatever keeps it from ending, it has to end)
        process.kill()
        process.wait()

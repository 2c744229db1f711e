"""Files that are larger than what is read at once: streamed once for all their digests, and looked into where they lie.

On a terminal it says how far it is. On a laptop digests are kept in git's own folder, by a file's times, size and
place; a check of a pull request or a merge neither reads nor writes that: whoever may write there could say anything.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
import time
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from changegate.workspace.tree import Opened

ALGORITHMS = ("md5", "sha1", "sha256", "sha384", "sha512")
_CHUNK = 4 * 1024 * 1024
_SECONDS_BETWEEN = 0.5
_RACY_SECONDS = 2.0
"""A file that was written so shortly ago may be written again within what its times can tell."""
_MOST_KEPT, _MOST_BYTES = 4096, 8 * 1024 * 1024
_FOLDER, _NAME = "changegate", "digests.json"


class DigestStore(Protocol):
    """Where digests of large files are kept."""

    def get(self, path: str, stamp: str) -> Mapping[str, str]:
        """The digests of a file, where it is still the same."""
        ...

    def keep(self, path: str, stamp: str, digests: Mapping[str, str]) -> None:
        """Keep the digests of a file."""
        ...


class NothingKept:
    """For CI: nothing is kept, and nothing that was is believed."""

    def get(self, path: str, stamp: str) -> Mapping[str, str]:
        """Know nothing."""
        del path, stamp
        return {}

    def keep(self, path: str, stamp: str, digests: Mapping[str, str]) -> None:
        """Keep nothing."""
        del path, stamp, digests


class KeptDigests:
    """Digests in a file of git's own folder."""

    def __init__(self, git_dir: Path) -> None:
        """Name the folder; nothing is read yet."""
        self._file = git_dir / _FOLDER / _NAME
        self._known: dict[str, Any] | None = None

    def get(self, path: str, stamp: str) -> Mapping[str, str]:
        """The digests of a file, where it has the times, size and place that it had."""
        found = self._read().get(path)
        if not isinstance(found, dict) or found.get("stamp") != stamp or not isinstance(found.get("digests"), dict):
            return {}
        return {name: value for name, value in found["digests"].items() if isinstance(value, str)}

    def keep(self, path: str, stamp: str, digests: Mapping[str, str]) -> None:
        """Keep the digests of a file. Where that cannot be done, they are made again the next time."""
        known = self._read()
        known.pop(path, None)
        known[path] = {"stamp": stamp, "digests": dict(digests)}
        while len(known) > _MOST_KEPT:
            del known[next(iter(known))]
        written = self._file.with_name(f"{_NAME}.{os.getpid()}")
        try:
            self._file.parent.mkdir(mode=0o700, exist_ok=True)
            written.write_text(json.dumps(known), encoding="utf-8")
            written.replace(self._file)
        except OSError:
            written.unlink(missing_ok=True)

    def _read(self) -> dict[str, Any]:
        if self._known is None:
            try:
                small = self._file.stat().st_size <= _MOST_BYTES and not self._file.is_symlink()
                value = json.loads(self._file.read_bytes()) if small else {}
            except (OSError, ValueError, RecursionError):
                value = {}
            self._known = value if isinstance(value, dict) else {}
        return self._known


class LargeHandedIn:
    """The larger files of the folder that CI handed in; each is digested once, and only where one is asked for."""

    def __init__(self, folder: Path, above: int) -> None:
        """Name the folder; nothing is read yet.

        Args:
            folder: The folder of `--evidence DIR`.
            above: Files of no more bytes are found in another way.
        """
        self._folder, self._above = folder, above
        self._sizes: dict[str, int] | None = None
        self._digests: dict[tuple[str, str], str] = {}

    def find(self, digest: str, size: int | None) -> str:
        """The path of a file with this digest, from the folder; empty where there is none."""
        algorithm, _, wanted = digest.partition(":")
        if algorithm not in ALGORITHMS:
            return ""
        same = (name for name, bytes_ in self._listed().items() if size is None or bytes_ == size)
        return next((name for name in same if self._digest(name, algorithm) == wanted), "")

    def _listed(self) -> dict[str, int]:
        if self._sizes is None:
            paths = (path for path in sorted(self._folder.rglob("*")) if path.is_file() and not path.is_symlink())
            sizes = ((str(path.relative_to(self._folder)), path.stat().st_size) for path in paths)
            self._sizes = {name: size for name, size in sizes if size > self._above}
        return self._sizes

    def _digest(self, name: str, algorithm: str) -> str:
        key = name, algorithm
        if key not in self._digests:
            opened = open_outside(self._folder / name, sys.maxsize)
            try:
                self._digests[key] = "" if opened.reason else digest_large(opened, name, algorithm, NothingKept())
            finally:
                if not opened.reason:
                    os.close(opened.descriptor)
        return self._digests[key]


def open_outside(path: Path, limit: int) -> Opened:
    """Open a file that CI handed in, following no link.

    Args:
        path: The file.
        limit: A file of more bytes is not opened.
    """
    from changegate.workspace.tree import Opened

    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        return Opened(reason=f"it cannot be read: {error.strerror}")
    facts = os.fstat(descriptor)
    if stat.S_ISREG(facts.st_mode) and facts.st_size <= limit:
        return Opened(descriptor, facts.st_size)
    os.close(descriptor)
    return Opened(reason=f"it has {facts.st_size} bytes, more than the {limit} that are looked at")


def digest_large(opened: Opened, path: str, algorithm: str, store: DigestStore) -> str:
    """The digest of an open file, in hex digits.

    Args:
        opened: The file.
        path: Its path, for the progress and for what is kept.
        algorithm: One of `ALGORITHMS`.
        store: Where digests are kept.
    """
    known = store.get(path, opened.stamp) if opened.stamp else {}
    if algorithm in known:
        return known[algorithm]
    hashed = hashlib.new(algorithm, usedforsecurity=False)
    for chunk in _chunks(opened, path):
        hashed.update(chunk)
    if opened.stamp and time.time() - opened.written_at > _RACY_SECONDS:
        store.keep(path, opened.stamp, {**known, algorithm: hashed.hexdigest()})
    return hashed.hexdigest()


def _chunks(opened: Opened, path: str) -> Iterator[memoryview]:
    """The bytes of a file, piece by piece, with a line on a terminal that says how far it is."""
    buffer = memoryview(bytearray(_CHUNK))
    done, told = 0, time.monotonic()
    shows = _is_on_a_terminal()
    while count := os.preadv(opened.descriptor, [buffer], done):
        done += count
        yield buffer[:count]
        if shows and time.monotonic() - told > _SECONDS_BETWEEN:
            told = time.monotonic()
            _tell(f"digesting {ascii(path)[1:-1]}: {100 * done // max(1, opened.size)}%")
    if shows:
        _tell("")


def _is_on_a_terminal() -> bool:
    return sys.stderr.isatty() and not os.environ.get("CI") and os.environ.get("TERM") != "dumb"


def _tell(text: str) -> None:
    sys.stderr.write(f"\r\x1b[K{text}")
    sys.stderr.flush()

"""Trees in git's object store: a commit, the merge that would land, or the index."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from changegate.workspace.paths import MAXIMUM_BYTES, narrowed, outside_reason, segments, text
from changegate.workspace.tree import Content, Entry, Opened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from changegate.workspace.git import Git

_COPIED = 1 << 20
_FOLDER = "040000"
_PROBLEMS = {
    "120000": ("link", "is a symbolic link, which is not followed"),
    "160000": ("submodule", "is a submodule, whose files are in another repository"),
    _FOLDER: ("directory", "is a directory"),
}


class GitTree:
    """The files of one tree object. Paths are walked entry by entry: a link or submodule on the way is not followed."""

    def __init__(self, git: Git, tree: str, revision: str) -> None:
        """Read a tree.

        Args:
            git: The repository that holds it.
            tree: The object id of the tree.
            revision: What it is the tree of: a commit's id, the tree's own, or `index`.
        """
        self.git = git
        self.tree = tree
        self.revision = revision
        self._known: dict[str, tuple[str, str]] = {}

    def remember(self, entries: Iterable[Entry]) -> None:
        """Note entries that a diff or a listing has shown, so that they need not be walked to."""
        self._known.update((entry.path, (entry.mode, entry.oid)) for entry in entries)

    def known_blob(self, path: str) -> str:
        """The object id of a regular file that a diff or a listing has shown; else empty. Asks git for nothing."""
        mode, oid = self._known.get(path, ("", ""))
        return oid if mode.startswith("100") else ""

    def read(self, path: str, limit: int) -> Content:
        """Read one regular file of at most `limit` bytes."""
        found = self._find(path)
        if isinstance(found, Content):
            return found
        return _content(path, found, self.git.objects.blob(found, limit), limit)

    def open(self, path: str, limit: int) -> Opened:
        """Open a file of at most `limit` bytes, as a copy outside of the repository that has no name."""
        found = self._find(path)
        return Opened(reason=found.reason) if isinstance(found, Content) else open_blob(self.git, found, limit)

    def below(self, folder: str) -> Iterator[str]:
        """The paths in a folder and in all that is in it (of the root where it is empty), as they are come upon."""
        todo = [(folder, oid)] if (oid := self._folder_id(folder)) else []
        while todo:
            above, oid = todo.pop()
            for name, (mode, inner) in self.git.objects.directory(oid).items():
                path = f"{above}/{text(name)}" if above else text(name)
                if mode == _FOLDER:
                    todo.append((path, inner))
                else:
                    yield path

    def names(self, folder: str) -> list[str]:
        """What is in a folder, by name; nothing where there is no folder."""
        oid = self._folder_id(folder)
        return [text(name) for name in self.git.objects.directory(oid)] if oid else []

    def _folder_id(self, folder: str) -> str:
        """The object id of a folder; empty where there is none."""
        if not folder:
            return self.tree
        found = self._find(folder)
        return found.oid if isinstance(found, Content) and found.problem == "directory" else ""

    def link(self, path: str) -> str | None:
        """Where a link points, as it is written; None where there is no link at the path."""
        found = self._find(path)
        if not isinstance(found, Content) or found.problem != "link" or not found.oid:
            return None
        blob = self.git.objects.blob(found.oid, MAXIMUM_BYTES)
        return "" if isinstance(blob, int) else text(blob)

    def read_many(self, paths: Sequence[str], limit: int) -> Iterator[tuple[str, Content]]:
        """Read many files in their order, much faster than one by one."""
        found = {path: self._find(path) for path in paths}
        oids = [oid for oid in found.values() if isinstance(oid, str)]
        blobs = self.git.objects.blobs(oids, limit)
        for path in paths:
            oid = found[path]
            yield path, oid if isinstance(oid, Content) else _content(path, oid, next(blobs), limit)

    def entries(self) -> Iterator[Entry]:
        """All paths, in git's order."""
        return iter(self._entries)

    @cached_property
    def _entries(self) -> tuple[Entry, ...]:
        listed = tuple(
            _entry(field) for field in self.git.run("ls-tree", "-r", "-z", "--full-tree", self.tree).fields()
        )
        self.remember(listed)
        return listed

    def grep(self, needles: tuple[str, ...]) -> set[str]:
        """Paths of the files that hold any of the needles as bytes: narrows what is parsed, decides nothing."""
        if not needles:
            return set()
        patterns = narrowed(needles)
        if not patterns:
            return {entry.path for entry in self.entries()}
        return {path.partition(":")[2] for path in grep(self.git, patterns, self.tree)}

    def _find(self, path: str) -> str | Content:
        """Find a blob's id, or why there is no regular file."""
        parts = segments(path)
        if parts is None:
            return Content(None, "outside", outside_reason(path))
        known = self._known.get(path)
        return _regular(path, *known) if known is not None else self._walk(path, parts)

    def _walk(self, path: str, parts: list[bytes]) -> str | Content:
        mode, oid = _FOLDER, self.tree
        for depth, part in enumerate(parts):
            if mode != _FOLDER:
                return _blocked(path, text(b"/".join(parts[:depth])), mode)
            entry = self.git.objects.directory(oid).get(part)
            if entry is None:
                return missing(path)
            mode, oid = entry
        return _regular(path, mode, oid)


def grep(git: Git, patterns: list[bytes], *where: str) -> list[str]:
    """Run git's text search; binary files are searched like any other, and nothing is converted first."""
    options = ("--full-name", "--no-textconv", "--no-recurse-submodules", "--no-color", "--no-line-number")
    answer = git.run(
        "grep",
        "-l",
        "-z",
        "-a",
        "-F",
        *options,
        "-f",
        "-",
        *where,
        "--",
        stdin=b"\n".join(patterns) + b"\n",
        codes=(0, 1),
    )
    return answer.fields()


def open_blob(git: Git, oid: str, limit: int) -> Opened:
    """Open a blob, as a copy outside of the repository that has no name.

    Args:
        git: The repository that holds it.
        oid: Its object id.
        limit: A blob of more bytes is not copied.
    """
    import os
    import shutil
    import tempfile

    info = git.objects.info(oid)
    size = info.size if info is not None else 0
    if size > limit:
        return Opened(reason=f"it has {size} bytes, more than the {limit} that are looked at")
    process = git.spawn("cat-file", "blob", oid)
    with tempfile.TemporaryFile() as copy, process:
        assert process.stdout is not None  # noqa: S101  (it was started with a pipe)
        shutil.copyfileobj(process.stdout, copy, _COPIED)
        if process.wait() or copy.tell() != size:
            return Opened(reason="git could not read it")
        copy.flush()
        return Opened(os.dup(copy.fileno()), size)


def missing(path: str) -> Content:
    """Say that there is no such file."""
    return Content(None, "missing", f"{path} is not in the repository")


def _regular(path: str, mode: str, oid: str) -> str | Content:
    if mode in _PROBLEMS:
        problem, reason = _PROBLEMS[mode]
        return Content(None, problem, f"{path} {reason}", oid)
    return oid


def _blocked(path: str, above: str, mode: str) -> Content:
    """Say why a path cannot go on below something that is not a directory."""
    if mode in {"120000", "160000"}:
        problem, reason = _PROBLEMS[mode]
        return Content(None, problem, f"{path} is not read: {above} {reason}")
    return missing(path)


def _content(path: str, oid: str, blob: bytes | int, limit: int) -> Content:
    if isinstance(blob, int):
        return Content(None, "too-large", f"{path} has {blob} bytes, more than the {limit} that are read", oid)
    return Content(blob, oid=oid)


def _entry(field: str) -> Entry:
    """Read `<mode> <type> <oid>TAB<path>`."""
    facts, _, path = field.partition("\t")
    mode, _, oid = facts.split(" ")
    return Entry(path, mode, oid)

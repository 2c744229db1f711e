"""What a file was on a branch: its contents at the branch's own commits, the latest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.workspace.git import Git

_REGULAR = "100"
_OF_TWO_PATHS = {"R", "C"}
"""The letters of a move and of a copy, which name where the file was, too."""


class FileState(NamedTuple):
    """One content of a file."""

    commit: str
    """The first commit that had it, or had it again."""
    data: bytes
    """Empty where it was too large to be read."""


class FileStates(NamedTuple):
    """The contents that a file had."""

    states: tuple[FileState, ...] = ()
    """The latest first, each content once."""
    cut: str = ""
    """Why there may be older ones that were not seen; empty where these are all."""


def states_of_file(git: Git, commit: str, path: str, *, most: int, limit: int) -> FileStates:
    """Find what a file was at the commits of a branch (first parents), through moves that git recognises.

    Args:
        git: The repository.
        commit: The branch's tip.
        path: The file; no pattern.
        most: So many changes of it are looked at, the latest first.
        limit: A larger content is not read, in bytes.

    Raises:
        GitError: Git failed.
    """
    met: dict[str, str] = {}
    cut = False
    # NOTE: once a move is followed, git leaves out what stood at the later path before it: so both ways are gone
    for follow in (("--follow", "-M"), ("--no-renames",)):
        options = ("--raw", "-z", "--no-abbrev", "--no-ext-diff", f"--max-count={most}", *follow)
        answer = git.run("log", "--first-parent", "--format=%H", *options, "--end-of-options", commit, "--", path)
        found = list(_changes(answer.fields()))
        cut = cut or len(found) == most
        earlier = {oid: at for at, oid in found if oid and oid not in met}
        met |= earlier
    blobs = git.objects.blobs(list(met), limit)
    states = tuple(
        FileState(at, data if isinstance(data, bytes) else b"") for at, data in zip(met.values(), blobs, strict=True)
    )
    short = "this clone is shallow: `git fetch --unshallow` brings the rest" if git.is_shallow() else ""
    return FileStates(states, f"only the latest {most} changes of {path} were looked at" if cut else short)


def _changes(fields: list[str]) -> Iterator[tuple[str, str]]:
    """Each commit that changed the file, with the object that it then was; empty where it was deleted or no file."""
    commit = ""
    rest = iter(fields)
    for field in rest:
        if not field.startswith(("\n:", ":")):
            commit = field.strip("\n")
            continue
        _, mode, _, oid, status = field.strip("\n:").split(" ")
        for _ in range(2 if status[:1] in _OF_TWO_PATHS else 1):
            next(rest)
        yield commit, oid if mode.startswith(_REGULAR) else ""

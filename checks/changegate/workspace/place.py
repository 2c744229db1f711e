"""Where a repository is: found without running git, so that nothing in it is trusted before we know whose it is.

Only a `.git` beside the working tree is looked for. A bare repository inside a tree (a folder with HEAD, objects and
refs, which a pull request can bring together with a hostile `config`) is never taken for one; a user can name a bare
one with `--git-dir`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from changegate.errors import GitError
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

_LINK_BYTES = 65_536


class Repository(NamedTuple):
    """A repository's folders, all absolute and with links resolved."""

    git_dir: Path
    """The git directory; in a linked worktree its own one."""
    common_dir: Path
    """The git directory that all linked worktrees share: objects, refs, configuration."""
    worktree: Path | None
    """The top of the working tree, or None for a bare repository."""

    @property
    def top(self) -> Path:
        """Where commands run: the top of the working tree, else the git directory."""
        return self.worktree or self.git_dir

    @property
    def object_format(self) -> str:
        """`sha1` or `sha256`, as the repository's configuration says."""
        try:
            text = (self.common_dir / "config").read_text("utf-8", "replace")
        except OSError:
            return "sha1"
        squeezed = "".join(text.lower().split())
        return "sha256" if "objectformat=sha256" in squeezed else "sha1"


def locate_repository(start: Path, git_dir: Path | None) -> Repository:
    """Find the repository that a directory is in, or use the named one.

    Raises:
        GitError: There is none.
    """
    if git_dir is not None:
        return _named(git_dir)
    here = Path(os.path.realpath(start))
    if not here.is_dir():
        raise GitError(f"{start} is not a directory", hint="name an existing directory with -C")
    for folder in (here, *here.parents):
        found = _git_dir_of(folder)
        if found is not None:
            return Repository(found, _common_dir(found), folder)
    hint = (
        "run `git init`, change into a repository, or name one with -C; a bare repository must be named with --git-dir"
    )
    raise GitError(f"{start} is not in a git repository", hint=hint)


def tracked_files(place: Repository) -> int | None:
    """How many files the index tracks, as its first bytes say: about the size of the tree. None where there is none."""
    try:
        with (place.git_dir / "index").open("rb") as file:
            header = file.read(12)
    except OSError:
        return None
    return int.from_bytes(header[8:], "big") if header[:4] == b"DIRC" and len(header) == 12 else None


def checkout_of(here: Path) -> Path:
    """Where the links are that no file is written through: the whole checkout, also when started in a folder of it."""
    try:
        return locate_repository(here, None).worktree or here
    except GitError:
        return here


def _named(git_dir: Path) -> Repository:
    found = Path(os.path.realpath(git_dir))
    if found.is_file():
        found = _linked(found)
    if not _is_git_dir(found):
        raise GitError(f"{git_dir} is not a git directory", hint="name a folder that holds HEAD, objects and refs")
    worktree = found.parent if found.name == ".git" else None
    pointer = found / "gitdir"
    if pointer.is_file():
        worktree = Path(os.path.realpath(found / _line(pointer))).parent
    return Repository(found, _common_dir(found), worktree)


def _git_dir_of(folder: Path) -> Path | None:
    candidate = folder / ".git"
    if candidate.is_file():
        return _linked(candidate)
    return Path(os.path.realpath(candidate)) if _is_git_dir(candidate) else None


def _linked(file: Path) -> Path:
    """Follow a `.git` file, as linked worktrees and submodules have one."""
    line = _line(file)
    target = Path(os.path.realpath(file.parent / line.removeprefix("gitdir:").strip()))
    if not line.startswith("gitdir:") or not _is_git_dir(target):
        hint = "run `git worktree repair` in the main working tree, or clone again"
        raise GitError(f"{file} does not lead to a git directory", hint=hint)
    return target


def _line(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return os.fsdecode(stream.read(_LINK_BYTES)).rstrip("\r\n")
    except OSError as error:
        raise GitError(f"{file} cannot be read: {error.strerror}", hint="look at its permissions") from error


def _is_git_dir(folder: Path) -> bool:
    shared = (folder / "commondir").is_file() or ((folder / "objects").is_dir() and (folder / "refs").is_dir())
    return shared and os.path.lexists(folder / "HEAD")


def _common_dir(git_dir: Path) -> Path:
    pointer = git_dir / "commondir"
    return Path(os.path.realpath(git_dir / _line(pointer))) if pointer.is_file() else git_dir


def check_owner(place: Repository, safe_directories: Callable[[], list[str]]) -> None:
    """Refuse a repository of another user, as git does: its configuration could make git run programs.

    NOTE: git skips this when it is given `--git-dir`, as we always do, so the check is ours. Like git we honour
    `safe.directory` in the user's or the system's configuration or in git's environment; it is read only when the owner
    is another one.

    Raises:
        GitError: The repository belongs to somebody else, and the user has not said that it is safe.
    """
    owners = {os.geteuid()}
    if os.geteuid() == 0 and os.environ.get("SUDO_UID", "").isdigit():
        owners.add(int(os.environ["SUDO_UID"]))
    parts = [place.git_dir, place.common_dir, *([place.worktree, place.worktree / ".git"] if place.worktree else [])]
    foreign = next((part for part in parts if os.lstat(part).st_uid not in owners), None)
    if foreign is None or _is_safe(str(place.top), safe_directories()):
        return
    hint = f"if you trust it: git config --global --add safe.directory '{place.top}'"
    raise GitError(f"{foreign} belongs to another user (dubious ownership)", hint=hint)


def _is_safe(folder: str, entries: list[str]) -> bool:
    """Apply `safe.directory` entries in order; an empty one forgets those before it."""
    safe = False
    for entry in entries:
        expanded = os.path.expanduser(entry)  # noqa: PTH111  (a text from git's configuration, not yet a path)
        if entry == "":
            safe = False
        elif entry == "*" or os.path.realpath(expanded) == folder:
            safe = True
        else:
            safe = safe or (entry.endswith("/*") and folder.startswith(os.path.realpath(expanded[:-2]) + "/"))
    return safe

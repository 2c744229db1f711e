"""Files that are written or handed in: no report follows a link, and what CI hands in does not come from the change."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

from changegate.errors import ReportError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# NOTE: O_PATH (Linux) needs no permission to list the folders on the way, such as a closed /home.
_FOLDER_FLAGS = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW_FILE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def writable(path: Path, root: Path | None) -> Path:
    """Check where a report is to be written, before anything is decided.

    A path in the checkout may not go through a link, into `.git`, or out again: the pull request decides what lies
    there. A path outside is the user's own affair, but is not followed if it is a link itself.

    Args:
        path: As the user wrote it; relative to the current directory.
        root: The top of the checkout, or None where there is none.

    Returns:
        The absolute path, for `write`.

    Raises:
        ReportError: Nothing may be written there.
    """
    target = Path(os.path.abspath(path))  # noqa: PTH100  (resolve() would follow the links that are looked for)
    top = None if root is None else Path(os.path.realpath(root))
    target = _through_root(target, root, top)
    inside = top is not None and target.is_relative_to(top)
    if not inside:
        target = Path(os.path.realpath(target.parent)) / target.name
        if top is not None and target.is_relative_to(top):
            raise ReportError(f"{path} leads into the checkout through a link", hint=f"name it directly: {target}")
    elif top is not None:
        _check_inside(path, target, top)
    if target.is_symlink():
        raise ReportError(f"{path} is a symbolic link, which is not followed", hint="remove it, or choose another file")
    if target.exists() and not target.is_file():
        raise ReportError(f"{path} is not a regular file", hint="choose a file name; `-` writes to the standard output")
    return target


def write_file(path: Path, root: Path | None, data: bytes) -> None:
    """Write a report, whole or not at all; folders that are missing are made.

    Args:
        path: As for `writable`, which is asked again.
        root: The top of the checkout, or None where there is none.
        data: The whole content.

    Raises:
        ReportError: It may not or cannot be written there; then nothing was changed.
    """
    target = writable(path, root)
    try:
        folder = _folder(target.parent)
    except OSError as error:
        raise _unwritten(path, error) from error
    try:
        _replace(folder, target.name, data)
    except OSError as error:
        raise _unwritten(path, error) from error
    finally:
        os.close(folder)


def outside(path: Path, root: Path | None) -> Path:
    """Check that a file or folder that CI hands in does not come from the change: it lies outside the checkout.

    Args:
        path: As the user wrote it.
        root: The top of the checkout, or None where there is none.

    Returns:
        The path with all links resolved.

    Raises:
        UsageError: It is in the checkout, holds it, or does not exist.
    """
    try:
        found = path.resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:
        hint = "name a file or folder that is there; in CI, outside the checkout"
        raise UsageError(f"{path} does not exist or cannot be reached", hint=hint) from error
    top = None if root is None else Path(os.path.realpath(root))
    if top is not None and (found.is_relative_to(top) or top.is_relative_to(found)):
        hint = "write it outside the checkout, e.g. to $RUNNER_TEMP: a pull request could bring such a file"
        raise UsageError(f"{path} is not outside the checkout {top}", hint=hint)
    return found


def write_private(top: Path, folders: Sequence[str], name: str, data: bytes, then: Callable[[int], None]) -> Path:
    """Write a new file that its owner alone may read, in a folder that its owner alone may open.

    Args:
        top: A folder as it is without links; it is made where it is missing.
        folders: Those below it, one in the other; made where they are missing. None may be a link.
        name: The file, which may not be there yet.
        data: Its content.
        then: Called with the open folder when the file is written.

    Returns:
        The file.

    Raises:
        OSError: A link is in the way, the folder is somebody else's, or it cannot be written.
    """
    where = top.joinpath(*folders)
    folder = _folder(where, 0o700)
    try:
        listed = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=folder)
    finally:
        os.close(folder)
    try:
        if os.fstat(listed).st_uid != os.geteuid():
            raise PermissionError(errno.EPERM, f"{where} belongs to somebody else")
        os.fchmod(listed, 0o700)
        _new(listed, name, data)
        then(listed)
    finally:
        os.close(listed)
    return where / name


def _through_root(target: Path, root: Path | None, top: Path | None) -> Path:
    """Write a path below the root, which may itself be reached through links, as one below the real root."""
    if root is None or top is None:
        return target
    lexical = Path(os.path.abspath(root))  # noqa: PTH100  (as it was written, like the path)
    return top / target.relative_to(lexical) if target.is_relative_to(lexical) else target


def _check_inside(path: Path, target: Path, top: Path) -> None:
    here = top
    for part in target.relative_to(top).parts:
        here = here / part
        if part.lower() == ".git":
            raise ReportError(f"{path} is in git's own folder", hint="choose another file")
        if here != target and here.is_symlink():
            raise ReportError(
                f"{path} goes through the link {here}, which is not followed", hint="choose another folder"
            )


def _folder(path: Path, mode: int = 0o777) -> int:
    """Open a folder from the top, one segment at a time, following no link and making what is missing."""
    here = os.open("/", _FOLDER_FLAGS)
    for part in path.parts[1:]:
        try:
            here, above = _below(here, part, mode), here
        except OSError:
            os.close(here)
            raise
        os.close(above)
    return here


def _below(folder: int, name: str, mode: int) -> int:
    try:
        return os.open(name, _FOLDER_FLAGS, dir_fd=folder)
    except FileNotFoundError:
        os.mkdir(name, mode, dir_fd=folder)
        return os.open(name, _FOLDER_FLAGS, dir_fd=folder)


def _new(folder: int, name: str, data: bytes) -> None:
    file = os.open(name, _NEW_FILE_FLAGS, 0o600, dir_fd=folder)
    try:
        with os.fdopen(file, "wb") as stream:
            stream.write(data)
    except BaseException:
        os.unlink(name, dir_fd=folder)
        raise


def _replace(folder: int, name: str, data: bytes) -> None:
    temporary = f".{name[:100]}.{os.getpid()}.{os.urandom(4).hex()}.tmp"
    file = os.open(temporary, _NEW_FILE_FLAGS, 0o666, dir_fd=folder)
    try:
        with os.fdopen(file, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(file)
        os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        os.unlink(temporary, dir_fd=folder)
        raise
    listed = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=folder)
    try:
        os.fsync(listed)
    finally:
        os.close(listed)


def _unwritten(path: Path, error: OSError) -> ReportError:
    if error.errno in {errno.ELOOP, errno.ENOTDIR}:
        return ReportError(f"{path} goes through a link or a file", hint="choose another folder")
    return ReportError(
        f"{path} cannot be written: {error.strerror}", hint="look at the permissions and the space that is left"
    )

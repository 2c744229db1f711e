"""Reads the policies that somebody is writing: Rego files of the working tree, as they lie on disk."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from changegate.errors import UsageError
from changegate.own_policies.folder import READ_BY_TESTS, is_mock
from changegate.own_policies.tested import reads_files
from changegate.own_policies.where import OWN
from changegate.rego.bundle import Bundle, Module, library
from changegate.resources import REGO

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAXIMUM_BYTES = 1 << 20
"""Of one file."""


def is_ours(file: str) -> bool:
    """Whether a file is a copy of ours, which own policies may import."""
    return file.startswith(_OURS)


_OURS = "<changegate>/"
"""In front of the names of what is not theirs: no path of a file begins like this."""


def shipped_with_tests() -> Bundle:
    """The policies that ship with changegate, with their tests."""
    files = sorted(REGO.rglob("*.rego"))
    return Bundle(
        tuple(Module(path.relative_to(REGO).as_posix(), path.read_text("utf-8")) for path in files), shipped=True
    )


def read_policies(paths: Sequence[Path], directory: Path) -> Bundle:
    """Read every Rego file in some files and folders, with tests.

    Args:
        paths: Files and folders, as they were typed; none for the policies of the repository.
        directory: Where relative ones start.

    Returns:
        A bundle whose modules are called as an editor would open them from `directory`, with data, and with what of
        ours they import: what the gate would evaluate, and the tests.

    Raises:
        UsageError: A path does not exist or is a link, a file cannot be read, or there is no policy at all.
    """
    wanted, files = _wanted_files(paths, directory)
    modules = tuple(Module(_shown(file, directory), _text(file)) for file in files)
    ours = (one._replace(name=_OURS + one.name.removeprefix("changegate/")) for one in library(modules))
    return Bundle((*modules, *ours), _data(wanted, directory), files=_beside(wanted, directory, modules))


def read_texts(paths: Sequence[Path], directory: Path) -> dict[Path, str]:
    """Read every Rego file as it stands; takes and raises what `read_policies` does, but for data."""
    _, files = _wanted_files(paths, directory)
    return {file: _text(file) for file in files}


def _wanted_files(paths: Sequence[Path], directory: Path) -> tuple[Sequence[Path], dict[Path, None]]:
    """The files and folders that are meant, and the Rego files in them, each once."""
    wanted = paths or (_default(directory),)
    files = dict.fromkeys(file for path in wanted for file in _files(directory / path))
    if not files:
        named = ", ".join(map(str, wanted))
        hint = "write a policy there (a file that ends with .rego), or name another folder"
        raise UsageError(f"there is no policy in {named}", hint=hint)
    return wanted, files


def _data(wanted: Sequence[Path], directory: Path) -> dict[str, Any]:
    """The data files of folders, where the gate would find them.

    Raises:
        PolicyError: One cannot be read, or two say something of the same key.
    """
    from changegate.own_policies.folder import lay, of_folder

    data: dict[str, Any] = {}
    for path in wanted:
        if (directory / path).is_dir():
            shown = _shown(directory / path, directory)
            lay(data, (), dict(of_folder(directory / path, shown).data), shown, {})
            for file in sorted(one for one in (directory / path).rglob("*.json") if is_mock(one.name)):
                place = file.parent.relative_to(directory / path).parts
                lay(data, place, _mock(file), _shown(file, directory), {})
    return data


MOST_FILES = 1000
"""That tests may read."""
LARGEST_FILES = 16 << 20
"""Bytes of them together."""


def _beside(wanted: Sequence[Path], directory: Path, modules: Sequence[Module]) -> dict[str, str]:
    """The files of the folders that tests may read, where one asks for any: regular ones, in UTF-8, within bounds.

    Raises:
        UsageError: There are too many, or they are too large.
    """
    if not any(map(reads_files, modules)):
        return {}
    found: dict[str, str] = {}
    size = 0
    for file in (file for path in wanted for file in _configs(directory / path)):
        text = _text(file)
        size += len(text)
        if len(found) == MOST_FILES or size > LARGEST_FILES:
            hint = "keep what tests read in a folder of its own, beside few other files"
            raise UsageError(f"there are too many files below {file.parent} that tests may read", hint=hint)
        found[_shown(file, directory)] = text
    return found


def _configs(folder: Path) -> Iterator[Path]:
    """The files in a folder that a parser may read; no link is followed."""
    for here, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            file = Path(here) / name
            if name.lower().endswith(READ_BY_TESTS) and file.is_file() and not file.is_symlink():
                yield file


def _mock(file: Path) -> dict[str, Any]:
    """A document for tests, which is below `data` at the path of its folder, as `opa test` has it.

    Raises:
        UsageError: It cannot be read, or is no object.
    """
    import json

    try:
        found = json.loads(_text(file)) if not file.is_symlink() else None
    except ValueError as error:
        raise UsageError(f"{file} is no JSON: {error}", hint="mend it, or give it another name") from None
    if not isinstance(found, dict):
        raise UsageError(f"{file} is no JSON object", hint="a file that ends with mock.json is data for tests")
    return found


def _default(directory: Path) -> Path:
    """The policies of the repository that `directory` lies in, else those in `directory`, relative to it."""
    from changegate.errors import GitError
    from changegate.workspace.place import locate_repository

    try:
        top = locate_repository(directory, None).worktree
    except GitError:
        top = None
    return top / OWN if top else Path(OWN)


def _files(path: Path) -> Iterator[Path]:
    if path.is_symlink():
        raise UsageError(f"{path} is a link, which is not followed", hint="name the file or folder itself")
    if path.is_file():
        if path.suffix != ".rego":
            raise UsageError(f"{path} is no Rego file", hint="name files that end with .rego, or folders of them")
        yield path
        return
    if not path.is_dir():
        hint = f"name a file or folder of policies; {OWN} is written by `changegate init --policies`"
        raise UsageError(f"{path} does not exist", hint=hint)
    for folder, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            if name.endswith(".rego"):
                yield from _files(Path(folder) / name)


def _shown(file: Path, directory: Path) -> str:
    """The path from `directory`, where it is below; else as it is."""
    from changegate.own_policies.folder import module_name

    name = os.path.relpath(file, directory)
    return module_name(str(file) if name.startswith("..") else Path(name).as_posix())


def _text(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            data = stream.read(MAXIMUM_BYTES + 1)
        if len(data) > MAXIMUM_BYTES:
            raise UsageError(f"{file} is larger than {MAXIMUM_BYTES} bytes", hint="split the policy")
        return data.decode("utf-8")
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}", hint="look at its permissions") from None
    except UnicodeDecodeError:
        raise UsageError(f"{file} is not UTF-8", hint="save it as UTF-8") from None

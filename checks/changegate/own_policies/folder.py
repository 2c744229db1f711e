"""Reads the policies of a folder, at the base from git's objects, else from the disk: within bounds, and no link."""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING, Any

from changegate.errors import PolicyError
from changegate.rego.bundle import is_test

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from changegate.own_policies.origin import PolicySource
    from changegate.workspace.tree import Entry, Tree

MOST_FILES = 1000
"""Of policies and data in one source; OPA's largest public bundles have some hundred."""
LARGEST_FILE = 1024 * 1024
LARGEST_SOURCE = 16 * 1024 * 1024
DATA = ("data.json", "data.yaml", "data.yml")
"""What files of data are called."""
_LINKS = {"120000": "a symbolic link", "160000": "a submodule"}


def is_policy(name: str) -> bool:
    """Whether a file is read as a policy; tests of policies are not."""
    return name.endswith(".rego") and not is_test(name)


def wanted(entries: Iterable[Entry], folder: str) -> list[str]:
    """The paths of the policies and data below a folder of a tree."""
    return [entry.path for entry in entries if entry.path.startswith(folder + "/") and _wanted(entry.path)]


def wanted_by_tests(entries: Iterable[Entry], folder: str) -> list[str]:
    """The paths of the tests below a folder of a tree, and of the files that they may read."""
    return [entry.path for entry in entries if entry.path.startswith(folder + "/") and _for_tests(entry.path)]


def _for_tests(path: str) -> bool:
    return is_test(path) or path.lower().endswith(READ_BY_TESTS)


READ_BY_TESTS = (".json", ".toml", ".yaml", ".yml")
"""How the files end that a test may read."""


def is_mock(path: str) -> bool:
    """Whether a file is data for tests, which is below `data` at the path of its folder, as `opa test` has it."""
    name = path.rpartition("/")[2]
    return name == "mock.json" or name.endswith(("_mock.json", ".mock.json", "-mock.json"))


def _wanted(path: str) -> bool:
    name = path.rpartition("/")[2]
    return is_policy(name) or name in DATA


def _check_ending(name: str, shown: str) -> None:
    """Refuse `naming.REGO` and `DATA.yaml`: they look as if they counted, and nobody would read them."""
    lower = name.lower()
    if name != lower and ((lower.endswith(".rego") and not name.endswith(".rego")) or lower in DATA):
        hint = "write its name, or its ending, in lower case"
        raise PolicyError("it is not read: the case of its name is not what it has to be", hint=hint, file=shown)


def of_tree(tree: Tree, folder: str) -> PolicySource | None:
    """Read the policies below a folder of a tree; None where it has no such folder.

    Raises:
        PolicyError: It is no folder, or there is a link, a submodule or too much in it.
    """
    problem = tree.read(folder, 1).problem
    if problem == "missing":
        return None
    if problem != "directory":
        raise PolicyError(f"it is not a folder but {problem or 'a file'}", hint="make it a folder", file=folder)
    below = [entry for entry in tree.entries() if entry.path.startswith(folder + "/")]
    for entry in below:
        _check_ending(entry.path.rpartition("/")[2], entry.path)
        if entry.mode in _LINKS:
            raise _no_link(entry.path, _LINKS[entry.mode])
    paths = wanted(below, folder)
    _check_count(paths, folder)
    return _source(folder, _contents(tree, paths, folder))


def _contents(tree: Tree, paths: list[str], folder: str) -> Iterator[tuple[str, bytes]]:
    for path, content in tree.read_many(paths, LARGEST_FILE):
        if content.data is None:
            raise PolicyError(content.reason, hint=_SMALLER, file=path)
        yield path.removeprefix(folder + "/"), content.data


def of_folder(path: Path, shown: str) -> PolicySource:
    """Read the policies below a folder on the disk.

    Args:
        path: The folder, with its links resolved.
        shown: What people call it.

    Raises:
        PolicyError: There is a link or too much in it, or a file cannot be read.
    """
    paths = sorted(_walk(path, shown))
    _check_count(paths, shown)
    found = ((one, read_file(path / one, f"{shown}/{one}", LARGEST_FILE)) for one in paths)
    return _source(shown, found)


def _walk(top: Path, shown: str) -> Iterator[str]:
    """The wanted files below a folder; looks at no more than a bound, for it may be anybody's folder."""
    seen = 0

    def unreadable(error: OSError) -> None:
        raise PolicyError(f"it cannot be read: {error.strerror}", hint="look at its permissions", file=shown) from error

    for here, folders, files in os.walk(top, onerror=unreadable):
        folders[:] = sorted(name for name in folders if name != ".git")
        for name in (*folders, *files):
            whole = os.path.join(here, name)  # noqa: PTH118  (a Path for each file of a large folder costs more)
            relative = os.path.relpath(whole, top).replace(os.sep, "/")
            if os.path.islink(whole) and (name in folders or _wanted(relative)):  # noqa: PTH114  (as above)
                raise _no_link(f"{shown}/{relative}", "a symbolic link")
            if name in files:
                _check_ending(name, f"{shown}/{relative}")
            if name in files and _wanted(relative):
                yield relative
        seen += len(files) + len(folders)
        if seen > 50 * MOST_FILES:
            raise PolicyError("the folder holds too many files", hint="name the folder of the policies", file=shown)


def read_file(path: Path, shown: str, limit: int) -> bytes:
    """Read one regular file of at most `limit` bytes.

    Raises:
        PolicyError: It is no regular file, too large, or cannot be read.
    """
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(file, "rb") as stream:
            if not stat.S_ISREG(os.fstat(file).st_mode):
                raise PolicyError("it is not a regular file", hint="remove it", file=shown)
            data = stream.read(limit + 1)
    except OSError as error:
        raise PolicyError(f"it cannot be read: {error.strerror}", hint="look at its permissions", file=shown) from error
    if len(data) > limit:
        raise PolicyError(f"it has more than the {limit} bytes that are read", hint=_SMALLER, file=shown)
    return data


_SMALLER = "keep large data out of policies"


def _no_link(path: str, what: str) -> PolicyError:
    return PolicyError(f"it is {what}, which is not followed", hint="put the file itself there", file=path)


def _check_count(paths: list[str], place: str) -> None:
    if len(paths) > MOST_FILES:
        message = f"there are {len(paths)} files of policies, more than the {MOST_FILES} that are read"
        raise PolicyError(message, hint="split them into what is used and what is not", file=place)


def _source(place: str, files: Iterable[tuple[str, bytes]]) -> PolicySource:
    from changegate.own_policies.origin import PolicySource
    from changegate.rego.bundle import Module

    modules: list[Module] = []
    data: dict[str, Any] = {}
    places: dict[tuple[str, ...], str] = {}
    size = 0
    for path, content in files:
        size += len(content)
        if size > LARGEST_SOURCE:
            raise PolicyError(f"there are more than {LARGEST_SOURCE} bytes in it", hint=_SMALLER, file=place)
        whole = f"{place}/{path}"
        if is_policy(path):
            modules.append(Module(module_name(whole), utf8(content, whole)))
        else:
            at = tuple(path.split("/")[:-1])
            lay(data, at, mapping(content, whole), whole, places)
    return PolicySource(place, tuple(modules), data, places)


def module_name(path: str) -> str:
    """A policy's name for the engines: they print places as `name:line`, which white space or a colon would break."""
    return re.sub(r"[\s:]", "_", path)


def utf8(content: bytes, whole: str) -> str:
    """The text of a policy.

    Raises:
        PolicyError: It is not UTF-8; names the line.
    """
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise PolicyError("it is not UTF-8", hint="save it as UTF-8", file=whole, line=line) from None


def mapping(content: bytes, whole: str) -> dict[str, Any]:
    """Read a data file, which holds one mapping.

    Raises:
        PolicyError: It holds something else, or is none that all readers take alike.
    """
    from changegate.manifest import parse

    parsed = parse(content, whole)
    for fault in parsed.faults:
        raise PolicyError(fault.message, hint=fault.hint, file=whole, line=fault.line, column=fault.column)
    value = parsed.documents[0].value if len(parsed.documents) == 1 else None
    if not isinstance(value, dict):
        raise PolicyError("data is one mapping", hint="write one mapping of names to values", file=whole)
    return value


def lay(
    data: dict[str, Any], at: tuple[str, ...], value: dict[str, Any], file: str, places: dict[tuple[str, ...], str]
) -> None:
    """Lay a data file's mapping at its place below `data`; two files may share mappings but no value.

    Raises:
        PolicyError: Two files say something of the same key.
    """
    here = data
    for key in at:
        here = here.setdefault(key, {})
        if not isinstance(here, dict):
            raise _twice(at, file)
    for key, below in value.items():
        if isinstance(here.get(key), dict) and isinstance(below, dict):
            lay(data, (*at, key), below, file, {})
        elif key in here:
            raise _twice((*at, key), file)
        else:
            here[key] = below
    places[at] = file


def _twice(at: tuple[str, ...], file: str) -> PolicyError:
    return PolicyError(f"data.{'.'.join(at)} is given twice", hint="keep it in one data file", file=file)

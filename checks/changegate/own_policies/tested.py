"""Own policies of a tree together with their tests: what `changegate policy test` would run there.

The gate loads no test. Only who looks at what a change brings does, in a process with bounds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.errors import PolicyError
from changegate.own_policies.folder import (
    LARGEST_FILE,
    LARGEST_SOURCE,
    is_mock,
    lay,
    mapping,
    module_name,
    utf8,
    wanted_by_tests,
)
from changegate.own_policies.merge import merged
from changegate.own_policies.source import LARGEST_ARCHIVE, sources
from changegate.own_policies.where import OWN
from changegate.rego.bundle import Bundle, Module, is_test, library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from changegate.own_policies.where import PolicyPlace
    from changegate.policy.settings import Config
    from changegate.workspace.tree import Tree

_READING = re.compile(r"\bparse_(?:config_file|combined_config_files)\b")


def reads_files(module: Module) -> bool:
    """Whether a module asks for files beside it."""
    return bool(_READING.search(module.text))


def bundle_with_tests(where: PolicyPlace, config: Config, named: tuple[Path, ...] = ()) -> Bundle:
    """Read own policies with their tests.

    Args:
        where: The tree; its tests are those beside its policies, and those in bundles that its settings name.
        config: The tree's.
        named: Own policies that the command line names, which will be beside those of the tree: without their tests.

    Raises:
        ChangegateError: A source or a test cannot be read.
    """
    read = sources(where, config, named)
    beside = dict(_beside(where.base)) if where.base is not None else {}
    tests = [Module(module_name(file), utf8(data, file)) for file, data in beside.items() if is_test(file)]
    tests += [module for one in config.bundles for module in _in_archive(where, str(one["path"]))]
    modules = (*(module for source in read for module in source.modules), *tests)
    data: dict[str, Any] = merged(read)
    for file, content in beside.items():
        if is_mock(file):
            lay(data, tuple(file.removeprefix(f"{OWN}/").split("/")[:-1]), mapping(content, file), file, {})
    files = _readable(beside) if any(map(reads_files, modules)) else {}
    return Bundle((*modules, *library(modules)), data, files=files)


def _beside(tree: Tree) -> Iterator[tuple[str, bytes]]:
    """The tests below the folder of own policies, and the files that they may read."""
    paths = wanted_by_tests(tree.entries(), OWN)
    for path, content in tree.read_many(paths, LARGEST_FILE):
        if content.data is not None:
            yield path, content.data
        elif is_test(path):
            # NOTE: a file that is listed and missing is one that the bounds on all of them left out.
            reason = _TOO_MUCH if content.problem == "missing" else content.reason
            raise PolicyError(reason, hint="keep large data out of tests, and follow no link", file=path)


_TOO_MUCH = (
    f"it is not read: the tests and the files beside them are too many, or have more than {LARGEST_SOURCE} bytes"
)


def _in_archive(where: PolicyPlace, path: str) -> tuple[Module, ...]:
    from changegate.own_policies.archive import tests_in

    content = where.base.read(path, LARGEST_ARCHIVE) if where.base is not None else None
    tests = tests_in(content.data, path) if content is not None and content.data is not None else ()
    return tuple(one._replace(name=module_name(one.name)) for one in tests)


def _readable(beside: dict[str, bytes]) -> dict[str, str]:
    """The files that a test may read, as modules are called; one that is no text is none."""
    found = {}
    for file, data in beside.items():
        if not is_test(file):
            try:
                found[module_name(file)] = data.decode("utf-8")
            except UnicodeDecodeError:
                continue
    return found

"""A bundle: the texts of policies and their data, with a digest that names exactly these."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from changegate.records import NamedTuple
from changegate.resources import REGO

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from changegate.worker import Limits


class Module(NamedTuple):
    """One Rego file."""

    name: str
    """Its path below the bundle's root, such as `changegate/checks/rollout/bake_too_short.rego`."""
    text: str
    tree: bytes = b""
    """OPA's own syntax tree of the text, as JSON; empty where the embedded engine's parser is to read it."""


class Bundle(NamedTuple):
    """Modules in a fixed order, and the data beside them."""

    modules: tuple[Module, ...]
    data: Mapping[str, Any] = {}
    """What the modules find below `data`, beside each other: plain JSON."""
    shipped: bool = False
    """Whether these are changegate's own, whose form the tests have checked; all others are checked when they load."""
    limits: Limits | None = None
    """What one question may use, where the engine runs in a worker; None for that engine's own bounds."""
    now: int | None = None
    """The recorded time of the run in nanoseconds, which `time.now_ns()` answers; no part of the digest."""

    files: Mapping[str, str] = {}
    """What tests may read beside the modules: the path of each file, as modules are called; no part of the digest."""

    @property
    def digest(self) -> str:
        """`sha256:<hex>` over names, texts and data; two bundles with one digest decide alike."""
        content = hashlib.sha256()
        for module in self.modules:
            for part in (module.name.encode(), module.text.encode()):
                content.update(len(part).to_bytes(8, "big") + part)
        if self.data:
            content.update(json.dumps(self.data, sort_keys=True).encode())
        return "sha256:" + content.hexdigest()

    def file_of(self, package: str) -> str:
        """The file of a package, such as `changegate.main`; empty where it has none.

        Of several the one that is called as the package, where there is one; else the first.
        """
        line = re.compile(rf"^package\s+{re.escape(package)}\s*(#.*)?$", re.MULTILINE)
        files = [module.name for module in self.modules if line.search(module.text)]
        called = f"{package.rpartition('.')[2]}.rego"
        return next((file for file in files if file.rpartition("/")[2] == called), files[0] if files else "")


def is_test(file: str) -> bool:
    """Whether a file holds tests of policies: the gate does not load it."""
    return file.endswith("_test.rego") or file.rpartition("/")[2] == "test.rego"


@cache
def shipped() -> Bundle:
    """The policies that ship with changegate, without their tests, and without the adaptors for other programs."""
    below = len(f"{REGO}/")
    files = sorted(_policies(f"{REGO}/changegate"))
    return Bundle(tuple(Module(file[below:], _text(file)) for file in files), shipped=True)


# NOTE: every run lists and reads them, and each rule has a file: `pathlib` takes three times as long as this.
def _policies(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".rego"):
                if not is_test(entry.name):
                    yield entry.path
            elif entry.is_dir():
                yield from _policies(entry.path)


def _text(file: str) -> str:
    with io.FileIO(file) as opened:
        return opened.read().decode()


_LIBRARY = ("changegate/lib/lib.rego", "changegate/risk.rego")


def library(modules: Iterable[Module]) -> tuple[Module, ...]:
    """What own policies may import of ours: the words of rules, and the tier. Empty where none of them asks for any.

    They get a copy beside them, in an engine of their own: nothing that they do reaches the one that decides for us.
    """
    if not any("data.changegate" in module.text for module in modules):
        return ()
    return parts_of_library()


def parts_of_library() -> tuple[Module, ...]:
    """The modules of ours that own policies may import."""
    return tuple(Module(name, (REGO / name).read_text("utf-8")) for name in _LIBRARY)

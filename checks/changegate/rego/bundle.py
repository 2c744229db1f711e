"""A bundle: the texts of policies and their data, with a digest that names exactly these."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from changegate.records import NamedTuple
from changegate.resources import REGO

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from changegate.worker import Limits


class Module(NamedTuple):
    """One Rego file."""

    name: str
    """Its path below the bundle's root, such as `changegate/checks/rollout/rollout.rego`."""
    text: str


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
        """The first file of a package, such as `changegate.main`; empty where it has none."""
        line = re.compile(rf"^package\s+{re.escape(package)}\s*(#.*)?$", re.MULTILINE)
        return next((module.name for module in self.modules if line.search(module.text)), "")


def is_test(file: str) -> bool:
    """Whether a file holds tests of policies: the gate does not load it."""
    return file.endswith("_test.rego")


@cache
def shipped() -> Bundle:
    """The policies that ship with changegate, without their tests, and without the adaptors for other programs."""
    files = sorted(path for path in (REGO / "changegate").rglob("*.rego") if not is_test(path.name))
    return Bundle(
        tuple(Module(path.relative_to(REGO).as_posix(), path.read_text("utf-8")) for path in files), shipped=True
    )


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

"""A bundle: the texts of policies, with a digest that names exactly these."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from changegate.resources import REGO


class Module(NamedTuple):
    """One Rego file."""

    name: str
    """Its path below the bundle's root, such as `changegate/checks/rollout/rollout.rego`."""
    text: str


@dataclass(frozen=True)
class Bundle:
    """Modules in a fixed order."""

    modules: tuple[Module, ...]
    shipped: bool = False
    """Whether these are changegate's own, whose form the tests have checked; all others are checked when they load."""

    @cached_property
    def digest(self) -> str:
        """`sha256:<hex>` over names and texts; two bundles with one digest decide alike."""
        content = hashlib.sha256()
        for module in self.modules:
            for part in (module.name.encode(), module.text.encode()):
                content.update(len(part).to_bytes(8, "big") + part)
        return "sha256:" + content.hexdigest()


def shipped() -> Bundle:
    """The policies that ship with changegate, without their tests."""
    files = sorted(path for path in REGO.rglob("*.rego") if not path.name.endswith("_test.rego"))
    return Bundle(
        tuple(Module(path.relative_to(REGO).as_posix(), path.read_text("utf-8")) for path in files), shipped=True
    )

"""Which packages of own policies are asked: all, or those that the configuration names, as conftest's option does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.errors import ConfigurationError
from changegate.policy.control import locate
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from changegate.own_policies.discover import Discovered
    from changegate.workspace.tree import Tree

_AT = ("policies", "namespaces")


class Namespaces(NamedTuple):
    """The packages that are asked."""

    names: tuple[str, ...] = ()
    """None: all."""
    base: Tree | None = None
    """Where the configuration stands that names them."""

    def chosen(self, found: Sequence[Discovered]) -> tuple[Discovered, ...]:
        """The same modules; those of packages that are not asked have no rules.

        Raises:
            ConfigurationError: A package is named that has no rule: nobody would be asked, without a word.
        """
        if not self.names:
            return tuple(found)
        holding = {one.package for one in found if one.rules}
        for index, name in enumerate(self.names):
            if name not in holding:
                raise self._unknown(name, index, holding)
        return tuple(one if one.package in self.names else one._replace(rules=()) for one in found)

    def _unknown(self, name: str, index: int, holding: set[str]) -> ConfigurationError:
        line, column = locate(self.base, "config.yaml", (*_AT, index)) or (None, None)
        message = f"no policy has a rule in the package {name}, which `policies.namespaces` names"
        hint = f"write one of {', '.join(sorted(holding)[:10])}" if holding else "write a rule in it, or leave it out"
        return ConfigurationError(message, hint=hint, file=".changegate/config.yaml", line=line, column=column)


def left_out(found: Sequence[Discovered], chosen: Sequence[Discovered]) -> str:
    """Whose rules are not asked, in a sentence; empty where all are."""
    asked = {one.package for one in chosen if one.rules}
    packages = sorted({one.package for one in found if one.rules} - asked)
    if not packages:
        return ""
    shown = ", ".join(packages[:5]) + (f" and {len(packages) - 5} more" if len(packages) > 5 else "")
    return f"The rules of {shown} are not asked: `policies.namespaces` in .changegate/config.yaml names other packages."

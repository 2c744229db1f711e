"""Where a repository's own policies are looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.names import Stage
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from changegate.workspace.scope import Scope
    from changegate.workspace.tree import Tree


OWN = ".changegate/policies"
"""Where a repository has policies of its own."""


class PolicyPlace(NamedTuple):
    """Where own policies are looked for."""

    base: Tree | None
    root: Path | None
    """The top of the checkout, or None where there is none."""
    is_local: bool
    """Whether this is a laptop, where a named source may lie in the checkout."""

    @classmethod
    def of(cls, scope: Scope) -> PolicyPlace:
        """Where those of a change are looked for."""
        return cls(scope.base, scope.root, scope.stage is Stage.LOCAL)

"""Single forms of an expression that yield something else on the other engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.errors import PolicyError
    from changegate.policy.syntax.ast import Node
    from changegate.policy.syntax.refusals.program import Where


def pair(where: Where, node: Node) -> Iterator[PolicyError]:
    """Refuse `k, v in collection` as a test: of a set it is true in OPA only."""
    if node.body["key"] is not None:
        hint = "write `some k, v in collection`, then compare"
        yield where.refused(node.line, "`k, v in collection` as a test is not the same on every engine", hint)

"""Single forms of an expression that yield something else on the other engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.rego.syntax.refusals.program import may_be_missing, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.errors import PolicyError
    from changegate.rego.syntax.ast import Node
    from changegate.rego.syntax.refusals.program import RulePlace


def pair(where: RulePlace, node: Node) -> Iterator[PolicyError]:
    """Refuse `k, v in collection` as a test: of a set it is true in OPA only."""
    if node.body["key"] is not None:
        hint = "write `some k, v in collection`, then compare"
        yield where.refused(node.line, "`k, v in collection` as a test is not the same on every engine", hint)


def membership(where: RulePlace, node: Node) -> Iterator[PolicyError]:
    """Refuse `y := x in input.list`: undefined in OPA where the list is missing, and false on the embedded engine.

    As a condition the two are the same.
    """
    if id(node.body) in where.conditions:
        return
    missing = next(may_be_missing(where, node.body), None)
    if missing is not None:
        hint = f"bind it before: `value := {shown(missing)}`"
        yield where.refused(node.line, f"`in` as a value reaches into {shown(missing)}, which may be missing", hint)

"""Negations: OPA looks up what they reach into before they negate, the embedded engine after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.rego.syntax.ast import indexes, reference
from changegate.rego.syntax.refusals.program import may_be_missing, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.errors import PolicyError
    from changegate.rego.syntax.ast import Node, Tree
    from changegate.rego.syntax.refusals.program import RulePlace

_REFERENCE = frozenset({"Var", "RefDot", "RefBrack"})


def eager(where: RulePlace, node: Node) -> Iterator[PolicyError]:
    """Refuse `not f(input.x)`, `not x in input.y`, `not input.x > 1`, and the same of rules and functions.

    OPA looks `input.x` up before the negation, so that all of it is undefined where that is missing; the embedded
    engine takes the negation for true. Only a reference alone, a call alone, and `==` between references, are the same.
    """
    (kind, body), *_ = node.body["expr"].items()
    if kind == "Query":
        hint = "give the body a rule of its own, and write `not that_rule`"
        yield where.refused(node.line, "`not { … }` has no value on the embedded engine", hint)
        return
    if kind == "AssignExpr":
        hint = "write `==`, or give the body a rule of its own"
        yield where.refused(node.line, "`=` in a negation is evaluated in another order by the engines", hint)
    if kind == "Call" and reference(body["fcn"]) == ("print",):
        yield where.refused(node.line, "`not print(…)` holds in one engine only", "write `print(…)` without `not`")
    if kind in _REFERENCE:
        early: object = list(indexes(node.body["expr"]))
    elif kind == "BoolExpr" and body["op"] == "Eq":
        early = [part for side in ("lhs", "rhs") for part in _early(body[side])]
    elif kind == "Call":
        early = body["params"]
    else:
        early = node.body["expr"]
    missing = next(may_be_missing(where, early), None)
    if missing is not None:
        hint = f"bind it before the negation: `value := {shown(missing)}`"
        yield where.refused(node.line, f"`not` reaches into {shown(missing)}, which may be missing", hint)


def _early(side: Tree) -> list[object]:
    """What of one side of `==` is looked up before the comparison."""
    return list(indexes(side)) if _REFERENCE & side.keys() else [side]

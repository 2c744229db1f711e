"""Arithmetic: fractions and huge integers come out differently, so operands must be integers from the form alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.rego.syntax.ast import reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.errors import PolicyError
    from changegate.rego.syntax.ast import Node, Tree
    from changegate.rego.syntax.refusals.program import RulePlace

_INTEGERS = frozenset({"count", "round", "floor", "ceil", "indexof"})
"""Builtins whose answer is an integer below 2⁵³: the guards of the embedded engine refuse what is beyond."""
_SETS = frozenset({"intersection", "union", "object.keys", "graph.reachable"})
LARGEST_FACTOR = 1000
"""With it, a product of what is below 2⁵³ stays exact on both engines."""


def integral(tree: Tree, where: RulePlace, depth: int = 0) -> bool:
    """Whether a term is an integer whatever the input is."""
    (kind, body), *_ = tree.items()
    if kind == "Number":
        return _small(tree)
    if kind == "Call":
        return ".".join(reference(body["fcn"]) or ()) in _INTEGERS
    if kind == "ArithExpr" and body["op"] in {"Add", "Sub", "Mod"}:
        return integral(body["lhs"], where, depth) and integral(body["rhs"], where, depth)
    if kind == "ArithExpr" and body["op"] == "Mul":
        return _product(body, where, depth)
    if kind == "Var" and depth < 5:
        value = where.assigned.get(str(body["value"]))
        return value is not None and integral(value, where, depth + 1)
    return False


def _product(body: Tree, where: RulePlace, depth: int) -> bool:
    sides = (body["lhs"], body["rhs"])
    factor = any("Number" in side and _small(side, LARGEST_FACTOR) for side in sides)
    return factor and all(integral(side, where, depth) and "ArithExpr" not in side for side in sides)


def _small(tree: Tree, bound: int = 2**53) -> bool:
    value = tree["Number"]["value"]
    return isinstance(value, int) and abs(value) <= bound


def _is_set(tree: Tree, where: RulePlace) -> bool:
    (kind, body), *_ = tree.items()
    if kind == "Call":
        return ".".join(reference(body["fcn"]) or ()) in _SETS
    if kind == "Var":
        return where.resolved((str(body["value"]),)) in where.program.sets
    if kind == "ArithExpr" and body["op"] == "Sub":
        return _is_set(body["lhs"], where) or _is_set(body["rhs"], where)
    return kind in {"Set", "SetCompr", "BinExpr"}


def fractions(where: RulePlace, node: Node) -> Iterator[PolicyError]:
    """Refuse `0.1 + 0.2` and what may be such."""
    sides = (node.body["lhs"], node.body["rhs"])
    whole = {"ArithExpr": node.body}
    if node.body["op"] == "Sub" and any(_is_set(side, where) for side in sides):
        return
    divided = node.body["op"] == "Div" and all(integral(side, where) for side in sides)
    if not divided and not integral(whole, where):
        hint = "calculate with integers that are literals, `count(…)`, `round(…)`, `floor(…)` or `ceil(…)`"
        message = f"arithmetic with what may be a fraction or above 2⁵³ differs between engines{_factor(node)}"
        yield where.refused(node.line, message, hint)


def _factor(node: Node) -> str:
    return f"; one factor must be a literal up to {LARGEST_FACTOR}" if node.body["op"] == "Mul" else ""


def negative(where: RulePlace, node: Node) -> Iterator[PolicyError]:
    """Refuse `-x`: the embedded engine knows a minus before a literal only."""
    if "Number" not in node.body["expr"]:
        yield where.refused(node.line, "the embedded engine has no minus before a term", "write `0 - x`")

"""Types that are plain from the text: OPA refuses what can never hold, the embedded engine evaluates it to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.rego.syntax.ast import reference
from changegate.rego.syntax.refusals.program import line_of, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.errors import PolicyError
    from changegate.rego.syntax.ast import Node, Tree
    from changegate.rego.syntax.refusals.program import RulePlace

_TYPES = {
    **{"String": "text", "RawString": "text", "Number": "number", "True": "boolean", "False": "boolean"},
    **{"Bool": "boolean", "Null": "null", "Array": "array", "ArrayCompr": "array"},
    **{"Object": "object", "ObjectCompr": "object", "Set": "set", "SetCompr": "set"},
}


def _literal(where: RulePlace, tree: Tree) -> Tree | None:
    """The literal that a term is, also by the name of a rule or variable that is nothing else."""
    if "Var" not in tree and not {"RefDot"} & tree.keys():
        return tree
    path = reference(tree) or ()
    if path[:1] and path[0] in where.local:
        return where.assigned.get(path[0]) if len(path) == 1 else None
    return where.program.constants.get(where.resolved(path))


def _type(where: RulePlace, tree: Tree) -> str:
    literal = _literal(where, tree)
    return "" if literal is None else next((_TYPES[kind] for kind in literal if kind in _TYPES), "")


def never_equal(where: RulePlace, node: Node) -> Iterator[PolicyError]:
    """Refuse `==` between values of two types."""
    if node.body["op"] not in {"Eq", "ColEq"} or (node.kind == "AssignExpr" and node.body["op"] == "ColEq"):
        return
    sides = [_type(where, node.body[side]) for side in ("lhs", "rhs")]
    if all(sides) and sides[0] != sides[1]:
        message = f"a {sides[0]} never equals a {sides[1]}"
        yield where.refused(node.line, message, "compare values of one type")


def missing(where: RulePlace, node: Node) -> Iterator[PolicyError]:
    """Refuse to reach into a literal for what is not in it."""
    if "refr" not in node.body or id(node.body) in where.named:
        return
    literal = _literal(where, node.body["refr"])
    if literal is None or _may_hold(literal, node):
        return
    whole = shown({node.kind: node.body}) or "that"
    hint = "there is no such key: mend the name, or use `object.get`"
    yield where.refused(line_of({node.kind: node.body}), f"{whole} is never there", hint)


def _may_hold(literal: Tree, node: Node) -> bool:
    (kind, body), *_ = literal.items()
    if kind in {"String", "RawString", "Number", "Bool", "True", "False", "Null"}:
        return False
    key = node.body["index"] if node.kind == "RefBrack" else {"String": {"value": node.body["field"][1]}}
    (sort, value), *_ = key.items()
    if kind == "Array" and sort == "Number":
        return isinstance(value["value"], int) and 0 <= value["value"] < len(body["items"])
    if kind == "Array":
        return sort not in {"String", "RawString", "Null", "Bool"}
    if kind == "Object" and sort in {"String", "Number"}:
        keys = [field[1] for field in body["fields"]]
        plain = all({"String", "Number"} & one.keys() for one in keys)
        return not plain or any(sort in one and one[sort]["value"] == value["value"] for one in keys)
    return True

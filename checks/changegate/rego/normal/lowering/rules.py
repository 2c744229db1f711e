"""Rules: heads, parameters and branches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.records import NamedTuple
from changegate.rego.normal.forms import ArrayTerm, Const, LoweredBranch, LoweredRule, ObjectTerm, Term, Var
from changegate.rego.normal.lowering.expansion import evaluated
from changegate.rego.normal.lowering.indexed import check_index
from changegate.rego.normal.lowering.names import Frame
from changegate.rego.normal.lowering.trees import field_of, head_path, line_of
from changegate.rego.normal.values import TRUE

if TYPE_CHECKING:
    from changegate.rego.normal.lowering.lowering import Lowering
    from changegate.rego.normal.lowering.trees import Path
    from changegate.rego.syntax.ast import Node, Tree


def lower_rule(lowering: Lowering, rule: Node) -> LoweredRule:
    """Lower one rule of the module.

    Raises:
        PolicyError: It has a form that has no place in the normal form; names its line.
    """
    return _lower(lowering, rule.kind, rule.body)


def _lower(lowering: Lowering, kind: str, body: Tree) -> LoweredRule:
    lowering.start()
    name, tree, head = head_path(body)
    line = line_of(tree)
    if kind == "Default":
        given = body.get("args") or []
        args: list[Term] = [Var(f"_#{number}") for number, _ in enumerate(given)]
        value = lowering.term(body["value"])
        path = (*lowering.module.package, *name)
        branch = LoweredBranch(line, value, [], args)
        return LoweredRule(
            lowering.module.file, line, path, "function" if given else "complete", [branch], is_default=True
        )
    return _lower_spec(lowering, body, head, line)


def _lower_spec(lowering: Lowering, body: Tree, head: Tree, line: int) -> LoweredRule:
    ((shape, _),) = body["head"].items()
    bodies = body["bodies"]
    name, keys = _head_parts(lowering, head["refr"])
    parts = _Head(line, head["args"] if shape == "Func" else [], keys)
    branches = []
    for number, one in enumerate(bodies or [None]):
        if number and not one["is_else"]:
            raise lowering.no_form(int(one["span"]["line"]), "a second body without `else`", "write a second rule")
        assign = (one["assign"] if number else head.get("assign")) if one is not None else head.get("assign")
        made = head["key"] if shape == "Set" else (assign or {}).get("value")
        branches.append(_branch(lowering, one, made, parts))
    if len(branches) > 1 and shape == "Set":
        raise lowering.refused(line, "`else` stands behind a rule with several values", "write another rule")
    kind = {"Set": "set", "Func": "function"}.get(shape, "complete")
    path = (*lowering.module.package, *name)
    return LoweredRule(lowering.module.file, line, path, kind, branches)


def _head_parts(lowering: Lowering, tree: Tree) -> tuple[Path, list[Tree]]:
    """The plain start of a head, and the trees of what follows."""
    parts: list[Tree] = []
    while "Var" not in tree:
        ((kind, body),) = tree.items()
        if kind == "RefDot":
            parts.append({"String": {"value": field_of(body), "span": body["span"]}})
        else:
            parts.append(body["index"])
        tree = body["refr"]
    parts.reverse()
    plain = [str(tree["Var"]["value"])]
    while parts and "String" in parts[0]:
        plain.append(str(parts.pop(0)["String"]["value"]))
    return tuple(plain), parts


class _Head(NamedTuple):
    """What the branches of a rule share."""

    line: int
    given: list[Tree]
    """The parameters."""
    keys: list[Tree]
    """What follows the plain start of its name."""


def _branch(lowering: Lowering, body: Tree | None, made: Tree | None, head: _Head) -> LoweredBranch:
    statements = body["query"]["stmts"] if body is not None else []
    frame = Frame(lowering.declared(statements))
    lowering.frames = [Frame(set()), frame]
    args = [_parameter(lowering, one) for one in head.given]
    at = int(body["span"]["line"]) if body is not None and body.get("is_else") else head.line
    lowered = lowering.statements(statements)
    check_index(lowering, lowered)
    before = len(lowered)
    key_terms = [evaluated(lowering, one, lowered, head.line) for one in head.keys]
    value = evaluated(lowering, made, lowered, line_of(made)) if made is not None else Const(TRUE)
    if len(lowered) > before:
        lowering.check_body(statements)
    lowering.check_used(frame, lowered, [value, *key_terms])
    lowering.frames = []
    return LoweredBranch(at, value, lowered, args, key_terms)


def _parameter(lowering: Lowering, tree: Tree) -> Term:
    """A parameter: its variables are declared by it, and one that stands twice is the same."""
    ((kind, body),) = tree.items()
    if kind == "Var":
        name = str(body["value"])
        if name == "_":
            return Var(lowering.fresh("_"))
        frame = lowering.frames[0]
        frame.names.setdefault(name, lowering.fresh(name))
        return Var(frame.names[name])
    if kind == "Array":
        return ArrayTerm([_parameter(lowering, one) for one in body["items"]])
    if kind == "Object":
        return ObjectTerm([(lowering.term(field[-2]), _parameter(lowering, field[-1])) for field in body["fields"]])
    return lowering.term(tree)

"""Statements: each kind with how it is lowered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.rego.normal.forms import (
    ArrayTerm,
    Call,
    CallTerm,
    Compr,
    Every,
    Form,
    Holds,
    Not,
    NotBody,
    ObjectTerm,
    Print,
    RefTerm,
    Term,
    Unify,
    Var,
)
from changegate.rego.normal.lowering.expansion import expanded
from changegate.rego.normal.lowering.names import Frame
from changegate.rego.normal.lowering.withs import lower_with

if TYPE_CHECKING:
    from collections.abc import Callable

    from changegate.rego.normal.lowering.lowering import Lowering
    from changegate.rego.syntax.ast import Tree


def lower_statement(lowering: Lowering, tree: Tree, out: list[Form]) -> None:
    """Add the statements that a statement is, each with what `with` puts in place for all of them."""
    ((kind, body),) = tree["literal"].items()
    withs = [lower_with(lowering, one, out) for one in tree.get("with_mods") or ()]
    made = STATEMENTS[kind](lowering, body, int(tree["span"]["line"]))
    for one in made if withs else ():
        one.withs = withs
    out += made


def _some_vars(lowering: Lowering, body: Tree, line: int) -> list[Form]:
    for name in body["vars"]:
        lowering.declare(name, line, by_some=True)
    return []


def _some_in(lowering: Lowering, body: Tree, line: int) -> list[Form]:
    made: list[Form] = []
    collection = expanded(lowering, lowering.term(body["collection"]), made, line)
    value = _declaring(lowering, body["value"], line, by_some=True)
    key = _declaring(lowering, body["key"], line, by_some=True) if body["key"] is not None else Var(lowering.fresh("_"))
    if not isinstance(collection, RefTerm):
        collection = _subject(lowering, collection, made, line)
    else:
        collection = RefTerm(collection.head, list(collection.parts), collection.line)
    collection.parts.append(expanded(lowering, key, made, line))
    pattern = expanded(lowering, value, made, line)
    return [*made, Unify(line, pattern, collection)]


def _subject(lowering: Lowering, term: Term, out: list[Form], line: int) -> RefTerm:
    """A reference whose head is a variable, where one may stand for the term."""
    if isinstance(term, Var):
        return RefTerm(term, [], line)
    name = Var(lowering.fresh("t"))
    out.append(Unify(line, name, term))
    return RefTerm(name, [], line)


def _declaring(lowering: Lowering, tree: Tree, line: int, *, by_some: bool = False) -> Term:
    """A pattern whose variables are declared by it."""
    ((kind, body),) = tree.items()
    if kind == "Var":
        return Var(lowering.declare(str(body["value"]), line, by_some=by_some))
    if kind == "Array":
        return ArrayTerm([_declaring(lowering, one, line, by_some=by_some) for one in body["items"]])
    if kind == "Object":
        fields = body["fields"]
        return ObjectTerm(
            [(lowering.term(field[-2]), _declaring(lowering, field[-1], line, by_some=by_some)) for field in fields]
        )
    if not by_some:
        raise lowering.refused(line, "`:=` assigns to what is no variable", "write `==` to compare")
    return lowering.term(tree)


def _every(lowering: Lowering, body: Tree, line: int) -> list[Form]:
    made: list[Form] = []
    domain = Var(lowering.fresh("t"))
    collection = expanded(lowering, lowering.term(body["domain"]), made, line)
    made.append(Unify(line, domain, collection))
    frame = Frame(lowering.declared(body["query"]["stmts"]))
    lowering.frames.append(frame)
    key = lowering.declare(body["key"], line, by_some=True) if body["key"] else None
    value = lowering.declare(body["value"], line, by_some=True)
    inner = lowering.statements(body["query"]["stmts"])
    lowering.check_used(frame, inner, ())
    lowering.frames.pop()
    return [*made, Every(line, key, value, domain, inner)]


def _negated(lowering: Lowering, body: Tree, line: int) -> list[Form]:
    expression = body["expr"]
    if "AssignExpr" in expression and expression["AssignExpr"]["op"] == "ColEq":
        raise lowering.refused(line, "`:=` stands in a negation", "assign before the negation")
    if lowering.has_bodies and {"Set", "Object", "SetCompr", "ObjectCompr", "Query"} & expression.keys():
        hint = "give the body a rule of its own, and write `not that_rule`"
        raise lowering.no_form(line, "`not { … }` has no form on the embedded engine", hint)
    *made, last = _expression(lowering, expression, line)
    if isinstance(last, Print):
        raise lowering.refused(line, "`print` stands in a negation", "write `print(…)` without `not`")
    return [NotBody(line, [*made, last])] if lowering.has_bodies else [*made, Not(line, last)]


def _expression(lowering: Lowering, tree: Tree, line: int) -> list[Form]:
    """The statements that an expression is; the last is the expression itself."""
    ((kind, body),) = tree.items()
    if kind == "AssignExpr":
        return _assigned(lowering, body, line)
    made: list[Form] = []
    if kind == "BoolExpr" and body["op"] == "Eq":
        left = expanded(lowering, lowering.term(body["lhs"]), made, line)
        right = expanded(lowering, lowering.term(body["rhs"]), made, line)
        return [*made, Unify(line, left, right, is_comparison=True)]
    term = lowering.term(tree)
    if isinstance(term, CallTerm):
        if term.name == ("print",):
            return [Print(line, [_printed(lowering, one, line) for one in term.args])]
        args = [expanded(lowering, one, made, line) for one in term.args]
        return [*made, Call(line, term.name, args)]
    held = expanded(lowering, term, made, line)
    return [*made, Holds(line, held)]


def _assigned(lowering: Lowering, body: Tree, line: int) -> list[Form]:
    """`x := …` declares what stands on its left; `x = …` does not."""
    made: list[Form] = []
    right = expanded(lowering, lowering.term(body["rhs"]), made, line)
    is_assignment = body["op"] == "ColEq"
    if is_assignment:
        left = _declaring(lowering, body["lhs"], line)
    else:
        first: list[Form] = []
        left = expanded(lowering, lowering.term(body["lhs"]), first, line)
        made = [*first, *made]
    return [*made, Unify(line, left, right, is_assignment)]


def _printed(lowering: Lowering, term: Term, line: int) -> Term:
    """What `print` shows of an operand: all its values, or none."""
    body: list[Form] = []
    name = Var(lowering.fresh("p"))
    inner = expanded(lowering, term, body, line)
    body.append(Unify(line, name, inner))
    return Compr("set", None, name, body)


STATEMENTS: dict[str, Callable[[Lowering, Any, int], list[Form]]] = {
    "Every": _every,
    "Expr": lambda lowering, body, line: _expression(lowering, body["expr"], line),
    "NotExpr": _negated,
    "SomeIn": _some_in,
    "SomeVars": _some_vars,
}
"""Kind of a statement -> how it is lowered. The parser gives no others."""

"""Calls are taken out of terms: each becomes a statement before the one that it stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.rego.normal import forms
from changegate.rego.normal.forms import (
    ArrayTerm,
    Call,
    CallTerm,
    Compr,
    Form,
    ObjectTerm,
    RefTerm,
    SetTerm,
    Term,
    Unify,
    Var,
    every_term,
)

if TYPE_CHECKING:
    from changegate.rego.normal.lowering.lowering import Lowering
    from changegate.rego.syntax.ast import Tree


def evaluated(lowering: Lowering, tree: Tree, out: list[Form], line: int) -> Term:
    """Lower a term so that it needs nothing but variables: what it calls and reaches into is added before."""
    return _bound_early(lowering, expanded(lowering, lowering.term(tree), out, line), out, line)


def expanded(lowering: Lowering, term: Term, out: list[Form], line: int) -> Term:
    """Take the calls out of a term: each becomes a statement before."""
    if isinstance(term, CallTerm):
        if term.name == ("print",):
            raise lowering.refused(term.line, "`print` has no value", "write it as a line of its own")
        args = [expanded(lowering, one, out, line) for one in term.args]
        result = Var(lowering.fresh("t"))
        out.append(Call(term.line, term.name, [*args, result]))
        return result
    if isinstance(term, RefTerm):
        parts = [expanded(lowering, one, out, line) for one in term.parts]
        head = expanded(lowering, term.head, out, line) if term.head not in forms.ROOTS else term.head
        if not isinstance(head, Var):
            name = Var(lowering.fresh("t"))
            out.append(Unify(line, name, head))
            head = name
        return RefTerm(head, parts, term.line)
    if isinstance(term, ArrayTerm):
        return ArrayTerm([expanded(lowering, one, out, line) for one in term.items])
    if isinstance(term, SetTerm):
        return SetTerm([expanded(lowering, one, out, line) for one in term.items])
    if isinstance(term, ObjectTerm):
        return ObjectTerm([(expanded(lowering, k, out, line), expanded(lowering, v, out, line)) for k, v in term.pairs])
    return term


def _bound_early(lowering: Lowering, term: Term, out: list[Form], line: int) -> Term:
    """Bind a term of a head to a variable, where it has to be evaluated."""
    if not any(isinstance(one, (RefTerm, Compr)) for one in every_term(term)):
        return term
    name = Var(lowering.fresh("t"))
    out.append(Unify(line, name, term))
    return name

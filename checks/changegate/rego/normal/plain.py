"""Binds early what a statement looks up early, as OPA does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from changegate.rego.normal.forms import (
    ArrayTerm,
    Call,
    Compr,
    Every,
    Form,
    Holds,
    Not,
    ObjectTerm,
    RefTerm,
    SetTerm,
    Term,
    Unify,
    Var,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def plain(body: list[Form], fresh: Callable[[], str]) -> list[Form]:
    """Bind what the statements of an ordered body look up before anything else, in statements before them.

    `f(input.x)` becomes `t = input.x; f(t)`, and so does what stands in `not`. Both sides of `=` are looked up by it.
    """
    made: list[Form] = []
    for one in body:
        inner = _with_plain(one.inner if isinstance(one, Not) else one, one, made, fresh)
        made.append(replace(one, inner=inner) if isinstance(one, Not) else inner)
    return made


def _with_plain(inner: Form, one: Form, out: list[Form], fresh: Callable[[], str]) -> Form:
    """A copy of a statement with plain operands."""
    if isinstance(inner, Unify):
        left = _inside(inner.left, one, out, fresh)
        return replace(inner, left=left, right=_inside(inner.right, one, out, fresh))
    if isinstance(inner, Call):
        return replace(inner, args=[_plain(term, one, out, fresh) for term in inner.args])
    if isinstance(inner, Every):
        return replace(inner, domain=_plain(inner.domain, one, out, fresh))
    if isinstance(inner, Holds):
        return replace(inner, term=_inside(inner.term, one, out, fresh))
    return inner


def _inside(term: Term, one: Form, out: list[Form], fresh: Callable[[], str]) -> Term:
    if isinstance(term, RefTerm):
        return RefTerm(term.head, [_plain(part, one, out, fresh) for part in term.parts], term.line)
    if isinstance(term, Compr):
        return term
    return _plain(term, one, out, fresh)


def _plain(term: Term, one: Form, out: list[Form], fresh: Callable[[], str]) -> Term:
    if isinstance(term, (RefTerm, Compr)):
        if isinstance(term, RefTerm):
            term = RefTerm(term.head, [_plain(part, one, out, fresh) for part in term.parts], term.line)
        name = Var(fresh())
        out.append(Unify(one.line, name, term, withs=one.withs))
        return name
    if isinstance(term, ArrayTerm):
        return ArrayTerm([_plain(item, one, out, fresh) for item in term.items])
    if isinstance(term, SetTerm):
        return SetTerm([_plain(item, one, out, fresh) for item in term.items])
    if isinstance(term, ObjectTerm):
        return ObjectTerm([(_plain(k, one, out, fresh), _plain(v, one, out, fresh)) for k, v in term.pairs])
    return term

"""Bodies that OPA's index of rules reads otherwise than their words: refused, since its answer is none to be relied on.

OPA 1.22 takes `x in input.some` for `x == input.some` where a plain comparison of `x` follows: such a rule does not
fire there. In the other order both engines answer alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.rego.normal.forms import (
    ArrayTerm,
    Call,
    Const,
    Form,
    ObjectTerm,
    RefTerm,
    SetTerm,
    Term,
    Unify,
    Var,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from changegate.rego.normal.lowering.lowering import Lowering

_MEMBER = ("internal.member_2",)
_LITERALS = (ArrayTerm, Const, ObjectTerm, SetTerm)


def check_index(lowering: Lowering, body: Iterable[Form]) -> None:
    """Refuse `x in input.some` above a comparison of `x` with what is written out, in the body of a rule.

    Raises:
        PolicyError: At the comparison.
    """
    bound: dict[str, Term] = {}
    members: set[str] = set()
    for one in body:
        if isinstance(one, Call) and one.name == _MEMBER:
            name, among = one.args[0], _meant(one.args[1], bound)
            if isinstance(name, Var) and isinstance(among, RefTerm):
                members.add(name.name)
            elif isinstance(name, Var) and name.name in members and isinstance(among, _LITERALS):
                raise _refused(lowering, one.line)
        if isinstance(one, Unify):
            for name, other in ((one.left, one.right), (one.right, one.left)):
                if isinstance(name, Var) and name.name in members and isinstance(_meant(other, bound), _LITERALS):
                    raise _refused(lowering, one.line)
                if isinstance(name, Var):
                    bound.setdefault(name.name, other)


def _meant(term: Term, bound: dict[str, Term]) -> Term:
    """What a variable was bound to before."""
    return bound.get(term.name, term) if isinstance(term, Var) else term


def _refused(lowering: Lowering, line: int) -> Exception:
    message = "what is compared here is looked for with `in` above, and OPA's index of rules would leave the rule out"
    return lowering.refused(line, message, "write this line above that one")

"""Patterns: values are held against terms, whose variables take their values from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.rego.normal.forms import DATA, INPUT, ArrayTerm, Const, ObjectTerm, Term, Var
from changegate.rego.normal.values import UNDEFINED, Obj

if TYPE_CHECKING:
    from changegate.rego.normal.coding.coder import Coder
    from changegate.rego.normal.evaluation import Env


def pattern(coder: Coder, term: Term, bound: set[str]) -> Any:
    """A function that holds a value against a pattern; adds what it gives values to `bound`."""
    if isinstance(term, Var) and term not in (INPUT, DATA) and term.name not in bound:
        slot = coder.slot(term.name)
        bound.add(term.name)

        def assign(env: Env, value: Any) -> bool:
            env[slot] = value
            return True

        return assign
    if isinstance(term, Const):
        constant = term.value
        return lambda _, value: value == constant
    if isinstance(term, ArrayTerm) and not coder.is_direct(term, frozenset(bound)):
        parts = [pattern(coder, one, bound) for one in term.items]
        size = len(parts)

        def array(env: Env, value: Any) -> bool:
            if type(value) is not tuple or len(value) != size:
                return False
            return all(part(env, one) for part, one in zip(parts, value, strict=True))

        return array
    if isinstance(term, ObjectTerm) and not coder.is_direct(term, frozenset(bound)):
        fields = [(coder.direct(key, frozenset(bound)), pattern(coder, one, bound)) for key, one in term.pairs]

        def fits(env: Env, value: Any) -> bool:
            if type(value) is not Obj or len(value) != len(fields):
                return False
            for key, part in fields:
                found = value.get(key(env), UNDEFINED)
                if found is UNDEFINED or not part(env, found):
                    return False
            return True

        return fits
    known = coder.direct(term, frozenset(bound))
    return lambda env, value: known(env) == value


def assigning(value: Any, slot: int, then: Any) -> Any:
    """A function that gives a variable a value, and goes on; it stops where there is none."""

    def assigned(env: Env) -> Any:
        found = value(env)
        if found is UNDEFINED:
            return False
        env[slot] = found
        return then(env)

    return assigned


def matching(value: Any, match: Any, then: Any) -> Any:
    """A function that holds a value against a pattern, and goes on where it fits."""

    def matched(env: Env) -> Any:
        found = value(env)
        if found is UNDEFINED or not match(env, found):
            return False
        return then(env)

    return matched

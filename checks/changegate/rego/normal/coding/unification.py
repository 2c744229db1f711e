"""Unification: what holds where two terms are equal, and gives their variables values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.rego.normal.coding.patterns import assigning, matching, pattern
from changegate.rego.normal.coding.references import enumerate_reference
from changegate.rego.normal.forms import DATA, INPUT, ArrayTerm, ObjectTerm, RefTerm, Term, Unify, Var, variables
from changegate.rego.normal.safety import UnsafeError
from changegate.rego.normal.values import UNDEFINED

if TYPE_CHECKING:
    from changegate.rego.normal.coding.coder import Coder
    from changegate.rego.normal.evaluation import Env


def code_unification(coder: Coder, whole: Unify, bound: frozenset[str], then: Any) -> Any:
    """Make a function that holds where two terms are equal, and gives their variables values."""
    left, right = whole.left, whole.right
    if coder.is_direct(right, bound) and not coder.is_direct(left, bound):
        left, right = right, left
    if coder.is_direct(left, bound):
        return _equal_to_known(coder, left, right, bound, then)
    for one, other in ((left, right), (right, left)):
        if isinstance(one, RefTerm) and coder.has_head(one, bound):
            return _equal_to_each(coder, (one, other, whole.line), bound, then)
    return _equal_in_parts(coder, whole, bound, then)


def _equal_to_known(coder: Coder, left: Term, right: Term, bound: frozenset[str], then: Any) -> Any:
    """Hold a term of which all is known against another one."""
    value = coder.direct(left, bound)
    if isinstance(right, RefTerm) and not coder.is_direct(right, bound):

        def equal(env: Env, found: Any) -> Any:
            return then(env) if found == env[slot] else False

        slot = coder.spare()
        each = enumerate_reference(coder, right, bound, equal)

        def start(env: Env) -> Any:
            made = value(env)
            if made is UNDEFINED:
                return False
            env[slot] = made
            return each(env)

        return start
    if isinstance(right, Var) and right not in (INPUT, DATA) and right.name not in bound:
        return assigning(value, coder.slot(right.name), then)
    return matching(value, pattern(coder, right, set(bound)), then)


def _equal_to_each(coder: Coder, pair: tuple[RefTerm, Term, int], bound: frozenset[str], then: Any) -> Any:
    """Hold each value of a reference against another term."""
    one, other, line = pair
    known = bound | frozenset(variables(one))
    if isinstance(other, RefTerm) and not coder.is_direct(other, known):
        slot = coder.spare()
        name = f"each#{slot}"
        coder.slots[name] = slot
        inner = code_unification(coder, Unify(line, Var(name), other), known | {name}, then)

        def hold(env: Env, found: Any) -> Any:
            env[slot] = found
            return inner(env)

        return enumerate_reference(coder, one, bound, hold)
    match = pattern(coder, other, set(known))

    def each(env: Env, found: Any) -> Any:
        return then(env) if match(env, found) else False

    return enumerate_reference(coder, one, bound, each)


def _equal_in_parts(coder: Coder, whole: Unify, bound: frozenset[str], then: Any) -> Any:
    """Two literals, part by part: first those of which one side is known."""
    parts = _paired(whole.left, whole.right)
    if parts is None:
        return _never
    chain: list[tuple[Term, Term, frozenset[str]]] = []
    waiting, known = parts, bound
    while waiting:
        ready = next((pair for pair in waiting if _is_ready(coder, *pair, known)), None)
        if ready is None:
            name = next(name for pair in waiting for term in pair for name in variables(term) if name not in known)
            raise coder.unsafe(UnsafeError(name, whole.line))
        chain.append((*ready, known))
        waiting = [pair for pair in waiting if pair is not ready]
        known |= frozenset(variables(ready[0])) | frozenset(variables(ready[1]))
    for one, other, before in reversed(chain):
        then = code_unification(coder, Unify(whole.line, one, other), before, then)
    return then


def _is_ready(coder: Coder, left: Term, right: Term, bound: frozenset[str]) -> bool:
    """Whether two terms can be held against each other: of one of them all is known."""
    if coder.is_direct(left, bound) or coder.is_direct(right, bound):
        return True
    if not isinstance(left, Var) and not isinstance(right, Var):
        parts = _paired(left, right)
        return parts is None or all(_is_ready(coder, *pair, bound) for pair in parts)
    return False


def _paired(left: Term, right: Term) -> list[tuple[Term, Term]] | None:
    """The parts of two literals that must equal each other; nothing where they never do."""
    if isinstance(left, ArrayTerm) and isinstance(right, ArrayTerm):
        return list(zip(left.items, right.items, strict=True)) if len(left.items) == len(right.items) else None
    if isinstance(left, ObjectTerm) and isinstance(right, ObjectTerm) and len(left.pairs) == len(right.pairs):
        found = []
        for key, value in left.pairs:
            other = next((two for one, two in right.pairs if one == key), None)
            if other is None:
                return None
            found.append((value, other))
        return found
    return [(left, right)] if isinstance(left, Var) or isinstance(right, Var) else None


def _never(_: Env) -> bool:
    return False

"""The order in which a body can be evaluated, as OPA finds it: a statement waits until what it needs has a value.

Source: `reorderBodyForSafety` of OPA's compiler, and its unification of what is not known yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.rego.normal.forms import (
    ROOTS,
    ArrayTerm,
    Call,
    Compr,
    Const,
    Every,
    Form,
    Holds,
    Not,
    NotBody,
    ObjectTerm,
    RefTerm,
    SetTerm,
    Term,
    Unify,
    Var,
    closures,
    every_term,
    operands,
    variables,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Arity = "Callable[[tuple[str, ...]], int]"


class UnsafeError(Exception):
    """A variable that nothing gives a value."""

    def __init__(self, name: str, line: int) -> None:
        """Say which, and where."""
        super().__init__(name)
        self.name, self.line = name, line


def ordered(body: list[Form], bound: frozenset[str], arity: Callable[[tuple[str, ...]], int]) -> list[Form]:
    """Put a body into an order in which each statement has what it needs.

    Args:
        body: The statements as they are written.
        bound: What has a value already.
        arity: How many operands a builtin or function takes.

    Raises:
        UnsafeError: There is none.
    """
    named = {id(one): frozenset(_names(one)) for one in body}
    all_names = frozenset().union(*named.values())
    missing = {id(one): set(named[id(one)] - bound) for one in body}
    safe = set(bound & all_names)
    placed: list[Form] = []
    given: set[str] = set()
    waiting = list(body)
    while waiting:
        left = []
        for one in waiting:
            gives = outputs(one, frozenset(safe | bound), arity)
            needed = _closed_over(one) & all_names - bound - given
            if needed and needed == gives:
                left.append(one)
                continue
            if needed:
                missing[id(one)] |= needed
            missing[id(one)] -= gives | safe
            if missing[id(one)]:
                left.append(one)
            else:
                placed.append(one)
                safe |= gives
                given |= gives
        if len(left) == len(waiting):
            first = left[0]
            names = missing[id(first)] or _closed_over(first)
            raise UnsafeError(min(names), first.line)
        waiting = left
    return placed


def _names(statement: Form) -> Iterable[str]:
    for term in operands(statement):
        yield from variables(term)


def _closed_over(statement: Form) -> frozenset[str]:
    """The variables that bodies in a statement name."""
    found: set[str] = set()
    for one in closures(statement):
        found |= _in_closure(one)
    return frozenset(found)


def _in_closure(one: Compr | Every | NotBody) -> set[str]:
    terms: list[Term] = []
    own: set[str] = set()
    if isinstance(one, Compr):
        terms = [one.value, *([one.key] if one.key is not None else [])]
    elif isinstance(one, Every):
        own = {name for name in (one.key, one.value) if name}
    found: set[str] = set()
    for statement in one.body:
        found |= set(_names(statement)) | _closed_over(statement)
    for term in terms:
        found |= set(variables(term))
    return found - own


def outputs(  # noqa: PLR0911  (a form each)
    statement: Form, safe: frozenset[str], arity: Callable[[tuple[str, ...]], int]
) -> frozenset[str]:
    """The variables that have a value once a statement holds, beyond those that have one already."""
    if isinstance(statement, (Not, NotBody)):
        return frozenset()
    if any(set(variables(value)) - safe for _, value in statement.withs if not isinstance(value, tuple)):
        return frozenset()
    if isinstance(statement, Holds):
        return _of_references([statement.term], safe) - safe
    if isinstance(statement, Unify):
        return _of_unification(statement, safe)
    if isinstance(statement, Call):
        return _of_call(statement, safe, arity(statement.name))
    if isinstance(statement, Every):
        return _of_references([statement.domain], safe) - safe
    return frozenset()


def _of_references(terms: Iterable[Term], safe: frozenset[str] | set[str]) -> frozenset[str]:
    """What references give that reach into something: `i` of `input.list[i]`."""
    found: set[str] = set()
    stack = list(terms)
    while stack:
        term = stack.pop()
        if isinstance(term, RefTerm):
            if not _is_safe(term.head, safe):
                continue
            for part in term.parts:
                found |= set(variables(part))
            stack.extend(term.parts)
        elif not isinstance(term, Compr):
            stack.extend(_below(term))
    return frozenset(found)


def _below(term: Term) -> Iterable[Term]:
    return [one for one in every_term(term) if one is not term and isinstance(one, RefTerm)]


def _is_safe(head: Term, safe: frozenset[str] | set[str]) -> bool:
    return head in ROOTS or not isinstance(head, Var) or head.name in safe


def _of_call(statement: Call, safe: frozenset[str], takes: int) -> frozenset[str]:
    if takes < 0:
        return frozenset()
    given = set(_of_references(statement.args, safe))
    inputs = {name for term in statement.args[:takes] for name in _plain(term)}
    if inputs - given - safe:
        return frozenset() if len(statement.args) > takes else frozenset(given - safe)
    for term in statement.args[takes:]:
        given |= set(_plain(term))
    return frozenset(given - safe)


def _plain(term: Term) -> Iterable[str]:
    """The variables of a pattern: not those in sets, keys of objects, heads of references, comprehensions."""
    if isinstance(term, Var):
        if term not in ROOTS:
            yield term.name
    elif isinstance(term, RefTerm):
        for part in term.parts:
            yield from _plain(part)
    elif isinstance(term, ArrayTerm):
        for one in term.items:
            yield from _plain(one)
    elif isinstance(term, ObjectTerm):
        for _, value in term.pairs:
            yield from _plain(value)


def _of_unification(statement: Unify, safe: frozenset[str]) -> frozenset[str]:
    known = set(_of_references([statement.left, statement.right], safe)) | safe
    if statement.is_comparison:
        return frozenset(known - safe)
    if statement.is_assignment:
        known -= set(variables(statement.left)) - safe
    size = -1
    while size != len(known):
        size = len(known)
        _unify(statement.left, statement.right, known)
    return frozenset(known - safe)


def _unify(left: Term, right: Term, known: set[str]) -> None:
    """Mark what becomes known where two terms are made equal."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Var) and one not in ROOTS:
            if one.name in known:
                known.update(_plain(other) if isinstance(other, (ArrayTerm, ObjectTerm)) else _if_var(other))
            elif _has_value(other, known):
                known.add(one.name)
        elif (isinstance(one, RefTerm) and _is_safe(one.head, known)) or isinstance(one, (Compr, Const)):
            known.update(_plain(other) if isinstance(other, (ArrayTerm, ObjectTerm)) else _if_var(other))
    if isinstance(left, ArrayTerm) and isinstance(right, ArrayTerm) and len(left.items) == len(right.items):
        for one, other in zip(left.items, right.items, strict=True):
            _unify(one, other, known)
    if isinstance(left, ObjectTerm) and isinstance(right, ObjectTerm) and len(left.pairs) == len(right.pairs):
        pairs = [(value, _at(right, key)) for key, value in left.pairs]
        known_keys = [(one, other) for one, other in pairs if other is not None]
        for one, other in known_keys if len(known_keys) == len(pairs) else ():
            _unify(one, other, known)


def _at(term: ObjectTerm, key: Term) -> Term | None:
    return next((value for name, value in term.pairs if name == key), None)


def _if_var(term: Term) -> Iterable[str]:
    return [term.name] if isinstance(term, Var) and term not in ROOTS else []


def _has_value(term: Term, known: set[str]) -> bool:
    if isinstance(term, Var):
        return term in ROOTS or term.name in known
    if isinstance(term, RefTerm):
        return _is_safe(term.head, known)
    if isinstance(term, (ArrayTerm, ObjectTerm, SetTerm)):
        return set(variables(term)) <= known
    return True

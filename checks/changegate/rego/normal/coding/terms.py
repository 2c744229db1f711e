"""Terms that have one value at most, and the table of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.errors import PolicyError
from changegate.rego.normal.coding.references import reference
from changegate.rego.normal.forms import ArrayTerm, Compr, Const, ObjectTerm, RefTerm, SetTerm, Var
from changegate.rego.normal.safety import UnsafeError
from changegate.rego.normal.values import UNDEFINED, Obj

if TYPE_CHECKING:
    from collections.abc import Callable

    from changegate.rego.normal.coding.coder import Coder
    from changegate.rego.normal.evaluation import Env


def _constant(_: Coder, term: Const, __: frozenset[str]) -> Any:
    constant = term.value
    return lambda _: constant


def _variable(coder: Coder, term: Var, bound: frozenset[str]) -> Any:
    if term.name not in bound:
        raise coder.unsafe(UnsafeError(term.name, coder.branch.line))
    slot = coder.slot(term.name)
    return lambda env: env[slot]


def _object(coder: Coder, term: ObjectTerm, bound: frozenset[str]) -> Any:
    pairs = [(coder.direct(key, bound), coder.direct(value, bound)) for key, value in term.pairs]

    def made(env: Env) -> Any:
        found = Obj()
        for key, value in pairs:
            name, one = key(env), value(env)
            if name is UNDEFINED or one is UNDEFINED:
                return UNDEFINED
            found[name] = one
        return found

    return made


def _collection(coder: Coder, term: ArrayTerm | SetTerm, bound: frozenset[str]) -> Any:
    parts = [coder.direct(one, bound) for one in term.items]
    shape: Any = tuple if isinstance(term, ArrayTerm) else frozenset

    def collected(env: Env) -> Any:
        values = [part(env) for part in parts]
        return UNDEFINED if any(one is UNDEFINED for one in values) else shape(values)

    return collected


def comprehension(coder: Coder, term: Compr, bound: frozenset[str]) -> Any:
    """Make a function for the value of a comprehension."""
    slot = coder.spare()

    def end(known: frozenset[str]) -> Any:
        coder.check(term.value, known)
        value = coder.direct(term.value, known)
        if term.kind == "object" and term.key is not None:
            coder.check(term.key, known)
            return _entry(coder, coder.direct(term.key, known), value, slot)

        def add(env: Env) -> None:
            env[slot](value(env))

        return add

    body = coder.body(term.body, bound, end)
    if term.kind == "array":

        def array(env: Env) -> Any:
            found: list[Any] = []
            env[slot] = found.append
            body(env)
            return tuple(found)

        return array
    if term.kind == "set":

        def group(env: Env) -> Any:
            found: set[Any] = set()
            env[slot] = found.add
            body(env)
            return frozenset(found)

        return group

    def entries(env: Env) -> Any:
        found = Obj()
        env[slot] = found
        body(env)
        return found

    return entries


def _entry(coder: Coder, key: Any, value: Any, slot: int) -> Any:
    """Make a function that puts an entry into an object that is made."""
    rule = coder.rule

    def put(env: Env) -> None:
        found, name, one = env[slot], key(env), value(env)
        before = found.get(name, UNDEFINED)
        if before is UNDEFINED:
            found[name] = one
        elif before != one:
            words = "object comprehension produced multiple values for one key"
            raise PolicyError(words, hint="give each key one value", file=rule.file, line=rule.line)

    return put


TERMS: dict[type, Callable[..., Any]] = {
    ArrayTerm: _collection,
    Compr: comprehension,
    Const: _constant,
    ObjectTerm: _object,
    RefTerm: reference,
    SetTerm: _collection,
    Var: _variable,
}
"""Term of the normal form -> how a function for its value is made. There are no others."""

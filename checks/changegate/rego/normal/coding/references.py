"""References: into the input, into values, and down the tree of packages and rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.rego.normal.coding.patterns import pattern
from changegate.rego.normal.evaluation import CONTEXT, Env, at
from changegate.rego.normal.forms import DATA, INPUT, Const, RefTerm, Term, variables
from changegate.rego.normal.safety import UnsafeError
from changegate.rego.normal.values import UNDEFINED, Obj, in_order, inside, items

if TYPE_CHECKING:
    from changegate.rego.normal.coding.coder import Coder
    from changegate.rego.normal.machine import Machine
    from changegate.rego.normal.tree import TreePlace


def reference(coder: Coder, term: RefTerm, bound: frozenset[str]) -> Any:
    """A function for the value of a reference whose parts are all known."""
    if term.head == DATA:
        return _reference_to_data(coder, term, bound)
    keys = [coder.direct(part, bound) for part in term.parts]
    if term.head == INPUT:
        if all(isinstance(part, Const) for part in term.parts):
            return _into_input([part.value for part in term.parts if isinstance(part, Const)])

        def of_input(env: Env) -> Any:
            value = env[CONTEXT].input
            for key in keys:
                value = inside(value, key(env))
            return value

        return of_input
    head = coder.direct(term.head, bound)

    def reached(env: Env) -> Any:
        value = head(env)
        for key in keys:
            value = inside(value, key(env))
        return value

    return reached


def _reference_to_data(coder: Coder, term: RefTerm, bound: frozenset[str]) -> Any:
    """Make a function for the value of a reference to `data` whose parts are all known."""
    machine = coder.machine
    plain_parts: list[Any] = []
    for part in term.parts:
        if not isinstance(part, Const):
            break
        plain_parts.append(part.value)
    node, rest = machine.place(plain_parts)
    later = [coder.direct(part, bound) for part in term.parts[len(plain_parts) :]]
    if not later or node.holds_rules or (rest and not node.is_dynamic):
        keys = [coder.direct(Const(one), bound) for one in rest] + later
        return _from_node(machine, node, keys)
    return _walking(machine, node, later)


def enumerate_reference(coder: Coder, term: Term, bound: frozenset[str], each: Any) -> Any:
    """A function that gives each value of a reference, some of whose parts take theirs from it."""
    if not isinstance(term, RefTerm):
        raise coder.unsafe(UnsafeError(next(iter(variables(term))), coder.branch.line))
    known = set(bound)
    parts = [(isinstance(p, Const) or coder.is_direct(p, bound), p) for p in term.parts]
    first = next(number for number, (direct, _) in enumerate(parts) if not direct)
    matchers: list[tuple[Any, Any]] = []
    for _, part in parts[first:]:
        if coder.is_direct(part, frozenset(known)):
            matchers.append((coder.direct(part, frozenset(known)), None))
        else:
            matchers.append((None, pattern(coder, part, known)))
    if term.head == DATA:
        return _enumerate_data(coder, term, bound, matchers, each)
    start = reference(coder, RefTerm(term.head, term.parts[:first], term.line), bound)
    step = _steps(matchers, each)

    def begin(env: Env) -> Any:
        value = start(env)
        return False if value is UNDEFINED else step(env, value)

    return begin


def _enumerate_data(coder: Coder, term: RefTerm, bound: frozenset[str], matchers: list[Any], each: Any) -> Any:
    """Make a function that gives each value of a reference to `data`."""
    machine = coder.machine
    fixed = term.parts[: len(term.parts) - len(matchers)]
    if all(isinstance(part, Const) for part in fixed):
        node, rest = machine.place([part.value for part in fixed if isinstance(part, Const)])
        if not rest and not node.holds_rules:
            return lambda env: _tree_each(machine, node, at(env[CONTEXT].data, node.path), matchers, env, each)
    start = _reference_to_data(coder, RefTerm(DATA, fixed, term.line), bound)
    step = _steps(matchers, each)

    def begin(env: Env) -> Any:
        value = start(env)
        return False if value is UNDEFINED else step(env, value)

    return begin


def _into_input(path: list[Any]) -> Any:
    """Make a function that reaches into the input by a plain path."""

    def of_input(env: Env) -> Any:
        value = env[CONTEXT].input
        for key in path:
            value = value.get(key, UNDEFINED) if type(value) is Obj else inside(value, key)
        return value

    return of_input


def _from_node(machine: Machine, node: TreePlace, keys: list[Any]) -> Any:
    """The value of rules or a package, and what is reached in it."""
    if not keys:
        return lambda env: machine.value(env[CONTEXT], node)
    holds = node.holds_rules

    def reached(env: Env) -> Any:
        context = env[CONTEXT]
        if holds:
            value = machine.value(context, node)
            for key in keys:
                value = inside(value, key(env))
            return value
        value = at(context.data, node.path)
        for key in keys:
            value = _in_data(value, key(env))
        return value

    return reached


def _in_data(value: Any, key: Any) -> Any:
    """What is at a key of data: an integer names the text that it is written as, since JSON has no other keys."""
    if type(value) is Obj and type(key) is int:
        return value.get(str(key), UNDEFINED)
    return inside(value, key)


def _walking(machine: Machine, node: TreePlace, keys: list[Any]) -> Any:
    """A way down the tree whose next part is known only when it is asked for."""

    def reached(env: Env) -> Any:
        context, place = env[CONTEXT], node
        for number, key in enumerate(keys):
            if place.holds_rules:
                value = machine.value(context, place)
            else:
                name = key(env)
                below = place.children.get(name) if isinstance(name, str) else None
                if below is not None and not (context.hidden and machine.is_hidden(context, place.path)):
                    place = below
                    continue
                value = at(context.data, place.path)
            for rest in keys[number:]:
                value = inside(value, rest(env))
            return value
        return machine.value(context, place)

    return reached


def _tree_each(  # noqa: PLR0917  (it calls itself with them)
    machine: Machine, node: TreePlace, base: Any, matchers: list[Any], env: Env, each: Any
) -> Any:
    """Each way down the tree of packages."""
    context = env[CONTEXT]
    hidden = context.hidden and machine.is_hidden(context, node.path)
    if not matchers:
        value = base if hidden else machine.value(context, node)
        return False if value is UNDEFINED else each(env, value)
    if hidden:
        return False if base is UNDEFINED else _steps(matchers, each)(env, base)
    if node.holds_rules:
        value = machine.value(context, node)
        return False if value is UNDEFINED else _steps(matchers, each)(env, value)
    direct, match = matchers[0]
    names = set(node.children) | (set(base) if isinstance(base, Obj) else set())
    for name in [direct(env)] if direct is not None else in_order(names):
        if match is not None and not match(env, name):
            continue
        below = node.children.get(name) if isinstance(name, str) else None
        inner = inside(base, name) if isinstance(base, Obj) else UNDEFINED
        if below is not None:
            if _is_function(below):
                continue
            stop = _tree_each(machine, below, inner, matchers[1:], env, each)
        elif inner is UNDEFINED:
            continue
        else:
            stop = _steps(matchers[1:], each)(env, inner)
        if stop:
            return True
    return False


def _is_function(node: TreePlace) -> bool:
    """Whether there is nothing but a function at a place."""
    return bool(node.functions or node.fallbacks) and not node.holds_rules and not node.children


def _steps(matchers: list[Any], each: Any) -> Any:
    """A function that reaches into a value, key by key."""
    step = each
    for direct, match in reversed(matchers):
        step = _one_step(direct, match, step)
    return step


def _one_step(direct: Any, match: Any, then: Any) -> Any:
    if direct is not None:

        def known(env: Env, value: Any) -> Any:
            found = inside(value, direct(env))
            return False if found is UNDEFINED else then(env, found)

        return known

    def every(env: Env, value: Any) -> Any:
        pairs = items(value)
        return pairs is not None and any(match(env, key) and then(env, found) for key, found in pairs)

    return every

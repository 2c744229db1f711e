"""Statements that hold or do not: terms, negations, `every`, `print`, and `with` around any; and the table of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.rego.normal.coding.calls import code_call
from changegate.rego.normal.coding.references import enumerate_reference
from changegate.rego.normal.coding.unification import code_unification
from changegate.rego.normal.evaluation import CONTEXT, Env, Mock, Path
from changegate.rego.normal.forms import Call, Every, Form, Holds, Not, NotBody, Print, Term, Unify
from changegate.rego.normal.values import FALSE, UNDEFINED, in_order, items, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from changegate.rego.normal.coding.coder import Coder


def code_holds(coder: Coder, one: Holds, bound: frozenset[str], then: Any) -> Any:
    """Make a function of a term that must hold."""
    return _holding(coder, one.term, bound, then)


def _holding(coder: Coder, term: Term, bound: frozenset[str], then: Any) -> Any:
    """Make a function that goes on where a term is neither undefined nor false."""
    if coder.is_direct(term, bound):
        value = coder.direct(term, bound)

        def holds(env: Env) -> Any:
            found = value(env)
            if found is FALSE or found is UNDEFINED:
                return False
            return then(env)

        return holds

    def each(env: Env, found: Any) -> Any:
        return False if found is FALSE else then(env)

    return enumerate_reference(coder, term, bound, each)


def code_not(coder: Coder, one: Not, bound: frozenset[str], then: Any) -> Any:
    """Make a function of a negation whose operands were looked up before it."""
    inner = coder.plain_statement(one.inner, bound, _stop)

    def negated(env: Env) -> Any:
        return False if inner(env) else then(env)

    return negated


def code_not_body(coder: Coder, one: NotBody, bound: frozenset[str], then: Any) -> Any:
    """Make a function of a negation that looks up what it needs inside of itself."""
    inner = coder.body(one.body, bound, lambda _: _stop)
    return lambda env: False if inner(env) else then(env)


def code_every(coder: Coder, one: Every, bound: frozenset[str], then: Any) -> Any:
    """Make a function of `every`."""
    domain = coder.direct(one.domain, bound)
    key = coder.slot(one.key) if one.key else coder.spare()
    value = coder.slot(one.value)
    known = bound | {one.value} | ({one.key} if one.key else set())
    inner = coder.body(one.body, known, lambda _: _stop)

    def every(env: Env) -> Any:
        pairs = items(domain(env))
        if pairs is None:
            return False
        for number, item in pairs:
            env[key], env[value] = number, item
            if not inner(env):
                return False
        return then(env)

    return every


def code_print(coder: Coder, one: Print, bound: frozenset[str], then: Any) -> Any:
    """Make a function that keeps what `print` shows."""
    args = [coder.direct(term, bound) for term in one.args]
    place = f"{coder.rule.file}:{one.line}"

    def show(env: Env) -> Any:
        texts = [[_shown(value) for value in in_order(arg(env))] or ["<undefined>"] for arg in args]
        env[CONTEXT].run.prints += [f"{place}: {line}" for line in _shown_lines(texts)]
        return then(env)

    return show


def code_with(coder: Coder, one: Form, bound: frozenset[str], then: Any) -> Any:
    """Make a function that puts values in the place of others while a statement is evaluated."""
    saved = coder.spare()
    arities = coder.machine.arities
    pairs = [(target, _replacement(coder, one, target, value, bound)) for target, value in one.withs]

    def after(env: Env) -> Any:
        inner, env[CONTEXT] = env[CONTEXT], env[saved]
        stop = then(env)
        env[CONTEXT] = inner
        return stop

    step = coder.noted(one.line, coder.plain_statement(one, bound, after))

    def start(env: Env) -> Any:
        outer = env[CONTEXT]
        values = [(target, value(env)) for target, value in pairs]
        if any(value is UNDEFINED for _, value in values):
            return False
        before, env[saved] = env[saved], outer
        env[CONTEXT] = outer.replaced(_mocking(values, arities))
        try:
            return step(env)
        finally:
            env[CONTEXT] = outer
            env[saved] = before

    return start


def _replacement(coder: Coder, one: Form, target: Path, value: Any, bound: frozenset[str]) -> Any:
    """Make a function for what `with` puts in the place of something."""
    if isinstance(value, tuple):
        takes, given = (coder.machine.arity(name[name[0] == "builtin" :]) for name in (target, value))
        if takes != given:
            message = f"{'.'.join(value)} takes {given} arguments, and what it stands for takes {takes}"
            raise coder.refused(one.line, message, "put a function of as many in its place")
        mock = Mock(value)
        return lambda _: mock
    return coder.direct(value, bound)


def _mocking(values: list[tuple[Path, Any]], functions: Mapping[Path, int]) -> Iterable[tuple[Path, Any]]:
    """What stands in whose place: a value in the place of a function is an answer of it."""
    for target, value in values:
        is_function = (target[0] == "builtin" or target in functions) and not isinstance(value, Mock)
        yield target, Mock(None, value) if is_function else value


def _shown(value: Any) -> str:
    """A value as `print` shows it."""
    return value if isinstance(value, str) else written(value)


def _shown_lines(texts: list[list[str]]) -> list[str]:
    """The lines that `print` writes: one for each way to combine the values."""
    lines = [""]
    for number, options in enumerate(texts):
        lines = [f"{line} {one}" if number else one for line in lines for one in options]
    return lines


def _stop(_: Env) -> bool:
    """Say that nothing more has to be looked for."""
    return True


STATEMENTS: dict[type[Form], Callable[..., Any]] = {
    Call: code_call,
    Every: code_every,
    Holds: code_holds,
    Not: code_not,
    NotBody: code_not_body,
    Print: code_print,
    Unify: code_unification,
}
"""Statement of the normal form -> how a function is made of it. There are no others."""

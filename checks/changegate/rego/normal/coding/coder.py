"""Makes nested functions of one branch of a rule.

A body is a chain of functions, each of which calls the next once for each way in which it holds, and stops where the
next says so. Which variables have a value at which statement is known before, so that each function is made for its
case. What kind of statement or term is made how stands in two tables, `STATEMENTS` and `TERMS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.errors import PolicyError
from changegate.rego.normal.coding.patterns import pattern
from changegate.rego.normal.coding.statements import STATEMENTS, code_with
from changegate.rego.normal.coding.terms import TERMS
from changegate.rego.normal.evaluation import CONTEXT, FIRST, RESULT, Env, Evaluation
from changegate.rego.normal.forms import (
    DATA,
    INPUT,
    Const,
    Every,
    Form,
    LoweredBranch,
    Not,
    NotBody,
    Print,
    RefTerm,
    Term,
    Var,
    operands,
    variables,
)
from changegate.rego.normal.plain import plain
from changegate.rego.normal.safety import UnsafeError, ordered
from changegate.rego.normal.values import UNDEFINED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from changegate.rego.normal.compiled import CompiledRule
    from changegate.rego.normal.machine import Machine


class MadeBranch:
    """A branch as functions."""

    __slots__ = ("args", "body", "size")

    def __init__(self, size: int, args: list[Any], body: Any) -> None:
        self.size, self.args, self.body = size, args, body

    def env(self, context: Evaluation) -> Env:
        """A place for its variables."""
        env: Env = [None] * self.size
        env[CONTEXT] = context
        return env


class Coder:
    """Makes functions of one branch."""

    def __init__(self, machine: Machine, compiled: CompiledRule, branch: LoweredBranch) -> None:
        self.machine = machine
        self.rule = compiled.rule
        self.is_part = bool(compiled.prefix)
        self.branch = branch
        self.slots: dict[str, int] = {}
        self._next = FIRST
        self._names = 0

    def made(self) -> MadeBranch:
        """The branch as functions."""
        bound = set[str]()
        args = [pattern(self, term, bound) for term in self.branch.args]
        body = self.body(self.branch.body, frozenset(bound), self._end)
        return MadeBranch(self._next, args, body)

    def slot(self, name: str) -> int:
        """The place of a variable in an `Env`."""
        if name not in self.slots:
            self.slots[name] = self._next
            self._next += 1
        return self.slots[name]

    def spare(self) -> int:
        """A place of its own for what is no variable."""
        self._next += 1
        return self._next - 1

    def _fresh(self) -> str:
        self._names += 1
        return f"plain#{self._names}"

    def refused(self, line: int, message: str, hint: str) -> PolicyError:
        """An error at a line of the rule."""
        return PolicyError(message, hint=hint, file=self.rule.file, line=line)

    def body(self, statements: list[Form], bound: frozenset[str], end: Callable[[frozenset[str]], Any]) -> Any:
        """A chain of functions; `end` makes the last, for what has a value then."""
        try:
            placed = plain(ordered(statements, bound, self.machine.arity), self._fresh)
        except UnsafeError as unsafe:
            raise self.unsafe(unsafe) from None
        before = []
        for one in placed:
            before.append(bound)
            bound |= frozenset(_given(one))
        step = end(bound)
        for one, known in zip(reversed(placed), reversed(before), strict=True):
            step = self.statement(one, known, step)
        return step

    def unsafe(self, unsafe: UnsafeError) -> PolicyError:
        """That a variable has no value."""
        name = unsafe.name.partition("#")[0]
        message = f"the variable `{name}` is unsafe: nothing gives it a value"
        return self.refused(unsafe.line, message, "give it one before: `some name in …` or `name := …`")

    def _end(self, bound: frozenset[str]) -> Any:
        """What a rule does with each way in which its body holds."""
        self.check(self.branch.value, bound)
        value = self.direct(self.branch.value, bound)
        if self.branch.keys or self.rule.kind == "set" or self.is_part:
            return self.noted(self.branch.line, self._collecting(value, bound))
        if isinstance(self.branch.value, Const):
            constant = self.branch.value.value

            def first(env: Env) -> bool:
                env[RESULT].append(constant)
                return True

            return self.noted(self.branch.line, first)

        def single(env: Env) -> bool:
            found, made = env[RESULT], value(env)
            if made is UNDEFINED:
                return False
            if not found:
                found.append(made)
            elif found[0] != made:
                found.append(made)
                return True
            return False

        return self.noted(self.branch.line, single)

    def _collecting(self, value: Any, bound: frozenset[str]) -> Any:
        if not self.branch.keys and not self.is_part:

            def add(env: Env) -> None:
                env[RESULT](value(env))

            return add
        for term in self.branch.keys:
            self.check(term, bound)
        keys = [self.direct(term, bound) for term in self.branch.keys]

        def put(env: Env) -> None:
            env[RESULT].append((tuple(key(env) for key in keys), value(env)))

        return put

    def check(self, term: Term, bound: frozenset[str]) -> None:
        """Refuse a term with a variable that has no value."""
        for name in variables(term):
            if name not in bound:
                raise self.unsafe(UnsafeError(name, self.branch.line))

    def statement(self, one: Form, bound: frozenset[str], then: Any) -> Any:
        """A function that goes on with `then` for each way in which a statement holds."""
        if one.withs:
            return code_with(self, one, bound, then)
        return self.noted(one.line, self.plain_statement(one, bound, then))

    def noted(self, line: int, step: Any) -> Any:
        """The same, and that its line was evaluated is noted, where that is asked for."""
        if not self.machine.notes_lines:
            return step
        file = self.rule.file

        def noted(env: Env) -> Any:
            lines = env[CONTEXT].run.lines
            if lines is not None:
                lines.setdefault(file, set()).add(line)
            return step(env)

        return noted

    def plain_statement(self, one: Form, bound: frozenset[str], then: Any) -> Any:
        """The same, without what `with` puts in the place of others."""
        make = STATEMENTS.get(type(one))
        if make is None:
            raise self.refused(one.line, "this form has no meaning", "write it in another form")
        return make(self, one, bound, then)

    def is_direct(self, term: Term, bound: frozenset[str]) -> bool:
        """Whether a term has one value at most: all its variables have theirs."""
        return all(name in bound for name in variables(term))

    def has_head(self, term: RefTerm, bound: frozenset[str]) -> bool:
        """Whether it is known what a reference reaches into."""
        return term.head in (INPUT, DATA) or (isinstance(term.head, Var) and term.head.name in bound)

    def direct(self, term: Term, bound: frozenset[str]) -> Any:
        """A function for the value of a term."""
        make = TERMS.get(type(term))
        if make is None:
            raise self.refused(self.branch.line, "this form has no value", "write it in another form")
        return make(self, term, bound)


def _given(one: Form) -> Iterable[str]:
    """The variables that have a value once a statement held."""
    if isinstance(one, (Not, NotBody, Every, Print)):
        return
    for term in operands(one):
        yield from variables(term)

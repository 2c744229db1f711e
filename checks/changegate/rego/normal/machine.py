"""The machine: rules in normal form become nested functions, and answer as OPA does.

A body is a chain of functions, each of which calls the next once for each way in which it holds, and stops where the
next says so. Which variables have a value at which statement is known before, so that each function is made for its
case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.errors import PolicyError
from changegate.rego.normal.builtins import ARITIES, BUILTINS, CLOCK, RELATIONS, BuiltinFault, UnsureFault
from changegate.rego.normal.forms import (
    DATA,
    INPUT,
    ArrayTerm,
    Call,
    Compr,
    Const,
    Every,
    Form,
    Holds,
    LoweredBranch,
    LoweredRule,
    Not,
    NotBody,
    ObjectTerm,
    Print,
    RefTerm,
    SetTerm,
    Term,
    Unify,
    Var,
    operands,
    variables,
)
from changegate.rego.normal.lower import plain
from changegate.rego.normal.safety import UnsafeError, ordered
from changegate.rego.normal.values import (
    EMPTY_OBJECT,
    FALSE,
    TRUE,
    UNDEFINED,
    Obj,
    in_order,
    inside,
    items,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Path = tuple[str, ...]
Env = list[Any]
Step = "Callable[[Env], Any]"
_CONTEXT, _RESULT, _FIRST = 0, 1, 2


class Run:
    """What one question leaves behind beside its answer."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.now: int | None = None
        """The time that `time.now_ns()` answers."""
        self.faults: list[PolicyError] = []
        """What builtins could not make of their operands."""
        self.prints: list[str] = []
        self.lines: dict[str, set[int]] | None = None
        """File -> the lines that were evaluated, where they are asked for."""


class Evaluation:
    """The documents that a question is about, and what is known of the rules."""

    __slots__ = ("cache", "data", "hidden", "input", "mocks", "run")

    def __init__(self, given: Any, data: Any, run: Run) -> None:
        """Take the input, or `UNDEFINED`, and the data."""
        self.input = given
        self.data = data
        self.run = run
        self.hidden: frozenset[Path] = frozenset()
        """The paths of rules in whose place `with` put values, which are in the data."""
        self.mocks: dict[Path, Any] = {}
        """The functions in whose place `with` put others, or values."""
        self.cache: dict[Any, Any] = {}

    def replaced(self, pairs: Iterable[tuple[Path, Any]]) -> Evaluation:
        """The same with values in the place of others."""
        made = Evaluation(self.input, self.data, self.run)
        made.hidden, made.mocks = self.hidden, self.mocks
        for target, value in pairs:
            if target[0] == "input":
                made.input = _put(made.input, target[1:], value)
            elif target[0] == "data" and not isinstance(value, Mock):
                made.data = _put(made.data, target[1:], value)
                made.hidden = made.hidden | {target[1:]}
            else:
                made.mocks = {**made.mocks, target: value}
        return made


class Mock:
    """What stands in the place of a function: another one, or a value."""

    __slots__ = ("name", "value")

    def __init__(self, name: Path | None, value: Any = None) -> None:
        """Take the name of a function, or a value."""
        self.name, self.value = name, value


def _put(document: Any, path: Path, value: Any) -> Any:
    """A document with a value at a path; what is no object on the way makes place."""
    if not path:
        return value
    inner = document.get(path[0], UNDEFINED) if isinstance(document, Obj) else UNDEFINED
    made = Obj(document) if isinstance(document, Obj) else Obj()
    made[path[0]] = _put(inner, path[1:], value)
    return made


class TreePlace:
    """A place in the tree of packages and rules."""

    __slots__ = ("children", "defaults", "fallbacks", "functions", "is_dynamic", "path", "rules")

    def __init__(self, path: Path) -> None:
        """Nothing stands there yet."""
        self.path = path
        self.children: dict[str, TreePlace] = {}
        self.rules: list[CompiledRule] = []
        self.functions: list[CompiledRule] = []
        self.fallbacks: list[CompiledRule] = []
        """Defaults of functions."""
        self.defaults: list[CompiledRule] = []
        self.is_dynamic = False

    def child(self, name: str) -> TreePlace:
        """The place below, made where it is missing."""
        found = self.children.get(name)
        if found is None:
            found = self.children[name] = TreePlace((*self.path, name))
        return found

    @property
    def holds_rules(self) -> bool:
        """Whether rules give the whole value here."""
        return bool(self.rules or self.defaults)


_BUSY = object()


class Machine:
    """A program that can be asked."""

    def __init__(self, rules: Iterable[LoweredRule], data: Any, packages: Iterable[Path] = ()) -> None:
        """Put rules into a tree; each is made into functions when it is asked for first.

        Args:
            rules: In normal form.
            data: Rego's value of the data beside them.
            packages: Those that there are, also where they have no rules.
        """
        self.root = TreePlace(())
        self.data = data
        self.notes_lines = False
        """Whether functions are made so that they can note the lines that are evaluated."""
        self.arities: dict[Path, int] = {}
        self.compiled: list[CompiledRule] = []
        for rule in rules:
            self._add(rule)
        for package in packages:
            self._node(package[1:])
        self._flatten(self.root)

    def _node(self, path: Path) -> TreePlace:
        node = self.root
        for name in path:
            node = node.child(name)
        return node

    def _add(self, rule: LoweredRule) -> None:
        node = self._node(rule.path[1:])
        made = CompiledRule(self, rule)
        self.compiled.append(made)
        if rule.kind == "function":
            self.arities[rule.path] = len(rule.branches[0].args)
            (node.fallbacks if rule.is_default else node.functions).append(made)
        elif rule.is_default:
            node.defaults.append(made)
        else:
            node.rules.append(made)
            node.is_dynamic |= bool(rule.branches[0].keys)

    def _flatten(self, node: TreePlace) -> None:
        """Rules below one with a variable in its head are parts of what that one makes."""
        for child in node.children.values():
            self._flatten(child)
        if node.is_dynamic:
            for child in node.children.values():
                for rule in self._below(child):
                    rule.prefix = rule.rule.path[len(node.path) + 1 :]
                    node.rules.append(rule)

    def _below(self, node: TreePlace) -> Iterable[CompiledRule]:
        yield from node.rules
        for child in node.children.values():
            if not node.is_dynamic:
                yield from self._below(child)

    def arity(self, name: Path) -> int:
        """How many operands a builtin or a function takes; -1 where it is not known."""
        return ARITIES.get(name[0], -1) if len(name) == 1 else self.arities.get(name, -1)

    # Values of the tree

    def value(self, context: Evaluation, node: TreePlace) -> Any:
        """The value at a place of the tree: of rules, or of a package with all that is in it."""
        known = context.cache.get(node)
        if known is not None:
            if known is _BUSY:
                raise PolicyError(f"data.{'.'.join(node.path)} needs itself", hint="take the circle apart")
            return known
        if context.hidden and self._is_hidden(context, node.path):
            made = at(context.data, node.path)
        else:
            context.cache[node] = _BUSY
            try:
                made = self._evaluated(context, node)
            except BaseException:
                context.cache.pop(node, None)
                raise
        context.cache[node] = made
        return made

    def _is_hidden(self, context: Evaluation, path: Path) -> bool:
        return any(path[:size] in context.hidden for size in range(len(path) + 1))

    def _evaluated(self, context: Evaluation, node: TreePlace) -> Any:
        if node.is_dynamic:
            return self._object(context, node)
        if node.holds_rules:
            if node.rules and node.rules[0].rule.kind == "set":
                return self._set(context, node)
            return self._complete(context, node)
        if node.functions or node.fallbacks:
            return UNDEFINED
        return self._package(context, node)

    def _complete(self, context: Evaluation, node: TreePlace) -> Any:
        found = UNDEFINED
        for rule in node.rules:
            value = rule.single(context, ())
            if value is UNDEFINED:
                continue
            if found is not UNDEFINED and found != value:
                raise rule.conflict("complete rules must not produce multiple outputs")
            found = value
        if found is UNDEFINED and node.defaults:
            return node.defaults[0].single(context, ())
        return found

    def _set(self, context: Evaluation, node: TreePlace) -> Any:
        found: set[Any] = set()
        for rule in node.rules:
            rule.collect(context, found.add)
        return frozenset(found)

    def _object(self, context: Evaluation, node: TreePlace) -> Any:
        tree: dict[Any, Any] = {}
        for rule in node.rules:
            rule.keyed(context, tree)
        return _frozen(tree)

    def _package(self, context: Evaluation, node: TreePlace) -> Any:
        base = at(context.data, node.path)
        made = Obj(base) if isinstance(base, Obj) else Obj()
        for name, child in node.children.items():
            value = self.value(context, child)
            if value is not UNDEFINED:
                made[name] = value
            elif child.holds_rules:
                made.pop(name, None)
        return made

    # References into the tree

    def look_up(self, context: Evaluation, path: Path) -> Any:
        """The value at a whole path below `data`."""
        node, rest = self.place(path)
        value = self._start(context, node, path[: len(path) - len(rest)], rest)
        for part in rest:
            if value is UNDEFINED:
                return UNDEFINED
            value = inside(value, part)
        return value

    def place(self, path: Iterable[Any]) -> tuple[TreePlace, Path]:
        """The last place of the tree on a path, and what is left of the path."""
        node, rest = self.root, list(path)
        while rest and not node.holds_rules and isinstance(rest[0], str) and rest[0] in node.children:
            node = node.children[rest.pop(0)]
        return node, tuple(rest)

    def _start(self, context: Evaluation, node: TreePlace, path: Path, rest: Path) -> Any:
        """The value from which the rest of a path leads on: of the rules there, or of the data alone."""
        if not rest or node.holds_rules:
            return self.value(context, node)
        del path
        return at(context.data, node.path)

    def call(self, context: Evaluation, node: TreePlace, name: Path, values: tuple[Any, ...]) -> Any:
        """What a function answers."""
        if context.mocks:
            mock = context.mocks.get(name)
            if mock is not None:
                return self.mocked(context, mock, name, values)
        found = UNDEFINED
        for rule in node.functions:
            value = rule.single(context, values)
            if value is UNDEFINED:
                continue
            if found is not UNDEFINED and found != value:
                raise rule.conflict("functions must not produce multiple outputs for same inputs")
            found = value
        if found is UNDEFINED and node.fallbacks:
            return node.fallbacks[0].single(context, values)
        return found

    def mocked(self, context: Evaluation, mock: Mock, name: Path, values: tuple[Any, ...]) -> Any:
        """What stands in the place of a function answers; inside of it, the function is itself again."""
        if mock.name is None:
            return mock.value
        inner = Evaluation(context.input, context.data, context.run)
        inner.hidden, inner.cache = context.hidden, {}
        inner.mocks = {key: value for key, value in context.mocks.items() if key != name}
        if mock.name[0] == "builtin":
            return BUILTINS[mock.name[1]](*values)
        node, _ = self.place(mock.name[1:])
        return self.call(inner, node, mock.name, values)


def at(document: Any, path: Path) -> Any:
    """What is at a path of a document."""
    for name in path:
        if not isinstance(document, Obj):
            return UNDEFINED
        document = document.get(name, UNDEFINED)
    return document


class _Tree(dict[Any, Any]):
    """A part of an object that is being made."""


class _Group(set[Any]):
    """A set that is being made."""


def _frozen(tree: Any) -> Any:
    if isinstance(tree, _Group):
        return frozenset(tree)
    if isinstance(tree, _Tree) or type(tree) is dict:
        return Obj((key, _frozen(value)) for key, value in tree.items())
    return tree


class CompiledRule:
    """One rule, made into functions when it is asked for first."""

    def __init__(self, machine: Machine, rule: LoweredRule) -> None:
        """Keep the rule."""
        self.machine = machine
        self.rule = rule
        self.prefix: Path = ()
        """The plain keys that stand before its own, where it is a part of what a rule above makes."""
        self._made: list[_MadeBranch] | None = None

    def made(self) -> list[_MadeBranch]:
        """Its branches as functions."""
        if self._made is None:
            self._made = [_Coder(self.machine, self, branch).made() for branch in self.rule.branches]
        return self._made

    def conflict(self, message: str) -> PolicyError:
        """An error at the rule's place."""
        return PolicyError(message, hint="give each case one value", file=self.rule.file, line=self.rule.line)

    def single(self, context: Evaluation, values: tuple[Any, ...]) -> Any:
        """The one value that it has."""
        for branch in self.made():
            env = branch.env(context)
            for match, value in zip(branch.args, values, strict=True):
                if not match(env, value):
                    return UNDEFINED
            found: list[Any] = []
            env[_RESULT] = found
            branch.body(env)
            if found:
                if len(found) > 1:
                    words = "functions must not produce multiple outputs for same inputs"
                    raise self.conflict(words if values else "complete rules must not produce multiple outputs")
                return found[0]
        return UNDEFINED

    def collect(self, context: Evaluation, add: Callable[[Any], Any]) -> None:
        """Give each value of a rule with several."""
        (branch,) = self.made()
        env = branch.env(context)
        env[_RESULT] = add
        branch.body(env)

    def keyed(self, context: Evaluation, tree: dict[Any, Any]) -> None:
        """Put each value at its keys."""
        for branch in self.made():
            env = branch.env(context)
            found: list[Any] = []
            env[_RESULT] = found
            branch.body(env)
            for keys, value in found:
                self._put(tree, (*self.prefix, *keys), value)
            if found:
                return

    def _put(self, tree: dict[Any, Any], keys: tuple[Any, ...], value: Any) -> None:
        node: Any = tree
        for key in keys[:-1]:
            node = node.setdefault(key, _Tree())
            if not isinstance(node, _Tree):
                raise self.conflict("object keys must be unique")
        last = keys[-1]
        if self.rule.kind == "set":
            group = node.setdefault(last, _Group())
            if not isinstance(group, _Group):
                raise self.conflict("object keys must be unique")
            group.add(value)
            return
        before = node.setdefault(last, value)
        if isinstance(before, (_Tree, _Group)) or before != value:
            raise self.conflict("object keys must be unique")


class _MadeBranch:
    """A branch as functions."""

    __slots__ = ("args", "body", "size")

    def __init__(self, size: int, args: list[Any], body: Any) -> None:
        self.size, self.args, self.body = size, args, body

    def env(self, context: Evaluation) -> Env:
        """A place for its variables."""
        env: Env = [None] * self.size
        env[_CONTEXT] = context
        return env


class _Coder:
    """Makes functions of one branch."""

    def __init__(self, machine: Machine, compiled: CompiledRule, branch: LoweredBranch) -> None:
        self.machine = machine
        self.rule = compiled.rule
        self.is_part = bool(compiled.prefix)
        self.branch = branch
        self.slots: dict[str, int] = {}
        self._next = _FIRST
        self._names = 0

    def made(self) -> _MadeBranch:
        bound = set[str]()
        args = [self.pattern(term, bound) for term in self.branch.args]
        body = self.body(self.branch.body, frozenset(bound), self._end)
        return _MadeBranch(self._next, args, body)

    def slot(self, name: str) -> int:
        if name not in self.slots:
            self.slots[name] = self._next
            self._next += 1
        return self.slots[name]

    def spare(self) -> int:
        self._next += 1
        return self._next - 1

    def _fresh(self) -> str:
        self._names += 1
        return f"plain#{self._names}"

    def refused(self, line: int, message: str, hint: str) -> PolicyError:
        return PolicyError(message, hint=hint, file=self.rule.file, line=line)

    # Bodies

    def body(self, statements: list[Form], bound: frozenset[str], end: Callable[[frozenset[str]], Any]) -> Any:
        """A chain of functions; `end` makes the last, for what has a value then."""
        try:
            placed = plain(ordered(statements, bound, self.machine.arity), self._fresh)
        except UnsafeError as unsafe:
            raise self._unsafe(unsafe) from None
        before = []
        for one in placed:
            before.append(bound)
            bound |= frozenset(_given(one))
        step = end(bound)
        for one, known in zip(reversed(placed), reversed(before), strict=True):
            step = self.statement(one, known, step)
        return step

    def _unsafe(self, unsafe: UnsafeError) -> PolicyError:
        name = unsafe.name.partition("#")[0]
        message = f"the variable `{name}` is unsafe: nothing gives it a value"
        return self.refused(unsafe.line, message, "give it one before: `some name in …` or `name := …`")

    def _end(self, bound: frozenset[str]) -> Any:
        """What a rule does with each way in which its body holds."""
        self._check(self.branch.value, bound)
        value = self.direct(self.branch.value, bound)
        if self.branch.keys or self.rule.kind == "set" or self.is_part:
            return self._noted(self.branch.line, self._collecting(value, bound))
        if isinstance(self.branch.value, Const):
            constant = self.branch.value.value

            def first(env: Env) -> bool:
                env[_RESULT].append(constant)
                return True

            return self._noted(self.branch.line, first)

        def single(env: Env) -> bool:
            found, made = env[_RESULT], value(env)
            if made is UNDEFINED:
                return False
            if not found:
                found.append(made)
            elif found[0] != made:
                found.append(made)
                return True
            return False

        return self._noted(self.branch.line, single)

    def _collecting(self, value: Any, bound: frozenset[str]) -> Any:
        if not self.branch.keys and not self.is_part:

            def add(env: Env) -> None:
                env[_RESULT](value(env))

            return add
        for term in self.branch.keys:
            self._check(term, bound)
        keys = [self.direct(term, bound) for term in self.branch.keys]

        def put(env: Env) -> None:
            env[_RESULT].append((tuple(key(env) for key in keys), value(env)))

        return put

    def _check(self, term: Term, bound: frozenset[str]) -> None:
        for name in variables(term):
            if name not in bound:
                raise self._unsafe(UnsafeError(name, self.branch.line))

    # Statements

    def statement(self, one: Form, bound: frozenset[str], then: Any) -> Any:
        if one.withs:
            return self._with(one, bound, then)
        return self._noted(one.line, self._plain_statement(one, bound, then))

    def _noted(self, line: int, step: Any) -> Any:
        """The same, and that its line was evaluated is noted, where that is asked for."""
        if not self.machine.notes_lines:
            return step
        file = self.rule.file

        def noted(env: Env) -> Any:
            lines = env[_CONTEXT].run.lines
            if lines is not None:
                lines.setdefault(file, set()).add(line)
            return step(env)

        return noted

    def _plain_statement(self, one: Form, bound: frozenset[str], then: Any) -> Any:
        make = _FORMS.get(type(one))
        if make is None:
            raise self.refused(one.line, "this form has no meaning", "write it in another form")
        return make(self, one, bound, then)

    def _unified(self, one: Unify, bound: frozenset[str], then: Any) -> Any:
        return self.unify(one.left, one.right, bound, then, one.line)

    def _held(self, one: Holds, bound: frozenset[str], then: Any) -> Any:
        return self._holds(one.term, bound, then)

    def _not_body(self, one: NotBody, bound: frozenset[str], then: Any) -> Any:
        inner = self.body(one.body, bound, lambda _: _stop)
        return lambda env: False if inner(env) else then(env)

    def _with(self, one: Form, bound: frozenset[str], then: Any) -> Any:
        saved = self.spare()
        arities = self.machine.arities
        pairs = [(target, self._replacement(one, target, value, bound)) for target, value in one.withs]

        def after(env: Env) -> Any:
            inner, env[_CONTEXT] = env[_CONTEXT], env[saved]
            stop = then(env)
            env[_CONTEXT] = inner
            return stop

        step = self._noted(one.line, self._plain_statement(one, bound, after))

        def start(env: Env) -> Any:
            outer = env[_CONTEXT]
            values = [(target, value(env)) for target, value in pairs]
            if any(value is UNDEFINED for _, value in values):
                return False
            before, env[saved] = env[saved], outer
            env[_CONTEXT] = outer.replaced(_mocking(values, arities))
            try:
                return step(env)
            finally:
                env[_CONTEXT] = outer
                env[saved] = before

        return start

    def _replacement(self, one: Form, target: Path, value: Any, bound: frozenset[str]) -> Any:
        if isinstance(value, tuple):
            takes, given = (self.machine.arity(name[name[0] == "builtin" :]) for name in (target, value))
            if takes != given:
                message = f"{'.'.join(value)} takes {given} arguments, and what it stands for takes {takes}"
                raise self.refused(one.line, message, "put a function of as many in its place")
            mock = Mock(value)
            return lambda _: mock
        return self.direct(value, bound)

    def _holds(self, term: Term, bound: frozenset[str], then: Any) -> Any:
        if self.is_direct(term, bound):
            value = self.direct(term, bound)

            def holds(env: Env) -> Any:
                found = value(env)
                if found is FALSE or found is UNDEFINED:
                    return False
                return then(env)

            return holds

        def each(env: Env, found: Any) -> Any:
            return False if found is FALSE else then(env)

        return self.enumerate(term, bound, each)

    def _not(self, one: Not, bound: frozenset[str], then: Any) -> Any:
        inner = self._plain_statement(one.inner, bound, _stop)

        def negated(env: Env) -> Any:
            return False if inner(env) else then(env)

        return negated

    def _every(self, one: Every, bound: frozenset[str], then: Any) -> Any:
        domain = self.direct(one.domain, bound)
        key = self.slot(one.key) if one.key else self.spare()
        value = self.slot(one.value)
        known = bound | {one.value} | ({one.key} if one.key else set())
        inner = self.body(one.body, known, lambda _: _stop)

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

    def _print(self, one: Print, bound: frozenset[str], then: Any) -> Any:
        args = [self.direct(term, bound) for term in one.args]
        place = f"{self.rule.file}:{one.line}"

        def show(env: Env) -> Any:
            texts = [[_shown(value) for value in in_order(arg(env))] or ["<undefined>"] for arg in args]
            env[_CONTEXT].run.prints += [f"{place}: {line}" for line in _lines(texts)]
            return then(env)

        return show

    def _call(self, one: Call, bound: frozenset[str], then: Any) -> Any:
        takes = self.machine.arity(one.name)
        shown = ".".join(one.name)
        if takes < 0:
            what = "function" if len(one.name) > 1 else "builtin"
            raise self.refused(one.line, f"there is no {what} {shown}", "mend its name, or write it another way")
        if len(one.args) not in {takes, takes + 1}:
            message = f"{shown} takes {takes} arguments, not {len(one.args)}"
            raise self.refused(one.line, message, "give it as many as it takes")
        args = [self.direct(term, bound) for term in one.args[:takes]]
        invoke = self._invocation(one, args)
        if one.name[0] in RELATIONS:
            return self._relation(one, args, bound, then, takes)
        if len(one.args) == takes:

            def holds(env: Env) -> Any:
                found = invoke(env)
                if found is UNDEFINED or found is FALSE:
                    return False
                return then(env)

            return holds
        result = one.args[takes]
        if isinstance(result, Var) and result not in (INPUT, DATA) and result.name not in bound:
            slot = self.slot(result.name)

            def assigned(env: Env) -> Any:
                found = invoke(env)
                if found is UNDEFINED:
                    return False
                env[slot] = found
                return then(env)

            return assigned
        match = self.pattern(result, set(bound))

        def matched(env: Env) -> Any:
            found = invoke(env)
            if found is UNDEFINED or not match(env, found):
                return False
            return then(env)

        return matched

    def _relation(self, one: Call, args: list[Any], bound: frozenset[str], then: Any, takes: int) -> Any:
        """`walk`, which has several results."""
        relation = RELATIONS[one.name[0]]
        match = self.pattern(one.args[takes], set(bound)) if len(one.args) > takes else (lambda _, __: True)

        def each(env: Env) -> Any:
            return any(match(env, found) and then(env) for found in relation(*(arg(env) for arg in args)))

        return each

    def _invocation(self, one: Call, args: list[Any]) -> Any:
        machine = self.machine
        if len(one.name) > 1:
            node, _ = machine.place(one.name[1:])
            name = one.name
            return lambda env: machine.call(env[_CONTEXT], node, name, tuple([arg(env) for arg in args]))
        if one.name[0] == CLOCK:
            return self._clock(one)
        builtin = BUILTINS[one.name[0]]
        key = ("builtin", one.name[0])
        fault = self._fault

        def invoke(env: Env) -> Any:
            values = [arg(env) for arg in args]
            context = env[_CONTEXT]
            try:
                if context.mocks and key in context.mocks:
                    return machine.mocked(context, context.mocks[key], key, tuple(values))
                return builtin(*values)
            except UnsureFault as found:
                raise fault(one, found) from None
            except BuiltinFault as found:
                context.run.faults.append(fault(one, found))
                return UNDEFINED

        return invoke

    def _clock(self, one: Call) -> Any:
        """`time.now_ns()`: the time of the run, which is recorded; no policy reads a clock."""
        key = ("builtin", CLOCK)
        fault = self._fault

        def now(env: Env) -> Any:
            context = env[_CONTEXT]
            if key in context.mocks:
                return self.machine.mocked(context, context.mocks[key], key, ())
            if context.run.now is None:
                raise fault(one, BuiltinFault("there is no time here: put one in its place, `with time.now_ns as 1`"))
            return context.run.now

        return now

    def _fault(self, one: Call, found: BuiltinFault) -> PolicyError:
        name = one.name[0].replace("internal.member_2", "in").replace("internal.member_3", "in")
        message = f"the policy cannot be evaluated: {name}: {found}"
        return PolicyError(message, hint="mend the policy", file=self.rule.file, line=one.line)

    # Unification

    def unify(self, left: Term, right: Term, bound: frozenset[str], then: Any, line: int) -> Any:
        """What holds where two terms are equal, and gives their variables values."""
        if self.is_direct(right, bound) and not self.is_direct(left, bound):
            left, right = right, left
        if self.is_direct(left, bound):
            return self._known(left, right, bound, then)
        for one, other in ((left, right), (right, left)):
            if isinstance(one, RefTerm) and self.has_head(one, bound):
                return self._each(one, other, bound, then, line)
        return self._pairs(left, right, bound, then, line)

    def _known(self, left: Term, right: Term, bound: frozenset[str], then: Any) -> Any:
        value = self.direct(left, bound)
        if isinstance(right, RefTerm) and not self.is_direct(right, bound):

            def equal(env: Env, found: Any) -> Any:
                return then(env) if found == env[slot] else False

            slot = self.spare()
            each = self.enumerate(right, bound, equal)

            def start(env: Env) -> Any:
                made = value(env)
                if made is UNDEFINED:
                    return False
                env[slot] = made
                return each(env)

            return start
        if isinstance(right, Var) and right not in (INPUT, DATA) and right.name not in bound:
            place = self.slot(right.name)

            def assign(env: Env) -> Any:
                made = value(env)
                if made is UNDEFINED:
                    return False
                env[place] = made
                return then(env)

            return assign
        match = self.pattern(right, set(bound))

        def matched(env: Env) -> Any:
            made = value(env)
            if made is UNDEFINED or not match(env, made):
                return False
            return then(env)

        return matched

    def _each(self, one: RefTerm, other: Term, bound: frozenset[str], then: Any, line: int) -> Any:
        known = bound | frozenset(variables(one))
        if isinstance(other, RefTerm) and not self.is_direct(other, known):
            slot = self.spare()
            name = f"each#{slot}"
            self.slots[name] = slot
            inner = self.unify(Var(name), other, known | {name}, then, line)

            def hold(env: Env, found: Any) -> Any:
                env[slot] = found
                return inner(env)

            return self.enumerate(one, bound, hold)
        match = self.pattern(other, set(known))

        def each(env: Env, found: Any) -> Any:
            return then(env) if match(env, found) else False

        return self.enumerate(one, bound, each)

    def _pairs(self, left: Term, right: Term, bound: frozenset[str], then: Any, line: int) -> Any:
        """Two literals, part by part: first those of which one side is known."""
        parts = _paired(left, right)
        if parts is None:
            return _never
        chain: list[tuple[Term, Term, frozenset[str]]] = []
        waiting, known = parts, bound
        while waiting:
            ready = next((pair for pair in waiting if self._is_ready(*pair, known)), None)
            if ready is None:
                name = next(name for pair in waiting for term in pair for name in variables(term) if name not in known)
                raise self._unsafe(UnsafeError(name, line))
            chain.append((*ready, known))
            waiting = [pair for pair in waiting if pair is not ready]
            known |= frozenset(variables(ready[0])) | frozenset(variables(ready[1]))
        for one, other, before in reversed(chain):
            then = self.unify(one, other, before, then, line)
        return then

    def _is_ready(self, left: Term, right: Term, bound: frozenset[str]) -> bool:
        if self.is_direct(left, bound) or self.is_direct(right, bound):
            return True
        if not isinstance(left, Var) and not isinstance(right, Var):
            parts = _paired(left, right)
            return parts is None or all(self._is_ready(*pair, bound) for pair in parts)
        return False

    def pattern(self, term: Term, bound: set[str]) -> Any:
        """A function that holds a value against a pattern; adds what it gives values to `bound`."""
        if isinstance(term, Var) and term not in (INPUT, DATA) and term.name not in bound:
            slot = self.slot(term.name)
            bound.add(term.name)

            def assign(env: Env, value: Any) -> bool:
                env[slot] = value
                return True

            return assign
        if isinstance(term, Const):
            constant = term.value
            return lambda _, value: value == constant
        if isinstance(term, ArrayTerm) and not self.is_direct(term, frozenset(bound)):
            parts = [self.pattern(one, bound) for one in term.items]
            size = len(parts)

            def array(env: Env, value: Any) -> bool:
                if type(value) is not tuple or len(value) != size:
                    return False
                return all(part(env, one) for part, one in zip(parts, value, strict=True))

            return array
        if isinstance(term, ObjectTerm) and not self.is_direct(term, frozenset(bound)):
            fields = [(self.direct(key, frozenset(bound)), self.pattern(one, bound)) for key, one in term.pairs]

            def fits(env: Env, value: Any) -> bool:
                if type(value) is not Obj or len(value) != len(fields):
                    return False
                for key, part in fields:
                    found = value.get(key(env), UNDEFINED)
                    if found is UNDEFINED or not part(env, found):
                        return False
                return True

            return fits
        known = self.direct(term, frozenset(bound))
        return lambda env, value: known(env) == value

    # Terms

    def is_direct(self, term: Term, bound: frozenset[str]) -> bool:
        """Whether a term has one value at most: all its variables have theirs."""
        return all(name in bound for name in variables(term))

    def has_head(self, term: RefTerm, bound: frozenset[str]) -> bool:
        """Whether it is known what a reference reaches into."""
        return term.head in (INPUT, DATA) or (isinstance(term.head, Var) and term.head.name in bound)

    def direct(self, term: Term, bound: frozenset[str]) -> Any:
        """A function for the value of a term."""
        if isinstance(term, Const):
            constant = term.value
            return lambda _: constant
        if isinstance(term, Var):
            if term.name not in bound:
                raise self._unsafe(UnsafeError(term.name, self.branch.line))
            slot = self.slot(term.name)
            return lambda env: env[slot]
        if isinstance(term, RefTerm):
            return self._reference(term, bound)
        if isinstance(term, Compr):
            return self._comprehension(term, bound)
        return self._literal(term, bound)

    def _literal(self, term: Term, bound: frozenset[str]) -> Any:
        if isinstance(term, ObjectTerm):
            pairs = [(self.direct(key, bound), self.direct(value, bound)) for key, value in term.pairs]

            def made(env: Env) -> Any:
                found = Obj()
                for key, value in pairs:
                    name, one = key(env), value(env)
                    if name is UNDEFINED or one is UNDEFINED:
                        return UNDEFINED
                    found[name] = one
                return found

            return made
        if not isinstance(term, (ArrayTerm, SetTerm)):
            raise self.refused(self.branch.line, "this form has no value", "write it in another form")
        parts = [self.direct(one, bound) for one in term.items]
        shape: Any = tuple if isinstance(term, ArrayTerm) else frozenset

        def collected(env: Env) -> Any:
            values = [part(env) for part in parts]
            return UNDEFINED if any(one is UNDEFINED for one in values) else shape(values)

        return collected

    def _comprehension(self, term: Compr, bound: frozenset[str]) -> Any:
        slot = self.spare()
        coder = self

        def end(known: frozenset[str]) -> Any:
            coder._check(term.value, known)
            value = coder.direct(term.value, known)
            if term.kind == "object" and term.key is not None:
                coder._check(term.key, known)
                return coder._entry(coder.direct(term.key, known), value, slot)

            def add(env: Env) -> None:
                env[slot](value(env))

            return add

        body = self.body(term.body, bound, end)
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

    def _entry(self, key: Any, value: Any, slot: int) -> Any:
        rule = self.rule

        def put(env: Env) -> None:
            found, name, one = env[slot], key(env), value(env)
            before = found.get(name, UNDEFINED)
            if before is UNDEFINED:
                found[name] = one
            elif before != one:
                words = "object comprehension produced multiple values for one key"
                raise PolicyError(words, hint="give each key one value", file=rule.file, line=rule.line)

        return put

    # References

    def _reference(self, term: RefTerm, bound: frozenset[str]) -> Any:
        """A function for the value of a reference whose parts are all known."""
        if term.head == DATA:
            return self._data(term, bound)
        keys = [self.direct(part, bound) for part in term.parts]
        if term.head == INPUT:
            if all(isinstance(part, Const) for part in term.parts):
                return _into_input([part.value for part in term.parts if isinstance(part, Const)])

            def of_input(env: Env) -> Any:
                value = env[_CONTEXT].input
                for key in keys:
                    value = inside(value, key(env))
                return value

            return of_input
        head = self.direct(term.head, bound)

        def reached(env: Env) -> Any:
            value = head(env)
            for key in keys:
                value = inside(value, key(env))
            return value

        return reached

    def _data(self, term: RefTerm, bound: frozenset[str]) -> Any:
        machine = self.machine
        plain_parts: list[Any] = []
        for part in term.parts:
            if not isinstance(part, Const):
                break
            plain_parts.append(part.value)
        node, rest = machine.place(plain_parts)
        later = [self.direct(part, bound) for part in term.parts[len(plain_parts) :]]
        if not later or node.holds_rules or (rest and not node.is_dynamic):
            keys = [self.direct(Const(one), bound) for one in rest] + later
            return _from_node(machine, node, keys)
        return _walking(machine, node, later)

    def enumerate(self, term: Term, bound: frozenset[str], each: Any) -> Any:
        """A function that gives each value of a reference, some of whose parts take theirs from it."""
        if not isinstance(term, RefTerm):
            raise self._unsafe(UnsafeError(next(iter(variables(term))), self.branch.line))
        known = set(bound)
        parts = [(isinstance(p, Const) or self.is_direct(p, bound), p) for p in term.parts]
        first = next(number for number, (direct, _) in enumerate(parts) if not direct)
        matchers: list[tuple[Any, Any]] = []
        for _, part in parts[first:]:
            if self.is_direct(part, frozenset(known)):
                matchers.append((self.direct(part, frozenset(known)), None))
            else:
                matchers.append((None, self.pattern(part, known)))
        if term.head == DATA:
            return self._data_each(term, first, bound, matchers, each)
        start = self._reference(RefTerm(term.head, term.parts[:first], term.line), bound)
        step = _steps(matchers, each)

        def begin(env: Env) -> Any:
            value = start(env)
            return False if value is UNDEFINED else step(env, value)

        return begin

    def _data_each(self, term: RefTerm, first: int, bound: frozenset[str], matchers: Any, each: Any) -> Any:
        machine = self.machine
        fixed = term.parts[:first]
        if all(isinstance(part, Const) for part in fixed):
            node, rest = machine.place([part.value for part in fixed if isinstance(part, Const)])
            if not rest and not node.holds_rules:
                return lambda env: _tree_each(machine, node, at(env[_CONTEXT].data, node.path), matchers, env, each)
        start = self._data(RefTerm(DATA, fixed, term.line), bound)
        step = _steps(matchers, each)

        def begin(env: Env) -> Any:
            value = start(env)
            return False if value is UNDEFINED else step(env, value)

        return begin


_FORMS: dict[type[Form], Callable[..., Any]] = {
    Call: _Coder._call,
    Every: _Coder._every,
    Holds: _Coder._held,
    Not: _Coder._not,
    NotBody: _Coder._not_body,
    Print: _Coder._print,
    Unify: _Coder._unified,
}
"""Statement of the normal form -> how a function is made of it. There are no others."""


def _stop(_: Env) -> bool:
    return True


def _never(_: Env) -> bool:
    return False


def _into_input(path: list[Any]) -> Any:
    def of_input(env: Env) -> Any:
        value = env[_CONTEXT].input
        for key in path:
            value = value.get(key, UNDEFINED) if type(value) is Obj else inside(value, key)
        return value

    return of_input


def _from_node(machine: Machine, node: TreePlace, keys: list[Any]) -> Any:
    """The value of rules or a package, and what is reached in it."""
    if not keys:
        return lambda env: machine.value(env[_CONTEXT], node)
    holds = node.holds_rules

    def reached(env: Env) -> Any:
        context = env[_CONTEXT]
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
        context, place = env[_CONTEXT], node
        for number, key in enumerate(keys):
            if place.holds_rules:
                value = machine.value(context, place)
            else:
                name = key(env)
                below = place.children.get(name) if isinstance(name, str) else None
                if below is not None and not (context.hidden and machine._is_hidden(context, place.path)):
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
    context = env[_CONTEXT]
    hidden = context.hidden and machine._is_hidden(context, node.path)
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


def _given(one: Form) -> Iterable[str]:
    """The variables that have a value once a statement held."""
    if isinstance(one, (Not, NotBody, Every, Print)):
        return
    for term in operands(one):
        yield from variables(term)


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


def _mocking(values: list[tuple[Path, Any]], functions: Mapping[Path, int]) -> Iterable[tuple[Path, Any]]:
    for target, value in values:
        is_function = (target[0] == "builtin" or target in functions) and not isinstance(value, Mock)
        yield target, Mock(None, value) if is_function else value


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else written(value)


def _lines(texts: list[list[str]]) -> list[str]:
    lines = [""]
    for number, options in enumerate(texts):
        lines = [f"{line} {one}" if number else one for line in lines for one in options]
    return lines


__all__ = ["EMPTY_OBJECT", "TRUE", "Evaluation", "Machine", "Run"]

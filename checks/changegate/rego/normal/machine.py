"""The machine: a program in normal form that can be asked, and answers as OPA does.

Rules stand in a tree by their paths (`tree`); each is made into nested functions (`compiled`, `coding`) when it is
asked for first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.errors import PolicyError
from changegate.rego.normal.builtins import ARITIES, BUILTINS
from changegate.rego.normal.compiled import CompiledRule, frozen
from changegate.rego.normal.evaluation import Evaluation, Mock, Path, at
from changegate.rego.normal.tree import TreePlace
from changegate.rego.normal.values import UNDEFINED, Obj, inside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from changegate.rego.normal.forms import LoweredRule


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
        if context.hidden and self.is_hidden(context, node.path):
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

    def is_hidden(self, context: Evaluation, path: Path) -> bool:
        """Whether `with` put a value at a path or above it."""
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
        return frozen(tree)

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
            return _function_of(mock.name[1])(*values)
        node, _ = self.place(mock.name[1:])
        return self.call(inner, node, mock.name, values)


def _function_of(name: str) -> Callable[..., Any]:
    """What a builtin does that stands in the place of another function."""
    if name not in BUILTINS:
        raise PolicyError(f"{name} cannot stand for another function", hint="call it, and put its value in the place")
    return BUILTINS[name]

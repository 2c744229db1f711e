"""A rule that is made into functions when it is asked for first, and what its branches come to together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.errors import PolicyError
from changegate.rego.normal.coding.coder import Coder, MadeBranch
from changegate.rego.normal.evaluation import RESULT, Evaluation, Path
from changegate.rego.normal.values import UNDEFINED, Obj

if TYPE_CHECKING:
    from collections.abc import Callable

    from changegate.rego.normal.forms import LoweredRule
    from changegate.rego.normal.machine import Machine


class _Tree(dict[Any, Any]):
    """A part of an object that is being made."""


class _Group(set[Any]):
    """A set that is being made."""


def frozen(tree: Any) -> Any:
    """The object or set that was being made."""
    if isinstance(tree, _Group):
        return frozenset(tree)
    if isinstance(tree, _Tree) or type(tree) is dict:
        return Obj((key, frozen(value)) for key, value in tree.items())
    return tree


class CompiledRule:
    """One rule, made into functions when it is asked for first."""

    def __init__(self, machine: Machine, rule: LoweredRule) -> None:
        """Keep the rule."""
        self.machine = machine
        self.rule = rule
        self.prefix: Path = ()
        """The plain keys that stand before its own, where it is a part of what a rule above makes."""
        self._made: list[MadeBranch] | None = None

    def made(self) -> list[MadeBranch]:
        """Its branches as functions."""
        if self._made is None:
            self._made = [Coder(self.machine, self, branch).made() for branch in self.rule.branches]
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
            env[RESULT] = found
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
        env[RESULT] = add
        branch.body(env)

    def keyed(self, context: Evaluation, tree: dict[Any, Any]) -> None:
        """Put each value at its keys."""
        for branch in self.made():
            env = branch.env(context)
            found: list[Any] = []
            env[RESULT] = found
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

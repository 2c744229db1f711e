"""The embedded engine for policies of one's own: from modules to a machine, and from a question to an answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from changegate.policy.engines.engine import EMBEDDED, Engine
from changegate.rego.normal import recursion
from changegate.rego.normal.builtins import BUILTINS
from changegate.rego.normal.lower import Lowering, Names
from changegate.rego.normal.machine import CLOCK, Context, Machine, Run
from changegate.rego.normal.values import UNDEFINED, from_plain, to_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from changegate.policy.bundle import Bundle
    from changegate.policy.syntax.ast import Parsed


class Program:
    """Modules in normal form, with the data beside them."""

    def __init__(self, modules: Sequence[Parsed], data: Mapping[str, Any]) -> None:
        """Lower modules.

        Raises:
            PolicyError: One has a form that has no place in the normal form; names its line.
        """
        names = Names(modules)
        rules = [rule for module in modules for rule in Lowering(module, names, _is_builtin).rules()]
        self.machine = Machine(rules, from_plain(dict(data)), (module.package for module in modules))

    def check(self) -> None:
        """Find what evaluation would: variables without a value, functions that are not there, circles.

        Raises:
            PolicyError: The first of it.
        """
        recursion.check(self.machine)
        self.machine.check()

    def ask(self, path: tuple[str, ...], given: Any = UNDEFINED, *, strict: bool = True) -> tuple[Any, Run]:
        """The value at a path below `data`, and what was noted on the way.

        Args:
            path: Such as `("main", "deny")`.
            given: The input as Rego's value.
            strict: Whether a builtin that cannot make anything of its operands is an error.

        Raises:
            PolicyError: It cannot be evaluated.
        """
        run = Run()
        value = self.machine.look_up(Context(given, self.machine.data, run), path)
        if strict and run.faults:
            raise run.faults[0]
        return value, run


def _is_builtin(name: str) -> bool:
    return name in BUILTINS or name == CLOCK


class Normal(Engine):
    """Evaluates a bundle of one's own."""

    def __init__(self, bundle: Bundle, *, strict: bool = True) -> None:
        """Load the policies.

        Args:
            bundle: The modules.
            strict: Whether a builtin that cannot make anything of its operands is an error.

        Raises:
            PolicyError: A policy does not compile, or has a form that is refused; names its file and line.
        """
        from changegate.policy.syntax.ast import parse

        self.name, self.bundle, self._strict = EMBEDDED, bundle, strict
        self._program = Program(parse(bundle), bundle.data)
        self._program.check()

    def query(self, references: Sequence[str], document: Mapping[str, Any]) -> dict[str, Any]:
        """Evaluate static references on one input document; see the interface."""
        return self.answers(references, from_plain(document))

    def answers(self, references: Sequence[str], given: Any) -> dict[str, Any]:
        """The same of an input that is Rego's value, or `UNDEFINED`."""
        found = {}
        for reference in references:
            value, _ = self._program.ask(tuple(reference.split(".")[1:]), given, strict=self._strict)
            if value is not UNDEFINED:
                found[reference] = json.loads(to_json(value))
        return found

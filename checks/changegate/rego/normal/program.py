"""Modules in normal form, with the data beside them: from syntax trees to a machine that can be asked."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from changegate.errors import PolicyError
from changegate.rego.normal import recursion
from changegate.rego.normal.builtins import ARITIES
from changegate.rego.normal.evaluation import Evaluation, Run
from changegate.rego.normal.lowering.lowering import Lowering
from changegate.rego.normal.lowering.names import Names
from changegate.rego.normal.lowering.rules import lower_rule
from changegate.rego.normal.machine import Machine
from changegate.rego.normal.values import UNDEFINED, from_plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from changegate.rego.normal.forms import LoweredRule
    from changegate.rego.syntax.ast import ParsedModule

_FRAMES = 20_000
"""How deep functions may stand in each other: a statement is one or two, a rule as many as it has statements."""
_DEEP = "it is nested too deeply"


class NormalProgram:
    """Modules in normal form, with the data beside them."""

    def __init__(
        self, modules: Sequence[ParsedModule], data: Mapping[str, Any], before: NormalProgram | None = None
    ) -> None:
        """Lower modules. What has no place in the normal form is kept as a fault.

        Args:
            modules: All of them.
            data: Plain JSON.
            before: A program of the first of the modules, which are not lowered again.
        """
        sys.setrecursionlimit(max(sys.getrecursionlimit(), _FRAMES))
        self.lowering_faults: list[PolicyError] = list(before.lowering_faults) if before is not None else []
        self._count = len(modules)
        names = Names(modules)
        rules = [one.rule for one in before.machine.compiled] if before is not None else []
        new = modules[before._count :] if before is not None else modules
        rules += [rule for module in new for rule in self._lowered(module, names)]
        self.machine: Machine = Machine(rules, from_plain(dict(data)), (module.package for module in modules))

    def _lowered(self, module: ParsedModule, names: Names) -> Iterator[LoweredRule]:
        lowering = Lowering(module, names, is_builtin)
        for rule in module.rules:
            try:
                yield lower_rule(lowering, rule)
            except PolicyError as fault:
                self.lowering_faults.append(fault)
            except RecursionError:
                self.lowering_faults.append(lowering.no_form(rule.line, _DEEP, "give a part a name of its own"))

    def faults(self) -> Iterator[PolicyError]:
        """All for which the modules cannot be evaluated: forms without a place, variables without a value, circles."""
        yield from self.lowering_faults
        for compiled in self.machine.compiled:
            try:
                compiled.made()
            except PolicyError as fault:
                yield fault
        circle = recursion.find(self.machine)
        if circle is not None:
            yield circle

    def check(self) -> None:
        """Refuse what cannot be evaluated.

        Raises:
            PolicyError: The first fault.
        """
        for fault in self.faults():
            raise fault

    def ask(self, path: tuple[str, ...], given: Any = UNDEFINED, run: Run | None = None) -> Any:
        """The value at a path below `data`, or `UNDEFINED`.

        Args:
            path: Such as `("main", "deny")`.
            given: The input as Rego's value.
            run: Takes what is noted on the way.

        Raises:
            PolicyError: It cannot be evaluated.
        """
        return self.value(path, self.about(given, Run() if run is None else run))

    def about(self, given: Any, run: Run) -> Evaluation:
        """An input that several questions are asked about: what one of them evaluates, the others need not."""
        return Evaluation(given, self.machine.data, run)

    def value(self, path: tuple[str, ...], context: Evaluation) -> Any:
        """The value at a path below `data`, or `UNDEFINED`.

        Raises:
            PolicyError: It cannot be evaluated.
        """
        try:
            return self.machine.look_up(context, path)
        except RecursionError:
            raise PolicyError(f"data.{'.'.join(path)} cannot be evaluated: {_DEEP}", hint="flatten it") from None


def is_builtin(name: str) -> bool:
    """Whether there is a builtin of a name."""
    return name in ARITIES


def faults(modules: Sequence[ParsedModule], data: Mapping[str, Any]) -> Iterator[PolicyError]:
    """All for which modules cannot be evaluated."""
    return NormalProgram(modules, data).faults()


def path_of(reference: str) -> tuple[str, ...]:
    """The path of a static reference below `data`: also of `data.a["b-c"].d`."""
    import re

    found = re.findall(r'\.?([A-Za-z_][A-Za-z0-9_]*)|\["((?:[^"\\]|\\.)*)"\]', reference)
    return tuple(plain or quoted for plain, quoted in found)[1:]

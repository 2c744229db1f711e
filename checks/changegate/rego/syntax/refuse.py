"""What is refused in a policy before it is evaluated: what only looks like a policy, and what cannot be evaluated.

Every refusal is found in the syntax tree, names the file and the line, and says what to write instead. What the
embedded engine would take for something else stands in `refusals/`, one file a family; what it has no form for is found
by lowering. An OPA gets whatever it compiles, apart from what reaches out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.rego.syntax.ast import parse_modules
from changegate.rego.syntax.clock import clocks
from changegate.rego.syntax.refusals import MODULES, NODES, PROGRAMS, RULES
from changegate.rego.syntax.refusals.outward import reaching_out
from changegate.rego.syntax.refusals.program import RulePlace, declared, program, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from changegate.errors import PolicyError
    from changegate.rego.bundle import Bundle
    from changegate.rego.syntax.ast import ParsedModule

__all__ = ["declared", "plain_refusals", "refusals", "refuse", "resolve"]


def refuse(bundle: Bundle, *, embedded: bool = True) -> None:
    """Refuse a bundle that an engine must not be given.

    Args:
        bundle: The modules and data.
        embedded: Whether the embedded engine is to evaluate it.

    Raises:
        PolicyError: The first form that is refused, by file and line.
    """
    for refusal in refusals(bundle, embedded=embedded):
        raise refusal


def refusals(bundle: Bundle, *, embedded: bool = True) -> Iterator[PolicyError]:
    """Find everything in a bundle for which it is refused, one after another.

    Args:
        bundle: The modules and data.
        embedded: Whether the embedded engine is to evaluate it.

    Raises:
        PolicyError: A module does not parse, so that nothing can be looked for.
    """
    modules = parse_modules(bundle)
    if not embedded:
        # NOTE: all else OPA refuses itself, in its own words, when it compiles them.
        yield from reaching_out(modules)
        yield from clocks(bundle, modules)
        return
    from changegate.rego.normal.program import faults

    told = set()
    for refusal in plain_refusals(bundle, modules):
        told.add((refusal.file, refusal.line))
        yield refusal
    yield from (fault for fault in faults(modules, bundle.data) if (fault.file, fault.line) not in told)


def plain_refusals(bundle: Bundle, modules: Sequence[ParsedModule]) -> Iterator[PolicyError]:
    """What reaches out, and what OPA refuses when it compiles, as far as the embedded engine would not."""
    yield from reaching_out(modules)
    whole = program(bundle, tuple(modules))
    for module in modules:
        for of_module in MODULES:
            yield from of_module(whole, module)
    places = [RulePlace(whole, module, rule) for module in modules for rule in module.rules]
    for where in places:
        yield from _of_rule(where)
    for of_program in PROGRAMS:
        yield from of_program(whole, places)


def _of_rule(where: RulePlace) -> Iterator[PolicyError]:
    for node in where.nodes:
        for of_node in NODES.get(node.kind, ()):
            yield from of_node(where, node)
    for of_rule in RULES:
        yield from of_rule(where)

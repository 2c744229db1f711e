"""What is refused in a policy before it is evaluated: what crashes an engine, or differs between engines in silence.

Every refusal is found in the syntax tree, names the file and the line, and says what to write instead. What is looked
for stands in `refusals/`, one file a family.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.rego.syntax.ast import parse_modules
from changegate.rego.syntax.refusals import EMBEDDED, MODULES, NODES, PROGRAMS, RULES
from changegate.rego.syntax.refusals.program import RulePlace, declared, program, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.errors import PolicyError
    from changegate.rego.bundle import Bundle

__all__ = ["declared", "refusals", "refuse", "resolve"]


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


def refusals(bundle: Bundle, deep: frozenset[str] = frozenset(), *, embedded: bool = True) -> Iterator[PolicyError]:
    """Find everything in a bundle for which it is refused, one after another.

    Args:
        bundle: The modules and data.
        deep: Files whose literals may be nested deeper: tests, which bring whole input documents.
        embedded: Whether the embedded engine is to evaluate it.

    Raises:
        PolicyError: A module does not parse, so that nothing can be looked for.
    """
    modules = parse_modules(bundle)
    whole = program(bundle, modules)
    for module in modules:
        for of_module in MODULES:
            yield from of_module(whole, module)
    places = [RulePlace(whole, module, rule) for module in modules for rule in module.rules]
    for where in places:
        yield from _of_rule(where, where.module.file in deep)
    for of_program in (*PROGRAMS, *(EMBEDDED if embedded else ())):
        yield from of_program(whole, places)


def _of_rule(where: RulePlace, deep: bool) -> Iterator[PolicyError]:
    for node in where.nodes:
        for of_node in NODES.get(node.kind, ()):
            yield from of_node(where, node._replace(depth=0) if deep else node)
    for of_rule in RULES:
        yield from of_rule(where)

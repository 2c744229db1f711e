"""What reaches out of a policy: network, environment, chance, a clock. Refused by name, on every engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.rego.syntax.ast import name_of, reference, references
from changegate.rego.syntax.builtins import REACHES_OUT, hint_of
from changegate.rego.syntax.refusals.program import declared, line_of, refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from changegate.errors import PolicyError
    from changegate.rego.syntax.ast import ParsedModule, Tree


def reaching_out(modules: Sequence[ParsedModule]) -> Iterator[PolicyError]:
    """Refuse every builtin that reaches out, called or put in the place of something by `with`."""
    for module in modules:
        for name, found in builtins_named(module, modules, REACHES_OUT):
            yield refused(module, line_of(found), f"the builtin {name} {REACHES_OUT[name]}", hint_of(name))


def builtins_named(
    module: ParsedModule, modules: Sequence[ParsedModule], wanted: Collection[str]
) -> Iterator[tuple[str, Tree]]:
    """The references of a module that name one of some builtins, and nothing of the policy's own.

    Args:
        module: One module.
        modules: All of them: another file of the package may have a rule of that name.
        wanted: Names of builtins.
    """
    own = {name_of(rule) for one in modules if one.package == module.package for rule in one.rules}
    for rule in module.rules:
        local = own | module.imports.keys() | set(declared(rule.body))
        for found in references(rule.body):
            path = reference(found) or ("",)
            if path[0] not in local and ".".join(path) in wanted:
                yield ".".join(path), found

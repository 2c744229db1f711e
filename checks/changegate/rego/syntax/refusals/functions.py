"""Functions: parameters, defaults, and names that are called but stand for something else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from changegate.rego.syntax.ast import reference, references, walk
from changegate.rego.syntax.builtins import ALLOWED
from changegate.rego.syntax.refusals.program import args, path_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.errors import PolicyError
    from changegate.rego.syntax.ast import Node
    from changegate.rego.syntax.refusals.program import RulePlace

_RESERVED = frozenset({"input", "data"})
_CALLED = re.compile(rb'(["`]?\])?\(')
"""What follows the name of a function, which may end in a bracket of its own: `docs["of"](x)`."""


def parameters(where: RulePlace) -> Iterator[PolicyError]:
    """Refuse a parameter twice, one called `input` or `data`, and a function without any."""
    given = args(where.rule)
    if given is None:
        return
    names = [str(node.body["value"]) for node in walk(given) if node.kind == "Var" and node.body["value"] != "_"]
    if not given:
        hint = f"write it as a rule: `{path_of(where.rule)[0]} := …`"
        yield where.refused(where.rule.line, "a function without parameters", hint)
    if len(names) > len(set(names)):
        hint = "give each a name of its own, and compare in the body"
        yield where.refused(where.rule.line, "two parameters of a function have one name", hint)
    if not _CALLED.match(where.module.source, _name_end(where.rule)):
        hint = "write the bracket directly behind the name"
        yield where.refused(where.rule.line, "a space stands between a function's name and its bracket", hint)
    for name in _RESERVED & set(names):
        yield where.refused(where.rule.line, f"a parameter is called `{name}`", "give it another name")


def _name_end(rule: Node) -> int:
    """Where the name of a function ends, in bytes, or the text in the bracket at its end."""
    (head,) = rule.body.get("head", {"Default": rule.body}).values()
    (name,) = head["refr"].values()
    return int(name["span"]["end"])


def defaults(where: RulePlace) -> Iterator[PolicyError]:
    """Refuse a default that is calculated: it must be a plain value."""
    if where.rule.kind != "Default":
        return
    value = where.rule.body["value"]
    if next(references(value), None) is not None or any(node.kind == "Call" for node in walk(value)):
        yield where.refused(where.rule.line, "a default must be a plain value", "give the value a rule of its own")
    if any("Var" not in one for one in where.rule.body.get("args") or ()):
        yield where.refused(
            where.rule.line, "a default function has patterns as parameters", "write `default f(_) := …`"
        )


def shadowed(where: RulePlace) -> Iterator[PolicyError]:
    """Refuse a call of what a variable of the same rule is called: OPA takes the variable."""
    for node in where.nodes:
        path = (reference(node.body["fcn"]) or ()) if node.kind == "Call" else ()
        name = ".".join(path)
        if name in where.local or (len(path) > 1 and path[0] in where.local and name not in ALLOWED):
            yield where.refused(node.line, f"`{name}` is called, and is a variable, too", "rename the variable")


def unapplied(where: RulePlace, node: Node) -> Iterator[PolicyError]:
    """Refuse a function that is named without being called."""
    name = str(node.body["value"])
    if id(node.body) in where.named or name in where.local or where.resolved((name,)) not in where.program.functions:
        return
    yield where.refused(node.line, f"the function {name} is named, but not called", f"write `{name}(…)`")

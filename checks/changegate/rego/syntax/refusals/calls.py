"""What is called: builtins outside the list, wrong numbers of arguments, brackets that stand apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.rego.syntax.ast import reference
from changegate.rego.syntax.builtins import ALLOWED, ARITIES, hint_of
from changegate.rego.syntax.refusals.program import function_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.errors import PolicyError
    from changegate.rego.syntax.ast import Node
    from changegate.rego.syntax.refusals.program import RulePlace


def _builtin(where: RulePlace, call: Node) -> str:
    """The name of the builtin that is called; empty where it is a function of the bundle's own."""
    return "" if function_of(where.module, call) in where.program.known else ".".join(reference(call.body["fcn"]) or ())


def unknown(where: RulePlace, call: Node) -> Iterator[PolicyError]:
    """Refuse builtins that are not on the list, and functions that there are not."""
    name = _builtin(where, call)
    if name and name not in ALLOWED:
        message = f"the builtin {name} is not on the list of those that policies may call"
        if name.startswith("data."):
            message = f"there is no function {name}"
        yield where.refused(call.line, message, hint_of(name))


def apart(where: RulePlace, call: Node) -> Iterator[PolicyError]:
    """Refuse `f (1)`, also over two lines: OPA takes a name and its bracket for one call only without a space."""
    (name,) = call.body["fcn"].values()
    end = name["span"]["end"]
    if where.module.source[end : end + 1].isspace():
        hint = "write the bracket directly behind the name; where none is called, begin the line with something else"
        yield where.refused(call.line, "a space or a line stands between a function's name and its bracket", hint)


def arity(where: RulePlace, call: Node) -> Iterator[PolicyError]:
    """Refuse a call with more or fewer arguments than there are parameters; one more is the result."""
    name = _builtin(where, call)
    wanted = ARITIES.get(name, -1) if name else where.program.functions.get(function_of(where.module, call), -1)
    given = len(call.body["params"])
    if wanted >= 0 and given not in {wanted, wanted + 1}:
        told = ".".join(reference(call.body["fcn"]) or ())
        yield where.refused(call.line, f"{told} takes {wanted} arguments, not {given}", "give it as many as it takes")

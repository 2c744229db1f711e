"""What is called: builtins outside the list, wrong numbers of arguments, brackets that stand apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.errors import NoFormError
from changegate.rego.bundle import is_test
from changegate.rego.syntax.ast import reference
from changegate.rego.syntax.builtins import ALLOWED, ARITIES, OF_TESTS, ONLY_OPA, REACHES_OUT, hint_of
from changegate.rego.syntax.refusals.program import function_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.errors import PolicyError
    from changegate.rego.syntax.ast import Node, Tree
    from changegate.rego.syntax.refusals.program import RulePlace


def _builtin(where: RulePlace, call: Node) -> str:
    """The name of the builtin that is called; empty where it is a function of the bundle's own."""
    return "" if function_of(where.module, call) in where.program.known else ".".join(reference(call.body["fcn"]) or ())


def unknown(where: RulePlace, call: Node) -> Iterator[PolicyError]:
    """Refuse builtins that are not on the list, and functions that there are not."""
    name = _builtin(where, call)
    is_of_test = name in OF_TESTS and is_test(where.module.file)
    if name and name not in ALLOWED and name not in REACHES_OUT and not is_of_test:
        message = f"the builtin {name} is not on the list of those that policies may call"
        if name.startswith("data."):
            message = f"there is no function {name}"
        if name in ONLY_OPA:
            yield NoFormError(message, hint=hint_of(name), file=where.module.file, line=call.line)
        else:
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
    ours = where.program.functions.get(function_of(where.module, call), -1)
    wanted = ARITIES.get(name, OF_TESTS.get(name, -1)) if name else ours
    given = len(call.body["params"])
    if wanted >= 0 and given not in {wanted, wanted + 1}:
        told = ".".join(reference(call.body["fcn"]) or ())
        yield where.refused(call.line, f"{told} takes {wanted} arguments, not {given}", "give it as many as it takes")


def arguments(where: RulePlace, call: Node) -> Iterator[PolicyError]:
    """Refuse a literal that no definition of the function takes apart: OPA's types say so when it compiles."""
    definitions = where.program.parameters.get(function_of(where.module, call), [])
    for at, given in enumerate(call.body["params"]):
        wanted = [one[at] for one in definitions if at < len(one)]
        if wanted and not any(_fits(given, one) for one in wanted):
            hint = "give it what its parameters name"
            yield where.refused(call.line, "the function never takes this literal apart", hint)


def _fits(given: Tree, wanted: Tree) -> bool:
    for kind, part in (("Array", "items"), ("Object", "fields")):
        if kind in given and kind in wanted:
            return _shape(kind, given[kind][part]) == _shape(kind, wanted[kind][part])
    return True


def _shape(kind: str, parts: list[Any]) -> object:
    return len(parts) if kind == "Array" else sorted(str(key.get("String", {}).get("value")) for _, key, _ in parts)

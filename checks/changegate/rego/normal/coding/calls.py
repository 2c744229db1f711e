"""Calls of builtins and functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.errors import PolicyError
from changegate.rego.normal.builtins import BUILTINS, CLOCK, CONFIGS, RELATIONS, BuiltinFault, UnsureFault
from changegate.rego.normal.builtins.patterns import pattern as as_pattern
from changegate.rego.normal.builtins.regexes import PATTERN_AT
from changegate.rego.normal.coding.patterns import assigning, matching, pattern
from changegate.rego.normal.evaluation import CONTEXT, Env
from changegate.rego.normal.forms import DATA, INPUT, Call, Const, Var
from changegate.rego.normal.values import FALSE, UNDEFINED

if TYPE_CHECKING:
    from changegate.rego.normal.coding.coder import Coder


def code_call(coder: Coder, one: Call, bound: frozenset[str], then: Any) -> Any:
    """Make a function of a call, which holds, or whose result is bound or compared."""
    takes = _arity(coder, one)
    args = [coder.direct(term, bound) for term in one.args[:takes]]
    invoke = _invocation(coder, one, args)
    if one.name[0] in RELATIONS:
        return _relation_of(coder, one, args, bound, then)
    if len(one.args) == takes:
        return _holding(invoke, then)
    result = one.args[takes]
    if isinstance(result, Var) and result not in (INPUT, DATA) and result.name not in bound:
        return assigning(invoke, coder.slot(result.name), then)
    return matching(invoke, pattern(coder, result, set(bound)), then)


def _arity(coder: Coder, one: Call) -> int:
    """How many operands it takes.

    Raises:
        PolicyError: There is no such function, or it is given another number.
    """
    takes = coder.machine.arity(one.name)
    shown = ".".join(one.name)
    if takes < 0:
        what = "function" if len(one.name) > 1 else "builtin"
        raise coder.refused(one.line, f"there is no {what} {shown}", "mend its name, or write it another way")
    if len(one.args) not in {takes, takes + 1}:
        message = f"{shown} takes {takes} arguments, not {len(one.args)}"
        raise coder.refused(one.line, message, "give it as many as it takes")
    return takes


def _holding(invoke: Any, then: Any) -> Any:
    def holds(env: Env) -> Any:
        found = invoke(env)
        if found is UNDEFINED or found is FALSE:
            return False
        return then(env)

    return holds


def _relation_of(coder: Coder, one: Call, args: list[Any], bound: frozenset[str], then: Any) -> Any:
    """`walk`, which has several results."""
    relation, takes = RELATIONS[one.name[0]], len(args)
    match = pattern(coder, one.args[takes], set(bound)) if len(one.args) > takes else (lambda _, __: True)

    def each(env: Env) -> Any:
        return any(match(env, found) and then(env) for found in relation(*(arg(env) for arg in args)))

    return each


def _invocation(coder: Coder, one: Call, args: list[Any]) -> Any:
    """Make a function that calls a builtin or a function, with its operands."""
    machine = coder.machine
    if len(one.name) > 1:
        node, _ = machine.place(one.name[1:])
        name = one.name
        return lambda env: machine.call(env[CONTEXT], node, name, tuple([arg(env) for arg in args]))
    if one.name[0] == CLOCK:
        return _clock(coder, one)
    if one.name[0] in CONFIGS:
        return _config(coder, one, args)
    _check_pattern(coder, one)
    builtin = BUILTINS[one.name[0]]
    key = ("builtin", one.name[0])

    def invoke(env: Env) -> Any:
        values = [arg(env) for arg in args]
        context = env[CONTEXT]
        try:
            if context.mocks and key in context.mocks:
                return machine.mocked(context, context.mocks[key], key, tuple(values))
            return builtin(*values)
        except UnsureFault as found:
            raise _fault_of(coder, one, found) from None
        except BuiltinFault as found:
            context.run.faults.append(_fault_of(coder, one, found))
            return UNDEFINED

    return invoke


def _check_pattern(coder: Coder, one: Call) -> None:
    """Refuse a pattern that is written out and cannot work: the first release would be the first to be told."""
    at = PATTERN_AT.get(one.name[0])
    given = one.args[at] if at is not None else None
    if not isinstance(given, Const) or not isinstance(given.value, str):
        return
    try:
        as_pattern(given.value)
    except BuiltinFault as found:
        raise _fault_of(coder, one, found) from None


def _config(coder: Coder, one: Call, args: list[Any]) -> Any:
    """What conftest has for tests: it reads the files that the run may read."""
    _, read = CONFIGS[one.name[0]]
    key = ("builtin", one.name[0])

    def invoke(env: Env) -> Any:
        values = [arg(env) for arg in args]
        context = env[CONTEXT]
        try:
            if key in context.mocks:
                return coder.machine.mocked(context, context.mocks[key], key, tuple(values))
            return read(context.run.files, coder.rule.file, *values)
        except BuiltinFault as found:
            raise _fault_of(coder, one, found) from None

    return invoke


def _clock(coder: Coder, one: Call) -> Any:
    """`time.now_ns()`: the time of the run, which is recorded; no policy reads a clock."""
    key = ("builtin", CLOCK)

    def now(env: Env) -> Any:
        context = env[CONTEXT]
        if key in context.mocks:
            return coder.machine.mocked(context, context.mocks[key], key, ())
        if context.run.now is None:
            raise _fault_of(
                coder, one, BuiltinFault("there is no time here: put one in its place, `with time.now_ns as 1`")
            )
        return context.run.now

    return now


def _fault_of(coder: Coder, one: Call, found: BuiltinFault) -> PolicyError:
    """What a builtin could not do, at the place of its call."""
    name = one.name[0].replace("internal.member_2", "in").replace("internal.member_3", "in")
    message = f"the policy cannot be evaluated: {name}: {found}"
    return PolicyError(message, hint="mend the policy", file=coder.rule.file, line=one.line)

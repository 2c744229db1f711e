"""The builtins that a policy may call: those that the embedded engine has. None reaches clock or network.

A name that is missing here is refused before anything is evaluated. `docs/engine-differences.md` shows the list; the
tests call each builtin of OPA on both engines, and hold the list to what they find.
"""

from __future__ import annotations

from changegate.rego.normal import builtins
from changegate.rego.normal.builtins import CLOCK, CONFIGS

__all__ = ["ALLOWED", "ARITIES", "CLOCK", "OF_TESTS", "hint_of"]

ARITIES = {
    **{
        name: arity
        for name, arity in builtins.ARITIES.items()
        if not name.startswith("internal.") and name not in CONFIGS
    },
    # shown by `--verbose` runs of tests, without a value
    "print": -1,
}
"""Builtin that policies may call -> how many arguments it takes; -1: any number."""
ALLOWED = frozenset(ARITIES)
"""The names alone."""

OF_TESTS = {name: arity for name, (arity, _) in CONFIGS.items()}
"""Builtin of conftest's that tests of policies may call, too -> how many arguments it takes."""

_FACT = "policies compare, count and select; give them the fact in the input"
HINTS = {
    "all": "write `every x in list { x }`",
    "any": "write `true in list`",
    "http.send": "policies reach no network; " + _FACT,
    "opa.runtime": "policies see no environment; " + _FACT,
    "json.match_schema": "write rules for what must hold, or ask for a field with `object.get`",
    "re_match": "write `regex.match(pattern, text)`",
    "set_diff": "write `a - b`",
    "eq": "write `a == b`",
    "assign": "write `a := b`",
    "uuid.rfc4122": "it is random; " + _FACT,
    "rand.intn": "it is random; " + _FACT,
}
"""Builtin that is not allowed -> what to write instead."""


def hint_of(name: str) -> str:
    """What to do without a builtin."""
    if name in OF_TESTS:
        return "policies read no configuration but their input: call it in a test (`_test.rego`)"
    return HINTS.get(name, _FACT)

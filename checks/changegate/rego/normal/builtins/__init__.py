"""The builtins, as OPA has them: those that look at their operands alone. One file a family."""

from __future__ import annotations

from changegate.rego.normal.builtins import (
    collections,
    comparisons,
    documents,
    encodings,
    formats,
    globs,
    networks,
    quantities,
    regexes,
    texts,
    times,
    types,
)
from changegate.rego.normal.builtins.configs import CONFIGS
from changegate.rego.normal.builtins.registry import ARITIES, BUILTINS, RELATIONS, BuiltinFault, UnsureFault

__all__ = ["ARITIES", "BUILTINS", "CLOCK", "CONFIGS", "RELATIONS", "BuiltinFault", "UnsureFault"]

_FAMILIES = (
    collections,
    comparisons,
    documents,
    encodings,
    formats,
    globs,
    networks,
    quantities,
    regexes,
    texts,
    times,
    types,
)

ARITIES.update({name: arity for name, (arity, _) in CONFIGS.items()})
CLOCK = "time.now_ns"
"""Has no function here: the machine answers the time of the run."""
ARITIES[CLOCK] = 0

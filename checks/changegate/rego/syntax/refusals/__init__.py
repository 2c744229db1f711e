"""What is refused in a policy, one file a family. The registry says which look at what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.rego.syntax.refusals import (
    arithmetic,
    calls,
    conflicts,
    forms,
    functions,
    heads,
    imports,
    literals,
    metadata,
    negation,
    packages,
    patterns,
    recursion,
    safety,
    types,
)

if TYPE_CHECKING:
    from changegate.rego.syntax.refusals.program import OfModule, OfNode, OfProgram, OfRule

MODULES: tuple[OfModule, ...] = (imports.refused_imports, metadata.unreadable)
"""Asked once for each module."""
RULES: tuple[OfRule, ...] = (
    heads.reaching,
    heads.old_syntax,
    functions.parameters,
    functions.defaults,
    functions.branches,
    functions.shadowed,
    safety.unsafe,
)
"""Asked once for each rule."""
NODES: dict[str, tuple[OfNode, ...]] = {
    "Call": (calls.apart, calls.unknown, calls.arity, calls.arguments, calls.forms, patterns.patterns, calls.formats),
    "NotExpr": (negation.eager,),
    "Membership": (forms.pair, forms.membership),
    "Array": (literals.deep, literals.mixed),
    "Object": (literals.deep,),
    "Set": (literals.deep, literals.mixed),
    "Number": (literals.number,),
    "ArithExpr": (arithmetic.fractions,),
    "UnaryExpr": (arithmetic.negative,),
    "BoolExpr": (types.never_equal, types.order),
    "AssignExpr": (types.never_equal,),
    "RefDot": (types.missing,),
    "RefBrack": (types.missing,),
    "Var": (functions.unapplied,),
}
"""Asked for each node of a kind."""
PROGRAMS: tuple[OfProgram, ...] = (conflicts.kinds, conflicts.paths, conflicts.data, recursion.recursive)
"""Asked once."""
EMBEDDED: tuple[OfProgram, ...] = (packages.imports, heads.keyed, heads.whole)
"""Asked once, where the embedded engine is to evaluate: an OPA answers these rightly."""

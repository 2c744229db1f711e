"""What OPA refuses when it compiles a policy, and the embedded engine would not; what reaches out. A file a family."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.rego.syntax.refusals import calls, conflicts, functions, heads, imports, metadata, types

if TYPE_CHECKING:
    from changegate.rego.syntax.refusals.program import OfModule, OfNode, OfProgram, OfRule

MODULES: tuple[OfModule, ...] = (imports.refused_imports, metadata.unreadable)
"""Asked once for each module."""
RULES: tuple[OfRule, ...] = (heads.old_syntax, functions.parameters, functions.defaults, functions.shadowed)
"""Asked once for each rule."""
NODES: dict[str, tuple[OfNode, ...]] = {
    "Call": (calls.apart, calls.unknown, calls.arity, calls.arguments),
    "BoolExpr": (types.never_equal,),
    "AssignExpr": (types.never_equal,),
    "RefDot": (types.missing,),
    "RefBrack": (types.missing,),
    "Var": (functions.unapplied,),
}
"""Asked for each node of a kind."""
PROGRAMS: tuple[OfProgram, ...] = (conflicts.kinds, conflicts.paths, conflicts.data)
"""Asked once."""

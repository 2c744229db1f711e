"""`with`: what is put in the place of what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.rego.normal.lowering.expansion import evaluated
from changegate.rego.syntax.ast import reference

if TYPE_CHECKING:
    from changegate.rego.normal.forms import Form
    from changegate.rego.normal.lowering.lowering import Lowering
    from changegate.rego.normal.lowering.trees import Path
    from changegate.rego.syntax.ast import Tree


def lower_with(lowering: Lowering, tree: Tree, out: list[Form]) -> tuple[Any, Any]:
    """What is replaced, and by what: a term, whose statements are added, or the name of a function."""
    line = int(tree["span"]["line"])
    target = _target(lowering, tree["refr"], line)
    if target[0] not in {"input", "data"} or target in lowering.names.functions:
        replacement = _function(lowering, tree["as"])
        if replacement is not None:
            return target, replacement
    return target, evaluated(lowering, tree["as"], out, line)


def _target(lowering: Lowering, tree: Tree, line: int) -> Path:
    path = reference(tree) or ()
    if path and path[0] == "input":
        return path
    whole = lowering.whole_path(path[0]) if path and lowering.shadowed(path[0]) is None else None
    if whole is not None:
        return (*whole, *path[1:])
    name = ".".join(path)
    if lowering.is_builtin(name):
        return ("builtin", name)
    raise lowering.refused(
        line, f"`with` replaces {name}, which is neither input, data nor a builtin", "name what there is"
    )


def _function(lowering: Lowering, tree: Tree) -> Path | None:
    """The function that a value of `with` names, where it names one."""
    if not {"Var", "RefDot", "RefBrack"} & tree.keys():
        return None
    path = reference(tree) or ("",)
    if lowering.shadowed(path[0]) is not None:
        return None
    whole = lowering.whole_path(path[0])
    if whole is not None:
        found = (*whole, *path[1:])
        return found if found in lowering.names.functions else None
    name = ".".join(path)
    return ("builtin", name) if lowering.is_builtin(name) else None

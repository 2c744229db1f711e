"""Moving policies below another root, from their syntax tree: `data.changegate.x` becomes `data.<root>.changegate.x`.

Only edits within lines, so that a line keeps its number; columns behind an edit shift.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.errors import PolicyError
from changegate.rego.syntax.ast import reference, tree, walk
from changegate.rego.syntax.refuse import declared

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from changegate.rego.bundle import Module
    from changegate.rego.syntax.ast import Node, Tree
    from changegate.rego.syntax.clock import Edits

_HINT = "give it another name: `data` is the document of all policies and their data"


def below(module: Module, root: str) -> Module:
    """Move a module below a root: its package, and all that it refers to below `data`.

    Args:
        module: One Rego file.
        root: A plain name, such as `run_1`.

    Raises:
        PolicyError: The module does not parse, or names something of its own `data`; names its file and line.
    """
    return moved(module, tree(module), root)


def moved(module: Module, whole: Tree, root: str, more: Edits | None = None) -> Module:
    """Move a module whose tree is at hand; see `below`. `more` is put in places of its own at the same time."""
    nodes = list(walk([whole["imports"], whole["rules"]]))
    for line, what in _shadows(whole, nodes):
        raise PolicyError(f"{what} is called `data`", hint=_HINT, file=module.name, line=line)
    first = _start(whole["package"])
    edits = {first: (first, f"{root}.".encode()), **(more or {})}
    for node in nodes:
        if node.kind == "Var" and node.body["value"] == "data":
            end = int(node.body["span"]["end"])
            edits[end] = (end, f".{root}".encode())
    text = _edited(module.text.encode("utf-8", "surrogatepass"), edits)
    return module._replace(text=text.decode("utf-8", "surrogatepass"), tree=b"")


def _start(package: Tree) -> int:
    """Where the name of a package begins."""
    first = next(node for node in walk(package["refr"]) if node.kind == "Var")
    return int(first.body["span"]["start"])


def _edited(source: bytes, edits: Edits) -> bytes:
    parts, last = [], 0
    for at in sorted(edits):
        end, put = edits[at]
        parts += [source[last:at], put]
        last = end
    return b"".join([*parts, source[last:]])


_DECLARE = frozenset({"AssignExpr", "SomeIn", "SomeVars", "Every", "Func"})


def _shadows(whole: Tree, nodes: Sequence[Node]) -> Iterator[tuple[int, str]]:
    """What would make `data` mean something else here, with its line; OPA refuses most of it, too."""
    if (reference(whole["package"]["refr"]) or ("data",))[0] == "data":
        yield whole["package"]["span"]["line"], "the package"
    for one in whole["imports"]:
        if (one["as"] or (reference(one["refr"]) or ("",))[-1]) == "data":
            yield one["span"]["line"], "an import"
    for node in nodes:
        if node.kind in _DECLARE and "data" in declared({node.kind: node.body}):
            yield node.line, "a variable or an argument"

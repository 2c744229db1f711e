"""What is read off the trees that the parser gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.rego.normal.values import Real
from changegate.rego.syntax.ast import reference

if TYPE_CHECKING:
    from changegate.rego.syntax.ast import Tree


Path = tuple[str, ...]


def head_path(body: Tree) -> tuple[Path, Tree, Tree]:
    """The plain start of a head's name, its tree, and the whole head."""
    (head,) = body["head"].values() if "head" in body else (body,)
    return reference(head["refr"]) or ("",), head["refr"], head


def arguments(body: Tree) -> list[Tree] | None:
    """The parameters of a function; None where it is none."""
    if "head" in body:
        function = body["head"].get("Func")
        return None if function is None else function["args"]
    return body.get("args") or None


def number(text: str) -> Any:
    """The number that a text is, as it is written."""
    return int(text) if text.lstrip("-").isdecimal() else Real(text)


def field_of(body: Tree) -> str:
    """What stands behind a dot."""
    field = body["field"]
    return str(field[1] if isinstance(field, list) else field)


def line_of(tree: Tree) -> int:
    """The line on which a node begins."""
    body = next(iter(tree.values()))
    return int(body["span"]["line"])


def pattern_names(trees: list[Any]) -> set[str]:
    """The variables of a pattern that are declared by it."""
    found: set[str] = set()
    stack = [one for one in trees if one is not None]
    while stack:
        ((kind, body),) = stack.pop().items()
        if kind == "Var":
            found.add(str(body["value"]))
        elif kind == "Array":
            stack += body["items"]
        elif kind == "Object":
            stack += [field[-1] for field in body["fields"]]
    return found

"""The order in which modules are uploaded: OPA compiles at each upload, and a function must be there when it is called.

Modules whose functions call each other in a circle have no such order. Of these a stand-in is uploaded first, with
functions of the same names and numbers of arguments, and then replaced by the module itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from changegate.policy.syntax.ast import reference, tree, walk
from changegate.policy.syntax.rewrite import moved

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from changegate.policy.bundle import Bundle, Module
    from changegate.policy.syntax.ast import Node, Tree

Name = tuple[str, ...]


class Piece(NamedTuple):
    """One module, moved below the run's root."""

    file: str
    """The name that the user knows it by."""
    text: str
    stand_in: str
    """What is uploaded in its place first: its package with functions that have any value at all."""
    makes: frozenset[Name]
    """The functions that it defines, by their whole path."""
    calls: frozenset[Name]


def pieces(bundle: Bundle, root: str) -> list[Piece]:
    """Move a bundle below a root.

    Raises:
        PolicyError: A module does not parse, or cannot be moved; names its file and line.
    """
    return [_piece(module, root) for module in bundle.modules]


def _piece(module: Module, root: str) -> Piece:
    whole = tree(module)
    package = reference(whole["package"]["refr"]) or ()
    imports = {}
    for one in whole["imports"]:
        path = reference(one["refr"]) or ("",)
        imports[one["as"] or path[-1]] = path
    functions = dict(_functions(whole))
    text = moved(module, whole, root).text
    return Piece(
        file=module.name,
        text=text,
        stand_in=_stand_in(text, whole, functions),
        makes=frozenset(("data", *package, *name) for name in functions),
        calls=frozenset(_calls(whole, package, imports)),
    )

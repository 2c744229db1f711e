"""The order in which modules are uploaded: OPA compiles at each upload, and a function must be there when it is called.

So must a rule that another file of its package names.

Modules whose functions call each other in a circle have no such order. Of these a stand-in is uploaded first, with
functions of the same names and numbers of arguments, and then replaced by the module itself.

Of our own policies, where each rule has a file, the files of a package are uploaded as one: OPA would compile all that
it has more than a hundred times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.records import NamedTuple
from changegate.rego.syntax.ast import parsed_module, reference, references, tree
from changegate.rego.syntax.chains import chain_edits, chain_module
from changegate.rego.syntax.clock import clock_edits, clock_module
from changegate.rego.syntax.configurations import Configurations
from changegate.rego.syntax.rewrite import moved

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from changegate.rego.bundle import Bundle, Module
    from changegate.rego.syntax.ast import ParsedModule, Tree
    from changegate.rego.syntax.clock import Edits

Name = tuple[str, ...]


class Piece(NamedTuple):
    """One module, moved below the run's root."""

    file: str
    """The name that the user knows it by."""
    text: str
    stand_in: str
    """What may be uploaded in its place first: its package, with functions that have some value, of any type."""
    makes: frozenset[Name]
    """The functions that it defines, by their whole paths."""
    uses: frozenset[Name]
    """What it refers to, by whole paths."""
    rules: frozenset[Name] = frozenset()
    """The rules that it defines, by their whole paths: a head `a.b` is the rule `a`."""
    package: Name = ()
    """Its package, as the user knows it."""
    parts: tuple[tuple[int, str], ...] = ()
    """Of several files that are one: the lines above each, and its name."""

    def place(self, line: int) -> tuple[str, int]:
        """The file that a line is of, and its number there."""
        above, file = next((part for part in reversed(self.parts) if part[0] < line), (0, self.file))
        return file, line - above


def pieces(bundle: Bundle, root: str) -> tuple[Piece, ...]:
    """Move a bundle below a root.

    Raises:
        PolicyError: A module does not parse, or cannot be moved; names its file and line.
    """
    trees = [tree(module) for module in bundle.modules]
    parsed = [parsed_module(module, whole) for module, whole in zip(bundle.modules, trees, strict=True)]
    if not bundle.shipped:
        return tuple(_own_pieces(bundle, trees, parsed, root))
    made = [_piece(module, whole, root) for module, whole in zip(bundle.modules, trees, strict=True)]
    packages: dict[Name, list[Piece]] = {}
    for piece in made:
        packages.setdefault(piece.package, []).append(piece)
    return tuple(map(_joined, packages.values()))


def _own_pieces(bundle: Bundle, trees: Sequence[Tree], parsed: Sequence[ParsedModule], root: str) -> Iterator[Piece]:
    """The modules of a user's own, and behind them those of ours that they ask for."""
    clock, chains, configurations = f"{root}_now", f"{root}_chains", Configurations(f"{root}_read", bundle.files)
    asked: set[Name] = set()
    for module, whole, one in zip(bundle.modules, trees, parsed, strict=True):
        timed = {} if bundle.now is None else clock_edits(one, parsed, f"data.{clock}.ns")
        told = chain_edits(one, parsed, f"data.{chains}.plain")
        piece = _piece(module, whole, root, {**timed, **told, **configurations.edits(module, one, parsed)})
        uses = {name for name, edits in ((_CLOCK, timed), (_CHAINS, told)) if edits}
        asked |= uses
        yield piece._replace(uses=piece.uses | uses)
    if _CLOCK in asked and bundle.now is not None:
        yield Piece("", clock_module(clock, bundle.now), "", frozenset({_CLOCK}), frozenset())
    if _CHAINS in asked:
        yield Piece("", chain_module(chains), "", frozenset({_CHAINS}), frozenset())
    if text := configurations.text():
        yield Piece("", text, "", frozenset(), frozenset())


_CLOCK = ("time", "now_ns")
"""What stands for the module with the time, which goes before those that ask for it."""
_CHAINS = ("rego", "metadata", "chain")
"""The same for the one that tells the paths of packages."""


def _joined(files: list[Piece]) -> Piece:
    """Make the files of a package one. The lint holds ours to imports that stand for one thing in all of them."""
    rows: list[str] = []
    parts = []
    seen: set[str] = set()
    for piece in sorted(files, key=lambda one: one.text.startswith("package")):  # METADATA of the package comes first
        parts.append((len(rows), piece.file))
        for row in piece.text.split("\n"):
            is_head = row.startswith(("package ", "import "))
            rows.append("" if is_head and row in seen else row)
            seen.update({row} if is_head else ())
    return files[0]._replace(
        text="\n".join(rows),
        stand_in="\n".join(dict.fromkeys(row for piece in files for row in piece.stand_in.split("\n"))),
        makes=frozenset().union(*(piece.makes for piece in files)),
        uses=frozenset().union(*(piece.uses for piece in files)),
        rules=frozenset().union(*(piece.rules for piece in files)),
        parts=tuple(parts),
    )


def _piece(module: Module, whole: Tree, root: str, edits: Edits | None = None) -> Piece:
    package = ("data", *(reference(whole["package"]["refr"]) or ()))
    text = moved(module, whole, root, edits).text
    functions = tuple(_functions(whole["rules"]))
    source = module.text.encode("utf-8", "surrogatepass")
    return Piece(
        file=module.name,
        text=text,
        stand_in=_stand_in(source, whole["package"], functions, root),
        makes=frozenset((*package, *(reference(name) or ())) for name, _ in functions),
        uses=frozenset(_uses(whole, package)),
        rules=frozenset((*package, name) for name in _rules(whole["rules"])),
        package=package,
    )


def _rules(rules: Sequence[Tree]) -> Iterator[str]:
    """The first names of all heads that are no functions."""
    for rule in rules:
        for body in (rule.get("Default"), *rule.get("Spec", {}).get("head", {}).values()):
            if body and body.get("args") is None:
                yield (reference(body["refr"]) or ("",))[0]


def _functions(rules: Sequence[Tree]) -> Iterator[tuple[Tree, int]]:
    """The name of each function, and how many arguments it has."""
    for rule in rules:
        for body in (rule.get("Default"), rule.get("Spec", {}).get("head", {}).get("Func")):
            if body and body.get("args") is not None:
                yield body["refr"], len(body["args"])


def _stand_in(source: bytes, package: Tree, functions: Iterable[tuple[Tree, int]], root: str) -> str:
    def shown(tree: Tree) -> str:
        (body,) = tree.values()
        return source[body["span"]["start"] : body["span"]["end"]].decode("utf-8", "replace")

    lines = {f"{shown(name)}({', '.join(f'a{at}' for at in range(count))}) := input" for name, count in functions}
    return "\n".join([f"package {root}.{shown(package['refr'])}", *sorted(lines), ""])


def _uses(whole: Tree, package: Name) -> Iterator[Name]:
    imports = {}
    for one in whole["imports"]:
        path = reference(one["refr"]) or ("",)
        imports[one["as"] or path[-1]] = path
    for found in references(whole["rules"]):
        path = reference(found) or ("",)
        if path[0] == "data":
            yield path
        elif path[0] in imports:
            yield (*imports[path[0]], *path[1:])
        else:
            yield (*package, *path)


def ordered(given: Sequence[Piece]) -> tuple[list[int], list[int]]:
    """Put modules into an order in which each finds the functions that it uses.

    Returns:
        The places of all modules in the order of upload; and those that need a stand-in before any of them.
    """
    needs = {at: _needs(at, given) for at in range(len(given))}
    done: list[int] = []
    while len(done) < len(given):
        ready = [at for at in needs if at not in done and needs[at] <= set(done)]
        if not ready:
            rest = [at for at in needs if at not in done]
            return done + rest, rest
        # NOTE: OPA compiles all that it has for each upload: what is large comes late.
        done += sorted(ready, key=lambda at: len(given[at].text))
    return done, []


def _needs(at: int, given: Sequence[Piece]) -> set[int]:
    """The other modules that define a function which a module uses, or a rule of its own package."""
    mine = given[at]
    used = {path[:length] for path in mine.uses for length in range(1, len(path) + 1)}
    return {
        other
        for other, piece in enumerate(given)
        if other != at and used & (piece.makes | piece.rules if piece.package == mine.package else piece.makes)
    }

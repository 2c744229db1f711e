"""The text behind a syntax tree: which characters a statement is, so that it can be shown and evaluated by itself."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, Any

from changegate.records import NamedTuple
from changegate.rego.syntax.ast import Node, ParsedModule, Tree, dotted, name_of, parse_modules, reference, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.rego.bundle import Bundle, Module

_TOKEN = re.compile(rb'"(?:\\.|[^"\\\n])*"|`[^`]*`|#[^\n]*|[\[{(]|[\]})]')
_IMPORT = re.compile(r"^import\s.+$", re.MULTILINE)


class Statement(NamedTuple):
    """One line of a rule's body."""

    text: str
    """All of it, with what `with` puts in place."""
    line: int
    """1-based."""
    last_line: int
    tree: Tree
    """The literal: `Expr`, `NotExpr`, `SomeIn`, `SomeVars` or `Every`."""
    withs: str
    """What `with` puts in place, as it stands, or empty."""
    declares: tuple[str, ...]
    """The variables that have a value once it held."""


class Branch(NamedTuple):
    """One body of a rule, or one `else` of its chain, with the value that it gives."""

    value: Tree | None
    """The tree of the value; None means true."""
    line: int
    """1-based: where the branch starts."""
    last_line: int
    statements: tuple[Statement, ...]


class SourceFile:
    """One module: its tree and its text."""

    def __init__(self, module: Module, parsed: ParsedModule) -> None:
        """Take a module and what the parser made of it."""
        self.parsed = parsed
        self._bytes = module.text.encode("utf-8", "surrogatepass")
        self.imports = _IMPORT.findall(module.text)
        """The lines that import, as they stand."""
        self.lines = module.text.split("\n")

    @property
    def file(self) -> str:
        """The module's name."""
        return self.parsed.file

    @property
    def package(self) -> str:
        """The dotted package, without `data`; a part that is no name stands in brackets."""
        return dotted(self.parsed.package[1:])

    def text(self, tree: Tree) -> str:
        """The text of a node."""
        ((kind, body),) = tree.items()
        if kind == "Set" and not body.get("items"):
            return "set()"
        return self.cut(body["span"])

    def branches(self, rule: Node) -> tuple[Branch, ...]:
        """The bodies of a rule in the order in which they are tried; a rule without any has one branch."""
        head = next(iter(rule.body.get("head", {}).values()), None)
        if head is None:  # a default
            return (Branch(rule.body["value"], rule.line, self._last(rule.body["span"]), ()),)
        value = (head.get("assign") or {}).get("value") or head.get("key")
        if not rule.body["bodies"]:
            return (Branch(value, rule.line, self._last(rule.body["span"]), ()),)
        found = []
        for index, body in enumerate(rule.body["bodies"]):
            made = value if index == 0 else (body["assign"] or {}).get("value")
            query = body["query"]
            stated = tuple(map(self._statement, query["stmts"] if query else ()))
            first = rule.line if index == 0 else int(body["span"]["line"])
            found.append(Branch(made, first, self._last(body["span"]), stated))
        return tuple(found)

    def _statement(self, tree: Tree) -> Statement:
        ((kind, body),) = tree["literal"].items()
        text = self.cut(tree["span"])
        mods = tree.get("with_mods") or ()
        withs = self.cut({**tree["span"], "start": mods[0]["span"]["start"]}) if mods else ""
        declares = tuple(dict.fromkeys(_declared(kind, body)))
        return Statement(text, int(tree["span"]["line"]), self._last(tree["span"]), tree["literal"], withs, declares)

    def _last(self, span: Tree) -> int:
        start, end = self._whole(span)
        return int(span["line"]) + self._bytes[start:end].count(b"\n")

    def cut(self, span: Tree) -> str:
        """The text of a span."""
        start, end = self._whole(span)
        return self._bytes[start:end].decode("utf-8", "replace").strip()

    def _whole(self, span: Tree) -> tuple[int, int]:
        """The bytes of a span.

        NOTE: the engine's spans leave the quotes of a string out, and some objects begin at their last key.
        """
        starts, ends, opening = self._tokens
        start, end = int(span["start"]), int(span["end"])
        start, end = starts.get(start, start), ends.get(end, end)
        return min(start, opening.get(end - 1, start)), end

    @cached_property
    def _tokens(self) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
        starts: dict[int, int] = {}
        ends: dict[int, int] = {}
        opening: dict[int, int] = {}
        stack: list[int] = []
        for token in _TOKEN.finditer(self._bytes):
            if token[0][:1] in b'"`':
                starts[token.start() + 1] = token.start()
                ends[token.end() - 1] = token.end()
            elif token[0] in {b"[", b"{", b"("}:
                stack.append(token.start())
            elif token[0] in {b"]", b"}", b")"} and stack:
                opening[token.start()] = stack.pop()
        return starts, ends, opening

    @cached_property
    def statement_lines(self) -> tuple[int, ...]:
        """The lines on which something is evaluated: statements, and values that are more than a constant."""
        found = {line for rule in self.parsed.rules for line in self._evaluated(rule)}
        return tuple(sorted(found))

    def _evaluated(self, rule: Node) -> Iterator[int]:
        for branch in self.branches(rule):
            yield from (statement.line for statement in branch.statements)
            if branch.value is not None:
                ((_, body),) = branch.value.items()
                yield int(body["span"]["line"])

    def rule_at(self, line: int) -> Node | None:
        """The rule that a line belongs to: the last that begins at it or above."""
        begin = [rule.line for rule in self.parsed.rules]
        index = bisect_right(begin, line) - 1
        return self.parsed.rules[index] if index >= 0 else None


def sources(bundle: Bundle) -> dict[str, SourceFile]:
    """The modules of a bundle, by file.

    Raises:
        PolicyError: A module does not parse.
    """
    return {
        module.name: SourceFile(module, parsed)
        for module, parsed in zip(bundle.modules, parse_modules(bundle), strict=True)
    }


def definitions(source: SourceFile, name: str) -> list[Node]:
    """The definitions of one name in a module."""
    return [rule for rule in source.parsed.rules if name_of(rule) == name]


def _declared(kind: str, body: Tree) -> Iterator[str]:
    """The variables that a statement gives a value."""
    trees: list[Any] = []
    if kind == "SomeIn":
        trees = [body["key"], body["value"]]
    elif kind == "Expr" and body["expr"].get("AssignExpr", {}).get("op") == "ColEq":
        trees = [body["expr"]["AssignExpr"]["lhs"]]
    for node in walk(trees):
        name = str(node.body.get("value")) if node.kind == "Var" else ""
        if name and name != "_":
            yield name


def inputs(tree: Any) -> list[tuple[str, ...]]:
    """Every static reference into the input below a tree, the longest static part of each, in order of their names."""
    from changegate.rego.syntax.ast import references

    found = {reference(one) or () for one in references(tree)}
    return sorted(path for path in found if path[:1] == ("input",))

"""What the values in a statement are that does not hold: its two sides, its arguments, what it reads of the input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.author.probe import Answer, values
from changegate.author.show import difference, show
from changegate.author.source import SourceFile, Statement, inputs
from changegate.records import NamedTuple
from changegate.rego.syntax.ast import Node, dotted, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from changegate.author.probe import Prober
    from changegate.rego.syntax.ast import Tree


class Operand(NamedTuple):
    """A part of a statement, with what is said of it."""

    said: str
    tree: Tree


class Place(NamedTuple):
    """A statement in a body."""

    prober: Prober
    source: SourceFile
    before: tuple[Statement, ...]
    """The statements before it, which hold."""
    statement: Statement
    given: tuple[str, ...] = ()
    """Statements in front of all, as text."""

    def value(self, name: str) -> Answer:
        """The values of an expression where the statements before hold, under the statement's own `with`."""
        question = values(self.before, f"{name} {self.statement.withs}".strip(), self.given)
        return self.prober.ask(self.source, [question])[0]


def told(place: Place) -> list[str]:
    """Say what values a statement met that does not hold, in lines such as `left: count(found) is 2`."""
    parts = [part for part in _parts(place.statement) if any(node.kind == "Var" for node in walk(part.tree))]
    names = [place.source.text(part.tree) for part in parts]
    found = [place.value(name) for name in names]
    lines = [f"{part.said}{name} {_is(answer)}" for part, name, answer in zip(parts, names, found, strict=True)]
    reads = [dotted(path) for path in inputs(place.statement.tree) if len(path) > 1]
    lines += [f"{name} {_is(place.value(name), 'is missing')}" for name in reads if name not in names]
    return [*dict.fromkeys(lines), *_compared(place.statement, parts, found), *_broken(place)]


def _is(answer: Answer, missing: str = "is undefined") -> str:
    if answer.error:
        return f"cannot be asked for alone: {answer.error}"
    found = [one for index, one in enumerate(answer.value) if one not in answer.value[:index]]
    if not found:
        return missing
    more = f" (and {len(found) - 3} more)" if len(found) > 3 else ""
    return "is " + ", or ".join(show(one) for one in found[:3]) + more


def _parts(statement: Statement) -> Iterator[Operand]:
    ((kind, body),) = statement.tree.items()
    if kind == "Expr":
        yield from _of(body["expr"])
    elif kind == "NotExpr":
        yield from _of(body["expr"], "negated: ")
    elif kind == "SomeIn":
        yield Operand("", body["collection"])
    elif kind == "Every":
        yield Operand("", body["domain"])


def _of(tree: Tree, said: str = "") -> Iterator[Operand]:
    ((kind, body),) = tree.items()
    if kind == "BoolExpr" or (kind == "AssignExpr" and body["op"] != "ColEq"):
        yield Operand(f"{said}left: ", body["lhs"])
        yield Operand(f"{said}right: ", body["rhs"])
    elif kind == "AssignExpr":
        yield Operand(said, body["rhs"])
    elif kind == "Membership":
        yield Operand(said, body["value"])
        yield Operand(f"{said}in: ", body["collection"])
    else:
        yield Operand(said, tree)
    for call in walk(tree):
        if call.kind == "Call":
            yield from _arguments(call)


def _arguments(call: Node) -> Iterator[Operand]:
    for tree in call.body["params"]:
        if {"Var", "RefDot", "RefBrack", "Call"} & tree.keys():
            yield Operand("given: ", tree)


def _compared(statement: Statement, parts: Sequence[Operand], found: Sequence[Answer]) -> list[str]:
    """In what the two sides of `==` differ."""
    expression = statement.tree.get("Expr", {}).get("expr", {})
    if expression.get("BoolExpr", {}).get("op") != "Eq":
        return []
    sides = dict(zip((part.said for part in parts), found, strict=True))
    known: list[Any] = [sides[side].value for side in ("left: ", "right: ") if side in sides and sides[side].value]
    return difference(known[0][0], known[1][0]) if len(known) == 2 else []


def _broken(place: Place) -> list[str]:
    """The items of an `every` for which it does not hold."""
    if "Every" not in place.statement.tree:
        return []
    body = place.statement.tree["Every"]
    key, value = body["key"] or "changegate_key", body["value"]
    looked = f"some {key}, {value} in {place.source.text(body['domain'])}"
    query = "\n".join(place.source.cut(one["span"]) for one in body["query"]["stmts"])
    every, good = (place.value(f"[[{key}, {value}] |\n{looked}\n{more}\n]") for more in ("", query))
    if every.error or good.error or not every.value or not good.value:
        return []
    wrong = [one for one in every.value[0] if one not in good.value[0]]
    return [f"not for {show(item[0])} → {show(item[1], 100)}" for item in wrong[:3]]

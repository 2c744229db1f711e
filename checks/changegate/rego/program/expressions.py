"""Writing expressions and queries down again from their syntax tree, in the form that the virtual machine evaluates.

NOTE: to the machine, `x := e` holds also where `e` is undefined, and so does the head of a comprehension; in Rego
neither does. So every assignment is followed by a comparison of the variable with itself, which fails where there is
no value, and every head is assigned first. Not so what has a value whatever the input is, or had to have one before:
a constant, a comprehension, a variable that the same query has assigned or iterates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.errors import PolicyError
from changegate.rego.syntax.ast import walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Set

    from changegate.rego.syntax.ast import Tree

HEAD = "value__"
"""The variable of a head; no policy of ours has one of that name."""

_COMPARISONS = {"Eq": "==", "Ne": "!=", "Lt": "<", "Le": "<=", "Gt": ">", "Ge": ">="}
_SETS = {"Union": "|", "Intersection": "&"}
_CONSTANT = frozenset({"String", "Number", "Bool", "Null"})
_ALWAYS = _CONSTANT | {"ArrayCompr", "SetCompr"}
"""Kinds of terms that always have a value: a comprehension may be empty."""


class Writer:
    """Writes parts of one module."""

    def __init__(self, file: str, source: bytes, imports: Mapping[str, str], constants: Mapping[str, str]) -> None:
        """Keep what names stand for, and what literals are copied from.

        Args:
            file: The module's name, for errors.
            source: Its text, to which spans refer.
            imports: Name in this module -> the path that is written in its place.
            constants: Name or path of a rule with one value -> that value.
        """
        self._file = file
        self._source = source
        self._imports = imports
        self._constants = constants

    def expression(self, tree: Tree) -> str:
        """Write one expression.

        Raises:
            PolicyError: It has a form that is not known to be evaluated alike; names its line.
        """
        text = self.path(tree)
        return self._constants.get(text, text)

    def path(self, tree: Tree) -> str:
        """Write an expression as a reference that goes on, or is a head: a constant is not put in its place."""
        (kind, body), *_ = tree.items()
        write = _FORMS.get(kind)
        if write is None:
            raise self.refused(body, f"{kind} has no form in a program")
        return write(self, body)

    def query(self, query: Tree | None) -> list[str]:
        """Write the statements of a query, one each line."""
        lines: list[str] = []
        known: set[str] = set()
        for one in () if query is None else query["stmts"]:
            lines += self._statement(one, known)
            known.update(_declared(one))
        return lines

    def valued(self, term: Tree, query: Tree | None) -> tuple[str, list[str]]:
        """The head for a term, and the query that proves it to have a value."""
        lines = self.query(query)
        known = {name for one in (query["stmts"] if query else ()) for name in _declared(one)}
        if self._has_value(term, known):
            return self.expression(term), lines
        return HEAD, [*lines, *assigned(HEAD, self.expression(term))]

    def refused(self, body: Tree, message: str) -> PolicyError:
        """An error at the line of a node."""
        hint = "write it in another form: see docs/decisions/0021"
        return PolicyError(message, hint=hint, file=self._file, line=int(body["span"]["line"]))

    def _statement(self, statement: Tree, known: Set[str]) -> list[str]:
        if statement.get("with_mods"):
            raise self.refused(statement, "`with` has no form in a program")
        ((kind, body),) = statement["literal"].items()
        if kind == "Expr" and "AssignExpr" in body["expr"]:
            return self._assignment(body["expr"]["AssignExpr"], known)
        if kind == "Expr":
            return [self.expression(body["expr"])]
        if kind == "NotExpr":
            return [f"not {self.expression(body['expr'])}"]
        if kind == "SomeIn":
            names = [self.variable(one) for one in (body["key"], body["value"]) if one]
            return [f"some {', '.join(names)} in {self.expression(body['collection'])}"]
        if kind == "Every":
            for name in (body["key"], body["value"]):
                self._declare(name, statement)
            self._check_reaches(body)
            key = f"{body['key']}, " if body["key"] else ""
            inner = "\n".join(self.query(body["query"]))
            return [f"every {key}{body['value']} in {self.expression(body['domain'])} {{\n{inner}\n}}"]
        raise self.refused(statement, f"{kind} has no form in a program")

    def _assignment(self, body: Tree, known: Set[str]) -> list[str]:
        if body["op"] != "ColEq" or "Var" not in body["lhs"]:
            raise self.refused(body, "only `variable := value` has a form in a program")
        variable, value = self.variable(body["lhs"]), self.expression(body["rhs"])
        return [f"{variable} := {value}"] if self._has_value(body["rhs"], known) else assigned(variable, value)

    def variable(self, tree: Tree) -> str:
        """Write a variable where it is declared."""
        ((kind, body),) = tree.items()
        if kind != "Var":
            raise self.refused(body, "a pattern has no form in a program")
        self._declare(body["value"], body)
        return str(body["value"])

    def _check_reaches(self, every: Tree) -> None:
        """Refuse a reference by a variable of `every` in its body: to the machine it holds where there is nothing.

        So `every k in ["a", "b"] { input.x[k] > 0 }` would pass without `input.x.b`. In a function, or by a variable
        that the body assigns, it is as it should be.
        """
        for node in walk(every["query"]):
            index = node.body["index"].get("Var") if node.kind == "RefBrack" else None
            if index is not None and index["value"] in (every["key"], every["value"]):
                message = f"a reference by the variable {index['value']} of `every` has no form in a program"
                raise self.refused(node.body, message)

    def _declare(self, name: str | None, body: Tree) -> None:
        if name in self._imports or name in self._constants or name == HEAD:
            raise self.refused(body, f"the variable {name} has the name of something else in this module")

    def _has_value(self, tree: Tree, known: Set[str]) -> bool:
        """Whether a term has a value, whatever the input is, where the variables `known` have one."""
        (kind, body), *_ = tree.items()
        if kind in {"Array", "Set"}:
            return all(self._has_value(one, known) for one in body["items"])
        if kind == "Object":
            return all(self._has_value(part, known) for field in body["fields"] for part in field[-2:])
        if kind == "Var" and body["value"] in known:
            return True
        return kind in _ALWAYS or self._is_constant(tree)

    def _is_constant(self, tree: Tree) -> bool:
        (kind, _), *_ = tree.items()
        return is_constant(tree) or (kind in {"Var", "RefDot"} and self.path(tree) in self._constants)

    def _named(self, body: Tree) -> str:
        return self._imports.get(body["value"], str(body["value"]))

    def _copied(self, body: Tree) -> str:
        span = body["span"]
        return self._source[span["start"] : span["end"]].decode()

    def _string(self, body: Tree) -> str:
        return f'"{self._copied(body)}"'  # a span is of what stands between the quotes

    def _listed(self, items: list[Tree]) -> str:
        return ", ".join(map(self.expression, items))

    def _dotted(self, body: Tree) -> str:
        field = body["field"]
        return f"{self.path(body['refr'])}.{field[1] if isinstance(field, list) else field}"

    def _indexed(self, body: Tree) -> str:
        return f"{self.path(body['refr'])}[{self.expression(body['index'])}]"

    def _called(self, body: Tree) -> str:
        return f"{self.path(body['fcn'])}({self._listed(body['params'])})"

    def _compared(self, body: Tree) -> str:
        return f"{self.expression(body['lhs'])} {_COMPARISONS[body['op']]} {self.expression(body['rhs'])}"

    def _combined(self, body: Tree) -> str:
        if body["op"] not in _SETS:
            raise self.refused(body, "only the union and the intersection of sets have a form in a program")
        return f"({self.expression(body['lhs'])} {_SETS[body['op']]} {self.expression(body['rhs'])})"

    def _member(self, body: Tree) -> str:
        key = f"{self.expression(body['key'])}, " if body["key"] else ""
        return f"{key}{self.expression(body['value'])} in {self.expression(body['collection'])}"

    def _array(self, body: Tree) -> str:
        return f"[{self._listed(body['items'])}]"

    def _set(self, body: Tree) -> str:
        return f"{{{self._listed(body['items'])}}}" if body["items"] else "set()"

    def _object(self, body: Tree) -> str:
        fields = (f"{self.expression(field[-2])}: {self.expression(field[-1])}" for field in body["fields"])
        return f"{{{', '.join(fields)}}}"

    def _comprehension(self, body: Tree) -> str:
        head, lines = self.valued(body["term"], body["query"])
        return " |\n".join((head, "\n".join(lines)))


def _declared(statement: Tree) -> Iterator[str]:
    """The variables that have a value once a statement holds: what it assigns, what it iterates."""
    ((kind, body),) = statement["literal"].items()
    if kind == "Expr" and "AssignExpr" in body["expr"]:
        yield body["expr"]["AssignExpr"]["lhs"]["Var"]["value"]
    elif kind == "SomeIn":
        yield from (one["Var"]["value"] for one in (body["key"], body["value"]) if one)


def assigned(variable: str, value: str) -> list[str]:
    """An assignment that fails where the value is undefined."""
    return [f"{variable} := {value}", f"{variable} == {variable}"]


def is_constant(tree: Tree) -> bool:
    """Whether a term has a value whatever the input is."""
    (kind, body), *_ = tree.items()
    if kind in {"Array", "Set"}:
        return all(map(is_constant, body["items"]))
    if kind == "Object":
        return all(is_constant(part) for field in body["fields"] for part in field[-2:])
    return kind in _CONSTANT


_FORMS: dict[str, Callable[[Writer, Any], str]] = {
    "Array": Writer._array,
    "ArrayCompr": lambda writer, body: f"[{writer._comprehension(body)}]",
    "BinExpr": Writer._combined,
    "Bool": Writer._copied,
    "BoolExpr": Writer._compared,
    "Call": Writer._called,
    "Membership": Writer._member,
    "Null": Writer._copied,
    "Number": Writer._copied,
    "Object": Writer._object,
    "RefBrack": Writer._indexed,
    "RefDot": Writer._dotted,
    "Set": Writer._set,
    "SetCompr": lambda writer, body: f"{{{writer._comprehension(body)}}}",
    "String": Writer._string,
    "Var": Writer._named,
}
"""Kind of node -> how it is written. A kind that is not here is refused: what the machine makes of it is not known."""

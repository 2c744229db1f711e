"""Rewriting our modules into rules that the virtual machine compiles, and evaluates as Rego says.

- The machine has no `name["key"] := …`: each becomes a rule of its own, and rules with a variable gather them.
- A rule whose first body iterates never reaches its `else` there: refused.
- A head without a value is a value there: see `expressions`.
- A reference through an import makes the whole of that package there, each time: written with its path instead.
- A rule that is a constant is written in the place of its name.
- The files of one package become one: an object that has its keys in several of them is gathered once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from changegate.rego.bundle import Module
from changegate.rego.program.expressions import HEAD, Writer, assigned, is_constant
from changegate.rego.syntax.ast import reference, tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from changegate.rego.syntax.ast import Tree

OUTCOME = "outcome"
"""The object of a check's rules. Each of them answers something, or there is no decision: see `main.rego`."""
_MOST_IN_ONE = 60
"""So many parts are written as one object: the machine has 255 registers for a rule."""
_LONGEST = 120
"""Characters of a constant that is written in the place of its name: the engine reads no line of over 1,024."""


def lowered(modules: Sequence[Module]) -> tuple[Module, ...]:
    """Rewrite the modules of a bundle.

    Returns:
        One module for each package, called as the first of its files.

    Raises:
        PolicyError: One has a form that is not known to be evaluated alike; names its file and line.
    """
    trees = [tree(module) for module in modules]
    rules = [rule for module, whole in zip(modules, trees, strict=True) for rule in _values(module, whole)]
    paths = [path for path, _ in rules]
    constants = {path: value for path, value in rules if value and paths.count(path) == 1}
    packages: dict[str, list[tuple[Module, Tree]]] = {}
    for module, whole in zip(modules, trees, strict=True):
        packages.setdefault(_package(whole), []).append((module, whole))
    return tuple(_lowered(package, files, constants) for package, files in packages.items())


def _lowered(package: str, files: list[tuple[Module, Tree]], constants: dict[str, str]) -> Module:
    here = {path.removeprefix(f"{package}."): value for path, value in constants.items()}
    own = {name: value for name, value in here.items() if "." not in name}
    rules = _Rules()
    lines = [f"package {package.removeprefix('data.')}"]
    for module, whole in files:
        writer = Writer(module.name, module.text.encode(), _imports(whole), constants | own)
        lines += rules.written(writer, whole["rules"])
    return Module(files[0][0].name, "\n".join([*lines, *rules.gathered()]) + "\n")


def _imports(whole: Tree) -> dict[str, str]:
    paths = ((one, reference(one["refr"]) or ("",)) for one in whole["imports"])
    return {one["as"] or path[-1]: ".".join(path) for one, path in paths}


def _package(whole: Tree) -> str:
    return ".".join(("data", *(reference(whole["package"]["refr"]) or ())))


def _values(module: Module, whole: Tree) -> Iterator[tuple[str, str]]:
    """The path of every rule, and its value if it is short and the same whatever the input is; else an empty text."""
    writer, package = Writer(module.name, module.text.encode(), {}, {}), _package(whole)
    for rule in whole["rules"]:
        ((_, body),) = rule.items()
        ((_, head),) = body.get("head", {"Default": body}).items()
        assign = head.get("assign") if "Var" in head["refr"] and not body.get("bodies") else None
        value = writer.expression(assign["value"]) if assign and is_constant(assign["value"]) else ""
        yield f"{package}.{writer.path(head['refr'])}", value if len(value) <= _LONGEST else ""


class _Rules:
    """Writes the rules of one package, file by file, and remembers the parts of objects among them."""

    _writer: Writer
    """Of the file that is being written."""

    def __init__(self) -> None:
        self._parts: dict[str, dict[str, str]] = {}
        """Name of an object -> its keys, each with the rule that has its value."""

    def written(self, writer: Writer, rules: list[Tree]) -> Iterator[str]:
        """Write the rules of one file."""
        self._writer = writer
        for rule in rules:
            ((kind, body),) = rule.items()
            if kind != "Spec":
                raise self._writer.refused(body, f"{kind} has no form in a program")
            yield from self._rule(body)

    def gathered(self) -> Iterator[str]:
        """Write the rules that gather the parts of objects."""
        for name, parts in self._parts.items():
            if name == OUTCOME and len(parts) <= _MOST_IN_ONE:
                yield _whole(name, parts)
                continue
            for key, part in parts.items():
                yield f"{name}[key__] := {HEAD}{_if([f'key__ := {key}', *assigned(HEAD, part)])}"

    def _rule(self, rule: Tree) -> Iterator[str]:
        ((kind, head),) = rule["head"].items()
        if kind == "Set":
            for body in rule["bodies"] or [None]:
                term, query = self._writer.valued(head["key"], body and body["query"])
                yield f"{self._writer.path(head['refr'])} contains {term}{_if(query)}"
        elif rule["bodies"]:
            self._check_else(rule)
            arms = (
                self._arm(body["assign"] or (None if index else head["assign"]), body["query"])
                for index, body in enumerate(rule["bodies"])
            )
            yield self._name(kind, head) + "\nelse".join(arms)
        else:
            yield self._name(kind, head) + self._arm(head["assign"], None)

    def _arm(self, assign: Tree | None, query: Tree | None) -> str:
        if assign is None:
            return _if(self._writer.query(query))
        value, lines = self._writer.valued(assign["value"], query)
        return f" := {value}{_if(lines)}"

    def _name(self, kind: str, head: Tree) -> str:
        name = self._writer.path(head["refr"])
        if kind == "Func":
            return f"{name}({', '.join(map(self._writer.variable, head['args']))})"
        key = re.fullmatch(r'(\w+)\[("[^"]*")\]', name)
        if key is None:
            return name
        parts = self._parts.setdefault(key[1], {})
        return parts.setdefault(key[2], f"{key[1]}__{len(parts)}")

    def _check_else(self, rule: Tree) -> None:
        for body in rule["bodies"] if len(rule["bodies"]) > 1 else ():
            for statement in body["query"]["stmts"]:
                if "SomeIn" in statement["literal"]:
                    raise self._writer.refused(statement, "`some` in a rule with `else` has no form in a program")


def _whole(name: str, parts: dict[str, str]) -> str:
    """One object of all parts; it has no value where one of them has none."""
    lines = [line for index, part in enumerate(parts.values()) for line in assigned(f"part{index}__", part)]
    fields = ",\n".join(f"{key}: part{index}__" for index, key in enumerate(parts))
    return f"{name} := {{{fields}}}{_if(lines)}"


def _if(lines: list[str]) -> str:
    joined = "\n".join(lines)
    return f" if {{\n{joined}\n}}" if lines else ""

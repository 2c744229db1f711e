"""Rewriting a module of ours into the rules that the virtual machine compiles and evaluates as Rego says.

- The machine has no `name["key"] := …`: each becomes a rule of its own, and rules with a variable gather them.
- A rule whose first body iterates never reaches its `else` there: refused.
- A head without a value is a value there: see `expressions`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from changegate.policy.bundle import Module
from changegate.policy.program.expressions import HEAD, Writer, assigned
from changegate.policy.syntax.ast import tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.policy.syntax.ast import Tree


def lowered(module: Module) -> Module:
    """Rewrite one module.

    Raises:
        PolicyError: It has a form that is not known to be evaluated alike; names its file and line.
    """
    whole = tree(module)
    writer = Writer(module.name, module.text.encode())
    lines = [f"package {writer.expression(whole['package']['refr'])}"]
    lines += [f"import {writer.expression(one['refr'])}" for one in whole["imports"]]
    lines += _Rules(writer).written(whole["rules"])
    return Module(module.name, "\n".join(lines) + "\n")


class _Rules:
    """Writes the rules of one module, and remembers the parts of objects among them."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._parts: dict[str, dict[str, str]] = {}
        """Name of an object -> its keys, each with the rule that has its value."""

    def written(self, rules: list[Tree]) -> Iterator[str]:
        for rule in rules:
            ((kind, body),) = rule.items()
            if kind != "Spec":
                raise self._writer.refused(body, f"{kind} has no form in a program")
            yield from self._rule(body)
        for name, parts in self._parts.items():
            for key, part in parts.items():
                yield f"{name}[key__] := {HEAD}{_if([f'key__ := {key}', *assigned(HEAD, part)])}"

    def _rule(self, rule: Tree) -> Iterator[str]:
        ((kind, head),) = rule["head"].items()
        if kind == "Set":
            for body in rule["bodies"] or [None]:
                term, query = self._writer.valued(head["key"], self._writer.query(body and body["query"]))
                yield f"{self._writer.expression(head['refr'])} contains {term}{_if(query)}"
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
        lines = self._writer.query(query)
        if assign is None:
            return _if(lines)
        value, lines = self._writer.valued(assign["value"], lines)
        return f" := {value}{_if(lines)}"

    def _name(self, kind: str, head: Tree) -> str:
        name = self._writer.expression(head["refr"])
        if kind == "Func":
            return f"{name}({', '.join(map(self._writer.expression, head['args']))})"
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


def _if(lines: list[str]) -> str:
    joined = "\n".join(lines)
    return f" if {{\n{joined}\n}}" if lines else ""

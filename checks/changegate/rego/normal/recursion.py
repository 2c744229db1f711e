"""Recursion: OPA refuses a rule that needs itself, and the machine would never come to an end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.errors import PolicyError
from changegate.rego.normal import forms
from changegate.rego.normal.forms import (
    DATA,
    Call,
    Compr,
    Const,
    Every,
    Form,
    LoweredRule,
    Not,
    NotBody,
    RefTerm,
    Term,
    every_term,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.rego.normal.machine import Machine
    from changegate.rego.normal.tree import TreePlace


def find(machine: Machine) -> PolicyError | None:
    """A rule that needs itself, through others and through references into data, too, with its line."""
    rules: dict[TreePlace, LoweredRule] = {}
    edges: dict[TreePlace, set[TreePlace]] = {}
    for compiled in machine.compiled:
        node, _ = machine.place(compiled.rule.path[1:])
        rules.setdefault(node, compiled.rule)
        edges.setdefault(node, set()).update(_needs(machine, compiled.rule))
    looped = _cycle(edges)
    if not looped:
        return None
    rule = rules[looped[0]]
    shown = " → ".join(".".join(node.path) for node in (*looped, looped[0]))
    hint = "policies select from finite data: unroll it"
    return PolicyError(f"the rule is recursive: {shown}", hint=hint, file=rule.file, line=rule.line)


def _needs(machine: Machine, rule: LoweredRule) -> Iterator[TreePlace]:
    for branch in rule.branches:
        for term in (branch.value, *branch.keys):
            yield from _of_term(machine, term)
        for statement in branch.body:
            yield from _of_statement(machine, statement)


def _of_statement(machine: Machine, statement: Form) -> Iterator[TreePlace]:
    inner = statement.inner if isinstance(statement, Not) else statement
    for target, _ in statement.withs:
        if target[0] == "data":
            node, rest = machine.place(target[1:])
            yield from () if rest and not node.holds_rules else _below(node)
    for term in forms.operands(statement):
        yield from _of_term(machine, term)
    if isinstance(inner, Call) and len(inner.name) > 1:
        yield machine.place(inner.name[1:])[0]
    if isinstance(inner, (Every, NotBody)):
        for one in inner.body:
            yield from _of_statement(machine, one)


def _of_term(machine: Machine, term: Term) -> Iterator[TreePlace]:
    for one in every_term(term):
        if isinstance(one, Compr):
            for statement in one.body:
                yield from _of_statement(machine, statement)
            yield from _of_term(machine, one.value)
            if one.key is not None:
                yield from _of_term(machine, one.key)
        elif isinstance(one, RefTerm) and one.head == DATA:
            yield from _reached(machine, one)


def _reached(machine: Machine, one: RefTerm) -> Iterator[TreePlace]:
    """The rules that a reference may evaluate: what it names, or all below."""
    plain = []
    for part in one.parts:
        if not isinstance(part, Const):
            break
        plain.append(part.value)
    node, rest = machine.place(plain)
    if node.holds_rules:
        yield node
    elif not rest:
        yield from _below(node)


def _below(node: TreePlace) -> Iterator[TreePlace]:
    if node.holds_rules or node.functions or node.fallbacks:
        yield node
    for child in node.children.values():
        yield from _below(child)


def _cycle(edges: dict[TreePlace, set[TreePlace]]) -> tuple[TreePlace, ...]:
    """One cycle of a graph, by depth-first search with an explicit stack; empty where there is none."""
    done: set[TreePlace] = set()
    for start in sorted(edges, key=lambda node: node.path):
        path: list[TreePlace] = []
        on_path: set[TreePlace] = set()
        stack: list[tuple[TreePlace, bool]] = [(start, False)]
        while stack:
            node, leaving = stack.pop()
            if leaving:
                path.pop()
                on_path.discard(node)
                done.add(node)
            elif node in on_path:
                return tuple(path[path.index(node) :])
            elif node not in done:
                path.append(node)
                on_path.add(node)
                stack.append((node, True))
                following = sorted(edges.get(node, ()), key=lambda one: one.path)
                stack.extend((target, False) for target in following)
    return ()

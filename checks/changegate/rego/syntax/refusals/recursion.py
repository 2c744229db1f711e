"""Recursion: it would overflow the stack of the embedded engine, and OPA refuses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.rego.syntax.ast import name_of, reference, references
from changegate.rego.syntax.refusals.program import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from changegate.errors import PolicyError
    from changegate.rego.syntax.refusals.program import Name, Program, RulePlace

_Index = dict["Name", set["Name"]]


def recursive(program: Program, places: Sequence[RulePlace]) -> Iterator[PolicyError]:
    """Refuse a rule or function that needs itself, through others and through references into data, too."""
    names = {(*module.package, name_of(rule)) for module in program.modules for rule in module.rules}
    below = _below(names)
    edges: dict[Name, set[Name]] = {}
    first: dict[Name, RulePlace] = {}
    for where in places:
        name = (*where.module.package, name_of(where.rule))
        first.setdefault(name, where)
        edges.setdefault(name, set()).update(_uses(where, names, below))
    looped = _cycle(edges)
    if looped:
        where = first[looped[0]]
        shown = " → ".join(".".join(name[1:]) for name in (*looped, looped[0]))
        yield where.refused(
            where.rule.line, f"the rule is recursive: {shown}", "policies select from finite data: unroll it"
        )


def _below(names: set[Name]) -> _Index:
    """Each path -> the rules below it."""
    found: _Index = {}
    for name in names:
        for length in range(1, len(name) + 1):
            found.setdefault(name[:length], set()).add(name)
    return found


def _uses(where: RulePlace, names: set[Name], below: _Index) -> Iterator[Name]:
    """The rules that a rule may evaluate; a reference that is not static may evaluate all below it."""
    local, module, rule = where.local, where.module, where.rule
    head = rule.body.get("head", {})
    parts = [part.get(key) for part in head.values() for key in ("assign", "args", "key")]
    for found in references([rule.body.get("bodies", []), parts]):
        path = reference(found) or ()
        if not path or path[0] == "input" or (path[0] in local and path[0] not in module.imports):
            continue
        whole = resolve(module, path)
        yield from below.get(whole, ())
        yield from (whole[:length] for length in range(1, len(whole)) if whole[:length] in names)


def _cycle(edges: dict[Name, set[Name]]) -> tuple[Name, ...]:
    """One cycle of a graph, by depth-first search with an explicit stack; empty where there is none."""
    done: set[Name] = set()
    for start in sorted(edges):
        path: list[Name] = []
        stack: list[tuple[Name, bool]] = [(start, False)]
        while stack:
            name, leaving = stack.pop()
            if leaving:
                done.add(path.pop())
            elif name in path:
                return tuple(path[path.index(name) :])
            elif name not in done:
                path.append(name)
                stack.append((name, True))
                stack.extend((target, False) for target in sorted(edges.get(name, ())))
    return ()

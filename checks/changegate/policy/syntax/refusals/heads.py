"""Heads of rules: what they reach into may be missing, and what Rego v0 wrote there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.policy.syntax.ast import CONVERT, indexes, references, walk
from changegate.policy.syntax.refusals.program import declared, function_of, line_of, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.errors import PolicyError
    from changegate.policy.syntax.ast import Node, Tree
    from changegate.policy.syntax.refusals.program import Where


def reaching(where: Where) -> Iterator[PolicyError]:
    """Refuse `x contains item.field if some item in …`, `x[item.field] := 1 if …`, and the same after `else`.

    Where the field is missing from one item, or a function has no value for it, OPA leaves that item out; the embedded
    engine loses what it had found so far, without a word, or stops with an error.
    """
    for made, body in _values(where.rule):
        reached = list(_reached(where, made))
        local = set(_iterated(body)) if reached else set()
        for found in reached:
            if local & {node.body["value"] for node in walk(found) if node.kind == "Var"}:
                message = f"the head of the rule reaches into {shown(found)}, which may be missing"
                hint = f"bind it in the body: `value := {shown(found)}`, and write `value` in the head"
                yield where.refused(line_of(found), message, hint)


def _reached(where: Where, made: object) -> Iterator[Tree]:
    """What of a head may be undefined."""
    yield from (found for found in references(made) if "Var" not in found)
    for node in walk(made):
        if node.kind == "Call" and function_of(where.module, node) in where.program.partial:
            yield {"Call": node.body}


def _values(rule: Node) -> Iterator[tuple[list[object], Tree]]:
    """What a rule's head is made of, with the body that it is made for; of an `else` its value."""
    bodies = rule.body.get("bodies", [])
    for head in rule.body.get("head", {}).values():
        made = [head.get("key"), (head.get("assign") or {}).get("value"), list(indexes(head["refr"]))]
        yield made, bodies[0] if bodies else {}
    for body in bodies[1:]:
        yield [(body["assign"] or {}).get("value")], body


def _iterated(body: Tree) -> Iterator[str]:
    """The names that a body declares, where it looks at several items."""
    nodes = list(walk(body))
    if any(node.kind in {"SomeIn", "SomeVars"} or node.body.get("value") == "_" for node in nodes):
        yield from declared(body)


def old_syntax(where: Where) -> Iterator[PolicyError]:
    """Refuse `deny[message]`, which in Rego v0 was `deny contains message`."""
    rule = where.rule
    head = rule.body.get("head", {}).get("Set")
    if head is not None and not rule.body["bodies"] and not _says_contains(where.module.source, head):
        yield where.refused(rule.line, "`x[y]` alone is no rule", CONVERT.replace("FILE", where.module.file))


def _says_contains(source: bytes, head: Tree) -> bool:
    (body,) = head["refr"].values()
    (key,) = head["key"].values()
    between = source[body["span"]["end"] : key["span"]["start"]]
    return b"contains" in between

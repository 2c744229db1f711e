"""Heads of rules: what they reach into may be missing, keys that nothing may fit, and what Rego v0 wrote there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.rego.syntax.ast import CONVERT, indexes, reference, references, walk
from changegate.rego.syntax.refusals.program import (
    ASK_OPA,
    declared,
    function_of,
    line_of,
    path_of,
    refused,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from changegate.errors import PolicyError
    from changegate.rego.syntax.ast import Node, Tree
    from changegate.rego.syntax.refusals.program import Name, Program, RulePlace


def reaching(where: RulePlace) -> Iterator[PolicyError]:
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


def _reached(where: RulePlace, made: object) -> Iterator[Tree]:
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


def old_syntax(where: RulePlace) -> Iterator[PolicyError]:
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


def keyed(program: Program, places: Sequence[RulePlace]) -> Iterator[PolicyError]:
    """Refuse `by[x] contains n`, `by[x][y] := v`, `by[x].b := v`, `by.a[x] := v`: undefined here where nothing fits.

    In OPA the whole of it is then `{}`, so that `count(by) == 0` holds there, and never holds here. `by[x] := v` is
    `{}` on both engines.
    """
    del program
    for where in places:
        for kind, head in where.rule.body.get("head", {}).items():
            parts = list(_parts(head["refr"]))
            if any(map(_is_variable, parts)) and (kind == "Set" or len(parts) > 1):
                name = path_of(where.rule)[0]
                message = f"the head of {name} has a variable as a key: where nothing fits, it has no value here"
                hint = f"write a comprehension: `{name} := {{key: value | …}}`, {ASK_OPA}"
                yield where.refused(where.rule.line, message, hint)


def _parts(tree: Tree) -> Iterator[Tree | None]:
    """What stands behind the name of a head: the trees in brackets, and nothing for what stands behind a dot."""
    while "Var" not in tree:
        (body,) = tree.values()
        yield body.get("index")
        tree = body["refr"]


def _is_variable(part: Tree | None) -> bool:
    return part is not None and not {"String", "RawString", "Number", "Bool", "Null"} & part.keys()


def whole(program: Program, places: Sequence[RulePlace]) -> Iterator[PolicyError]:
    """Refuse to read `by` as a whole where its rules are `by.a := …`: undefined here where none of them holds."""
    del program
    above = _above(places)
    for where in places if above else ():
        for found in references(where.rule.body):
            written = reference(found) or ("",)
            name = where.resolved(written)
            (body,) = found.values()
            if name in above and written[0] not in where.local and id(body) not in where.named:
                message = (
                    f"{'.'.join(name[1:])} is read as a whole, and is {{}} on one engine only where none of it holds"
                )
                hint = f"read its parts by their names, such as {above[name]}, {ASK_OPA}"
                yield refused(where.module, line_of(found), message, hint)


def _above(places: Sequence[RulePlace]) -> dict[Name, str]:
    """What is put together from rules with keys in their heads and may be empty, each with the name of one of them."""
    found: dict[Name, str] = {}
    never_empty: set[Name] = set()
    for where in places:
        package, path = where.module.package, path_of(where.rule)
        wholes = [(*package, *path[:size]) for size in range(1, len(path))]
        if package[1:2] == ("changegate",) or not where.rule.body.get("bodies"):  # each of our outcomes has a value
            never_empty.update(wholes)
        found.update(dict.fromkeys(wholes, ".".join(path)))
    return {name: part for name, part in found.items() if name not in never_empty}

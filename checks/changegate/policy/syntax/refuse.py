"""What is refused in a policy before it is evaluated: what crashes an engine, or differs between engines in silence.

Every refusal is found in the syntax tree, names the file and the line, and says what to write instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.errors import PolicyError
from changegate.policy.syntax.ast import Node, Parsed, Tree, indexes, name_of, parse, reference, references, walk
from changegate.policy.syntax.builtins import ALLOWED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from changegate.policy.bundle import Bundle

DEEPEST_LITERAL = 3
Name = tuple[str, ...]
"""A rule by its whole path: `("data", "changegate", "lib", "each")`."""


def refuse(bundle: Bundle) -> None:
    """Refuse a bundle that an engine must not be given.

    Raises:
        PolicyError: The first form that is refused, by file and line.
    """
    for refusal in refusals(bundle):
        raise refusal


def refusals(bundle: Bundle, deep: frozenset[str] = frozenset()) -> Iterator[PolicyError]:
    """Find everything in a bundle for which it is refused, one after another.

    Args:
        bundle: The modules.
        deep: Files whose literals may be nested deeper: tests, which bring whole input documents.

    Raises:
        PolicyError: A module does not parse, so that nothing can be looked for.
    """
    modules = parse(bundle)
    known = {(*module.package, name_of(rule)) for module in modules for rule in module.rules}
    partial = known - {(*module.package, name_of(rule)) for module in modules for rule in module.rules if _total(rule)}
    for module in modules:
        for rule in module.rules:
            yield from _caught(_head, module, rule, partial)
            for node in walk(rule.body):
                shallow = node._replace(depth=0) if module.file in deep else node
                yield from _caught(_form, module, shallow, known)
    yield from _caught(_recursion, modules, known)


def _caught(look: Callable[..., None], *at: object) -> Iterator[PolicyError]:
    try:
        look(*at)
    except PolicyError as refusal:
        yield refusal


def _refused(module: Parsed, line: int, message: str, hint: str) -> PolicyError:
    return PolicyError(message, hint=hint, file=module.file, line=line)


def _total(rule: Node) -> bool:
    """Whether a function has a value whatever it is given: it has no condition, and reaches into nothing."""
    value = (rule.body.get("head", {}).get("Func", {}).get("assign") or {}).get("value")
    return value is not None and not rule.body["bodies"] and all("Var" in found for found in references(value))


def _head(module: Parsed, rule: Node, partial: set[Name]) -> None:
    """Refuse `x contains item.field if some item in …`, `x[item.field] := 1 if …`, and the same after `else`.

    Where the field is missing from one item, or a function has no value for it, OPA leaves that item out; the embedded
    engine loses what it had found so far, without a word, or stops with an error.
    """
    for made, body in _values(rule):
        local = set(_iterated(body))
        for found, shown in _reaching(module, made, partial):
            if local & {node.body["value"] for node in walk(found) if node.kind == "Var"}:
                message = f"the head of the rule reaches into {shown}, which may be missing"
                hint = f"bind it in the body: `value := {shown}`, and write `value` in the head"
                raise _refused(module, _line(found), message, hint)


def _reaching(module: Parsed, made: object, partial: set[Name]) -> Iterator[tuple[Tree, str]]:
    """What of a head may be undefined, and how it is shown."""
    for found in references(made):
        if "Var" not in found:
            yield found, ".".join(reference(found) or ())
    for node in walk(made):
        if node.kind == "Call" and _function(module, node) in partial:
            yield {"Call": node.body}, ".".join(reference(node.body["fcn"]) or ()) + "(…)"


def _function(module: Parsed, call: Node) -> Name:
    return resolve(module, reference(call.body["fcn"]) or ())


def _line(tree: Tree) -> int:
    (body,) = tree.values()
    return int(body["span"]["line"])


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


def _form(module: Parsed, node: Node, known: set[Name]) -> None:
    if node.kind == "Call":
        _call(module, node, known)
    elif node.kind == "NotExpr":
        _negation(module, node)
    elif node.kind == "Membership" and node.body["key"] is not None:
        hint = "write `some k, v in collection`, then compare"
        raise _refused(module, node.line, "`k, v in collection` as a test is not the same on every engine", hint)
    elif node.depth > DEEPEST_LITERAL:
        hint = "give the inner part a name of its own, in a rule or a variable"
        raise _refused(module, node.line, f"a literal is nested deeper than {DEEPEST_LITERAL}", hint)


def _negation(module: Parsed, node: Node) -> None:
    """Refuse `not f(input.x)`, `not x in input.y`, `not input.x > 1`.

    OPA looks `input.x` up before the negation, so that all of it is undefined where that is missing; the embedded
    engine takes the negation for true. Only a reference alone, and `==` between references, are the same.
    """
    (kind, body), *_ = node.body["expr"].items()
    if kind in {"Var", "RefDot", "RefBrack"}:
        eager: object = list(indexes(node.body["expr"]))
    elif kind == "BoolExpr" and body["op"] == "Eq":
        eager = [part for side in ("lhs", "rhs") for part in _eager(body[side])]
    else:
        eager = node.body["expr"]
    called = {id(call.body["fcn"]) for call in walk(eager) if call.kind == "Call"}
    reached = next((one for one in references(eager) if "Var" not in one and id(one) not in called), None)
    if reached is not None:
        shown = ".".join(reference(reached) or ())
        hint = f"bind it before the negation: `value := {shown}`"
        raise _refused(module, node.line, f"`not` reaches into {shown}, which may be missing", hint)


def _eager(side: Tree) -> list[object]:
    """What of one side of `==` is looked up before the comparison."""
    return list(indexes(side)) if {"Var", "RefDot", "RefBrack"} & side.keys() else [side]


def _call(module: Parsed, node: Node, known: set[Name]) -> None:
    path = reference(node.body["fcn"]) or ()
    if resolve(module, path) in known:
        return
    name = ".".join(path)
    if name not in ALLOWED:
        hint = "policies compare, count and select; give them the fact as a number in the input"
        raise _refused(
            module, node.line, f"the builtin {name} is not on the list of those that policies may call", hint
        )
    if name == "walk" and len(node.body["params"]) < 2:
        hint = "write `walk(document, [path, value])`"
        raise _refused(module, node.line, "`walk` as a value yields nothing on the embedded engine", hint)


def resolve(module: Parsed, path: Name) -> Name:
    """The whole path of what a reference in a module names."""
    if not path:
        return ()
    if path[0] in {"data", "input"}:
        return path
    if path[0] in module.imports:
        return (*module.imports[path[0]], *path[1:])
    return (*module.package, *path)


def _recursion(modules: tuple[Parsed, ...], known: set[Name]) -> None:
    edges: dict[Name, set[Name]] = {}
    places: dict[Name, tuple[Parsed, int]] = {}
    for module in modules:
        for rule in module.rules:
            name = (*module.package, name_of(rule))
            places.setdefault(name, (module, rule.line))
            edges.setdefault(name, set()).update(_uses(module, rule, known))
    looped = _cycle(edges)
    if looped:
        module, line = places[looped[0]]
        shown = " → ".join(".".join(name[1:]) for name in (*looped, looped[0]))
        raise _refused(module, line, f"the rule is recursive: {shown}", "policies select from finite data: unroll it")


def _uses(module: Parsed, rule: Node, known: set[Name]) -> Iterator[Name]:
    """The rules that a rule may evaluate; a reference that is not static may evaluate all below it."""
    local = set(declared(rule.body))
    head = rule.body.get("head", {})
    parts = [part.get(key) for part in head.values() for key in ("assign", "args", "key")]
    for found in references([rule.body.get("bodies", []), parts]):
        yield from _targets(module, reference(found) or (), local, known)


def _targets(module: Parsed, path: Name, local: set[str], known: set[Name]) -> Iterator[Name]:
    if not path or path[0] == "input" or (path[0] in local and path[0] not in module.imports):
        return
    whole = resolve(module, path)
    for name in known:
        if whole[: len(name)] == name or name[: len(whole)] == whole:
            yield name


def declared(tree: Tree) -> Iterator[str]:
    """The names that a rule, or a part of it, declares for itself: by `some`, `:=`, `every` and as parameters."""
    for node in walk(tree):
        names: list[object] = []
        if node.kind == "AssignExpr" and node.body["op"] == "ColEq":
            names = [node.body["lhs"]]
        elif node.kind == "SomeIn":
            names = [node.body["key"], node.body["value"]]
        elif node.kind == "Func":
            names = [node.body["args"]]
        elif node.kind == "SomeVars":
            yield from node.body["vars"]
        elif node.kind == "Every":
            yield from (name for name in (node.body["key"], node.body["value"]) if name)
        for inner in walk(names):
            if inner.kind == "Var":
                yield str(inner.body["value"])


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

"""All modules of a bundle together: what names stand for in them, and what a refusal is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from changegate.errors import PolicyError
from changegate.records import NamedTuple
from changegate.rego.syntax.ast import Node, ParsedModule, Tree, name_of, reference, references, walk

if TYPE_CHECKING:
    from changegate.rego.bundle import Bundle

Name = tuple[str, ...]
"""A rule by its whole path: `("data", "changegate", "lib", "each")`."""


class Program(NamedTuple):
    """The modules of a bundle, and an index of their rules."""

    bundle: Bundle
    modules: tuple[ParsedModule, ...]
    known: frozenset[Name]
    """Every rule and function by the first part of its head, and functions by their whole head, too."""
    functions: dict[Name, int]
    """Function -> how many parameters it has."""
    parameters: dict[Name, list[list[Tree]]]
    """Function -> the parameters of each of its definitions."""
    partial: frozenset[Name]
    """Those of `known` that may have no value."""
    sets: frozenset[Name]
    """The rules with several values: `x contains …`."""
    constants: dict[Name, Tree]
    """Rule that is nothing but one literal -> that."""


OfModule = Callable[[Program, ParsedModule], Iterator[PolicyError]]


class RulePlace:
    """One rule, with what is asked of it again and again."""

    def __init__(self, program: Program, module: ParsedModule, rule: Node) -> None:
        self.program = program
        self.module = module
        self.rule = rule
        self.nodes = tuple(walk(rule.body))

    @cached_property
    def local(self) -> frozenset[str]:
        """The names that the rule declares for itself."""
        return frozenset(_declared(self.nodes))

    @cached_property
    def assigned(self) -> dict[str, Tree]:
        """Variable -> what it is set to with `:=`, if that happens once."""
        found: dict[str, Tree | None] = {}
        for node in self.nodes:
            if node.kind == "AssignExpr" and node.body["op"] == "ColEq" and "Var" in node.body["lhs"]:
                name = str(node.body["lhs"]["Var"]["value"])
                found[name] = None if name in found else node.body["rhs"]
        return {name: value for name, value in found.items() if value is not None}

    @cached_property
    def named(self) -> frozenset[int]:
        """The ids of the references, and of their parts, that name what is called, defined or replaced by `with`."""
        trees = [node.body["fcn"] for node in self.nodes if node.kind == "Call"]
        trees += [head["refr"] for head in (*self.rule.body.get("head", {}).values(), self.rule.body) if "refr" in head]
        if b"with" in self.module.source:
            trees += [part for one in _replacements(self.rule.body) for part in (one["refr"], one["as"])]
        return frozenset(id(body) for tree in trees for body in _chain(tree))

    @cached_property
    def conditions(self) -> frozenset[int]:
        """The ids of the expressions that are a statement by themselves, not a part of another."""
        statements = (one for node in self.nodes for one in (node.body.get("query") or {}).get("stmts", ()))
        bodies = (one for body in self.rule.body.get("bodies", ()) for one in body["query"]["stmts"])
        literals = (one["literal"].get("Expr", {}).get("expr", {}) for one in (*statements, *bodies))
        return frozenset(id(body) for expression in literals for body in expression.values())

    def resolved(self, path: Name) -> Name:
        """The whole path of what a reference in the rule names."""
        return resolve(self.module, path)

    def refused(self, line: int, message: str, hint: str) -> PolicyError:
        """A refusal in the rule's module."""
        return refused(self.module, line, message, hint)


def _chain(tree: Tree) -> Iterator[Tree]:
    """The bodies of a reference, from its last part to its root."""
    while True:
        body = next(iter(tree.values()))
        yield body
        if "refr" not in body:
            return
        tree = body["refr"]


def _replacements(tree: object) -> Iterator[Tree]:
    """What `with` puts in the place of what."""
    stack = [tree]
    while stack:
        one = stack.pop()
        if isinstance(one, list):
            stack.extend(one)
        elif isinstance(one, dict):
            yield from one.get("with_mods") or ()
            stack.extend(value for key, value in one.items() if key != "span" and isinstance(value, (dict, list)))


OfRule = Callable[[RulePlace], Iterator[PolicyError]]
OfNode = Callable[[RulePlace, Node], Iterator[PolicyError]]
OfProgram = Callable[["Program", Sequence[RulePlace]], Iterator[PolicyError]]
"""Given every rule of the program."""


def program(bundle: Bundle, modules: tuple[ParsedModule, ...]) -> Program:
    """Index the rules of parsed modules."""
    rules = [((*module.package, name_of(rule)), module, rule) for module in modules for rule in module.rules]
    parameters: dict[Name, list[list[Tree]]] = {}
    for _, module, rule in rules:
        if given := args(rule):
            parameters.setdefault((*module.package, *path_of(rule)), []).append(given)
    functions = {name: len(definitions[0]) for name, definitions in parameters.items()}
    known = frozenset({*(name for name, _, _ in rules), *functions})
    total = {name for name, _, rule in rules if _total(rule)}
    sets = frozenset(
        name for name, _, rule in rules if "Var" in rule.body.get("head", {}).get("Set", {}).get("refr", {})
    )
    return Program(bundle, modules, known, functions, parameters, known - total, sets, _constants(rules))


def _constants(rules: list[tuple[Name, ParsedModule, Node]]) -> dict[Name, Tree]:
    """The rules that are defined once, and by a literal."""
    found: dict[Name, Tree | None] = {}
    for name, _, rule in rules:
        head = rule.body.get("head", {}).get("Compr", {})
        value = (head.get("assign") or {}).get("value")
        alone = value is not None and not rule.body["bodies"] and "Var" in head["refr"] and name not in found
        found[name] = value if alone else None
    return {name: value for name, value in found.items() if value is not None}


def refused(module: ParsedModule, line: int, message: str, hint: str) -> PolicyError:
    """A refusal with its place."""
    return PolicyError(message, hint=hint, file=module.file, line=line)


def args(rule: Node) -> list[Tree] | None:
    """The parameters of a function, of a default function, too; nothing where it is none."""
    if rule.kind == "Default":
        return rule.body.get("args") or None
    head = rule.body.get("head", {}).get("Func")
    return None if head is None else head["args"]


def path_of(rule: Node) -> Name:
    """The static parts of a rule's head: of `x.y[k]` `("x", "y")`."""
    head = rule.body.get("head", {"Default": rule.body})
    (body,) = head.values()
    return reference(body["refr"]) or ("",)


def resolve(module: ParsedModule, path: Name) -> Name:
    """The whole path of what a reference in a module names."""
    if not path:
        return ()
    if path[0] in {"data", "input"}:
        return path
    if path[0] in module.imports:
        return (*module.imports[path[0]], *path[1:])
    return (*module.package, *path)


def function_of(module: ParsedModule, call: Node) -> Name:
    """The whole path of what is called."""
    return resolve(module, reference(call.body["fcn"]) or ())


def shown(tree: Tree) -> str:
    """A reference or a call as text, for a message."""
    if "Call" in tree:
        return ".".join(reference(tree["Call"]["fcn"]) or ()) + "(…)"
    return ".".join(reference(tree) or ())


def line_of(tree: Tree) -> int:
    """The line of a tree with one node."""
    (body,) = tree.values()
    return int(body["span"]["line"])


def _total(rule: Node) -> bool:
    """Whether it has a value whatever it is given: it has no condition, and reaches into nothing."""
    heads = rule.body.get("head", {})
    if "Set" in heads:
        return "Var" in heads["Set"]["refr"]
    if rule.kind == "Default":
        return True
    (head,) = heads.values()
    value = (head.get("assign") or {}).get("value")
    plain = value is not None and not rule.body["bodies"] and "Var" in head["refr"]
    if "Compr" in heads:
        return plain and _literal(value)
    return plain and all("Var" in found for found in references(value))


def _literal(value: object) -> bool:
    return next(references(value), None) is None and not any(node.kind == "Call" for node in walk(value))


def declared(tree: Tree) -> Iterator[str]:
    """The names that a rule, or a part of it, declares for itself: by `some`, `:=`, `every` and as parameters."""
    yield from _declared(walk(tree))


def _declared(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
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


def may_be_missing(where: RulePlace, tree: object) -> Iterator[Tree]:
    """What in a tree may have no value: references that reach into something, rules, calls of functions."""
    calls = [node for node in walk(tree) if node.kind == "Call"]
    called = {id(call.body["fcn"]) for call in calls}
    for one in references(tree):
        if id(one) in called:
            continue
        name = where.resolved(reference(one) or ())
        if "Var" not in one or (one["Var"]["value"] not in where.local and name in where.program.partial):
            yield one
    yield from ({"Call": call.body} for call in calls if function_of(where.module, call) in where.program.partial)


def has_value(where: RulePlace, tree: Tree) -> bool:
    """Whether a reference is, as a whole, a rule that always has a value: `lib.passed`, and not `lib.passed.reason`."""
    path, parts = reference(tree) or (), 0
    while "Var" not in tree:
        (body,) = tree.values()
        if "refr" not in body:
            return False
        tree, parts = body["refr"], parts + 1
    name = where.resolved(path)
    return len(path) == parts + 1 and name in where.program.known - where.program.partial

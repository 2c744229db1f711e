"""Unsafe variables: those that nothing gives a value. The embedded engine notices some when it meets them, some never.

A body is walked as OPA does it: an expression may be evaluated when all that it needs has a value, and gives values to
others: by `:=`, `=`, `some … in`, as an index, or as the result of a call. What is left when nothing moves is unsafe.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.records import NamedTuple
from changegate.rego.syntax.ast import indexes, reference, walk
from changegate.rego.syntax.builtins import ALLOWED, ARITIES
from changegate.rego.syntax.refusals.program import args, declared, resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from changegate.errors import PolicyError
    from changegate.rego.syntax.ast import Node, ParsedModule, Tree
    from changegate.rego.syntax.refusals.program import Program, RulePlace


class _Found(NamedTuple):
    """What evaluating a part gives a value to, and what it waits for."""

    given: frozenset[str] = frozenset()
    missing: tuple[tuple[str, int], ...] = ()
    """Names with their lines."""

    def and_(self, other: _Found) -> _Found:
        return _Found(self.given | other.given, self.missing + other.missing)


_NOTHING = _Found()


def unsafe(where: RulePlace) -> Iterator[PolicyError]:
    """Refuse variables without a value, declared ones that are not used, and those used before they are declared."""
    rule = where.rule
    if rule.kind == "Default":
        return
    scope = _Scope(where.program, where.module)
    bound = scope.pattern(args(rule) or [], frozenset()).given
    hint = "give it a value: `name := …`, `some name in …`"
    for body, made in _parts(rule):
        inner, left = scope.body(body.get("query", {}).get("stmts", []), bound)
        wanted = left + scope.term(made, inner).missing
        for name, line in wanted[:1]:
            yield where.refused(line, f"the variable `{name}` is unsafe: nothing gives it a value", hint)
    for name, line in _unused(where):
        yield where.refused(line, f"the variable `{name}` is declared and not used", "leave it out, or write `_`")
    for name, line in _early(where):
        yield where.refused(line, f"the variable `{name}` is used above its declaration", "declare it first")


def _parts(rule: Node) -> Iterator[tuple[Tree, list[Any]]]:
    """Each body with what of the head is made of it."""
    bodies = rule.body["bodies"]
    (head,) = rule.body["head"].values()
    made = [head.get("key"), (head.get("assign") or {}).get("value"), list(indexes(head["refr"]))]
    yield (bodies[0] if bodies else {}), made
    for body in bodies[1:]:
        yield body, [(body["assign"] or {}).get("value")]


class _Scope:
    """What names stand for outside of a rule."""

    def __init__(self, program: Program, module: ParsedModule) -> None:
        self.program = program
        self.module = module

    def _is_global(self, name: str) -> bool:
        if name in {"input", "data"} or name in self.module.imports:
            return True
        return resolve(self.module, (name,)) in self.program.known

    def body(self, statements: list[Tree], bound: frozenset[str]) -> tuple[frozenset[str], tuple[tuple[str, int], ...]]:
        """Evaluate in whatever order works; answers what has a value in the end, and what is missing."""
        pending = statements
        while pending:
            left = []
            for one in pending:
                found = self.statement(one, bound)
                if found.missing:
                    left.append(one)
                else:
                    bound |= found.given
            if len(left) == len(pending):
                return bound, tuple(name for one in left for name in self.statement(one, bound).missing)
            pending = left
        return bound, ()

    def statement(self, one: Tree, bound: frozenset[str]) -> _Found:
        (kind, body), *_ = one["literal"].items()
        replaced = self.term([part["as"] for part in one.get("with_mods") or () if not _is_builtin(part["as"])], bound)
        if kind == "SomeVars":
            return replaced
        if kind == "SomeIn":
            found = self.term(body["collection"], bound)
            return replaced.and_(found).and_(self.pattern([body["key"], body["value"]], bound | found.given))
        if kind == "Every":
            return replaced.and_(self._every(body, bound))
        if kind == "NotExpr":
            return replaced.and_(self._negated(body, bound))
        return replaced.and_(self._expression(body["expr"], bound))

    def _every(self, body: Tree, bound: frozenset[str]) -> _Found:
        found = self.term(body["domain"], bound)
        own = frozenset(name for name in (body["key"], body["value"]) if name)
        return found.and_(_Found(missing=self.body(body["query"]["stmts"], bound | found.given | own)[1]))

    def _negated(self, body: Tree, bound: frozenset[str]) -> _Found:
        found = self.term(body["expr"], bound)
        line = int(body["span"]["line"])
        return _Found(missing=found.missing + tuple((name, line) for name in sorted(found.given - bound)))

    def _expression(self, tree: Tree, bound: frozenset[str]) -> _Found:
        if "AssignExpr" not in tree:
            found = self.term(tree, bound)  # what one part gives, another may need: `k == input.x[k]`
            return _Found(found.given, tuple(need for need in found.missing if need[0] not in found.given))
        body = tree["AssignExpr"]
        if body["op"] == "ColEq":
            found = self.term(body["rhs"], bound)
            return found.and_(self.pattern(body["lhs"], bound | found.given))
        return self._unify(body["lhs"], body["rhs"], bound)

    def _unify(self, one: Tree, other: Tree, bound: frozenset[str]) -> _Found:
        pairs = _pairs(one, other)
        if pairs is None:
            return self._one_side(one, other, bound)
        given: frozenset[str] = frozenset()
        steps: list[_Found] = []
        for _ in pairs:  # what a later pair gives, an earlier one may have waited for
            steps = [self._unify(left, right, bound | given) for left, right in pairs]
            given |= _joined(step for step in steps if not step.missing).given
        return _Found(given, _joined(steps).missing)

    def _one_side(self, one: Tree, other: Tree, bound: frozenset[str]) -> _Found:
        for side, pattern in ((one, other), (other, one)):
            found = self.term(side, bound)
            if not found.missing:
                return found.and_(self.pattern(pattern, bound | found.given))
        return self.term(one, bound).and_(self.term(other, bound))

    def pattern(self, tree: Any, bound: frozenset[str]) -> _Found:
        """A part that takes its value from elsewhere: its variables get one."""
        if isinstance(tree, list):
            return _joined(self.pattern(one, bound) for one in tree)
        if not isinstance(tree, dict):
            return _NOTHING
        (kind, body), *_ = tree.items()
        if kind == "Var":
            return _Found(frozenset({str(body["value"])}))
        if kind == "Array":
            return self.pattern(body["items"], bound)
        if kind == "Object":
            keys = self.term([field[1] for field in body["fields"]], bound)
            return keys.and_(self.pattern([field[2] for field in body["fields"]], bound))
        return self.term(tree, bound)

    def term(self, tree: Any, bound: frozenset[str]) -> _Found:
        """A part whose value is needed."""
        if isinstance(tree, list):
            return _joined(self.term(one, bound) for one in tree)
        if not isinstance(tree, dict):
            return _NOTHING
        found = _NOTHING
        for kind, body in tree.items():
            if isinstance(body, (dict, list)) and kind != "span":
                found = found.and_(self._node(kind, body, bound))
        return found

    def _node(self, kind: str, body: Any, bound: frozenset[str]) -> _Found:
        if kind == "Var":
            name = str(body["value"])
            known = name in bound or (name != "_" and self._is_global(name))
            return _NOTHING if known else _Found(missing=((name, int(body["span"]["line"])),))
        if kind == "RefDot":
            return self.term(body["refr"], bound)
        if kind == "RefBrack":
            found = self.term(body["refr"], bound)
            return found.and_(self._index(body["index"], bound | found.given))
        if kind == "Call":
            return self._call(body, bound)
        if kind in {"ArrayCompr", "SetCompr", "ObjectCompr"}:
            inner, missing = self.body(body["query"]["stmts"], bound)
            head = self.term([body.get("term"), body.get("key"), body.get("value")], inner)
            return _Found(missing=missing + head.missing)
        return self.term(body if isinstance(body, list) else list(_children(body)), bound)

    def _index(self, tree: Tree, bound: frozenset[str]) -> _Found:
        name = str(tree.get("Var", {}).get("value", ""))
        if name and name != "_" and self._is_global(name):
            return _NOTHING
        return self.pattern(tree, bound)

    def _call(self, body: Tree, bound: frozenset[str]) -> _Found:
        path = reference(body["fcn"]) or ()
        arity = self.program.functions.get(resolve(self.module, path), ARITIES.get(".".join(path), -1))
        params = body["params"]
        taken = len(params) if arity < 0 else arity
        found = self.term(params[:taken], bound)
        return found.and_(self.pattern(params[taken:], bound | found.given))


def _is_builtin(tree: Tree) -> bool:
    return ".".join(reference(tree) or ()) in ALLOWED


def _joined(found: Iterable[_Found]) -> _Found:
    given: frozenset[str] = frozenset()
    missing: tuple[tuple[str, int], ...] = ()
    for one in found:
        given |= one.given
        missing += one.missing
    return _Found(given, missing)


def _children(body: Tree) -> Iterator[Any]:
    for key, value in body.items():
        if key == "fields":
            yield from (part for field in value for part in field[1:])
        elif key != "span" and isinstance(value, (dict, list)):
            yield value


def _pairs(one: Tree, other: Tree) -> list[tuple[Tree, Tree]] | None:
    """The parts of two literals that are unified with each other."""
    if "Array" in one and "Array" in other:
        return list(zip(one["Array"]["items"], other["Array"]["items"], strict=False))
    if "Object" in one and "Object" in other:
        fields = [
            {str(key.get("String", {}).get("value")): value for _, key, value in side["Object"]["fields"]}
            for side in (one, other)
        ]
        return [(fields[0][key], fields[1][key]) for key in fields[0].keys() & fields[1].keys()]
    return None


def _queries(where: RulePlace) -> Iterator[Tree]:
    """Every body in a rule: its own, and those of comprehensions and `every`."""
    yield from (body["query"] for body in where.rule.body["bodies"])
    yield from (node.body["query"] for node in where.nodes if "query" in node.body)


def _names(tree: Any) -> set[str]:
    return {str(node.body["value"]) for node in walk(tree) if node.kind == "Var"}


def _unused(where: RulePlace) -> Iterator[tuple[str, int]]:
    for node in where.nodes:
        if node.kind == "Every":
            used = _names(node.body["query"])
            names = [name for name in (node.body["key"], node.body["value"]) if name and name != "_"]
            yield from ((name, node.line) for name in names if name not in used)
        elif node.kind == "SomeVars":
            used = _names(where.rule.body)
            yield from ((name, node.line) for name in node.body["vars"] if name not in used)


def _early(where: RulePlace) -> Iterator[tuple[str, int]]:
    for query in _queries(where):
        declaring = [_declared_by(one) for one in query["stmts"]]
        last = max((at for at, names in enumerate(declaring) if names), default=0)
        before: set[str] = set()
        for one, names in zip(query["stmts"][: last + 1], declaring, strict=False):
            yield from ((name, int(one["span"]["line"])) for name in sorted((names - {"_"}) & before))
            before |= _outer_names(one)


def _declared_by(one: Tree) -> set[str]:
    """The names that a statement declares with `some`."""
    literal = one["literal"]
    if "SomeIn" in literal:
        return _names([literal["SomeIn"]["key"], literal["SomeIn"]["value"]])
    return set(literal["SomeVars"]["vars"]) if "SomeVars" in literal else set()


def _outer_names(one: Tree) -> set[str]:
    """The names in a statement, without those that a body inside it declares for itself."""
    inner = {name for node in walk(one) if "query" in node.body for name in declared(node.body)}
    return _names(one) - inner

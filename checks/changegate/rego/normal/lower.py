"""Lowering: from the syntax trees of modules to rules in normal form.

What OPA's compiler does, in its order: names become whole paths, variables that are declared get names of their own,
calls inside terms become statements before the one that they stand in, and what a head reaches into is bound at the end
of its body. `plain` then binds what a statement looks up early.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

from changegate.errors import PolicyError
from changegate.rego.normal import forms
from changegate.rego.normal.forms import (
    DATA,
    INPUT,
    ArrayTerm,
    Call,
    CallTerm,
    Compr,
    Const,
    Every,
    Form,
    Holds,
    LoweredBranch,
    LoweredRule,
    Not,
    NotBody,
    ObjectTerm,
    Print,
    RefTerm,
    SetTerm,
    Term,
    Unify,
    Var,
    every_term,
)
from changegate.rego.normal.values import FALSE, TRUE, Real
from changegate.rego.syntax.ast import reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from changegate.rego.syntax.ast import Node, ParsedModule, Tree

Path = tuple[str, ...]
_BINARY = {
    **{"Ne": "neq", "Lt": "lt", "Le": "lte", "Gt": "gt", "Ge": "gte", "Eq": "equal"},
    **{"Add": "plus", "Sub": "minus", "Mul": "mul", "Div": "div", "Mod": "rem"},
    **{"Union": "or", "Intersection": "and"},
}


class Names:
    """What names stand for in a program: every package with the names of its rules."""

    def __init__(self, modules: Iterable[ParsedModule]) -> None:
        """Collect the first part of each rule's head, by package."""
        self.rules: dict[Path, set[str]] = {}
        self.functions: dict[Path, int] = {}
        for module in modules:
            known = self.rules.setdefault(module.package, set())
            for rule in module.rules:
                path, _, _ = _head_path(rule.body)
                known.add(path[0])
                given = _arguments(rule.body)
                if given is not None:
                    self.functions[(*module.package, *path)] = len(given)


def _head_path(body: Tree) -> tuple[Path, Tree, Tree]:
    """The plain start of a head's name, its tree, and the whole head."""
    (head,) = body["head"].values() if "head" in body else (body,)
    return reference(head["refr"]) or ("",), head["refr"], head


def _arguments(body: Tree) -> list[Tree] | None:
    if "head" in body:
        function = body["head"].get("Func")
        return None if function is None else function["args"]
    return body.get("args") or None


class _Frame:
    """The names of one body."""

    def __init__(self, pending: set[str]) -> None:
        self.names: dict[str, str] = {}
        self.pending = pending
        """What is declared further down, or was."""
        self.seen: set[str] = set()
        self.declared: dict[str, tuple[str, int]] = {}
        """What `some` and `every` declare: the name that it got -> how it is written, and where."""


class Lowering:
    """Lowers the rules of one module."""

    def __init__(self, module: ParsedModule, names: Names, is_builtin: Callable[[str], bool]) -> None:
        """Keep what names may stand for."""
        self.module = module
        self.names = names
        self.is_builtin = is_builtin
        self.own = names.rules.get(module.package, set())
        self._frames: list[_Frame] = []
        self._counter = count()
        self._has_bodies = any(path == ("future", "keywords", "not") for _, path, _ in module.statements)
        """Whether a negation looks up what it needs inside of itself, as this import says."""

    # Faults

    def refused(self, line: int, message: str, hint: str = "mend the policy") -> PolicyError:
        """An error at a line of the module."""
        return PolicyError(message, hint=hint, file=self.module.file, line=line)

    # Rules

    def rule(self, rule: Node) -> LoweredRule:
        """Lower one rule of the module.

        Raises:
            PolicyError: It has a form that has no place in the normal form; names its line.
        """
        return self._rule(rule.kind, rule.body)

    def _rule(self, kind: str, body: Tree) -> LoweredRule:
        self._counter = count()
        self._frames = []
        name, tree, head = _head_path(body)
        line = _line(tree)
        if kind == "Default":
            given = body.get("args") or []
            args: list[Term] = [Var(f"_#{number}") for number, _ in enumerate(given)]
            value = self._term(body["value"])
            path = (*self.module.package, *name)
            branch = LoweredBranch(line, value, [], args)
            return LoweredRule(
                self.module.file, line, path, "function" if given else "complete", [branch], is_default=True
            )
        return self._spec(body, head, line)

    def _spec(self, body: Tree, head: Tree, line: int) -> LoweredRule:
        ((shape, _),) = body["head"].items()
        bodies = body["bodies"]
        name, keys = self._head_parts(head["refr"])
        given = head["args"] if shape == "Func" else []
        branches = []
        for number, one in enumerate(bodies or [None]):
            if number and not one["is_else"]:
                raise self.refused(int(one["span"]["line"]), "a second body without `else`", "write a second rule")
            assign = (one["assign"] if number else head.get("assign")) if one is not None else head.get("assign")
            made = head["key"] if shape == "Set" else (assign or {}).get("value")
            branches.append(self._branch(one, made, given, keys, line))
        if len(branches) > 1 and shape == "Set":
            raise self.refused(line, "`else` stands behind a rule with several values", "write another rule")
        kind = {"Set": "set", "Func": "function"}.get(shape, "complete")
        path = (*self.module.package, *name)
        return LoweredRule(self.module.file, line, path, kind, branches)

    def _head_parts(self, tree: Tree) -> tuple[Path, list[Tree]]:
        """The plain start of a head, and the trees of what follows."""
        parts: list[Tree] = []
        while "Var" not in tree:
            ((kind, body),) = tree.items()
            if kind == "RefDot":
                parts.append({"String": {"value": _field(body), "span": body["span"]}})
            else:
                parts.append(body["index"])
            tree = body["refr"]
        parts.reverse()
        plain = [str(tree["Var"]["value"])]
        while parts and "String" in parts[0]:
            plain.append(str(parts.pop(0)["String"]["value"]))
        return tuple(plain), parts

    def _branch(
        self, body: Tree | None, made: Tree | None, given: list[Tree], keys: list[Tree], line: int
    ) -> LoweredBranch:
        statements = body["query"]["stmts"] if body is not None else []
        frame = _Frame(self._declared(statements))
        self._frames = [_Frame(set()), frame]
        args = [self._parameter(one) for one in given]
        at = int(body["span"]["line"]) if body is not None and body.get("is_else") else line
        lowered = self._statements(statements)
        extras: list[Form] = []
        key_terms = [self._bound(self._expanded(self._term(one), extras, line), extras, line) for one in keys]
        value: Term = Const(TRUE)
        if made is not None:
            value = self._bound(self._expanded(self._term(made), extras, _line(made)), extras, _line(made))
        lowered += extras
        self._check_used(frame, lowered, [value, *key_terms])
        self._frames = []
        return LoweredBranch(at, value, lowered, args, key_terms)

    def _parameter(self, tree: Tree) -> Term:
        """A parameter: its variables are declared by it, and one that stands twice is the same."""
        ((kind, body),) = tree.items()
        if kind == "Var":
            name = str(body["value"])
            if name == "_":
                return Var(self._fresh("_"))
            frame = self._frames[0]
            frame.names.setdefault(name, self._fresh(name))
            return Var(frame.names[name])
        if kind == "Array":
            return ArrayTerm([self._parameter(one) for one in body["items"]])
        if kind == "Object":
            return ObjectTerm([(self._term(field[-2]), self._parameter(field[-1])) for field in body["fields"]])
        return self._term(tree)

    def _check_used(self, frame: _Frame, body: list[Form], made: Iterable[Term]) -> None:
        if not frame.declared:
            return
        used = _all_names(body)
        for term in made:
            used |= _names_of(term)
        for name, (written, line) in frame.declared.items():
            if name not in used:
                raise self.refused(
                    line, f"the variable `{written}` is declared and not used", "leave it out, or write `_`"
                )

    # Names

    def _fresh(self, name: str) -> str:
        return f"{name}#{next(self._counter)}"

    def _declare(self, name: str, line: int, *, by_some: bool = False) -> str:
        if name == "_":
            return self._fresh("_")
        frame = self._frames[-1]
        if name in frame.names:
            raise self.refused(line, f"the variable `{name}` is assigned or declared twice", "give one another name")
        if name in frame.seen:
            raise self.refused(line, f"the variable `{name}` is used above its declaration", "declare it first")
        made = frame.names[name] = self._fresh(name)
        if by_some:
            frame.declared[made] = (name, line)
        return made

    def _local(self, name: str) -> str | None:
        """The variable that a name is here; nothing where it names something outside of the rule."""
        for frame in reversed(self._frames):
            if name in frame.names:
                return frame.names[name]
        for frame in reversed(self._frames):
            if name in frame.pending:
                self._frames[-1].seen.add(name)
                return name
        return None

    def _global(self, name: str) -> Path | None:
        """The whole path that a name stands for outside of the rule."""
        if name in {"input", "data"}:
            return (name,)
        if name in self.module.imports and self.module.imports[name][:1] in {("data",), ("input",)}:
            return self.module.imports[name]
        return (*self.module.package, name) if name in self.own else None

    def _variable(self, name: str, line: int) -> Term:
        if name == "_":
            return Var(self._fresh("_"))
        local = self._local(name)
        if local is not None:
            return Var(local)
        path = self._global(name)
        if path is not None:
            return RefTerm(INPUT if path[0] == "input" else DATA, [Const(part) for part in path[1:]], line)
        if self._frames:
            self._frames[-1].seen.add(name)
        return Var(name)

    def _declared(self, statements: list[Tree]) -> set[str]:
        """The names that the statements of a body declare, not those that bodies in them do."""
        found: set[str] = set()
        for one in statements:
            ((kind, body),) = one["literal"].items()
            if kind == "SomeVars":
                found |= set(body["vars"])
            elif kind == "SomeIn":
                found |= _pattern_names([body["key"], body["value"]])
            elif kind == "Expr" and "AssignExpr" in body["expr"] and body["expr"]["AssignExpr"]["op"] == "ColEq":
                found |= _pattern_names([body["expr"]["AssignExpr"]["lhs"]])
        return found

    # Statements

    def _statements(self, statements: list[Tree]) -> list[Form]:
        lowered: list[Form] = []
        for one in statements:
            self._statement(one, lowered)
        return lowered

    def _statement(self, tree: Tree, out: list[Form]) -> None:
        ((kind, body),) = tree["literal"].items()
        line = int(tree["span"]["line"])
        if kind == "SomeVars":
            for name in body["vars"]:
                self._declare(name, line, by_some=True)
            return
        made: list[Form] = []
        withs = [self._with(one, out) for one in tree.get("with_mods") or ()]
        if kind == "SomeIn":
            made = self._some_in(body, line)
        elif kind == "Every":
            made = self._every(body, line)
        elif kind == "NotExpr":
            if "AssignExpr" in body["expr"] and body["expr"]["AssignExpr"]["op"] == "ColEq":
                raise self.refused(line, "`:=` stands in a negation", "assign before the negation")
            if self._has_bodies and {"Set", "Object", "SetCompr", "ObjectCompr", "Query"} & body["expr"].keys():
                hint = "give the body a rule of its own, and write `not that_rule`"
                raise self.refused(line, "`not { … }` has no form on the embedded engine", hint)
            *made, last = self._expression(body["expr"], line)
            if isinstance(last, Print):
                raise self.refused(line, "`print` stands in a negation", "write `print(…)` without `not`")
            made = [NotBody(line, [*made, last])] if self._has_bodies else [*made, Not(line, last)]
        else:
            made = self._expression(body["expr"], line)
        for one in made if withs else ():
            one.withs = withs
        out += made

    def _with(self, tree: Tree, out: list[Form]) -> tuple[Any, Any]:
        line = int(tree["span"]["line"])
        target = self._target(tree["refr"], line)
        if target[0] not in {"input", "data"} or target in self.names.functions:
            replacement = self._function(tree["as"])
            if replacement is not None:
                return target, replacement
        extras: list[Form] = []
        value = self._bound(self._expanded(self._term(tree["as"]), extras, line), extras, line)
        out += extras
        return target, value

    def _target(self, tree: Tree, line: int) -> Path:
        path = reference(tree) or ()
        if path and path[0] == "input":
            return path
        whole = self._global(path[0]) if path and self._shadowed(path[0]) is None else None
        if whole is not None:
            return (*whole, *path[1:])
        name = ".".join(path)
        if self.is_builtin(name):
            return ("builtin", name)
        raise self.refused(
            line, f"`with` replaces {name}, which is neither input, data nor a builtin", "name what there is"
        )

    def _shadowed(self, name: str) -> str | None:
        return next((frame.names[name] for frame in reversed(self._frames) if name in frame.names), None)

    def _function(self, tree: Tree) -> Path | None:
        """The function that a value of `with` names, where it names one."""
        if not {"Var", "RefDot", "RefBrack"} & tree.keys():
            return None
        path = reference(tree) or ("",)
        if self._shadowed(path[0]) is not None:
            return None
        whole = self._global(path[0])
        if whole is not None:
            found = (*whole, *path[1:])
            return found if found in self.names.functions else None
        name = ".".join(path)
        return ("builtin", name) if self.is_builtin(name) else None

    def _some_in(self, body: Tree, line: int) -> list[Form]:
        made: list[Form] = []
        collection = self._expanded(self._term(body["collection"]), made, line)
        value = self._declaring(body["value"], line, by_some=True)
        key = self._declaring(body["key"], line, by_some=True) if body["key"] is not None else Var(self._fresh("_"))
        if not isinstance(collection, RefTerm):
            collection = self._subject(collection, made, line)
        else:
            collection = RefTerm(collection.head, list(collection.parts), collection.line)
        collection.parts.append(self._expanded(key, made, line))
        pattern = self._expanded(value, made, line)
        return [*made, Unify(line, pattern, collection)]

    def _subject(self, term: Term, out: list[Form], line: int) -> RefTerm:
        """A reference whose head is a variable, where one may stand for the term."""
        if isinstance(term, Var):
            return RefTerm(term, [], line)
        name = Var(self._fresh("t"))
        out.append(Unify(line, name, term))
        return RefTerm(name, [], line)

    def _declaring(self, tree: Tree, line: int, *, by_some: bool = False) -> Term:
        """A pattern whose variables are declared by it."""
        ((kind, body),) = tree.items()
        if kind == "Var":
            return Var(self._declare(str(body["value"]), line, by_some=by_some))
        if kind == "Array":
            return ArrayTerm([self._declaring(one, line, by_some=by_some) for one in body["items"]])
        if kind == "Object":
            fields = body["fields"]
            return ObjectTerm(
                [(self._term(field[-2]), self._declaring(field[-1], line, by_some=by_some)) for field in fields]
            )
        if not by_some:
            raise self.refused(line, "`:=` assigns to what is no variable", "write `==` to compare")
        return self._term(tree)

    def _every(self, body: Tree, line: int) -> list[Form]:
        made: list[Form] = []
        domain = Var(self._fresh("t"))
        collection = self._expanded(self._term(body["domain"]), made, line)
        made.append(Unify(line, domain, collection))
        frame = _Frame(self._declared(body["query"]["stmts"]))
        self._frames.append(frame)
        key = self._declare(body["key"], line, by_some=True) if body["key"] else None
        value = self._declare(body["value"], line, by_some=True)
        inner = self._statements(body["query"]["stmts"])
        self._check_used(frame, inner, ())
        self._frames.pop()
        return [*made, Every(line, key, value, domain, inner)]

    def _expression(self, tree: Tree, line: int) -> list[Form]:
        """The statements that an expression is; the last is the expression itself."""
        made: list[Form] = []
        ((kind, body),) = tree.items()
        if kind == "AssignExpr":
            right = self._expanded(self._term(body["rhs"]), made, line)
            is_assignment = body["op"] == "ColEq"
            if is_assignment:
                left = self._declaring(body["lhs"], line)
            else:
                first: list[Form] = []
                left = self._expanded(self._term(body["lhs"]), first, line)
                made = [*first, *made]
            return [*made, Unify(line, left, right, is_assignment)]
        if kind == "BoolExpr" and body["op"] == "Eq":
            left = self._expanded(self._term(body["lhs"]), made, line)
            right = self._expanded(self._term(body["rhs"]), made, line)
            return [*made, Unify(line, left, right, is_comparison=True)]
        term = self._term(tree)
        if isinstance(term, CallTerm):
            if term.name == ("print",):
                return [Print(line, [self._printed(one, line) for one in term.args])]
            args = [self._expanded(one, made, line) for one in term.args]
            return [*made, Call(line, term.name, args)]
        held = self._expanded(term, made, line)
        return [*made, Holds(line, held)]

    def _printed(self, term: Term, line: int) -> Term:
        """What `print` shows of an operand: all its values, or none."""
        body: list[Form] = []
        name = Var(self._fresh("p"))
        inner = self._expanded(term, body, line)
        body.append(Unify(line, name, inner))
        return Compr("set", None, name, body)

    # Terms

    def _term(self, tree: Tree) -> Term:
        ((kind, body),) = tree.items() if len(tree) == 1 else ((next(iter(tree.items()))),)
        write = _TERMS.get(kind)
        if write is None:
            raise self.refused(_line(tree), f"the form {kind} is not known", "write it in another form")
        return write(self, body)

    def _var(self, body: Tree) -> Term:
        return self._variable(str(body["value"]), int(body["span"]["line"]))

    def _number(self, body: Tree) -> Term:
        span = body["span"]
        text = self.module.source[span["start"] : span["end"]].decode("utf-8", "replace")
        return Const(number(text))

    def _dotted(self, body: Tree) -> Term:
        return self._reached(body["refr"], Const(_field(body)), int(body["span"]["line"]))

    def _indexed(self, body: Tree) -> Term:
        self._check_apart(body)
        return self._reached(body["refr"], self._term(body["index"]), int(body["span"]["line"]))

    def _check_apart(self, body: Tree) -> None:
        (inner,) = body["refr"].values()
        end = int(inner["span"]["end"])
        if self.module.source[end : end + 1].isspace():
            message = "a space or a line stands between a name and its bracket"
            raise self.refused(int(body["span"]["line"]), message, "write the bracket directly behind the name")

    def _reached(self, tree: Tree, part: Term, line: int) -> Term:
        inner = self._term(tree)
        if isinstance(inner, RefTerm):
            return RefTerm(inner.head, [*inner.parts, part], line)
        return RefTerm(inner, [part], line)

    def _called(self, body: Tree) -> Term:
        line = int(body["span"]["line"])
        path = reference(body["fcn"]) or ("",)
        if self._shadowed(path[0]) is not None:
            raise self.refused(line, f"{'.'.join(path)} is called, and is a variable, too", "rename the variable")
        whole = self._global(path[0])
        if whole is not None and (whole != (path[0],) or path[0] == "data"):
            name = (*whole, *path[1:])
            if not body["params"] and name not in self.names.functions:
                return RefTerm(DATA, [Const(part) for part in name[1:]], line)  # a rule, called without operands
        else:
            name = (".".join(path),)
        return CallTerm(name, [self._term(one) for one in body["params"]], line)

    def _binary(self, body: Tree) -> Term:
        line = int(body["span"]["line"])
        return CallTerm((_BINARY[body["op"]],), [self._term(body["lhs"]), self._term(body["rhs"])], line)

    def _member(self, body: Tree) -> Term:
        line = int(body["span"]["line"])
        parts = [self._term(body[one]) for one in ("key", "value", "collection") if body[one] is not None]
        return CallTerm((f"internal.member_{len(parts)}",), parts, line)

    def _negative(self, body: Tree) -> Term:
        line = int(body["span"]["line"])
        raise self.refused(line, "there is no minus before a term", "write `0 - x`")

    def _object(self, body: Tree) -> Term:
        return ObjectTerm([(self._term(field[-2]), self._term(field[-1])) for field in body["fields"]])

    def _comprehension(self, kind: str, body: Tree) -> Term:
        frame = _Frame(self._declared(body["query"]["stmts"]))
        self._frames.append(frame)
        inner = self._statements(body["query"]["stmts"])
        value = body["value"] if kind == "object" else body["term"]
        line = _line(value)
        key: Term | None = None
        extras: list[Form] = []
        if kind == "object":
            key = self._bound(self._expanded(self._term(body["key"]), extras, line), extras, line)
        made = self._bound(self._expanded(self._term(value), extras, line), extras, line)
        inner += extras
        self._check_used(frame, inner, [made, *([key] if key is not None else [])])
        self._frames.pop()
        return Compr(kind, key, made, inner)

    # Making statements of what stands in terms

    def _expanded(self, term: Term, out: list[Form], line: int) -> Term:
        """Take the calls out of a term: each becomes a statement before."""
        if isinstance(term, CallTerm):
            if term.name == ("print",):
                raise self.refused(term.line, "`print` has no value", "write it as a line of its own")
            args = [self._expanded(one, out, line) for one in term.args]
            result = Var(self._fresh("t"))
            out.append(Call(term.line, term.name, [*args, result]))
            return result
        if isinstance(term, RefTerm):
            parts = [self._expanded(one, out, line) for one in term.parts]
            head = self._expanded(term.head, out, line) if term.head not in forms.ROOTS else term.head
            if not isinstance(head, Var):
                name = Var(self._fresh("t"))
                out.append(Unify(line, name, head))
                head = name
            return RefTerm(head, parts, term.line)
        if isinstance(term, ArrayTerm):
            return ArrayTerm([self._expanded(one, out, line) for one in term.items])
        if isinstance(term, SetTerm):
            return SetTerm([self._expanded(one, out, line) for one in term.items])
        if isinstance(term, ObjectTerm):
            return ObjectTerm([(self._expanded(k, out, line), self._expanded(v, out, line)) for k, v in term.pairs])
        return term

    def _bound(self, term: Term, out: list[Form], line: int) -> Term:
        """Bind a term of a head to a variable, where it has to be evaluated."""
        if not any(isinstance(one, (RefTerm, Compr)) for one in every_term(term)):
            return term
        name = Var(self._fresh("t"))
        out.append(Unify(line, name, term))
        return name


_TERMS: dict[str, Callable[[Lowering, Any], Term]] = {
    "Array": lambda self, body: ArrayTerm([self._term(one) for one in body["items"]]),
    "ArrayCompr": lambda self, body: self._comprehension("array", body),
    "ArithExpr": Lowering._binary,
    "BinExpr": Lowering._binary,
    "Bool": lambda _, body: Const(TRUE if body["value"] else FALSE),
    "BoolExpr": Lowering._binary,
    "Call": Lowering._called,
    "Membership": Lowering._member,
    "Null": lambda _, __: Const(None),
    "Number": Lowering._number,
    "Object": Lowering._object,
    "ObjectCompr": lambda self, body: self._comprehension("object", body),
    "RawString": lambda _, body: Const(str(body["value"])),
    "RefBrack": Lowering._indexed,
    "RefDot": Lowering._dotted,
    "Set": lambda self, body: SetTerm([self._term(one) for one in body["items"]]),
    "SetCompr": lambda self, body: self._comprehension("set", body),
    "String": lambda _, body: Const(str(body["value"])),
    "UnaryExpr": Lowering._negative,
    "Var": Lowering._var,
}
"""Kind of a node in a term -> how it is lowered. A kind that is not here is refused."""


def number(text: str) -> Any:
    """The number that a text is, as it is written."""
    return int(text) if text.lstrip("-").isdecimal() else Real(text)


def _field(body: Tree) -> str:
    field = body["field"]
    return str(field[1] if isinstance(field, list) else field)


def _line(tree: Tree) -> int:
    body = next(iter(tree.values()))
    return int(body["span"]["line"])


def _pattern_names(trees: list[Any]) -> set[str]:
    """The variables of a pattern that are declared by it."""
    found: set[str] = set()
    stack = [one for one in trees if one is not None]
    while stack:
        ((kind, body),) = stack.pop().items()
        if kind == "Var":
            found.add(str(body["value"]))
        elif kind == "Array":
            stack += body["items"]
        elif kind == "Object":
            stack += [field[-1] for field in body["fields"]]
    return found


def _names_of(term: Term) -> set[str]:
    """Every variable in a term, also in comprehensions."""
    found = set(forms.variables(term))
    for one in every_term(term):
        if isinstance(one, Compr):
            found |= (
                _all_names(one.body) | _names_of(one.value) | (_names_of(one.key) if one.key is not None else set())
            )
    return found


def _all_names(body: list[Form]) -> set[str]:
    found: set[str] = set()
    for statement in body:
        for term in forms.operands(statement):
            found |= _names_of(term)
        inner = statement.inner if isinstance(statement, Not) else statement
        if isinstance(inner, (Every, NotBody)):
            found |= _all_names(inner.body)
    return found


# Binding early what is looked up early


def plain(body: list[Form], fresh: Callable[[], str]) -> list[Form]:
    """Bind what the statements of an ordered body look up before anything else, in statements before them.

    `f(input.x)` becomes `t = input.x; f(t)`, and so does what stands in `not`. Both sides of `=` are looked up by it.
    """
    made: list[Form] = []
    for one in body:
        inner = _with_plain(one.inner if isinstance(one, Not) else one, one, made, fresh)
        made.append(replace(one, inner=inner) if isinstance(one, Not) else inner)
    return made


def _with_plain(inner: Form, one: Form, out: list[Form], fresh: Callable[[], str]) -> Form:
    """A copy of a statement with plain operands."""
    if isinstance(inner, Unify):
        left = _inside(inner.left, one, out, fresh)
        return replace(inner, left=left, right=_inside(inner.right, one, out, fresh))
    if isinstance(inner, Call):
        return replace(inner, args=[_plain(term, one, out, fresh) for term in inner.args])
    if isinstance(inner, Every):
        return replace(inner, domain=_plain(inner.domain, one, out, fresh))
    if isinstance(inner, Holds):
        return replace(inner, term=_inside(inner.term, one, out, fresh))
    return inner


def _inside(term: Term, one: Form, out: list[Form], fresh: Callable[[], str]) -> Term:
    if isinstance(term, RefTerm):
        return RefTerm(term.head, [_plain(part, one, out, fresh) for part in term.parts], term.line)
    if isinstance(term, Compr):
        return term
    return _plain(term, one, out, fresh)


def _plain(term: Term, one: Form, out: list[Form], fresh: Callable[[], str]) -> Term:
    if isinstance(term, (RefTerm, Compr)):
        if isinstance(term, RefTerm):
            term = RefTerm(term.head, [_plain(part, one, out, fresh) for part in term.parts], term.line)
        name = Var(fresh())
        out.append(Unify(one.line, name, term, withs=one.withs))
        return name
    if isinstance(term, ArrayTerm):
        return ArrayTerm([_plain(item, one, out, fresh) for item in term.items])
    if isinstance(term, SetTerm):
        return SetTerm([_plain(item, one, out, fresh) for item in term.items])
    if isinstance(term, ObjectTerm):
        return ObjectTerm([(_plain(k, one, out, fresh), _plain(v, one, out, fresh)) for k, v in term.pairs])
    return term


__all__ = ["Lowering", "Names", "number", "plain"]

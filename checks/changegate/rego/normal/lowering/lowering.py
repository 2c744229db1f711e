"""What is known while the rules of a module are lowered.

Names become whole paths, and variables that are declared get names of their own, as OPA's compiler does it.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from changegate.errors import NoFormError, PolicyError
from changegate.rego.normal.forms import DATA, INPUT, Const, Form, RefTerm, Term, Var
from changegate.rego.normal.lowering.statements import lower_statement
from changegate.rego.normal.lowering.terms import TERMS
from changegate.rego.normal.lowering.trees import line_of, pattern_names
from changegate.rego.normal.lowering.used import all_names, names_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from changegate.rego.normal.lowering.names import Frame, Names
    from changegate.rego.normal.lowering.trees import Path
    from changegate.rego.syntax.ast import ParsedModule, Tree


class Lowering:
    """What is known while the rules of one module are lowered: what its names stand for, and in which body."""

    def __init__(self, module: ParsedModule, names: Names, is_builtin: Callable[[str], bool]) -> None:
        """Keep what names may stand for."""
        self.module = module
        self.names = names
        self.is_builtin = is_builtin
        self.own = names.rules.get(module.package, set())
        self.frames: list[Frame] = []
        self._counter = count()
        self.has_bodies = any(path == ("future", "keywords", "not") for _, path, _ in module.statements)
        """Whether a negation looks up what it needs inside of itself, as this import says."""

    def refused(self, line: int, message: str, hint: str = "mend the policy") -> PolicyError:
        """An error at a line of the module."""
        return PolicyError(message, hint=hint, file=self.module.file, line=line)

    def no_form(self, line: int, message: str, hint: str) -> NoFormError:
        """A refusal of what OPA takes: its hint names both ways out."""
        return NoFormError(message, hint=hint, file=self.module.file, line=line)

    def start(self) -> None:
        """Begin with another rule."""
        self._counter = count()
        self.frames = []

    def check_used(self, frame: Frame, body: list[Form], made: Iterable[Term]) -> None:
        """Refuse a variable that is declared, and used neither in a body nor in what is made of it."""
        if not frame.declared:
            return
        used = all_names(body)
        for term in made:
            used |= names_of(term)
        for name, (written, line) in frame.declared.items():
            if name not in used:
                raise self.refused(
                    line, f"the variable `{written}` is declared and not used", "leave it out, or write `_`"
                )

    def fresh(self, name: str) -> str:
        """A name of its own in the rule, for a variable that is written so."""
        return f"{name}#{next(self._counter)}"

    def declare(self, name: str, line: int, *, by_some: bool = False) -> str:
        """Declare a variable in the innermost body, and answer the name that it gets."""
        if name == "_":
            return self.fresh("_")
        frame = self.frames[-1]
        if name in frame.names:
            raise self.refused(line, f"the variable `{name}` is assigned or declared twice", "give one another name")
        if name in frame.seen:
            raise self.refused(line, f"the variable `{name}` is used above its declaration", "declare it first")
        made = frame.names[name] = self.fresh(name)
        if by_some:
            frame.declared[made] = (name, line)
        return made

    def _local(self, name: str) -> str | None:
        """The variable that a name is here; nothing where it names something outside of the rule."""
        for frame in reversed(self.frames):
            if name in frame.names:
                return frame.names[name]
        for frame in reversed(self.frames):
            if name in frame.pending:
                self.frames[-1].seen.add(name)
                return name
        return None

    def whole_path(self, name: str) -> Path | None:
        """The whole path that a name stands for outside of the rule."""
        if name in {"input", "data"}:
            return (name,)
        if name in self.module.imports and self.module.imports[name][:1] in {("data",), ("input",)}:
            return self.module.imports[name]
        return (*self.module.package, name) if name in self.own else None

    def variable(self, name: str, line: int) -> Term:
        """What a name stands for here: a variable, or something outside of the rule."""
        if name == "_":
            return Var(self.fresh("_"))
        local = self._local(name)
        if local is not None:
            return Var(local)
        path = self.whole_path(name)
        if path is not None:
            return RefTerm(INPUT if path[0] == "input" else DATA, [Const(part) for part in path[1:]], line)
        if self.frames:
            self.frames[-1].seen.add(name)
        return Var(name)

    def declared(self, statements: list[Tree]) -> set[str]:
        """The names that the statements of a body declare, not those that bodies in them do."""
        found: set[str] = set()
        for one in statements:
            ((kind, body),) = one["literal"].items()
            if kind == "SomeVars":
                found |= set(body["vars"])
            elif kind == "SomeIn":
                found |= pattern_names([body["key"], body["value"]])
            elif kind == "Expr" and "AssignExpr" in body["expr"] and body["expr"]["AssignExpr"]["op"] == "ColEq":
                found |= pattern_names([body["expr"]["AssignExpr"]["lhs"]])
        return found

    def statements(self, statements: list[Tree]) -> list[Form]:
        """Lower the statements of a body."""
        lowered: list[Form] = []
        for one in statements:
            lower_statement(self, one, lowered)
        return lowered

    def check_body(self, statements: list[Tree]) -> None:
        """Refuse `not true` as the whole body of a head that has to be evaluated.

        NOTE: OPA 1.22 takes such a body for `true`, and drops it: `deny contains input.x if not true` fires there.
        """
        if len(statements) != 1:
            return
        ((kind, body),) = statements[0]["literal"].items()
        if kind == "NotExpr" and body["expr"].get("Bool", {}).get("value") is True:
            line = int(statements[0]["span"]["line"])
            raise self.refused(line, "`not true` stands alone, which OPA takes for `true` here", "leave it out")

    def shadowed(self, name: str) -> str | None:
        """The variable in whose place a name cannot stand for anything else; None where there is none."""
        return next((frame.names[name] for frame in reversed(self.frames) if name in frame.names), None)

    def term(self, tree: Tree) -> Term:
        """Lower a term; calls stay in it."""
        ((kind, body),) = tree.items() if len(tree) == 1 else ((next(iter(tree.items()))),)
        lower = TERMS.get(kind)
        if lower is None:
            raise self.no_form(line_of(tree), f"the form {kind} is not known", "write it in another form")
        return lower(self, body)

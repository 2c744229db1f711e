"""The normal form: the only forms that are evaluated. What is not here has no meaning to the machine.

Terms are constants, variables, references by their whole path, literals and comprehensions. Statements are a
unification, a call with plain operands, a term that must hold, `not` over statements, `every`, and `print`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Terms


@dataclass(slots=True)
class Const:
    """A value that is the same whatever the input is: a text, a number, a boolean, null."""

    value: Any


@dataclass(slots=True)
class Var:
    """A variable of a rule, by a name of its own in that rule."""

    name: str


@dataclass(slots=True)
class RefTerm:
    """A reference: `input`, `data` or a variable, and what it reaches into. Rules stand by their whole path."""

    head: Term
    parts: list[Term]
    line: int = 0


@dataclass(slots=True)
class ArrayTerm:
    """`[a, b]`."""

    items: list[Term]


@dataclass(slots=True)
class SetTerm:
    """`{a, b}`."""

    items: list[Term]


@dataclass(slots=True)
class ObjectTerm:
    """`{key: value}`."""

    pairs: list[tuple[Term, Term]]


@dataclass(slots=True)
class Compr:
    """`[value | body]`, `{value | body}`, `{key: value | body}`."""

    kind: str
    """`array`, `set` or `object`."""
    key: Term | None
    value: Term
    body: list[Form]


@dataclass(slots=True)
class CallTerm:
    """A call inside a term: only until statements are made of it."""

    name: tuple[str, ...]
    args: list[Term]
    line: int


Term = Const | Var | RefTerm | ArrayTerm | SetTerm | ObjectTerm | Compr | CallTerm
INPUT, DATA = Var("input"), Var("data")
ROOTS = (INPUT, DATA)


# Statements


@dataclass(slots=True, eq=False)
class Form:
    """What a body is made of."""

    line: int
    withs: list[tuple[tuple[str, ...], Term]] = field(default_factory=list, kw_only=True)
    """What `with` puts in the place of what: a whole path, and a term."""


@dataclass(slots=True, eq=False)
class Unify(Form):
    """`left = right`, also for `:=` and `==`."""

    left: Term
    right: Term
    is_assignment: bool = False
    is_comparison: bool = False
    """It was `==`, whose sides need their values from elsewhere."""


@dataclass(slots=True, eq=False)
class Call(Form):
    """A builtin or a function with its operands; with one operand more than it takes, that is its result."""

    name: tuple[str, ...]
    args: list[Term]


@dataclass(slots=True, eq=False)
class Holds(Form):
    """A term that is neither undefined nor false."""

    term: Term


@dataclass(slots=True, eq=False)
class Not(Form):
    """Holds where its statement does not."""

    inner: Form


@dataclass(slots=True, eq=False)
class NotBody(Form):
    """Holds where its body does not: a negation that looks up what it needs inside of itself."""

    body: list[Form]


@dataclass(slots=True, eq=False)
class Every(Form):
    """Holds where its body does for each item."""

    key: str | None
    value: str
    domain: Term
    body: list[Form]


@dataclass(slots=True, eq=False)
class Print(Form):
    """Always holds."""

    args: list[Term]


# Rules


@dataclass(slots=True)
class LoweredBranch:
    """A body with what it gives: a rule's own, or one of its `else`."""

    line: int
    value: Term
    body: list[Form]
    args: list[Term] = field(default_factory=list)
    """The parameters, as the body names them."""
    keys: list[Term] = field(default_factory=list)
    """The rest of the head: of `a[x].b := 1` `x` and `b`."""


@dataclass(slots=True)
class LoweredRule:
    """One definition."""

    file: str
    line: int
    path: tuple[str, ...]
    """The package and the part of the head that is plain: all there is of `a.b := 1`."""
    kind: str
    """`complete`, `set`, or `function`."""
    branches: list[LoweredBranch]
    """The first is the rule's own; those after it are its `else`."""
    is_default: bool = False


def parts_of(term: Term) -> Sequence[Term]:
    """The terms directly in a term, without those of a comprehension."""
    if isinstance(term, RefTerm):
        return [term.head, *term.parts]
    if isinstance(term, (ArrayTerm, SetTerm)):
        return term.items
    if isinstance(term, ObjectTerm):
        return [one for pair in term.pairs for one in pair]
    if isinstance(term, CallTerm):
        return term.args
    return ()


def operands(statement: Form) -> list[Term]:
    """The terms of a statement, without those of bodies in it."""
    found = [value for _, value in statement.withs if not isinstance(value, tuple)]
    if isinstance(statement, Unify):
        found += [statement.left, statement.right]
    elif isinstance(statement, (Call, Print)):
        found += statement.args
    elif isinstance(statement, Holds):
        found.append(statement.term)
    elif isinstance(statement, Not):
        found += operands(statement.inner)
    elif isinstance(statement, Every):
        found.append(statement.domain)
    return found


def every_term(term: Term) -> Iterator[Term]:
    """A term and all in it, without the bodies of comprehensions."""
    yield term
    for one in parts_of(term):
        yield from every_term(one)


def closures(statement: Form) -> Iterator[Compr | Every | NotBody]:
    """The comprehensions, `every` and bodies of `not` directly in a statement."""
    for operand in operands(statement):
        for term in every_term(operand):
            if isinstance(term, Compr):
                yield term
    inner = statement.inner if isinstance(statement, Not) else statement
    if isinstance(inner, (Every, NotBody)):
        yield inner


def variables(term: Term) -> Iterator[str]:
    """The variables of a term, without those of comprehensions."""
    for one in every_term(term):
        if isinstance(one, Var) and one not in ROOTS:
            yield one.name

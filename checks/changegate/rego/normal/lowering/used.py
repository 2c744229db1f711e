"""The variables that terms and bodies name."""

from __future__ import annotations

from changegate.rego.normal import forms
from changegate.rego.normal.forms import Compr, Every, Form, Not, NotBody, Term, every_term


def names_of(term: Term) -> set[str]:
    """Every variable in a term, also in comprehensions."""
    found = set(forms.variables(term))
    for one in every_term(term):
        if isinstance(one, Compr):
            found |= all_names(one.body) | names_of(one.value) | (names_of(one.key) if one.key is not None else set())
    return found


def all_names(body: list[Form]) -> set[str]:
    """Every variable in a body, also in those within it."""
    found: set[str] = set()
    for statement in body:
        for term in forms.operands(statement):
            found |= names_of(term)
        inner = statement.inner if isinstance(statement, Not) else statement
        if isinstance(inner, (Every, NotBody)):
            found |= all_names(inner.body)
    return found

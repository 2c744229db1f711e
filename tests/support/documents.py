"""Input documents for both engines: those of the fixtures, and what hypothesis makes of them."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from changegate import fixtures, gate
from changegate.manifest.schema import compiled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from changegate.verdict import Verdict

Steps = tuple[str | int, ...]


def verdict_of(root: Path, case: fixtures.Case) -> Verdict:
    """The verdict on a pull request of the fixtures, with its input documents."""
    laid_out = fixtures.lay_out(root, case)
    return gate.check(fixtures.request(laid_out, keep_input=True), {})


def touching_all(root: Path) -> Verdict:
    """The verdict on a pull request that touches each of the fixtures' models, approved by everybody."""
    return verdict_of(root, fixtures.touching_all(root.parent))


def inputs(verdict: Verdict) -> dict[str, dict[str, Any]]:
    """The input documents of a verdict, by subject."""
    assert not verdict.failures, verdict.failures
    return {one.subject.label: copy.deepcopy(dict(one.input or {})) for one in verdict.subjects if one.input}


# What hypothesis makes of a document

NUMBERS = (
    *(
        0,
        1,
        -1,
        2,
        7,
        10,
        100,
        2**31,
        2**53 - 1,
        2**53,
        2**53 + 1,
        2**63 - 1,
        2**63,
        2**64,
        10**22,
        10**40,
        -(2**53) - 1,
    ),
    *(0.0, -0.0, 0.1, 0.2, 0.1 + 0.2, 0.3, 0.5, 0.8, 0.79999999, 0.7999999999999999, 0.95, 0.999, 1.0, 1e-9, 5e-324),
    *(1e15, 1e16, 9007199254740993.0, 1e21, 1e22, 1.7976931348623157e308, 3.3333333333333335, 1800.0, 1800.5),
)
TEXTS = (
    "",
    " ",
    "a",
    "A",
    "é",
    "é",
    "ß",
    "İ",
    "i̇",
    "日本",
    "😀",
    "\U0010ffff",
    "\ufffd",
    "\u2028",
    "\x00",
    "\x1f",
    "\\",
    '"',
    "%s",
    "{0}",
    "../x",
    "null",
    "true",
    "0",
)


def places(value: Any, path: Steps = ()) -> Iterator[Steps]:
    """The path of every node below a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from places(inner, (*path, key))


def at(value: Any, path: Steps) -> Any:
    """The node at a path."""
    for key in path:
        value = value[key]
    return value


def replacements(old: Any, seen: dict[str, list[Any]], key: str) -> st.SearchStrategy[Any]:
    """Values to put in the place of another: mostly of its kind, since the schema refuses the others."""
    known = st.sampled_from(seen[key]) if seen.get(key) else st.nothing()
    if isinstance(old, bool):
        return st.booleans()
    if isinstance(old, (int, float)):
        numbers = st.sampled_from(NUMBERS)
        near = st.sampled_from([-1, -1e-9, 1e-9, 1]).map(lambda step: old + step)
        return st.one_of(numbers, near, known, st.integers(), st.floats(allow_nan=False, allow_infinity=False))
    if isinstance(old, str):
        return st.one_of(known, st.sampled_from(TEXTS), st.text(max_size=12), st.just(old * 50))
    if isinstance(old, list):
        shorter = st.integers(0, max(len(old) - 1, 0)).map(lambda end: old[:end])
        several = st.sampled_from([2, 3, 40]).map(lambda times: old * times)
        return st.one_of(shorter, several, st.permutations(old).map(list))
    return st.one_of(st.just({}), known)


SECTIONS = ("facts", "facts", "evidence", "settings", "release", "previous", "change", "context")
"""Where edits go; rules read facts most."""


@st.composite
def edited(draw: st.DrawFn, documents: list[dict[str, Any]], seen: dict[str, list[Any]]) -> dict[str, Any]:
    """A document with a few edits that its schema lets through: an edit that it refuses is undone.

    Args:
        draw: Given by hypothesis.
        documents: What is edited.
        seen: What stands under a key anywhere; see `values_by_key`.
    """
    document = copy.deepcopy(draw(st.sampled_from(documents)))
    for _ in range(draw(st.integers(1, 6))):
        changed = copy.deepcopy(document)
        _edit(draw, changed, seen)
        if compiled("input").is_valid(changed):
            document = changed
    return document


def _edit(draw: st.DrawFn, document: dict[str, Any], seen: dict[str, list[Any]]) -> None:
    section = draw(st.sampled_from(SECTIONS))
    paths = list(places(document[section], (section,))) if document[section] else []
    if paths:
        *way, key = draw(st.sampled_from(paths))
        parent = at(document, tuple(way))
        if draw(st.integers(0, 4)):
            parent[key] = copy.deepcopy(draw(replacements(parent[key], seen, str(key))))
        else:
            del parent[key]


def values_by_key(documents: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """What stands under a key anywhere, so that an edit may put it under that key elsewhere."""
    found: dict[str, list[Any]] = {}
    for document in documents:
        for path in places(document):
            value = at(document, path)
            if isinstance(path[-1], str) and value not in found.setdefault(path[-1], []):
                found[path[-1]].append(value)
    return {key: values[:40] for key, values in found.items()}

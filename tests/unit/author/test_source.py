"""The text of a statement is the statement: every one of our own policies parses by itself, and says the same."""

from __future__ import annotations

import json
from typing import Any

import pytest

from changegate.author.folder import shipped_with_tests
from changegate.author.source import SourceFile, sources
from support.writing import bundle

SOURCES = sources(shipped_with_tests())
FORMS = [
    '{"a": 1, "b": {"c": 2}} == x',
    "[1, 2] == y",
    'z == {"a": {"b": 1}}',
    'f({"a": [1]}, [2])',
    "{k: v | some k, v in x} == 3",
    "[v | some v in x] == `raw`",
    '"str" == "a } b"',
    "(x | y) == z",
    'x["a"][0].b == 3',
    '"a" in {"a", "b"}',
    'some k, v in {"a": 1}',
    '[w, {"b": m}] := [1, {"b": 2}]',
    'not {"a": 1} == {"a": 2}',
    "every e in [1, 2] { e > 0 }",
    "x == set()",
    'x == 1 with input as {"a": 1} with data.x as [1]',
    '"é" == "é"',
]


def tree(text: str) -> Any:
    """The syntax of a body, without places and numbers."""
    import regorus

    engine = regorus.Engine()
    engine.add_policy("p.rego", f"package p\n\nq if {{\n{text}\n}}\n")
    return stripped(json.loads(engine.get_ast_as_json())[0]["ast"]["rules"])


def stripped(node: Any) -> Any:
    if isinstance(node, list):
        return [stripped(one) for one in node]
    if isinstance(node, dict):
        return {key: stripped(one) for key, one in node.items() if key not in {"span", "eidx", "sidx", "qidx", "field"}}
    return node


@pytest.mark.parametrize("file", list(SOURCES))
def test_statements_of_our_own_policies_are_whole(file: str) -> None:
    source = SOURCES[file]
    bodies = [branch for rule in source.parsed.rules for branch in source.branches(rule) if branch.statements]
    for branch in bodies:
        tree("\n".join(statement.text for statement in branch.statements))
        lines = [statement.line for statement in branch.statements]
        assert lines == sorted(lines)


@pytest.mark.parametrize("form", FORMS)
def test_a_statement_is_cut_out_as_it_stands(form: str) -> None:
    """Between two others, so that a text that is too short or too long would show."""
    (source,) = sources(bundle(a=f"package a\n\np if {{\n\ttrue\n\t{form}\n\tafter\n}}\n")).values()
    (branch,) = source.branches(source.parsed.rules[0])
    assert [one.text for one in branch.statements] == ["true", form, "after"]
    assert [one.line for one in branch.statements] == [4, 5, 6]


def declared(text: str) -> tuple[str, ...]:
    (source,) = sources(bundle(a=f"package a\n\np if {{\n\t{text}\n}}\n")).values()
    return source.branches(source.parsed.rules[0])[0].statements[0].declares


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("x := 1", ("x",)),
        ("[a, {'k': b}] := [1, 2]".replace("'", '"'), ("a", "b")),
        ("some x in [1]", ("x",)),
        ("some k, v in {}", ("k", "v")),
        ("some _, v in {}", ("v",)),
        ("x == 1", ()),
        ("every x in [1] { y := x; y > 0 }", ()),
    ],
)
def test_what_a_statement_declares(text: str, names: tuple[str, ...]) -> None:
    assert set(declared(text)) == set(names)


def chain(source: SourceFile) -> list[tuple[str, int, list[int]]]:
    (rule,) = source.parsed.rules
    return [
        ("true" if one.value is None else source.text(one.value), one.line, [it.line for it in one.statements])
        for one in source.branches(rule)
    ]


def test_the_branches_of_a_chain() -> None:
    (source,) = sources(
        bundle(
            a="""
            package a

            p := "one" if {
                input.x
                input.y
            }

            else := f("two", {"k": 1}) if input.z

            else := ["three"]
            """
        )
    ).values()
    assert chain(source) == [('"one"', 3, [4, 5]), ('f("two", {"k": 1})', 8, [8]), ('["three"]', 10, [])]

"""The style of our own policies, as the lint sees it."""

from __future__ import annotations

import pytest

from changegate.errors import PolicyError
from changegate.rego.bundle import Bundle, Module
from changegate.rego.syntax.lint import lint

FILE = "changegate/checks/own/own.rego"
LIB = Module("changegate/lib/lib.rego", "package changegate.lib\n\nnot_applicable(reason) := reason\n\ntable := {}\n")


def linted(body: str) -> list[str]:
    """What the lint says of a module whose body begins on line 5."""
    text = f"package changegate.checks.own\n\nimport data.changegate.lib\n\n{body}\n"
    return lint(Bundle((LIB, Module(FILE, text))))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("x := 1 + input.y", "arithmetic"),
        ("x if input.y - 1 > 0", "arithmetic"),
        ("x := -input.y", "arithmetic"),
        ("x := [y | y := input.z * 2]", "arithmetic"),
        ('x := sprintf("%d", [1])', "sprintf"),
        ('x if regex.match("a", input.y)', "regex.match"),
        ('x if glob.match("a", [], input.y)', "glob.match"),
        ("x := sum(input.all)", "sum"),
        ('x := to_number("1")', "to_number"),
        ("x if round(input.y) == 1", "round"),
        ("x := lib.table[input.y]", "refer statically"),
        ("x := data.changegate.lib.table[input.y]", "refer statically"),
        ("x if { some k; lib.table[k] }", "refer statically"),
        ('x := lib.not_applicable("why") if not input.y', "not-applicable body"),
        ('x := lib.not_applicable("why") if {\n\tinput.z\n\tnot input.y\n}', "not-applicable body"),
        ('x := 1 if input.z\n\nelse := lib.not_applicable("why") if not input.y', "not-applicable body"),
    ],
)
def test_what_is_against_the_style(body: str, words: str) -> None:
    found = linted(body)
    assert len(found) >= 1
    assert all(words in one for one in found), found
    line = 5 + body.count("\n") - (1 if body.endswith("}") and "\n" in body else 0)
    assert found[0].startswith(f"{FILE}:{line}: ")


@pytest.mark.parametrize(
    "body",
    [
        "x if input.y > 1",
        "x if count(input.all) > 0",
        "x := -1",
        'x := lib.table["a"].b',
        "x := input.table[input.y]",
        "x := [y | some y in input.all]",
        'x := lib.not_applicable("why") if input.y == "low"',
        'x := lib.not_applicable("why") if input.z\n\nelse := 1 if not input.y',
        "x if not input.y",
        'x := concat(", ", input.names)',
    ],
)
def test_what_is_in_style(body: str) -> None:
    assert linted(body) == []


def test_everything_is_said_in_order() -> None:
    found = linted("x := 1 + 1\n\ny := 2 + 2")
    assert [one.split(":")[1] for one in found] == ["5", "7"]


def test_what_does_not_parse_is_an_error() -> None:
    with pytest.raises(PolicyError) as caught:
        linted("x := [")
    assert caught.value.file == FILE

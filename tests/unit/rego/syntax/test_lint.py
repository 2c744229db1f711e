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


SEVERAL = (
    Module("changegate/checks/own/a.rego", "package changegate.checks.own\n\na := 1\n"),
    Module("changegate/checks/own/b.rego", "package changegate.checks.own\n\nb := 2\n"),
)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("import data.changegate.checks.own\n\nx := own.b", 3),
        ("import data.changegate.checks.own as mine\n\nx := mine.b", 3),
        ("x := count(data.changegate.checks.own)", 3),
    ],
)
def test_a_package_of_several_files_is_not_taken_as_a_whole(text: str, line: int) -> None:
    other = Module("changegate/other.rego", f"package changegate.other\n\n{text}\n")
    (found,) = lint(Bundle((*SEVERAL, other)))
    assert found.startswith(f"changegate/other.rego:{line}: data.changegate.checks.own has several files")
    assert lint(Bundle((SEVERAL[0], other))) == []


@pytest.mark.parametrize("text", ["import data.changegate.checks.own.b\n\nx := b", "x := data.changegate.checks.own.b"])
def test_a_rule_of_a_package_of_several_files_may_be_taken(text: str) -> None:
    other = Module("changegate/other.rego", f"package changegate.other\n\n{text}\n")
    assert lint(Bundle((*SEVERAL, other))) == []


@pytest.mark.parametrize(
    ("text", "clashes"),
    [
        ("import data.changegate.risk as lib\n\nx := lib.tier", True),
        ("lib := 1", True),
        ("import data.changegate.lib\n\nx := lib.table", False),
        ("import data.changegate.risk\n\nx := risk.tier", False),
        ("x := 1", False),
    ],
)
def test_an_import_stands_for_one_thing_in_all_files_of_a_package(text: str, clashes: bool) -> None:
    one = Module(FILE, "package changegate.checks.own\n\nimport data.changegate.lib\n\ny := lib.table\n")
    other = Module("changegate/checks/own/z.rego", f"package changegate.checks.own\n\n{text}\n")
    found = lint(Bundle((LIB, one, other)))
    assert bool(found) == clashes
    assert all("stands for something else in" in told for told in found)
    assert [told.startswith(f"{FILE}:3: `lib`") for told in found[:1]] == [True] * clashes

"""The families of refusals: each by its line, in its words, with what to write instead; and what only looks like it."""

from __future__ import annotations

import pytest

from changegate.errors import PolicyError
from changegate.rego.bundle import Bundle, Module
from changegate.rego.syntax.refuse import refusals, refuse
from support.policies import line_of

FILE = "acme/own.rego"
MARK = "# here"


def module(text: str, package: str = "acme") -> Module:
    return Module(FILE, f"package {package}\n\n{text}\n")


def found(text: str, *others: Module) -> list[PolicyError]:
    return list(refusals(Bundle((module(text), *others))))


def assert_refused(text: str, words: str, instead: str, *others: Module) -> None:
    first = found(text, *others)[0]
    assert words in first.message
    assert instead in first.hint
    assert first.place == f"{FILE}:{line_of(module(text).text, MARK)}"


@pytest.mark.parametrize(
    ("text", "words", "instead"),
    [
        # calls
        ("f(a) := a\n\nx := f(1, 2, 3)  # here", "f takes 1 arguments, not 3", "as many"),
        ("x := count([1], 2, 3)  # here", "count takes 1 arguments, not 3", "as many"),
        ("f([a, b]) := a\n\nx := f([1])  # here", "never takes this literal apart", "parameters"),
        # types
        ('x if "a" == 1  # here', "a text never equals a number", "one type"),
        ('y := "a"\n\nx if y == 1  # here', "a text never equals a number", "one type"),
        ('y := {"a": 1}\n\nx := y.b  # here', "y.b is never there", "object.get"),
        # safety
        ("x := y  # here", "`y` is unsafe", "some name in"),
        ("x if { not input.list[i] }  # here", "`i` is unsafe", "name := …"),
        ("f(a) := b  # here\n\nx := 1", "`b` is unsafe", "name := …"),
        ("x if { some y; input.a }  # here", "declared and not used", "leave it out"),
        ("x if { every k, v in input.a { v } }  # here", "`k` is declared and not used", "`_`"),
        ("x := y if {\n\ty > 1\n\tsome y in [1, 2]  # here\n}", "used above its declaration", "first"),
        # functions, heads
        ("f(a, a) := a  # here", "two parameters", "name of its own"),
        ("f(input) := 1  # here", "called `input`", "another name"),
        ("f(a) := a\n\nx := f  # here", "named, but not called", "`f(…)`"),
        ("x if {\n\tcount := 3\n\tcount([1]) == 1  # here\n}", "is a variable, too", "rename"),
        ("default f(_) := input.a  # here", "a plain value", "rule of its own"),
        ("x[1]  # here", "alone is no rule", "opa fmt --write --v0-v1 acme/own.rego"),
        # conflicts
        ("x := {}\n\nx.a := 1  # here", "is below the rule acme.x", "another name"),
        ("default x := 1\n\ndefault x := 2  # here", "two defaults", "keep one"),
        ("f(a) := a\n\nf(a, b) := b  # here", "function of 1 arguments, and a function of 2", "another name"),
        ("x := 1\n\nx contains 2  # here", "several values", "another name"),
        # imports
        ("import data.a.lib\n\nimport data.b.lib  # here", "`lib` is imported", "import data.b.lib as"),
    ],
)  # fmt: skip
def test_a_refusal(text: str, words: str, instead: str) -> None:
    assert_refused(text, words, instead)


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("x { input.a }  # here", "opa fmt --write --v0-v1 acme/own.rego"),
        ('deny[msg] { msg := "a" }  # here', "opa fmt --write --v0-v1 acme/own.rego"),
        ('x := $"a {input.a}"  # here', "sprintf"),
        ("x if (input.a and input.b)  # here", "two lines"),
        ("x if not { true; input.a }  # here", "rule of its own"),
    ],
)
def test_what_to_write_where_it_does_not_parse(text: str, instead: str) -> None:
    with pytest.raises(PolicyError) as caught:
        found(text)
    assert instead in caught.value.hint
    assert caught.value.line == line_of(module(text).text, MARK)


@pytest.mark.parametrize(
    "text",
    [
        "x := array.slice(input.a, 0, n) if n := count(input.a) - 1",
        'x := sprintf("%s %d %v %%", ["a", count([1]), input.a])',
        'x := sprintf("%s", input.list)',
        "p := `^[a-z0-9]+$`\n\nx if regex.match(p, input.a)",
        'x if glob.match("models/*/x", ["/"], input.a)',
        "x := (count(input.a) + 1) % 2",
        "x := round(input.a) * 1000",
        "x := {1, 2} - {1}",
        "y contains 1\n\nx := y - {1}",
        "x if input.a > 0.25",
        "y contains 1\n\nx if not 2 in y",
        "x if { value := input.a; not value > 1 }",
        "x if 1 in input.list",
        "x := [y, z] if [y, 2] = [1, z]",
        "x := y if { y > 1; y = input.list[_] }",
        "x if { some i; input.list[i] == 1 }",
        "x contains i if input.list[i]",
        "x if { walk(input, [p, v]); count(p) == v }",
        "x if every _, v in input.a { v }",
        "x if { [y | some y in [1]]; y := 1; y }",
        "f(a) := 1\n\nx if f(0) == 2 with f as g\n\ng(a) := 2",
        "x if count([1]) == 7 with count as 7",
        "f.g(a) := a\n\nx := f.g(1)",
        "import data.lib\n\nx := lib.y",
        "import data.lib.x\n\nx := 1",
        'f["g"](a) := a\n\nx := f.g(1)',
        "import rego.v1\n\nx := 1",
        "# METADATA\n# title: It holds\n# custom: {severity: error}\nx := 1",
        'x[k] := 1 if some k in ["a"]',
        "y.a := 1 if input.a\n\nx := y.a",
        "y.a := 1\n\nx := y",
        "import data.acme.b\n\nx := b.y",
        'default x := {"a": [1]}',
    ],
)
def test_what_only_looks_like_it(text: str) -> None:
    assert [error.message for error in found(text)] == []


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["# title: [open"], "is no YAML"),
        (["# - a"], "is no mapping"),
        (["# scope: nowhere"], "the scope 'nowhere'"),
        (["# scope: package"], "a scope that is not what follows"),
        (["# custom: 5"], "`custom` that is no mapping"),
        (["# title: 5"], "`title` of another type"),
        (["# authors: me"], "`authors` of another type"),
    ],
)
def test_metadata_that_opa_would_not_load(rows: list[str], words: str) -> None:
    (first,) = found("\n".join(["# METADATA", *rows, "x := 1"]))
    assert words in first.message
    assert first.place == f"{FILE}:3"


def test_metadata_with_nothing_after_it() -> None:
    (first,) = found("x := 1\n\n# METADATA\n# title: It holds")
    assert ("stands before nothing" in first.message, first.line) == (True, 5)


def test_metadata_of_a_package_and_behind_blank_lines() -> None:
    head = "# METADATA\n# scope: package\n# title: Ours\n\n# a comment\n\npackage acme\n"
    text = f"{head}\n# METADATA\n# title: It holds\n\nx := 1\n"
    assert list(refusals(Bundle((Module(FILE, text),)))) == []


def test_data_at_the_place_of_a_rule() -> None:
    bundle = Bundle((module("x := 1"),), {"acme": {"x": 2}})
    with pytest.raises(PolicyError, match=r"a value at acme\.x, where this rule is") as caught:
        refuse(bundle)
    assert caught.value.place == f"{FILE}:3"
    refuse(Bundle((module("x := data.acme.y"),), {"other": {"y": 2}}))


def test_a_package_below_a_rule() -> None:
    below = Module("acme/x.rego", "package acme.x\n\ny := 1\n")
    assert_refused("x := 1  # here", "is also the package acme.x", "another name", below)


def test_everything_is_found_not_only_the_first() -> None:
    text = "x := y\n\nz if input.list[z1] == z2\n\nw := http.send({})"
    assert sorted(error.line or 0 for error in found(text)) == [3, 5, 7]

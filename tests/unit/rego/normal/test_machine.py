"""The normal form: what each form comes to, alone, beside others, in any order of files, and asked in either way."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from changegate.errors import PolicyError
from changegate.rego.bundle import Bundle, Module
from changegate.rego.engines.embedded import Embedded

GIVEN = {"list": [1, 2, 3], "obj": {"p": 1, "q": 2}, "name": "a-b", "rows": [{"k": "x", "v": 1}, {"k": "y"}]}


def asked(text: str, *references: str) -> dict[str, Any]:
    engine = Embedded(Bundle((Module("own.rego", f"package own\n\n{text}\n"),)))
    return engine.query(references or ("data.own.x",), GIVEN)


def value(text: str) -> Any:
    return asked(text).get("data.own.x", "undefined")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # negations look up early what they are about
        ("x if not startswith(input.missing, `a`)", "undefined"),
        ("x if not startswith(input.name, `z`)", True),
        ("x if not input.missing > 1", "undefined"),
        ("x if not 1 in input.missing", "undefined"),
        ("x if not input.missing == 1", True),
        ("x if not input.missing", True),
        # heads
        ("x contains row.v if some row in input.rows", [1]),
        ("x[row.k] := row.v if some row in input.rows", {"x": 1}),
        ("y[k] contains v if { some k, v in input.obj; v > 5 }\n\nx := count(y)", 0),
        ("y[k] contains v if { some k, v in input.obj; v > 5 }\n\ny.z contains 1 if false\n\nx := y", {}),
        ("y.a[k] := v if { some k, v in input.obj; v > 5 }\n\nx := y", {"a": {}}),
        ("y.a contains 1 if false\n\nx := y", {"a": []}),
        ("y.a := 1 if false\n\nx := y", {}),
        # functions
        ("f(a) := a.b if a\n\nelse := 2\n\nx := f({})", 2),
        ('f("*", _)\n\nx if f("*", 1)', True),
        ("f(1) := 2\n\nf(2) := 3\n\nx := [f(n) | some n in input.list]", [2, 3]),
        ("default f(_) := 0\n\nf(1) := 2\n\nx := [f(n) | some n in input.list]", [2, 0, 0]),
        # values
        ("x := [p | [p, v] := walk(input.obj); v == 2]", [["q"]]),
        ("x := 0.1 + 0.2", 0.3),
        ("x := {1, 2} - {2}", [1]),
        ('x := sprintf("%5.2f|%q|%v", [2.5, "a", {2, 1}])', ' 2.50|"a"|{1, 2}'),
        ("x := y if y := 2 in input.list", True),
        ('x := regex.split(`\\s+`, "a  b")', ["a", "b"]),
        ("x if every k, v in input.obj { k != v }", True),
        ("x := [[[[[[1]]]]]]", [[[[[[1]]]]]]),
        ("x := y if { y > 2; y = input.list[_] }", 3),
        ("x := z if z := y with input.list as [7]\n\ny := sum(input.list)", 7),
        ("x := z if z := y with data.own.f as g\n\ny := f(1)\n\nf(_) := 1\n\ng(_) := 5", 5),
    ],
)
def test_a_form(text: str, expected: Any) -> None:
    assert value(text) == expected


SHARED = "package models\n\nall contains one if some one in input.list\n"


@pytest.mark.parametrize("name", ["", " as other"])
def test_packages_above_and_below_each_other_in_any_order_of_files(name: str) -> None:
    used = name[4:] or "models"
    beside = "package models.{0}\n\nimport data.models{1}\n\nx contains v if {{\n\tsome v in {2}.all\n\tv {3} 2\n}}\n"
    deny = "deny contains {1} if count(models.{0}.x) > 0\n"
    parts = [
        Module("shared.rego", SHARED),
        Module("few.rego", beside.format("few", name, used, "<")),
        Module("many.rego", beside.format("many", name, used, ">")),
        Module("main.rego", f"package main\n\nimport data.models\n\n{deny.format('few', 1)}\n{deny.format('many', 2)}"),
    ]
    for modules in permutations(parts):
        assert Embedded(Bundle(modules)).query(("data.main.deny",), GIVEN) == {"data.main.deny": [1, 2]}


def test_several_references_are_asked_as_each_by_itself() -> None:
    text = "x := [y, z]\n\ny := 1 if input.name\n\nz contains y"
    names = ("data.own.x", "data.own.y", "data.own.z")
    assert asked(text, *names) == {name: asked(text, name)[name] for name in names}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x := y\n\ny := x  # here", "recursive"),
        ("x := 1 if input.list[bucket] == bucket2  # here", "unsafe"),
        ("x if { input.list[i] == j; not j }  # here", "unsafe"),
        ("x if { y == 1; y := 1 }  # here", "above its declaration"),
        ("x if { some y; input.a }  # here", "not used"),
        ("x := -y  # here\n\ny := 1", "minus"),
        ("x if not print(1)  # here", "negation"),
        ("x := 1 with input as 2  # here", ""),
    ],
)
def test_what_has_no_meaning_is_refused_with_its_line(text: str, words: str) -> None:
    whole = f"package own\n\n{text}\n"
    with pytest.raises(PolicyError) as caught:
        Embedded(Bundle((Module("own.rego", whole),)))
    assert words in caught.value.message
    lines = [number for number, line in enumerate(whole.split("\n"), 1) if "# here" in line]
    assert (caught.value.file, caught.value.line) in {("own.rego", lines[0]), ("own.rego", 3)}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x := 1 if input.name\n\nx := 2 if input.name", "multiple outputs"),
        ("x := {k: v | some v in input.list; k := 1}", "multiple values"),
        ("x := count(input.list[0])", "count"),
        ("x := 1 / 0", "divide by zero"),
        ("x := to_number(input.name)", "to_number"),
        ("x := time.now_ns()", "there is no time"),
    ],
)
def test_what_cannot_be_evaluated_is_an_error_with_its_place(text: str, words: str) -> None:
    with pytest.raises(PolicyError, match=words) as caught:
        value(text)
    assert caught.value.file == "own.rego"
    assert caught.value.line
    assert caught.value.hint


def test_the_recorded_time_of_the_run_is_the_only_clock() -> None:
    bundle = Bundle((Module("own.rego", "package own\n\nx := time.date(time.now_ns())\n"),), now=1793362800000000000)
    assert Embedded(bundle).query(("data.own.x",), {}) == {"data.own.x": [2026, 10, 30]}


def test_what_is_nested_very_deeply_ends_in_an_error() -> None:
    rules = "\n\n".join(f"r{number} := r{number + 1}" for number in range(400))
    assert value(f"x := r0\n\n{rules}\n\nr400 := 1") == 1


def test_keys_that_are_written_alike_are_no_crash() -> None:
    """As in OPA, of a set and an array the set stands last."""
    assert value('x := {{1}: "set", [1]: {2}}') == {"[1]": "set"}

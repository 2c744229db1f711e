"""What is refused in a policy, before it is evaluated: each by its file and line, with what to write instead."""

from __future__ import annotations

from time import monotonic

import pytest

from changegate.errors import PolicyError
from changegate.rego.bundle import Bundle, Module, shipped
from changegate.rego.engines.embedded import Embedded
from changegate.rego.syntax.builtins import REACHES_OUT
from changegate.rego.syntax.refuse import refuse
from support.policies import line_of

FILE = "changegate/checks/own/own.rego"
MARK = "# here"


def module(*lines: str) -> str:
    return "\n".join(("package changegate.checks.own", "", *lines, ""))


def refused(text: str, *others: Module, file: str = FILE) -> PolicyError:
    """The error of loading a policy. Nothing can have been evaluated: no input was given."""
    with pytest.raises(PolicyError) as caught:
        Embedded(Bundle((*others, Module(file, text))))
    assert caught.value.hint
    return caught.value


def accepted(text: str, *others: Module) -> None:
    Embedded(Bundle((*others, Module(FILE, text))))


def assert_refused(text: str, words: str, *others: Module) -> None:
    """It is refused in these words at the marked line."""
    error = refused(text, *others)
    assert words in error.message
    assert error.place == f"{FILE}:{line_of(text, MARK)}"


# What does not parse


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (("x := {", "}}  # here"), "expecting"),
        (('x := "open  # here',), "invalid character in string"),
        (("x := 1", "y == 2 3  # here"), ""),
        (("deny[x] { x := 1 }  # here",), "`if` keyword is required"),
        (("deny[message] {  # here", '\tmessage := "no"', "}"), "`if` keyword is required"),
        (("allow = true { input.x }  # here",), "`if` keyword is required"),
        (('x := $"{input.name}"  # here',), "invalid character"),
        (("input := 1  # here",), "shadowed"),
    ],
)
def test_a_policy_that_does_not_compile_names_its_place(lines: tuple[str, ...], words: str) -> None:
    assert_refused(module(*lines), words)


@pytest.mark.parametrize("text", ["", "x := 1\n", "# a comment\nx := 1\n"])
def test_a_policy_without_a_package(text: str) -> None:
    error = refused(text)
    assert "package" in error.message
    assert (error.file, error.line) == (FILE, max(1, text.count("\n")))


def test_the_file_at_fault_is_named_among_several() -> None:
    good = Module("changegate/lib/lib.rego", "package changegate.lib\n\nx := 1\n")
    assert refused(module("x := [", ""), good).file == FILE
    assert refused(module("x := opa.runtime()"), good).place == f"{FILE}:3"


def test_a_message_has_no_stack_trace() -> None:
    error = refused(module("x := [", ""))
    assert "backtrace" not in error.message
    assert "\n" not in error.message
    assert len(error.message) < 400


@pytest.mark.parametrize("line", ['x := "{}"', "# {}", "x := 1 # {}"])
@pytest.mark.parametrize("letter", ["a", "é"])
def test_a_line_over_the_engines_width(line: str, letter: str) -> None:
    text = module("y := 1", line.format(letter * 1025))
    error = refused(text)
    assert error.place == f"{FILE}:4"
    assert "break the line" in error.hint


def test_a_long_line_within_the_engines_width() -> None:
    accepted(module('x := "' + "a" * 1000 + '"', "# " + "a" * 1000))


# Recursion


@pytest.mark.parametrize(
    "lines",
    [
        ("x := x  # here",),
        ("x := y  # here", "y := x"),
        ("x := y  # here", "", "y := z", "", "z := x"),
        ("default x := 1  # here", "", "x := y", "", "y := x"),
        ("f(x) := f(x)  # here",),
        ("f(x) := 0 if x == 0  # here", "", "else := f(0)"),
        ("f(x) := g(x)  # here", "g(x) := f(x)"),
        ("f(x) if not f(x)  # here",),
        ("x := [y | y := x]  # here",),
        ("x if {  # here", "\tevery y in input.all { y == x }", "}"),
        ("x contains y if some y in x  # here",),
        ("x[k] := v if some k, v in x  # here",),
        ("f(x) := data.changegate.checks.own.g  # here", "g := f(1)"),
        ("f(x) := data.changegate.checks.own.f(x)  # here",),
        ("f(x) := data.changegate.checks[input.name].f  # here",),
        ("x := data[input.name]  # here",),
        ("x := data.changegate  # here",),
        ('x := data["changegate"].checks.own.y  # here', "y := x"),
    ],
)
def test_recursion(lines: tuple[str, ...]) -> None:
    assert_refused(module(*lines), "the rule is recursive: changegate.checks.own.")


@pytest.mark.parametrize(
    ("statement", "use"),
    [("import data.changegate.lib", "lib.x"), ("import data.changegate.lib as other", "other.x")],
)
def test_recursion_through_an_import(statement: str, use: str) -> None:
    lib = Module(
        "changegate/lib/lib.rego",
        "package changegate.lib\n\nimport data.changegate.checks.own as mine\n\nx := mine.x\n",
    )
    text = f"package changegate.checks.own\n\n# é, of two bytes\n{statement}\n\nx := {use}  # here\n"
    assert_refused(text, "changegate.checks.own.x → changegate.lib.x → changegate.checks.own.x", lib)


@pytest.mark.parametrize(
    "lines",
    [
        ("x := 1", "y := x", "z := [x, y]"),
        ("f(x) := y if y := x", "y := f(1)"),
        ("f(g) := g", "g := f(1)"),
        ("x if { some y in input.all; y }", "y := x"),
        ("x := input.x",),
        ("x if every y in input.all { y }", "y := x"),
        ("x if { some y; input.all[y] }", "y := x"),
    ],
)
def test_what_only_looks_like_recursion(lines: tuple[str, ...]) -> None:
    accepted(module(*lines))


# Builtins


@pytest.mark.parametrize(
    "call",
    [
        'http.send({"method": "get", "url": "https://example.org"})',
        "opa.runtime()",
        'rand.intn("seed", 3)',
        'uuid.rfc4122("x")',
        'net.lookup_ip_addr("example.org")',
        'io.jwt.decode("a.b.c")',
        "rego.metadata.rule()",
        'nobody.knows("x")',
        "unknown(1)",
    ],
)
@pytest.mark.parametrize(
    "lines",
    [
        "x := {}  # here",
        "x if count([{}]) == 1  # here",
        "x contains {} if input.y  # here",
        "f(y) := [y, {}]  # here",
        "x := 1 if false\n\nelse := {}  # here",
        "x := [y | y := {}]  # here",
        "x if {{\n\tfalse\n\tnot {}  # here\n}}",
        "x if {{\n\tevery y in [1] {{ y == {} }}  # here\n}}",
        "x if input.y with input.z as {}  # here",
        "default x := [y | y := {}]  # here",
        "x[{}] := 1  # here",
    ],
)
def test_a_builtin_that_policies_may_not_call(call: str, lines: str) -> None:
    name = call.partition("(")[0]
    assert_refused(
        module(*lines.format(call).split("\n")), f"the builtin {name} {REACHES_OUT.get(name, 'is not on the list')}"
    )


def test_builtins_and_functions_that_policies_may_call() -> None:
    lib = Module("changegate/lib/lib.rego", "package changegate.lib\n\nf(x) := x\n")
    text = "package changegate.checks.own\n\nimport data.changegate.lib as words\n\n"
    text += (
        "g(x) := words.f(x)\n\ny := data.changegate.lib.f(g(count(input.all)))\n\nz := object.get(input, ['a'], 1)\n"
    )
    accepted(text.replace("'", '"'), lib)


# What differs between engines in silence


@pytest.mark.parametrize(
    "line",
    ["x := [[[1]]]", 'x := {"a": {"b": {"c": 1}}}', "x contains [[[1]]] if input.y", 'x["a"] := [[[1]]] if input.y'],
)
def test_a_literal_nested_three_deep(line: str) -> None:
    accepted(module(line))


@pytest.mark.parametrize(
    ("opens", "closes"), [("[", "]"), ('{"a":', "}"), ("{", "}"), ("[{1:", "}]"), ("f(", ")"), ("(", ")")]
)
def test_what_would_parse_for_ever_is_refused_at_once(opens: str, closes: str) -> None:
    """The engine needs twice the time for each further level, and has a stack that ends."""
    begun = monotonic()
    assert_refused(module("x := 1", f"y := {opens * 100}1{closes * 100}  # here"), "nested deeper")
    assert monotonic() - begun < 1


def test_brackets_in_texts_and_comments_are_no_nesting() -> None:
    accepted(
        module('x := "' + "[" * 200 + '"', "# " + "[" * 200, "y := `" + "{" * 200 + "`", 'z := "\\"[[[[[[[[[[[[[[[["')
    )


@pytest.mark.parametrize(
    "lines",
    [
        ("x contains value if {", "\tsome item in input.all", "\tvalue := item.field", "}"),
        ("x[key] := value if some key, value in input.all",),
        ('x contains ["a", item] if some item in input.all',),
        ("x contains input.field if input.field",),
        ("x := item.field if item := input.item",),
        ("x := [item.field | some item in input.all]",),
        ("f(item) := item.field if item.other",),
        ('f(item) := {"item": item}', "x contains f(item) if some item in input.all"),
    ],
)
def test_a_head_that_names_what_its_body_binds(lines: tuple[str, ...]) -> None:
    accepted(module(*lines))


@pytest.mark.parametrize(
    "line",
    [
        "x if not input.y",
        "x if not input.y == input.z",
        "x if { some y in input.all; not y in {1} }",
        "x if { y := input.y; not f(y) }",
        "x if { y := input.y; not data.changegate.checks.own.f(y) }",
    ],
)
def test_a_negation_of_what_is_there(line: str) -> None:
    accepted(module("f(y) := y", line))


def test_our_own_policies_are_refused_nothing() -> None:
    refuse(shipped()._replace(shipped=False))

"""What a rule is rewritten to decides on the machine as the rule does in the interpreter."""

from __future__ import annotations

import json
from typing import Any

import pytest

from changegate.errors import PolicyError
from changegate.rego.bundle import Module
from changegate.rego.program.lower import lowered

INPUT = {
    "false": False,
    "null": None,
    "zero": 0,
    "list": [1, 2],
    "object": {"a": 1},
    "mixed": [{"b": 1}, {}],
    "text": "abc",
}

HELPERS = """
one(x) if x == 1

one(x) if x.a

second(x, y) := y if x == 1

some_set contains item if some item in [1, 2]

parts["a"] := input.object.a

parts["b"] := input.nothing

looked_up[index] := value if {
	some index, item in input.mixed
	value := item.b
}

late := 1 if input.nothing

else := 1
"""

BODIES = [
    *("input.nothing < 3", "3 > input.nothing", "input.nothing != 3", "input.nothing == input.nothing"),
    *("input.zero < 3", "input.zero >= 0", '"a" <= 3', "[1] < [2]", "1 == 1.0", "{1} == [1]", "false < 1", "null < 1"),
    *("1 in input.nothing", "input.nothing in {1}", "not 1 in input.nothing", "1 in input.list", "3 in input.list"),
    *("1.0 in {1}", "{} in [{}]", "set() in {set()}", "not set() in {1}"),
    *("every a in input.nothing { a == 1 }", "every k, a in input.nothing { a == 1 }", "every a in [] { a == 1 }"),
    *("every a in [2] { a == 1 }", "every a in input.mixed { a.b }", "every k, a in input.object { a == 1 }"),
    *("every a in [[1], [2]] { every b in a { b == 1 } }", "every a in [[1], [1]] { some b in a; b == 1 }"),
    *(
        "every a in [1, 2] { a in some_set }",
        "every a in [1, 3] { a in some_set }",
        "every a in [1] { b := a; b == 1 }",
    ),
    *("every a in [1] { b := input.nothing; a == 1 }",),
    *("count(input.nothing) > 0", "count(input.nothing) == 0", "count(input.text) == 3", "count([]) == 0"),
    *(
        'object.get(input.nothing, "a", 1) == 1',
        "object.get({}, input.nothing, 1) == 1",
        'object.get({}, "a", input.nothing)',
    ),
    *('object.get(input.object, ["a"], 2) == 1', 'object.get(input.object, ["a", "b"], 2) == 2'),
    *("not input.nothing", "not input.nothing.at.all", "not one(input.nothing)", "one(input.nothing)"),
    *('one({"a": input.nothing})', "second(input.nothing, 1)", "second(1, input.nothing)", 'not {"a": input.nothing}'),
    *("false", "null", "0", '""', "[]", "input.false", "input.null", "input.zero", "not input.null", "not input.false"),
    *(
        "count(input.nothing | {1}) == 1",
        "count({2} | {1}) == 2",
        "count({1} & {1, 2}) == 1",
        "count({1} | set()) == 1",
    ),
    *("[input.nothing, 1]", "{input.nothing, 1}", '{"a": input.nothing}', '[{"a": [input.nothing]}]'),
    *("is_array(input.nothing)", "array.concat(input.nothing, [1])", "sort({2, 1}) == [1, 2]"),
    *("input.list[0] == 1", "input.list[5]", "i := 1; input.list[i] == 2", 'i := "1"; input.list[i]', "input.zero.foo"),
    *(
        "input.object[input.nothing]",
        "not input.object[input.nothing]",
        "{1, 2}[1]",
        "input.null.foo",
        "input.text.foo",
    ),
    *(
        "a := input.nothing; true",
        "a := input.nothing; not a",
        'a := {"b": input.nothing}; true',
        "a := input.false; true",
    ),
    *(
        "a := [input.nothing]; true",
        "a := second(2, 1); true",
        "a := late; a == 1",
        "a := parts.b; true",
        "a := some_set; 1 in a",
    ),
    *("count({a | some a in [1, 2]; a > 1}) == 1", "count({a | some a in input.nothing}) == 0"),
    *(
        "count({a.b | some a in input.mixed}) == 1",
        "[a.b | some a in input.mixed] == [1]",
        "[a | some a in [1, 2]; a > 1] == [2]",
    ),
    *('count({{"x": a.b} | some a in input.mixed}) == 1', "count([a | some b in input.mixed; a := b.b]) == 1"),
    *("object.union_n([input.object, input.nothing])", 'object.union({"a": 1}, {"b": 2}) == {"a": 1, "b": 2}'),
    *(
        "late == 1",
        "parts.a == 1",
        "parts.b",
        "not parts.b",
        "count(parts) == 1",
        "looked_up[0] == 1",
        "not looked_up[1]",
    ),
]
ITERATING = [
    *("some a in input.nothing", "some a in [1, 2]; a == 2", "some a in [1, 2]; a == 3", "some a in [false]; a"),
    *(
        "some a in [false]; a == false",
        'some k, a in {"x": 1}; k == "x"',
        "some a in input.mixed; a.b",
        "some a in input.mixed; not a.b",
    ),
]
WHOLE = [
    "result if {{ {} }}",
    "set_of contains 1 if {{ {} }}\n\nresult := set_of",
    "result := {{1 | {}}}",
    "result := [1 | {}]",
]
HELD = [
    'held if {{ {} }}\n\nresult := "yes" if held\n\nelse := "no"',
    'held if {{ {} }}\n\nresult := "yes" if not held\n\nelse := "no"',
]
CHOSEN = [
    'result := "yes" if {{ {} }}\n\nelse := "no"',
    'chosen(_) := "yes" if {{ {} }}\n\nelse := "no"\n\nresult := chosen(1)',
]
VALUES = [
    'result["x"] := {"a": input.nothing} if true',
    "result := input.nothing if true\n\nelse := 1",
    "result := second(2, 1) if true\n\nelse := 1",
]
VALUES += [
    "result contains input.nothing",
    "result contains y if {\n\tsome x in input.mixed\n\ty := x.b\n}",
    'result contains y if {\n\tsome x in input.mixed\n\ty := {"a": x.b}\n}',
]
VALUES += [
    "result := value if value := second(2, 1)\n\nelse := 2",
    "result := {1} if false\n\nelse := set()",
    'result := "é \\" \\u00e9 → {}"',
]
CASES = [form.format(body) for body in BODIES for form in (*WHOLE, *HELD, *CHOSEN)]
CASES += [form.format(body) for body in ITERATING for form in (*WHOLE, *HELD)]


@pytest.mark.parametrize("text", [*CASES, *VALUES])
def test_it_decides_as_in_the_interpreter(text: str) -> None:
    module = Module("t.rego", f"package t\n\n{text}\n{HELPERS}")
    assert on_the_machine(module) == interpreted(module)


def interpreted(*modules: Module) -> Any:
    import regorus

    engine = regorus.Engine()
    for module in modules:
        engine.add_policy(module.name, module.text)
    engine.set_input_json(json.dumps(INPUT))
    answer = json.loads(engine.eval_query_as_json("data.t.result"))
    return answer["result"][0]["expressions"][0]["value"] if answer.get("result") else "<undefined>"


def on_the_machine(*modules: Module) -> Any:
    import regorus

    rewritten = [(module.name, module.text) for module in lowered(modules)]
    machine = regorus.Rvm()
    machine.load_program(regorus.Program.compile_from_modules("{}", rewritten, ["data.t.result"]))
    machine.set_data_json("{}")
    machine.set_input_json(json.dumps(INPUT))
    return json.loads(machine.execute())


@pytest.mark.parametrize(
    "text",
    [
        "result := x if x := input.nothing",
        "result := x if { x := input.nothing; y := x; y == y }",
        "result := y if { x := input.nothing; y := [x] }",
        'result := [x, {"a": {x}}] if x := input.object.a',
        'result := [x, {"a": {x}}] if x := input.object.b',
        'result := {"a": [input.nothing]} if x := input.zero',
        'result := {"a": {y | some y in input.nothing}} if x := input.zero',
        "result := x if x := {y | some y in input.nothing}",
        "result := x if x := [y | some y in input.list]",
        "result := x if { x := {y | some y in input.list}; y := input.nothing }",
        "result := {[y, z] | some y in input.list; z := y}",
        "result := {[y, z] | some y in input.list; z := input.nothing}",
        "result := {z | some y in input.mixed; z := y.b}",
        "result := {z | some y in input.mixed; z := [y.b]}",
        "result := {x | x := y; some y in input.list}",
        "result contains x if { some y in input.mixed; x := y.b }",
        "result contains x if { x := {y | some y in input.nothing} }",
        "result if { every y in input.list { z := y; z == y } }",
        "result if { every y in input.mixed { z := y.b; z == z } }",
        "result if { y := input.zero; not [input.nothing, y] }",
        'result if { every y in ["a", "z"] { z := y; input.object[z] >= 0 } }',
        'result if { some y in ["z"]; every z in [1] { input.object[y] >= z } }',
        'has(y) if input.object[y] >= 0\n\nresult if { every y in ["a", "z"] { has(y) } }',
        'has(y) if input.object[y] >= 0\n\nresult if { every y in {"a"} { has(y) } }',
    ],
)
def test_what_is_known_to_have_a_value_has_one(text: str) -> None:
    module = Module("t.rego", f"package t\n\n{text}\n")
    assert on_the_machine(module) == interpreted(module)


OUTCOMES = 'package t\n\nresult := outcome\n\noutcome["t/a"] := 1 if input.list\n\nelse := 2\n\noutcome["t/b"] := {}\n'


def test_the_outcomes_of_a_package_are_one_object() -> None:
    more = Module("more.rego", 'package t\n\noutcome["t/c"] := 3 if {\n\tinput.object.a == 1\n}\n')
    modules = [Module("t.rego", OUTCOMES), more]
    (written,) = lowered(modules)
    assert written.text.count("\noutcome ") == 1
    assert on_the_machine(*modules) == interpreted(*modules) == {"t/a": 1, "t/b": {}, "t/c": 3}


def test_where_an_outcome_has_no_value_the_machine_has_no_answer() -> None:
    """Then the interpreter is asked, and says which rule it is."""
    modules = [Module("t.rego", f'{OUTCOMES}\noutcome["t/c"] := 3 if {{\n\tinput.nothing\n}}\n')]
    assert interpreted(*modules) == {"t/a": 1, "t/b": {}}
    assert on_the_machine(*modules) == "<undefined>"


def test_more_outcomes_than_the_machine_has_registers_for() -> None:
    many = "".join(f'outcome["t/{number}"] := input.list[{number % 2}]\n\n' for number in range(150))
    module = Module("t.rego", f"package t\n\nresult := outcome\n\n{many}")
    assert on_the_machine(module) == interpreted(module)
    fewer = Module("t.rego", "\n".join(module.text.split("\n")[: 4 + 2 * 60]))
    assert len(interpreted(fewer)) == 60
    assert on_the_machine(fewer) == interpreted(fewer)


NAMES = """package t

import data.words
import data.words.nested as inner

label := "here"

list := ["a", "b"]

table := {"a": 1}

twice := 1 if input.zero == 0

twice := 1 if input.nothing

same(label_) := label_

result := {
	"label": label,
	"item": list[0],
	"field": table.a,
	"chosen": table[list[0]],
	"word": words.word,
	"deep": words.nested.word,
	"renamed": inner.word,
	"through": same(words.word),
	"twice": twice,
	"words": {word | some word in words.several},
	"unlike": {word | some word in words.several; word != words.word},
	"every": all_known,
}

all_known if {
	every word in words.several { word in {"x", "y"} }
}
"""
WORDS = 'package words\n\nword := "x"\n\nseveral := {"x", "y"}\n'
NESTED = 'package words.nested\n\nword := "z" if input.zero == 0\n'


def test_names_stand_for_what_they_stand_for() -> None:
    modules = [Module("t.rego", NAMES), Module("words.rego", WORDS), Module("nested.rego", NESTED)]
    answer = on_the_machine(*modules)
    assert answer == interpreted(*modules)
    assert (answer["label"], answer["deep"], answer["unlike"], answer["every"]) == ("here", "z", ["y"], True)


IN_THREE_FILES = (
    'package t\n\nresult["a"] := 1 if shared\n\nelse := 2\n\nmine := "a"\n',
    'package t\n\nimport data.words\n\nresult["b"] := words.word if shared\n\nresult["c"] := mine if words.word != 1\n',
    'package t\n\nimport data.words.nested\n\nshared if nested.word\n\nresult["d"] := nested.word\n',
)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_a_package_of_several_files_is_one(order: tuple[int, ...]) -> None:
    """Each with its own imports; the parts of one object stand in all of them."""
    modules = [Module(f"{at}.rego", IN_THREE_FILES[at]) for at in order]
    modules += [Module("words.rego", WORDS), Module("nested.rego", NESTED)]
    answer = on_the_machine(*modules)
    assert answer == interpreted(*modules) == {"a": 1, "b": "x", "c": "a", "d": "z"}


def test_a_fault_in_one_of_several_files_is_named_by_its_own() -> None:
    broken = Module("b.rego", "package t\n\nimport data.words\n\na := 1 if {\n\twords := input.x\n}\n")
    with pytest.raises(PolicyError) as caught:
        lowered([Module("a.rego", "package t\n\nb := 1\n"), broken])
    assert caught.value.place == "b.rego:6"


@pytest.mark.parametrize("variable", ["words", "label"])
@pytest.mark.parametrize(
    "text",
    [
        "a := 1 if {{\n\t{} := input.x\n}}",
        "a contains 1 if {{\n\tsome {} in input.x\n}}",
        "a contains 1 if {{\n\tsome {}, b in input.x\n}}",
        "a := 1 if {{\n\tevery {} in input.x {{ true }}\n}}",
        "\na({}) := 1",
    ],
)
def test_a_variable_that_hides_another_name_is_refused(text: str, variable: str) -> None:
    with pytest.raises(PolicyError, match=variable) as caught:
        lowered([Module("t.rego", f'package t\nimport data.words\nlabel := "x"\n{text.format(variable)}\n')])
    assert caught.value.place == "t.rego:5"


@pytest.mark.parametrize(
    "text",
    [
        "a := 1 if {\n\tsome b in input\n}\n\nelse := 2",
        "a := 1 if {\n\tinput.x with input as {}\n}",
        "a := 1 if {\n\tinput.x = 1\n}",
        "a := 1 if {\n\t[b, c] := input.x\n}",
        "a := b if {\n\tb := 1 + input.x\n}",
        "a := b if {\n\tb := {1} - input.x\n}",
        "a := b if {\n\tb := {c: 1 | some c in input}\n}",
        "a := 1 if {\n\tsome b\n\tinput[b]\n}",
        "\ndefault a := 1",
        "a := 1 if {\n\tb := `raw`\n}",
        "a := 1 if every b in input.x {\n\tinput.y[b] >= 0\n}",
        "a := 1 if every b, c in input.x {\n\tinput.y[b] == c\n}",
        "a := 1 if every b in input.x {\n\tinput.y[b] in {1}\n}",
        "a := 1 if every b in input.x {\n\tinput.y[b].z\n}",
    ],
)
def test_a_form_that_is_not_known_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(PolicyError) as caught:
        lowered([Module("t.rego", f"package t\n\n{text}\n")])
    assert caught.value.place == "t.rego:4"

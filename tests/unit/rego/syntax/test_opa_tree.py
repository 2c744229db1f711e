"""OPA's own syntax tree, read as ours: what both parsers read is one tree, and what only OPA reads can be read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from changegate.errors import EngineError, PolicyError
from changegate.rego.bundle import Bundle, Module
from changegate.rego.engines.opa.parser import with_trees
from changegate.rego.syntax.ast import name_of, parse_modules, reference, references, tree
from changegate.rego.syntax.rewrite import below
from changegate.worker import Limits
from support.engine_pairs import form_cases, groups
from support.opa import path_with, program

TOP = Path(__file__).parents[4]
LIMITS = Limits(60, 1 << 30)
LEFT_OUT = {"eidx", "qidx", "sidx", "col", "num_expressions", "num_queries", "num_statements", "rego_v1"}
"""What only the embedded engine's parser counts."""


@pytest.fixture(autouse=True)
def on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", path_with(program().parent))


def parsed(*texts: str) -> tuple[Module, ...]:
    return with_trees([Module(f"own{at}.rego", text) for at, text in enumerate(texts)], LIMITS)


def plain(node: Any) -> Any:
    """A tree with the places of names, of texts and of what is reached for: by these, policies are moved."""
    if isinstance(node, list):
        is_field = len(node) == 3 and isinstance(node[0], dict) and "start" in node[0]
        return [plain(one) for one in (node[1:] if is_field else node)]
    if not isinstance(node, dict):
        return float(node) if isinstance(node, int) and not isinstance(node, bool) else node
    if "start" in node:
        return (node["start"], node["end"])
    shown = {key: plain(value) for key, value in node.items() if key not in LEFT_OUT and key != "span"}
    if "items" in node.get("Set", {}):  # of what is twice in a set, OPA keeps one
        items = shown["Set"]["items"]
        shown["Set"]["items"] = [one for at, one in enumerate(items) if one not in items[:at]]
    for kind in {"Var", "String", "RawString", "RefDot"} & node.keys():
        span = node[kind]["span"]
        shown["place"] = (span["line"], span["start"], span["end"])
    return shown


def policies() -> list[Module]:
    """Ours, with their tests, and whatever forms the parity of the engines is held to."""
    files = [path for path in (TOP / "rego").rglob("*.rego") if path.stat().st_size < 20_000]
    found = [Module(path.relative_to(TOP).as_posix(), path.read_text()) for path in sorted(files)[::16]]
    for name, content in groups("forms").items():
        for case in form_cases(name, content):
            found += [Module(f"{name}-{len(found)}.rego", module.text) for module in case.bundle.modules]
    return found[::5]


def test_what_both_read_is_one_tree() -> None:
    compared = 0
    both = []
    for module in policies():
        if "import future.keywords.not" in module.text or re.search(r"^(\w+\(\)|\s*\()", module.text, re.MULTILINE):
            continue  # `not { … }` is a set to one and a body to the other, `f()` a function and a rule, `f⏎(1)` a call
        try:
            both.append((module, tree(module)))
        except PolicyError:
            continue
    for (module, ours), theirs in zip(both, with_opas_trees([module for module, _ in both]), strict=True):
        if theirs is not None:
            compared += 1
            assert plain(tree(theirs)) == plain({key: ours[key] for key in ("package", "imports", "rules")}), (
                module.name
            )
    assert compared > 80


def with_opas_trees(modules: list[Module]) -> list[Module | None]:
    """Each with OPA's tree; nothing where OPA does not parse it."""
    try:
        return [*with_trees(modules, LIMITS)]
    except PolicyError as error:
        return [None if one.name == error.file else with_opas_trees([one])[0] for one in modules]


ONLY_OPA = """package own.x

import future.keywords.or
import future.keywords.not

# é → 𝄞
a := $"é {data.a.b} and {f(1, [data.y])}" if input.é
b := $`two
lines {data.z} { count({data.q}) }`
c if { data.c == 1 or data.d == 2 }
d if not { data.e; data.g }
e := 1 if input.x
else := 2 if data.h == "if" # if data.no
else := (3 + data.i) if
    count({1 | data.j}) == {data.k}
else if not data.l.if.not["data.no"]
f(x, y) := [((data.m))] if { y } { x }
g := {"data.no": data.n, "a": [{(data.o)}]}[`a`]
h := io.jwt.decode(data.p)
i[x].y contains data.r if some x in data.s
j := [[[[[[[[[[[[[[1]]]]]]]]]]]]]]
k if every x, y in data.t { y > data.u with data.v as data.w }
""".replace("input.é", 'input["é"]')


def test_what_only_opa_reads_is_read_with_all_that_it_refers_to() -> None:
    (module,) = parsed(ONLY_OPA)
    (own,) = parse_modules(Bundle((module,)))
    assert own.package == ("data", "own", "x")
    assert [name_of(rule) for rule in own.rules] == [*"abcdefghijk"]
    found = {".".join(reference(one) or ()) for rule in own.rules for one in references(rule.body)}
    letters = [f"data.{letter}" for letter in "cdegijkmnoprstuvwqyz"]
    assert {one for one in found if one.startswith("data.")} == {
        *letters,
        "data.a.b",
        "data.h",
        "data.l.if.not.data.no",
    }
    assert {"io.jwt.decode", "count"} <= found


def test_it_is_moved_to_another_root_and_nothing_else_of_it_changes() -> None:
    (module,) = parsed(ONLY_OPA)
    wanted = ONLY_OPA.replace("package own", "package root.own").replace("data.", "data.root.")
    assert below(module, "root").text == wanted.replace("data.root.no", "data.no")


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("package own\n\nx if {", "own0.rego:3", "OPA does not parse it"),
        ("package own\n\ndeny[x] { x := 1 }", "own0.rego:3", "`if` keyword is required"),
        ("package own\n\nx := 1 if input.x\nelse := 2 if(input.y)", "own0.rego:4", "there is no blank before"),
    ],
)
def test_what_opa_does_not_parse_is_told_on_its_line(text: str, place: str, message: str) -> None:
    with pytest.raises(PolicyError, match=message) as caught:
        parsed(text)
    assert caught.value.place == place
    assert caught.value.hint


@pytest.mark.parametrize("wrong", ["{", "[]", '{"package": {}}', '{"package": {"path": []}, "rules": 3}'])
def test_a_tree_that_is_none_is_an_error_of_the_policy(wrong: str) -> None:
    with pytest.raises(PolicyError, match="what `opa parse` says of it cannot be read"):
        tree(Module("own.rego", "package own\n", wrong.encode()))


def test_a_tree_of_another_text_is_an_error_of_the_policy() -> None:
    (module,) = parsed("package own\n\nx := data.other\n")
    with pytest.raises(PolicyError, match="does not stand in line 3"):
        tree(module._replace(text="package own\n\ny := input.x + 1\n"))


def test_what_takes_too_long_or_too_much_to_parse_is_stopped_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = Module("own.rego", f"package own\n\nx := [{'1, ' * 300_000}1]\n")
    with pytest.raises(EngineError, match="needed more memory") as caught:
        with_trees([wide], Limits(60, 1 << 26))
    assert caught.value.file == "own.rego"
    monkeypatch.setenv("PATH", path_with(tmp_path))
    fake = tmp_path / "opa"
    fake.write_text("#!/bin/sh\necho 'SIGSEGV: segmentation violation' >&2\nexit 2\n")
    fake.chmod(0o755)
    with pytest.raises(EngineError, match="needed more memory"):
        with_trees([wide], Limits(60, 1 << 30))
    fake.write_text("#!/bin/sh\nexec sleep 60\n")
    with pytest.raises(EngineError, match=r"more than 0.5 seconds") as caught:
        with_trees([Module("own.rego", "package own\n")], Limits(0.5, 1 << 30))
    assert caught.value.file == "own.rego"

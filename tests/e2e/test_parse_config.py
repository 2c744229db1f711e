"""Conftest's builtins that read configurations, in tests of policies: as in conftest, and no file outside."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from changegate.rego.normal.builtins.configs import parse_config
from changegate.rego.normal.builtins.registry import BuiltinFault
from changegate.rego.normal.values import to_json
from support.command import changegate
from support.opa import path_with, program
from support.tools import conftest

if TYPE_CHECKING:
    from pathlib import Path

POLICY = """\
package main

deny contains msg if {
	some name, job in input.jobs
	not job["timeout-minutes"]
	msg := sprintf("%s has no timeout", [name])
}
"""
TESTS = """\
package main

test_a_file if deny == {"build has no timeout"} with input as parse_config_file("testdata/slow.yml")

test_a_text if {
	document := parse_config("yaml", "on: push\\njobs: {build: {timeout-minutes: 5}}")
	document["true"] == "push"
	deny == set() with input as document
}

test_several if {
	slow := parse_config_file("testdata/slow.yml")
	found := parse_combined_config_files(["testdata/two.yaml", "testdata/limits.json", "testdata/slow.yml"])
	[one.contents | some one in found] == [{"most": 1.5}, slow, {"a": 1}, {"b": [true]}]
	paths := [one.path | some one in found]
	endswith(paths[0], "policy/testdata/limits.json")
}
"""
FILES = {
    "testdata/slow.yml": "on:\n  push: {}\njobs:\n  build:\n    runs-on: ubuntu-latest\n    if: ${{ x }}\n",
    "testdata/two.yaml": "a: 1\n---\nb: [yes]\n",
    "testdata/limits.json": '{"most": 1.50}',
}


def with_opa() -> dict[str, str]:
    return {"PATH": path_with(program().parent)}


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    folder = tmp_path / "policy"
    (folder / "testdata").mkdir(parents=True)
    for name, text in {"main.rego": POLICY, "main_test.rego": TESTS, **FILES}.items():
        (folder / name).write_text(text)
    return folder


def test_tests_that_read_configurations_hold_here_and_in_conftest(tmp_path: Path, policies: Path) -> None:
    command = [conftest(), "verify", "--policy", policies]
    theirs = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert (theirs.returncode, b"3 tests, 3 passed" in theirs.stdout) == (0, True), theirs.stdout + theirs.stderr
    run = changegate("policy", "test", "policy", cwd=tmp_path)
    assert (run.code, run.out) == (0, "3 tests on embedded (regorus): 3 passed\n")
    assert changegate("policy", "check", "policy", cwd=tmp_path).code == 0


def test_tests_that_read_configurations_hold_on_opa(tmp_path: Path, policies: Path) -> None:
    run = changegate("policy", "test", "policy", "--engine", "opa", cwd=tmp_path, env=with_opa())
    assert (run.code, run.out.partition(" on ")[0], run.out[-9:]) == (0, "3 tests", "3 passed\n"), run.out + run.err
    (policies / "testdata/slow.yml").write_text("jobs:\n  fast:\n    timeout-minutes: 5\n")
    run = changegate("policy", "test", "policy", "--engine", "opa", cwd=tmp_path, env=with_opa())
    assert (run.code, "FAIL  data.main.test_a_file  policy/main_test.rego:3" in run.out) == (1, True), run.out


@pytest.mark.parametrize(
    ("call", "line", "said"),
    [
        ("parse_config(`yaml`,\n\t\tkind)", 7, "what this one reads is not written in the call"),
        ('parse_combined_config_files(["testdata/slow.yml", kind])', 7, "is not written in the call"),
        ("1 with parse_config as kind", 7, "knows no parse_config that something could stand in for"),
    ],
)
def test_what_no_call_on_opa_can_read_is_said(tmp_path: Path, policies: Path, call: str, line: int, said: str) -> None:
    text = f'package main\n\nkind := "yaml"\n\n# before\ntest_it if {{\n\tx := {call}\n\tx != 1\n}}\n'
    (policies / "main_test.rego").write_text(text)
    run = changegate("policy", "test", "policy", "--engine", "opa", cwd=tmp_path, env=with_opa())
    assert (run.code, f"policy/main_test.rego:{line}: " in run.err, said in run.err) == (2, True, True), run.err
    assert "run the tests on the embedded engine" in run.err


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ('parse_config("hcl2", "a = 1")', "parse_config: changegate has no parser for hcl2"),
        ('parse_config_file("../outside.yaml")', "which are all that tests read"),
        ('parse_config("yaml", "a: 1_20")', "is read by one reader of YAML as this, by another as that"),
    ],
)
def test_what_cannot_be_read_on_opa_is_an_error_of_its_test(
    tmp_path: Path, policies: Path, call: str, said: str
) -> None:
    text = f'{TESTS}\ntest_unread if not {call}.a\n\ntest_no_key if not parse_config("json", "{{}}").a\n'
    (policies / "main_test.rego").write_text(text)
    run = changegate("policy", "test", "policy", "--engine", "opa", cwd=tmp_path, env=with_opa())
    assert (run.code, "4 passed, 1 could not be evaluated" in run.out, said in run.out) == (1, True, True), run.out


def test_lines_behind_a_configuration_of_several_lines_are_what_they_were(tmp_path: Path, policies: Path) -> None:
    text = """package main

test_it if {
\tx := parse_config("yaml", `a: 1
b: {c: 2}
`).b.c
\tx == 3
}
"""
    (policies / "main_test.rego").write_text(text)
    run = changegate("policy", "test", "policy", "--engine", "opa", cwd=tmp_path, env=with_opa())
    assert (run.code, "policy/main_test.rego:7: " in run.out) == (1, True), run.out


def test_a_test_that_reads_a_file_and_fails_says_why(tmp_path: Path, policies: Path) -> None:
    (policies / "testdata/slow.yml").write_text("jobs:\n  fast:\n    timeout-minutes: 5\n")
    run = changegate("policy", "test", "policy", cwd=tmp_path)
    assert (run.code, "FAIL  data.main.test_a_file  policy/main_test.rego:3" in run.out) == (1, True), run.out
    assert "there is no file" not in run.out


@pytest.mark.parametrize("path", ["../outside.yaml", "/etc/hostname", "testdata/../../outside.yaml", "linked.yaml"])
def test_nothing_outside_of_the_folder_is_read(tmp_path: Path, policies: Path, path: str) -> None:
    (tmp_path / "outside.yaml").write_text("secret: 1\n")
    (policies / "linked.yaml").symlink_to(tmp_path / "outside.yaml")
    (policies / "main_test.rego").write_text(f'package main\n\ntest_it if parse_config_file("{path}").secret\n')
    run = changegate("policy", "test", "policy", cwd=tmp_path)
    assert run.code == 1
    assert "in the folders of the policies, which are all that tests read" in run.out
    assert "secret: 1" not in run.out


def test_more_files_than_are_read(tmp_path: Path, policies: Path) -> None:
    for number in range(1001):
        (policies / "testdata" / f"{number}.json").write_text("{}")
    run = changegate("policy", "test", "policy", cwd=tmp_path)
    assert (run.code, "too many files" in run.err) == (2, True)


def test_a_policy_reads_no_configuration(tmp_path: Path, policies: Path) -> None:
    (policies / "main.rego").write_text(POLICY + '\nwarn contains "x" if parse_config("json", input.a).b\n')
    run = changegate("policy", "check", "policy", cwd=tmp_path)
    assert run.code == 1
    assert "policy/main.rego:9: error: the builtin parse_config is not on the list" in run.out
    assert "call it in a test" in run.out


YAML = [
    *("on: 1", "a: On", "a: OFF", "a: yes", "a: No", "a: y", "a: N", "n: 1", "off: 2", "a: oN", "True: 1", "a: NULL"),
    *("a: [on, off]", "a: 3.10", "a: 1.0", "a: 20", "a: ${{ x }}", "a: 'on'", "[1, 2]", "a", "", "# c\n", "a: "),
    *("a: 1\n---\nb: 2", "a: 1\n---\n", "---\na: 1\n", "---\na: 1\n---\nb: 2\n", "a: >\n  x\n  y\n", "{a: {on: yes}}"),
    *("a: 010", "a: 0x1F", "a: .5", "a: 12:30", "a: 1_000", "a: 1e3", "a: 2020-01-01", "a: 5m", "1: a", "null: 1"),
    *(
        "a: 1.20",
        "a: 17.0",
        "a: 0.0",
        "a: -0.0",
        "a: -3.50",
        "a: 9999999.00000000",
        "a: 0.00000010",
        "a: 1.",
        "a: 12345678.0",
    ),
    *(
        "a: 12345678901234567890",
        "a: &x 1\nb: *x",
        "a: 1\n--- \nb: 2",
        "a: *x",
        "a: !!str 1",
        "a: 1\na: 2",
        "a: |\n x\n",
    ),
]
JSON = [
    '{"a": 1.0}',
    "[1]",
    '"x"',
    '{"a": 1, "a": 2}',
    '{"a": 1e400}',
    '{"a": 0.1}',
    '{"a": 9007199254740993}',
    "{",
    "",
]
TOML = ["a = 1\n[b]\nc = [1.0, 2]\n", "a = 0x10\n", '[[x]]\ny = "z"\n', "a = 2020-01-01\n", "a ="]
EACH = """\
package main

warn contains {"msg": "x", "at": i, "is": [v]} if {
	some i, c in data.cases
	v := parse_config(c[0], c[1])
}
"""
CASES = [(kind, text) for kind, texts in (("yaml", YAML), ("json", JSON), ("toml", TOML)) for text in texts]


def test_each_text_is_read_as_conftest_reads_it_or_not_at_all(tmp_path: Path) -> None:
    """What is uncertain is an error; nothing is another value."""
    (tmp_path / "one.rego").write_text(EACH)
    (tmp_path / "data.json").write_text(json.dumps({"cases": CASES}))
    (tmp_path / "input.json").write_text("{}")
    command = [conftest(), "test", "-p", "one.rego", "-d", "data.json", "-o", "json", "input.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    (result,) = json.loads(done.stdout or done.stderr)
    theirs = {one["metadata"]["at"]: one["metadata"]["is"][0] for one in result["warnings"]}
    read = {at: value for at, case in enumerate(CASES) if (value := ours(*case)) is not BuiltinFault}
    assert read == {at: value for at, value in theirs.items() if at in read}
    assert len(read) >= 36


def ours(kind: str, text: str) -> Any:
    try:
        return json.loads(to_json(parse_config({}, "", kind, text)))
    except BuiltinFault:
        return BuiltinFault

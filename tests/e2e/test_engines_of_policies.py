"""`policy check` and `policy test`: which engine takes which file, and both ways out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.command import changegate
from support.opa import path_with, program
from support.repos import Repo

if TYPE_CHECKING:
    from pathlib import Path

    from support.command import Run

CONFIG = "apiVersion: changegate.dev/v1\nkind: Config\n"
BOTH = 'package both\n\ndeny contains "x" if input.x\n'
ONLY = 'package only\n\nimport data.both\n\ndeny contains $"{input.x} is x" if count(both.deny) > 0\n'
JWT = 'package jwt\n\ndeny contains "x" if io.jwt.decode(input.token)[1].iss\n'
NEITHER = "package neither\n\ndeny contains x if x > 1\n"
TEST = """package only_test

test_only if data.only.deny == {"1 is x"} with input.x as 1

test_the_clock if data.only.late with time.now_ns as 5

test_now if time.now_ns() > 1700000000000000000
"""


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo.init(tmp_path / "repository")


def write(repo: Repo, files: dict[str, str], engine: str = "") -> None:
    config = f"{CONFIG}engine: {engine}\n" if engine else CONFIG
    for name, text in {".changegate/config.yaml": config, **files}.items():
        path = repo.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def policies(**texts: str) -> dict[str, str]:
    return {f".changegate/policies/{name}.rego": text for name, text in texts.items()}


def policy(repo: Repo, *words: str, path: str = "") -> Run:
    return changegate("policy", *words, cwd=repo.path, env={"PATH": path or path_with(program().parent)})


def told(run: Run) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run.out)
    found["engines"] = {file.rpartition("/")[2]: engines for file, engines in found["engines"].items()}
    found["problems"] = [{**one, "file": one["file"].rpartition("/")[2]} for one in found["problems"]]
    return found


def test_which_engine_takes_which_file(repo: Repo) -> None:
    repo.commit({"README.md": "x\n"})
    write(repo, policies(both=BOTH, only=ONLY, jwt=JWT, neither=NEITHER))
    found = told(policy(repo, "check", "-o", "json"))
    assert found["enginesAsked"] == ["embedded", "opa"]
    assert found["engines"] == {
        "both.rego": ["embedded", "opa"],
        "only.rego": ["opa"],
        "jwt.rego": ["opa"],
        "neither.rego": [],
    }
    (only,) = (one for one in found["problems"] if one["file"] == "only.rego" and one["level"] == "error")
    assert only["hint"].endswith("; or let an OPA decide: `engine: opa` in .changegate/config.yaml")
    shown = policy(repo, "check").out
    assert ".changegate/policies/only.rego: the engine opa alone takes it\n" in shown
    assert ".changegate/policies/neither.rego: neither engine takes it\n" in shown


def test_without_an_opa_only_the_embedded_engine_is_told_of(repo: Repo) -> None:
    repo.commit({"README.md": "x\n"})
    write(repo, policies(both=BOTH))
    run = policy(repo, "check", path="/usr/bin:/bin")
    assert run.code == 0
    assert "without an `opa` on the PATH, only the embedded engine was asked" in run.err
    told = json.loads(policy(repo, "check", "-o", "json", path="/usr/bin:/bin").out)
    assert (told["enginesAsked"], told["engines"]) == (["embedded"], {".changegate/policies/both.rego": ["embedded"]})
    write(repo, {}, engine="opa")
    run = policy(repo, "check", path="/usr/bin:/bin")
    assert run.code == 2
    assert "there is no `opa` on the PATH" in run.err


def test_the_engine_of_the_working_tree_counts_and_what_starts_to_fire_is_said(repo: Repo) -> None:
    repo.commit({".changegate/config.yaml": CONFIG})
    write(repo, policies(both=BOTH, only=ONLY))
    assert policy(repo, "check").code == 1
    write(repo, {}, engine="opa")
    run = policy(repo, "check")
    assert run.code == 0, run.out
    message = "it was refused on the engine embedded of the base, and loads on opa: its rules start to fire"
    assert f".changegate/policies/only.rego:1: warning: {message}" in run.out
    assert f"both.rego:1: warning: {message}" not in run.out
    assert policy(repo, "check", "--engine", "embedded").code == 1


def test_what_opas_compiler_finds_is_told_beside_the_embedded_engine(repo: Repo) -> None:
    repo.commit({"README.md": "x\n"})
    write(repo, policies(typed='package typed\n\ndeny contains "x" if {\n\tx := input.a\n\tcount(1 + x) > 0\n}\n'))
    found = told(policy(repo, "check", "-o", "json"))
    (one,) = (one for one in found["problems"] if one["message"].startswith("OPA refuses it: "))
    assert (one["line"], one["level"]) == (5, "warning")
    assert found["engines"] == {"typed.rego": ["embedded"]}


def test_a_hint_names_no_engine_that_refuses_as_well(repo: Repo) -> None:
    repo.commit({"README.md": "x\n"})
    both_faults = 'package x\n\ndeny contains $"{input.x}" if nobody.knows(input.x)\n'
    write(repo, policies(x=both_faults))
    found = told(policy(repo, "check", "-o", "json"))
    assert found["engines"] == {"x.rego": []}
    assert not any("engine: opa" in one["hint"] for one in found["problems"])


def test_a_hint_names_opa_for_whatever_it_takes(repo: Repo) -> None:
    repo.commit({"README.md": "x\n"})
    write(repo, policies(x='package x\n\nsame(a, a) if true\n\ndeny contains "x" if same(input.x, 1)\n'))
    found = told(policy(repo, "check", "-o", "json"))
    assert found["engines"] == {"x.rego": ["opa"]}
    hints = [one["hint"] for one in found["problems"] if one["level"] == "error"]
    assert hints
    assert all(hint.endswith("or let an OPA decide: `engine: opa` in .changegate/config.yaml") for hint in hints)


def test_what_reaches_out_is_taken_by_neither(repo: Repo) -> None:
    repo.commit({"README.md": "x\n"})
    write(repo, policies(x='package x\n\ndeny contains "x" if http.send({"url": input.x})\n'), engine="opa")
    found = told(policy(repo, "check", "-o", "json"))
    assert found["engines"] == {"x.rego": []}
    assert any(one["message"] == "the builtin http.send reaches the network" for one in found["problems"])


def test_tests_of_what_only_opa_takes(repo: Repo) -> None:
    repo.commit({"README.md": "x\n"})
    only = ONLY + "\nlate if time.now_ns() == 5\n"
    write(repo, policies(both=BOTH, only=only, only_test=TEST), engine="opa")
    run = policy(repo, "test")
    assert run.code == 0, run.out + run.err
    write(repo, policies(only_test=TEST.replace("1 is x", "2 is x")), engine="opa")
    run = policy(repo, "test")
    assert run.code == 1, run.out + run.err
    assert "test_only" in run.out
    assert policy(repo, "test", "--coverage").code == 2


def test_two_files_of_a_package_may_import_under_one_name(repo: Repo) -> None:
    repo.commit({"README.md": "x\n"})
    one = "package p\n\nimport data.a.x as it\n\none := it\n"
    two = "package p\n\nimport data.b.x as it\n\ntwo := it\n"
    test = "package p_test\n\ntest_it if { data.p.one == 1; data.p.two == 2 }\n"
    others = {"a": "package a\n\nx := 1\n", "b": "package b\n\nx := 2\n"}
    write(repo, policies(one=one, two=two, p_test=test, **others), engine="opa")
    run = policy(repo, "test")
    assert run.code == 0, run.out + run.err

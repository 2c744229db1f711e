"""`changegate policy convert`: Rego v0 becomes v1 by a real OPA, and nothing happens in silence where there is none."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.command import changegate
from support.tools import opa

if TYPE_CHECKING:
    from support.command import Run

V0 = """\
package main

import future.keywords.in

# why
deny[msg] {
	some label in ["a", "b"]
	not input.metadata.labels[label]
	msg := sprintf("no label %s", [label])
}

default small = false

small { count(input.spec) < 3 }

words["x"]
"""
"""What has two meanings in v1, or none."""
V1 = 'package other\n\nwarn   contains "x" if input.kind == "y"\n'
"""Not as OPA would format it, which is no reason to touch it."""


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    folder = tmp_path / ".changegate" / "policies"
    (folder / "below").mkdir(parents=True)
    (folder / "below" / "main.rego").write_text(V0)
    (folder / "below" / "main_test.rego").write_text(
        'package main\n\ntest_small { small with input as {"spec": {}} }\n'
    )
    (folder / "other.rego").write_text(V1)
    return folder


def convert(folder: Path, *arguments: str) -> Run:
    path = os.pathsep.join([str(Path(opa()).parent), os.environ["PATH"]])
    return changegate("policy", "convert", *arguments, cwd=folder, env={"PATH": path})


def texts(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*.rego")}


def test_what_changes_is_shown_and_nothing_is_written(tmp_path: Path, policies: Path) -> None:
    before = texts(policies)
    run = convert(tmp_path)
    assert run.code == 0
    assert "\n-deny[msg] {\n+deny contains msg if {\n" in run.out
    assert '\n-words["x"]\n+words contains "x"\n' in run.out
    assert run.out.count("--- a/") == 2
    assert "other.rego" not in run.out
    assert run.err == "3 files: 2 are Rego v0; --write converts\n"
    assert texts(policies) == before


def test_check_names_the_files(tmp_path: Path, policies: Path) -> None:
    run = convert(tmp_path, "--check", str(policies / "below"))
    assert run.code == 1
    assert run.out.splitlines()[-1] == "2 files: 2 are Rego v0; --write converts"
    assert f"{policies}/below/main.rego: Rego v0\n" in run.out
    assert "deny" not in run.out


def test_what_is_written_is_taken_and_is_never_converted_again(tmp_path: Path, policies: Path) -> None:
    assert changegate("policy", "check", cwd=tmp_path).code == 1
    run = convert(tmp_path, "--write")
    assert (run.code, run.err) == (0, "")
    assert run.out.endswith("3 files: 2 converted; `changegate policy check` says what is left to do\n")
    assert (policies / "other.rego").read_text() == V1
    assert "# why\n" in (policies / "below" / "main.rego").read_text()
    assert "future.keywords" not in (policies / "below" / "main.rego").read_text()
    assert changegate("policy", "check", cwd=tmp_path).code == 0
    assert changegate("policy", "test", cwd=tmp_path).code == 0
    again = convert(tmp_path, "--check")
    assert (again.code, again.out) == (0, "3 files: nothing to convert\n")


def test_where_one_file_is_broken_none_is_written(tmp_path: Path, policies: Path) -> None:
    (policies / "broken.rego").write_text("package broken\n\nx {\n")
    before = texts(policies)
    run = convert(tmp_path, "--write")
    assert run.code == 2
    assert "broken.rego:4: error: OPA cannot convert it: unexpected eof token" in run.out
    assert texts(policies) == before


def test_a_link_is_not_written_through(tmp_path: Path, policies: Path) -> None:
    (tmp_path / "elsewhere.rego").write_text(V0)
    (policies / "linked.rego").symlink_to(tmp_path / "elsewhere.rego")
    run = convert(tmp_path, "--write")
    assert run.code == 2
    assert "linked.rego is a link" in run.err
    assert (tmp_path / "elsewhere.rego").read_text() == V0


def test_without_an_opa_it_says_what_to_install(tmp_path: Path, policies: Path) -> None:
    del policies
    for arguments in ((), ("--check",), ("--write",)):
        run = changegate("policy", "convert", *arguments, cwd=tmp_path, env={"PATH": "/nowhere"})
        assert (run.code, run.out) == (2, "")
        assert "there is no `opa` on the PATH" in run.err
        assert "install OPA 1.0 or later" in run.err


def test_an_opa_that_is_too_old_is_named(tmp_path: Path, policies: Path) -> None:
    del policies
    (tmp_path / "opa").write_text("#!/bin/sh\necho Version: 0.68.0\n")
    (tmp_path / "opa").chmod(0o755)
    run = changegate("policy", "convert", cwd=tmp_path, env={"PATH": f"{tmp_path}:/usr/bin:/bin"})
    assert (run.code, run.out) == (2, "")
    assert "is OPA 0.68.0, which reads an older Rego" in run.err

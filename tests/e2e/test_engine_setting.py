"""`engine:` in the configuration: the base names what evaluates policies, and nobody else does in CI."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from support.command import changegate
from support.hosted import RESEARCH, Hosted
from support.opa import path_with, program

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = ".changegate/config.yaml"
STARTED = "opa 1.22.2 (started by changegate)"
EMBEDDED = "embedded (regorus"


@pytest.fixture
def hosted(tmp_path: Path) -> Hosted:
    return Hosted(tmp_path)


def names(hosted: Hosted, engine: str) -> None:
    """Let the base name an engine."""
    rows = [row for row in (hosted.path / CONFIG).read_text().splitlines() if not row.startswith("engine:")]
    hosted.repo.commit({CONFIG: "\n".join([*rows, f"engine: {engine}", ""])}, "the engine")
    hosted.protect()


def small_change(hosted: Hosted) -> str:
    return hosted.propose({RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")})


def with_opa(env: dict[str, str]) -> dict[str, str]:
    return env | {"PATH": path_with(program().parent)}


def test_the_base_names_the_engine(hosted: Hosted) -> None:
    names(hosted, "opa")
    head = small_change(hosted)
    run = hosted.run(env=with_opa(hosted.event(head)), approved=head)
    assert (run.code, run.verdict["verdict"], run.verdict["context"]["engine"]) == (0, "open", STARTED)


def test_a_change_names_no_engine_for_itself_and_is_told_as_a_change_of_it(hosted: Hosted) -> None:
    text = f"{(hosted.path / CONFIG).read_text()}\nengine: opa\n"
    head = hosted.propose({CONFIG: text})
    run = hosted.run(env=with_opa(hosted.event(head)))
    assert run.verdict["context"]["engine"].startswith(EMBEDDED)
    assert "control/changed-without-approval" in run.rules
    told = "the engine opa evaluates policies from then on, and embedded no more"
    assert told in [one["text"] for subject in run.verdict["subjects"] for one in subject["changes"]]


@pytest.mark.parametrize(("stated", "asked"), [("opa", "embedded"), ("embedded", "opa")])
def test_another_engine_than_the_bases_is_exit_2_in_ci_and_a_note_on_a_laptop(
    hosted: Hosted, stated: str, asked: str
) -> None:
    names(hosted, stated)
    head = small_change(hosted)
    env = with_opa(hosted.event(head))
    run = hosted.run("--engine", asked, env=env, approved=head)
    assert (run.code, run.verdict["verdict"]) == (2, "undecided")
    (failure,) = run.verdict["failures"]
    assert failure["message"] == f"the command line names the engine {asked}, and {CONFIG} of the base names {stated}"
    assert f"merge `engine: {asked}` into {CONFIG}" in failure["hint"]
    assert hosted.run("--engine", stated, env=env, approved=head).code == 0
    report = hosted.folder / "local.json"
    here = changegate(
        *("check", "--base", "main", "--engine", asked, f"-ojson={report}"),
        cwd=hosted.path,
        env={"PATH": path_with(program().parent)},
    )
    assert here.code == 0, here.out + here.err
    verdict = json.loads(report.read_text())
    assert verdict["context"]["engine"].startswith(asked)
    assert any(f"of the base names {stated}, which decides in CI" in note for note in verdict["notes"])


def test_an_opa_that_is_not_there_is_exit_2_with_what_to_install(hosted: Hosted) -> None:
    names(hosted, "opa")
    head = small_change(hosted)
    run = hosted.run(env=hosted.event(head) | {"PATH": "/usr/bin:/bin"}, approved=head)
    assert (run.code, run.verdict["verdict"]) == (2, "undecided")
    (failure,) = run.verdict["failures"]
    assert "there is no `opa` on the PATH" in failure["message"]
    assert "install OPA 1.0 or later" in failure["hint"]


def test_options_for_an_opa_need_no_engine_where_the_base_names_it(hosted: Hosted) -> None:
    for base, message in (("embedded", "--opa-url is for the engine `opa`"), ("opa", "could not be asked")):
        names(hosted, base)
        env = hosted.event(small_change(hosted))
        run = hosted.run("--opa-url", "http://127.0.0.1:9", "--opa-retries", "0", env=env)
        assert run.code == 2
        assert message in run.verdict["failures"][0]["message"]
        hosted.repo.switch("main")
        hosted.repo.git("branch", "-D", "topic")


def test_an_engine_that_there_is_not_is_told_on_its_line(hosted: Hosted) -> None:
    names(hosted, "cedar")
    run = hosted.run(env=hosted.event(small_change(hosted)))
    assert run.code == 2
    assert CONFIG in run.verdict["failures"][0]["place"]


def test_tests_of_policies_run_on_the_engine_that_the_working_tree_names(hosted: Hosted) -> None:
    policy = 'package own\n\ndeny contains "x" if input.x\n'
    test = 'package own_test\n\nimport data.own\n\ntest_it if own.deny == {"x"} with input as {"x": true}\n'
    folder = hosted.path / ".changegate/policies"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "own.rego").write_text(policy)
    (folder / "own_test.rego").write_text(test)
    config = hosted.path / CONFIG
    plain = config.read_text()
    env = {"PATH": path_with(program().parent)}
    for engine, told in (("embedded", EMBEDDED.removesuffix("(regorus").strip()), ("opa", STARTED)):
        config.write_text(f"{plain}\nengine: {engine}\n")
        report = hosted.folder / f"{engine}.json"
        run = changegate("policy", "test", f"-ojson={report}", cwd=hosted.path, env=env)
        assert run.code == 0, run.out + run.err
        assert json.loads(report.read_text())["engine"].startswith(told)
    assert changegate("policy", "test", "--engine", "embedded", cwd=hosted.path, env=env).code == 0

"""The job that GitLab runs, of the scaffold and of the component: its own script, on a merge request that may open."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import changegate
from changegate import fixtures
from support.command import surroundings
from support.hosted import FRAUD
from support.review_hosts import PlayedGitLab, WritableGitLab, environment, served

if TYPE_CHECKING:
    from support.hosted import Hosted

ROOT = Path(__file__).parents[2]
SCAFFOLD = Path(changegate.__file__).parent / "scaffold" / "gitlab.yaml"
COMPONENT = ROOT / "templates" / "changegate.yml"
WRITTEN = ("changegate.xml", "changegate-quality.json", "changegate-plan/index.json")


def component(**given: str) -> dict[str, Any]:
    """The component's job, as GitLab makes it of the inputs that an include gives."""
    spec, jobs = COMPONENT.read_text("utf-8").split("\n---\n")
    inputs = {name: one["default"] for name, one in yaml.safe_load(spec)["spec"]["inputs"].items()} | given
    made = re.sub(r"\$\[\[ inputs\.([a-z-]+) \]\]", lambda found: str(inputs[found[1]]), jobs)
    job: dict[str, Any] = yaml.safe_load(made)["changegate"]
    return job


def scaffold() -> dict[str, Any]:
    job: dict[str, Any] = yaml.safe_load(SCAFFOLD.read_text("utf-8"))["changegate"]
    return job


def tools(hosted: Hosted) -> str:
    """A PATH on which `python` has nothing to install, and lives on the day of the fixtures."""
    folder = hosted.folder / "tools"
    folder.mkdir(exist_ok=True)
    python = folder / "python"
    python.write_text(
        f'#!/bin/sh\ncase "$*" in *" pip "*) exit 0;; *" publish "*) exec {sys.executable} "$@";; esac\n'
        f'exec {sys.executable} "$@" --now {fixtures.NOW}\n'
    )
    python.chmod(0o755)
    return f"{folder}:{surroundings()['PATH']}"


def told(hosted: Hosted) -> dict[str, str]:
    """What GitLab says of a merge request's pipeline."""
    return {
        "CI": "true", "GITLAB_CI": "true", "CI_PIPELINE_SOURCE": "merge_request_event",
        "CI_COMMIT_SHA": hosted.repo.id("topic"), "CI_PROJECT_PATH": fixtures.REPOSITORY,
        "CI_MERGE_REQUEST_PROJECT_PATH": fixtures.REPOSITORY, "CI_MERGE_REQUEST_IID": str(fixtures.PULL_REQUEST),
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
    }  # fmt: skip


def run(hosted: Hosted, job: dict[str, Any], *approved: str, host: PlayedGitLab | None = None) -> int:
    """Run a job's script where the runner would."""
    host = PlayedGitLab(hosted.repo.id("topic")) if host is None else host
    host.approved(*approved)
    variables = {name: str(value) for name, value in job["variables"].items()}
    variables["CHANGEGATE_TRUSTED_REF"] = variables["CHANGEGATE_TRUSTED_REF"].replace("$CI_DEFAULT_BRANCH", "main")
    with served(host) as server:
        around = {**surroundings(), **told(hosted), **variables, **environment(host, server), "PATH": tools(hosted)}
        done = ended(["bash", "-ec", "\n".join(job["script"])], hosted, around)
    assert b"Traceback" not in done.stdout + done.stderr, done.stderr
    for name in WRITTEN:
        assert (hosted.path / name).is_file(), (name, done.stderr)
    return done.returncode


def ended(command: list[str], hosted: Hosted, around: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, cwd=hosted.path, env=around, capture_output=True, check=False, timeout=120)


@pytest.mark.parametrize("job", [scaffold(), component()], ids=["scaffold", "component"])
def test_it_opens_where_people_have_approved(hosted: Hosted, job: dict[str, Any]) -> None:
    hosted.propose({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})
    assert run(hosted, job, "ana", "bo") == 0
    assert json.loads((hosted.path / WRITTEN[1]).read_text()) == []
    assert run(hosted, job, "ana") == 3
    hosted.repo.commit({FRAUD: hosted.edit(FRAUD, "to: 2.3.1", "to: 2.2.0")}, "worse")
    assert run(hosted, job, "ana", "bo") == 1
    assert json.loads((hosted.path / WRITTEN[1]).read_text())


def test_the_component_publishes_where_it_is_told_to(hosted: Hosted) -> None:
    head = hosted.propose({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})
    host = WritableGitLab(head)
    assert run(hosted, component(publish="true"), "ana", host=host) == 3
    assert [(one["name"], one["status"]) for one in host.statuses] == [("changegate", "pending")]
    assert run(hosted, component(publish="true"), "ana", "bo", host=host) == 0
    assert host.statuses[-1]["status"] == "success"
    (note,) = host.notes
    assert "this may merge" in note["body"].lower() or "open" in note["body"].lower()


def test_both_are_one_job() -> None:
    """Nothing of another job decides, the checkout is not on Python's path, and what is written is kept."""
    of_scaffold, of_component = scaffold(), component(**{"trusted-ref": "refs/heads/$CI_DEFAULT_BRANCH"})
    del of_component["stage"]
    of_component["script"] = [line.replace("  ||", " ||") for line in of_component["script"]]
    of_component["script"][0] = of_component["script"][0].replace('"', "")
    assert of_component == of_scaffold
    assert of_scaffold["dependencies"] == []
    assert all("python -I -m " in line for line in of_scaffold["script"] if "python" in line)
    reports = of_scaffold["artifacts"]["reports"]
    assert {"changegate-plan/"} == set(of_scaffold["artifacts"]["paths"])
    assert (reports["junit"], reports["codequality"]) == WRITTEN[:2]


def test_a_runner_takes_the_component_and_runs_it(hosted: Hosted) -> None:
    """The include, the inputs, the script and the artifacts as gitlab-ci-local has them; it plays no merge request."""
    runner = shutil.which("gitlab-ci-local")
    if runner is None or shutil.which("rsync") is None:
        pytest.skip("there is no `gitlab-ci-local`, or no `rsync`, on the PATH: .ci/run installs both")
    include = "include:\n  - component: $CI_SERVER_FQDN/$CI_PROJECT_PATH/changegate@$CI_COMMIT_SHA\n"
    files = {".gitlab-ci.yml": include, "templates/changegate.yml": COMPONENT.read_text("utf-8")}
    hosted.repo.commit({**files, ".gitignore": ".gitlab-ci-local/\n"}, "the gate")
    hosted.repo.git("remote", "add", "origin", f"https://gitlab.example/{fixtures.REPOSITORY}.git")
    hosted.protect()
    hosted.propose({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})
    for approved, code in ((("ana", "bo"), 0), (("ana",), 3)):
        host = PlayedGitLab(hosted.repo.id("topic"))
        host.approved(*approved)
        with served(host) as server:
            given = told(hosted) | {"CHANGEGATE_TRUSTED_REF": "refs/heads/main"} | environment(host, server)
            variables = [word for name, value in given.items() for word in ("--variable", f"{name}={value}")]
            command = [runner, "--force-shell-executor", "--no-color", *variables]
            around = {**surroundings(), "HOME": str(hosted.folder), "PATH": tools(hosted)}
            done = ended(command, hosted, around)
        said = (done.stdout + done.stderr).decode("utf-8", "replace")
        assert ("PASS" if code == 0 else f"FAIL {code}") in said, said
        kept = list(hosted.path.glob(".gitlab-ci-local/artifacts/changegate/changegate-plan/index.json"))
        assert kept, said

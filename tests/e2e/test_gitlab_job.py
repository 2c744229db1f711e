"""The job that GitLab runs, of the scaffold and of the component: its own script, on a merge request that may open."""

from __future__ import annotations

import json
import re
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
from support.review_hosts import PlayedGitLab, environment, served

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
    made = re.sub(r"\$\[\[ inputs\.([a-z-]+) \]\]", lambda found: inputs[found[1]], jobs)
    job: dict[str, Any] = yaml.safe_load(made)["changegate"]
    return job


def scaffold() -> dict[str, Any]:
    job: dict[str, Any] = yaml.safe_load(SCAFFOLD.read_text("utf-8"))["changegate"]
    return job


def run(hosted: Hosted, job: dict[str, Any], *approved: str) -> int:
    """Run a job's script where the runner would, with nothing to install and on the day of the fixtures."""
    tools = hosted.folder / "tools"
    tools.mkdir(exist_ok=True)
    python = tools / "python"
    python.write_text(
        f'#!/bin/sh\ncase "$*" in *" pip "*) exit 0;; esac\nexec {sys.executable} "$@" --now {fixtures.NOW}\n'
    )
    python.chmod(0o755)
    host = PlayedGitLab(hosted.repo.id("topic"))
    host.approved(*approved)
    variables = {name: str(value) for name, value in job["variables"].items()}
    with served(host) as server:
        done = subprocess.run(
            ["bash", "-ec", "\n".join(job["script"])],
            cwd=hosted.path,
            env={
                **surroundings(), "CI": "true", "GITLAB_CI": "true", "CI_PIPELINE_SOURCE": "merge_request_event",
                "CI_COMMIT_SHA": hosted.repo.id("topic"), "CI_PROJECT_PATH": fixtures.REPOSITORY,
                "CI_MERGE_REQUEST_PROJECT_PATH": fixtures.REPOSITORY,
                "CI_MERGE_REQUEST_IID": str(fixtures.PULL_REQUEST), "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
                **variables, "CHANGEGATE_TRUSTED_REF": "refs/heads/main", **environment(host, server),
                "PATH": f"{tools}:{surroundings()['PATH']}",
            },
            capture_output=True, check=False, timeout=120,
        )  # fmt: skip
    assert b"Traceback" not in done.stdout + done.stderr, done.stderr
    for name in WRITTEN:
        assert (hosted.path / name).is_file(), (name, done.stderr)
    return done.returncode


@pytest.mark.parametrize("job", [scaffold(), component()], ids=["scaffold", "component"])
def test_it_opens_where_people_have_approved(hosted: Hosted, job: dict[str, Any]) -> None:
    hosted.propose({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})
    assert run(hosted, job, "ana", "bo") == 0
    assert json.loads((hosted.path / WRITTEN[1]).read_text()) == []
    assert run(hosted, job, "ana") == 3
    hosted.repo.commit({FRAUD: hosted.edit(FRAUD, "to: 2.3.1", "to: 2.2.0")}, "worse")
    assert run(hosted, job, "ana", "bo") == 1
    assert json.loads((hosted.path / WRITTEN[1]).read_text())


def test_both_are_one_job() -> None:
    """Nothing of another job decides, the checkout is not on Python's path, and what is written is kept."""
    of_scaffold, of_component = scaffold(), component(**{"trusted-ref": "refs/heads/$CI_DEFAULT_BRANCH"})
    del of_component["stage"]
    of_component["script"] = [line.rstrip() for line in of_component["script"]]
    of_component["script"][0] = of_component["script"][0].replace('"', "")
    assert of_component == of_scaffold
    assert of_scaffold["dependencies"] == []
    assert all(line.startswith("python -I ") for line in of_scaffold["script"])
    reports = of_scaffold["artifacts"]["reports"]
    assert {"changegate-plan/"} == set(of_scaffold["artifacts"]["paths"])
    assert (reports["junit"], reports["codequality"]) == WRITTEN[:2]

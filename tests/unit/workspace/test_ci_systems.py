"""A run in a CI is never taken for a laptop: each known system, two at once, and one that contradicts itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from changegate.errors import UsageError
from changegate.names import Stage
from changegate.workspace import ScopeOptions, resolve
from changegate.workspace.ci_systems import MARKERS, SYSTEMS, is_ci

if TYPE_CHECKING:
    from collections.abc import Callable

    from changegate.workspace import Scope
    from support.repos import Repo

    Environ = Callable[..., dict[str, str]]

WORDS = [(name, word) for name, words in SYSTEMS.items() for word in words.split()]
UNREAD = [(name, word) for name, word in WORDS if name not in MARKERS]
LOCAL = "--stage local"


def at(repo: Repo, given: dict[str, str], **options: object) -> Scope:
    """The scope of a run whose base is known, so that nothing but the stage is in question."""
    return resolve(ScopeOptions(start=repo.path, base="main", **options), {**repo.environ, **given})  # type: ignore[arg-type]


def setting(word: str) -> dict[str, str]:
    return dict.fromkeys(word.split("+"), "x1")


@pytest.mark.parametrize(("system", "word"), UNREAD)
def test_a_system_whose_events_are_not_read_must_say_its_stage(repo: Repo, system: str, word: str) -> None:
    for ci in ({}, {"CI": "true"}, {"CI": "false"}, {"CI": ""}, {"CI": "woodpecker"}):
        with pytest.raises(UsageError) as caught:
            at(repo, {**setting(word), **ci})
        assert f"{system} (by {word.replace('+', ' and ')})" in caught.value.message
        assert "--stage pull-request --trusted-ref refs/heads/main --head HEAD" in caught.value.hint
        assert LOCAL in caught.value.hint


@pytest.mark.parametrize("word", ["TF_BUILD", "JENKINS_URL"])
def test_the_remedy_mends(repo: Repo, word: str) -> None:
    repo.branch("topic")
    head = repo.commit({"models/fraud.yaml": "name: topic\n"})
    stated = {"stage": Stage.PULL_REQUEST, "trusted_ref": "refs/heads/main", "head": "HEAD"}
    scope = at(repo, setting(word), **stated)
    assert (scope.stage, scope.base_id, scope.reviewed_head) == (Stage.PULL_REQUEST, repo.id("main"), head)
    assert at(repo, setting(word), stage=Stage.LOCAL).stage is Stage.LOCAL
    with pytest.raises(UsageError) as caught:
        at(repo, setting(word), trusted_ref="refs/heads/trunk")
    assert "--trusted-ref refs/heads/trunk" in caught.value.hint


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"CI": "false"},
        {"CI": ""},
        {"CI": "0"},
        {"GITHUB_ACTIONS": "false", "GITLAB_CI": "false", "TF_BUILD": "False"},
        {"GITHUB_TOKEN": "x", "GITHUB_REPOSITORY": "acme/models", "GITHUB_SERVER_URL": "x", "CODESPACES": "true"},
        {"GITLAB_TOKEN": "x", "GITLAB_HOST": "x", "CIRCLE_TOKEN": "x", "BUILDKITE_API_TOKEN": "x", "DRONE_TOKEN": "x"},
        {"JENKINS_HOME": "/var/lib/jenkins"},
        {"BUILD_ID": "1", "BUILD_NUMBER": "2", "JOB_NAME": "train", "RUN_ID": "3", "TASK_ID": "4"},
        {"VERCEL": "1", "TASKCLUSTER_ROOT_URL": "x", "AWS_APP_ID": "x", "RENDER": "1", "GERRIT_PROJECT": "x"},
    ],
)
def test_a_laptop_stays_one(repo: Repo, given: dict[str, str]) -> None:
    assert at(repo, given).stage is Stage.LOCAL
    assert not is_ci(given)


# Two at once, and contradictions


@pytest.mark.parametrize(
    "other", [{"GITLAB_CI": "true"}, {"CI_PIPELINE_SOURCE": "push"}, {"TF_BUILD": "True"}, {"JENKINS_URL": "x"}]
)
def test_two_systems_at_once_decide_nothing(repo: Repo, pull_request: Environ, other: dict[str, str]) -> None:
    with pytest.raises(UsageError, match=r"several CI systems: GitHub Actions \(by GITHUB_ACTIONS\), ") as caught:
        at(repo, {**pull_request(repo.id("main")), **other})
    assert "unset those of all but the one that runs this job (GitHub Actions has GITHUB_ACTIONS, " in caught.value.hint
    assert all(name in caught.value.hint for name in other)


@pytest.mark.parametrize("other", ["GITEA_ACTIONS", "FORGEJO_ACTIONS", "CODEBUILD_BUILD_ID"])
def test_a_system_of_a_hosts_form_and_one_that_lends_its_machines_stand_beside_it(
    repo: Repo, pull_request: Environ, other: str
) -> None:
    repo.branch("topic")
    head = repo.commit({"models/fraud.yaml": "name: topic\n"})
    assert at(repo, {**pull_request(head), other: "true"}).stage is Stage.PULL_REQUEST


def test_gitlab_is_not_what_gitea_stands_beside(repo: Repo) -> None:
    with pytest.raises(UsageError, match="several CI systems"):
        at(repo, {"GITLAB_CI": "true", "GITEA_ACTIONS": "true"})


@pytest.mark.parametrize(
    ("host", "word"), [(host, word) for host, word in WORDS if host in MARKERS and word != MARKERS[host]]
)
def test_a_hosts_variables_without_its_mark(repo: Repo, host: str, word: str) -> None:
    for marker in (None, "", "false", "0", "no", "False"):
        given = {word: "x1"} | ({} if marker is None else {MARKERS[host]: marker})
        with pytest.raises(UsageError, match=f"{word} is a variable of {host}, and {MARKERS[host]} is") as caught:
            at(repo, given)
        assert f"elsewhere unset {word}" in caught.value.hint
        assert at(repo, given, stage=Stage.LOCAL).stage is Stage.LOCAL


@pytest.mark.parametrize("said", ["false", "", "0", "No"])
@pytest.mark.parametrize("host", MARKERS)
def test_a_ci_that_says_no_beside_a_host(repo: Repo, host: str, said: str) -> None:
    with pytest.raises(UsageError, match=f"{MARKERS[host]} says that this is {host}, and CI is '{said}'"):
        at(repo, {MARKERS[host]: "true", "CI": said})


@pytest.mark.parametrize("mark", ["true", "True", "1", "yes"])
def test_a_host_says_yes_in_any_words(repo: Repo, pull_request: Environ, mark: str) -> None:
    repo.branch("topic")
    head = repo.commit({"models/fraud.yaml": "name: topic\n"})
    environ = {**pull_request(head), "GITHUB_ACTIONS": mark}
    assert at(repo, environ).stage is Stage.PULL_REQUEST
    del environ["CI"]
    assert at(repo, environ).stage is Stage.PULL_REQUEST

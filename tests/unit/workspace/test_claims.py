"""The environment is a claim: what a host says has to agree with itself and with what is checked out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from changegate.errors import GitError, TrustError, UsageError
from changegate.names import Stage
from changegate.workspace import ScopeOptions, resolve

if TYPE_CHECKING:
    from collections.abc import Callable

    from changegate.workspace import Scope
    from support.repos import Repo

    Environ = Callable[..., dict[str, str]]

ZEROS = "0" * 40
TRUSTED = {"CI": "true", "CHANGEGATE_TRUSTED_REF": "refs/heads/main"}


@pytest.fixture
def topic(repo: Repo) -> str:
    """A branch with two commits, checked out; main is where it was."""
    repo.branch("topic")
    repo.commit({"models/fraud.yaml": "name: topic\n"}, "topic")
    return repo.commit({"models/other.yaml": "name: other\n"}, "topic again")


@pytest.fixture
def good(repo: Repo, topic: str) -> str:
    """Another branch, which nobody would stop. It is not what is checked out."""
    repo.branch("good", "main")
    head = repo.commit({"README.md": "better words\n"}, "good")
    repo.switch("topic")
    assert repo.id("HEAD") == topic
    return head


def at(repo: Repo, environ: dict[str, str], **options: Any) -> Scope:
    return resolve(ScopeOptions(start=repo.path, **options), {**repo.environ, **environ})


def advance(repo: Repo) -> str:
    """Let the trusted branch move on; nothing is checked out for it."""
    here = repo.git("symbolic-ref", "--short", "HEAD")
    repo.switch("main")
    repo.commit({"other": "main\n"}, "main moves on")
    repo.switch(here)
    return repo.tracking("main", "main")


def merged(repo: Repo, base: str, head: str) -> str:
    """Check out the merge that a host makes."""
    repo.detach(base)
    return repo.merge(head)


def request(head: str, **more: str) -> dict[str, str]:
    """A merge request's pipeline on GitLab."""
    return {
        **TRUSTED,
        "GITLAB_CI": "true",
        "CI_PROJECT_PATH": "acme/models",
        "CI_PIPELINE_SOURCE": "merge_request_event",
        "CI_COMMIT_SHA": head,
        "CI_COMMIT_BEFORE_SHA": ZEROS,
        "CI_COMMIT_REF_NAME": "topic",
        "CI_MERGE_REQUEST_IID": "12",
        "CI_MERGE_REQUEST_PROJECT_PATH": "acme/models",
        "CI_MERGE_REQUEST_REF_PATH": "refs/merge-requests/12/head",
        "CI_MERGE_REQUEST_EVENT_TYPE": "detached",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "topic",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": "",
        **more,
    }


def results(merge: str, source: str, **more: str) -> dict[str, str]:
    """A pipeline for merged results."""
    usual = {
        "CI_MERGE_REQUEST_REF_PATH": "refs/merge-requests/12/merge",
        "CI_MERGE_REQUEST_EVENT_TYPE": "merged_result",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": source,
    }
    return request(merge, **usual | more)


def branch(head: str, before: str = ZEROS, name: str = "main", **more: str) -> dict[str, str]:
    """A branch's pipeline on GitLab."""
    return {
        **TRUSTED,
        "GITLAB_CI": "true",
        "CI_PROJECT_PATH": "acme/models",
        "CI_PIPELINE_SOURCE": "push",
        "CI_COMMIT_SHA": head,
        "CI_COMMIT_BEFORE_SHA": before,
        "CI_COMMIT_BRANCH": name,
        "CI_COMMIT_REF_NAME": name,
        **more,
    }


# What is usual


def test_gitlab_says_what_is_checked_out(repo: Repo, topic: str) -> None:
    assert at(repo, request(topic)).reviewed_head == topic
    tip = advance(repo)
    merge = merged(repo, tip, topic)
    assert at(repo, results(merge, topic)).head_id == merge
    train = results(
        merge,
        topic,
        CI_MERGE_REQUEST_EVENT_TYPE="merge_train",
        CI_MERGE_REQUEST_REF_PATH="refs/merge-requests/12/train",
    )
    assert (at(repo, train).stage, at(repo, train).reviewed_head) == (Stage.MERGE, topic)


def test_a_merge_of_before_the_target_moved_on_is_usual(repo: Repo, topic: str, pull_request: Environ) -> None:
    merge = merged(repo, repo.id("main"), topic)
    repo.switch("topic")
    tip = advance(repo)
    repo.detach(merge)
    for environ in (pull_request(topic, merge=merge), results(merge, topic)):
        assert (at(repo, environ).base_id, at(repo, environ).reviewed_head) == (tip, topic)


def test_a_childs_pipeline_is_of_its_parents_merge_request(repo: Repo, topic: str) -> None:
    scope = at(repo, request(topic, CI_PIPELINE_SOURCE="parent_pipeline"))
    assert (scope.stage, scope.pull_request, scope.reviewed_head) == (Stage.PULL_REQUEST, 12, topic)


def test_what_a_local_runner_of_gitlab_says_of_a_merge_request(repo: Repo, topic: str) -> None:
    """It names the source branch as that of the pipeline, and says itself that this is no GitLab."""
    assert at(repo, request(topic, CI_COMMIT_BRANCH="topic")).reviewed_head == topic
    local = {"GITLAB_CI": "false", "CI_PIPELINE_SOURCE": "push", "CI_COMMIT_SHA": topic, "CI_COMMIT_BRANCH": "topic"}
    with pytest.raises(UsageError, match="GITLAB_CI is 'false'") as caught:
        at(repo, local, base="main")
    assert "--stage local" in caught.value.hint
    assert at(repo, local, base="main", stage=Stage.LOCAL).stage is Stage.LOCAL
    stated = {"stage": Stage.PULL_REQUEST, "trusted_ref": "refs/heads/main", "head": "HEAD"}
    assert at(repo, local, **stated).reviewed_head == topic


def test_gitlab_after_the_merge(repo: Repo, topic: str) -> None:
    before = repo.id("main")
    after = repo.merge("topic", into="main")
    repo.tracking("main", after)
    repo.detach(after)
    assert at(repo, branch(after, before, CI_OPEN_MERGE_REQUESTS="acme/models!12")).base_id == before
    for source in ("schedule", "web", "api", "trigger", "pipeline"):
        assert at(repo, branch(after, CI_PIPELINE_SOURCE=source), all=True).base_id == after
    with pytest.raises(TrustError, match="meant for refs/tags/v1"):
        at(repo, {**branch(after, before), "CI_COMMIT_BRANCH": "", "CI_COMMIT_TAG": "v1", "CI_COMMIT_REF_NAME": "v1"})
    assert topic


def test_an_external_pull_request_on_gitlab(repo: Repo, topic: str) -> None:
    scope = at(
        repo,
        branch(
            topic,
            name="topic",
            CI_PIPELINE_SOURCE="external_pull_request_event",
            CI_EXTERNAL_PULL_REQUEST_IID="5",
            CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME="topic",
            CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_SHA=topic,
            CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME="main",
        ),
    )
    assert (scope.stage, scope.pull_request, scope.reviewed_head) == (Stage.PULL_REQUEST, 5, topic)


def test_github_checks_out_the_merge_the_head_or_the_target(repo: Repo, topic: str, pull_request: Environ) -> None:
    tip = advance(repo)
    merge = merged(repo, tip, topic)
    said = {**pull_request(topic, merge=merge), "GITHUB_REF": "refs/pull/7/merge", "GITHUB_HEAD_REF": "topic"}
    for head in (merge, topic, tip, f"{tip}~1"):
        repo.detach(head)
        assert at(repo, said).head_id == merge
        assert at(repo, {**said, "GITHUB_EVENT_NAME": "pull_request_review"}).head_id == merge


def test_gitea_runs_on_the_head_of_the_pull_request(repo: Repo, topic: str, pull_request: Environ) -> None:
    said = {"GITHUB_SHA": topic, "GITHUB_REF": "refs/pull/7/head", "GITEA_ACTIONS": "true"}
    assert at(repo, {**pull_request(topic), **said}).reviewed_head == topic


def test_under_pull_request_target_the_commit_is_the_targets(repo: Repo, topic: str, pull_request: Environ) -> None:
    """Where the target is not the default branch it is none of the trusted branch, either."""
    elsewhere = repo.commit_tree("main", message="of the default branch")
    said = {**pull_request(topic, name="pull_request_target"), "GITHUB_REF": "refs/heads/main"}
    for commit in (repo.id("main"), elsewhere):
        for head in (topic, commit):
            repo.detach(head)
            assert at(repo, {**said, "GITHUB_SHA": commit}).reviewed_head == topic


def test_a_merge_group_of_github(repo: Repo, topic: str, github: Environ) -> None:
    tip = advance(repo)
    head = merged(repo, tip, topic)
    ref = f"refs/heads/gh-readonly-queue/main/pr-9-{tip}"
    group = {"base_ref": "refs/heads/main", "base_sha": tip, "head_ref": ref, "head_sha": head}
    event = {"merge_group": group, "repository": {"full_name": "acme/models"}}
    said = github("merge_group", event, GITHUB_SHA=head, GITHUB_REF=ref, GITHUB_BASE_REF="", GITHUB_HEAD_REF="")
    assert at(repo, said).reviewed_head == topic


def followed(head: str, **more: Any) -> dict[str, Any]:
    run = {"event": "pull_request_review", "head_sha": head, "head_branch": "topic", "pull_requests": []}
    source = {"head_repository": {"full_name": "fork/models"}}
    return {"workflow_run": {**run, **source, **more}, "repository": {"full_name": "acme/models"}}


def test_a_run_that_follows_a_review_is_of_its_pull_request(repo: Repo, topic: str, github: Environ) -> None:
    elsewhere = repo.commit_tree("main", message="of the default branch")
    of_two = [{"number": n, "head": {"sha": topic}, "base": {"ref": b}} for n, b in ((7, "main"), (8, "next"))]
    for commit in (repo.id("main"), elsewhere):
        repo.detach(commit)
        for listed, number in ((of_two[:1], 7), (of_two, None), ([], None), ("no list", None)):
            said = github("workflow_run", followed(topic, pull_requests=listed), GITHUB_SHA=commit)
            scope = at(repo, said)
            assert (scope.reviewed_head, scope.pull_request) == (topic, number)
            assert scope.author.login == ""
            assert scope.claims.source == ("fork/models", "topic")


def test_a_run_that_follows_says_what_does_not_hold(repo: Repo, topic: str, github: Environ) -> None:
    repo.detach("main")
    with pytest.raises(GitError, match="is not in this clone") as caught:
        at(repo, github("workflow_run", followed("a" * 40)))
    assert caught.value.hint == f"git fetch origin {'a' * 40}"
    with pytest.raises(TrustError, match="not an object id"):
        at(repo, github("workflow_run", followed("main")))
    meant = [{"number": 8, "head": {"sha": topic}, "base": {"ref": "next"}}]
    with pytest.raises(TrustError, match="only refs/heads/main is trusted"):
        at(repo, github("workflow_run", followed(topic, pull_requests=meant)))
    with pytest.raises(TrustError, match="the repository"):
        at(repo, github("workflow_run", {**followed(topic), "repository": {"full_name": "evil/models"}}))
    with pytest.raises(UsageError, match="base and head are the same"):
        at(repo, github("workflow_run", followed(topic, event="push"), GITHUB_SHA=repo.id("main")))


@pytest.mark.parametrize(
    "name", ["workflow_dispatch", "schedule", "workflow_run", "repository_dispatch", "issue_comment"]
)
def test_events_of_no_change(repo: Repo, topic: str, github: Environ, name: str) -> None:
    tip = advance(repo)
    repo.detach(tip)
    said = github(name, {"workflow_run": {"head_sha": topic}}, GITHUB_SHA=tip, GITHUB_REF="refs/heads/main")
    assert at(repo, said, all=True).base_id == tip
    repo.detach(topic)
    said = github(name, {}, GITHUB_SHA=topic, GITHUB_REF="refs/heads/topic")
    assert at(repo, said).reviewed_head == topic


def test_a_mirror_without_a_work_tree_has_nothing_checked_out(
    repo: Repo, topic: str, good: str, pull_request: Environ
) -> None:
    with pytest.raises(TrustError, match="is checked out"):
        at(repo, pull_request(good))
    bare = repo.clone(repo.path.parent / "bare.git", "--mirror")
    bare.git("symbolic-ref", "HEAD", "refs/heads/topic")
    assert at(bare, pull_request(good), git_dir=bare.path).reviewed_head == good
    assert topic


# Pairs that contradict each other


def refused(repo: Repo, environ: dict[str, str], *said: str, **options: Any) -> None:
    with pytest.raises(TrustError) as caught:
        at(repo, environ, **options)
    assert caught.value.message.startswith("the environment contradicts itself: ")
    assert all(one in caught.value.message for one in said), caught.value.message
    assert "earlier job" in caught.value.hint or "earlier step" in caught.value.hint


@pytest.mark.parametrize("source", ["push", "schedule", "web", "api", "trigger", "pipeline", "chat", "webide"])
@pytest.mark.parametrize("left", ["CI_MERGE_REQUEST_IID", "CI_MERGE_REQUEST_REF_PATH", "CI_EXTERNAL_PULL_REQUEST_IID"])
def test_a_posed_pipeline_leaves_what_a_merge_request_has(repo: Repo, topic: str, source: str, left: str) -> None:
    after = repo.merge("topic", into="main")
    repo.tracking("main", after)
    posed = branch(after, repo.id("main~1"), CI_PIPELINE_SOURCE=source) | {left: "12"}
    refused(repo, posed, f"CI_PIPELINE_SOURCE is '{source}'", f"{left} is '12'", all=True)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"CI_PIPELINE_SOURCE": ""}, ("CI_PIPELINE_SOURCE is not set",)),
        (
            {"CI_MERGE_REQUEST_IID": ""},
            ("CI_PIPELINE_SOURCE is 'merge_request_event'", "CI_MERGE_REQUEST_IID is not set"),
        ),
        ({"CI_PIPELINE_SOURCE": "external_pull_request_event"}, ("CI_EXTERNAL_PULL_REQUEST_IID is not set",)),
        (
            {"CI_EXTERNAL_PULL_REQUEST_IID": "5"},
            ("CI_MERGE_REQUEST_IID is '12'", "CI_EXTERNAL_PULL_REQUEST_IID is '5'"),
        ),
        ({"CI_COMMIT_TAG": "v1"}, ("CI_COMMIT_TAG is 'v1'",)),
        (
            {"CI_COMMIT_BRANCH": "main"},
            ("CI_COMMIT_BRANCH is 'main'", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME is 'topic'"),
        ),
        (
            {"CI_COMMIT_BRANCH": "main", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": ""},
            ("CI_COMMIT_BRANCH is 'main'", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME is 'main'"),
        ),
        (
            {"CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "a" * 40},
            ("CI_MERGE_REQUEST_EVENT_TYPE is 'detached'", "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"),
        ),
        (
            {"CI_MERGE_REQUEST_EVENT_TYPE": "merge_train"},
            ("'merge_train'", "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA is not set"),
        ),
        ({"CI_MERGE_REQUEST_EVENT_TYPE": "merged_result"}, ("'merged_result'", "SOURCE_BRANCH_SHA is not set")),
        (
            {"CI_MERGE_REQUEST_REF_PATH": "refs/merge-requests/13/head"},
            ("merge-requests/13/head", "CI_MERGE_REQUEST_IID is '12'"),
        ),
        ({"CI_MERGE_REQUEST_REF_PATH": "refs/merge-requests/12/train"}, ("merge-requests/12/train", "is 'detached'")),
        ({"CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_SHA": "a" * 40}, ("SOURCE_BRANCH_SHA is", "CI_COMMIT_SHA is")),
    ],
)
def test_variables_of_gitlab_that_contradict_each_other(
    repo: Repo, topic: str, more: dict[str, str], said: tuple[str, ...]
) -> None:
    refused(repo, request(topic, **more), *said)


def test_a_pipeline_of_a_branch_and_of_a_tag(repo: Repo, topic: str) -> None:
    after = repo.merge("topic", into="main")
    repo.tracking("main", after)
    refused(repo, branch(after, topic, CI_COMMIT_TAG="main"), "CI_COMMIT_BRANCH is 'main'", "CI_COMMIT_TAG is 'main'")
    refused(repo, branch(after, topic, CI_COMMIT_REF_NAME="topic"), "CI_COMMIT_REF_NAME is 'topic'")


def test_a_number_that_is_none_binds_approvals_to_nothing(repo: Repo, topic: str, pull_request: Environ) -> None:
    with pytest.raises(TrustError, match="CI_MERGE_REQUEST_IID is 'x', which is not a number"):
        at(repo, request(topic, CI_MERGE_REQUEST_IID="x", CI_MERGE_REQUEST_REF_PATH=""))
    assert pull_request(topic)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"GITHUB_EVENT_NAME": ""}, ("GITHUB_EVENT_NAME is not set",)),
        ({"GITHUB_EVENT_NAME": "push"}, ("GITHUB_EVENT_NAME is 'push'", "the event has a `pull_request`")),
        ({"GITHUB_EVENT_NAME": "schedule"}, ("GITHUB_EVENT_NAME is 'schedule'", "the event has a `pull_request`")),
        (
            {"GITHUB_EVENT_NAME": "merge_group"},
            ("GITHUB_EVENT_NAME is 'merge_group'", "the event has a `pull_request`"),
        ),
        ({"GITHUB_HEAD_REF": "good"}, ("GITHUB_HEAD_REF is 'good'", "`pull_request.head.ref` of the event is 'topic'")),
        ({"GITHUB_REF": "refs/pull/8/merge"}, ("refs/pull/8/merge", "`pull_request.number` of the event is 7")),
        ({"GITHUB_REF": "refs/heads/main"}, ("GITHUB_EVENT_NAME is 'pull_request'", "which is a branch")),
    ],
)
def test_an_event_of_github_that_is_not_of_its_environment(
    repo: Repo, topic: str, pull_request: Environ, more: dict[str, str], said: tuple[str, ...]
) -> None:
    refused(repo, {**pull_request(topic), "GITHUB_SHA": topic, **more}, *said)


def test_a_push_of_github_with_what_a_pull_request_has(repo: Repo, topic: str, github: Environ) -> None:
    before = repo.id("main")
    after = repo.merge("topic", into="main")
    repo.tracking("main", after)
    event = {"ref": "refs/heads/main", "before": before, "after": after}
    assert at(repo, github("push", event, GITHUB_SHA=after, GITHUB_REF="refs/heads/main")).base_id == before
    refused(
        repo, github("push", event, GITHUB_BASE_REF="main"), "GITHUB_EVENT_NAME is 'push'", "GITHUB_BASE_REF is 'main'"
    )
    refused(repo, github("push", event, GITHUB_HEAD_REF="topic"), "GITHUB_HEAD_REF is 'topic'")
    refused(repo, github("push", event, GITHUB_SHA=topic), f"GITHUB_SHA is '{topic}'", "`after` of the event")
    refused(repo, github("push", {**event, "merge_group": {}}), "the event has a `merge_group`")


def test_a_queue_of_github_with_another_commit(repo: Repo, topic: str, github: Environ) -> None:
    tip = repo.id("main")
    head = merged(repo, tip, topic)
    ref = f"refs/heads/gh-readonly-queue/main/pr-9-{tip}"
    group = {"base_ref": "refs/heads/main", "base_sha": tip, "head_ref": ref, "head_sha": head}
    refused(repo, github("merge_group", {"merge_group": group}, GITHUB_SHA=topic), "`merge_group.head_sha`")
    refused(repo, github("merge_group", {"merge_group": group}, GITHUB_REF="refs/heads/main"), "`merge_group.head_ref`")


# What is checked out


def contradicted(repo: Repo, environ: dict[str, str], *said: str, **options: Any) -> None:
    with pytest.raises(TrustError) as caught:
        at(repo, environ, **options)
    assert all(one in caught.value.message for one in said), caught.value.message
    assert "check out what the event names" in caught.value.hint


def test_another_commit_than_the_one_that_is_checked_out(
    repo: Repo, topic: str, good: str, github: Environ, pull_request: Environ
) -> None:
    contradicted(repo, request(good), good, f"{topic} is checked out (HEAD)")
    contradicted(repo, pull_request(good), good, f"{topic} is checked out (HEAD)")
    for source in ("schedule", "web", "push"):
        tip = repo.id("main")
        posed = branch(tip, CI_PIPELINE_SOURCE=source)
        contradicted(repo, posed, f"{topic} is checked out (HEAD), which is another commit", all=True)
    contradicted(repo, github("workflow_dispatch", {}, GITHUB_SHA=good), f"{topic} is checked out")


def test_gitlab_checks_out_what_its_variable_says(repo: Repo, topic: str) -> None:
    """On GitHub a workflow may take the trusted branch instead."""
    tip = advance(repo)
    for head in (tip, f"{tip}~1"):
        repo.detach(head)
        contradicted(repo, request(topic), f"{repo.id(head)} is checked out (HEAD)")
        contradicted(repo, branch(topic, CI_PIPELINE_SOURCE="web"), f"{repo.id(head)} is checked out (HEAD)")
    contradicted(repo, results(tip, topic), f"{tip} is the commit of the run (CI_COMMIT_SHA)")


def test_a_source_that_the_merged_result_is_not_of(repo: Repo, topic: str, good: str) -> None:
    """An earlier job says that another commit was merged, one that everybody has approved."""
    for base in (repo.id("main"), advance(repo)):
        merge = merged(repo, base, topic)
        contradicted(repo, results(merge, good), f"{merge} is the commit of the run (CI_COMMIT_SHA)")
        repo.switch("topic")


def test_an_event_of_another_head_than_the_hosts_merge(
    repo: Repo, topic: str, good: str, pull_request: Environ
) -> None:
    merge = merged(repo, repo.id("main"), topic)
    contradicted(repo, pull_request(good, merge=merge), f"{merge} is the commit of the run (GITHUB_SHA)")
    contradicted(repo, {**pull_request(good), "GITHUB_SHA": good}, f"{merge} is checked out")


def test_a_merge_of_the_authors_own_is_not_the_hosts(repo: Repo, good: str, topic: str) -> None:
    """The checked-out source is a merge of something hidden and of what everybody has approved."""
    repo.detach(topic)
    mine = repo.merge("good")
    contradicted(repo, results(mine, good), f"{mine} is the commit of the run")
    evil = repo.commit_tree(mine, repo.id("main"), good)
    repo.detach(evil)
    advance_main_elsewhere(repo)
    with pytest.raises(TrustError, match="holds other files than merging its parents gives"):
        at(repo, results(evil, good))


def advance_main_elsewhere(repo: Repo) -> None:
    repo.tracking("main", repo.commit_tree("main", repo.id("main"), message="main moves on"))


def test_a_train_that_is_none(repo: Repo, topic: str, good: str) -> None:
    path = "refs/merge-requests/12/train"
    posed = results(good, good, CI_MERGE_REQUEST_EVENT_TYPE="merge_train", CI_MERGE_REQUEST_REF_PATH=path)
    contradicted(repo, posed, "the queue's head is", f"{topic} is checked out")


def test_a_push_whose_before_is_no_commit_of_its_history_or_none(repo: Repo, topic: str, good: str) -> None:
    after = repo.merge("topic", into="main")
    repo.tracking("main", after)
    with pytest.raises(TrustError, match="the commit before the push is not in its history"):
        at(repo, branch(after, good))
    with pytest.raises(GitError, match="there is no commit before it to compare with"):
        at(repo, branch(after, ZEROS))


def test_a_stage_that_is_stated_lets_no_second_host_in(
    repo: Repo, topic: str, good: str, pull_request: Environ
) -> None:
    """A merge request's pipeline that states its stage is not steered by the event of another host."""
    with pytest.raises(UsageError, match="several CI systems"):
        at(repo, {**request(topic), **pull_request(good)}, stage=Stage.PULL_REQUEST)
    for given in (request(topic), pull_request(topic)):
        with pytest.raises(UsageError, match="CI is 'false'"):
            at(repo, {**given, "CI": "false"}, stage=Stage.PULL_REQUEST)


# Who names the trusted ref


PROTECTED = "CI_MERGE_REQUEST_TARGET_BRANCH_PROTECTED"


@pytest.mark.parametrize(
    ("posed", "said"),
    [
        ({"CI_DEFAULT_BRANCH": "trunk"}, "CI_DEFAULT_BRANCH is 'trunk' denies it"),
        ({"CI_DEFAULT_BRANCH": "main", PROTECTED: "false"}, f"{PROTECTED} is 'false': anybody may push there"),
        ({PROTECTED: "false"}, f"{PROTECTED} is 'false': anybody may push there"),
    ],
)
def test_a_variable_that_names_the_trusted_ref_is_a_claim_on_gitlab(
    repo: Repo, topic: str, posed: dict[str, str], said: str
) -> None:
    """An artifact of an earlier job may have set it; the command line is the workflow's own."""
    environ = request(topic, **posed)
    with pytest.raises(TrustError, match=said) as caught:
        at(repo, environ)
    assert "changegate check --trusted-ref refs/heads/main" in (caught.value.hint or "")
    assert at(repo, environ, trusted_ref="refs/heads/main").reviewed_head == topic


@pytest.mark.parametrize("usual", [{"CI_DEFAULT_BRANCH": "main"}, {PROTECTED: "true"}, {"CI_DEFAULT_BRANCH": ""}])
def test_a_variable_that_nothing_denies_names_the_trusted_ref(repo: Repo, topic: str, usual: dict[str, str]) -> None:
    assert at(repo, request(topic, **usual)).reviewed_head == topic

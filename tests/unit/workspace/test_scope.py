"""Base and head in CI: what the event claims counts only where git confirms it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from changegate.errors import GitError, TrustError, UsageError
from changegate.names import Stage
from changegate.workspace import ScopeOptions, changed_files, resolve
from changegate.workspace.committers import committers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from changegate.workspace import Scope
    from support.repos import Repo

    Environ = Callable[..., dict[str, str]]

ZEROS = "0" * 40


@pytest.fixture
def topic(repo: Repo) -> str:
    """A branch with one change; main is where it was."""
    repo.branch("topic")
    head = repo.commit({"models/fraud.yaml": "name: topic\n"}, "topic")
    repo.switch("main")
    return head


def advance(repo: Repo, files: dict[str, str] | None = None) -> str:
    """Let the trusted branch move on."""
    repo.switch("main")
    tip = repo.commit(files or {"other": "main\n"}, "main moves on")
    return repo.tracking("main", tip)


def at(repo: Repo, environ: dict[str, str], **options: object) -> Scope:
    return resolve(ScopeOptions(start=repo.path, **options), environ)  # type: ignore[arg-type]


def paths(scope: Scope) -> list[str]:
    return [change.path for change in changed_files(scope)]


# Pull requests


def test_a_pull_request_on_the_tip_is_its_own_head(repo: Repo, topic: str, pull_request: Environ) -> None:
    scope = at(repo, pull_request(topic))
    assert (scope.stage, scope.base_id, scope.head_id, scope.reviewed_head) == (
        Stage.PULL_REQUEST, repo.id("main"), topic, topic,
    )  # fmt: skip
    assert (scope.repository, scope.pull_request, scope.author.login, scope.author.kind) == (
        "acme/models",
        7,
        "ana",
        "human",
    )
    assert scope.trusted_ref == "refs/heads/main"
    assert paths(scope) == ["models/fraud.yaml"]


def test_the_hosts_merge_is_the_head_if_it_is_what_merging_gives(repo: Repo, topic: str, pull_request: Environ) -> None:
    base = advance(repo)
    repo.detach(base)
    merge = repo.merge("topic")
    scope = at(repo, pull_request(topic, merge=merge))
    assert (scope.base_id, scope.head_id, scope.reviewed_head) == (base, merge, topic)
    assert paths(scope) == ["models/fraud.yaml"]


@pytest.mark.parametrize("moved", [False, True])
def test_an_evil_merge_is_refused(repo: Repo, topic: str, pull_request: Environ, moved: bool) -> None:
    base = advance(repo) if moved else repo.id("main")
    repo.detach(base)
    repo.merge("topic")
    evil_tree = repo.commit({"models/fraud.yaml": "name: nobody reviewed this\n"})
    evil = repo.commit_tree(evil_tree, base, topic)
    with pytest.raises(TrustError, match="holds other files than merging its parents gives"):
        at(repo, pull_request(topic, merge=evil))


def test_a_hosts_merge_of_a_conflict_is_refused(repo: Repo, topic: str, pull_request: Environ) -> None:
    base = advance(repo, {"models/fraud.yaml": "name: main\n"})
    made_up = repo.commit_tree(topic, base, topic)
    with pytest.raises(GitError, match=r"conflicts with the target branch in models/fraud\.yaml") as caught:
        at(repo, pull_request(topic, merge=made_up))
    assert "rebase" in caught.value.hint


def test_without_the_hosts_merge_git_computes_it_and_writes_nothing(
    repo: Repo, topic: str, pull_request: Environ
) -> None:
    base = advance(repo)
    before = sorted((repo.path / ".git").rglob("*"))
    scope = at(repo, pull_request(topic))
    assert scope.base_id == base
    assert scope.head.read("models/fraud.yaml", 100).data == b"name: topic\n"
    assert scope.head.read("other", 100).data == b"main\n"
    assert paths(scope) == ["models/fraud.yaml"]
    assert scope.notes == (
        "the head is the merge that git computes: the host's merge commit is not of this base and head",
    )
    assert sorted((repo.path / ".git").rglob("*")) == before


def test_a_stale_merge_and_a_stale_base_in_the_event_choose_nothing(
    repo: Repo, topic: str, pull_request: Environ
) -> None:
    stale = repo.id("main")
    repo.detach(stale)
    merge = repo.merge("topic")
    base = advance(repo, {".changegate/config.yaml": "strict\n"})
    scope = at(repo, pull_request(topic, merge=merge, base=stale))
    assert scope.base_id == base
    assert scope.base is not None
    assert scope.base.read(".changegate/config.yaml", 100).data == b"strict\n"
    assert scope.head_id != merge
    assert paths(scope) == ["models/fraud.yaml"]


def test_a_merge_driver_or_attribute_of_the_change_does_not_steer_the_merge(
    repo: Repo, tmp_path: Path, pull_request: Environ
) -> None:
    repo.branch("topic")
    topic = repo.commit({"models/fraud.yaml": "name: topic\n", ".gitattributes": "* merge=union\n*.yaml merge=evil\n"})
    repo.git("config", "merge.evil.driver", f"touch {tmp_path}/trapped")
    advance(repo, {"models/fraud.yaml": "name: main\n"})
    repo.switch("topic")
    with pytest.raises(GitError, match="conflicts"):
        at(repo, pull_request(topic))
    assert not (tmp_path / "trapped").exists()


def test_pull_request_target_runs_in_the_base_and_checks_the_head(
    repo: Repo, topic: str, pull_request: Environ
) -> None:
    environ = pull_request(topic, name="pull_request_target")
    scope = at(repo, {**environ, "GITHUB_SHA": repo.id("main")})
    assert (scope.stage, scope.reviewed_head) == (Stage.PULL_REQUEST, topic)


def test_a_review_is_judged_like_the_pull_request_that_it_is_of(repo: Repo, topic: str, pull_request: Environ) -> None:
    base = advance(repo)
    repo.detach(base)
    merge = repo.merge("topic")
    scope = at(repo, pull_request(topic, merge=merge, name="pull_request_review"))
    assert (scope.stage, scope.base_id, scope.head_id, scope.reviewed_head) == (Stage.PULL_REQUEST, base, merge, topic)


def test_a_head_that_was_not_fetched(repo: Repo, pull_request: Environ) -> None:
    with pytest.raises(GitError, match=r"the head of the pull request a{40} is not in this clone") as caught:
        at(repo, pull_request("a" * 40))
    assert caught.value.hint == "git fetch origin refs/pull/7/head"


# The trusted ref


def test_without_a_trusted_ref_ci_decides_nothing(repo: Repo, topic: str, pull_request: Environ) -> None:
    environ = pull_request(topic)
    del environ["CHANGEGATE_TRUSTED_REF"]
    with pytest.raises(UsageError, match="no trusted ref") as caught:
        at(repo, environ)
    assert "CHANGEGATE_TRUSTED_REF: refs/heads/main" in caught.value.hint
    assert at(repo, environ, trusted_ref="refs/heads/main").base_id == repo.id("main")


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("main", "refs/heads/main"),
        ("origin/main", "refs/heads/origin/main"),
        ("refs/remotes/origin/main", "refs/heads/main"),
        ("refs/tags/v1", "refs/heads/v1"),
        ("refs/heads/", "refs/heads/main"),
        ("refs/heads/ma*", "refs/heads/main"),
        ("refs/heads/a..b", "refs/heads/main"),
        ("refs/heads/main\n", "refs/heads/main"),
        ("HEAD^1", "refs/heads/main"),
    ],
)
def test_only_the_full_name_of_a_branch_is_trusted(repo: Repo, name: str, better: str) -> None:
    with pytest.raises(UsageError, match="not the full name of a branch") as caught:
        at(repo, repo.environ, trusted_ref=name, stage=Stage.PULL_REQUEST)
    assert f"--trusted-ref {better}" in caught.value.hint


def test_another_target_is_refused(repo: Repo, topic: str, pull_request: Environ) -> None:
    repo.tracking("weak", topic)
    with pytest.raises(TrustError, match="meant for refs/heads/weak, and only refs/heads/main is trusted"):
        at(repo, pull_request(topic, target="weak"))


def test_a_tag_that_shadows_the_trusted_branch_is_not_it(repo: Repo, topic: str, pull_request: Environ) -> None:
    for name in ("main", "origin/main", "refs/heads/main", "refs/remotes/origin/main"):
        repo.git("update-ref", f"refs/tags/{name}", topic)
    assert at(repo, pull_request(topic)).base_id == repo.id("refs/heads/main")
    repo.git("update-ref", "-d", "refs/remotes/origin/main")
    repo.detach()
    repo.git("update-ref", "-d", "refs/heads/main")
    with pytest.raises(GitError, match="the trusted branch refs/heads/main is not in this clone") as caught:
        at(repo, pull_request(topic))
    assert caught.value.hint == "git fetch origin +refs/heads/main:refs/remotes/origin/main"


def test_the_fetched_branch_counts_before_the_local_one(repo: Repo, topic: str, pull_request: Environ) -> None:
    trusted = repo.id("main")
    repo.git("merge", "-q", "topic")
    assert repo.id("main") == topic
    assert at(repo, pull_request(topic)).base_id == trusted


def test_event_and_environment_must_agree(repo: Repo, topic: str, pull_request: Environ) -> None:
    with pytest.raises(TrustError, match="do not agree on the target branch"):
        at(repo, {**pull_request(topic, target="main"), "GITHUB_BASE_REF": "weak"})
    with pytest.raises(TrustError, match="do not agree on the repository"):
        at(repo, {**pull_request(topic), "GITHUB_REPOSITORY": "eve/models"})


@pytest.mark.parametrize("head", ["", "HEAD", "--all", "abc", "A" * 40, "a" * 41])
def test_a_claimed_head_must_be_an_object_id(repo: Repo, pull_request: Environ, head: str) -> None:
    with pytest.raises(TrustError, match="is not an object id"):
        at(repo, pull_request(head))


@pytest.mark.parametrize("content", ["", "[]", "{", "[" * 100_000])
def test_an_event_that_cannot_be_read(
    repo: Repo, topic: str, pull_request: Environ, content: str, tmp_path: Path
) -> None:
    environ = pull_request(topic)
    (tmp_path / "event.json").write_text(content)
    with pytest.raises(TrustError, match="the event in GITHUB_EVENT_PATH"):
        at(repo, environ)


def test_a_base_on_the_command_line_can_only_repeat_what_is_trusted(
    repo: Repo, topic: str, pull_request: Environ
) -> None:
    environ = pull_request(topic)
    assert at(repo, environ, base="refs/heads/main", head=topic).base_id == repo.id("main")
    with pytest.raises(TrustError, match="is not the trusted base"):
        at(repo, environ, base="topic")
    with pytest.raises(TrustError, match="is not the head that the event names"):
        at(repo, environ, head="refs/heads/main")
    with pytest.raises(UsageError, match="--staged"):
        at(repo, environ, staged=True)


def test_base_and_head_that_are_the_same_are_no_question(repo: Repo, topic: str, pull_request: Environ) -> None:
    base = advance(repo)
    for head in (base, repo.id("main~1")):
        with pytest.raises(UsageError, match="base and head are the same") as caught:
            at(repo, pull_request(head))
        assert "--all" in caught.value.hint
    assert at(repo, pull_request(base), all=True).base_id == base
    assert topic


# Shallow clones


def test_a_shallow_clone_says_how_to_fetch(repo: Repo, topic: str, tmp_path: Path, pull_request: Environ) -> None:
    advance(repo)
    shallow = repo.clone(tmp_path / "shallow", "--depth=1", "--branch=topic", "--single-branch")
    with pytest.raises(GitError, match="the trusted branch") as caught:
        at(shallow, pull_request(topic))
    assert "+refs/heads/main:refs/remotes/origin/main" in caught.value.hint
    assert "fetch-depth: 0" in caught.value.hint
    shallow.git("fetch", "-q", "--depth=1", "origin", "+refs/heads/main:refs/remotes/origin/main")
    with pytest.raises(GitError, match="common history") as caught:
        at(shallow, pull_request(topic))
    assert "git fetch --unshallow" in caught.value.hint
    assert "GIT_DEPTH: 0" in caught.value.hint
    shallow.git("fetch", "-q", "--unshallow", "origin")
    assert paths(at(shallow, pull_request(topic))) == ["models/fraud.yaml"]


def merged_later(repo: Repo) -> str:
    """A branch of two commits that merges main after these, and goes on."""
    repo.branch("merged")
    repo.commit({"models/hidden.yaml": "name: hidden\n"}, "hidden")
    repo.commit({"models/seen.yaml": "name: seen\n"}, "seen")
    advance(repo)
    repo.merge("main", into="merged")
    return repo.commit({"models/last.yaml": "name: last\n"}, "last")


@pytest.mark.parametrize(("depth", "hides"), [(1, True), (2, True), (3, True), (4, False), (5, False)])
def test_a_later_merge_brings_the_base_into_sight_and_hides_a_commit(
    repo: Repo, tmp_path: Path, pull_request: Environ, depth: int, hides: bool
) -> None:
    head = merged_later(repo)
    shallow = repo.clone(tmp_path / "shallow", f"--depth={depth}", "--branch=merged", "--no-single-branch")
    environ = pull_request(head) | {"PATH": repo.environ["PATH"]}
    if not hides:
        assert paths(at(shallow, environ)) == ["models/hidden.yaml", "models/last.yaml", "models/seen.yaml"]
        return
    with pytest.raises(GitError, match="shallow clone") as caught:
        at(shallow, environ)
    assert "git fetch --unshallow" in caught.value.hint
    shallow.git("fetch", "-q", "--unshallow", "origin")
    assert at(shallow, environ).reviewed_head == head


@pytest.mark.parametrize("stage", [Stage.LOCAL, Stage.PULL_REQUEST, Stage.MERGE])
def test_every_stage_says_that_a_commit_is_hidden(repo: Repo, tmp_path: Path, stage: Stage) -> None:
    head = merged_later(repo)
    shallow = repo.clone(tmp_path / "shallow", "--depth=3", "--branch=merged", "--no-single-branch")
    assert shallow.git("merge-base", "--is-ancestor", "origin/main", head) == ""
    stated = {"stage": stage, "head": head, "trusted_ref": "refs/heads/main"}
    with pytest.raises(GitError, match=r"hides commits of the change: what stands before [0-9a-f]{40} is not in it"):
        at(shallow, repo.environ, **stated)


def test_what_has_landed_is_seen_whole(repo: Repo, tmp_path: Path, github: Environ) -> None:
    before = repo.id("main")
    head = merged_later(repo)
    after = repo.merge("merged", into="main")
    repo.tracking("main", after)
    assert at(repo, github("push", push(before, after))).base_id == before
    for depth in (3, 4):
        shallow = repo.clone(tmp_path / f"shallow{depth}", f"--depth={depth}", "--branch=main")
        with pytest.raises(GitError, match="shallow clone"):
            at(shallow, github("push", push(before, after)))
    assert head


def test_a_shallow_clone_that_hides_nothing_of_the_change_will_do(
    repo: Repo, tmp_path: Path, pull_request: Environ
) -> None:
    """The border is the base, or lies behind it."""
    for number in range(5):
        advance(repo, {"other": f"{number}\n"})
    repo.branch("topic")
    head = repo.commit({"models/fraud.yaml": "name: topic\n"}, "topic")
    repo.switch("main")
    for depth in (2, 3, 4):
        shallow = repo.clone(tmp_path / f"shallow{depth}", f"--depth={depth}", "--branch=topic", "--no-single-branch")
        assert paths(at(shallow, pull_request(head))) == ["models/fraud.yaml"]


# What has landed


def push(before: str, after: str, ref: str = "refs/heads/main", **more: object) -> dict[str, object]:
    return {"ref": ref, "before": before, "after": after, "sender": {"login": "bo", "type": "Bot"}, **more}


def test_a_push_is_compared_with_what_was_before(repo: Repo, github: Environ) -> None:
    before = repo.id("main")
    advance(repo, {"a": "1"})
    after = advance(repo, {"b": "1"})
    scope = at(repo, github("push", push(before, after)))
    assert (scope.stage, scope.base_id, scope.head_id, scope.reviewed_head) == (Stage.MERGE, before, after, after)
    assert (scope.author.login, scope.author.kind) == ("bo", "bot")
    assert paths(scope) == ["a", "b"]


def test_a_push_that_does_not_hold(repo: Repo, topic: str, github: Environ) -> None:
    before, after = repo.id("main"), advance(repo)
    with pytest.raises(TrustError, match="not in the trusted branch"):
        at(repo, github("push", push(before, topic)))
    with pytest.raises(TrustError, match="the branch was rewritten"):
        at(repo, github("push", push(topic, after)))
    with pytest.raises(TrustError, match="meant for refs/heads/topic"):
        at(repo, github("push", push(before, topic, "refs/heads/topic")))
    with pytest.raises(TrustError, match="meant for refs/tags/main"):
        at(repo, github("push", push(before, after, "refs/tags/main")))
    with pytest.raises(GitError, match="deletes the branch"):
        at(repo, github("push", push(before, ZEROS, deleted=True)))


def test_a_push_that_makes_the_branch_needs_all(repo: Repo, github: Environ) -> None:
    environ = github("push", push(ZEROS, repo.id("main")))
    with pytest.raises(GitError, match="there is no commit before it") as caught:
        at(repo, environ)
    assert "--all" in caught.value.hint
    assert at(repo, environ, all=True).base_id == repo.id("main")


# Queues


def queue(base: str, head: str) -> dict[str, object]:
    name = f"refs/heads/gh-readonly-queue/main/pr-9-{base}"
    group = {"base_ref": "refs/heads/main", "base_sha": base, "head_ref": name, "head_sha": head}
    return {"merge_group": group, "repository": {"full_name": "acme/models"}}


def test_a_merge_queue_checks_what_lands(repo: Repo, topic: str, github: Environ) -> None:
    base = advance(repo)
    repo.detach(base)
    head = repo.merge("topic")
    scope = at(repo, github("merge_group", queue(base, head)))
    assert (scope.stage, scope.base_id, scope.head_id, scope.reviewed_head) == (Stage.MERGE, base, head, topic)
    assert scope.pull_request == 9


def test_an_evil_merge_in_a_queue_is_refused(repo: Repo, topic: str, github: Environ) -> None:
    base = repo.id("main")
    evil = repo.commit_tree(repo.commit({"evil": "1"}), base, topic)
    with pytest.raises(TrustError, match="holds other files"):
        at(repo, github("merge_group", queue(base, evil)))


def test_a_queue_on_a_change_that_has_not_landed_is_checked_against_the_tip(
    repo: Repo, topic: str, github: Environ
) -> None:
    tip = repo.id("main")
    repo.detach(tip)
    first = repo.commit({".changegate/config.yaml": "weak\n"})
    head = repo.merge("topic")
    scope = at(repo, github("merge_group", queue(first, head)))
    assert (scope.base_id, scope.head_id, scope.reviewed_head) == (tip, head, topic)
    assert paths(scope) == [".changegate/config.yaml", "models/fraud.yaml"]
    assert scope.notes == (
        "the queue builds on a change that has not landed: both are checked, against the trusted branch",
    )


def test_a_queue_whose_base_is_not_in_its_head_is_refused(repo: Repo, topic: str, github: Environ) -> None:
    tip = advance(repo)
    with pytest.raises(TrustError, match="not in the history of its head"):
        at(repo, github("merge_group", queue(tip, topic)))
    stranger = repo.commit_tree(topic)
    with pytest.raises(TrustError, match="neither in the trusted branch nor built on its tip"):
        at(repo, github("merge_group", queue(stranger, repo.commit_tree(topic, stranger))))


# GitLab


@pytest.fixture
def gitlab(repo: Repo) -> dict[str, str]:
    return {
        **repo.environ,
        "CI": "true",
        "GITLAB_CI": "true",
        "CI_PROJECT_PATH": "acme/models",
        "CI_PIPELINE_SOURCE": "merge_request_event",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "CI_MERGE_REQUEST_IID": "12",
        "CHANGEGATE_TRUSTED_REF": "refs/heads/main",
    }


def test_gitlab_detached_and_merged_results(repo: Repo, topic: str, gitlab: dict[str, str]) -> None:
    base = advance(repo)
    repo.detach(topic)
    detached = at(repo, {**gitlab, "CI_COMMIT_SHA": topic})
    assert (detached.stage, detached.base_id, detached.reviewed_head) == (Stage.PULL_REQUEST, base, topic)
    assert (detached.pull_request, detached.repository, detached.author.login) == (12, "acme/models", "")
    repo.detach(base)
    merge = repo.merge("topic")
    merged = at(repo, {**gitlab, "CI_COMMIT_SHA": merge, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": topic})
    assert (merged.head_id, merged.reviewed_head) == (merge, topic)
    assert paths(merged) == paths(detached) == ["models/fraud.yaml"]


def test_gitlab_merge_train(repo: Repo, topic: str, gitlab: dict[str, str]) -> None:
    tip = repo.id("main")
    repo.detach(tip)
    repo.commit({"first": "1"})
    train = repo.merge("topic")
    environ = {
        **gitlab,
        "CI_COMMIT_SHA": train,
        "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": topic,
        "CI_MERGE_REQUEST_EVENT_TYPE": "merge_train",
    }
    scope = at(repo, environ)
    assert (scope.stage, scope.base_id, scope.head_id, scope.reviewed_head) == (Stage.MERGE, tip, train, topic)


def test_gitlab_push_and_tag(repo: Repo, gitlab: dict[str, str]) -> None:
    before, after = repo.id("main"), advance(repo)
    of_a_branch = {name: value for name, value in gitlab.items() if not name.startswith("CI_MERGE_REQUEST_")}
    environ = {
        **of_a_branch, "CI_PIPELINE_SOURCE": "push", "CI_COMMIT_SHA": after, "CI_COMMIT_BEFORE_SHA": before,
        "GITLAB_USER_LOGIN": "project_4_bot_abc",
    }  # fmt: skip
    scope = at(repo, {**environ, "CI_COMMIT_BRANCH": "main"})
    assert (scope.base_id, scope.head_id, scope.author.kind) == (before, after, "bot")
    with pytest.raises(TrustError, match="meant for refs/tags/main"):
        at(repo, {**environ, "CI_COMMIT_TAG": "main"})


def test_gitlab_in_a_fork_is_refused(repo: Repo, topic: str, gitlab: dict[str, str]) -> None:
    fork = {"CI_PROJECT_PATH": "eve/models", "CI_MERGE_REQUEST_PROJECT_PATH": "acme/models"}
    with pytest.raises(TrustError, match="runs in the fork eve/models") as caught:
        at(repo, {**gitlab, **fork, "CI_COMMIT_SHA": topic})
    assert "in acme/models itself" in caught.value.hint


# Others


def test_a_click_checks_what_the_host_names(repo: Repo, topic: str, github: Environ) -> None:
    environ = {**github("workflow_dispatch", {}), "GITHUB_SHA": topic, "GITHUB_ACTOR": "ana"}
    scope = at(repo, environ)
    assert (scope.reviewed_head, scope.base_id, scope.author.login) == (topic, repo.id("main"), "ana")
    with pytest.raises(TrustError, match="is not the head that the event names"):
        at(repo, environ, head="main~0")


def test_a_schedule_needs_all(repo: Repo, github: Environ) -> None:
    environ = {**github("schedule", {}), "GITHUB_SHA": repo.id("main")}
    with pytest.raises(UsageError, match="base and head are the same"):
        at(repo, environ)
    scope = at(repo, environ, all=True)
    assert (scope.stage, scope.base_id, scope.all) == (Stage.MERGE, repo.id("main"), True)


def test_an_unknown_ci_must_say_its_stage(repo: Repo, topic: str) -> None:
    environ = {**repo.environ, "CI": "true"}
    with pytest.raises(UsageError, match="this CI is not known") as caught:
        at(repo, environ)
    assert "--stage pull-request" in caught.value.hint
    stage = Stage.PULL_REQUEST
    scope = at(repo, environ, stage=stage, head="topic", trusted_ref="refs/heads/main")
    assert (scope.stage, scope.base_id, scope.reviewed_head) == (stage, repo.id("main"), topic)
    with pytest.raises(TrustError, match="is not the trusted base"):
        at(repo, environ, stage=stage, head="topic", base="topic", trusted_ref="refs/heads/main")


# Locally


def test_locally_the_upstream_is_the_base_and_only_own_changes_count(repo: Repo, tmp_path: Path) -> None:
    clone = repo.clone(tmp_path / "clone")
    repo.commit({"theirs": "1"})
    clone.commit({"mine": "1"})
    clone.write({"new": "1"})
    clone.git("fetch", "-q")
    scope = at(clone, clone.environ)
    assert (scope.stage, scope.head_id, scope.reviewed_head) == (Stage.LOCAL, "worktree", "")
    assert paths(scope) == ["mine", "new"]
    clone.detach()
    assert paths(at(clone, clone.environ)) == ["mine", "new"]  # by origin/HEAD
    clone.git("remote", "set-head", "origin", "--delete")
    with pytest.raises(GitError, match="no upstream branch") as caught:
        at(clone, clone.environ)
    assert "--base origin/main" in caught.value.hint
    assert paths(at(clone, clone.environ, trusted_ref="refs/heads/main")) == ["mine", "new"]


def test_locally_a_branch_without_an_upstream_is_told_which_base_to_name(repo: Repo) -> None:
    def told() -> str:
        with pytest.raises(GitError, match="no upstream branch") as caught:
            at(repo, repo.environ)
        return caught.value.hint

    assert told().startswith("name one: --base origin/main (or `git branch --set-upstream-to origin/main`)")
    repo.git("update-ref", "-d", "refs/remotes/origin/main")
    assert told().startswith("name one: --base HEAD")
    repo.git("switch", "-q", "--create", "feature")
    assert told() == "name one: --base main"
    assert at(repo, repo.environ, base="main").base_id


def test_locally_base_and_head_are_free(repo: Repo, topic: str, tmp_path: Path) -> None:
    base = advance(repo)
    scope = at(repo, repo.environ, base="refs/heads/main", head="topic")
    assert (scope.stage, scope.base_id, scope.reviewed_head) == (Stage.LOCAL, base, topic)
    assert paths(scope) == ["models/fraud.yaml"]
    back = at(repo, repo.environ, base="refs/heads/main", head="main~1")
    assert (paths(back), back.notes) == (["other"], ("the head is older than the base",))
    bare = repo.clone(tmp_path / "bare.git", "--bare")
    scope = resolve(ScopeOptions(start=tmp_path, git_dir=bare.path, base="main", head="topic"), bare.environ)
    assert (paths(scope), scope.root) == (["models/fraud.yaml"], None)


@pytest.mark.parametrize("name", ["none", "--help", "HEAD:README.md", "a" * 40, "main..topic", ""])
def test_a_base_that_is_no_commit(repo: Repo, topic: str, name: str) -> None:
    with pytest.raises(GitError):
        at(repo, repo.environ, base=name, head=topic)


def test_now_is_read_once_and_can_be_given(repo: Repo, topic: str) -> None:
    assert at(repo, repo.environ, base="main", head="topic", now=5).now == 5
    assert at(repo, repo.environ, base="main", head="topic").now > 1_700_000_000
    assert topic


def test_committers_by_login_where_the_address_tells(repo: Repo, topic: str, pull_request: Environ) -> None:
    repo.switch("topic")
    repo.write({"x": "1"})
    repo.git("add", "x")
    names = {
        "GIT_AUTHOR_EMAIL": "1+bo@users.noreply.github.com",
        "GIT_COMMITTER_EMAIL": "noreply@github.com",
    }
    repo.git("commit", "-qm", "x", env=names)
    assert topic
    found = committers(at(repo, pull_request(repo.id("HEAD"))))
    assert (found.logins, list(found.addresses)) == (("bo",), ["ana@acme.example"])
    assert found.addresses["ana@acme.example"] == repo.id("HEAD~1")


@pytest.mark.parametrize(
    "address",
    ["", "noreply@github.com", "@users.noreply.github.com", "bo@corp.example", "2+\u0441am@users.noreply.github.com"],
)
def test_an_author_who_gives_no_login_is_not_left_out(
    repo: Repo, topic: str, pull_request: Environ, address: str
) -> None:
    repo.switch("topic")
    repo.write({"x": "1"})
    repo.git("add", "x")
    repo.git("commit", "-qm", "x", env={"GIT_AUTHOR_EMAIL": address, "GIT_COMMITTER_EMAIL": "noreply@github.com"})
    assert topic
    assert committers(at(repo, pull_request(repo.id("HEAD")))).addresses[address] == repo.id("HEAD")


# Merges of the base, and co-authors


BO = {
    "GIT_AUTHOR_EMAIL": "2+bo@users.noreply.github.com",
    "GIT_COMMITTER_EMAIL": "noreply@github.com",
}


def updated(repo: Repo, *options: str, moved: Mapping[str, str]) -> str:
    """What "Update branch" makes of the topic, after main has moved."""
    repo.switch("main")
    repo.commit(moved, "main moves")
    repo.tracking("main", "main")
    repo.switch("topic")
    repo.git("merge", "--quiet", "--no-ff", "--no-edit", *options, "main", env=BO)
    return repo.id("HEAD")


def test_a_merge_of_the_base_makes_nobody_an_author(repo: Repo, topic: str, pull_request: Environ) -> None:
    head = updated(repo, moved={"elsewhere": "1"})
    assert topic
    found = committers(at(repo, pull_request(head)))
    assert (found.logins, list(found.addresses), found.merges) == ((), ["ana@acme.example"], (head,))


def test_a_merge_of_the_base_that_brings_more_has_an_author(repo: Repo, topic: str, pull_request: Environ) -> None:
    updated(repo, moved={"elsewhere": "1"})
    repo.write({"smuggled": "1"})
    repo.git("add", "--all", ".")
    repo.git("commit", "--quiet", "--amend", "--no-edit", "--author=bo <2+bo@users.noreply.github.com>")
    assert topic
    found = committers(at(repo, pull_request(repo.id("HEAD"))))
    assert (found.logins, found.merges) == (("bo",), ())


def test_a_conflict_has_whoever_resolved_it(repo: Repo, topic: str, pull_request: Environ) -> None:
    repo.switch("topic")
    repo.commit({"both": "mine"}, "mine")
    head = updated(repo, "-Xours", moved={"both": "theirs"})
    assert topic
    assert committers(at(repo, pull_request(head))).logins == ("bo",)


def test_a_merge_of_another_branch_has_an_author(repo: Repo, topic: str, pull_request: Environ) -> None:
    repo.branch("helper", "main")
    repo.commit({"helper": "1"}, "help")
    repo.switch("topic")
    repo.git("merge", "--quiet", "--no-ff", "--no-edit", "helper", env=BO)
    assert topic
    found = committers(at(repo, pull_request(repo.id("HEAD"))))
    assert (found.logins, found.merges) == (("bo",), ())


def test_a_merge_turned_round_has_an_author(repo: Repo, topic: str, pull_request: Environ) -> None:
    """The trusted branch is the first parent: what the merge brings is the change."""
    repo.branch("turned", "main")
    repo.git("merge", "--quiet", "--no-ff", "--no-edit", "topic", env=BO)
    assert topic
    assert committers(at(repo, pull_request(repo.id("HEAD")))).logins == ("bo",)


def test_co_authors_take_part(repo: Repo, topic: str, pull_request: Environ) -> None:
    repo.switch("topic")
    message = (
        "x\n\nCo-authored-by: Bo <2+bo@users.noreply.github.com>\n"
        "co-authored-by: Lee <lee@acme.example>\nCo-authored-by: nobody\n"
    )
    head = repo.commit({"x": "1"}, message)
    assert topic
    found = committers(at(repo, pull_request(head)))
    assert (found.logins, dict(found.co_addresses)) == (("bo",), {"lee@acme.example": head})
    assert list(found.addresses) == ["ana@acme.example"]

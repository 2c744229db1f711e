"""What `--staged` compares where nothing is staged, and where pre-commit names commits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from changegate.errors import GitError, UsageError
from changegate.workspace import ScopeOptions, changed_files, resolve

if TYPE_CHECKING:
    from pathlib import Path

    from changegate.workspace import Scope
    from support.repos import Repo


@pytest.fixture
def clone(repo: Repo, tmp_path: Path) -> Repo:
    """A clone of a repository with one commit: main has an upstream, and origin a default branch."""
    return repo.clone(tmp_path / "host.git", "--bare").clone(tmp_path / "clone")


def staged(repo: Repo, *, trusted_ref: str = "", everything: bool = False, **environ: str) -> Scope:
    options = ScopeOptions(start=repo.path, staged=True, trusted_ref=trusted_ref, all=everything)
    return resolve(options, {**repo.environ, **environ})


def paths(scope: Scope) -> list[str]:
    return [change.path for change in changed_files(scope)]


def between(first: str, last: str) -> dict[str, str]:
    return {"PRE_COMMIT_FROM_REF": first, "PRE_COMMIT_TO_REF": last}


def test_what_is_not_pushed_is_judged_where_nothing_is_staged(clone: Repo) -> None:
    base = clone.id("HEAD")
    clone.commit({"one": "1"})
    head = clone.commit({"two": "2"})
    clone.write({"three": "not staged"})
    scope = staged(clone)
    assert (scope.base_id, scope.head_id, scope.reviewed_head, paths(scope)) == (base, head, head, ["one", "two"])
    assert scope.notes == ("nothing is staged: judged is what HEAD has since it left the upstream branch",)
    clone.git("add", "three")
    scope = staged(clone)
    assert (scope.base_id, scope.head_id, paths(scope), scope.notes) == (head, "index", ["three"], ())


def test_a_pushed_branch_is_compared_with_the_default_one(clone: Repo) -> None:
    base = clone.id("HEAD")
    clone.branch("topic")
    clone.commit({"one": "1"})
    clone.git("push", "-q", "--set-upstream", "origin", "topic")
    scope = staged(clone)
    assert (scope.base_id, paths(scope)) == (base, ["one"])
    assert scope.notes == ("nothing is staged: judged is what HEAD has since it left origin/HEAD",)


def test_the_trusted_branch_comes_before_the_upstream(clone: Repo) -> None:
    base = clone.id("HEAD")
    clone.commit({"one": "1"})
    clone.git("push", "-q", "origin", "main")
    assert staged(clone).nothing_asked
    clone.tracking("trunk", base)
    scope = staged(clone, trusted_ref="refs/heads/trunk")
    assert (scope.base_id, paths(scope)) == (base, ["one"])
    assert scope.notes == ("nothing is staged: judged is what HEAD has since it left refs/heads/trunk",)


def test_without_any_branch_to_compare_with_it_is_the_last_commit(repo: Repo) -> None:
    assert staged(repo).nothing_asked == (
        "nothing was judged: nothing is staged, and there is no branch to compare HEAD with"
    )
    base = repo.commit({"one": "1"})
    repo.commit({"two": "2"})
    scope = staged(repo)
    assert (scope.base_id, paths(scope)) == (base, ["two"])
    assert "there is no upstream branch: judged is the last commit of HEAD" in scope.notes[0]


@pytest.mark.parametrize("ci", [{"CI": "true"}, {"CI": "1"}, {"TF_BUILD": "True"}, {"GITHUB_ACTIONS": "true"}])
def test_nothing_to_judge_is_said_on_a_laptop_and_refused_in_a_ci(clone: Repo, ci: dict[str, str]) -> None:
    options = ScopeOptions(start=clone.path, staged=True, stage=staged(clone).stage)
    why = "nothing is staged, and HEAD has nothing that is not in the upstream branch and origin/HEAD"
    assert staged(clone).nothing_asked == f"nothing was judged: {why}"
    with pytest.raises(UsageError) as caught:
        resolve(options, {**clone.environ, **ci})
    assert caught.value.message == f"{why}: nothing would be judged"
    assert "args: [--all]" in caught.value.hint
    assert "SKIP=changegate" in caught.value.hint
    assert resolve(options._replace(all=True), {**clone.environ, **ci}).head_id == "index"
    clone.commit({"one": "1"})
    assert paths(resolve(options, {**clone.environ, **ci})) == ["one"]


def test_a_ci_does_not_guess_what_to_compare_with(repo: Repo) -> None:
    base = repo.id("HEAD")
    repo.commit({"one": "1"})
    repo.commit({"two": "2"})
    options = ScopeOptions(start=repo.path, staged=True, stage=staged(repo).stage)
    environ = {**repo.environ, "CI": "true"}
    with pytest.raises(UsageError, match="there is no branch to compare HEAD with") as caught:
        resolve(options, environ)
    assert "CHANGEGATE_TRUSTED_REF=refs/heads/main" in caught.value.hint
    scope = resolve(options, {**environ, "CHANGEGATE_TRUSTED_REF": "refs/heads/main"})
    assert (scope.base_id, paths(scope)) == (base, ["one", "two"])
    assert paths(resolve(options, {**environ, **between("HEAD~1", "HEAD")})) == ["two"]


def test_commits_that_pre_commit_names_come_before_the_index(repo: Repo) -> None:
    base = repo.id("HEAD")
    repo.branch("topic")
    repo.commit({"topic": "1"})
    repo.switch("main")
    repo.commit({"main": "1"})
    repo.write({"staged": "1"})
    repo.git("add", "staged")
    scope = staged(repo, **between("main", "topic"))
    assert (scope.base_id, scope.head_id, paths(scope)) == (base, repo.id("topic"), ["topic"])
    assert scope.notes == ("pre-commit asks about main...topic: the index is not judged",)
    assert paths(staged(repo, everything=True, **between("main", "topic"))) == ["staged"]
    assert paths(staged(repo, PRE_COMMIT_FROM_REF="main")) == ["staged"]


def test_going_back_is_a_change_as_well(repo: Repo) -> None:
    repo.commit({"one": "1"})
    scope = staged(repo, **between("main", "main~1"))
    assert (scope.base_id, scope.head_id, paths(scope)) == (repo.id("main"), repo.id("main~1"), ["one"])
    assert "goes back" in scope.notes[0]


def test_an_empty_range_is_nothing_to_judge(repo: Repo) -> None:
    repo.commit({"one": "1"})
    assert "main...HEAD, which are one commit" in staged(repo, **between("main", "HEAD")).nothing_asked
    with pytest.raises(UsageError, match="which are one commit: nothing would be judged"):
        resolve(
            ScopeOptions(start=repo.path, staged=True, stage=staged(repo).stage),
            {**repo.environ, **between("main", "HEAD"), "CI": "true"},
        )


def test_commits_that_are_not_here(repo: Repo, tmp_path: Path) -> None:
    repo.commit({"one": "1"})
    with pytest.raises(GitError, match="PRE_COMMIT_FROM_REF 'none' is not a commit in this clone"):
        staged(repo, **between("none", "HEAD"))
    with pytest.raises(GitError, match="PRE_COMMIT_TO_REF '--all' is not a commit in this clone"):
        staged(repo, **between("HEAD", "--all"))
    shallow = repo.clone(tmp_path / "shallow", "--depth=1")
    with pytest.raises(GitError, match="PRE_COMMIT_FROM_REF 'HEAD~1' is not a commit") as caught:
        staged(shallow, **between("HEAD~1", "HEAD"))
    assert "git fetch --unshallow" in caught.value.hint


def test_a_branch_that_is_pushed_whole_need_not_be_checked_out(clone: Repo) -> None:
    base = clone.id("HEAD")
    clone.branch("topic")
    clone.commit({"one": "1"})
    clone.switch("main")
    clone.write({"staged": "1"})
    clone.git("add", "staged")
    scope = staged(clone, PRE_COMMIT_LOCAL_BRANCH="refs/heads/topic", PRE_COMMIT_REMOTE_BRANCH="refs/heads/topic")
    assert (scope.base_id, scope.head_id, paths(scope)) == (base, clone.id("topic"), ["one"])


def test_a_message_alone_that_is_amended(clone: Repo) -> None:
    """The index is HEAD's, and the commit that is made is compared with what its parent is."""
    clone.commit({"one": "1"})
    assert paths(staged(clone)) == ["one"]

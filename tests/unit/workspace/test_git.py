"""Finding a repository, and running git in it without running anything that the repository brings."""

from __future__ import annotations

import gc
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from changegate.errors import GitError
from changegate.workspace.changes import between
from changegate.workspace.git import Git
from changegate.workspace.landing import merged_tree
from changegate.workspace.trees import GitTree
from changegate.workspace.worktree import WorkingTree
from support.repos import Repo

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    TreeAt = Callable[[Git, str], GitTree]


def test_a_subdirectory_is_in_its_repository(repo: Repo) -> None:
    git = Git.open(repo.path / "models", repo.environ)
    assert git.place.worktree == repo.path
    assert git.commit_id("HEAD") == repo.id("HEAD")


def test_a_linked_worktree_has_its_own_head(repo: Repo, tmp_path: Path) -> None:
    repo.git("worktree", "add", "-q", "-b", "other", str(tmp_path / "linked"))
    linked = Repo(tmp_path / "linked")
    there = linked.commit({"new": "1"})
    git = Git.open(linked.path, repo.environ)
    assert git.place.worktree == linked.path
    assert git.place.common_dir == repo.path / ".git"
    assert git.commit_id("HEAD") == there != repo.id("HEAD")


def test_a_bare_repository_must_be_named(repo: Repo, tmp_path: Path) -> None:
    bare = repo.clone(tmp_path / "bare.git", "--bare")
    with pytest.raises(GitError, match="not in a git repository") as caught:
        Git.open(bare.path, repo.environ)
    assert "--git-dir" in caught.value.hint
    git = Git.open(bare.path, repo.environ, git_dir=bare.path)
    assert git.place.worktree is None
    assert git.commit_id("HEAD") == repo.id("HEAD")


def test_a_nested_bare_repository_is_never_taken_for_one(repo: Repo, tmp_path: Path) -> None:
    trap = tmp_path / "trapped"
    repo.commit(
        {
            "vendor/HEAD": "ref: refs/heads/main\n",
            "vendor/config": f"[core]\n\tbare = true\n\tfsmonitor = touch {trap}\n",
            "vendor/objects/.keep": "",
            "vendor/refs/.keep": "",
        }
    )
    git = Git.open(repo.path / "vendor", repo.environ)
    assert git.place.git_dir == repo.path / ".git"
    assert git.place.worktree == repo.path
    assert git.run("ls-files", "-z").fields()
    assert not trap.exists()


def test_no_repository_is_an_error_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="not in a git repository") as caught:
        Git.open(tmp_path, {"PATH": os.environ["PATH"]})
    assert "git init" in caught.value.hint


def test_a_git_file_that_leads_nowhere_is_an_error(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: /nowhere\n")
    with pytest.raises(GitError, match="does not lead to a git directory"):
        Git.open(tmp_path, {"PATH": os.environ["PATH"]})


def test_without_git_the_error_says_to_install_it(repo: Repo, tmp_path: Path) -> None:
    with pytest.raises(GitError, match="git is not on the PATH") as caught:
        Git.open(repo.path, {"PATH": str(tmp_path)})
    assert "install git" in caught.value.hint


def test_a_file_called_git_in_the_checkout_is_never_run(repo: Repo, tmp_path: Path) -> None:
    trap = tmp_path / "trapped"
    repo.write({"bin/git": f"#!/bin/sh\ntouch {trap}\n"})
    (repo.path / "bin/git").chmod(0o755)
    for path in (f"{repo.path}/bin:{os.environ['PATH']}", f"bin:.:{os.environ['PATH']}"):
        git = Git.open(repo.path, {**repo.environ, "PATH": path})
        assert git.commit_id("HEAD") == repo.id("HEAD")
    assert not trap.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a repository to another user")
def test_another_users_repository_needs_safe_directory(repo: Repo) -> None:
    os.chown(repo.path / ".git", 4242, 4242)
    with pytest.raises(GitError, match="dubious ownership") as caught:
        Git.open(repo.path, repo.environ)
    assert caught.value.hint.endswith(f"git config --global --add safe.directory '{repo.path}'")
    repo.git("config", "--file", str(repo.home / ".gitconfig"), "--add", "safe.directory", str(repo.path))
    assert Git.open(repo.path, repo.environ).commit_id("HEAD")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a repository to another user")
def test_a_repository_cannot_call_itself_safe(repo: Repo) -> None:
    repo.git("config", "safe.directory", "*")
    os.chown(repo.path / ".git", 4242, 4242)
    with pytest.raises(GitError, match="dubious ownership"):
        Git.open(repo.path, repo.environ)


def configured(*pairs: tuple[str, str], count: str = "") -> dict[str, str]:
    """Configuration in git's environment, as `GIT_CONFIG_COUNT` has it."""
    made = {"GIT_CONFIG_COUNT": count or str(len(pairs))}
    for number, (key, value) in enumerate(pairs):
        made |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return made


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a repository to another user")
@pytest.mark.parametrize(
    ("given", "opens"),
    [
        (configured(("safe.directory", "*")), True),
        (configured(("core.bare", "true"), ("Safe.Directory", "{path}")), True),
        (configured(("safe.directory", "/somewhere/else")), False),
        (configured(("safe.directory", "*"), ("safe.directory", "")), False),
        (configured(("safe.bareRepository", "all")), False),
        ({"GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"}, False),
        (configured(("safe.directory", "*"), count="2"), False),
        (configured(("safe.directory", "*"), count="many"), False),
        (configured(("safe.directory", "*"), count="-1"), False),
        (configured(("safe.directory", "*"), count="99999999999"), False),
        (configured(("safe.directory", "*"), count="0"), False),
    ],
)
def test_safe_directory_by_the_environment_counts_as_git_counts_it(
    repo: Repo, given: dict[str, str], opens: bool
) -> None:
    for part in (repo.path, *repo.path.rglob("*")):
        os.chown(part, 4242, 4242)
    environ = {**repo.environ, **{name: value.format(path=repo.path) for name, value in given.items()}}
    asked = subprocess.run(["git", "rev-parse", "HEAD"], cwd=repo.path, env=environ, capture_output=True, check=False)
    assert (asked.returncode == 0) == opens
    if opens:
        assert Git.open(repo.path, environ).commit_id("HEAD")
        return
    with pytest.raises(GitError, match="dubious ownership"):
        Git.open(repo.path, environ)


def test_git_variables_of_the_environment_choose_nothing(repo: Repo, tmp_path: Path) -> None:
    other = Repo.init(tmp_path / "other")
    other.commit({"x": "1"})
    hostile = {
        "GIT_DIR": str(other.path / ".git"),
        "GIT_WORK_TREE": str(other.path),
        "GIT_OBJECT_DIRECTORY": str(other.path / ".git/objects"),
        "GIT_NAMESPACE": "evil",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.bare",
        "GIT_CONFIG_VALUE_0": "true",
    }
    git = Git.open(repo.path, {**repo.environ, **hostile})
    assert git.commit_id("HEAD") == repo.id("HEAD")


def test_nothing_that_the_repository_configures_is_run(repo: Repo, tmp_path: Path, tree_at: TreeAt) -> None:
    trap = tmp_path / "trapped"
    run = f"sh -c 'touch {trap}; cat'"
    for key in (
        "core.fsmonitor", "core.sshCommand", "core.pager", "diff.external", "diff.evil.textconv", "diff.evil.command",
        "filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "merge.evil.driver", "credential.helper",
    ):  # fmt: skip
        repo.git("config", key, run)
    repo.git("config", "filter.evil.required", "true")
    repo.git("config", "core.hooksPath", str(repo.path / "hooks"))
    repo.write({"hooks/post-index-change": f"#!/bin/sh\ntouch {trap}\n"})
    (repo.path / "hooks/post-index-change").chmod(0o755)
    (repo.path / ".gitattributes").write_text("* diff=evil filter=evil merge=evil\n")
    (repo.path / "models/fraud.yaml").write_text("name: froud\n")
    git = Git.open(repo.path, repo.environ)
    working = WorkingTree(git, repo.path)
    base = tree_at(git, "HEAD")
    assert "models/fraud.yaml" in {change.path for change in between(git, base, working)}
    assert working.grep(("froud",)) == {"models/fraud.yaml"}
    assert base.grep(("fraud",)) == {"models/fraud.yaml"}
    assert working.read("models/fraud.yaml", 100).data == b"name: froud\n"
    assert not trap.exists()


@pytest.mark.parametrize(
    "written",
    [
        '[FILTER "evil"]\n\tClean = {run}\n',
        "[filter.evil]\n\tclean = {run}\n",
        "[include]\n\tpath = more\n",
        '[INCLUDEIF "gitdir:**"]\n\tpath = more\n',
    ],
)
def test_a_filter_is_found_however_it_is_configured(repo: Repo, tmp_path: Path, tree_at: TreeAt, written: str) -> None:
    trap = tmp_path / "trapped"
    run = f"\"sh -c 'touch {trap}; cat'\""
    with (repo.path / ".git/config").open("a") as config:
        config.write(written.format(run=run))
    (repo.path / ".git/more").write_text(f'[filter "evil"]\n\tclean = {run}\n')
    (repo.path / ".gitattributes").write_text("* filter=evil\n")
    (repo.path / "models/fraud.yaml").write_text("name: froud\n")
    git = Git.open(repo.path, repo.environ)
    working = WorkingTree(git, repo.path)
    assert "models/fraud.yaml" in {change.path for change in between(git, tree_at(git, "HEAD"), working)}
    assert not trap.exists()
    # Not `diff-index`: it reads the file only where its time, in whole seconds, is still that of the index.
    repo.git("add", "models/fraud.yaml")
    assert trap.exists(), "the filter that was configured is one that git would run"


def test_replace_refs_and_grafts_change_nothing(repo: Repo) -> None:
    first = repo.id("HEAD")
    second = repo.commit({"models/fraud.yaml": "name: other\n"})
    third = repo.commit({"a": "1"})
    other = repo.commit_tree(first)
    repo.git("replace", third, other)
    (repo.path / ".git/info").mkdir(exist_ok=True)
    (repo.path / ".git/info/grafts").write_text(f"{second}\n")
    git = Git.open(repo.path, repo.environ)
    commit = git.objects.commit(third)
    assert commit is not None
    assert commit.parents == (second,)
    assert git.is_ancestor(first, third)


def test_a_ref_named_like_an_option_is_a_name(repo: Repo, tmp_path: Path) -> None:
    evil = f"--upload-pack=touch${{IFS}}{tmp_path.name}"
    repo.ref(f"refs/heads/{evil}", "HEAD")
    git = Git.open(repo.path, repo.environ)
    assert git.commit_id(evil) == repo.id("HEAD")
    assert git.refs(f"refs/heads/{evil}")[f"refs/heads/{evil}"].commit == repo.id("HEAD")
    assert git.commit_id("--help") == ""


def test_a_tag_never_stands_in_for_a_branch(repo: Repo) -> None:
    branch = repo.id("HEAD")
    other = repo.commit({"x": "1"})
    repo.git("tag", "main", other)
    repo.git("update-ref", "refs/tags/refs/heads/gone", other)
    repo.git("update-ref", "refs/heads/main", branch)
    git = Git.open(repo.path, repo.environ)
    found = git.refs("refs/heads/main", "refs/heads/gone")
    assert found.keys() == {"refs/heads/main"}
    repo.git("update-ref", "refs/heads/folder/inside", other)
    assert Git.open(repo.path, repo.environ).refs("refs/heads/folder") == {}
    assert found["refs/heads/main"].commit == branch
    with pytest.raises(GitError, match="'main' is ambiguous") as caught:
        git.commit_id("main")
    assert "refs/heads/main" in caught.value.hint


def test_the_process_that_stays_ends_with_its_owner(repo: Repo) -> None:
    git = Git.open(repo.path, repo.environ)
    assert git.objects.info(repo.id("HEAD")) is not None
    process = git.objects._process
    assert process is not None
    del git
    gc.collect()
    assert process.poll() is not None


def test_a_forked_child_has_a_process_of_its_own(repo: Repo) -> None:
    git = Git.open(repo.path, repo.environ)
    oid = repo.id("HEAD:README.md")
    assert git.objects.blob(oid, 100) == b"hello\n"
    child = os.fork()
    if child == 0:
        os._exit(0 if git.objects.blob(oid, 100) == b"hello\n" else 1)
    assert git.objects.blob(oid, 100) == b"hello\n"
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert git.objects.blob(oid, 100) == b"hello\n"
    git.close()


def test_a_missing_object_is_an_error_not_an_absence(repo: Repo, tree_at: TreeAt) -> None:
    blob = repo.id("HEAD:README.md")
    path = repo.path / ".git/objects" / blob[:2] / blob[2:]
    path.unlink()
    git = Git.open(repo.path, repo.environ)
    tree = tree_at(git, "HEAD")
    with pytest.raises(GitError, match=f"{blob} is not in this clone"):
        tree.read("README.md", 100)
    git.close()


def test_a_partial_clone_never_fetches(repo: Repo, tmp_path: Path, tree_at: TreeAt) -> None:
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.git("config", "uploadpack.allowAnySHA1InWant", "true")
    partial = repo.clone(tmp_path / "partial", "--filter=blob:none", "--no-checkout")
    git = Git.open(partial.path, partial.environ)
    tree = tree_at(git, "HEAD")
    with pytest.raises(GitError) as caught:
        tree.read("README.md", 100)
    assert "in a partial clone, clone again without --filter" in caught.value.hint
    assert partial.git("rev-list", "--objects", "--missing=print", "HEAD").count("\n?") == 2
    git.close()


def test_the_temporary_objects_leave_the_repository_alone(repo: Repo) -> None:
    before = sorted((repo.path / ".git").rglob("*"))
    git = Git.open(repo.path, repo.environ)
    folder = git.scratch_folder
    assert git.scratch().run("write-tree", more={"GIT_INDEX_FILE": str(folder / "none")}).text()
    assert sorted((repo.path / ".git").rglob("*")) == before
    del git
    gc.collect()
    assert not folder.exists()


def test_a_repository_with_sha256_is_like_any_other(tmp_path: Path, tree_at: TreeAt) -> None:
    path = tmp_path / "long"
    path.mkdir()
    repo = Repo(path)
    repo.git("init", "-q", "--object-format=sha256", "-b", "main")
    repo.commit({"a/b.yaml": "one\n", "c": "1"})
    repo.branch("topic")
    topic = repo.commit({"a/b.yaml": "two\n"})
    repo.switch("main")
    repo.commit({"c": "2"})
    git = Git.open(path, repo.environ)
    assert len(topic) == 64
    landed = GitTree(git, merged_tree(git, repo.id("main"), topic), "merge")
    git.close()
    assert landed.read("a/b.yaml", 9).data == b"two\n"
    assert {change.path for change in between(git, tree_at(git, "main"), landed)} == {"a/b.yaml"}
    assert {change.path for change in between(git, None, landed)} == {"a/b.yaml", "c"}
    (path / "c").touch()
    assert between(git, tree_at(git, "main"), WorkingTree(git, path)) == []
    git.close()


def test_a_command_that_runs_beside_others_answers_what_it_answers_alone(repo: Repo) -> None:
    git = Git.open(repo.path, repo.environ)
    begun = git.begin("ls-tree", "-r", "-z", "HEAD")
    assert git.run("rev-parse", "HEAD").text() == repo.git("rev-parse", "HEAD")
    assert begun.answer() == git.run("ls-tree", "-r", "-z", "HEAD")
    begun.close()


def test_a_command_that_fails_beside_others_is_told(repo: Repo) -> None:
    git = Git.open(repo.path, repo.environ)
    begun = git.begin("ls-tree", "nowhere")
    with pytest.raises(GitError, match=r"git ls-tree failed \(128\): fatal: Not a valid object name nowhere"):
        begun.answer()
    begun.close()


def test_a_command_that_nobody_waits_for_is_ended(repo: Repo) -> None:
    begun = Git.open(repo.path, repo.environ).begin("cat-file", "--batch")
    begun.close()
    begun.close()
    assert begun._process.returncode == -9


def test_nothing_is_taken_for_unchanged_where_git_fails(repo: Repo) -> None:
    """Whichever of the two commands fails, nothing is taken for unchanged."""
    repo.write({"models/fraud.yaml": "changed"})
    git = Git.open(repo.path, repo.environ)
    tree = WorkingTree(git, repo.path)
    base = GitTree(git, repo.git("rev-parse", "HEAD^{tree}"), "HEAD")
    assert [change.path for change in between(git, base, tree)] == ["models/fraud.yaml"]
    (repo.path / ".git/index").write_bytes(b"damaged")
    with pytest.raises(GitError):
        between(git, base, WorkingTree(git, repo.path))

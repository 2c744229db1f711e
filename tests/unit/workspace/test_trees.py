"""Reading files: from a commit, from the index, from the working tree; with odd names, links and submodules."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from changegate.workspace.git import Git
from changegate.workspace.paths import narrowed
from changegate.workspace.worktree import WorkingTree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from changegate.workspace.tree import Tree
    from changegate.workspace.trees import GitTree
    from support.repos import Repo

    TreeAt = Callable[[Git, str], GitTree]

ODD = [
    "with space.yaml",
    'quote".yaml',
    "new\nline.yaml",
    "tab\t.yaml",
    "nicht-utf8-\udcff.yaml",
    "ünï/ñ.yaml",
    "Case.yaml",
    "case.yaml",
    "-dash.yaml",
    "--output=x",
    ":(glob)star*",
    "a:b.yaml",
    "back\\slash.yaml",
    "deep/er/and deeper/x.yaml",
]


def trees(repo: Repo, tree_at: TreeAt) -> list[Tree]:
    git = Git.open(repo.path, repo.environ)
    return [tree_at(git, "HEAD"), WorkingTree(git, repo.path)]


def test_odd_names_are_listed_read_and_found(repo: Repo, tree_at: TreeAt) -> None:
    repo.commit({name: f"content {number} needle\n" for number, name in enumerate(ODD)})
    for tree in trees(repo, tree_at):
        for number, name in enumerate(ODD):
            assert tree.read(name, 100).data == f"content {number} needle\n".encode()
        assert set(ODD) <= {entry.path for entry in tree.entries()}
        assert tree.grep(("needle",)) == set(ODD)
        assert tree.grep(("content 3 ", "content 4 ")) == {ODD[3], ODD[4]}


@pytest.mark.parametrize(
    "path",
    ["", "/etc/passwd", "../secret", "models/../../secret", "./README.md", "models//fraud.yaml", ".git/config",
     "models/.GIT/x", "a\0b", "x" * 5000, "lone\ud800"],
)  # fmt: skip
def test_a_path_that_is_none_is_outside(repo: Repo, tree_at: TreeAt, path: str) -> None:
    for tree in trees(repo, tree_at):
        content = tree.read(path, 100)
        assert (content.data, content.problem) == (None, "outside")
        assert "not a path inside the repository" in content.reason


def test_why_there_is_no_content(repo: Repo, tree_at: TreeAt, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret").write_text("secret")
    repo.link("link", "README.md")
    repo.link("away", "../outside")
    repo.write({"large": "x" * 101, "exact": "x" * 100})
    repo.commit()
    for tree in trees(repo, tree_at):
        problems = {
            path: tree.read(path, 100).problem
            for path in ("link", "away", "away/secret", "models", "none", "README.md/x", "large", "models/none")
        }
        assert problems == {
            "link": "link",
            "away": "link",
            "away/secret": "link",
            "models": "directory",
            "none": "missing",
            "README.md/x": "missing",
            "large": "too-large",
            "models/none": "missing",
        }
        assert tree.read("exact", 100).data == b"x" * 100
        assert "symbolic link" in tree.read("away/secret", 100).reason


def test_a_submodule_is_another_repository(repo: Repo, tree_at: TreeAt, tmp_path: Path) -> None:
    repo.clone(tmp_path / "other")
    repo.git("submodule", "--quiet", "add", f"file://{tmp_path}/other", "vendor/other")
    repo.commit()
    for tree in trees(repo, tree_at):
        assert tree.read("vendor/other", 100).problem == "submodule"
        assert tree.read("vendor/other/README.md", 100).problem == "submodule"
        assert "160000" in {entry.mode for entry in tree.entries() if entry.path == "vendor/other"}


def test_a_pipe_in_the_working_tree_is_not_waited_for(repo: Repo) -> None:
    os.mkfifo(repo.path / "pipe")
    git = Git.open(repo.path, repo.environ)
    assert WorkingTree(git, repo.path).read("pipe", 100).problem == "unreadable"


def test_the_working_tree_has_new_files_and_no_ignored_ones(repo: Repo) -> None:
    repo.write({".gitignore": "secret*\n", "secret.yaml": "needle", "new.yaml": "needle"})
    git = Git.open(repo.path, repo.environ)
    tree = WorkingTree(git, repo.path)
    assert tree.read("new.yaml", 100).data == b"needle"
    assert tree.read("secret.yaml", 100).problem == "missing"
    assert "ignored by git" in tree.read("secret.yaml", 100).reason
    assert {entry.path for entry in tree.entries()} == {".gitignore", "README.md", "models/fraud.yaml", "new.yaml"}
    assert tree.grep(("needle",)) == {"new.yaml"}


def test_a_name_that_ends_like_another_one_is_its_own(repo: Repo) -> None:
    repo.write({".gitignore": "/b\n", "a\tb": "1", "x/b": "1", "? b": "1", "b": "ignored"})
    git = Git.open(repo.path, repo.environ)
    tree = WorkingTree(git, repo.path)
    assert [tree.read(name, 9).problem for name in ("b", "a\tb", "x/b", "? b")] == ["missing", "", "", ""]
    repo.git("add", ".")
    tree = WorkingTree(git, repo.path)
    assert [tree.read(name, 9).problem for name in ("b", "a\tb", "x/b", "? b")] == ["missing", "", "", ""]


def test_after_many_names_every_one_is_still_looked_up_as_it_is(repo: Repo) -> None:
    """Of many names an index is made; it answers what a search of git's listing answers."""
    repo.write({".gitignore": "/b\n", "a\tb": "1", "x/b": "1", "? b": "1", "b": "ignored", "H 100644 0 0\tc": "1"})
    repo.git("add", "x/b")
    names = [*ODD, "b", "a\tb", "x/b", "x", "? b", "c", "H 100644 0 0\tc", "README.md", "models/fraud.yaml", "READ"]
    git = Git.open(repo.path, repo.environ)
    searched = {name: WorkingTree(git, repo.path).listing.get(name) for name in names}
    listing = WorkingTree(git, repo.path).listing
    for _ in range(40):
        listing.get("README.md")
    assert {name: listing.get(name) for name in names} == searched
    known = {name for name, one in searched.items() if one is not None}
    assert known == {"a\tb", "x/b", "? b", "H 100644 0 0\tc", "README.md", "models/fraud.yaml"}


def test_a_sparse_checkout_has_what_it_leaves_out(repo: Repo) -> None:
    repo.commit({"other/x.yaml": "needle\n"})
    repo.git("sparse-checkout", "set", "models")
    assert not (repo.path / "other").exists()
    git = Git.open(repo.path, repo.environ)
    tree = WorkingTree(git, repo.path)
    assert tree.read("other/x.yaml", 100).data == b"needle\n"
    assert "other/x.yaml" in {entry.path for entry in tree.entries()}
    assert tree.grep(("needle",)) == {"other/x.yaml"}
    git.close()


def test_a_sparse_checkout_of_many_files_has_what_it_leaves_out(repo: Repo) -> None:
    repo.commit({f"other/{number}.yaml": f"{number}\n" for number in range(50)})
    repo.git("sparse-checkout", "set", "models")
    git = Git.open(repo.path, repo.environ)
    tree = WorkingTree(git, repo.path)
    assert [tree.read(f"other/{number}.yaml", 9).data for number in range(50)] == [b"%d\n" % one for one in range(50)]
    git.close()


def test_many_files_come_in_their_order(opened: Git, repo: Repo, tree_at: TreeAt) -> None:
    names = [f"m/{number:04}.yaml" for number in range(700)]
    repo.commit({name: name * (1 + number % 50) for number, name in enumerate(names)})
    tree = tree_at(opened, "HEAD")
    asked = [*names, "none", "m"]
    found = dict(tree.read_many(asked, 300))
    assert list(found) == asked
    assert found["m/0001.yaml"].data == b"m/0001.yaml" * 2
    assert found["m/0049.yaml"].problem == "too-large"
    assert (found["none"].problem, found["m"].problem) == ("missing", "directory")


def test_text_is_found_in_binary_files_and_by_whole_bytes(opened: Git, repo: Repo, tree_at: TreeAt) -> None:
    repo.commit({"bin.yaml": b"\0\1needle\0", "regex.yaml": "a.c", "not.yaml": "abc"})
    tree = tree_at(opened, "HEAD")
    assert tree.grep(("needle",)) == {"bin.yaml"}
    assert tree.grep(("a.c",)) == {"regex.yaml"}
    assert tree.grep(()) == set()
    assert tree.grep(("",)) == {entry.path for entry in tree.entries()}
    assert tree.grep(("-e", "--all")) == set()


def test_many_needles_are_narrowed_to_few_that_find_at_least_as_much() -> None:
    needles = tuple(f"evidence/model-{number}/report.json" for number in range(500))
    patterns = narrowed(needles)
    assert 1 <= len(patterns) <= 40
    assert all(any(pattern in needle.encode() for pattern in patterns) for needle in needles)
    assert narrowed(("one", "two")) == [b"one", b"two"]
    assert narrowed(("first\nsecond",)) == [b"first"]

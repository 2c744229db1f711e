"""Which files changed: between commits, in the index, in the working tree."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from changegate.errors import GitError, UsageError
from changegate.workspace import ScopeOptions, changed_files, resolve

if TYPE_CHECKING:
    from pathlib import Path

    from changegate.workspace import FileChange, Scope
    from support.repos import Repo

BODY = "".join(f"line {number}\n" for number in range(40))


def scope(repo: Repo, base: str = "main", head: str = "", *, staged: bool = False, **environ: str) -> Scope:
    options = ScopeOptions(start=repo.path, base=base, head=head, staged=staged)
    return resolve(options, {**repo.environ, **environ})


def brief(changes: tuple[FileChange, ...]) -> list[tuple[str, str, str]]:
    return [(change.operation, change.old_path, change.path) for change in changes]


def test_between_two_commits(repo: Repo) -> None:
    repo.commit({"gone": "x", "moved": BODY, "kind": "x", "mode": "x", "same": "x"})
    repo.branch("topic")
    repo.link("kind2", "x")
    (repo.path / "mode").chmod(0o755)
    (repo.path / "kind").unlink()
    repo.link("kind", "same")
    repo.commit({"new": "1", "there": BODY + "more\n", "README.md": "other\n"}, remove=("gone", "moved"))
    changes = changed_files(scope(repo, head="topic"))
    assert brief(changes) == [
        ("modified", "README.md", "README.md"),
        ("deleted", "gone", "gone"),
        ("type-changed", "kind", "kind"),
        ("added", "", "kind2"),
        ("modified", "mode", "mode"),
        ("added", "", "new"),
        ("renamed", "moved", "there"),
    ]
    by_path = {change.path: change for change in changes}
    assert (by_path["kind"].old_mode, by_path["kind"].new_mode) == ("100644", "120000")
    assert (by_path["mode"].old_mode, by_path["mode"].new_mode) == ("100644", "100755")
    assert (by_path["new"].old_oid, by_path["new"].new_oid) == ("", repo.id("topic:new"))
    assert (by_path["gone"].old_oid, by_path["gone"].new_oid) == (repo.id("main:gone"), "")


def test_odd_names(repo: Repo) -> None:
    names = ["a b", "new\nline", "tab\t", "\udcff\udcfe", "--output=x", "-r", ":100644 000000 a", "Case", "case"]
    repo.branch("topic")
    repo.commit(dict.fromkeys(names, "x"))
    changes = changed_files(scope(repo, head="topic"))
    assert {change.path for change in changes} == set(names)
    assert not (repo.path / "x").exists()


def test_a_file_that_becomes_a_submodule_or_a_link(repo: Repo) -> None:
    repo.branch("topic")
    repo.git("rm", "-q", "models/fraud.yaml")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{repo.id('HEAD')},models/fraud.yaml")
    repo.git("commit", "-qm", "submodule")
    found = scope(repo, head="topic")
    changes = changed_files(found)
    assert brief(changes) == [("type-changed", "models/fraud.yaml", "models/fraud.yaml")]
    assert changes[0].new_mode == "160000"
    assert found.head.read("models/fraud.yaml", 100).problem == "submodule"


def test_the_working_tree(repo: Repo) -> None:
    repo.commit(
        {"gone": "to go\n", "moved": "moved bytes\n", "link": "x", ".gitignore": "ignored\n", "touched": "same\n"}
    )
    repo.tracking("main", "HEAD")
    repo.write(
        {
            "new": "1",
            "there": "moved bytes\n",
            "README.md": "other\n",
            "ignored": "x",
            "added": "x",
            "touched": "same\n",
        }
    )
    repo.git("add", "added")
    repo.remove("gone", "moved", "link")
    repo.link("link", "README.md")
    os.utime(repo.path / "touched", (1, 1))
    changes = changed_files(scope(repo))
    assert brief(changes) == [
        ("modified", "README.md", "README.md"),
        ("added", "", "added"),
        ("deleted", "gone", "gone"),
        ("type-changed", "link", "link"),
        ("added", "", "new"),
        ("renamed", "moved", "there"),
    ]


def test_line_ends_that_git_changes_are_no_change(repo: Repo) -> None:
    repo.commit({"lines": "one\ntwo\n", "moved": "three\nfour\n" * 1000, "touched": "five\n" * 1000, "other": "six\n"})
    repo.tracking("main", "HEAD")
    repo.git("config", "--global", "core.autocrlf", "true")
    repo.remove("lines", "moved", "touched", "other")
    repo.git("checkout", "--quiet", ".")
    repo.git("mv", "moved", "there")
    os.utime(repo.path / "touched", (1, 1))
    repo.write({"other": "six\r\nseven\r\n"})
    assert (repo.path / "touched").read_bytes() == b"five\r\n" * 1000
    changes = changed_files(scope(repo))
    assert brief(changes) == [("modified", "other", "other"), ("renamed", "moved", "there")]


def test_line_ends_that_git_leaves_alone_are_a_change(repo: Repo) -> None:
    repo.commit({"lines": "one\ntwo\n"})
    repo.tracking("main", "HEAD")
    repo.write({"lines": "one\r\ntwo\r\n"})
    assert brief(changed_files(scope(repo))) == [("modified", "lines", "lines")]


def test_a_file_out_of_the_index_and_still_on_the_disk_is_there(repo: Repo) -> None:
    repo.git("rm", "-q", "--cached", "README.md", "models/fraud.yaml")
    repo.write({"README.md": "other\n"})
    assert brief(changed_files(scope(repo))) == [("modified", "README.md", "README.md")]


def test_what_a_sparse_checkout_leaves_out_has_not_changed(repo: Repo) -> None:
    repo.commit({"other/x": "1"})
    repo.git("sparse-checkout", "set", "models")
    assert changed_files(scope(repo)) == ()


def test_the_index_is_what_is_committed(repo: Repo) -> None:
    repo.write({"models/fraud.yaml": "staged\n", "intended": "x", "new": "staged\n"})
    repo.git("add", "models/fraud.yaml", "new")
    repo.git("add", "--intent-to-add", "intended")
    repo.write({"models/fraud.yaml": "not staged\n", "README.md": "not staged\n"})
    before = (repo.path / ".git/index").read_bytes()
    found = scope(repo, base="", staged=True)
    assert (found.head_id, found.base_id) == ("index", repo.id("HEAD"))
    assert brief(changed_files(found)) == [("modified", "models/fraud.yaml", "models/fraud.yaml"), ("added", "", "new")]
    assert found.head.read("models/fraud.yaml", 100).data == b"staged\n"
    assert found.head.read("intended", 100).problem == "missing"
    assert found.head.grep(("staged",)) == {"models/fraud.yaml", "new"}
    assert (repo.path / ".git/index").read_bytes() == before


def test_during_a_commit_git_uses_another_index(repo: Repo) -> None:
    repo.write({"README.md": "other\n"})
    repo.git("add", "README.md", env={"GIT_INDEX_FILE": ".git/next-index.lock"})
    assert brief(changed_files(scope(repo, base="", staged=True))) == []
    found = scope(repo, base="", staged=True, GIT_INDEX_FILE=".git/next-index.lock")
    assert ("modified", "README.md", "README.md") in brief(changed_files(found))
    with pytest.raises(UsageError, match="outside the git directory"):
        scope(repo, base="", staged=True, GIT_INDEX_FILE="../elsewhere")


def test_an_index_with_conflicts_is_an_error(repo: Repo) -> None:
    repo.branch("topic")
    repo.commit({"README.md": "theirs\n"})
    repo.switch("main")
    repo.commit({"README.md": "ours\n"})
    repo.git("merge", "topic", check=False)
    with pytest.raises(GitError, match="the index cannot be committed") as caught:
        scope(repo, base="", staged=True)
    assert "resolve the conflicts" in caught.value.hint


def test_before_the_first_commit_everything_is_new(repo: Repo) -> None:
    repo.git("switch", "-q", "--orphan", "fresh")
    repo.write({"a": "1"})
    repo.git("add", "a")
    for staged in (True, False):
        found = scope(repo, base="", staged=staged)
        assert found.base is None
        assert brief(changed_files(found)) == [("added", "", "a")]
        assert found.notes == ("nothing was committed yet: every file counts as new",)


def test_git_is_not_run_inside_a_submodule(repo: Repo, tmp_path: Path) -> None:
    repo.clone(tmp_path / "other")
    repo.git("submodule", "--quiet", "add", f"file://{tmp_path}/other", "inner")
    repo.commit()
    repo.git("-C", "inner", "config", "core.fsmonitor", f"touch {tmp_path}/trapped; false")
    (repo.path / "inner/README.md").write_text("other\n")
    assert changed_files(scope(repo, base="HEAD")) == ()
    assert not (tmp_path / "trapped").exists()

"""What a file was on a branch, in a real repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from changegate.workspace.file_states import states_of_file
from changegate.workspace.git import Git
from support.repos import Repo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def history(tmp_path: Path) -> Iterator[Git]:
    """A repository whose file `a.yaml` had several contents, one a commit, and was gone for a while."""
    repo = Repo.init(tmp_path / "repository")
    for number, content in enumerate(("one", "two", "two", None, "one", "three")):
        if content is None:
            repo.git("rm", "--quiet", "a.yaml")
        repo.commit({"other.txt": str(number), **({"a.yaml": content} if content else {})}, f"commit {number}")
    git = Git.open(repo.path, repo.environ)
    yield git
    git.close()


def test_every_content_once_the_latest_first(history: Git) -> None:
    found = states_of_file(history, history.commit_id("HEAD"), "a.yaml", most=100, limit=1000)
    assert ([one.data for one in found.states], found.cut) == ([b"three", b"one", b"two"], "")
    assert history.run("show", f"{found.states[0].commit}:a.yaml").out == b"three"


def test_a_bound_says_that_there_may_be_more(history: Git) -> None:
    found = states_of_file(history, history.commit_id("HEAD"), "a.yaml", most=2, limit=1000)
    assert [one.data for one in found.states] == [b"three", b"one"]
    assert "only the latest 2 changes" in found.cut


def test_a_path_is_no_pattern_and_a_large_content_is_not_read(history: Git) -> None:
    tip = history.commit_id("HEAD")
    assert states_of_file(history, tip, "*.yaml", most=9, limit=1000).states == ()
    assert [one.data for one in states_of_file(history, tip, "a.yaml", most=9, limit=4).states] == [b"", b"one", b"two"]


def test_a_move_hides_nothing_that_the_file_was_nor_what_stood_at_its_new_path(tmp_path: Path) -> None:
    repo = Repo.init(tmp_path / "repository")
    text = "\n".join(f"line {number}" for number in range(20))
    repo.commit({"old.yaml": text, "new.yaml": "of another"}, "first")
    repo.git("rm", "--quiet", "new.yaml")
    repo.commit({"old.yaml": f"{text} more"}, "second")
    repo.git("mv", "old.yaml", "new.yaml")
    repo.commit({}, "moved")
    git = Git.open(repo.path, repo.environ)
    found = states_of_file(git, git.commit_id("HEAD"), "new.yaml", most=100, limit=1000)
    git.close()
    assert [one.data.decode() for one in found.states] == [f"{text} more", text, "of another"]

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from changegate.workspace.git import Git
from changegate.workspace.trees import GitTree
from support.repos import Repo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A repository with one commit on main, which is also the trusted branch's tip."""
    made = Repo.init(tmp_path / "repo")
    made.commit({"models/fraud.yaml": "name: fraud\n", "README.md": "hello\n"}, "first")
    made.tracking("main", "HEAD")
    return made


@pytest.fixture
def opened(repo: Repo) -> Iterator[Git]:
    git = Git.open(repo.path, repo.environ)
    yield git
    git.close()


@pytest.fixture
def tree_at() -> Callable[[Git, str], GitTree]:
    def make(git: Git, name: str) -> GitTree:
        commit = git.objects.commit(git.commit_id(name))
        assert commit is not None
        return GitTree(git, commit.tree, commit.oid)

    return make


@pytest.fixture
def github(tmp_path: Path, repo: Repo) -> Callable[..., dict[str, str]]:
    """Make the environment of a GitHub Actions run for an event."""

    def make(name: str, event: dict[str, Any], **more: str) -> dict[str, str]:
        path = tmp_path / "event.json"
        path.write_text(json.dumps(event))
        return {
            **repo.environ,
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": name,
            "GITHUB_EVENT_PATH": str(path),
            "GITHUB_REPOSITORY": "acme/models",
            "CHANGEGATE_TRUSTED_REF": "refs/heads/main",
            **more,
        }

    return make


@pytest.fixture
def pull_request(github: Callable[..., dict[str, str]]) -> Callable[..., dict[str, str]]:
    """Make the environment of a pull request's run."""

    def make(
        head: str, *, merge: str = "", target: str = "main", base: str = "0" * 40, name: str = "pull_request"
    ) -> dict[str, str]:
        event = {
            "pull_request": {
                "number": 7,
                "user": {"login": "ana", "type": "User"},
                "base": {"ref": target, "sha": base, "repo": {"full_name": "acme/models"}},
                "head": {"ref": "topic", "sha": head},
                "merge_commit_sha": merge or None,
            }
        }
        return github(name, event, GITHUB_BASE_REF=target, **({"GITHUB_SHA": merge} if merge else {}))

    return make

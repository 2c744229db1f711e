"""`changegate diff` on a real repository."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from click.testing import CliRunner

from changegate.cli.diff import command
from changegate.errors import GitError
from support.repos import Repo
from support.rollouts import fraud

if TYPE_CHECKING:
    from pathlib import Path

FILE = "models/fraud.yaml"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = Repo.init(tmp_path / "repository")
    write(repo, fraud())
    repo.git("add", ".")
    repo.git("commit", "--quiet", "-m", "first")
    return repo


def write(repo: Repo, release: dict[str, Any] | None, text: str = "") -> None:
    path = repo.path / FILE
    path.parent.mkdir(exist_ok=True)
    path.write_text(text or yaml.safe_dump(release))


def run(repo: Repo, *arguments: str) -> Any:
    return CliRunner(env=repo.environ).invoke(
        command, ["-C", str(repo.path), *arguments], standalone_mode=False, catch_exceptions=False
    )


def newer() -> dict[str, Any]:
    release = fraud()
    release["spec"]["version"] = "2.5.0"
    release["spec"]["serving"]["endpoint"] = "fraud-v2"
    return release


def test_the_working_tree_against_a_revision(repo: Repo) -> None:
    write(repo, newer())
    result = run(repo, "main")
    assert result.return_value == 0
    assert "fraud-detector: update 2.4.0 → 2.5.0 (models/fraud.yaml)" in result.output
    assert "1 release: 1 breaking, 1 compatible" in result.output


def test_two_revisions_are_compared_as_they_are(repo: Repo) -> None:
    write(repo, newer())
    repo.git("commit", "--quiet", "-am", "second")
    result = run(repo, "HEAD", "HEAD~1", "-o", "json")
    (release,) = json.loads(result.output)["releases"]
    assert (release["operation"], release["versions"]) == ("rollback", {"before": "2.5.0", "after": "2.4.0"})


def test_nothing_changed(repo: Repo) -> None:
    result = run(repo, "main", "HEAD")
    assert (result.return_value, result.output) == (0, "no release changed\n")


def test_a_broken_manifest_is_exit_2_and_never_no_change(repo: Repo) -> None:
    write(repo, None, "apiVersion: changegate.dev/v1\nkind: ModelRelease\nmetadata: {name: [}\n")
    result = run(repo, "main")
    assert result.return_value == 2
    assert "not compared:" in result.output
    assert "no release changed" not in result.output


def test_an_unknown_revision_is_an_error_with_a_hint(repo: Repo) -> None:
    with pytest.raises(GitError, match="not a commit in this clone") as caught:
        run(repo, "nowhere")
    assert caught.value.hint


def test_a_revision_that_looks_like_an_option_is_none(repo: Repo) -> None:
    with pytest.raises(GitError):
        run(repo, "--", "--output=/tmp/x")

"""`changegate diff` on a real repository."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonpatch
import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from changegate.cli.diff import command
from changegate.errors import GitError, UsageError
from support.repos import Repo
from support.rollouts import fraud

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
    assert "1 release: 1 breaking\n" in result.output


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


def test_fail_on_is_exit_1_from_a_level_on(repo: Repo) -> None:
    release = fraud()
    release["spec"]["serving"]["replicas"] = 1
    write(repo, release)
    assert run(repo, "main", "--fail-on", "breaking").return_value == 0
    assert run(repo, "main", "--fail-on", "could-be-breaking").return_value == 1
    assert run(repo, "main", "--fail-on", "documentation").return_value == 1
    write(repo, newer())
    assert run(repo, "main", "--fail-on", "breaking").return_value == 1


def test_what_cannot_be_compared_is_exit_2_whatever_the_level(repo: Repo) -> None:
    write(repo, None, "apiVersion: changegate.dev/v1\nkind: ModelRelease\nmetadata: {name: [}\n")
    assert run(repo, "main", "--fail-on", "breaking").return_value == 2


def test_two_files_outside_a_repository(tmp_path: Path) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.json"
    old.write_text(yaml.safe_dump(fraud()))
    release = newer()
    release["metadata"]["name"] = "other"
    new.write_text(json.dumps(release))
    result = CliRunner().invoke(command, ["--no-index", str(old), str(new)], standalone_mode=False)
    assert result.return_value == 0
    assert "other: update 2.4.0 → 2.5.0" in result.output
    assert "Name: fraud-detector → other." in result.output


@pytest.mark.parametrize(
    ("text", "told"), [("just: text\n", "there is no manifest in it"), ("", "there is no manifest in it"), ("a: [", "")]
)
def test_a_file_without_a_manifest_is_exit_2(tmp_path: Path, text: str, told: str) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(yaml.safe_dump(fraud()))
    new.write_text(text)
    result = CliRunner().invoke(command, ["--no-index", str(old), str(new)], standalone_mode=False)
    assert result.return_value == 2
    assert told in result.output


def test_a_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        CliRunner().invoke(command, ["--no-index", "a", "b"], standalone_mode=False, catch_exceptions=False)
    with pytest.raises(UsageError, match="needs two files"):
        CliRunner().invoke(command, ["--no-index", "a"], standalone_mode=False, catch_exceptions=False)


def test_markdown_escapes_what_a_manifest_says(repo: Repo) -> None:
    release = fraud()
    release["spec"]["intendedUse"] = "<img src=x> | @everyone\n/approve"
    write(repo, release)
    result = run(repo, "main", "-o", "markdown")
    assert "<img" not in result.output
    assert "| could-be-breaking | governance |" in result.output
    assert not any(line.startswith("/approve") for line in result.output.splitlines())


def test_a_json_patch_makes_the_one_of_the_other(repo: Repo) -> None:
    write(repo, newer())
    (release,) = json.loads(run(repo, "main", "-o", "json-patch").output)["releases"]
    assert jsonpatch.apply_patch(fraud(), release["patch"]) == newer()


def test_json_is_as_its_schema_says(repo: Repo) -> None:
    write(repo, newer())
    document = json.loads(run(repo, "main", "-o", "json").output)
    schema = json.loads((Path(__file__).parents[3] / "schemas/diff.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(document)
    assert document["releases"][0]["level"] == "breaking"
    assert document["releases"][0]["entries"][0]["rule"] == "diff/endpoint-changed"

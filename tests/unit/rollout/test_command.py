"""`changegate plan` on files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from click.testing import CliRunner

from changegate.cli.plan import command
from changegate.errors import PlanError, ReportError, UsageError
from support.rollouts import fraud

if TYPE_CHECKING:
    from pathlib import Path


def manifest(folder: Path, *releases: dict[str, Any]) -> str:
    path = folder / "fraud.yaml"
    path.write_text(yaml.safe_dump_all(releases))
    return str(path)


def run(*arguments: str) -> Any:
    return CliRunner().invoke(command, list(arguments), standalone_mode=False, catch_exceptions=False)


def test_it_shows_the_table_and_what_the_target_loses(tmp_path: Path) -> None:
    result = run(manifest(tmp_path, fraud()))
    assert result.return_value == 0
    assert result.output.startswith("fraud-detector 2.4.0: canary for argo-rollouts\n")
    assert "not expressed in the rendered form:" in result.output


def test_it_writes_the_plan_and_its_form_with_the_same_bytes_twice(tmp_path: Path) -> None:
    file = manifest(tmp_path, fraud())
    for name in ("one", "two"):
        assert run(file, "-o", str(tmp_path / "deep" / name)).return_value == 0
    written = {path.name: path.read_bytes() for path in (tmp_path / "deep" / "one").iterdir()}
    assert set(written) == {"plan.json", "rendering.json", "rollout.yaml", "analysis-templates.yaml"}
    assert written == {path.name: path.read_bytes() for path in (tmp_path / "deep" / "two").iterdir()}
    assert json.loads(written["rendering.json"])["losses"]


def test_several_manifests_of_a_file_get_a_folder_each(tmp_path: Path) -> None:
    other = fraud()
    other["metadata"]["variant"] = "challenger"
    run(manifest(tmp_path, fraud(), other), "-o", str(tmp_path / "plans"))
    assert {path.name for path in (tmp_path / "plans").iterdir()} == {
        "fraud-detector",
        "fraud-detector@production@challenger",
    }


def test_a_manifest_without_a_target_is_shown_and_written_neutral_only(tmp_path: Path) -> None:
    run(manifest(tmp_path, fraud(target=None)), "-o", str(tmp_path / "plans"))
    assert [path.name for path in (tmp_path / "plans").iterdir()] == ["plan.json"]


def test_a_target_without_a_renderer_is_an_error_that_names_those_with_one(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="no renderer for kserve") as caught:
        run(manifest(tmp_path, fraud()), "--target", "kserve")
    assert "argo-rollouts" in caught.value.hint


def test_a_manifest_without_a_plan_says_what_to_write(tmp_path: Path) -> None:
    release = fraud()
    del release["spec"]["rollout"]
    with pytest.raises(PlanError, match="has no rollout plan") as caught:
        run(manifest(tmp_path, release))
    assert "steps" in caught.value.hint


@pytest.mark.parametrize("text", ["a: 1\n", "", "apiVersion: changegate.dev/v1\nkind: [\n"])
def test_what_is_no_manifest_is_an_error_at_its_place(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text)
    with pytest.raises(PlanError) as caught:
        run(str(path))
    assert caught.value.place.startswith(str(path))


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        run(str(tmp_path / "none.yaml"))


def test_a_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("kept")
    plans = tmp_path / "plans"
    plans.mkdir()
    (plans / "plan.json").symlink_to(target)
    with pytest.raises(ReportError):
        run(manifest(tmp_path, fraud()), "-o", str(plans))
    assert target.read_text() == "kept"

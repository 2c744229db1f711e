"""`changegate schema`, and what `init --editor` sets up: whole schemas that say what ours say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from changegate.manifest import parse
from changegate.manifest.one_schema import schema_names
from support.command import changegate

ROOT = Path(__file__).parents[2]
GITOPS = ROOT / "fixtures" / "gitops-repo"


def printed(name: str, folder: Path) -> dict[str, Any]:
    run = changegate("schema", name, cwd=folder)
    assert run.code == 0, run.err
    found: dict[str, Any] = json.loads(run.out)
    return found


def references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [one for part in node for one in references(part)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
    return own + [one for part in node.values() for one in references(part)]


@pytest.mark.parametrize("name", schema_names())
def test_a_schema_is_whole_and_each_of_its_references_leads_somewhere(name: str, tmp_path: Path) -> None:
    schema = printed(name, tmp_path)
    jsonschema.Draft202012Validator.check_schema(schema)
    for reference in references(schema):
        assert reference.startswith("#"), reference
        node: Any = schema
        for part in reference[2:].split("/") if reference != "#" else ():
            node = node[part.replace("~1", "/").replace("~0", "~")]


def test_a_printed_schema_accepts_what_is_right_and_refuses_what_is_wrong(tmp_path: Path) -> None:
    manifest = parse((GITOPS / "models/fraud-detector/manifest.yaml").read_bytes(), "m").documents[0].value
    validator = jsonschema.Draft202012Validator(printed("manifest", tmp_path))
    validator.validate(manifest)
    manifest["spec"]["risk"]["tier"] = "hihg"
    assert [error.json_path for error in validator.iter_errors(manifest)] == ["$.spec.risk.tier"]
    config = parse((GITOPS / ".changegate/config.yaml").read_bytes(), "c").documents[0].value
    validator = jsonschema.Draft202012Validator(printed("config", tmp_path))
    validator.validate(config)
    config["settings"] = {"rollout": {"minimumBakeSeconds": "30m"}}
    assert [error.json_path for error in validator.iter_errors(config)] == ["$.settings.rollout.minimumBakeSeconds"]


def test_without_a_name_they_are_listed_and_a_wrong_one_gets_the_nearest(tmp_path: Path) -> None:
    assert changegate("schema", cwd=tmp_path).out.split() == schema_names()
    run = changegate("schema", "manifst", cwd=tmp_path)
    assert run.code == 2
    assert "did you mean manifest?" in run.err


def test_init_sets_the_editor_up_without_a_network(tmp_path: Path) -> None:
    run = changegate("init", "--editor", cwd=tmp_path)
    assert run.code == 0
    settings = json.loads((tmp_path / ".vscode/settings.json").read_text())["yaml.schemas"]
    for file in settings:
        schema = json.loads((tmp_path / file).read_text())
        assert all(reference.startswith("#") for reference in references(schema))
    (tmp_path / ".vscode/settings.json").write_text("{}")
    again = changegate("init", "--editor", cwd=tmp_path)
    assert "kept     .vscode/settings.json" in again.out
    assert (tmp_path / ".vscode/settings.json").read_text() == "{}"

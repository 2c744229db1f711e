"""Statements of one manifest that exclude each other, and what a careful team writes all day.

One pull request brings all of them (`support.claims`). What is expected is the rule and the line that it stands on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from changegate import fixtures
from changegate.policy.settings import defaults
from changegate.resources import REGO, SCHEMAS
from support.claims import BAD, BENIGN, MENDS, TEAMS, files, manifest
from support.command import judge

if TYPE_CHECKING:
    from pathlib import Path

    from support.command import Run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """One pull request that brings all of the manifests."""
    folder = tmp_path_factory.mktemp("claims")
    brought = {**files(), "models/renamed.yaml": manifest("renamed", {}, replaces="renamed")}
    data = {"setup": {"write": {".changegate/teams.yaml": TEAMS}}, "write": brought}
    run = judge(fixtures.lay_out(folder / "repository", fixtures.Case("claims", folder / "none", data)))
    assert not run.verdict["failures"], run.verdict["failures"]
    return run


def findings(run: Run, name: str) -> list[dict[str, Any]]:
    return [one for one in run.findings if one["location"]["file"] == f"models/{name}.yaml"]


def found(run: Run, name: str) -> set[tuple[str, str]]:
    """What the rules on claims find in a manifest: the rule's name, and the line."""
    return {
        (one["rule"].removeprefix("claims/"), one["location"]["source"].strip())
        for one in findings(run, name)
        if one["rule"].startswith("claims/")
    }


@pytest.mark.parametrize(
    ("name", "rule", "line"), [(name, *where) for name, _, *where in BAD], ids=[one[0] for one in BAD]
)
def test_statements_that_exclude_each_other(name: str, rule: str, line: str, run: Run) -> None:
    assert found(run, name) == {(rule, line)}


@pytest.mark.parametrize("name", MENDS)
def test_what_the_remedy_asks_for_mends(name: str, run: Run) -> None:
    before, after = (findings(run, one) for one in (name, f"{name}-mended"))
    words = [one["remediation"] for one in before if one["rule"].startswith("claims/")]
    assert [MENDS[name][0] in one for one in words] == [True], words
    assert found(run, f"{name}-mended") == set()
    assert {one["rule"] for one in after} <= {one["rule"] for one in before}


def test_every_rule_has_a_remedy_that_is_tried() -> None:
    assert {rule for name, _, rule, _ in BAD if name in MENDS} == {rule for _, _, rule, _ in BAD}


def test_a_release_that_replaces_itself(run: Run) -> None:
    assert found(run, "renamed") == {("identity-contradicts", "replaces: renamed")}


@pytest.mark.parametrize("name", [name for name, _ in BENIGN])
def test_what_a_careful_team_writes(name: str, run: Run) -> None:
    assert found(run, name) == set()


def test_both_statements_are_named_and_shown(run: Run) -> None:
    (finding,) = (
        one for one in run.findings if one["location"]["file"] == "models/no-gpu.yaml" and "claims" in one["rule"]
    )
    assert "`gpuMemory: 24Gi` and `gpu: 0` cannot both be true" in finding["message"]
    assert [one["location"]["source"].strip() for one in finding["related"]] == ["gpu: 0"]


def test_a_kind_is_accepted_by_name(tmp_path: Path) -> None:
    config = "apiVersion: changegate.dev/v1\nkind: Config\nsettings: {claims: {accepted: [escalates-to-itself]}}\n"
    teams = {".changegate/teams.yaml": TEAMS, ".changegate/config.yaml": config}
    keys = {"operations": {"escalation": "scoring"}, "serving": {"replicas": 0}}
    data = {"setup": {"write": teams}, "write": {"models/one.yaml": manifest("one", keys)}}
    run = judge(fixtures.lay_out(tmp_path / "repository", fixtures.Case("claims", tmp_path / "none", data)))
    assert found(run, "one") == {("serving-contradicts", "replicas: 0")}


def test_settings_name_every_kind_that_a_rule_has_words_for() -> None:
    schema = yaml.safe_load((SCHEMAS / "settings" / "claims.json").read_text())
    text = "".join(path.read_text() for path in (REGO / "changegate/checks/claims").glob("*.rego"))
    kinds = set(re.findall(r'^[a-z]+_words\["([a-z0-9-]+)"\] := ', text, re.MULTILINE))
    assert {*schema["properties"]["accepted"]["items"]["enum"]} == kinds | {"name-twice"}
    assert defaults()["claims"]["accepted"] == []

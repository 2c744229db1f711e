"""What changed, as the gate tells it on real repositories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from changegate import fixtures
from changegate.cli.group import group
from changegate.diff.catalogue import RULES
from support.command import judge

if TYPE_CHECKING:
    from pathlib import Path

CASES = {case.name: case for case in fixtures.cases()}


def entries(folder: Path, name: str) -> dict[str, dict[str, Any]]:
    """The entries of the release that a pull request of the fixtures changes, by rule."""
    run = judge(fixtures.lay_out(folder / "repository", CASES[name]))
    (release,) = (one for one in run.verdict["subjects"] if one["subject"]["kind"] == "release")
    return {entry["rule"]: entry for entry in release["entries"]}


def test_metrics_are_told_before_and_after(tmp_path: Path) -> None:
    found = entries(tmp_path, "evaluation-regressed")
    worse = found["diff/metric-worse"]
    assert worse["level"] == "could-be-breaking"
    assert " → " in worse["text"]
    assert worse["text"].endswith("%).")
    assert worse["paths"] == []


def test_latency_is_told_as_a_difference(tmp_path: Path) -> None:
    worse = entries(tmp_path, "evaluation-latency-over-slo")["diff/latency-worse"]
    assert worse["text"].startswith("P95: ")
    assert " ms (+" in worse["text"]


def test_a_small_step_of_a_breaking_change_names_the_version_to_write(tmp_path: Path) -> None:
    run = judge(fixtures.lay_out(tmp_path / "repository", CASES["lineage-version-bump-too-small"]))
    (finding,) = run.findings
    assert "it has to be 2.0.0 at least" in finding["message"]


@pytest.mark.parametrize("rule", RULES)
def test_explain_describes_each_rule_of_the_diff(rule: str) -> None:
    shown = CliRunner().invoke(group, ["explain", f"diff/{rule}"], standalone_mode=False, catch_exceptions=False)
    assert RULES[rule].level in shown.output
    assert RULES[rule].why in shown.output

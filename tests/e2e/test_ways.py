"""Every way of the table is tried on a real repository, and gets the answer that it has there; the page shows all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from changegate.policy.catalogue import Catalogue
from changegate.rego.bundle import shipped
from support.ways import WAYS, Tried, answer_of, tables

if TYPE_CHECKING:
    from support.command import Run

PAGE = Path(__file__).parents[2] / "docs" / "ways.md"
CODES = {"closed": 1, "undecided": 2, "awaiting-approval": 3}


@pytest.mark.parametrize("way", WAYS, ids=[way["way"] for way in WAYS])
def test_a_way_gets_its_answer(way: dict[str, Any], tmp_path: Path) -> None:
    wanted = answer_of(way)
    run = Tried(tmp_path, way).judged()
    assert (run.code, run.verdict["verdict"]) == (CODES[wanted["verdict"]], wanted["verdict"]), run.out
    assert wanted.get("says", "") in run.out
    if "rule" in wanted:
        assert any(_is(told, wanted) for told in _told(run)), run.out


def _told(run: Run) -> list[tuple[str, str, str]]:
    """What blocks: each finding's rule, file and line, and each rule that could not be told."""
    findings = [one for one in run.findings if one["effect"] == "blocks"]
    places = [(one["rule"], one["location"]["file"], one["location"]["source"] or "") for one in findings]
    outcomes = [one for subject in run.subjects for one in subject["outcomes"] if one["effect"] == "blocks"]
    return places + [(one["rule"], "", "") for one in outcomes if one["status"] == "unknown"]


def _is(told: tuple[str, str, str], wanted: dict[str, str]) -> bool:
    rule, file, line = told
    return (rule, file) == (wanted["rule"], wanted.get("file", "")) and line.strip().startswith(wanted.get("line", ""))


def test_there_are_sixty_ways_and_each_is_another() -> None:
    assert len(WAYS) >= 60
    assert len({way["way"] for way in WAYS}) == len(WAYS)
    assert {answer_of(way)["rule"] for way in WAYS if "rule" in answer_of(way)} <= set(Catalogue.of(shipped()))


def test_the_page_shows_the_table() -> None:
    assert tables() in PAGE.read_text(encoding="utf-8")

"""Every row of docs/attacks-on-provenance.md, driven through the command on a real repository."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from changegate import fixtures
from support.attacks import Attack, load_attacks, page
from support.command import judge

if TYPE_CHECKING:
    from changegate.fixtures import LaidOut

ROWS = load_attacks()
PAGE = Path(__file__).parents[2] / "docs" / "attacks-on-provenance.md"


@pytest.mark.parametrize("row", ROWS, ids=[row.attack for row in ROWS])
def test_attack_is_answered(row: Attack, tmp_path: Path) -> None:
    run = judge(_laid_out(row, tmp_path / "repository"))
    found = [one for one in run.findings if one["rule"] == row.answer]
    if row.answer == "verified":
        assert run.rules == set(), run.out
        told = [subject["input"]["evidence"]["provenance"]["signature"]["told"] for subject in _releases(run.subjects)]
        assert any(row.says in one for one in told), told
        return
    assert [one["effect"] for one in found][:1] == [row.effect], run.out
    assert row.says in found[0]["message"], found[0]["message"]
    assert (run.code == 0) == (row.effect == "advises" and run.verdict["verdict"] == "open")


def _releases(subjects: list[dict]) -> list[dict]:  # type: ignore[type-arg]
    return [one for one in subjects if one["subject"]["kind"] == "release"]


def _laid_out(row: Attack, root: Path) -> LaidOut:
    if "." not in row.fixture:
        return fixtures.lay_out(root, fixtures.case(row.fixture))
    module, _, function = row.fixture.rpartition(".")
    made: LaidOut = getattr(import_module(f"support.{module}"), function)(root)
    return made


def test_the_page_shows_every_row() -> None:
    assert page() in PAGE.read_text(), "write what `python -m support.attacks` prints into the page"


def test_no_attack_stands_twice() -> None:
    assert len({row.attack for row in ROWS}) == len(ROWS)

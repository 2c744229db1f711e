"""A fault of changegate itself is no answer, and reports are still written; what a reader must know is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from changegate import gate
from changegate.judging import prepare
from changegate.request import request_of
from changegate.verdict import Gate
from support.repos import Repo

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo.init(tmp_path / "repo")
    made.commit({"README.md": "hello\n"})
    return made


def test_a_fault_of_ours_is_undecided(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(prepare, "survey", broken)
    verdict = gate.check(request_of(repo.path, base="HEAD"), repo.environ)
    assert (verdict.gate, verdict.exit_code) == (Gate.UNDECIDED, 2)
    (failure,) = verdict.failures
    assert (failure.kind, failure.message) == ("InternalError", "internal error: RecursionError: too deep")
    assert f"its trace, which is in {repo.home}/.local/state/changegate/crash-" in failure.hint
    with pytest.raises(RecursionError):
        gate.check(request_of(repo.path, base="HEAD"), {**repo.environ, "CHANGEGATE_DEBUG": "1"})


def test_how_base_and_head_were_found_is_told(repo: Repo) -> None:
    repo.branch("topic")
    repo.commit({"other": "x\n"})
    verdict = gate.check(request_of(repo.path, base="topic", head="main"), repo.environ)
    assert any("older than the base" in note for note in verdict.notes), verdict.notes

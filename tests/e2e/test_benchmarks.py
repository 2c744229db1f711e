"""The benchmarks measure what they say: every release of a corpus holds, and a change touches what it is named for."""

from __future__ import annotations

import hashlib
import importlib
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from changegate.fixtures import NOW, git
from support.command import changegate, check, surroundings

if TYPE_CHECKING:
    from types import ModuleType

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    import corpus

    return corpus


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import rows

    return rows


def releases(root: Path, *more: str) -> list[dict[str, Any]]:
    found = check("--base", "main", "--now", NOW, *more, cwd=root).verdict["subjects"]
    return [one for one in found if one["subject"]["kind"] == "release"]


@pytest.mark.parametrize("kind", ["shared", "own"])
def test_every_release_of_a_corpus_holds(corpus: ModuleType, kind: str) -> None:
    made = corpus.repository(kind, 16, tags=3)
    found = releases(made.at("main"), "--all")
    assert len(found) == len(made.manifests()) == 16
    assert [one["findings"] for one in found] == [[]] * 16
    assert git(made.root, "tag").split() == ["release/0000", "release/0001", "release/0002"]


def test_every_manifest_of_the_own_corpus_has_files_of_its_own(corpus: ModuleType) -> None:
    made = corpus.repository("own", 2 * len(corpus.EVIDENCED))
    named: list[str] = []
    for manifest in made.manifests():
        files = re.findall(r"path: ([^,}\s]+)", manifest.read_text())
        assert {"evaluation.json", "model.sig", "provenance.dsse.json"} <= {Path(file).name for file in files}
        named += set(files)
    contents = [hashlib.sha256((made.root / path).read_bytes()).digest() for path in named]
    assert len(set(named)) == len(set(contents)) == len(named)


CHANGES = {"one": 1, "three": 3, "ten": 10, "new": 1, "word": 1, "variant": 1}


@pytest.mark.parametrize("kind", ["shared", "own"])
def test_a_change_touches_as_many_releases_as_it_says(corpus: ModuleType, kind: str) -> None:
    made = corpus.repository(kind, 16)
    assert {change: len(releases(made.at(change))) for change in CHANGES} == CHANGES


def test_a_changed_contract_concerns_one_in_eight(corpus: ModuleType) -> None:
    assert len(releases(corpus.repository("shared", 16).at("contract"))) == 2


def test_reports_of_many_metrics_are_read_and_compared(corpus: ModuleType) -> None:
    made = corpus.reports(2100)
    (release,) = releases(made.at("metrics"))
    reports = [json.loads(path.read_text()) for path in sorted(made.root.rglob("evaluation-*.json"))]
    assert [len(report["metrics"]) for report in reports] == [2004, 100]
    assert not [one for one in release["findings"] if one["rule"].startswith("evaluation/")]


@pytest.mark.usefixtures("corpus")
def test_a_history_is_covered_but_for_each_hundredth_commit() -> None:
    import histories

    root = histories.history(300)
    words = ("audit", "main", "--records", histories.statements(root), "-o", "json")
    run = changegate(*words, cwd=root)
    changes = json.loads(run.out)["changes"]
    assert (run.code, len(changes)) == (1, 270)
    assert {one["covered"] for one in changes} == {"complete", "no-record"}


def test_a_repository_is_made_once(corpus: ModuleType) -> None:
    first = corpus.repository("shared", 10)
    made_at = (first.root / "models").stat().st_ino
    assert (corpus.repository("shared", 10).root / "models").stat().st_ino == made_at


def test_a_bound_on_the_ratio_holds_at_every_scale_and_one_on_the_value_at_the_full_size(rows: ModuleType) -> None:
    line = rows.Line("a case", 4.0, "s", "half", 1.0, (4.0, 2.0), at_most=3, ratio_at_most=2.3)
    assert line.missed(1) == ["value", "ratio"]
    assert line.missed(0.1) == ["ratio"]
    assert line._replace(by_processor=True).missed(0.1) == []
    assert "**missed: value, ratio**" in line.written(1)


def test_every_stage_that_is_timed_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import stages

    for module, name in stages.STAGES.values():
        found: Any = importlib.import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
        assert callable(found)


def test_rows_are_chosen_by_name() -> None:
    listed = run("--list")
    assert {"cold-shared", "all-own", "metrics"} <= set(listed.stdout.split())
    wrong = run("--only", "everything")
    assert wrong.returncode == 1
    assert "no row is named everything; there are cold-shared" in wrong.stderr


def run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(BENCHMARKS / "run.py"), *words]
    return subprocess.run(command, env=surroundings(), capture_output=True, text=True, check=False)


UNTOUCHED = {"same-name", "globs"}
"""Cases that touch no manifest: what is measured is that they are looked through."""


@pytest.mark.parametrize("size", [3])
def test_every_case_of_the_bounds_is_judged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, size: int) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    bounds = importlib.import_module("bounds")
    for name, (make, _) in bounds.CASES.items():
        (tmp_path / name).mkdir()
        _, said = bounds.run(make(size), tmp_path / name)
        assert ("nothing to check" in said) == (name in UNTOUCHED), (name, said)
        assert "internal error" not in said, name
        assert not said.startswith("error["), (name, said)

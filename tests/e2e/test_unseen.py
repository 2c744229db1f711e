"""A manifest is seen however it and its file are written: as a new file, as an edit, and with `--all`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from changegate import fixtures
from support.command import check
from support.disguises import BENIGN, MISTAKEN, READ, REFUSED, UNREADABLE, manifest

if TYPE_CHECKING:
    from support.command import Run
    from support.hosted import Hosted

CONFIG = ".changegate/config.yaml"
WAYS = {**UNREADABLE, **REFUSED, **MISTAKEN}


@pytest.fixture
def every(hosted: Hosted) -> Hosted:
    """A repository in which every file of the models may be a manifest."""
    globs = 'include: ["models/**/*.yaml", '
    hosted.repo.commit({CONFIG: hosted.edit(CONFIG, globs, f'{globs}"models/ways/*", ')})
    hosted.protect()
    return hosted


def slug(way: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in way.lower()).strip("-")


def placed(way: str, suffix: str) -> str:
    return f"models/ways/{slug(way)}.{suffix}"


def named(run: Run) -> set[str]:
    """The files that a finding closes the gate for."""
    return {
        one["location"]["file"]
        for one in run.findings
        if one["effect"] == "blocks" and one["rule"].startswith("manifest/")
    }


def test_there_are_many_ways() -> None:
    assert len(WAYS) > 80


def test_as_a_new_file_each_is_a_finding_on_it(every: Hosted) -> None:
    files: dict[str, str | bytes] = {placed(way, suffix): make(slug(way)) for way, (suffix, make) in WAYS.items()}
    run = every.judge(every.propose(files))
    assert run.code == 1
    assert sorted(files.keys() - named(run)) == []


def test_as_an_edit_each_is_a_finding_on_it(every: Hosted) -> None:
    """The manifest stood there before, in order; and another one beside it in the same file, which stays."""
    before: dict[str, str | bytes] = {
        placed(way, suffix): manifest(slug(way)) for way, (suffix, _) in WAYS.items() if suffix.lower() not in {"json"}
    }
    every.repo.commit(before)
    every.protect()
    files: dict[str, str | bytes] = {
        file: make(slug(way)) for way, (suffix, make) in WAYS.items() if (file := placed(way, suffix)) in before
    }
    run = every.judge(every.propose(files))
    assert run.code == 1
    assert sorted(files.keys() - named(run)) == []


def test_all_that_is_there_is_a_finding_on_its_file(every: Hosted) -> None:
    files: dict[str, str | bytes] = {placed(way, suffix): make(slug(way)) for way, (suffix, make) in WAYS.items()}
    every.repo.commit(files)
    every.protect()
    run = check("--all", "--now", fixtures.NOW, cwd=every.path, env=every.repo.environ)
    assert run.code == 1
    assert sorted(files.keys() - named(run)) == []


def test_what_is_written_in_another_way_is_judged(every: Hosted) -> None:
    files: dict[str, str | bytes] = {placed(way, suffix): make(slug(way)) for way, (suffix, make) in READ.items()}
    run = every.judge(every.propose(files))
    assert (run.code, named(run)) == (0, set())
    assert files.keys() <= {one["subject"]["file"] for one in run.verdict["subjects"]}


def test_what_is_none_of_ours_stays_quiet(every: Hosted) -> None:
    files: dict[str, str | bytes] = {placed(way, suffix): data for way, (suffix, data) in BENIGN.items()}
    run = every.judge(every.propose(files))
    assert (run.code, run.rules) == (0, set())
    every.repo.tracking("main", "topic")
    run = check("--all", "--now", fixtures.NOW, cwd=every.path, env=every.repo.environ)
    assert (run.code, run.rules) == (0, set())


def test_what_is_too_large_to_be_looked_into_is_a_finding(every: Hosted) -> None:
    large = placed("large", "json")
    head = every.propose({large: b" " * (129 << 20)})
    run = every.judge(head)
    assert (run.code, named(run)) == (1, {large})
    every.repo.tracking("main", head)
    run = check("--all", "--now", fixtures.NOW, cwd=every.path, env=every.repo.environ)
    assert (run.code, named(run)) == (1, {large})

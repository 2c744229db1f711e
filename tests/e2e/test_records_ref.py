"""Records in a ref of the repository: only ever added to, whoever writes at the same time, and read from there."""

from __future__ import annotations

import json
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from changegate import fixtures
from changegate.audit.records_ref import append_records, listed_records
from changegate.errors import ReportError
from changegate.workspace.git import Git
from support.command import changegate
from support.hosted import FRAUD, Hosted

if TYPE_CHECKING:
    from support.command import Run
    from support.repos import Repo

REF = "refs/changegate/records"
NEXT = (("version: 2.4.0", "version: 2.4.1"), ("to: 2.3.1", "to: 2.4.0"))
ROOT = Path(__file__).parents[2]


def proposed(hosted: Hosted) -> str:
    text = (hosted.path / FRAUD).read_text()
    for find, replace in NEXT:
        text = text.replace(find, replace)
    return hosted.propose({FRAUD: text})


def judged(hosted: Hosted, head: str, *more: str) -> Run:
    return hosted.run("--record", REF, *more, env=hosted.event(head), approved=head)


def paths(repo: Repo) -> list[str]:
    return repo.git("ls-tree", "-r", "--name-only", REF).splitlines()


def open_git(repo: Repo) -> Git:
    return Git.open(repo.path, repo.environ)


def test_a_decision_is_kept_replayed_and_audited_from_there(hosted: Hosted) -> None:
    first = hosted.repo.id("main")
    head = proposed(hosted)
    status, index = hosted.repo.git("status", "--porcelain"), (hosted.path / ".git/index").read_bytes()
    assert judged(hosted, head).code == 0
    assert hosted.repo.git("status", "--porcelain") == status
    assert (hosted.path / ".git/index").read_bytes() == index
    tree = hosted.repo.git("rev-parse", f"{head}^{{tree}}").strip()
    record, statement = sorted(paths(hosted.repo), reverse=True)
    assert re.fullmatch(rf"{tree[:2]}/{tree}-\d+-open-[0-9a-f]{{8}}\.record\.json", record)
    assert statement == record.replace(".record.json", ".intoto.json")
    run = changegate("replay", f"{REF}:{tree[:12]}", cwd=hosted.path, env=hosted.repo.environ)
    assert (run.code, run.out.startswith("the same verdict, open")) == (0, True), run.err
    hosted.repo.switch("main")
    hosted.repo.merge("topic")
    words = ("audit", f"{first}..main", "--records", REF, "--now", fixtures.NOW, "-o", "json")
    run = changegate(*words, cwd=hosted.path, env=hosted.repo.environ)
    assert (run.code, [one["covered"] for one in json.loads(run.out)["changes"]]) == (0, ["complete"])


def test_every_decision_is_a_commit_on_the_one_before(hosted: Hosted) -> None:
    head = proposed(hosted)
    judged(hosted, head)
    before = hosted.repo.id(REF)
    judged(hosted, head, "--now", "2026-11-02T12:05:00Z")
    assert hosted.repo.git("rev-list", "--count", REF).strip() == "2"
    assert hosted.repo.id(f"{REF}^") == before
    assert len(paths(hosted.repo)) == 4


def test_the_same_decision_twice_is_one(hosted: Hosted) -> None:
    head = proposed(hosted)
    judged(hosted, head)
    before = hosted.repo.id(REF)
    judged(hosted, head)
    assert hosted.repo.id(REF) == before


def test_an_undecided_verdict_is_kept_as_well(hosted: Hosted) -> None:
    hosted.repo.commit({".changegate/config.yaml": "kind: [\n"}, "broken")
    hosted.protect()
    assert judged(hosted, proposed(hosted)).code == 2
    assert any("-undecided-" in path for path in paths(hosted.repo))


def test_the_statement_alone_names_nobody_who_approved(hosted: Hosted) -> None:
    judged(hosted, proposed(hosted), "--record-parts", "statement")
    (statement,) = paths(hosted.repo)
    text = hosted.repo.git("show", f"{REF}:{statement}")
    assert not [one for one in (*fixtures.APPROVERS, fixtures.AUTHOR) if f'"{one}"' in text]
    run = changegate("replay", f"{REF}:", cwd=hosted.path, env=hosted.repo.environ)
    assert (run.code, "no record of" in run.err) == (2, True)


@pytest.mark.parametrize("place", ["refs/heads/main", "refs/tags/records", "refs/changegate/../heads/main"])
def test_no_branch_is_written_to(hosted: Hosted, place: str) -> None:
    head = proposed(hosted)
    refs = hosted.repo.git("for-each-ref")
    run = changegate("check", "--record", place, cwd=hosted.path, env=hosted.event(head))
    assert run.code == 2
    assert hosted.repo.git("for-each-ref") == refs


def test_many_who_write_at_once_lose_nothing(hosted: Hosted) -> None:
    def write(number: int) -> None:
        git = open_git(hosted.repo)
        append_records(git, REF, {f"{number % 3}/{number}.json": b"%d" % number}, about="a test", now=number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(24)))
    assert sorted(paths(hosted.repo)) == sorted(f"{number % 3}/{number}.json" for number in range(24))
    assert hosted.repo.git("rev-list", "--count", REF).strip() == "24"
    hosted.repo.git("fsck", "--strict")


def test_what_is_there_is_never_written_over(hosted: Hosted) -> None:
    git = open_git(hosted.repo)
    append_records(git, REF, {"a/b.json": b"1"}, about="a test", now=1)
    before = hosted.repo.id(REF)
    for files in ({"a/b.json": b"2"}, {"a": b"2"}, {"a/b.json/c": b"2"}):
        with pytest.raises(ReportError):
            append_records(git, REF, files, about="a test", now=1)
    assert hosted.repo.id(REF) == before


@pytest.mark.parametrize("how", ["changed", "removed", "in a merge"])
def test_a_history_that_changes_or_removes_a_record_is_refused(hosted: Hosted, how: str) -> None:
    git, repo = open_git(hosted.repo), hosted.repo
    append_records(git, REF, {"a/b.intoto.json": b"1"}, about="a test", now=1)
    first = repo.id(REF)
    append_records(git, "refs/changegate/other", {"c/d.intoto.json": b"2"}, about="a test", now=1)
    other = repo.id("refs/changegate/other")
    tree = repo.git("rev-parse", f"{other}^{{tree}}").strip() if how != "changed" else _changed(repo)
    parents = (first, other) if how == "in a merge" else (first,)
    repo.ref(REF, repo.commit_tree(tree, *parents))
    with pytest.raises(ReportError, match="is not append-only"):
        listed_records(open_git(repo), REF, ".json")
    run = changegate("audit", "--records", REF, cwd=hosted.path, env=repo.environ)
    assert (run.code, "is not append-only" in run.err) == (2, True)


def _changed(repo: Repo) -> str:
    """The same tree with another content of its record."""
    append_records(open_git(repo), "refs/changegate/twin", {"a/b.intoto.json": b"other"}, about="a test", now=1)
    return repo.git("rev-parse", "refs/changegate/twin^{tree}").strip()


@pytest.mark.parametrize("words", [("audit", "--records", REF), ("replay", f"{REF}:ab")])
def test_a_ref_that_is_not_there_is_told_with_how_to_fetch_it(hosted: Hosted, words: tuple[str, ...]) -> None:
    run = changegate(*words, cwd=hosted.path, env=hosted.repo.environ)
    assert (run.code, f"git fetch origin {REF}:{REF}" in run.err) == (2, True)


def test_two_clones_join_what_they_keep_as_the_page_says(hosted: Hosted, tmp_path: Path) -> None:
    """The lines of docs/reports.md, run by two clones that both kept a record before either pushed."""
    bare = tmp_path / "host.git"
    subprocess.run(["git", "init", "-q", "--bare", bare], check=True, env=hosted.repo.environ)
    page = (ROOT / "docs/reports.md").read_text()
    (lines,) = re.findall(r"```sh\n(# push-records\n.*?)```", page, re.DOTALL)
    for number in range(2):
        clone = hosted.repo.clone(tmp_path / f"clone{number}")
        clone.git("remote", "set-url", "origin", str(bare))
        append_records(open_git(clone), REF, {f"a/{number}.json": b"%d" % number}, about="a test", now=number)
    for number in range(2):
        where = tmp_path / f"clone{number}"
        done = subprocess.run(
            ["bash", "-euc", lines], cwd=where, env=hosted.repo.environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    kept = subprocess.run(
        ["git", "--git-dir", bare, "ls-tree", "-r", "--name-only", REF], capture_output=True, text=True, check=True
    )
    assert kept.stdout.split() == ["a/0.json", "a/1.json"]
    assert set(listed_records(open_git(clone), REF, ".json")) == {"a/0.json", "a/1.json"}

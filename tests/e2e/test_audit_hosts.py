"""An audit asks the host how commits were merged: direct pushes, and merges past the gate. Both hosts are played."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from changegate import fixtures
from support.command import changegate
from support.host_faults import FAULTS
from support.hosted import FRAUD, Hosted
from support.review_hosts import TOKEN, PlayedGitHub, PlayedGitLab, environment, served

if TYPE_CHECKING:
    from pathlib import Path

    from support.command import Run
    from support.opa import Odd
    from support.review_hosts import Played

BEFORE, MERGED, AFTER = "2026-11-01T10:00:00Z", "2026-11-01T12:00:00Z", "2026-11-01T13:00:00Z"
WAYS = (
    ("through", [("success", BEFORE)]),
    ("direct-push", None),
    ("status-missing", []),
    ("status-missing", [("success", AFTER)]),
    ("status-not-success", [("success", "2026-11-01T09:00:00Z"), ("failure", BEFORE)]),
    ("status-not-success", [("pending", BEFORE), ("success", AFTER)]),
    ("through", [("pending", "2026-11-01T09:00:00Z"), ("success", BEFORE)]),
)
"""How each commit came, and the gate's statuses of its request, in time; None where there is no request."""


class History:
    """A trusted branch with a commit for each way."""

    def __init__(self, folder: Path) -> None:
        self.hosted = Hosted(folder)
        self.repo = self.hosted.repo
        self.first = self.repo.id("main")
        text = (self.hosted.path / FRAUD).read_text()
        self.commits = [
            self.repo.commit({FRAUD: text.replace("weeklyBudget: 900", f"weeklyBudget: {901 + number}")}, f"c{number}")
            for number in range(len(WAYS) + 1)
        ]
        self.unknown = self.commits.pop()

    def audit(self, name: str, host: Played, *more: str | Path, form: str = "json") -> Run:
        words = ("audit", f"{self.first}..main", "--from", name, "--now", fixtures.NOW, "-o", form, *more)
        with served(host) as server:
            run = changegate(*words, cwd=self.hosted.path, env={**self.repo.environ, **environment(host, server)})
        assert TOKEN not in f"{run.out}{run.err}"
        return run


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    return History(tmp_path_factory.mktemp("history"))


def head_of(number: int) -> str:
    return f"{number:x}" * 40


def github(history: History) -> PlayedGitHub:
    host = PlayedGitHub(history.commits[0])
    path = f"/repos/{fixtures.REPOSITORY}"
    host.things[path] = {"full_name": fixtures.REPOSITORY, "default_branch": "main"}
    for number, ((_, statuses), oid) in enumerate(zip(WAYS, history.commits, strict=True)):
        pull = {"number": number, "merged_at": MERGED, "head": {"sha": head_of(number)}, "base": {"ref": "main"}}
        other = {**pull, "number": 99, "base": {"ref": "release"}}
        unmerged = {**pull, "number": 98, "merged_at": None}
        host.things[f"{path}/commits/{oid}/pulls"] = [unmerged, other, *([] if statuses is None else [pull])]
        said = [{"context": "changegate", "state": state, "created_at": at} for state, at in statuses or ()]
        others = [{"context": "lint", "state": "success", "created_at": BEFORE}]
        host.things[f"{path}/commits/{head_of(number)}/statuses"] = [*others, *said[::-1]]
        host.things[f"{path}/commits/{head_of(number)}/check-runs"] = {"total_count": 0, "check_runs": []}
    return host


def gitlab(history: History) -> PlayedGitLab:
    host = PlayedGitLab(history.commits[0])
    path = f"/projects/{fixtures.REPOSITORY}"
    host.things[path] = {"id": 1, "default_branch": "main"}
    for number, ((_, statuses), oid) in enumerate(zip(WAYS, history.commits, strict=True)):
        of_commit = f"{path}/repository/commits"
        request = {
            "iid": number, "state": "merged", "merged_at": MERGED, "sha": head_of(number), "target_branch": "main",
            "merge_user": {"username": "ana"},
        }  # fmt: skip
        others = [{**request, "state": "opened"}, {**request, "target_branch": "release"}]
        host.things[f"{of_commit}/{oid}/merge_requests"] = [*others, *([] if statuses is None else [request])]
        begun = {"name": "changegate", "created_at": "2026-10-01T00:00:00Z"}
        states = [("failed" if state == "failure" else state, at) for state, at in statuses or ()]
        said = [{**begun, "status": state, "finished_at": at} for state, at in states]
        host.things[f"{of_commit}/{head_of(number)}/statuses"] = said
    return host


def played(name: str, history: History) -> Played:
    return github(history) if name == "github" else gitlab(history)


def told(run: Run) -> list[str]:
    return [one["merged"] for one in json.loads(run.out)["changes"]]


@pytest.mark.parametrize("name", ["github", "gitlab"])
def test_each_way_is_told(history: History, name: str) -> None:
    run = history.audit(name, played(name, history))
    assert (run.code, told(run)) == (1, [*(way for way, _ in WAYS), "not-on-host"]), run.err
    made = json.loads(run.out)
    assert [one["isDirectPush"] for one in made["changes"]] == [way == "direct-push" for way, _ in WAYS] + [False]
    assert made["statements"] is None
    (shares,) = (one for one in made["byModel"] if "fraud-detector" in one["name"])
    assert (shares["changes"], shares["covered"]) == (8, 2)
    assert len(made["notes"]) == 1


@pytest.mark.parametrize("name", ["github", "gitlab"])
def test_as_a_table_and_as_csv(history: History, name: str) -> None:
    out = history.audit(name, played(name, history), form="table").out
    assert f"{history.commits[1][:12]} " in out
    assert "it was pushed, and merged through no request" in out
    assert "it was merged while the gate's status was pending (request 5)" in out
    assert "the host does not know this commit" in out
    assert out.endswith("2 of 8 changes of models were merged through the gate, as the host tells, 25 %\n")
    assert "note: Git" in out
    rows = list(csv.DictReader(io.StringIO(history.audit(name, played(name, history), form="csv").out)))
    assert [row["merged"] for row in rows] == [*(way for way, _ in WAYS), "not-on-host"]
    assert {row["mergedBy"] for row in rows} == ({"", "ana"} if name == "gitlab" else {""})


def test_who_went_past_the_rules_of_the_branch(history: History) -> None:
    host = github(history)
    host.things[f"/repos/{fixtures.REPOSITORY}/rulesets/rule-suites"] = [
        {"id": number, "after_sha": oid, "actor_name": "root", "result": "bypass", "ref": "refs/heads/main"}
        for number, oid in enumerate((history.commits[0], "9" * 40, history.commits[1]))
    ]
    run = history.audit("github", host)
    assert told(run)[:2] == ["bypassed", "bypassed"]
    assert json.loads(run.out)["notes"] == ["GitHub tells who went past the rules of the last month only"]
    assert "root went past the rules of the branch (request 0)" in history.audit("github", host, form="table").out


def test_a_job_of_that_name_counts_as_the_status(history: History) -> None:
    host = github(history)
    for number, conclusion, at in ((2, "success", BEFORE), (3, "failure", BEFORE), (4, "success", BEFORE)):
        host.things[f"/repos/{fixtures.REPOSITORY}/commits/{head_of(number)}/check-runs"] = {
            "check_runs": [
                {"name": "changegate", "status": "completed", "conclusion": conclusion, "completed_at": at},
                {"name": "changegate", "status": "in_progress", "conclusion": None, "completed_at": None},
            ]
        }
    assert told(history.audit("github", host))[2:5] == ["through", "status-missing", "status-not-success"]


def test_another_branch_status_and_repository(history: History) -> None:
    host = github(history)
    assert set(told(history.audit("github", host, "--branch", "release"))[:7]) == {
        "status-missing",
        "through",
        "status-not-success",
    }
    assert "through" in told(history.audit("github", host, "--status", "lint"))
    run = history.audit("github", host, "--repository", "acme/other")
    assert (run.code, "knows no such repository" in run.err) == (2, True)
    run = changegate("audit", cwd=history.hosted.path, env=history.repo.environ)
    assert (run.code, "--from github" in run.err) == (2, True)


def test_with_records_both_have_to_show_it(history: History, tmp_path: Path) -> None:
    run = history.audit("github", github(history), "--records", tmp_path)
    made = json.loads(run.out)
    assert {one["covered"] for one in made["changes"]} == {"no-record"}
    assert [one["covered"] for one in made["byModel"]] == [0]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", ["github", "gitlab"])
def test_a_fault_of_the_host_is_one_sentence(history: History, fault: str, name: str) -> None:
    host = played(name, history)
    act, words = FAULTS[fault]

    def on_requests(request: Odd) -> bool:
        if not request.path.partition("?")[0].endswith(("/pulls", "/merge_requests")):
            return False
        act(request)
        return True

    host.fault = on_requests
    run = history.audit(name, host)
    if fault == "not found":
        assert set(told(run)) == {"not-on-host"}
        return
    assert run.code == 2
    assert words in run.err
    assert run.err.count("changegate:") == 1


@pytest.mark.parametrize("name", ["github", "gitlab"])
def test_a_page_that_repeats_and_statuses_that_are_none(history: History, name: str) -> None:
    for body, words in (
        (b"[1, 2]", "again and again"),
        (b'[{"context": "changegate", "name": "changegate"}]', "unexpected"),
    ):
        host = played(name, history)

        def on_statuses(request: Odd, body: bytes = body) -> bool:
            if "/statuses" not in request.path:
                return False
            here = f"{request.server.url}{request.path.partition('?')[0]}?page=2"
            request.reply(body, 200, **({"Link": f'<{here}>; rel="next"'} if body == b"[1, 2]" else {}))
            return True

        host.fault = on_statuses
        run = history.audit(name, host)
        assert (run.code, words in run.err) == (2, True), run.err

"""`changegate publish --host gitlab` on a GitLab that is played on loopback: a status, and one note."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from changegate import fixtures
from support.command import changegate
from support.hosted import FRAUD, RESEARCH
from support.review_hosts import TOKEN, WritableGitLab, environment, served, user

if TYPE_CHECKING:
    from support.command import Run
    from support.hosted import Hosted

MARKER = "<!-- changegate -->"
URL = "https://gitlab.example/acme/models/-/jobs"


def told(head: str, **run: str) -> dict[str, str]:
    """What GitLab says of a merge request's pipeline."""
    return {
        "CI": "true", "GITLAB_CI": "true", "CI_PIPELINE_SOURCE": "merge_request_event", "CI_COMMIT_SHA": head,
        "CI_PROJECT_PATH": fixtures.REPOSITORY, "CI_MERGE_REQUEST_PROJECT_PATH": fixtures.REPOSITORY,
        "CI_MERGE_REQUEST_IID": str(fixtures.PULL_REQUEST), "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "CHANGEGATE_TRUSTED_REF": "refs/heads/main", "CI_JOB_NAME": "changegate", "CI_PIPELINE_ID": "20",
        "CI_JOB_ID": "200", "CI_JOB_URL": f"{URL}/200", **run,
    }  # fmt: skip


def judge(hosted: Hosted, head: str, *more: str) -> int:
    files = ("-o", f"json={hosted.folder / 'verdict.json'}", "-o", f"markdown={hosted.folder / 'summary.md'}")
    options = ("--now", fixtures.NOW, *files, *more)
    return changegate("check", "-C", hosted.path, *options, env=told(head), cwd=hosted.folder).code


def publish(hosted: Hosted, host: WritableGitLab, head: str, **run: str) -> Run:
    with served(host) as server:
        words = ("publish", "verdict.json", "--summary", "summary.md", "--host", "gitlab")
        done = changegate(*words, cwd=hosted.folder, env={**told(head), **environment(host, server), **run})
        assert {headers["Private-Token"] for _, _, headers, _ in server.asked} <= {TOKEN}
    assert TOKEN not in done.out + done.err
    assert "Traceback" not in done.err
    return done


@pytest.fixture
def judged(hosted: Hosted) -> tuple[Hosted, str]:
    """A change that is closed, with its reports beside the clone."""
    head = hosted.propose({FRAUD: hosted.edit(FRAUD, "{weight: 25, bake: 30m}", "{weight: 25, bake: 1m}")})
    assert judge(hosted, head) == 1
    return hosted, head


def test_a_closed_gate_is_a_failed_status_and_one_note(judged: tuple[Hosted, str]) -> None:
    hosted, head = judged
    host = WritableGitLab(head)
    done = publish(hosted, host, head)
    assert done.code == 0, done.err
    (status,) = host.statuses
    assert (status["status"], status["name"], status["target_url"]) == ("failed", "changegate", f"{URL}/200")
    assert status["description"].startswith("closed: ")
    (note,) = host.notes
    assert note["body"].startswith(f"{MARKER}\n<!-- run 20.200 -->\n")
    assert "rollout/bake-too-short" in note["body"]


def test_a_later_job_updates_both_and_repeats_neither(judged: tuple[Hosted, str]) -> None:
    hosted, head = judged
    host = WritableGitLab(head)
    publish(hosted, host, head)
    publish(hosted, host, head, CI_JOB_ID="201", CI_JOB_URL=f"{URL}/201")
    assert [one["target_url"] for one in host.statuses] == [f"{URL}/200", f"{URL}/201"]
    (note,) = host.notes
    assert "<!-- run 20.201 -->" in note["body"]


def newer(host: WritableGitLab, **job: object) -> None:
    host.statuses.append({"id": 9, "name": "changegate", "status": "success", "target_url": f"{URL}/300"})
    if job:
        host.things[f"{host.project}/jobs/300"] = job


def test_an_older_job_leaves_a_newer_answer_alone(judged: tuple[Hosted, str]) -> None:
    hosted, head = judged
    host = WritableGitLab(head)
    newer(host, id=300, name="changegate", commit={"id": head})
    host.notes.append({"id": 1, "author": user("gatekeeper"), "body": f"{MARKER}\n<!-- run 30.300 -->\nnewer"})
    done = publish(hosted, host, head)
    assert (done.code, len(host.statuses), host.notes[0]["body"][-5:]) == (0, 1, "newer")
    assert "a newer job wrote it" in done.out


@pytest.mark.parametrize(
    "job", [{}, {"name": "mine", "commit": True}, {"name": "changegate", "commit": {"id": "0" * 40}}]
)
def test_an_answer_that_only_looks_newer_is_overwritten(judged: tuple[Hosted, str], job: dict[str, object]) -> None:
    hosted, head = judged
    host = WritableGitLab(head)
    newer(host, **job)
    publish(hosted, host, head)
    assert host.statuses[-1]["status"] == "failed"


def test_a_note_of_somebody_else_with_our_marker_is_left(judged: tuple[Hosted, str]) -> None:
    hosted, head = judged
    host = WritableGitLab(head)
    host.notes.append({"id": 1, "author": user("mallory"), "body": f"{MARKER}\nopen"})
    publish(hosted, host, head)
    assert [one["author"]["username"] for one in host.notes] == ["mallory", "gatekeeper"]


def test_a_merge_request_that_moved_on_gets_no_note(judged: tuple[Hosted, str]) -> None:
    hosted, head = judged
    host = WritableGitLab(head)
    host.things[host.path]["sha"] = "1" * 40
    done = publish(hosted, host, head)
    assert (done.code, host.notes) == (0, [])
    assert "has moved on" in done.out


def test_the_state_that_is_there_already_is_no_fault(judged: tuple[Hosted, str]) -> None:
    hosted, head = judged
    host = WritableGitLab(head)
    host.statuses.append({"id": 1, "name": "changegate", "status": "failed", "target_url": f"{URL}/100"})
    host.fails["POST", f"/statuses/{head}"] = 400
    assert publish(hosted, host, head).code == 0
    host.statuses[0]["status"] = "success"
    assert publish(hosted, host, head).code == 2, "an answer that is not ours stands"


@pytest.mark.parametrize("code", [401, 403, 404, 500])
@pytest.mark.parametrize("what", [("POST", "/statuses/"), ("GET", "/statuses"), ("POST", "/notes"), ("GET", "/user")])
def test_what_gitlab_does_not_take_is_one_sentence(
    judged: tuple[Hosted, str], what: tuple[str, str], code: int
) -> None:
    hosted, head = judged
    host = WritableGitLab(head)
    method, end = what
    host.fails[method, f"{end}{head}" if end == "/statuses/" else end] = code
    done = publish(hosted, host, head)
    assert done.code == 2
    assert len([line for line in done.err.splitlines() if line.startswith("changegate: ")]) == 1


@pytest.mark.parametrize(("more", "code", "state"), [((), 3, "pending"), (("ana", "bo"), 0, "success")])
def test_whom_it_waits_for_is_in_the_status(hosted: Hosted, more: tuple[str, ...], code: int, state: str) -> None:
    head = hosted.propose({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})
    assert judge(hosted, head, "--approvals", str(hosted.approvals(head, more))) == code
    host = WritableGitLab(head)
    publish(hosted, host, head)
    (status,) = host.statuses
    assert status["status"] == state
    assert status["description"].startswith("waiting for " if code else "open: ")


def test_no_verdict_is_a_failure(judged: tuple[Hosted, str]) -> None:
    hosted, head = judged
    (hosted.folder / "verdict.json").write_text("{}")
    host = WritableGitLab(head)
    assert publish(hosted, host, head).code == 2
    (status,) = host.statuses
    assert status["status"] == "failed"


PAGE = Path(__file__).parents[2] / "docs" / "ci.md"


def row(hosted: Hosted, head: str, *more: str) -> str:
    """Judge and publish; answers the row that the page has of it."""
    (hosted.folder / "verdict.json").unlink(missing_ok=True)
    code = judge(hosted, head, *more)
    verdict = json.loads((hosted.folder / "verdict.json").read_text())["verdict"]
    host = WritableGitLab(head)
    publish(hosted, host, head)
    (status,) = host.statuses
    said = re.sub(r"^(waiting for |closed: |undecided: ).*", r"\1…", status["description"])
    return f"| `{verdict}` | `{status['status']}` | {said} | {code} |"


def test_the_page_says_what_each_verdict_becomes(hosted: Hosted) -> None:
    good = hosted.propose({RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")})
    rows = {row(hosted, good)}
    waits = hosted.repo.commit({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})
    rows |= {row(hosted, waits, "--approvals", str(hosted.approvals(waits, ()))), row(hosted, waits)}
    rows.add(row(hosted, waits, "--fail-on", "warning", "--base", "HEAD~1"))
    hosted.repo.switch("main")
    hosted.repo.commit(remove=(".changegate/config.yaml",))
    hosted.protect()
    hosted.repo.git("branch", "--quiet", "-D", "topic")
    last = hosted.propose({RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")})
    rows.add(row(hosted, last))
    part = PAGE.read_text("utf-8").partition("### A status and a note on GitLab")[2]
    listed = {line for line in part.partition("**Whoever")[0].splitlines() if line.startswith("| `")}
    assert rows == listed

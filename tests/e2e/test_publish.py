"""`changegate publish` on a GitHub that is played on loopback: the status that merging hangs on, and one comment."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from changegate import fixtures
from support.command import changegate
from support.hosted import FRAUD, RESEARCH
from support.review_hosts import BOT, REPOSITORY, TOKEN, Writable, account, served

if TYPE_CHECKING:
    from support.command import Run
    from support.hosted import Hosted

MARKER = "<!-- changegate -->"
RUN = {
    "GITHUB_SERVER_URL": "https://github.example",
    "GITHUB_RUN_ID": "200",
    "GITHUB_RUN_ATTEMPT": "1",
    "GITHUB_WORKFLOW_REF": f"{fixtures.REPOSITORY}/.github/workflows/changegate.yml@refs/heads/main",
    "GITHUB_EVENT_NAME": "pull_request",
}


@pytest.fixture
def judged(hosted: Hosted) -> tuple[Hosted, str]:
    """A change that is closed, with its reports beside the clone."""
    head = hosted.propose({FRAUD: hosted.edit(FRAUD, "{weight: 25, bake: 30m}", "{weight: 25, bake: 1m}")})
    return hosted, head


def reports(hosted: Hosted, head: str, *more: str | Path) -> Run:
    folder = hosted.folder
    options = (
        "--now",
        fixtures.NOW,
        "-o",
        f"json={folder / 'verdict.json'}",
        "-o",
        f"markdown={folder / 'summary.md'}",
        *more,
    )
    return changegate("check", "-C", hosted.path, *options, env=hosted.event(head), cwd=hosted.folder)


def publish(hosted: Hosted, host: Writable, head: str, **run: str) -> Run:
    with served(host) as server:
        env = {**hosted.event(head), **RUN, "GITHUB_API_URL": server.url, "CHANGEGATE_GITHUB_TOKEN": TOKEN, **run}
        done = changegate(
            "publish", "verdict.json", "--summary", "summary.md", "--host", "github", cwd=hosted.folder, env=env
        )
        assert {headers["Authorization"] for _, _, headers, _ in server.asked} == {f"Bearer {TOKEN}"}
    assert TOKEN not in done.out + done.err
    return done


def test_a_closed_gate_is_a_failure_and_one_comment(judged: tuple[Hosted, str]) -> None:
    hosted, head = judged
    assert reports(hosted, head).code == 1
    host = Writable(head)
    assert publish(hosted, host, head).code == 0
    (status,) = host.statuses
    assert (status["state"], status["context"]) == ("failure", "changegate")
    assert status["description"].startswith("closed: ")
    assert status["target_url"].endswith("/actions/runs/200/attempts/1")
    (comment,) = host.comments
    assert comment["body"].startswith(f"{MARKER}\n<!-- run 200.1 -->\n")
    assert "rollout/bake-too-short" in comment["body"]


def test_a_later_run_updates_both_and_repeats_neither(judged: tuple[Hosted, str]) -> None:
    hosted, head = judged
    reports(hosted, head)
    host = Writable(head)
    publish(hosted, host, head)
    assert publish(hosted, host, head, GITHUB_RUN_ID="201").code == 0
    assert len(host.statuses) == 2  # the last one counts
    (comment,) = host.comments
    assert "<!-- run 201.1 -->" in comment["body"]


def test_an_awaiting_gate_is_pending_and_names_whom_it_waits_for(hosted: Hosted) -> None:
    head = hosted.propose({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})
    run = reports(hosted, head, "--approvals", hosted.approvals(head, ()))
    told = json.loads((hosted.folder / "verdict.json").read_text())["summary"]
    assert run.code == 3, told
    host = Writable(head)
    publish(hosted, host, head)
    (status,) = host.statuses
    assert status["state"] == "pending"
    assert status["description"].startswith("waiting for ")
    assert len(status["description"]) <= 140


def newer(host: Writable, **run: str) -> None:
    """A status that says it is of a newer run, and what GitHub knows of that."""
    url = f"https://github.example/{fixtures.REPOSITORY}/actions/runs/300/attempts/1"
    host.statuses.append({"state": "success", "context": "changegate", "target_url": url})
    if run:
        host.things[f"{REPOSITORY}/actions/runs/300"] = run


WORKFLOW = ".github/workflows/changegate.yml"


def test_an_older_run_leaves_a_newer_answer_alone(judged: tuple[Hosted, str]) -> None:
    hosted, head = judged
    reports(hosted, head)
    host = Writable(head)
    newer(host, path=WORKFLOW, event="pull_request")
    host.comments.append({"id": 1, "user": account(BOT), "body": f"{MARKER}\n<!-- run 300.1 -->\nnewer"})
    done = publish(hosted, host, head)
    assert done.code == 0
    assert len(host.statuses) == 1
    assert host.comments[0]["body"].endswith("newer")
    assert "a newer run wrote it" in done.out


@pytest.mark.parametrize(
    "run",
    [{}, {"path": ".github/workflows/evil.yml", "event": "push"}, {"path": WORKFLOW, "event": "push"}],
    ids=["no such run", "another workflow", "a push of somebody's branch"],
)
def test_a_status_that_only_looks_newer_is_overwritten(judged: tuple[Hosted, str], run: dict[str, str]) -> None:
    hosted, head = judged
    reports(hosted, head)
    host = Writable(head)
    newer(host, **run)
    assert publish(hosted, host, head).code == 0
    assert [one["state"] for one in host.statuses] == ["success", "failure"]


def test_a_marker_of_somebody_else_is_no_comment_of_ours(judged: tuple[Hosted, str]) -> None:
    hosted, head = judged
    reports(hosted, head)
    host = Writable(head)
    forged = {"id": 1, "user": account("mallory"), "body": f"{MARKER}\n<!-- run 999.1 -->\nall is well"}
    host.comments.append(dict(forged))
    publish(hosted, host, head)
    assert host.comments[0] == forged
    assert len(host.comments) == 2


def test_a_pull_request_that_moved_on_keeps_its_comment(judged: tuple[Hosted, str]) -> None:
    hosted, head = judged
    reports(hosted, head)
    host = Writable(head)
    host.things[host.path]["head"]["sha"] = "1" * 40
    done = publish(hosted, host, head)
    assert (done.code, host.comments) == (0, [])
    assert host.statuses[0]["state"] == "failure"
    assert "the pull request has moved on" in done.out


@pytest.mark.parametrize("text", [None, "{}", "no json", "[" * 10_000])
def test_without_a_verdict_the_status_is_an_error_and_so_is_the_code(
    judged: tuple[Hosted, str], text: str | None
) -> None:
    hosted, head = judged
    (hosted.folder / "summary.md").write_text("x")
    if text is not None:
        (hosted.folder / "verdict.json").write_text(text)
    host = Writable(head)
    done = publish(hosted, host, head)
    assert done.code == 2
    (status,) = host.statuses
    assert status["state"] == "error"
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("fails", "told"),
    [
        ({("POST", "statuses/HEAD"): 403}, "does not let the token do this"),
        ({("POST", "statuses/HEAD"): 401}, "does not know the token"),
        ({("POST", "statuses/HEAD"): 404}, "knows no such repository"),
        ({("POST", "comments"): 502}, "answers with status 502"),
    ],
)
def test_a_host_that_does_not_take_it_is_one_sentence_and_exit_2(
    judged: tuple[Hosted, str], fails: dict[tuple[str, str], int], told: str
) -> None:
    hosted, head = judged
    reports(hosted, head)
    host = Writable(head)
    host.fails |= {(method, end.replace("HEAD", head)): code for (method, end), code in fails.items()}
    done = publish(hosted, host, head)
    assert done.code == 2
    assert told in done.err
    assert len(host.comments) == 0


def test_outside_of_ci_there_is_no_commit_to_publish(tmp_path: Path) -> None:
    env = {"CHANGEGATE_GITHUB_TOKEN": TOKEN}
    done = changegate("publish", "v.json", "--host", "github", "--repository", "acme/models", cwd=tmp_path, env=env)
    assert done.code == 2
    assert "v.json cannot be read" in done.err
    assert "nobody says which commit was judged" in done.err


def test_a_report_of_another_change_is_an_error_and_no_answer(judged: tuple[Hosted, str]) -> None:
    hosted, head = judged
    reports(hosted, head)
    other = hosted.repo.commit({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 902")})
    host = Writable(other)
    done = publish(hosted, host, other)
    assert done.code == 2
    assert [one["state"] for one in host.statuses] == ["error"]
    assert "and the run is not" in done.err


PAGE = Path(__file__).parents[2] / "docs" / "ci.md"


def told(hosted: Hosted, head: str, *more: str | Path) -> str:
    """Judge and publish; answers the row that the page has of it."""
    (hosted.folder / "verdict.json").unlink(missing_ok=True)
    run = reports(hosted, head, *more)
    verdict = json.loads((hosted.folder / "verdict.json").read_text())["verdict"]
    host = Writable(head)
    publish(hosted, host, head)
    (status,) = host.statuses
    assert len(host.comments) == (verdict != "undecided")
    merges = "yes" if status["state"] == "success" else "no"
    said = re.sub(r"^(waiting for |closed: |undecided: ).*", r"\1…", status["description"])
    return f"| `{verdict}` | `{status['state']}`, {merges} | {said} | {run.code} |"


def test_the_page_says_what_each_verdict_becomes(hosted: Hosted) -> None:
    good = hosted.propose({RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")})
    rows = [told(hosted, good)]
    waits = hosted.repo.commit({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})
    rows.append(told(hosted, waits, "--approvals", hosted.approvals(waits, ())))
    rows.append(told(hosted, waits))
    rows.append(told(hosted, waits, "--fail-on", "warning", "--base", "HEAD~1"))
    hosted.repo.switch("main")
    hosted.repo.commit(remove=(".changegate/config.yaml",))
    hosted.protect()
    hosted.repo.git("branch", "--quiet", "-D", "topic")
    rows.append(told(hosted, hosted.propose({RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")})))
    table = re.findall(
        r"^\| `[a-z-]+` \| `(?:success|pending|failure|error)`, .*$", PAGE.read_text("utf-8"), re.MULTILINE
    )
    assert sorted(rows) == sorted(table)

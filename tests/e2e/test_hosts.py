"""Approvals that the gate reads from GitHub and GitLab, played on loopback, for changes of real repositories."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from changegate import fixtures
from changegate.resources import SCHEMAS
from support.command import changegate, check
from support.host_faults import FAULTS
from support.hosted import FRAUD
from support.review_hosts import (
    TOKEN,
    Played,
    PlayedGitHub,
    PlayedGitLab,
    environment,
    github_commit,
    github_review,
    served,
    user,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from support.command import Run
    from support.hosted import Hosted
    from support.opa import Odd

SCHEMA = json.loads((SCHEMAS / "approvals.schema.json").read_text())
CONFIG = ".changegate/config.yaml"
MIRA = ("ana@acme.example", fixtures.AUTHOR)
"""Who makes the tests' commits, as the host knows the address."""


def change(hosted: Hosted) -> str:
    return hosted.propose({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})


def of_github(hosted: Hosted, *reviews: dict[str, Any]) -> PlayedGitHub:
    host = PlayedGitHub(hosted.repo.id("topic"), base=hosted.repo.id("main"))
    host.reviews(*reviews)
    return host


def judged(
    hosted: Hosted,
    host: Played,
    *more: str | Path,
    env: Mapping[str, str] | None = None,
    around: Mapping[str, str] | None = None,
) -> Run:
    """The gate, which asks the host itself; the token is in nothing that it writes."""
    name = "gitlab" if isinstance(host, PlayedGitLab) else "github"
    around = around or (gitlab(hosted) if name == "gitlab" else hosted.event(hosted.repo.id("topic")))
    report = hosted.folder / "verdict.json"
    with served(host) as server:
        run = check(
            "--now", fixtures.NOW, "--approvals-from", name, *more,
            cwd=hosted.path, env={**around, **environment(host, server), **(env or {})}, out=report,
        )  # fmt: skip
    assert TOKEN not in run.out + run.err + report.read_text()
    assert all(method == "GET" for method, *_ in server.asked)
    return run


def fetched(hosted: Hosted, host: Played, *more: str, env: Mapping[str, str] | None = None) -> Run:
    """`changegate approvals`, with the file that it wrote as its verdict."""
    name = "gitlab" if isinstance(host, PlayedGitLab) else "github"
    around = gitlab(hosted) if name == "gitlab" else hosted.event(hosted.repo.id("topic"))
    out = hosted.folder / "fetched.json"
    out.unlink(missing_ok=True)
    with served(host) as server:
        given = {**around, **environment(host, server), **(env or {})}
        run = changegate("approvals", name, "--now", fixtures.NOW, "-o", out, *more, cwd=hosted.path, env=given)
    assert TOKEN not in run.out + run.err
    if run.code:
        assert not out.exists()
        return run
    file = json.loads(out.read_text())
    jsonschema.Draft202012Validator(SCHEMA).validate(file)
    return type(run)(run.code, run.out, run.err, file)


def gitlab(hosted: Hosted) -> dict[str, str]:
    """What GitLab says of a merge request's pipeline."""
    around = {name: value for name, value in hosted.repo.environ.items() if not name.startswith("GIT_")}
    return {
        **around,
        "CI": "true",
        "GITLAB_CI": "true",
        "CI_PIPELINE_SOURCE": "merge_request_event",
        "CI_COMMIT_SHA": hosted.repo.id("topic"),
        "CI_PROJECT_PATH": fixtures.REPOSITORY,
        "CI_MERGE_REQUEST_PROJECT_PATH": fixtures.REPOSITORY,
        "CI_MERGE_REQUEST_IID": str(fixtures.PULL_REQUEST),
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "CHANGEGATE_TRUSTED_REF": "refs/heads/main",
    }


# GitHub


def test_github_says_who_approved(hosted: Hosted) -> None:
    head = change(hosted)
    run = judged(hosted, of_github(hosted, github_review("ana", head), github_review("bo", head)))
    assert (run.code, run.rules) == (0, set()), run.out
    run = judged(hosted, of_github(hosted, github_review("ana", head)))
    assert (run.code, run.rules) == (3, {"approvals/missing"})


def test_the_file_is_todays(hosted: Hosted) -> None:
    head = change(hosted)
    host = of_github(
        hosted,
        github_review("ana", head, "approved"),
        github_review("bo", head, "COMMENTED"),
        github_review("robot", head, kind="Bot"),
        github_review("helper[bot]", head),
        github_review("chidi", head, "PENDING", at=None),
    )
    host.commits(github_commit(head, MIRA, ("noreply@github.com", "web-flow")))
    file = fetched(hosted, host).verdict
    assert (file["repository"], file["pullRequest"], file["reviewedHead"]) == (fixtures.REPOSITORY, 42, head)
    assert file["author"] == {"login": fixtures.AUTHOR, "kind": "human", "id": 1}
    assert (file["committers"], file["addresses"]) == ([fixtures.AUTHOR], {MIRA[0]: fixtures.AUTHOR})
    assert file["retrievedAt"] == fixtures.NOW
    assert [(one["user"], one["kind"], one["state"], one["commit"]) for one in file["reviews"]] == [
        ("ana", "human", "APPROVED", head),
        ("bo", "human", "COMMENTED", head),
        ("robot", "bot", "APPROVED", head),
        ("helper[bot]", "bot", "APPROVED", head),
    ]


def test_the_file_says_of_which_account_each_review_is(hosted: Hosted) -> None:
    head = change(hosted)
    hosts: tuple[Played, ...] = (of_github(hosted, github_review("ana", head)), of_gitlab(hosted, "ana"))
    for host in hosts:
        fetched(hosted, host)
        file = json.loads((hosted.folder / "fetched.json").read_text())
        assert {type(one.get("userId")) for one in file["reviews"]} == {int}
        assert isinstance(file["author"]["id"], int)


def test_the_file_is_what_check_takes(hosted: Hosted) -> None:
    head = change(hosted)
    fetched(hosted, of_github(hosted, github_review("ana", head), github_review("bo", head)))
    run = hosted.run("--approvals", hosted.folder / "fetched.json", env=hosted.event(head))
    assert (run.code, run.rules) == (0, set())


@pytest.mark.parametrize(
    ("states", "code"),
    [
        (("APPROVED", "CHANGES_REQUESTED"), 1),
        (("CHANGES_REQUESTED", "APPROVED"), 0),
        (("APPROVED", "DISMISSED"), 3),
        (("APPROVED", "COMMENTED"), 0),
        (("APPROVED", "PENDING"), 0),
        (("approved", "dismissed"), 3),
    ],
)
def test_the_latest_opinion_counts(hosted: Hosted, states: tuple[str, str], code: int) -> None:
    head = change(hosted)
    first, last = states
    run = judged(
        hosted,
        of_github(
            hosted,
            github_review("ana", head, first, at="2026-11-02T10:00:00Z"),
            github_review("bo", head),
            github_review("ana", head, last, at=None if last == "PENDING" else "2026-11-02T11:00:00Z"),
        ),
    )
    assert run.code == code, run.out


def test_all_pages_are_read(hosted: Hosted) -> None:
    """A page of the played host has two items: the request for changes is on the last of them."""
    head = change(hosted)
    chatter = [github_review(f"talker-{number}", head, "COMMENTED") for number in range(9)]
    given = (github_review("ana", head), github_review("bo", head), *chatter)
    assert judged(hosted, of_github(hosted, *given)).code == 0
    run = judged(hosted, of_github(hosted, *given, github_review("chidi", head, "CHANGES_REQUESTED")))
    assert (run.code, run.rules) == (1, {"approvals/changes-requested"})


def test_who_committed_comes_from_the_host(hosted: Hosted) -> None:
    """Git knows the address only; the host knows that it is one of the approvers."""
    head = change(hosted)
    host = of_github(hosted, github_review("ana", head), github_review("bo", head))
    host.commits(github_commit(head, (MIRA[0], "bo")))
    run = judged(hosted, host)
    assert (run.code, run.rules) == (3, {"approvals/missing"})


def test_whom_the_host_does_not_know_may_be_whoever_approves(hosted: Hosted) -> None:
    head = change(hosted)
    host = of_github(hosted, github_review("ana", head), github_review("bo", head))
    host.commits(github_commit(head, (MIRA[0], None)))
    run = judged(hosted, host)
    assert run.code == 1
    assert f"which made commit {head[:12]}" in run.out


def test_accounts_that_are_gone(hosted: Hosted) -> None:
    """An approval of nobody approves nothing; what nobody asked for stays, until somebody dismisses it."""
    head = change(hosted)
    approved = (github_review("ana", head), github_review("bo", head), github_review(None, head))
    assert judged(hosted, of_github(hosted, *approved)).code == 0
    asked = github_review(None, head, "CHANGES_REQUESTED") | {"id": 8}
    again = github_review(None, head) | {"id": 9}
    run = judged(hosted, of_github(hosted, *approved, asked, again))
    assert (run.code, run.rules) == (1, {"approvals/changes-requested"})
    file = fetched(hosted, of_github(hosted, asked, again)).verdict
    assert [one["user"] for one in file["reviews"]] == ["ghost#8", "ghost#9"]


def test_an_author_that_is_gone(hosted: Hosted) -> None:
    head = change(hosted)
    host = of_github(hosted, github_review("ana", head))
    host.things[host.path]["user"] = None
    assert fetched(hosted, host).verdict["author"] == {"login": "ghost", "kind": "human"}


def test_an_account_that_was_renamed_is_not_who_teams_name(hosted: Hosted) -> None:
    head = change(hosted)
    run = judged(hosted, of_github(hosted, github_review("ana", head), github_review("bo-now", head)))
    assert (run.code, run.rules) == (3, {"approvals/missing"})


def test_an_approval_without_a_commit_approves_nobody_knows_what(hosted: Hosted) -> None:
    head = change(hosted)
    given = (github_review("ana", head), github_review("bo", None))
    assert judged(hosted, of_github(hosted, *given)).code == 3
    asked = github_review("chidi", None, "CHANGES_REQUESTED")
    assert judged(hosted, of_github(hosted, github_review("ana", head), github_review("bo", head), asked)).code == 1


def test_an_approval_of_an_earlier_commit_is_compared(hosted: Hosted) -> None:
    old = change(hosted)
    head = hosted.repo.commit({"README.md": "told\n"})
    host = of_github(hosted, github_review("ana", old), github_review("bo", old))
    host.commits(github_commit(old, MIRA), github_commit(head, MIRA))
    run = judged(hosted, host)
    assert (run.code, run.rules) == (0, set()), run.out


def test_an_event_of_another_head_is_not_the_hosts(hosted: Hosted) -> None:
    old = change(hosted)
    host = of_github(hosted, github_review("ana", old), github_review("bo", old))
    hosted.repo.commit({FRAUD: hosted.edit(FRAUD, "retentionDays: 30", "retentionDays: 29")})
    run = judged(hosted, host)
    assert run.code == 1
    assert "approvals/invalid" in run.rules


def test_a_pull_request_that_moves_while_it_is_read(hosted: Hosted) -> None:
    head = change(hosted)
    host = of_github(hosted, github_review("ana", head))
    asked: list[str] = []

    def move(request: Odd) -> bool:
        asked.append(request.path)
        if asked.count(host.path) > 1:
            host.things[host.path]["head"]["sha"] = "e" * 40
        return False

    host.fault = move
    run = fetched(hosted, host)
    assert run.code == 2
    assert "moved on" in run.err


def test_in_a_merge_queue_the_reviews_are_those_of_its_pull_request(hosted: Hosted) -> None:
    base = hosted.repo.id("main")
    head = change(hosted)
    hosted.repo.detach(base)
    queued = hosted.repo.merge("topic")
    ref = f"refs/heads/gh-readonly-queue/main/pr-{fixtures.PULL_REQUEST}-{base}"
    group = {"base_ref": "refs/heads/main", "base_sha": base, "head_sha": queued, "head_ref": ref}
    event = {"merge_group": group, "repository": {"full_name": fixtures.REPOSITORY}}
    around = hosted.environment("merge_group", event)
    host = of_github(hosted, github_review("ana", head), github_review("bo", head))
    run = judged(hosted, host, around=around)
    assert (run.code, run.rules) == (0, set()), run.out


def test_a_run_that_is_about_no_pull_request(hosted: Hosted) -> None:
    change(hosted)
    around = hosted.environment("workflow_dispatch", {}, GITHUB_SHA=hosted.repo.id("topic"))
    run = judged(hosted, of_github(hosted), around=around)
    assert (run.code, run.verdict["verdict"]) == (2, "undecided")
    assert "about no pull request" in run.out


# More commits than GitHub lists


def long_request(hosted: Hosted, late: dict[str, str]) -> tuple[PlayedGitHub, str]:
    """A pull request of which the host lists the first commit alone, and somebody else made the last one."""
    first = change(hosted)
    hosted.repo.write({"late.txt": "late"})
    hosted.repo.git("add", "--all", ".")
    hosted.repo.git("commit", "--quiet", "-m", "late", env=late)
    head = hosted.repo.id("HEAD")
    host = of_github(hosted, *(github_review(login, head) for login in ("ana", "bo")))
    host.commits(github_commit(first, MIRA), count=2)
    return host, head


LATE = {"GIT_AUTHOR_EMAIL": "bo@corp.example", "GIT_COMMITTER_EMAIL": "bo@corp.example"}


def test_who_made_the_commits_that_are_not_listed_is_taken_from_git(hosted: Hosted) -> None:
    host, head = long_request(hosted, LATE)
    host.commit(github_commit(head, ("bo@corp.example", "bo")))
    run = judged(hosted, host)
    assert (run.code, run.rules) == (3, {"approvals/missing"}), run.out
    told = "GitHub lists 1 of 2 commits: who made the others is taken from git"
    assert told in run.verdict["notes"]
    made = fetched(hosted, host)
    assert told in made.err
    assert made.verdict["addresses"] == {MIRA[0]: fixtures.AUTHOR, "bo@corp.example": "bo"}
    assert made.verdict["committers"] == ["bo", fixtures.AUTHOR]


def test_a_late_author_whom_nobody_knows_closes_the_gate(hosted: Hosted) -> None:
    host, head = long_request(hosted, LATE)
    host.commit(github_commit(head, ("bo@corp.example", None)))
    run = judged(hosted, host)
    assert run.code == 1
    assert f"which made commit {head[:12]}" in run.out


def test_commits_that_are_not_in_the_clone_are_said_to_be_missing(hosted: Hosted) -> None:
    host, _ = long_request(hosted, LATE)
    host.things[host.path]["base"]["sha"] = "d" * 40
    run = fetched(hosted, host)
    assert "not in this clone" in run.err


# GitLab


def of_gitlab(hosted: Hosted, *approved: str, **more: Any) -> PlayedGitLab:
    host = PlayedGitLab(hosted.repo.id("topic"), **more)
    host.approved(*approved)
    return host


def test_gitlab_says_who_approved(hosted: Hosted) -> None:
    change(hosted)
    run = judged(hosted, of_gitlab(hosted, "ana", "bo"))
    assert (run.code, run.rules) == (0, set()), run.out
    assert judged(hosted, of_gitlab(hosted, "ana")).code == 3


def test_rules_of_gitlab_know_who_approved_too(hosted: Hosted) -> None:
    change(hosted)
    host = of_gitlab(hosted, "ana")
    host.things[f"{host.path}/approval_state"] = {"rules": [{"name": "owners", "approved_by": [user("bo")]}]}
    assert judged(hosted, host).code == 0


@pytest.mark.parametrize("resets", [False, None])
def test_an_approval_without_a_commit_is_of_nobody_knows_what(hosted: Hosted, resets: bool | None) -> None:
    """Whether the project takes approvals back is asked; what may not be read is not known."""
    change(hosted)
    run = judged(hosted, of_gitlab(hosted, "ana", "bo", resets=resets))
    assert run.code == 1
    assert "Remove all approvals when commits are added" in run.out
    assert "approvals/missing" in run.rules


def test_the_base_may_say_that_the_project_takes_approvals_back(hosted: Hosted) -> None:
    config = (hosted.path / CONFIG).read_text()
    stated = "  approvals:\n    hostResetsApprovals: true\n"
    hosted.repo.commit({CONFIG: hosted.edit(CONFIG, "  approvals:\n", stated)})
    hosted.protect()
    change(hosted)
    assert judged(hosted, of_gitlab(hosted, "ana", "bo", resets=None)).code == 0
    hosted.repo.switch("main")
    hosted.repo.commit({CONFIG: config})
    hosted.protect()
    hosted.repo.switch("topic")
    assert judged(hosted, of_gitlab(hosted, "ana", "bo", resets=None)).code == 1


def test_reviewers_on_gitlab_who_ask_for_changes(hosted: Hosted) -> None:
    change(hosted)
    host = of_gitlab(hosted, "ana", "bo")
    host.things[f"{host.path}/reviewers"] = [{"user": user("chidi"), "state": "requested_changes"}]
    run = judged(hosted, host)
    assert (run.code, run.rules) == (1, {"approvals/changes-requested"})
    host.things[f"{host.path}/reviewers"] = [{"user": user("chidi"), "state": "reviewed"}]
    assert judged(hosted, host).code == 0


def test_bots_of_gitlab(hosted: Hosted) -> None:
    change(hosted)
    host = of_gitlab(hosted, "project_12_bot_abc", "ana")
    host.things[f"{host.path}/approvals"]["approved_by"].append({"user": user("bo", bot=True)})
    file = fetched(hosted, host).verdict
    assert [(one["user"], one["kind"]) for one in file["reviews"]] == [
        ("project_12_bot_abc", "bot"),
        ("ana", "human"),
        ("bo", "bot"),
    ]


def test_gitlab_knows_an_address_only_where_it_is_shown_as_public(hosted: Hosted) -> None:
    """Its search finds names as well, which anybody may give themselves."""
    change(hosted)
    host = of_gitlab(hosted, "ana", "bo")
    host.things[f"/users?{MIRA[0]}"] = [user("impostor")]
    host.things[f"/users/{user('impostor')['id']}"] = user("impostor", public_email="other@acme.example")
    run = judged(hosted, host)
    assert run.code == 1
    assert json.dumps(MIRA[0]) in run.out


def test_when_somebody_approved_on_gitlab(hosted: Hosted) -> None:
    change(hosted)
    host = of_gitlab(hosted)
    host.approved("ana", at="2026-11-02T10:00:00.123Z")
    assert fetched(hosted, host).verdict["reviews"][0]["submittedAt"] == "2026-11-02T10:00:00.123Z"


# Faults: one sentence, exit code 2, and every report


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", ["github", "gitlab"])
def test_a_fault_of_the_host_is_one_sentence(hosted: Hosted, fault: str, name: str) -> None:
    head = change(hosted)
    host: Played = of_gitlab(hosted, "ana", "bo") if name == "gitlab" else of_github(hosted, github_review("ana", head))
    act, words = FAULTS[fault]

    def on_commits(request: Odd) -> bool:
        if "/commits" not in request.path:
            return False
        act(request)
        return True

    host.fault = on_commits
    run = fetched(hosted, host)
    if name == "gitlab" and fault in {"items that are none", "wrong types"}:
        assert run.code == 0  # an address that is none is nobody's, and the gate asks for each that git knows
        return
    assert run.code == 2
    assert words in run.err
    assert run.err.count("changegate:") == 1


def test_the_page_shows_the_faults() -> None:
    page = (Path(__file__).parents[2] / "docs" / "ways.md").read_text(encoding="utf-8")
    assert "\n".join(f"| {fault} | {words} |" for fault, (_, words) in FAULTS.items()) in page


def test_a_gate_that_cannot_ask_writes_its_reports(hosted: Hosted) -> None:
    change(hosted)
    host = of_github(hosted)
    host.things.clear()
    run = judged(hosted, host)
    assert (run.code, run.verdict["verdict"]) == (2, "undecided")
    assert run.verdict["failures"][0]["kind"] == "HostError"


@pytest.mark.parametrize("token", ["", "two words", "with\nline"])
def test_a_token_that_is_none(hosted: Hosted, token: str) -> None:
    change(hosted)
    run = judged(hosted, of_github(hosted), env={"CHANGEGATE_GITHUB_TOKEN": token})
    assert run.code == 2
    assert "CHANGEGATE_GITHUB_TOKEN" in run.out


@pytest.mark.parametrize(
    "api", ["http://github.acme.example/api/v3", "https://x:y@github.acme.example", "ftp://github.acme.example"]
)
def test_an_address_that_no_token_is_sent_to(hosted: Hosted, api: str) -> None:
    change(hosted)
    run = judged(hosted, of_github(hosted), env={"GITHUB_API_URL": api})
    assert run.code == 2
    assert "address of GitHub's API" in run.out


def test_the_token_goes_to_the_host_alone_and_by_a_header(hosted: Hosted) -> None:
    head = change(hosted)
    host = of_github(hosted, github_review("ana", head))
    with served(host) as server:
        env = {**hosted.event(head), **environment(host, server)}
        changegate("approvals", "github", "-o", hosted.folder / "x.json", cwd=hosted.path, env=env)
    assert {headers["Authorization"] for _, _, headers, _ in server.asked} == {f"Bearer {TOKEN}"}
    assert not any(TOKEN in path for _, path, _, _ in server.asked)


def test_enterprise_hosts_by_the_servers_address(hosted: Hosted) -> None:
    """Without the API's address it is the server's, as Enterprise has it."""
    head = change(hosted)
    host = of_github(hosted, github_review("ana", head))
    host.prefix = "/api/v3"
    with served(host) as server:
        env = {**hosted.event(head), "GITHUB_SERVER_URL": server.url, "GH_TOKEN": TOKEN}
        run = changegate("approvals", "github", "-o", hosted.folder / "x.json", cwd=hosted.path, env=env)
    assert run.code == 0, run.err


def test_outside_of_a_ci_the_command_line_says_which(hosted: Hosted, tmp_path: Path) -> None:
    head = change(hosted)
    host = of_github(hosted, github_review("ana", head))
    with served(host) as server:
        given = ("--repository", fixtures.REPOSITORY, "--number", "42", "--api", server.url)
        run = changegate("approvals", "github", *given, cwd=tmp_path, env={"GITHUB_TOKEN": TOKEN})
    assert run.code == 0, run.err
    assert json.loads(run.out)["reviewedHead"] == head
    for wrong in ("acme", "acme/..", "a//b", "../x"):
        run = changegate("approvals", "github", "--repository", wrong, "--number", "1", cwd=tmp_path)
        assert (run.code, "is no repository" in run.err) == (2, True)


def test_two_sources_of_reviews_exclude_each_other(hosted: Hosted) -> None:
    head = change(hosted)
    run = changegate(
        "check", "--approvals", hosted.approvals(head), "--approvals-from", "github",
        cwd=hosted.path, env=hosted.event(head),
    )  # fmt: skip
    assert run.code == 2
    assert "exclude each other" in run.err


def test_nothing_is_written_into_a_link(hosted: Hosted) -> None:
    head = change(hosted)
    host = of_github(hosted, github_review("ana", head))
    (hosted.folder / "link").symlink_to("victim")
    with served(host) as server:
        env = {**hosted.event(head), **environment(host, server)}
        run = changegate("approvals", "github", "-o", hosted.folder / "link", cwd=hosted.path, env=env)
    assert run.code == 2
    assert not (hosted.folder / "victim").exists()

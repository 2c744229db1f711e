"""A merge queue and a merge train: everything that is queued is judged, and approvals are of one pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from changegate import fixtures
from support.hosted import FRAUD

if TYPE_CHECKING:
    from support.command import Run
    from support.hosted import Hosted

CREDIT = "models/credit-score/manifest.yaml"
CONTRACT = "contracts/transactions.yaml"
SAYS_NOTHING = "commits that are queued below pull request 42 and are not of it change"


def edited(hosted: Hosted, file: str, find: str, replace: str) -> dict[str, str | bytes]:
    return {file: hosted.edit(file, find, replace)}


def fraud(hosted: Hosted) -> dict[str, str | bytes]:
    """A change of a model that two people have to approve."""
    return edited(hosted, FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")


def branch(hosted: Hosted, name: str, files: dict[str, str | bytes], *, on: str = "main", **more: Any) -> str:
    """A pull request's branch; answers its head."""
    hosted.repo.branch(name, on)
    head = hosted.repo.commit(files, name, **more)
    hosted.repo.switch("main")
    return head


def queued(hosted: Hosted, *heads: str) -> str:
    """Merge each into what is queued before it, as a queue does; the last one is checked out."""
    hosted.repo.detach("main")
    for head in heads:
        hosted.repo.merge(head)
    return hosted.repo.id("HEAD")


def in_queue(hosted: Hosted, group: str, reviewed: str, *, base: str = "HEAD^1") -> Run:
    """The run of the last pull request of a queue of GitHub, with its own approvals."""
    sha = hosted.repo.id(base)
    ref = f"refs/heads/gh-readonly-queue/main/pr-{fixtures.PULL_REQUEST}-{sha}"
    told = {"base_ref": "refs/heads/main", "base_sha": sha, "head_sha": group, "head_ref": ref}
    event = {"merge_group": told, "repository": {"full_name": fixtures.REPOSITORY}}
    env = hosted.environment("merge_group", event, GITHUB_SHA=group, GITHUB_REF=ref)
    return hosted.run(env=env, approved=reviewed)


def in_train(hosted: Hosted, group: str, reviewed: str) -> Run:
    """The same in a merge train of GitLab."""
    env = hosted.repo.environ | {
        "CI": "true",
        "GITLAB_CI": "true",
        "CI_PROJECT_PATH": fixtures.REPOSITORY,
        "CI_PIPELINE_SOURCE": "merge_request_event",
        "CI_MERGE_REQUEST_IID": str(fixtures.PULL_REQUEST),
        "CI_MERGE_REQUEST_REF_PATH": f"refs/merge-requests/{fixtures.PULL_REQUEST}/train",
        "CI_MERGE_REQUEST_EVENT_TYPE": "merge_train",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": reviewed,
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "CI_COMMIT_SHA": group,
        "CHANGEGATE_TRUSTED_REF": "refs/heads/main",
    }
    return hosted.run(env=env, approved=reviewed)


RUNS = pytest.mark.parametrize("run", [in_queue, in_train])


def outcome(run: Run, subject: str, rule: str = "approvals/missing") -> tuple[str, str]:
    """What a rule said of a subject, and why."""
    (found,) = (one for one in run.subjects if subject in one["subject"].values())
    (said,) = (one for one in found["outcomes"] if one["rule"] == rule)
    return said["status"], said["reason"]


@RUNS
def test_the_approvals_of_a_text_are_not_of_the_model_below_it(hosted: Hosted, run: Any) -> None:
    model, text = branch(hosted, "a", fraud(hosted)), branch(hosted, "b", {"README.md": "better words\n"})
    done = run(hosted, queued(hosted, model, text), text)
    assert (done.code, done.verdict["verdict"]) == (1, "closed")
    said, why = outcome(done, FRAUD)
    assert (said, why.startswith(f"{SAYS_NOTHING} this release")) == ("unknown", True)
    assert "run this one again once they have landed" in done.out
    assert run(hosted, queued(hosted, text), text).code == 0


@RUNS
def test_what_the_approvals_are_of_is_approved(hosted: Hosted, run: Any) -> None:
    """Alone, behind a text, and in one queue with another model: of its own release they count."""
    mine = branch(hosted, "b", fraud(hosted))
    text = branch(hosted, "t", {"README.md": "better words\n"})
    other = branch(hosted, "a", edited(hosted, CREDIT, "logging: {inputs: hashed", "logging: {inputs: none"))
    for below in ((), (text,)):
        done = run(hosted, queued(hosted, *below, mine), mine)
        assert (done.code, outcome(done, FRAUD)[0]) == (0, "passed")
    done = run(hosted, queued(hosted, other, text, mine), mine)
    assert (outcome(done, FRAUD)[0], outcome(done, CREDIT)[0], done.code) == ("passed", "unknown", 1)


@RUNS
@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_a_release_that_both_change_is_not_approved(hosted: Hosted, run: Any, order: tuple[str, str]) -> None:
    edits = {
        "a": fraud(hosted),
        "b": edited(hosted, FRAUD, "{weight: 50, bake: 1h}", "{weight: 50, bake: 2h}"),
    }
    heads = [branch(hosted, name, edits[name]) for name in order]
    assert outcome(run(hosted, queued(hosted, *heads), heads[1]), FRAUD)[0] == "unknown"


@RUNS
def test_what_a_release_names_is_of_it(hosted: Hosted, run: Any) -> None:
    """The contract below changes; so does the release of this one, which names it."""
    contract = (hosted.path / CONTRACT).read_text() + "# reviewed\n"
    below, mine = branch(hosted, "a", {CONTRACT: contract}), branch(hosted, "b", fraud(hosted))
    assert outcome(run(hosted, queued(hosted, below, mine), mine), FRAUD)[0] == "unknown"


@RUNS
def test_a_retirement_and_a_control_file_below(hosted: Hosted, run: Any) -> None:
    text = branch(hosted, "b", {"README.md": "better words\n"})
    gone = branch(hosted, "a", {}, remove=(CREDIT,))
    assert outcome(run(hosted, queued(hosted, gone, text), text), CREDIT, "retirement/not-approved")[0] == "unknown"
    owners = branch(hosted, "c", {"CODEOWNERS": "* @acme/everybody\n"})
    done = run(hosted, queued(hosted, owners, text), text)
    said, why = outcome(done, "change-set", "control/changed-without-approval")
    assert (done.code, said, f"{SAYS_NOTHING} a control file" in why) == (1, "unknown", True)
    assert outcome(
        run(hosted, queued(hosted, text, owners), owners), "change-set", "control/changed-without-approval"
    ) == (
        "passed",
        "",
    )


@RUNS
def test_a_branch_that_holds_the_other_one_was_approved_with_it(hosted: Hosted, run: Any) -> None:
    model = branch(hosted, "a", fraud(hosted))
    both = branch(hosted, "b", {"README.md": "better words\n"}, on="a")
    done = run(hosted, queued(hosted, model, both), both)
    assert (done.code, outcome(done, FRAUD)[0]) == (0, "passed")


@RUNS
def test_what_does_not_merge_without_the_others_cannot_be_told_from_them(hosted: Hosted, run: Any) -> None:
    """The trusted branch changed a line that this one changes as well; the one below takes that back."""
    mine = branch(hosted, "b", {"README.md": "mine\n", **fraud(hosted)})
    before = (hosted.path / "README.md").read_text()
    hosted.repo.commit({"README.md": "theirs\n"})
    hosted.protect()
    back = branch(hosted, "a", {"README.md": before})
    done = run(hosted, queued(hosted, back, mine), mine)
    assert (done.code, outcome(done, FRAUD)[0]) == (1, "unknown")


def test_a_queue_that_has_landed_below_is_no_other(hosted: Hosted) -> None:
    model, text = branch(hosted, "a", fraud(hosted)), branch(hosted, "b", {"README.md": "better words\n"})
    group = queued(hosted, model, text)
    hosted.repo.tracking("main", f"{group}^1")
    assert in_queue(hosted, group, text).code == 0


def test_a_group_of_two_is_told_apart_whatever_it_says_it_builds_on(hosted: Hosted) -> None:
    """The event names the trusted branch's tip, and the head has merged twice since then."""
    model, text = branch(hosted, "a", fraud(hosted)), branch(hosted, "b", {"README.md": "better words\n"})
    done = in_queue(hosted, queued(hosted, model, text), text, base="main")
    assert (done.code, outcome(done, FRAUD)[0]) == (1, "unknown")


def test_a_queue_that_squashes_binds_approvals_to_nothing_below(hosted: Hosted) -> None:
    """Nobody has reviewed the commit that lands; a file that says so is believed of what it changes, and no more."""
    model, text = branch(hosted, "a", fraud(hosted)), branch(hosted, "b", {"README.md": "better words\n"})
    hosted.repo.detach("main")
    hosted.repo.merge(model)
    squashed = hosted.repo.commit({"README.md": "better words\n"})
    assert "approvals/invalid" in in_queue(hosted, squashed, text).rules
    assert outcome(in_queue(hosted, squashed, squashed), FRAUD)[0] == "unknown"

"""Whose approval counts, on real repositories: after an updated branch, a rebase, another commit; and of whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from changegate import fixtures
from support.command import check
from support.hosted import FRAUD, RESEARCH

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.command import Run
    from support.hosted import Hosted

CONFIG, TEAMS = ".changegate/config.yaml", ".changegate/teams.yaml"
EVALUATION = "models/fraud-detector/evidence/evaluation.json"
CREDIT = "models/credit-score/manifest.yaml"
CONTRACT = "contracts/transactions.yaml"
BO = {"GIT_AUTHOR_EMAIL": "2+bo@users.noreply.github.com", "GIT_COMMITTER_EMAIL": "noreply@github.com"}


def proposed(hosted: Hosted) -> str:
    """A change of a release that people have to approve."""
    return hosted.propose({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})


def judged(hosted: Hosted, head: str, approved: str, by: tuple[str, ...] = ("ana", "bo")) -> Run:
    """The gate on a pull request whose reviews are of an earlier commit."""
    given = hosted.approvals(approved, by, reviewedHead=head)
    return hosted.run("--approvals", given, env=hosted.event(head))


def on_main(hosted: Hosted, files: dict[str, str | bytes], *, remove: tuple[str, ...] = ()) -> None:
    """Let the trusted branch move on."""
    hosted.repo.switch("main")
    hosted.repo.commit(files, "main moves", remove=remove)
    hosted.protect()
    hosted.repo.switch("topic")


def updated(hosted: Hosted, *options: str) -> str:
    """What "Update branch" makes of the pull request."""
    hosted.repo.git("merge", "--quiet", "--no-ff", "--no-edit", *options, "main", env=BO)
    return hosted.repo.id("HEAD")


# What makes nobody an author


def test_whoever_updates_the_branch_may_approve_it(hosted: Hosted) -> None:
    proposed(hosted)
    on_main(hosted, {"README.md": "moved\n"})
    head = updated(hosted)
    run = judged(hosted, head, head)
    assert (run.code, run.verdict["verdict"]) == (0, "open"), run.out
    assert any(head[:12] in note and "nobody an author" in note for note in run.verdict["notes"])
    facts = next(one for one in run.subjects if one["subject"]["kind"] == "release")["input"]["facts"]["approvals"]
    assert facts["mergesOfBase"] == [head]


def test_whoever_puts_something_into_that_merge_may_not(hosted: Hosted) -> None:
    proposed(hosted)
    on_main(hosted, {"README.md": "moved\n"})
    updated(hosted)
    hosted.repo.write({"smuggled": "1"})
    hosted.repo.git("add", "--all", ".")
    hosted.repo.git("commit", "--quiet", "--amend", "--no-edit", "--author=bo <2+bo@users.noreply.github.com>")
    head = hosted.repo.id("HEAD")
    assert judged(hosted, head, head).code == 3


def test_whoever_resolves_a_conflict_may_not(hosted: Hosted) -> None:
    proposed(hosted)
    on_main(hosted, {FRAUD: hosted.edit(FRAUD, "weeklyBudget: 901", "weeklyBudget: 905")})
    head = updated(hosted, "-Xours")
    assert judged(hosted, head, head).code == 3


# What an approval of an earlier commit is worth


def update(hosted: Hosted) -> str:
    on_main(hosted, {"README.md": "moved\n", "docs/other.md": "x\n"})
    return updated(hosted)


def update_with_another_model(hosted: Hosted) -> str:
    on_main(hosted, {RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")})
    return updated(hosted)


def rebase(hosted: Hosted) -> str:
    on_main(hosted, {"README.md": "moved\n"})
    hosted.repo.git("rebase", "--quiet", "main")
    return hosted.repo.id("HEAD")


def unrelated(hosted: Hosted) -> str:
    return hosted.repo.commit({"src/train.py": "print()\n", "README.md": "told\n"})


def same_again(hosted: Hosted) -> str:
    """The same content with another message."""
    hosted.repo.git("commit", "--quiet", "--amend", "-m", "said better")
    return hosted.repo.id("HEAD")


def workflow_on_main(hosted: Hosted) -> str:
    on_main(hosted, {".github/workflows/other.yml": "on: push\n"})
    return updated(hosted)


@pytest.mark.parametrize("then", [update, update_with_another_model, rebase, unrelated, same_again, workflow_on_main])
def test_an_approval_stands_while_nothing_has_changed_that_is_decided_from(
    hosted: Hosted, then: Callable[[Hosted], str]
) -> None:
    old = proposed(hosted)
    head = then(hosted)
    assert head != old
    run = judged(hosted, head, old)
    assert (run.code, run.rules) == (0, set()), run.out
    assert [note for note in run.verdict["notes"] if f"ana approved {old[:12]}" in note]


def manifest(hosted: Hosted) -> str:
    return hosted.repo.commit({FRAUD: hosted.edit(FRAUD, "retentionDays: 30", "retentionDays: 29")})


def comment(hosted: Hosted) -> str:
    """Not a byte may differ."""
    return hosted.repo.commit({FRAUD: (hosted.path / FRAUD).read_text() + "# a comment\n"})


def card(hosted: Hosted) -> str:
    card = "models/fraud-detector/MODEL_CARD.md"
    return hosted.repo.commit({card: (hosted.path / card).read_text() + "\nMore.\n"})


def another_release(hosted: Hosted) -> str:
    return hosted.repo.commit({RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")})


def contract(hosted: Hosted) -> str:
    return hosted.repo.commit({CONTRACT: (hosted.path / CONTRACT).read_text() + "# a comment\n"})


def control(hosted: Hosted) -> str:
    return hosted.repo.commit({CONFIG: (hosted.path / CONFIG).read_text() + "# a comment\n"})


def settings_on_main(hosted: Hosted) -> str:
    on_main(hosted, {CONFIG: (hosted.path / CONFIG).read_text() + "# a comment\n"})
    return updated(hosted)


def teams_on_main(hosted: Hosted) -> str:
    on_main(hosted, {TEAMS: (hosted.path / TEAMS).read_text() + "# a comment\n"})
    return updated(hosted)


def previous_on_main(hosted: Hosted) -> str:
    """The previous release is another one now; the change itself is as it was."""
    on_main(hosted, {FRAUD: hosted.edit(FRAUD, "weeklyBudget: 901", "weeklyBudget: 905")})
    return updated(hosted, "-Xours")


def elsewhere_in_the_manifest_on_main(hosted: Hosted) -> str:
    text = hosted.edit(FRAUD, "retentionDays: 30", "retentionDays: 29")
    on_main(hosted, {FRAUD: text.replace("weeklyBudget: 901", "weeklyBudget: 900")})
    hosted.repo.git("rebase", "--quiet", "main")
    return hosted.repo.id("HEAD")


def consumer_on_main(hosted: Hosted) -> str:
    """Another team's release says that it depends on this one."""
    text = (hosted.path / RESEARCH).read_text()
    on_main(hosted, {RESEARCH: text + "  dependsOn: [{name: fraud-detector}]\n"})
    return updated(hosted)


@pytest.mark.parametrize(
    ("then", "what"),
    [
        (manifest, f"the change has another {FRAUD}"),
        (comment, f"the change has another {FRAUD}"),
        (card, "the change has another models/fraud-detector/MODEL_CARD.md"),
        (another_release, f"the change has another {RESEARCH}"),
        (contract, f"the change has another {CONTRACT}"),
        (control, f"the change has another {CONFIG}"),
        (settings_on_main, f"the trusted branch has another {CONFIG}"),
        (teams_on_main, f"the trusted branch has another {TEAMS}"),
        (previous_on_main, f"the trusted branch has another {FRAUD}"),
        (elsewhere_in_the_manifest_on_main, f"the change has another {FRAUD}"),
        (consumer_on_main, f"the trusted branch has another {RESEARCH}"),
    ],
)
def test_an_approval_falls_with_what_it_was_given_to(hosted: Hosted, then: Callable[[Hosted], str], what: str) -> None:
    old = proposed(hosted)
    run = judged(hosted, then(hosted), old, fixtures.APPROVERS)
    assert run.code in {1, 3}
    stale = [one for one in run.findings if one["rule"] == "approvals/stale"]
    assert stale, run.out
    assert f"since {old[:12]} {what}" in stale[0]["message"]


def test_what_an_approval_was_given_to_and_is_dropped_voids_it(hosted: Hosted) -> None:
    """The approved commit changed two releases; now it is one."""
    hosted.repo.branch("topic")
    more = {RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")}
    before = (hosted.path / RESEARCH).read_text()
    old = hosted.repo.commit({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901"), **more})
    head = hosted.repo.commit({RESEARCH: before})
    run = judged(hosted, head, old)
    assert run.code == 3
    assert "approvals/stale" in run.rules


def test_a_new_consumer_of_a_contract_of_the_change_is_a_new_decision(hosted: Hosted) -> None:
    """The trusted branch brings a release that is judged with the contract that the change changes."""
    old = hosted.propose({CONTRACT: (hosted.path / CONTRACT).read_text() + "# a comment\n"})
    on_main(hosted, {CREDIT: hosted.edit(CREDIT, "contracts/applications.yaml", CONTRACT)})
    run = judged(hosted, updated(hosted), old, fixtures.APPROVERS)
    assert any(CREDIT in one["message"] for one in run.findings if one["rule"] == "approvals/stale")


def test_a_commit_that_is_gone_cannot_be_compared(hosted: Hosted) -> None:
    """After a forced push the commit that was approved is in no clone."""
    proposed(hosted)
    head = hosted.repo.id("HEAD")
    run = judged(hosted, head, "d" * 40)
    assert run.code == 1
    missing = next(one for one in run.findings if one["rule"] == "approvals/missing")
    assert f"git fetch origin {'d' * 40}" in missing["message"]
    assert missing["effect"] == "blocks"


def test_a_commit_that_is_gone_is_nobodys_matter_where_enough_have_approved(hosted: Hosted) -> None:
    head = proposed(hosted)
    reviews = [
        {"user": user, "state": "APPROVED", "commit": commit, "submittedAt": fixtures.NOW}
        for user, commit in (("ana", head), ("bo", head), ("chidi", "d" * 40))
    ]
    given = hosted.approvals(head, reviews=reviews)
    run = hosted.run("--approvals", given, env=hosted.event(head))
    assert (run.code, run.rules) == (0, set()), run.out


def test_a_shallow_clone_cannot_compare(hosted: Hosted) -> None:
    """What is cut off is not taken for the same."""
    old = proposed(hosted)
    head = rebase(hosted)
    shallow = hosted.repo.clone(hosted.folder / "shallow", "--depth=2", "--branch=topic", "--no-single-branch")
    given = hosted.approvals(old, ("ana", "bo"), reviewedHead=head)
    event = hosted.event(head)
    run = check("--now", fixtures.NOW, "--approvals", given, cwd=shallow.path, env=event)
    assert run.code in {1, 2}


# Who somebody is


def test_teams_say_whose_an_address_is(hosted: Hosted) -> None:
    people = "people: {mira: {addresses: [mira@corp.example]}, bo: {addresses: [Bo@corp.example]}}\n"
    hosted.repo.commit({TEAMS: (hosted.path / TEAMS).read_text() + people})
    hosted.protect()
    hosted.repo.branch("topic")
    hosted.repo.write({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})
    who = {"GIT_AUTHOR_EMAIL": "MIRA@corp.example", "GIT_COMMITTER_EMAIL": "bo@corp.example"}
    hosted.repo.git("commit", "--quiet", "-am", "a change", env=who)
    head = hosted.repo.id("HEAD")
    run = hosted.run("--approvals", hosted.approvals(head, ("ana", "bo"), committers=[]), env=hosted.event(head))
    assert (run.code, run.verdict["verdict"]) == (3, "awaiting-approval"), run.out
    run = hosted.run("--approvals", hosted.approvals(head, ("ana", "chidi"), committers=[]), env=hosted.event(head))
    assert (run.code, run.rules) == (0, set()), run.out


# Numbers of accounts


def with_account(hosted: Hosted) -> str:
    """A change of a release, where the base lists bo's account by its number; answers its head."""
    hosted.repo.commit({TEAMS: (hosted.path / TEAMS).read_text() + "people: {bo: {id: 1002}}\n"})
    hosted.protect()
    return proposed(hosted)


def reviewed(hosted: Hosted, head: str, *others: dict[str, object], **file: object) -> Run:
    """The gate, where ana has approved, and somebody else."""
    said = {"state": "APPROVED", "commit": head, "submittedAt": fixtures.NOW}
    given = hosted.approvals(head, (), reviews=[{"user": "ana", **said}, *({**said, **one} for one in others)], **file)
    return hosted.run("--approvals", given, env=hosted.event(head))


def test_a_login_that_somebody_else_has_taken_approves_nothing(hosted: Hosted) -> None:
    run = reviewed(hosted, with_account(hosted), {"user": "bo", "userId": 9999})
    assert (run.code, run.rules) == (3, {"approvals/missing"})
    assert "a review by bo does not count" in run.out
    assert "it is of the account 9999" in run.out


def test_an_account_that_was_renamed_is_still_the_person(hosted: Hosted) -> None:
    assert reviewed(hosted, with_account(hosted), {"user": "bo-the-second", "userId": 1002}).code == 0


def test_a_file_that_names_no_account_is_not_believed_of_one_that_is_listed(hosted: Hosted) -> None:
    run = reviewed(hosted, with_account(hosted), {"user": "bo"})
    assert (run.code, "does not say of which account" in run.out) == (3, True)


def test_a_renamed_author_cannot_approve_under_the_name_of_before(hosted: Hosted) -> None:
    run = reviewed(
        hosted,
        with_account(hosted),
        {"user": "bo", "userId": 1002},
        author={"login": "b2", "kind": "human", "id": 1002},
    )
    assert (run.code, run.rules) == (3, {"approvals/missing"})


def test_what_the_taker_of_a_login_asks_for_takes_no_approval_back(hosted: Hosted) -> None:
    head = with_account(hosted)
    later = {"submittedAt": "2026-11-02T12:01:00Z", "state": "DISMISSED"}
    run = reviewed(hosted, head, {"user": "bo", "userId": 1002}, {"user": "bo", "userId": 9999, **later})
    assert run.code == 0, run.out


def test_a_change_cannot_say_whose_its_accounts_are(hosted: Hosted) -> None:
    head = hosted.propose(
        {
            FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901"),
            TEAMS: (hosted.path / TEAMS).read_text() + "people: {bo: {id: 9999}}\n",
        }
    )
    run = reviewed(hosted, head, {"user": "stranger", "userId": 9999}, {"user": "eve"})
    assert run.code == 3
    assert "the account 9999 is that of bo" in run.out


def test_two_people_of_one_account_are_refused(hosted: Hosted) -> None:
    text = (hosted.path / TEAMS).read_text() + "people: {bo: {id: 7}, ana: {id: 7}}\n"
    head = hosted.propose({TEAMS: text})
    assert "control/invalid" in reviewed(hosted, head, {"user": "eve"}).rules


def test_a_change_cannot_say_whose_its_addresses_are(hosted: Hosted) -> None:
    hosted.repo.branch("topic")
    people = "people: {zoe: {addresses: [who@corp.example]}}\n"
    hosted.repo.write({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})
    hosted.repo.write({TEAMS: (hosted.path / TEAMS).read_text() + people})
    who = {"GIT_AUTHOR_EMAIL": "who@corp.example", "GIT_COMMITTER_EMAIL": "who@corp.example"}
    hosted.repo.git("commit", "--quiet", "-am", "a change", env=who)
    head = hosted.repo.id("HEAD")
    run = hosted.run("--approvals", hosted.approvals(head, committers=[]), env=hosted.event(head))
    assert run.code == 1
    assert f"which made commit {head[:12]}" in run.out


def test_a_person_whom_the_change_adds_to_a_role_cannot_approve_it(hosted: Hosted) -> None:
    teams = hosted.edit(TEAMS, "members: [eve, hana, joao]", "members: [eve, hana, joao, zoe]")
    head = hosted.propose({TEAMS: teams})
    run = hosted.run("--approvals", hosted.approvals(head, ("zoe",)), env=hosted.event(head))
    assert (run.code, run.rules) == (3, {"control/changed-without-approval"})


def test_a_co_author_cannot_approve(hosted: Hosted) -> None:
    hosted.repo.branch("topic")
    hosted.repo.write({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})
    message = "a change\n\nCo-authored-by: Bo <2+bo@users.noreply.github.com>\nCo-authored-by: It <noreply@it.example>"
    hosted.repo.git("commit", "--quiet", "-am", message)
    head = hosted.repo.id("HEAD")
    assert hosted.run("--approvals", hosted.approvals(head, ("ana", "bo")), env=hosted.event(head)).code == 3
    assert hosted.run("--approvals", hosted.approvals(head, ("ana", "chidi")), env=hosted.event(head)).code == 0


# One person, one role; and who is left


def settled(hosted: Hosted, *edits: tuple[str, str, str]) -> None:
    """Let the trusted branch have other settings or teams."""
    for file, find, replace in edits:
        hosted.repo.write({file: hosted.edit(file, find, replace)})
    hosted.repo.commit({})
    hosted.protect()


@pytest.mark.parametrize(("by", "code"), [(("ana", "bo"), 3), (("ana", "bo", "gus"), 0), (("ana", "gus", "ines"), 3)])
def test_one_person_stands_for_one_role_where_settings_ask_for_it(
    hosted: Hosted, by: tuple[str, ...], code: int
) -> None:
    """A high release needs two of its owners and one of the risk office; bo is in both."""
    both = "      high: [{role: owner, count: 2}, {role: model-risk, count: 1}]\n"
    asked = f"    onePersonPerRole: {{high: true}}\n    required:\n{both}"
    settled(
        hosted,
        (TEAMS, "members: [femi, gus, ines]", "members: [bo, femi, gus, ines]"),
        (CONFIG, "    required:\n", asked),
    )
    head = proposed(hosted)
    assert hosted.run("--approvals", hosted.approvals(head, by), env=hosted.event(head)).code == code


def test_an_old_approval_does_not_count(hosted: Hosted) -> None:
    head = proposed(hosted)
    reviews = [
        {"user": user, "state": "APPROVED", "commit": head, "submittedAt": at}
        for user, at in (("ana", fixtures.NOW), ("bo", "2026-08-04T11:59:59Z"))
    ]
    run = hosted.run("--approvals", hosted.approvals(head, reviews=reviews), env=hosted.event(head))
    assert (run.code, run.rules) == (3, {"approvals/missing", "approvals/too-old"})
    reviews[1]["submittedAt"] = "2026-08-04T12:00:01Z"
    run = hosted.run("--approvals", hosted.approvals(head, reviews=reviews), env=hosted.event(head))
    assert (run.code, run.rules) == (0, set())


def test_where_nobody_is_left_waiting_does_not_help(hosted: Hosted) -> None:
    settled(hosted, (TEAMS, "members: [ana, bo, chidi]", "members: [ana, mira]"))
    head = proposed(hosted)
    run = hosted.run("--approvals", hosted.approvals(head, ("ana",)), env=hosted.event(head))
    assert (run.code, run.verdict["verdict"]) == (1, "closed")
    alone = next(one for one in run.findings if one["rule"] == "approvals/nobody-left")
    assert alone["message"] == (
        "The role owner needs 2 to approve, and 1 of its people have not written this change: ana."
    )


def test_how_old_a_file_may_be_is_a_setting_of_the_base(hosted: Hosted) -> None:
    settled(hosted, (CONFIG, "  approvals:\n", "  approvals:\n    maximumFileAgeSeconds: 3600\n"))
    head = proposed(hosted)
    for at, code in (("2026-11-02T11:00:00Z", 0), ("2026-11-02T10:59:59Z", 1)):
        reviews = [
            {"user": user, "state": "APPROVED", "commit": head, "submittedAt": "2026-11-02T10:00:00Z"}
            for user in ("ana", "bo")
        ]
        given = hosted.approvals(head, retrievedAt=at, reviews=reviews)
        assert hosted.run("--approvals", given, env=hosted.event(head)).code == code

"""Code owners on real repositories: whom CODEOWNERS asks for, who is missing, and the ways past it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from changegate import fixtures
from support.hosted import FRAUD, RESEARCH

if TYPE_CHECKING:
    from support.command import Run
    from support.hosted import Hosted

CONFIG, TEAMS, OWNERS = ".changegate/config.yaml", ".changegate/teams.yaml", "CODEOWNERS"
EVALUATION = "models/fraud-detector/evidence/evaluation.json"
DEVICES = "/models/fraud-detector/ @acme/devices-ml\n"
"""Of the devices' team bo, eve and gus; bo alone is in the team that owns the release, too."""


def ask(hosted: Hosted, text: str | None, *, of: str = "[models, control]", host: str = "github") -> None:
    """Let the base ask for code owners, by a CODEOWNERS that says something; None removes it."""
    setting = f"settings:\n  owners: {{requiredFor: {of}, codeowners: {host}}}\n"
    files = {CONFIG: hosted.edit(CONFIG, "settings:\n", setting)}
    hosted.repo.commit(files | ({} if text is None else {OWNERS: text}), remove=(OWNERS,) if text is None else ())
    hosted.protect()


def cheaper(hosted: Hosted) -> dict[str, str | bytes]:
    return {FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")}


def judged(hosted: Hosted, files: dict[str, str | bytes], by: tuple[str, ...] = ("ana", "chidi"), **how: Any) -> Run:
    head = hosted.propose(files, **how)
    return hosted.run("--approvals", hosted.approvals(head, by), env=hosted.event(head))


def told(run: Run, rule: str) -> list[dict[str, Any]]:
    return [one for one in run.findings if one["rule"] == rule]


def outcome(run: Run, rule: str) -> tuple[str, str]:
    """What a rule of the change set came to, and why."""
    subject = next(one for one in run.subjects if one["subject"]["kind"] == "change-set")
    (found,) = (one for one in subject["outcomes"] if one["rule"] == rule)
    return found["status"], found["reason"]


# Whom it asks for


def test_who_is_missing_is_told_by_name_and_team(hosted: Hosted) -> None:
    ask(hosted, DEVICES)
    run = judged(hosted, cheaper(hosted))
    assert (run.code, run.verdict["verdict"]) == (3, "awaiting-approval")
    (finding,) = told(run, "owners/not-approved")
    assert finding["location"]["file"] == FRAUD
    assert "@acme/devices-ml" in finding["message"]
    assert "bo, eve, gus" in finding["remediation"]
    assert (finding["related"][0]["location"]["file"], finding["related"][0]["location"]["line"]) == (OWNERS, 1)
    assert "code owners @acme/devices-ml" in run.out


@pytest.mark.parametrize(("by", "code"), [(("ana", "bo"), 0), (("ana", "chidi", "gus"), 0), (("ana", "chidi"), 3)])
def test_one_of_the_owners_is_enough(hosted: Hosted, by: tuple[str, ...], code: int) -> None:
    ask(hosted, DEVICES)
    assert judged(hosted, cheaper(hosted), by).code == code


def test_what_a_manifest_names_is_the_models(hosted: Hosted) -> None:
    ask(hosted, "/models/fraud-detector/evidence/ @eve\n")
    changed = hosted.edit(EVALUATION, '"schemaVersion": 1', '"schemaVersion":  1')
    run = judged(hosted, {EVALUATION: changed}, fixtures.APPROVERS)
    assert outcome(run, "owners/not-approved")[0] == "passed"


def test_what_nothing_is_decided_from_asks_for_nobody(hosted: Hosted) -> None:
    ask(hosted, "* @eve\n/models/ @acme/payments-ml\n")
    run = judged(hosted, {"docs/notes.md": "notes\n", **cheaper(hosted)})
    assert (run.code, outcome(run, "owners/not-approved")[0]) == (0, "passed")


def test_a_control_file_has_owners_where_the_settings_ask_for_them(hosted: Hosted) -> None:
    change = {".github/workflows/gate.yml": "on: pull_request\n"}
    ask(hosted, "/.github/ @gus\n", of="[control]")
    assert told(judged(hosted, change, ("eve",)), "owners/not-approved")


def test_a_control_file_has_none_where_they_ask_for_models(hosted: Hosted) -> None:
    ask(hosted, "/.github/ @gus\n", of="[models]")
    assert judged(hosted, {".github/workflows/gate.yml": "on: pull_request\n"}, ("eve",)).code == 0


def test_a_deleted_model_has_owners(hosted: Hosted) -> None:
    ask(hosted, "/models/recommender-research/ @gus\n")
    run = judged(hosted, {}, ("femi", "joao"), remove=(RESEARCH,))
    (finding,) = told(run, "owners/not-approved")
    assert (finding["location"]["file"], finding["location"]["revision"]) == (RESEARCH, "base")


def test_sections_of_gitlab_ask_each_for_themselves(hosted: Hosted) -> None:
    text = "* @ana\n\n[Risk][2] @acme/risk-office\n/models/\n\n^[Docs] @hana\n*.yaml\n"
    ask(hosted, text, host="gitlab")
    run = judged(hosted, cheaper(hosted), ("ana", "bo", "femi"))
    (finding,) = told(run, "owners/not-approved")
    assert "2 needed, approved by femi" in finding["message"]
    assert finding["related"][0]["location"]["line"] == 4


# The ways past it


def test_a_change_of_codeowners_counts_from_the_next_one_on(hosted: Hosted) -> None:
    ask(hosted, DEVICES)
    run = judged(hosted, {**cheaper(hosted), OWNERS: "* @ana\n"}, ("ana", "chidi", "hana"))
    assert {one["location"]["file"] for one in told(run, "owners/not-approved")} == {FRAUD}


def test_a_file_that_the_host_would_look_at_first_counts_from_the_next_one_on(hosted: Hosted) -> None:
    ask(hosted, DEVICES)
    run = judged(hosted, {**cheaper(hosted), ".github/CODEOWNERS": "* @ana\n"}, ("ana", "chidi", "hana"))
    assert told(run, "owners/not-approved")


def test_a_file_that_moves_out_of_a_folder_is_asked_for_there(hosted: Hosted) -> None:
    ask(hosted, "/models/recommender-research/ @gus\n")
    text = (hosted.path / RESEARCH).read_text()
    run = judged(hosted, {"models/elsewhere/manifest.yaml": text}, ("femi", "joao"), remove=(RESEARCH,))
    assert told(run, "owners/not-approved")


def test_the_author_is_no_owner_who_approves(hosted: Hosted) -> None:
    ask(hosted, f"/models/ @{fixtures.AUTHOR}\n")
    run = judged(hosted, cheaper(hosted), ("ana", "bo", fixtures.AUTHOR))
    assert {"owners/nobody-left", "owners/not-approved"} <= run.rules
    assert run.code == 1


def test_the_line_that_takes_owners_out_is_the_bases(hosted: Hosted) -> None:
    ask(hosted, "/models/ @gus\n")
    assert told(
        judged(hosted, {**cheaper(hosted), OWNERS: "/models/ @gus\n/models/fraud-detector/\n"}), "owners/not-approved"
    )


@pytest.mark.parametrize(
    ("owner", "words"),
    [
        ("@acme/nobody-knows", '{codeowners: ["@acme/nobody-knows"], …}'),
        ("@other/devices-ml", "nobody says who is in @other/devices-ml"),
        ("gus@corp.example", "people: {LOGIN: {addresses: [gus@corp.example]}}"),
        ("@devices-ml", "nobody says who is in @devices-ml"),
    ],
)
def test_an_owner_of_whom_nobody_can_tell_who_it_is_is_unknown(hosted: Hosted, owner: str, words: str) -> None:
    ask(hosted, f"/models/ {owner}\n")
    run = judged(hosted, cheaper(hosted), fixtures.APPROVERS)
    state, reason = outcome(run, "owners/not-approved")
    assert (run.code, state) == (1, "unknown")
    assert words in reason


def test_an_owner_is_known_by_what_teams_yaml_says(hosted: Hosted) -> None:
    ask(hosted, "/models/ @other/devices gus@corp.example\n")
    text = hosted.edit(TEAMS, "devices-ml: {members", 'devices-ml: {codeowners: ["@other/devices"], members')
    hosted.repo.commit({TEAMS: text + "people: {gus: {addresses: [gus@corp.example]}}\n"})
    hosted.protect()
    assert judged(hosted, cheaper(hosted), ("ana", "bo")).code == 0


def test_approvals_that_nobody_handed_in_are_unknown(hosted: Hosted) -> None:
    ask(hosted, DEVICES)
    head = hosted.propose(cheaper(hosted))
    assert outcome(hosted.run(env=hosted.event(head)), "owners/not-approved")[0] == "unknown"


# A file that cannot be followed


def test_a_line_that_the_host_leaves_out_closes_until_it_is_mended(hosted: Hosted) -> None:
    ask(hosted, "/models/ @ana\n!/models/fraud-detector/\n")
    run = judged(hosted, cheaper(hosted))
    (finding,) = told(run, "owners/invalid")
    assert (run.code, finding["location"]["file"], finding["location"]["line"]) == (1, OWNERS, 2)


def test_whoever_mends_the_file_is_judged_by_the_rest_of_it(hosted: Hosted) -> None:
    ask(hosted, "/models/ @ana\n/CODEOWNERS @gus\n!/models/fraud-detector/\n")
    assert judged(hosted, {OWNERS: "/models/ @ana\n"}, ("eve",)).rules == {"owners/not-approved"}


def test_a_base_without_the_file_closes_until_it_is_there(hosted: Hosted) -> None:
    ask(hosted, None)
    (finding,) = told(judged(hosted, cheaper(hosted)), "owners/invalid")
    assert "there is none at" in finding["message"]


def test_a_change_that_brings_the_file_opens(hosted: Hosted) -> None:
    ask(hosted, None)
    assert judged(hosted, {OWNERS: "/models/ @ana\n"}, ("eve",)).code == 0


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("/models/ @ana\n!/models/x/\n", 2, "no `!`"),
        ("/models/ @ana\n/x/ @acme/nobody-knows\n", 2, "nobody says who is in @acme/nobody-knows"),
        ("/models/ ana\n", 1, "'ana' is no owner"),
    ],
)
def test_what_could_not_be_followed_once_merged_is_told_on_its_line(
    hosted: Hosted, text: str, line: int, words: str
) -> None:
    ask(hosted, "/models/ @ana\n")
    run = judged(hosted, {OWNERS: text}, ("eve",))
    (finding,) = told(run, "control/invalid")
    assert (run.code, finding["location"]["file"], finding["location"]["line"]) == (1, OWNERS, line)
    assert words in finding["message"]


def test_whoever_asks_for_owners_brings_the_file(hosted: Hosted) -> None:
    setting = "settings:\n  owners: {requiredFor: [models], codeowners: gitlab}\n"
    text = hosted.edit(CONFIG, "settings:\n", setting)
    run = judged(hosted, {CONFIG: text}, ("eve",), remove=(OWNERS,))
    (finding,) = told(run, "control/invalid")
    assert finding["location"]["source"].strip().startswith("owners:")


def test_two_teams_of_one_name_are_refused(hosted: Hosted) -> None:
    text = hosted.edit(TEAMS, "devices-ml: {members", 'devices-ml: {codeowners: ["@acme/x"], members')
    text = text.replace("vision-ml: {members", 'vision-ml: {codeowners: ["@Acme/X"], members')
    (finding,) = told(judged(hosted, {TEAMS: text}, ("eve",)), "control/invalid")
    assert "already" in finding["message"]


def test_who_a_name_stands_for_is_told_of_a_change_of_teams(hosted: Hosted) -> None:
    text = hosted.edit(TEAMS, "devices-ml: {members", 'devices-ml: {codeowners: ["@acme/x"], members')
    run = judged(
        hosted, {TEAMS: text + "people: {gus: {keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIabcdefghijkl]}}\n"}, ("eve",)
    )
    assert "@acme/x in CODEOWNERS is the team devices-ml" in run.out
    assert "gus signs approvals with another key from now on: ssh-ed25519 …abcdefghijkl" in run.out

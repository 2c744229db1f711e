"""Ways around the gate that were open once: each is a pull request that has to be stopped, on a real repository."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from changegate import fixtures
from support.command import check
from support.hosted import FRAUD, RESEARCH

if TYPE_CHECKING:
    from support.command import Run
    from support.hosted import Hosted

CONFIG = ".changegate/config.yaml"
FAIRNESS = "models/fraud-detector/evidence/fairness.json"
MODEL_CARD = "models/fraud-detector/MODEL_CARD.md"
SEPSIS = "models/sepsis-triage/manifest.yaml"

DECOY = {
    "apiVersion": "changegate.dev/v1",
    "kind": "ModelRelease",
    "metadata": {"name": "decoy", "owner": "research-ml"},
    "spec": {
        "version": "0.1.0",
        "task": "other",
        "risk": {"tier": "low", "exposure": "research"},
        "artifacts": [{"name": "model", "role": "model", "uri": "s3://research/decoy/0.1.0/model.safetensors"}],
    },
}


def judge(hosted: Hosted, head: str, *by: str) -> Run:
    """Run the gate on a pull request that certain people have approved."""
    given: list[str] = ["--now", fixtures.NOW, "--approvals", str(hosted.approvals(head, by))]
    return check(*given, cwd=hosted.path, env=hosted.event(head), out=hosted.folder / "verdict.json")


def land(hosted: Hosted, files: dict[str, str | bytes]) -> None:
    """Change the base itself."""
    hosted.repo.commit(files, "landed")
    hosted.protect()


def subjects(run: Run) -> set[tuple[str, str]]:
    return {(one["subject"].split(" ")[0], one["operation"]) for one in run.verdict["subjects"]}


# What a change leaves out of sight


def test_evidence_that_becomes_a_manifest_is_still_the_evidence_of_another(hosted: Hosted) -> None:
    run = hosted.judge(hosted.propose({FAIRNESS: json.dumps(DECOY)}))
    assert (run.code, run.rules) == (1, {"fairness/invalid-evidence"})


def test_a_contract_that_becomes_a_manifest_too_is_still_a_contract(hosted: Hosted) -> None:
    contract = "contracts/transactions.yaml"
    config = hosted.edit(CONFIG, 'include: ["models/**/*.yaml"', 'include: ["contracts/*.yaml", "models/**/*.yaml"')
    land(hosted, {CONFIG: config})
    both = f"{(hosted.path / contract).read_text()}---\n{json.dumps(DECOY)}\n"
    run = hosted.judge(hosted.propose({contract: both}))
    assert (run.code, run.rules) == (1, {"features/contract-invalid"})


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("MY CARD.md", "models/fraud-detector/MY\n    CARD.md"),
        ("MY CARD.md", '"models/fraud-detector/MY\n    CARD.md"'),
        ("M'CARD.md", "'models/fraud-detector/M''CARD.md'"),
        ("M\u00a0CARD.md", "models/fraud-detector/M\u00a0CARD.md"),
    ],
)
def test_a_file_is_found_however_a_manifest_spells_its_path(hosted: Hosted, name: str, written: str) -> None:
    path = f"models/fraud-detector/{name}"
    manifest = hosted.edit(FRAUD, f"modelCard: {MODEL_CARD}", f"modelCard: {written}")
    land(hosted, {path: (hosted.path / MODEL_CARD).read_bytes(), FRAUD: manifest})
    run = hosted.judge(hosted.propose(remove=(path,)))
    assert (run.code, run.rules) == (1, {"operations/model-card-missing"})


def test_replacing_a_release_by_one_that_was_there_is_a_retirement(hosted: Hosted) -> None:
    """The one that was there is compared with itself, so nobody would look at what goes."""
    manifest = hosted.edit(RESEARCH, "  owner:", "  replaces: sepsis-triage\n  owner:")
    head = hosted.propose({RESEARCH: manifest}, remove=(SEPSIS,))
    run = judge(hosted, head, "femi", "joao")
    assert (run.code, run.rules) == (3, {"retirement/not-approved"})


def test_a_manifest_that_is_too_large_is_seen(hosted: Hosted) -> None:
    padded = (hosted.path / FRAUD).read_text() + "#" * 1024 * 1024
    run = hosted.judge(hosted.propose({"models/new/manifest.yaml": padded}))
    assert (run.code, run.rules) == (1, {"manifest/unreadable"})


def test_attributes_of_a_folder_hide_nothing_from_reviewers_unseen(hosted: Hosted) -> None:
    head = hosted.propose({"models/.gitattributes": "manifest.yaml -diff linguist-generated\n"})
    run = judge(hosted, head, "ana", "bo")
    assert (run.code, run.rules) == (3, {"control/changed-without-approval"})


# Who approves, and under which terms


def handed_over(hosted: Hosted, *others: tuple[str, str]) -> str:
    """Give the fraud detector to another team, in the change that this team approves."""
    text = hosted.edit(FRAUD, "owner: payments-ml", "owner: language-ml")
    for find, replace in others:
        assert text.count(find) == 1
        text = text.replace(find, replace)
    return hosted.propose({FRAUD: text})


def test_a_change_does_not_choose_its_approvers_by_choosing_an_owner(hosted: Hosted) -> None:
    head = handed_over(hosted)
    run = judge(hosted, head, "dara", "eve")
    assert (run.code, run.rules) == (3, {"approvals/missing"})
    [finding] = run.findings
    assert finding["details"]["role"] == "payments-ml"
    assert judge(hosted, head, "ana", "bo").code == 3, "the new owner agrees, too"
    assert judge(hosted, head, "ana", "bo", "dara", "eve").code == 0


@pytest.mark.parametrize("selector", ["owners: [language-ml]", "models: [research-*]"])
def test_a_change_does_not_choose_the_override_that_it_is_judged_under(hosted: Hosted, selector: str) -> None:
    override = f"overrides:\n  - {{{selector}, enforcement: observe, reason: these are only observed}}\n"
    land(hosted, {CONFIG: (hosted.path / CONFIG).read_text() + override})
    renamed = ("name: fraud-detector\n", "name: research-fraud\n  replaces: fraud-detector\n")
    head = handed_over(hosted, ("bake: 1h", "bake: 1m"), *([renamed] if "models" in selector else []))
    run = hosted.judge(head)
    assert run.code == 1
    assert "rollout/bake-too-short" in {one["rule"] for one in run.findings if one["effect"] == "blocks"}


def test_a_release_does_not_leave_an_override_that_enforces(hosted: Hosted) -> None:
    observed = hosted.edit(CONFIG, "enforcement: enforce", "enforcement: observe")
    override = "overrides:\n  - {owners: [payments-ml], enforcement: enforce, reason: payments are enforced first}\n"
    land(hosted, {CONFIG: observed + override})
    run = hosted.judge(handed_over(hosted, ("bake: 1h", "bake: 1m")))
    assert (run.code, run.rules) == (1, {"rollout/bake-too-short"})


def test_a_rename_does_not_leave_the_inventory(hosted: Hosted) -> None:
    raised = hosted.edit(CONFIG, "inventory:\n", "inventory:\n  - {name: recommender-research, tier: critical}\n")
    land(hosted, {CONFIG: raised})
    renamed = hosted.edit(RESEARCH, "name: recommender-research", "name: renamed\n  replaces: recommender-research")
    run = hosted.judge(hosted.propose({RESEARCH: renamed}))
    assert run.code == 1
    assert "risk/tier-understated" in run.rules


def test_a_committer_is_known_in_whatever_case_the_host_is_written(hosted: Hosted) -> None:
    hosted.repo.branch("topic")
    text = hosted.edit(FRAUD, "Scores card transactions in real time.", "Scores card transactions in real time.  # now")
    hosted.repo.write({FRAUD: text})
    hosted.repo.git("add", "--all")
    mail = {"GIT_AUTHOR_EMAIL": "1+bo@Users.NoReply.GitHub.com", "GIT_COMMITTER_EMAIL": "noreply@github.com"}
    hosted.repo.git("commit", "--quiet", "--message", "a change", env=mail)
    run = judge(hosted, hosted.repo.id("HEAD"), "ana", "bo")
    assert (run.code, run.rules) == (3, {"approvals/missing"})


def test_a_change_does_not_lift_a_demand_by_denying_what_the_release_was(hosted: Hosted) -> None:
    text = hosted.edit(FRAUD, "personalData: true", "personalData: false")
    head = hosted.propose({FRAUD: text.replace("inputs: hashed", "inputs: full").replace("Days: 30", "Days: 3000")})
    run = hosted.judge(head)
    assert (run.code, run.rules) == (1, {"operations/inputs-logged-in-clear", "operations/retention-too-long"})

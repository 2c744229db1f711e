"""Approvals that people sign with SSH keys, for changes of real repositories: which count, and for what."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from changegate import fixtures
from changegate.approvals.signed import approval_text
from support.command import changegate
from support.hosted import FRAUD, RESEARCH
from support.ssh import SshKey

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.command import Run
    from support.hosted import Hosted

TEAMS, CONFIG = ".changegate/teams.yaml", ".changegate/config.yaml"
MIRA = "Ana@acme.example"
"""Who makes the tests' commits, as git has it."""


class Signers:
    """People whose keys the base lists."""

    def __init__(self, hosted: Hosted, *names: str) -> None:
        self.hosted = hosted
        self.keys = {name: SshKey(hosted.folder / "keys" / name) for name in names}
        people = [f"  {name}: {{keys: ['{key.public}']}}\n" for name, key in self.keys.items()]
        people.append(f"  mira: {{addresses: [{MIRA}]}}\n")
        hosted.repo.commit({TEAMS: (hosted.path / TEAMS).read_text() + "people:\n" + "".join(people)})
        hosted.protect()
        self.folder = hosted.folder / "signed"
        self.folder.mkdir()

    def approve(self, name: str, *more: str, model: str = "fraud-detector", role: str = "owner") -> Run:
        """Let a person sign, as they would on a laptop; a release of pull request 42 unless it says otherwise."""
        given = ["--role", role, "--as", name, "--key", self.keys[name].path, "--now", fixtures.NOW]
        given += ["--trusted-ref", "refs/heads/main", "-o", self.folder / f"{name}.json"]
        given += [] if "--pull-request" in more else ["--pull-request", str(fixtures.PULL_REQUEST)]
        return changegate("approve", *([model] if model else []), *given, *more, cwd=self.hosted.path)

    def forge(self, name: str, **other: Any) -> None:
        """Sign something that the command would not write."""
        file = self.folder / f"{name}.json"
        said = json.loads(json.loads(file.read_text())["signed"]) | other
        text = approval_text(said)
        signature = self.keys[name].sign(text.encode())
        file.write_text(json.dumps({"schemaVersion": 1, "signed": text, "signature": signature}))

    def judge(self, *more: str | Path) -> Run:
        head = self.hosted.repo.id("topic")
        return self.hosted.run("--signed-approvals", self.folder, *more, env=self.hosted.event(head))


def change(hosted: Hosted) -> str:
    return hosted.propose({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})


@pytest.fixture
def signers(hosted: Hosted) -> Signers:
    """Two owners who have signed the change."""
    signers = Signers(hosted, "ana", "bo")
    change(hosted)
    for name in ("ana", "bo"):
        run = signers.approve(name)
        assert run.code == 0, run.err
    return signers


def test_what_enough_people_signed_is_approved(signers: Signers) -> None:
    run = signers.judge()
    assert (run.code, run.rules) == (0, set()), run.out
    (signers.folder / "bo.json").unlink()
    assert signers.judge().code == 3


def test_a_signed_file_is_small_and_says_what_it_is_of(signers: Signers) -> None:
    file = json.loads((signers.folder / "ana.json").read_text())
    said = json.loads(file["signed"])
    assert {**said, "content": "", "signedAt": ""} == {
        "schemaVersion": 1,
        "repository": fixtures.REPOSITORY,
        "pullRequest": 42,
        "approver": "ana",
        "role": "owner",
        "model": "fraud-detector",
        "version": "2.4.0",
        "content": "",
        "signedAt": "",
        "until": "2026-11-09T12:00:00Z",
    }
    assert file["signature"].startswith("-----BEGIN SSH SIGNATURE-----")


def test_signed_and_given_on_the_host_count_together(signers: Signers) -> None:
    (signers.folder / "bo.json").unlink()
    head = signers.hosted.repo.id("topic")
    given = signers.hosted.approvals(head, ("chidi",))
    assert signers.judge("--approvals", given).code == 0
    assert signers.judge("--approvals", signers.hosted.approvals(head, ("ana",))).code == 3


def unrelated(hosted: Hosted) -> None:
    hosted.repo.commit({"README.md": "told\n"})


def rebased(hosted: Hosted) -> None:
    hosted.repo.switch("main")
    hosted.repo.commit({"README.md": "moved\n"})
    hosted.protect()
    hosted.repo.switch("topic")
    hosted.repo.git("rebase", "--quiet", "main")


@pytest.mark.parametrize("then", [unrelated, rebased])
def test_what_changes_nothing_voids_nothing(signers: Signers, then: Callable[[Hosted], None]) -> None:
    then(signers.hosted)
    run = signers.judge()
    assert (run.code, run.rules) == (0, set()), run.out


def manifest(hosted: Hosted) -> None:
    hosted.repo.commit({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 901", "weeklyBudget: 902")})


def evidence(hosted: Hosted) -> None:
    card = "models/fraud-detector/MODEL_CARD.md"
    hosted.repo.commit({card: (hosted.path / card).read_text() + "More.\n"})


def another_release(hosted: Hosted) -> None:
    hosted.repo.commit({RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")})


def settings_of_main(hosted: Hosted) -> None:
    hosted.repo.switch("main")
    hosted.repo.commit({CONFIG: (hosted.path / CONFIG).read_text() + "# moved\n"})
    hosted.protect()
    hosted.repo.switch("topic")


@pytest.mark.parametrize("then", [manifest, evidence, another_release, settings_of_main])
def test_what_is_decided_from_is_what_was_signed(signers: Signers, then: Callable[[Hosted], None]) -> None:
    then(signers.hosted)
    run = signers.judge()
    assert run.code == 3
    assert any("ana.json does not count: something that is decided from" in note for note in run.verdict["notes"])


@pytest.mark.parametrize(
    ("lie", "words"),
    [
        ({"repository": "acme/other"}, "it is of the repository acme/other"),
        ({"pullRequest": 43}, "it is of another pull request (43)"),
        ({"pullRequest": None}, "it is of another pull request (None)"),
        ({"content": "sha256:" + "0" * 64}, "something that is decided from has changed"),
        ({"until": "2026-11-02T11:59:59Z"}, "it held until 2026-11-02T11:59:59Z"),
        ({"signedAt": "2026-11-02T12:06:00Z"}, "it was signed in the future"),
        ({"until": "soon"}, "a time in it is none"),
        ({"approver": "chidi"}, "teams.yaml lists no key of chidi"),
        ({"approver": "bo"}, "it is by another key than those of the person"),
        ({"more": 1}, "more"),
        ({"schemaVersion": 2}, ""),
    ],
)
def test_one_that_says_something_else_does_not_count(signers: Signers, lie: dict[str, Any], words: str) -> None:
    signers.forge("ana", **lie)
    run = signers.judge()
    assert run.code == 3
    assert [note for note in run.verdict["notes"] if "ana.json does not count" in note and words in note]


@pytest.mark.parametrize(
    "lie",
    [{"role": "model-risk"}, {"role": "devices-ml"}, {"model": "credit-score"}, {"model": ""}, {"version": "2.5.0"}],
)
def test_one_for_another_role_or_release_counts_for_nothing_here(signers: Signers, lie: dict[str, Any]) -> None:
    signers.forge("ana", **lie)
    assert signers.judge().code == 3


def test_text_that_was_changed_after_it_was_signed(signers: Signers) -> None:
    file = signers.folder / "ana.json"
    value = json.loads(file.read_text())
    value["signed"] = value["signed"].replace('"version":"2.4.0"', '"version":"2.4.1"')
    file.write_text(json.dumps(value))
    run = signers.judge()
    assert run.code == 3
    assert any("it does not fit what was signed" in note for note in run.verdict["notes"])


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"{}", b"x" * 100_000, b'{"signed": 1}', b"\xff"])
def test_a_file_that_is_none_costs_the_others_nothing(signers: Signers, data: bytes) -> None:
    (signers.folder / "zz.json").write_bytes(data)
    run = signers.judge()
    assert (run.code, run.rules) == (0, set())
    assert any("zz.json does not count" in note for note in run.verdict["notes"])


def test_one_for_another_request_counts_where_settings_allow_it(signers: Signers) -> None:
    hosted = signers.hosted
    hosted.repo.switch("main")
    hosted.repo.commit({CONFIG: hosted.edit(CONFIG, "  approvals:\n", "  approvals:\n    signedForAnyRequest: true\n")})
    hosted.protect()
    hosted.repo.switch("topic")
    for name in ("ana", "bo"):
        assert signers.approve(name, "--pull-request", "7").code == 0
    assert signers.judge().code == 0


def test_whoever_wrote_the_change_cannot_sign_it(hosted: Hosted) -> None:
    signers = Signers(hosted, "ana", "bo")
    hosted.repo.branch("topic")
    hosted.repo.write({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})
    bo = {"GIT_AUTHOR_EMAIL": "2+bo@users.noreply.github.com"}
    hosted.repo.git("commit", "--quiet", "-am", "a change", env=bo)
    for name in ("ana", "bo"):
        assert signers.approve(name).code == 0
    run = signers.judge()
    assert run.code == 3
    assert any("of bo does not count: they took part" in note for note in run.verdict["notes"])


def test_an_author_whom_nobody_knows_may_be_whoever_signed(hosted: Hosted) -> None:
    signers = Signers(hosted, "ana", "bo")
    hosted.repo.branch("topic")
    hosted.repo.write({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})
    hosted.repo.git("commit", "--quiet", "-am", "a change", env={"GIT_AUTHOR_EMAIL": "who@corp.example"})
    for name in ("ana", "bo"):
        assert signers.approve(name).code == 0
    run = signers.judge()
    assert run.code == 1
    assert '"who@corp.example"' in run.out


def test_a_key_that_the_change_brings_signs_nothing(hosted: Hosted) -> None:
    signers = Signers(hosted, "bo")
    key = SshKey(hosted.folder / "keys" / "ana")
    hosted.repo.branch("topic")
    teams = hosted.edit(TEAMS, "people:\n", f"people:\n  ana: {{keys: ['{key.public}']}}\n")
    hosted.repo.commit({TEAMS: teams, FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})
    signers.keys["ana"] = key
    run = signers.approve("ana")
    assert run.code == 2
    assert "lists no key of ana" in run.err
    assert signers.approve("bo").code == 0
    (signers.folder / "ana.json").write_bytes((signers.folder / "bo.json").read_bytes())
    signers.forge("ana", approver="ana")
    assert "teams.yaml lists no key of ana" in " ".join(signers.judge().verdict["notes"])


def test_control_files_are_signed_by_themselves(hosted: Hosted) -> None:
    signers = Signers(hosted, "eve")
    hosted.propose({CONFIG: (hosted.path / CONFIG).read_text() + "# a comment\n"})
    assert signers.judge().code == 3
    run = signers.approve("eve", "--control", model="", role="platform")
    assert run.code == 0, run.err
    run = signers.judge()
    assert (run.code, run.rules) == (0, set()), run.out


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"model": "credit-score"}, "the change has no release"),
        ({"model": ""}, "name one release"),
        ({"role": "platform"}, "not in the role"),
        ({"role": "nobody"}, "not in the role"),
    ],
)
def test_what_cannot_be_approved_is_not_signed(signers: Signers, given: dict[str, str], words: str) -> None:
    (signers.folder / "ana.json").unlink()
    run = signers.approve("ana", **given)
    assert run.code == 2
    assert words in run.err
    assert not (signers.folder / "ana.json").exists()


def test_a_key_that_does_not_sign(signers: Signers) -> None:
    signers.keys["ana"].path.write_text("no key")
    run = signers.approve("ana")
    assert run.code == 2
    assert "ssh-keygen does not sign" in run.err


def test_signed_files_lie_outside_the_checkout(signers: Signers) -> None:
    inside = signers.hosted.path / "ana.json"
    inside.write_bytes((signers.folder / "ana.json").read_bytes())
    run = signers.judge("--signed-approvals", inside)
    assert run.code == 2
    assert "outside" in run.out


# Signed approvals, and whom CODEOWNERS asks for


def owned(hosted: Hosted, text: str, *names: str) -> Signers:
    """A base whose CODEOWNERS asks, and people who have signed nothing yet."""
    setting = "settings:\n  owners: {requiredFor: [models, control]}\n"
    hosted.repo.commit({CONFIG: hosted.edit(CONFIG, "settings:\n", setting), ".github/CODEOWNERS": text})
    return Signers(hosted, *names)


def test_a_signature_of_the_release_counts_for_the_owners_of_its_files(hosted: Hosted) -> None:
    signers = owned(hosted, "/models/ @chidi\n", "ana", "bo", "chidi")
    card = "models/fraud-detector/MODEL_CARD.md"
    change(hosted)
    hosted.repo.commit({card: (hosted.path / card).read_text() + "\nIt is cheaper now.\n"}, "told")
    assert all(signers.approve(name).code == 0 for name in ("ana", "bo"))
    assert "owners/not-approved" in signers.judge().rules
    assert signers.approve("chidi").code == 0
    run = signers.judge()
    assert (run.code, run.rules) == (0, set()), run.out
    hosted.repo.commit({RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.3.1")}, "more")
    assert all(signers.approve(name).code == 0 for name in ("ana", "bo", "chidi"))
    assert "owners/not-approved" in signers.judge().rules  # theirs are both releases, and one is signed


def test_a_signature_of_the_control_files_counts_for_the_owners_of_these(hosted: Hosted) -> None:
    signers = owned(hosted, "/models/ @ana\n/.changegate/ @eve\n", "ana", "bo", "eve")
    hosted.propose({CONFIG: hosted.edit(CONFIG, "enforcement: enforce", "enforcement: enforce # as before")})
    run = signers.judge()
    assert "owners/not-approved" in run.rules, run.out
    run = signers.approve("eve", "--control", model="", role="platform")
    assert run.code == 0, run.err
    run = signers.judge()
    assert "owners/not-approved" not in run.rules, run.out


def test_whoever_wrote_the_change_is_no_owner_who_signs(hosted: Hosted) -> None:
    signers = owned(hosted, "/models/ @ana\n", "ana", "bo")
    change(hosted)
    assert all(signers.approve(name).code == 0 for name in ("ana", "bo"))
    assert signers.judge().code == 0
    hosted.repo.git("commit", "-q", "--amend", "-m", "x\n\nCo-authored-by: ana <1+ana@users.noreply.github.com>")
    assert all(signers.approve(name).code == 0 for name in ("ana", "bo"))
    assert "owners/not-approved" in signers.judge().rules

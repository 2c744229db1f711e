"""An audit tells which changes of models have a record, over a real history; what landed otherwise is a finding."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from changegate import fixtures
from support.command import changegate
from support.hosted import FRAUD, Hosted

if TYPE_CHECKING:
    from pathlib import Path

    from support.command import Run

WAIVERS, CONFIG = ".changegate/waivers.yaml", ".changegate/config.yaml"
WAIVER = {
    "rule": "rollout/bake-too-short", "model": "fraud-detector", "reason": "it was agreed to", "approvedBy": "mira",
    "expires": "2026-12-31",
}  # fmt: skip
SHORT = ("{weight: 50, bake: 1h}", "{weight: 50, bake: 1m}")


class Kept:
    """A hosted repository whose gate keeps records."""

    def __init__(self, folder: Path) -> None:
        self.hosted = Hosted(folder)
        self.repo = self.hosted.repo
        self.records = folder / "records"
        self.records.mkdir()
        self.first = self.repo.git("rev-parse", "main").strip()

    def edited(self, *edits: tuple[str, str]) -> str:
        text = (self.hosted.path / FRAUD).read_text()
        for find, replace in edits:
            assert text.count(find) == 1, find
            text = text.replace(find, replace)
        return text

    def judged(
        self, *edits: tuple[str, str], env: dict[str, str] | None = None, place: str = "", more: tuple[str, ...] = ()
    ) -> Run:
        """A pull request that everybody has approved, judged with `--record`."""
        head = self.hosted.propose({FRAUD: self.edited(*edits)})
        event = {**self.hosted.event(head), **(env or {})}
        return self.hosted.run("--record", place or self.records, *more, env=event, approved=head)

    def merge(self) -> str:
        """Merge the pull request, as the host does."""
        self.repo.git("checkout", "-q", "main")
        self.repo.git("merge", "-q", "--no-ff", "-m", "merged", "topic")
        self.repo.git("branch", "-q", "-D", "topic")
        self.hosted.protect()
        return self.repo.git("rev-parse", "main").strip()

    def audit(self, *more: str | Path, form: str = "json", place: str = "") -> Run:
        revisions = f"{self.first}..main"
        words = ("audit", revisions, "--records", place or self.records, "--now", fixtures.NOW, "-o", form, *more)
        return changegate(*words, cwd=self.hosted.path, env=self.repo.environ)

    def told(self, *more: str | Path) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.audit(*more).out)
        return found


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


NEXT = (("version: 2.4.0", "version: 2.4.1"), ("to: 2.3.1", "to: 2.4.0"))


def test_what_was_judged_and_has_landed_is_covered(kept: Kept) -> None:
    assert kept.judged(*NEXT).code == 0
    commit = kept.merge()
    run = kept.audit()
    (change,) = json.loads(run.out)["changes"]
    assert (run.code, change["commit"], change["covered"], change["verdict"]) == (0, commit, "complete", "open")
    assert [(one["identity"]["name"], one["version"]) for one in change["models"]] == [("fraud-detector", "2.4.1")]
    (record,) = kept.records.rglob("*.record.json")
    digest = subprocess.run(["sha256sum", record], capture_output=True, text=True, check=True).stdout.split()[0]
    assert change["record"] == f"sha256:{digest}"
    assert changegate("replay", record, cwd=kept.records).code == 0


def test_a_direct_push_has_no_record(kept: Kept) -> None:
    kept.repo.commit({FRAUD: kept.edited(*NEXT)}, "pushed")
    run = kept.audit()
    (change,) = json.loads(run.out)["changes"]
    assert (run.code, change["covered"], change["isDirectPush"]) == (1, "no-record", True)
    assert "fraud-detector: no record names its tree" in kept.audit(form="table").out


def test_a_merge_past_a_closed_gate_is_told(kept: Kept) -> None:
    assert kept.judged(*NEXT, SHORT).code == 1
    kept.merge()
    run = kept.audit()
    (change,) = json.loads(run.out)["changes"]
    assert (run.code, change["covered"], change["verdict"]) == (1, "past-the-gate", "closed")


def test_another_tree_than_the_one_that_was_judged_is_told(kept: Kept) -> None:
    assert kept.judged(*NEXT).code == 0
    kept.repo.git("checkout", "-q", "main")
    kept.repo.git("merge", "-q", "--no-ff", "--no-commit", "topic")
    kept.repo.write({FRAUD: kept.edited(SHORT)})
    kept.repo.git("commit", "-qam", "merged, and something else")
    run = kept.audit()
    (change,) = json.loads(run.out)["changes"]
    assert (run.code, change["covered"]) == (1, "other-tree")


def test_the_latest_decision_on_a_tree_counts(kept: Kept) -> None:
    head = kept.hosted.propose({FRAUD: kept.edited(*NEXT)})
    kept.hosted.run("--record", kept.records, env=kept.hosted.event(head))  # nobody has approved yet
    later = fixtures.NOW.replace("12:00:00", "12:05:00")
    given = ("--record", kept.records, "--now", later, "--approvals", kept.hosted.approvals(head))
    assert kept.hosted.run(*given, env=kept.hosted.event(head)).code == 0
    kept.merge()
    assert len(list(kept.records.rglob("*.record.json"))) == 2
    assert [one["covered"] for one in kept.told()["changes"]] == ["complete"]


def predicate(kept: Kept) -> dict[str, Any]:
    """What the one statement says, in the words that other tools read."""
    (file,) = kept.records.rglob("*.intoto.json")
    statement = json.loads(file.read_text())
    tree = kept.repo.git("rev-parse", "topic^{tree}").strip()
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert statement["predicateType"] == "https://slsa.dev/verification_summary/v1"
    assert statement["subject"][0]["digest"]["gitTree"] == tree
    found: dict[str, Any] = statement["predicate"]
    needed = "verifier timeVerified resourceUri policy inputAttestations verificationResult verifiedLevels slsaVersion"
    assert set(needed.split()) <= set(found)
    assert not [level for level in found["verifiedLevels"] if level.startswith("SLSA_")]
    return found


def test_a_statement_is_a_summary_with_levels_of_our_own(kept: Kept) -> None:
    assert kept.judged(*NEXT).code == 0
    found = predicate(kept)
    assert (found["verificationResult"], found["verifiedLevels"]) == ("PASSED", ["CHANGEGATE_OPEN"])
    (file,) = (one for one in kept.records.rglob("*.json") if not one.name.endswith(".intoto.json"))
    verdict = json.loads(file.read_text())["verdict"]
    (plan,) = (one["planDigest"] for one in verdict["subjects"] if one["plan"] is not None)
    assert [one["planDigest"] for one in found["changegate"]["releases"]] == [plan]
    assert plan.startswith("sha256:")
    assert found["changegate"]["signersDigest"] == verdict["context"]["signersDigest"] != ""


def test_a_summary_of_a_closed_gate_has_not_passed(kept: Kept) -> None:
    assert kept.judged(*NEXT, SHORT).code == 1
    assert predicate(kept)["verificationResult"] == "FAILED"


def test_a_summary_of_what_nobody_enforced_has_not_passed(kept: Kept) -> None:
    config = (kept.hosted.path / ".changegate/config.yaml").read_text()
    kept.repo.commit({".changegate/config.yaml": config.replace("enforcement: enforce", "enforcement: observe")})
    kept.hosted.protect()
    assert kept.judged(*NEXT, SHORT).code == 0
    found = predicate(kept)
    assert (found["verificationResult"], found["verifiedLevels"]) == ("FAILED", ["CHANGEGATE_OBSERVED"])


def rewritten(kept: Kept, **said: Any) -> None:
    """Let the one statement say something else."""
    (file,) = kept.records.rglob("*.intoto.json")
    statement = json.loads(file.read_text())
    statement["predicate"]["changegate"].update(said)
    file.write_text(json.dumps(statement))


@pytest.mark.parametrize(
    ("said", "covered"),
    [({"stage": "local"}, "advice"), ({"base": "1" * 40}, "other-base"), ({"repository": "a/fork"}, "no-record")],
)
def test_a_record_that_shows_nothing_of_this_branch_is_told(kept: Kept, said: dict[str, Any], covered: str) -> None:
    assert kept.judged(*NEXT).code == 0
    kept.merge()
    rewritten(kept, **said)
    run = kept.audit()
    assert (run.code, json.loads(run.out)["changes"][0]["covered"]) == (1, covered)


def test_what_a_laptop_says_later_takes_no_record_away(kept: Kept) -> None:
    assert kept.judged(*NEXT).code == 0
    later = fixtures.NOW.replace("12:00:00", "12:05:00")
    words = ("check", "--stage", "local", "--base", "main", "--head", "topic", "--now", later, "--record", kept.records)
    assert changegate(*words, cwd=kept.hosted.path, env=kept.repo.environ).code == 0
    kept.merge()
    assert len(list(kept.records.rglob("*.intoto.json"))) == 2
    assert kept.audit().code == 0


def test_a_laptop_alone_covers_nothing(kept: Kept) -> None:
    kept.hosted.propose({FRAUD: kept.edited(*NEXT)})
    words = ("check", "--stage", "local", "--base", "main", "--head", "topic", "--now", fixtures.NOW)
    assert changegate(*words, "--record", kept.records, cwd=kept.hosted.path, env=kept.repo.environ).code == 0
    kept.merge()
    assert [one["covered"] for one in kept.told()["changes"]] == ["advice"]


def test_an_expired_waiver_that_is_still_in_use_is_told(kept: Kept) -> None:
    waivers = yaml.safe_dump({"apiVersion": "changegate.dev/v1", "kind": "Waivers", "waivers": [WAIVER]})
    kept.repo.commit({WAIVERS: waivers}, "a waiver")
    kept.hosted.protect()
    assert kept.judged(*NEXT, SHORT).code == 0
    kept.merge()
    assert kept.audit().code == 0
    run = kept.audit("--now", "2027-01-01T00:00:00Z")
    (waiver,) = json.loads(run.out)["expiredWaivers"]
    assert (run.code, waiver["rule"], waiver["expired"]) == (1, "rollout/bake-too-short", "2026-12-31")
    kept.judged(("version: 2.4.1", "version: 2.4.2"), ("to: 2.4.0", "to: 2.4.1"), SHORT[::-1])
    kept.merge()
    assert kept.told("--now", "2027-01-01T00:00:00Z")["expiredWaivers"] == []


def test_a_release_that_broke_the_glass_is_listed_for_good(kept: Kept) -> None:
    control = {"allowedBreakGlassRoles": ["platform"]}
    config = yaml.safe_load((kept.repo.path / CONFIG).read_text())
    config["settings"]["control"] = control
    broken = {"incident": "INC-7", "onCall": "platform", "version": "2.4.1", "followUp": "bake it again on a weekday"}
    entry = {**WAIVER, "expires": "2026-11-03", "breakGlass": broken}
    waivers = yaml.safe_dump({"apiVersion": "changegate.dev/v1", "kind": "Waivers", "waivers": [entry]})
    kept.repo.commit({CONFIG: yaml.safe_dump(config), WAIVERS: waivers}, "an incident")
    kept.hosted.protect()
    assert kept.judged(*NEXT, SHORT).code == 0
    kept.merge()
    (found,) = kept.told("--now", "2027-06-01T00:00:00Z")["brokenGlass"]
    assert (found["version"], found["rule"], found["incident"]) == ("2.4.1", "rollout/bake-too-short", "INC-7")
    assert "the glass was broken over rollout/bake-too-short" in kept.audit("-o", "table").out


def test_deployments_rollbacks_and_the_time_to_them(kept: Kept) -> None:
    before = kept.edited()
    kept.judged(*NEXT)
    kept.merge()
    head = kept.hosted.propose({FRAUD: before})
    kept.hosted.run("--record", kept.records, env=kept.hosted.event(head), approved=head)
    kept.merge()
    found = kept.told()["deployments"]
    assert [(one["version"], one["isRollback"]) for one in found] == [("2.4.1", False), ("2.4.0", True)]
    assert found[1]["secondsSince"] > 0


def test_shares_by_model_and_by_month(kept: Kept) -> None:
    kept.judged(*NEXT)
    kept.merge()
    kept.repo.commit({FRAUD: kept.edited(("version: 2.4.1", "version: 2.4.2"))}, "pushed")
    found = kept.told()
    assert found["byModel"] == [{"name": "fraud-detector", "changes": 2, "covered": 1, "percent": 50.0}]
    assert [(one["changes"], one["covered"]) for one in found["byMonth"]] == [(2, 1)]
    assert "1 of 2 changes of models have a record with an open gate, 50 %" in kept.audit(form="table").out


def test_csv_has_a_line_for_each_model_and_no_formula(kept: Kept) -> None:
    kept.repo.commit({"models/x/manifest.yaml": kept.edited(("version: 2.4.0", "version: 2.4.1"))}, "pushed")
    kept.repo.commit({"models/y/manifest.yaml": kept.edited(("version: 2.4.0", 'version: "=cmd()"'))}, "pushed")
    rows = list(csv.DictReader(io.StringIO(kept.audit(form="csv").out)))
    assert [(row["model"], row["version"]) for row in rows] == [
        ("fraud-detector", "2.4.1"),
        ("fraud-detector", "'=cmd()"),
    ]


# Signatures


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A private key, and its public one beside it as `key.pub`."""
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric import ed25519

    private = ed25519.Ed25519PrivateKey.generate()
    path = tmp_path / "key"
    path.write_bytes(private.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()))
    public = private.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    path.with_suffix(".pub").write_bytes(public)
    return path


def test_with_a_key_only_what_it_signed_counts(kept: Kept, key: Path) -> None:
    kept.judged(*NEXT, env={"CHANGEGATE_RECORD_KEY": str(key)})
    kept.merge()
    public = key.with_suffix(".pub")
    assert [one["covered"] for one in kept.told("--key", public)["changes"]] == ["complete"]
    (statement,) = kept.records.rglob("*.intoto.json")
    envelope = json.loads(statement.read_text())
    assert envelope["payloadType"] == "application/vnd.in-toto+json"
    statement.write_text(json.dumps({**envelope, "signatures": [{"keyid": "", "sig": "AAAA"}]}))
    assert [one["covered"] for one in kept.told("--key", public)["changes"]] == ["not-signed"]
    assert [one["covered"] for one in kept.told()["changes"]] == ["complete"]


def test_what_nobody_signed_does_not_count_with_a_key(kept: Kept, key: Path) -> None:
    kept.judged(*NEXT)
    kept.merge()
    run = kept.audit("--key", key.with_suffix(".pub"))
    assert (run.code, [one["covered"] for one in json.loads(run.out)["changes"]]) == (1, ["not-signed"])


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_key_that_cannot_be_used_is_exit_2(kept: Kept, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad").write_bytes(content)
    run = kept.judged(*NEXT, env={"CHANGEGATE_RECORD_KEY": str(tmp_path / "bad")})
    assert run.code == 2
    assert "this is no private key that can be used" in run.err


def test_a_key_in_the_checkout_is_refused(kept: Kept, key: Path) -> None:
    inside = kept.hosted.path / "key"
    inside.write_bytes(key.read_bytes())
    run = kept.judged(*NEXT, env={"CHANGEGATE_RECORD_KEY": str(inside)})
    assert run.code == 2
    assert "outside the checkout" in run.err


# What cannot be told


def test_a_history_that_is_cut_off_is_exit_2(kept: Kept, tmp_path: Path) -> None:
    kept.repo.commit({FRAUD: kept.edited(*NEXT)}, "pushed")
    clone = tmp_path / "shallow"
    kept.repo.git("clone", "-q", "--depth", "1", f"file://{kept.hosted.path}", str(clone))
    run = changegate("audit", "HEAD", "--records", kept.records, cwd=clone, env=kept.repo.environ)
    assert run.code == 2
    assert "cut off" in run.err


@pytest.mark.parametrize("words", [("nothing..main",), ("--records", "nowhere"), ("--now", "today")])
def test_words_that_mean_nothing_are_exit_2(kept: Kept, words: tuple[str, ...]) -> None:
    given = ("audit", "--records", kept.records, *words)
    run = changegate(*given, cwd=kept.hosted.path, env=kept.repo.environ)
    assert (run.code, run.out) == (2, "")
    assert words[-1].partition("..")[0] in run.err


def test_a_statement_that_was_changed_is_exit_2(kept: Kept) -> None:
    kept.judged(*NEXT)
    kept.merge()
    (statement,) = kept.records.rglob("*.intoto.json")
    statement.write_text(statement.read_text().replace('"verdict":"open"', '"verdict":"ajar"'))
    run = kept.audit()
    assert run.code == 2
    assert "this is no statement on a decision" in run.err
    assert statement.name in run.err

"""Policies of a repository's own, on real repositories: they close the gate, and do nothing to the rules of ours."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from changegate.resources import SCHEMAS
from support.command import COMMAND, changegate, check, surroundings
from support.hosted import FRAUD, RESEARCH
from support.tools import opa

if TYPE_CHECKING:
    from support.command import Run
    from support.hosted import Hosted

CONFIG = ".changegate/config.yaml"
FOLDER = ".changegate/policies"
NAMING = f"{FOLDER}/acme/naming.rego"

TEAM = """\
# METADATA
# title: Labels
# custom:
#   path: [metadata, labels]
package acme.naming

import data.acme.limits
import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A release says which team runs it
# custom:
#   severity: error
#   message: "The label {label} is missing."
#   remediation: "Write {label} into the labels."
#   settings: [data.acme.limits.label, own.exempt]
#   references: [docs/labels.md]
outcome["has-team"] := lib.not_applicable("the tier is low") if risk.tier == "low"

else := lib.passed if input.release.metadata.labels[limits.label]

else := lib.failed(["metadata", "labels"], {"label": limits.label})
"""
LIMITS = "limits: {label: team}\n"
ONE = 'package main\n\ndeny contains msg if {\n\tinput.metadata.name\n\tmsg := "not today"\n}\n'
RUNAWAY = """\
package hog

numbers_of_it := numbers.range(1, 3000)

deny contains "never" if {
	some a in numbers_of_it
	some b in numbers_of_it
	some c in numbers_of_it
	[a, b, c] == [0, 0, 0]
}
"""
HOG = """\
package hog

numbers_of_it := numbers.range(1, 4000)

all_of_it := {[a, b] | some a in numbers_of_it; some b in numbers_of_it}

deny contains "never" if count(all_of_it) == 1
"""


def adopt(hosted: Hosted, files: dict[str, str | bytes], **config: Any) -> None:
    """Merge files into main, and keys into its configuration."""
    if config:
        known = yaml.safe_load((hosted.path / CONFIG).read_text())
        files = {**files, CONFIG: yaml.safe_dump({**known, **config})}
    hosted.repo.commit(files, "adopted")
    hosted.protect()


def new_version(hosted: Hosted) -> str:
    """A change that our own rules let through."""
    return hosted.propose({RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")})


def own(run: Run) -> dict[str, dict[str, Any]]:
    return {one["rule"]: one for one in run.findings if one["rule"].startswith("own/")}


def outcomes(run: Run) -> dict[str, dict[str, Any]]:
    return {one["rule"]: one for subject in run.subjects for one in subject["outcomes"]}


def failure(run: Run) -> dict[str, str]:
    assert run.code == 2, run.out
    (found,) = run.verdict["failures"]
    assert isinstance(found, dict)
    return found


def line_of(hosted: Hosted, file: str, part: str) -> int:
    (line,) = (number for number, row in enumerate((hosted.path / file).read_text().split("\n"), 1) if part in row)
    return line


# What they decide


def test_a_policy_at_the_base_closes_the_gate_on_the_right_line(hosted: Hosted) -> None:
    adopt(hosted, {NAMING: TEAM, f"{FOLDER}/acme/data.yaml": LIMITS})
    head = hosted.propose({FRAUD: hosted.edit(FRAUD, "  labels:", "  labels: ")})
    run = hosted.judge(head)
    assert run.code == 1
    found = own(run)["own/acme.naming/has-team"]
    assert found["location"]["file"] == FRAUD
    assert found["location"]["line"] == line_of(hosted, FRAUD, "  labels: ")
    assert (found["message"], found["remediation"]) == ("The label team is missing.", "Write team into the labels.")
    assert (found["references"], found["details"]) == (["docs/labels.md"], {"label": "team"})


def test_it_is_one_of_the_three_other_outcomes_elsewhere(hosted: Hosted) -> None:
    adopt(hosted, {NAMING: TEAM, f"{FOLDER}/acme/data.yaml": LIMITS})
    labels = re.search(r"  labels: \{", (hosted.path / FRAUD).read_text())
    assert labels is not None
    head = hosted.propose({FRAUD: hosted.edit(FRAUD, "  labels: {", "  labels: {team: risk, ")})
    run = hosted.judge(head)
    assert outcomes(run)["own/acme.naming/has-team"]["status"] == "passed"
    assert own(run) == {}


def test_a_release_below_the_tier_is_not_asked(hosted: Hosted) -> None:
    adopt(hosted, {NAMING: TEAM, f"{FOLDER}/acme/data.yaml": LIMITS})
    run = hosted.judge(new_version(hosted))
    assert (run.code, outcomes(run)["own/acme.naming/has-team"]["reason"]) == (0, "the tier is low")


def test_a_rule_in_conftests_form_names_its_line_or_the_models_name(hosted: Hosted) -> None:
    text = (
        'package main\n\ndeny contains "not today" if input.metadata.name\n\n'
        'warn contains {"msg": "a version", "path": ["spec", "version"], "seen": 1} if input.spec.version\n\n'
        'warn_nowhere contains {"msg": "lost", "path": ["nowhere", 1]} if input.spec.version\n'
    )
    adopt(hosted, {f"{FOLDER}/main.rego": text})
    run = hosted.judge(new_version(hosted))
    assert run.code == 1
    found = own(run)
    name = line_of(hosted, RESEARCH, "  name: recommender-research")
    assert {rule: (one["location"]["line"], one["severity"], one["effect"]) for rule, one in found.items()} == {
        "own/main/deny": (name, "error", "blocks"),
        "own/main/warn": (line_of(hosted, RESEARCH, "version: 0.4.0"), "warning", "advises"),
        "own/main/warn_nowhere": (name, "warning", "advises"),
    }
    assert found["own/main/warn"]["details"] == {"msg": "a version", "seen": 1}
    assert found["own/main/warn_nowhere"]["details"] == {"msg": "lost", "path": ["nowhere", 1]}
    assert f"{FOLDER}/main.rego, line 3" in found["own/main/deny"]["remediation"]


@pytest.mark.parametrize("subject", ["change-set", "retirement"])
def test_rules_about_other_subjects(hosted: Hosted, subject: str) -> None:
    text = (
        f"# METADATA\n# custom:\n#   subject: {subject}\npackage others\n\n# METADATA\n# title: Never\n# custom:\n"
        '#   severity: error\n#   message: "it is a {kind}"\n#   remediation: none\n'
        'outcome["never"] := data.changegate.lib.failed(["metadata", "name"], {"kind": input.subject.kind})\n'
    )
    adopt(hosted, {f"{FOLDER}/others.rego": text})
    hosted.repo.branch("topic")
    head = hosted.repo.commit({}, "retired", remove=(RESEARCH,))
    run = hosted.judge(head)
    assert own(run)["own/others/never"]["message"] == f"it is a {subject}"
    assert [one["subject"]["kind"] for one in run.subjects if "own/others/never" in str(one["outcomes"])] == [subject]


def test_of_a_manifest_that_is_not_valid_they_know_nothing(hosted: Hosted) -> None:
    adopt(hosted, {f"{FOLDER}/main.rego": ONE})
    run = hosted.judge(hosted.propose({RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "versio: 0.4.0")}))
    assert run.code == 1
    assert outcomes(run)["own/main/deny"]["status"] == "unknown"


# Where they come from


def test_a_policy_that_the_change_brings_decides_nothing(hosted: Hosted) -> None:
    head = hosted.propose(
        {f"{FOLDER}/main.rego": ONE, RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")}
    )
    run = hosted.run("--approvals", hosted.approvals(head, by=()), env=hosted.event(head))
    assert own(run) == {}
    assert "own/main/deny" not in outcomes(run)
    changed = [one for one in run.findings if one["rule"] == "control/changed-without-approval"]
    assert [one["location"]["file"] for one in changed] == [f"{FOLDER}/main.rego"]


def test_a_policy_that_the_change_takes_away_decides_still(hosted: Hosted) -> None:
    adopt(hosted, {f"{FOLDER}/main.rego": ONE})
    hosted.repo.branch("topic")
    edited = hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")
    head = hosted.repo.commit({RESEARCH: edited}, "a change", remove=(f"{FOLDER}/main.rego",))
    run = hosted.judge(head)
    assert (run.code, set(own(run))) == (1, {"own/main/deny"})


TWO_PACKAGES = {f"{FOLDER}/main.rego": ONE, f"{FOLDER}/other.rego": ONE.replace("package main", "package team.other")}


def test_only_the_packages_that_the_base_names_are_asked(hosted: Hosted) -> None:
    adopt(hosted, TWO_PACKAGES, policies={"namespaces": ["team.other"]})
    run = hosted.judge(new_version(hosted))
    assert (run.code, set(own(run))) == (1, {"own/team.other/deny"})
    assert any(note.startswith("The rules of main are not asked") for note in run.verdict["notes"])
    assert "own/main/deny" not in changegate("rules", "--check", "own", cwd=hosted.path).out


@pytest.mark.parametrize("files", [TWO_PACKAGES, {}], ids=["others", "no policy at all"])
def test_a_package_that_is_named_and_not_there_is_told_on_its_line(
    hosted: Hosted, files: dict[str, str | bytes]
) -> None:
    named = {"namespaces": ["main", "acme"] if files else ["acme"]}
    adopt(hosted, files, policies=named)
    told = failure(hosted.judge(new_version(hosted)))
    assert "no policy has a rule in the package acme" in told["message"]
    assert told["place"].startswith(f"{CONFIG}:{line_of(hosted, CONFIG, '- acme')}")


def test_a_data_file_that_the_base_names_is_a_control_file(hosted: Hosted) -> None:
    rule = ONE.replace("input.metadata.name", "input.metadata.name in data.frozen")
    files = {f"{FOLDER}/main.rego": rule, "policy/frozen.yaml": "frozen: [recommender-research]\n"}
    adopt(hosted, files, policies={"data": ["policy/frozen.yaml"]})
    head = hosted.propose(
        {"policy/frozen.yaml": "frozen: []\n", RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")}
    )
    run = hosted.run("--approvals", hosted.approvals(head, by=()), env=hosted.event(head))
    assert set(own(run)) == {"own/main/deny"}
    changed = [one for one in run.findings if one["rule"] == "control/changed-without-approval"]
    assert [one["location"]["file"] for one in changed] == ["policy/frozen.yaml"]


def test_a_data_file_that_is_named_and_not_there(hosted: Hosted) -> None:
    adopt(hosted, {f"{FOLDER}/main.rego": ONE}, policies={"data": ["policy/frozen.yaml"]})
    told = failure(hosted.judge(new_version(hosted)))
    assert told["place"].startswith(f"{CONFIG}:{line_of(hosted, CONFIG, 'frozen.yaml')}")


def test_a_named_policy_in_the_checkout_is_refused_in_ci(hosted: Hosted) -> None:
    head = hosted.propose(
        {"policies/main.rego": ONE, RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")}
    )
    assert "not outside the checkout" in failure(hosted.judge(head, "--policy", "policies"))["message"]
    (hosted.folder / "link").symlink_to(hosted.path / "policies")
    assert "not outside the checkout" in failure(hosted.judge(head, "--policy", hosted.folder / "link"))["message"]


def test_a_named_policy_outside_decides_beside_the_bases(hosted: Hosted) -> None:
    adopt(hosted, {f"{FOLDER}/main.rego": ONE})
    named = hosted.folder / "named"
    named.mkdir()
    (named / "more.rego").write_text(ONE.replace("package main", "package more"))
    run = hosted.judge(new_version(hosted), "--policy", named)
    assert (run.code, set(own(run))) == (1, {"own/main/deny", "own/more/deny"})
    assert (
        run.verdict["context"]["policyDigest"]
        != hosted.judge(hosted.repo.id("HEAD")).verdict["context"]["policyDigest"]
    )


def test_on_a_laptop_the_checkouts_own_folder_stands_in_for_the_bases(hosted: Hosted) -> None:
    adopt(hosted, {f"{FOLDER}/main.rego": ONE})
    hosted.repo.write({f"{FOLDER}/main.rego": ONE.replace("not today", "never again")})
    edited = hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")
    hosted.repo.write({RESEARCH: edited})
    run = check("--base", "HEAD", cwd=hosted.path)
    assert own(run)["own/main/deny"]["message"] == "not today"
    run = check("--base", "HEAD", "--policy", FOLDER, cwd=hosted.path)
    assert own(run)["own/main/deny"]["message"] == "never again"


@pytest.mark.parametrize(
    ("files", "words", "place"),
    [
        ({"lib.rego": "package lib\n\nf(x) := x\n"}, "there is no rule", "named"),
        ({"README.md": "nothing\n"}, "there is no rule", "named"),
        ({"main_test.rego": ONE}, "there is no rule", "named"),
        ({"main.rego": ONE, "data.yaml": "main: {deny: []}\n"}, "stands in for a rule", "named/data.yaml"),
        ({"main.rego": ONE, "data.json": "[]"}, "one mapping", "named/data.json"),
        ({"main.rego": "package changegate.checks.mine\n\ndeny contains 1\n"}, "reserved", "named/main.rego"),
        ({"main.rego": "package changegate\n\ndeny contains 1\n"}, "reserved", "named/main.rego"),
        ({"main.rego": ONE, "changegate/data.yaml": "lib: {}\n"}, "reserved", "named/changegate/data.yaml"),
        ({"main.rego": ONE, "b.rego": "package b\n\ndeny contains"}, "cannot be evaluated", "named/b.rego:3"),
        ({"main.rego": ONE.replace("input.metadata.name", "data.acme.limits")},
         "there is no data.acme.limits", "named/main.rego:4"),
        ({"main.rego": ONE.replace("input.metadata.name", "data.conftest.file.name")}, "conftest", "named/main.rego:4"),
        ({"main.rego": ONE.replace("input.metadata.name", "http.send({})")}, "http.send", "named/main.rego:4"),
        ({"main.rego": ONE.replace("input.metadata.name", 'not input.kind; regex.match("(?=a)", input.kind)')},
         "regex.match: error parsing regexp", "named/main.rego:4"),
        ({"main.rego": "package main\n\ndeny[msg] if msg := \"x\"\n"}, "no set", "named/main.rego:3"),
        ({"main.rego": 'package main\n\noutcome["Big Name"] := {}\n'}, "no plain name", "named/main.rego:3"),
        ({"main.rego": 'package main\n\noutcome["name"] := {}\n'}, "has no `title`", "named/main.rego:3"),
    ],
)  # fmt: skip
def test_what_is_refused(hosted: Hosted, files: dict[str, str], words: str, place: str) -> None:
    for name, text in files.items():
        (hosted.folder / "named" / name).parent.mkdir(exist_ok=True, parents=True)
        (hosted.folder / "named" / name).write_text(text)
    found = failure(hosted.judge(new_version(hosted), "--policy", hosted.folder / "named"))
    assert words in found["message"] + found["hint"]
    assert found["place"].endswith(place)


def test_two_sources_of_one_package(hosted: Hosted) -> None:
    adopt(hosted, {f"{FOLDER}/main.rego": ONE})
    (hosted.folder / "named").mkdir()
    (hosted.folder / "named" / "again.rego").write_text(ONE)
    found = failure(hosted.judge(new_version(hosted), "--policy", hosted.folder / "named"))
    assert f"claimed here and by {FOLDER}/main.rego" in found["message"]
    assert found["place"].endswith("named/again.rego")


# Bundle files


def built(hosted: Hosted, *options: str | Path, roots: str = '["shared"]') -> bytes:
    """A bundle that the real OPA builds."""
    folder = hosted.folder / "shared"
    folder.mkdir(exist_ok=True)
    (folder / "p.rego").write_text(ONE.replace("package main", "package shared.p"))
    (folder / ".manifest").write_text(f'{{"roots": {roots}, "revision": "r1"}}')
    target = hosted.folder / "shared.tar.gz"
    subprocess.run([opa(), "build", "--bundle", folder, "-o", target, *options], check=True, capture_output=True)
    return target.read_bytes()


def test_a_named_bundle_decides(hosted: Hosted) -> None:
    built(hosted)
    run = hosted.judge(new_version(hosted), "--policy", hosted.folder / "shared.tar.gz")
    assert (run.code, own(run)["own/shared.p/deny"]["message"]) == (1, "not today")


def key_pair(folder: Path) -> bytes:
    """Write a private key; answers its public half."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    private = ec.generate_private_key(ec.SECP256R1())
    pem = serialization.Encoding.PEM
    kind, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(private.private_bytes(pem, kind, plain))
    return private.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)


def test_a_signed_bundle_at_the_base_decides_and_one_of_another_key_does_not(hosted: Hosted) -> None:
    public = key_pair(hosted.folder)
    bundle = built(hosted, "--signing-alg", "ES256", "--signing-key", hosted.folder / "key.pem")
    named = {"bundles": [{"path": "shared.tar.gz", "keyFile": "key.pub"}]}
    adopt(hosted, {"shared.tar.gz": bundle, "key.pub": public, f"{FOLDER}/main.rego": ONE}, policies=named)
    edited = hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")
    head = hosted.propose({RESEARCH: edited, "shared.tar.gz": built(hosted)})  # what the change brings is not read
    assert set(own(hosted.judge(head))) == {"own/shared.p/deny", "own/main/deny"}
    hosted.repo.switch("main")
    adopt(hosted, {"key.pub": key_pair(hosted.folder)})
    found = failure(hosted.judge(head))
    assert found["kind"] == "PolicyError"
    assert found["place"].startswith("shared.tar.gz")


def test_a_signature_that_nobody_verified_is_said(hosted: Hosted) -> None:
    key_pair(hosted.folder)
    bundle = built(hosted, "--signing-alg", "ES256", "--signing-key", hosted.folder / "key.pem")
    adopt(hosted, {"shared.tar.gz": bundle}, policies={"bundles": [{"path": "shared.tar.gz"}]})
    run = hosted.judge(new_version(hosted))
    assert any("was not verified" in note for note in run.verdict["notes"])


@pytest.mark.parametrize("bundle", [{"path": "gone.tar.gz"}, {"path": "shared.tar.gz", "keyFile": "gone.pub"}])
def test_a_bundle_that_is_named_and_not_there(hosted: Hosted, bundle: dict[str, str]) -> None:
    adopt(hosted, {"shared.tar.gz": built(hosted)}, policies={"bundles": [bundle]})
    line = line_of(hosted, CONFIG, "gone")
    found = failure(hosted.judge(new_version(hosted)))
    assert ("gone" in found["message"], found["place"]) == (True, f"{CONFIG}:{line}")


def test_a_bundle_that_claims_everything_stands_alone(hosted: Hosted) -> None:
    bundle = built(hosted, roots='[""]')
    adopt(
        hosted, {"shared.tar.gz": bundle, f"{FOLDER}/main.rego": ONE}, policies={"bundles": [{"path": "shared.tar.gz"}]}
    )
    assert "claimed here and by shared.tar.gz" in failure(hosted.judge(new_version(hosted)))["message"]


# Links


@pytest.mark.parametrize("kind", ["file", "folder", "whole", "submodule"])
def test_no_link_is_followed(hosted: Hosted, kind: str) -> None:
    hosted.repo.write({"elsewhere/main.rego": ONE, f"{FOLDER}/kept.rego": ONE} if kind != "whole" else {})
    if kind == "file":
        hosted.repo.link(f"{FOLDER}/main.rego", "../../elsewhere/main.rego")
    elif kind == "folder":
        hosted.repo.link(f"{FOLDER}/more", "../../elsewhere")
    elif kind == "whole":
        hosted.repo.write({"elsewhere/main.rego": ONE})
        hosted.repo.link(FOLDER, "../elsewhere")
    adopt(hosted, {})
    if kind == "submodule":
        hosted.repo.git("update-index", "--add", "--cacheinfo", f"160000,{hosted.repo.id('HEAD')},{FOLDER}/sub")
        hosted.repo.git("commit", "-qm", "a submodule")
        (hosted.path / FOLDER / "sub").mkdir()  # or the change would remove it
        hosted.protect()
    found = failure(hosted.judge(new_version(hosted)))
    assert re.search("link|submodule", found["message"])


def test_a_link_in_a_named_folder_is_not_followed(hosted: Hosted) -> None:
    (hosted.folder / "named").mkdir()
    (hosted.folder / "secret.rego").write_text(ONE)
    (hosted.folder / "named" / "main.rego").symlink_to(hosted.folder / "secret.rego")
    assert "link" in failure(hosted.judge(new_version(hosted), "--policy", hosted.folder / "named"))["message"]


# What they cannot do to ours


def test_ours_decide_the_same_beside_them(hosted: Hosted) -> None:
    """Names of ours, data of ours, `outcome` of ours: nothing that own policies say reaches the engine that decides."""
    head = hosted.propose({FRAUD: hosted.edit(FRAUD, "{weight: 50, bake: 1h}", "{weight: 50, bake: 1m}")})
    before = hosted.judge(head)
    hosted.repo.switch("main")
    text = TEAM.replace("package acme.naming", "package checks.rollout").replace("has-team", "bake-too-short")
    adopt(hosted, {f"{FOLDER}/rollout.rego": text, f"{FOLDER}/acme/data.yaml": LIMITS, f"{FOLDER}/main.rego": ONE})
    hosted.repo.switch("topic")
    hosted.repo.git("rebase", "-q", "main")
    after = hosted.judge(hosted.repo.id("HEAD"))
    ours = {rule: one for rule, one in outcomes(after).items() if not rule.startswith("own/")}
    assert ours == outcomes(before)
    assert outcomes(after)["rollout/bake-too-short"]["status"] == "failed"
    assert set(own(after)) == {"own/checks.rollout/bake-too-short", "own/main/deny"}


# What they may not take


def limited(hosted: Hosted, policy: str, **limits: int) -> Run:
    adopt(hosted, {f"{FOLDER}/hog.rego": policy, f"{FOLDER}/main.rego": ONE}, policies={"limits": limits})
    return hosted.judge(new_version(hosted))


def test_a_policy_that_runs_too_long_is_stopped_and_named(hosted: Hosted) -> None:
    found = failure(limited(hosted, RUNAWAY, seconds=1))
    told = "deny of the policy package hog: it took more than 1 seconds, and was stopped"
    assert found["message"] == f"{told}, while recommender-research was judged"
    assert (found["place"], "policies.limits" in found["hint"]) == (f"{FOLDER}/hog.rego:5", True)


def test_a_policy_that_builds_too_much_is_stopped_and_named(hosted: Hosted) -> None:
    found = failure(limited(hosted, HOG, seconds=60, memoryMiB=64))
    told = "deny of the policy package hog: it needed more memory than it may have, and was stopped"
    assert found["message"] == f"{told}, while recommender-research was judged"
    assert found["place"] == f"{FOLDER}/hog.rego:7"


def test_nothing_is_left_of_a_policy_that_was_stopped(hosted: Hosted) -> None:
    """Also where every manifest is judged, by forks that have a worker each."""
    models = {
        f"models/m{number}/manifest.yaml": (hosted.path / RESEARCH)
        .read_text()
        .replace("recommender-research", f"m{number}")
        for number in range(80)
    }
    adopt(hosted, {**models, f"{FOLDER}/hog.rego": RUNAWAY}, policies={"limits": {"seconds": 1}})
    marked = {**surroundings(), "CHANGEGATE_TEST_MARK": str(hosted.folder)}
    run = check("--all", "--base", "HEAD", cwd=hosted.path, env=marked)
    assert failure(run)["place"] == f"{FOLDER}/hog.rego:5"
    assert not list(processes(str(hosted.folder)))


def processes(mark: str) -> list[str]:
    """Processes that have a mark in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*/environ"):
        try:
            marked = f"CHANGEGATE_TEST_MARK={mark}".encode() in process.read_bytes()
        except OSError:
            continue
        found += [process.parent.name] * marked
    return found


def test_every_manifest_is_judged_by_own_policies_too(hosted: Hosted) -> None:
    models = {
        f"models/m{number}/manifest.yaml": (hosted.path / RESEARCH)
        .read_text()
        .replace("recommender-research", f"m{number}")
        for number in range(80)
    }
    adopt(hosted, {**models, f"{FOLDER}/main.rego": ONE})
    run = check("--all", "--base", "HEAD", cwd=hosted.path)
    denied = {one["location"]["file"] for one in run.findings if one["rule"] == "own/main/deny"}
    assert set(models) <= denied
    assert run.code == 1


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ('deny contains "x" if count(input.metadata.name.first) > 0 with input.metadata.name as {"first": 5}', "count"),
        ("deny contains 5 if input.metadata.name", "nonsense"),
        ('deny contains {"message": "x"} if input.metadata.name', "nonsense"),
        ("deny := 5 if input.metadata.name", "nonsense"),
    ],
)
def test_an_answer_that_is_none_is_an_error_with_its_place(hosted: Hosted, rule: str, words: str) -> None:
    adopt(hosted, {f"{FOLDER}/a.rego": ONE.replace("main", "a"), f"{FOLDER}/main.rego": f"package main\n\n{rule}\n"})
    found = failure(hosted.judge(new_version(hosted)))
    assert words in found["message"]
    assert found["place"] == f"{FOLDER}/main.rego:3"


def test_a_rule_in_our_form_without_an_outcome(hosted: Hosted) -> None:
    text = TEAM.partition("\nelse := lib.failed")[0].replace('== "low"', '== "none"') + "\n"
    adopt(hosted, {NAMING: text, f"{FOLDER}/acme/data.yaml": LIMITS})
    found = failure(hosted.judge(new_version(hosted)))
    assert "own/acme.naming/has-team has no outcome" in found["message"]
    assert (
        found["place"]
        == f"{NAMING}:{text.split(chr(10)).index(next(r for r in text.split(chr(10)) if r.startswith('outcome'))) + 1}"
    )


# What settings and waivers do to them


def test_a_waiver_of_an_own_rule(hosted: Hosted) -> None:
    waiver = {
        "rule": "own/main/deny",
        "model": "recommender-research",
        "reason": "it was agreed to",
        "approvedBy": "mira",
        "expires": "2026-12-31",
    }
    text = yaml.safe_dump({"apiVersion": "changegate.dev/v1", "kind": "Waivers", "waivers": [waiver]})
    adopt(hosted, {f"{FOLDER}/main.rego": ONE, ".changegate/waivers.yaml": text})
    run = hosted.judge(new_version(hosted))
    assert (run.code, own(run)["own/main/deny"]["effect"]) == (0, "waived")


REASON = "the desk has agreed to that"


@pytest.mark.parametrize("rule", ["own/main/deny", "rollout/bake-too-short"])
def test_an_error_that_is_switched_off_for_a_model_is_reported(hosted: Hosted, rule: str) -> None:
    override = {"rules": [rule], "models": ["fraud-*"], "severity": "off", "reason": REASON}
    adopt(hosted, {f"{FOLDER}/main.rego": ONE}, overrides=[override])
    head = hosted.propose({
        FRAUD: hosted.edit(FRAUD, "{weight: 50, bake: 1h}", "{weight: 50, bake: 1m}"),
        RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0"),
    })  # fmt: skip
    run = hosted.judge(head, "-o", f"markdown={hosted.folder}/a.md", "-o", f"github={hosted.folder}/a.txt",
                       "-o", f"junit={hosted.folder}/a.xml")  # fmt: skip
    told = f"{rule}, an error by itself, does not hold for fraud-detector, and is switched off: {REASON}"
    assert run.verdict["notes"].count(told) == 1
    assert told in re.sub(r"\s+", " ", run.out)
    assert (hosted.folder / "a.md").read_text().replace("\\", "").count(REASON) >= 1
    assert told in (hosted.folder / "a.txt").read_text()
    assert REASON in (hosted.folder / "a.xml").read_text()
    effects = {(one["rule"], one["location"]["file"]): one["effect"] for one in run.findings}
    assert effects[rule, FRAUD] == "off"
    assert effects["own/main/deny", RESEARCH] == "blocks"


def test_a_lowered_error_says_so(hosted: Hosted) -> None:
    override = {"rules": ["own/*"], "severity": "warning", "reason": REASON}
    adopt(hosted, {f"{FOLDER}/main.rego": ONE}, overrides=[override])
    run = hosted.judge(new_version(hosted))
    found = own(run)["own/main/deny"]
    assert (run.code, found["effect"], found["note"]) == (0, "advises", f"lowered from error: {REASON}")


@pytest.mark.parametrize("selector", [{"models": ["fraud-detector"]}, {"owners": ["payments-ml"]}, {"tiers": ["high"]}])
def test_a_threshold_for_some_releases(hosted: Hosted, selector: dict[str, list[str]]) -> None:
    strict = {"settings": {"rollout": {"minimumBakeSeconds": {"high": 36_000}}}, "reason": REASON}
    text = (
        "package main\n\n# METADATA\n# title: T\n# custom: {severity: warning, message: 'is {bake}', remediation: R}\n"
        'outcome["told"] := data.changegate.lib.failed(["metadata"], {"bake": bake})\n\n'
        "bake := input.settings.rollout.minimumBakeSeconds.high\n"
    )
    adopt(hosted, {f"{FOLDER}/main.rego": text}, overrides=[{**selector, **strict}])
    head = hosted.propose({
        FRAUD: hosted.edit(FRAUD, "version: 2.4.0", "version: 2.4.1"),
        RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0"),
    })  # fmt: skip
    run = hosted.judge(head)
    bakes = {one["location"]["file"]: one["details"]["bake"] for one in run.findings if one["rule"] == "own/main/told"}
    assert bakes[FRAUD] == 36_000
    assert bakes[RESEARCH] < 36_000
    assert "rollout/bake-too-short" in run.rules


def test_a_change_of_owner_does_not_choose_its_thresholds(hosted: Hosted) -> None:
    strict = {"settings": {"rollout": {"minimumBakeSeconds": {"high": 36_000}}}, "reason": REASON}
    adopt(hosted, {}, overrides=[{"owners": ["payments-ml"], **strict}])
    head = hosted.propose({FRAUD: hosted.edit(FRAUD, "owner: payments-ml", "owner: language-ml")})
    assert "rollout/bake-too-short" in hosted.judge(head).rules


# Reports and the catalogue


def test_every_report_shows_them(hosted: Hosted) -> None:
    adopt(hosted, {f"{FOLDER}/main.rego": ONE, NAMING: TEAM, f"{FOLDER}/acme/data.yaml": LIMITS})
    files = {form: hosted.folder / f"report.{form}" for form in ("junit", "github", "markdown")}
    head = new_version(hosted)
    run = hosted.judge(head, *(part for form, file in files.items() for part in ("-o", f"{form}={file}")))
    Draft202012Validator(json.loads((SCHEMAS / "verdict.schema.json").read_text())).validate(run.verdict)
    junit = files["junit"].read_text()
    names = re.findall(r'<testcase name="([^"]*)"', junit) or re.findall(r'<testcase [^>]*name="([^"]*)"', junit)
    assert len(names) == len(set(names))
    assert "own/main/deny [production/recommender-research/main]" in names
    name = line_of(hosted, RESEARCH, "  name: recommender-research")
    assert f"::error file={RESEARCH},line={name},col=9" in files["github"].read_text()
    assert "own/main/deny" in files["markdown"].read_text()
    assert "error[own/main/deny]: not today" in run.out


def test_the_catalogue_knows_them(hosted: Hosted) -> None:
    adopt(hosted, {f"{FOLDER}/main.rego": ONE, NAMING: TEAM, f"{FOLDER}/acme/data.yaml": LIMITS})
    listed = changegate("rules", cwd=hosted.path).out
    assert re.search(r"^own/acme.naming/has-team +error +A release says which team runs it$", listed, re.MULTILINE)
    assert re.search(r"^own/main/deny +error ", listed, re.MULTILINE)
    assert "own/" not in changegate("rules", "--check", "rollout", cwd=hosted.path).out
    told = changegate("explain", "own/acme.naming/has-team", cwd=hosted.path).out
    assert f'data.acme.limits.label: "team" in {FOLDER}/acme/data.yaml' in told
    assert f"Policy: {NAMING}, line 19" in told
    outside = changegate("explain", "own/more/deny", cwd=hosted.path)
    assert (outside.code, "did you mean" in outside.err) == (2, True)
    named = hosted.folder / "named"
    named.mkdir()
    (named / "more.rego").write_text(ONE.replace("package main", "package more"))
    assert changegate("explain", "own/more/deny", "--policy", named, cwd=hosted.path).code == 0


def test_explain_says_for_whom_a_threshold_is_another(hosted: Hosted) -> None:
    one = {"tiers": ["high"], "settings": {"rollout": {"minimumBakeSeconds": {"high": 36_000}}}, "reason": REASON}
    adopt(hosted, {}, overrides=[one])
    told = changegate("explain", "rollout/bake-too-short", cwd=hosted.path).out
    assert f'    {{"high": 36000}} for tiers: high ({REASON})' in told


def test_without_own_policies_nothing_of_them_is_imported(hosted: Hosted) -> None:
    head = new_version(hosted)
    command = [sys.executable, "-X", "importtime", COMMAND, "check", "--base", "main", "--head", head]
    done = subprocess.run(command, cwd=hosted.path, env=surroundings(), capture_output=True, text=True, check=False)
    assert "changegate.judging.rules" in done.stderr
    for module in ("policies", "source", "origin", "folder", "isolated"):
        assert f"changegate.own_policies.{module}" not in done.stderr

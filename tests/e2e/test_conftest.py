"""Rules in conftest's form say here what they say in conftest: the real program, the same policies, the same files."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from support.command import check
from support.hosted import FRAUD
from support.tools import conftest

if TYPE_CHECKING:
    from pathlib import Path

    from support.command import Run
    from support.hosted import Hosted

CONFIG = ".changegate/config.yaml"
MAIN = """\
package main

import rego.v1

name := input.metadata.name

deny contains msg if {
	not input.spec.operations
	msg := sprintf("%s has no operations", [name])
}

deny contains "no serving" if not input.spec.serving

deny_platform contains msg if {
	input.spec.serving.platform in {"edge", "serverless"}
	msg := concat(" ", [name, "runs on", input.spec.serving.platform])
}

violation contains {"msg": msg, "details": {"tier": input.spec.risk.tier}} if {
	input.spec.risk.tier == "critical"
	msg := sprintf("%s is critical", [name])
}

violation_artifacts contains {"msg": msg, "path": ["spec", "artifacts", index, "uri"]} if {
	some index, artifact in input.spec.artifacts
	startswith(artifact.uri, "s3://")
	msg := sprintf("artifact %d of %s is in a bucket", [index, name])
}

warn contains msg if {
	some key, value in input.metadata.labels
	msg := sprintf("label %s is %s", [key, value])
}

warn_empty contains "" if input.kind

deny_listed := ["one", {"msg": "two", "extra": true}] if input.spec.risk.exposure == "research"

deny_never := [] if input.kind

exception contains rules if {
	input.metadata.name == "fraud-detector"
	rules := ["artifacts"]
}

exception contains rules if {
	input.spec.risk.tier == "critical"
	rules := [""]
}
"""

OTHER = """\
package team.rules

import data.team.limits
import data.team.words

deny_short_name contains msg if {
	count(input.metadata.name) < limits.least
	msg := words.short(input.metadata.name)
}

warn_owner contains {"msg": sprintf("owned by %s", [input.metadata.owner])} if input.metadata.owner

exception := {{"owner"}} if input.metadata.owner == "payments-ml"
"""

WORDS = """\
package team.words

short(name) := sprintf("the name %s is short", [name])
"""

TWO = """\
apiVersion: changegate.dev/v1
kind: ModelRelease
metadata: {name: first-model, owner: payments-ml}
spec:
  version: 0.1.0
  risk: {tier: low, exposure: research}
  artifacts: [{name: model, role: model, uri: s3://models/first/model.safetensors}]
---
apiVersion: changegate.dev/v1
kind: ModelRelease
metadata: {name: second-model, owner: language-ml, labels: {a: b}}
spec:
  version: 0.1.0
  risk: {tier: critical, exposure: production}
  artifacts: [{name: model, role: model, uri: s3://models/second/model.safetensors}]
"""

JSON = {
    "apiVersion": "changegate.dev/v1",
    "kind": "ModelRelease",
    "metadata": {"name": "third", "owner": "language-ml", "labels": {"é": 'q"u\\o'}},
    "spec": {
        "version": "0.1.0",
        "risk": {"tier": "low", "exposure": "research"},
        "artifacts": [{"name": "model", "role": "model", "uri": "s3://models/third/model.safetensors"}],
    },
}

Said = dict[str, list[tuple[str, str]]]


def in_conftest(folder: Path, files: list[str], policies: Path) -> Said:
    """What conftest says of each file: failures and warnings with their messages, sorted."""
    command = [conftest(), "test", "--output", "json", "--all-namespaces", "--policy", str(policies)]
    done = subprocess.run([*command, "--data", str(policies), *files], cwd=folder, capture_output=True, check=False)
    said: Said = {file: [] for file in files}
    for result in json.loads(done.stdout):
        for kind in ("failures", "warnings"):
            said[result["filename"]] += [(kind, one["msg"]) for one in result.get(kind, ())]
    return {file: sorted(found) for file, found in said.items()}


def in_changegate(verdict: dict[str, Any], files: list[str]) -> Said:
    said: Said = {file: [] for file in files}
    for subject in verdict["subjects"]:
        for one in subject["findings"]:
            if one["rule"].startswith("own/"):
                kind = "failures" if one["severity"] == "error" else "warnings"
                said[subject["subject"]["file"]].append((kind, one["message"]))
    return {file: sorted(found) for file, found in said.items()}


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    folder = tmp_path / "policy"
    (folder / "team").mkdir(parents=True)
    (folder / "main.rego").write_text(MAIN)
    (folder / "main_test.rego").write_text("package main_test\n\nimport rego.v1\n\ntest_nothing if true\n")
    (folder / "team" / "rules.rego").write_text(OTHER)
    (folder / "team" / "words.rego").write_text(WORDS)
    return folder


def test_the_same_messages_as_conftest(hosted: Hosted, policies: Path) -> None:
    # NOTE: conftest lays data files at the root, changegate at their folder as OPA does: here these are the same.
    (policies / "data.json").write_text(json.dumps({"team": {"limits": {"least": 12}}}))
    hosted.repo.commit({"models/two.yaml": TWO, "models/third.json": json.dumps(JSON)})
    files = sorted(str(path.relative_to(hosted.path)) for path in hosted.path.glob("models/**/manifest.yaml"))
    files += ["models/two.yaml", "models/third.json"]
    theirs = in_conftest(hosted.path, files, policies)
    run = check("--all", "--base", "HEAD", "--policy", policies, cwd=hosted.path)
    ours = in_changegate(run.verdict, files)
    # NOTE: an empty message is a pass to conftest, and a finding with the rule's title here.
    empty = ("warnings", "warn_empty of main found something, and does not say what")
    assert all(empty in found for found in ours.values())
    assert {file: [one for one in found if one != empty] for file, found in ours.items()} == theirs
    assert {message for found in theirs.values() for _, message in found} >= {
        "artifact 0 of second-model is in a bucket", "one", "two", 'label é is q"u\\o', "the name third is short",
    }  # fmt: skip
    assert not any("fraud-detector is in a bucket" in message for _, message in theirs[FRAUD])
    unnamed = {"own/main/deny", "own/main/violation", "own/main/warn"}
    exempted = {
        (subject["subject"]["label"], outcome["rule"]): outcome["reason"]
        for subject in run.subjects
        for outcome in subject["outcomes"]
        if outcome["status"] == "not-applicable" and outcome["rule"].startswith("own/")
    }
    assert exempted["fraud-detector", "own/main/violation_artifacts"].startswith(
        "`exception` of main exempts it from: artifact 0 of fraud-detector is in a bucket"
    )
    assert exempted["fraud-detector", "own/team.rules/warn_owner"] == (
        "`exception` of team.rules exempts it from: owned by payments-ml"
    )
    excepted = [note for note in run.verdict["notes"] if note.startswith("`exception` of main exempts ")]
    assert "`exception` of main exempts fraud-detector from own/main/violation_artifacts." in excepted
    assert {note.split()[-1].rstrip(".") for note in excepted if "second-model" in note} == unnamed
    assert {rule for label, rule in exempted if label == "second-model"} == unnamed


@pytest.mark.parametrize("namespaces", [("main",), ("team.rules",), ("main", "team.rules")])
def test_namespaces_and_data_are_those_of_conftest(
    hosted: Hosted, policies: Path, namespaces: tuple[str, ...], tmp_path: Path
) -> None:
    """What is a setting here are options there: which packages are asked, and data in files of any name."""
    data = "team: {limits: {least: 40}}\n"
    (tmp_path / "lengths.yaml").write_text(data)
    named = {"namespaces": list(namespaces), "data": ["policy/lengths.yaml"]}
    config = (hosted.path / CONFIG).read_text() + f"policies: {json.dumps(named)}\n"
    hosted.repo.commit({"policy/lengths.yaml": data, CONFIG: config})
    options = [option for name in namespaces for option in ("--namespace", name)]
    command = [conftest(), "test", "--output", "json", "--policy", policies, "--data", tmp_path / "lengths.yaml"]
    done = subprocess.run([*command, *options, FRAUD], cwd=hosted.path, capture_output=True, check=False)
    theirs = sorted(
        (kind, one["msg"])
        for result in json.loads(done.stdout)
        for kind in ("failures", "warnings")
        for one in result.get(kind, ())
    )
    run = check("--all", "--base", "HEAD", "--policy", policies, cwd=hosted.path)
    empty = ("warnings", "warn_empty of main found something, and does not say what")
    assert [one for one in in_changegate(run.verdict, [*hosted_files(run)])[FRAUD] if one != empty] == theirs
    assert theirs
    told = [note for note in run.verdict["notes"] if "are not asked" in note]
    others = {"main", "team.rules"} - set(namespaces)
    assert told == [
        f"The rules of {one} are not asked: `policies.namespaces` in .changegate/config.yaml names other packages."
        for one in others
    ]


def hosted_files(run: Run) -> set[str]:
    return {subject["subject"]["file"] for subject in run.subjects}


@pytest.mark.parametrize("value", ["true", '"a text"', '{"msg": "a text"}'])
def test_a_rule_of_one_value_fires_here_and_is_a_silent_pass_in_conftest(
    hosted: Hosted, tmp_path: Path, value: str
) -> None:
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "one.rego").write_text(f"package main\n\ndeny := {value} if input.kind\n")
    assert in_conftest(hosted.path, [FRAUD], tmp_path / "policy") == {FRAUD: []}
    run = check("--all", "--base", "HEAD", "--policy", tmp_path / "policy", cwd=hosted.path)
    assert run.code == 1
    assert "own/main/deny" in run.rules


READINGS = {"no": False, "on": True, "010": 8, "1_000": 1000, "12:30": "12:30", "1e3": 1000, "2026-10-30": "2026-10-30"}
"""Plain scalars as conftest reads them; here all but the date are findings, and are to be quoted."""


def test_scalars_that_conftest_reads_otherwise(hosted: Hosted, tmp_path: Path) -> None:
    (tmp_path / "policy").mkdir()
    text = 'package main\n\nwarn contains json_text if json_text := sprintf("%v", [input.metadata.annotations])\n'
    (tmp_path / "policy" / "one.rego").write_text(text)
    labels = "\n".join(f"    k{number}: {word}" for number, word in enumerate(READINGS))
    manifest = TWO.partition("---")[0].replace(", owner: payments-ml}", ", owner: payments-ml}\n")
    manifest = manifest.replace(
        "metadata: {name: first-model, owner: payments-ml}\n",
        f"metadata:\n  name: first-model\n  owner: payments-ml\n  annotations:\n{labels}\n",
    )
    hosted.repo.commit({"models/first.yaml": manifest})
    ((_, theirs),) = in_conftest(hosted.path, ["models/first.yaml"], tmp_path / "policy")["models/first.yaml"]
    assert theirs.count(":") >= len(READINGS)
    for expected in ("false", "true", "1000", '"12:30"', '"2026-10-30"'):
        assert expected in theirs
    run = check("--all", "--base", "HEAD", cwd=hosted.path)
    told = {one["location"]["line"] for one in run.findings if one["location"]["file"] == "models/first.yaml"}
    first = manifest.split("\n").index("  annotations:") + 2
    assert {first + number for number, word in enumerate(READINGS) if word != "2026-10-30"} <= told
    assert first + list(READINGS).index("2026-10-30") not in told

"""What commands print is no command to the CI that shows it: no file's name, value, rule's title or printed line.

GitHub's runner obeys a line that begins with `::`, blanks before it or not; it and Azure's agent obey `##[…]` and
`##vso[…]` anywhere in a line. Each command here is run on a repository in which everything says such things.
"""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING

import pytest

from changegate import fixtures
from changegate.cli.group import COMMANDS
from changegate.cli.policy import COMMANDS as OF_POLICIES
from support.command import changegate
from support.hosted import FRAUD, Hosted

if TYPE_CHECKING:
    from pathlib import Path

EVIL = "::error::x ##[add-mask]y ##vso[task.z]"
POLICY = f'''package loud

import rego.v1

# METADATA
# title: "{EVIL}"
# description: |
#   a
#   {EVIL}
# custom:
#   remediation: "{EVIL}"
deny contains "{EVIL}" if input.metadata.name

deny contains sprintf("%s\\n::error::b", [input.spec.intendedUse]) if input.spec.intendedUse
'''
TESTS = f'''package loud_test

import rego.v1

test_loud if {{
	x := `a
 {EVIL}
::error::c`
	print(x)
	x == "{EVIL}"
}}

test_missing if data.loud.deny with input as {{"{EVIL}": `
::error::d`}}
'''
OLD = f'''package old

x := `
{EVIL}
::error::e
`

deny[msg] {{ msg := "{EVIL}" }}
'''


@pytest.fixture(scope="module")
def loud(tmp_path_factory: pytest.TempPathFactory) -> Hosted:
    """A repository in which a model, its file, its release and its policies say commands."""
    hosted = Hosted(tmp_path_factory.mktemp("loud"))
    said = "intendedUse: Scores card transactions in real time."
    text = hosted.edit(FRAUD, said, f"intendedUse: {json.dumps(EVIL)}")
    text = text.replace("annotations: {", f"annotations: {{loud: {json.dumps(EVIL)}, ")
    (hosted.folder / "records").mkdir()
    hosted.repo.switch("main")
    hosted.repo.commit({".changegate/policies/loud.rego": POLICY, ".changegate/policies/loud_test.rego": TESTS}, "loud")
    hosted.protect()
    other, broken = text.replace("fraud-detector", "loud-one"), "apiVersion: changegate.dev/v1\nkind: ModelRelease\n"
    text = text.replace("to: 2.3.1", "to: 9.9.9")
    hosted.propose({FRAUD: text, f"models/{EVIL}.yaml": other, f"models/{EVIL} 2.yaml": broken})
    return hosted


FORMS = ("table", "json", "csv")
RUNS: dict[str, tuple[tuple[str, ...], ...]] = {
    "check": (
        *(("--all", "-o", form) for form in ("console", "json", "markdown", "junit")),
        ("--all", "--trace", "own/loud/deny"),
    ),
    "audit": tuple(("topic", "--records", "../records", "-o", form) for form in FORMS),
    "diff": tuple(("main", "-o", form) for form in ("text", "markdown", "json", "json-patch")),
    "explain": (("own/loud/deny",), ("own/loud/deny", "--trace", FRAUD), ("artifacts/unpinned",)),
    "fix": (("--check", "--base", "main"),),
    "input": ((FRAUD, "--base", "main"), (FRAUD, "--base", "main", "--conftest")),
    "plan": ((FRAUD,),),
    "verify": ((FRAUD,), (FRAUD, "-o", "json")),
    "rules": (("--check", "own"), ("--check", "own", "-o", "json"), ("--check", "own", "-o", "markdown")),
    "waive": (
        (
            "own/loud/deny",
            "fraud-detector",
            "--reason",
            EVIL,
            "--until",
            "2026-12-31",
            "--approved-by",
            EVIL,
            "--now",
            fixtures.NOW,
        ),
    ),
}
"""Command -> how it is run. Of the others see below."""
OF_POLICY: dict[str, tuple[tuple[str, ...], ...]] = {
    "check": (("old",), ("old", "-o", "json"), (".changegate/policies",)),
    "convert": (("old",), ("old", "--check")),
    "test": (("-v",), ("-v", "-o", "json"), ("-v", "-o", "junit"), ("--coverage",)),
}
WITHOUT_TEXT = {"approvals", "approve", "demo", "evidence", "init", "new", "policy", "publish", "replay", "schema"}
"""They print nothing that is written in a repository, or JSON alone; the group `policy` is looked at by itself."""
WITHOUT_TEXT_OF_POLICIES = {"bundle", "schema"}


def obeyed(text: str) -> list[str]:
    """The lines that a runner or an agent would take for a command."""
    return [line for line in text.splitlines() if line.lstrip().startswith("::") or re.search(r"##\w*\[", line)]


@pytest.mark.parametrize(("name", "words"), [(name, words) for name, runs in RUNS.items() for words in runs])
def test_no_command_prints_a_command(loud: Hosted, name: str, words: tuple[str, ...]) -> None:
    run = changegate(name, *words, cwd=loud.path)
    assert run.out
    assert obeyed(run.out + run.err) == []


@pytest.mark.parametrize(("name", "words"), [(name, words) for name, runs in OF_POLICY.items() for words in runs])
def test_no_command_for_policies_prints_a_command(
    loud: Hosted, tmp_path: Path, name: str, words: tuple[str, ...]
) -> None:
    if name == "convert" and shutil.which("opa") is None:
        pytest.skip("there is no `opa` on the PATH")
    (loud.path / "old").mkdir(exist_ok=True)
    (loud.path / "old" / f"{EVIL}.rego").write_text(OLD)
    run = changegate("policy", name, *words, cwd=loud.path)
    shutil.rmtree(loud.path / "old")
    assert run.out
    assert obeyed(run.out + run.err) == []


def test_every_command_is_looked_at() -> None:
    assert {*RUNS, *WITHOUT_TEXT} == set(COMMANDS)
    assert {*OF_POLICY, *WITHOUT_TEXT_OF_POLICIES} == set(OF_POLICIES)

"""Ways around own policies that were open once, and mistakes in them that nobody was told of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import yaml

from changegate import fixtures
from support.bundles import bundle, manifest
from support.command import changegate, check
from support.hosted import RESEARCH

if TYPE_CHECKING:
    from pathlib import Path

    from support.command import Run
    from support.hosted import Hosted

CONFIG = ".changegate/config.yaml"
WAIVERS = ".changegate/waivers.yaml"
FOLDER = ".changegate/policies"
SHARED = "shared/rules.tar.gz"
QUIET = 'package quiet\n\ndeny contains "never" if input.kind == "Other"\n'
BOMB = (
    "# METADATA\n# custom:\n#   a: &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(
        f"#   {key}: &{key} [{', '.join([f'*{of}'] * 9)}]\n" for of, key in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "#   example: {bad: *i}\n"
)
"""A few lines that stand for half a thousand million words."""
ABOUT_LIST = "# METADATA\n# custom:\n#   subject: [release]\n"
OURS = """\
# METADATA
# title: It holds
# custom:
#   severity: error
#   message: It does not hold.
#   remediation: Mend it.
"""


def adopt(hosted: Hosted, files: dict[str, str | bytes], **config: object) -> None:
    """Merge files into main, and keys into its configuration."""
    known = yaml.safe_load((hosted.path / CONFIG).read_text())
    hosted.repo.commit({**files, CONFIG: yaml.safe_dump({**known, **config})}, "adopted")
    hosted.protect()


def judge(hosted: Hosted, head: str, *by: str) -> Run:
    """Run the gate on a pull request that certain people have approved."""
    given: list[str] = ["--now", fixtures.NOW, "--approvals", str(hosted.approvals(head, by))]
    return check(*given, cwd=hosted.path, env=hosted.event(head), out=hosted.folder / "verdict.json")


def new_version(hosted: Hosted) -> str:
    return hosted.propose({RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")})


def refused(run: Run) -> tuple[str, str]:
    """Why it could not decide, and where."""
    assert run.code == 2, run.out
    (failure,) = run.verdict["failures"]
    return failure["message"], failure["place"]


# What decides is a control file, wherever it is


@pytest.mark.parametrize("name", [SHARED, "Shared/RULES.tar.gz"])
def test_a_bundle_that_the_base_names_is_a_control_file(hosted: Hosted, name: str) -> None:
    strict = bundle({".manifest": manifest(), "acme/p.rego": 'package acme\n\ndeny contains "no"\n'})
    adopt(hosted, {SHARED: strict}, policies={"bundles": [{"path": SHARED}]})
    lax = bundle({".manifest": manifest(), "acme/p.rego": 'package acme\n\ndeny contains "no" if input.zz\n'})
    run = judge(hosted, hosted.propose({name: lax}))
    assert (run.code, run.rules) == (3, {"control/changed-without-approval"})


# A change does not choose what it is judged by


def test_a_new_name_brings_no_waiver_with_it(hosted: Hosted) -> None:
    waiver = {
        "rule": "own/naming/deny",
        "model": "waived-name",
        "reason": "A model of this name is being taken down.",
        "approvedBy": "ana",
        "expires": "2026-12-01",
    }
    text = yaml.safe_dump({"apiVersion": "changegate.dev/v1", "kind": "Waivers", "waivers": [waiver]})
    policy = 'package naming\n\ndeny contains "no" if input.metadata.name\n'
    adopt(hosted, {WAIVERS: text, f"{FOLDER}/naming.rego": policy})
    old = (hosted.path / RESEARCH).read_text()
    (name,) = re.findall(r"^  name: (\S+)$", old, re.MULTILINE)
    new = old.replace(f"  name: {name}\n", f"  name: waived-name\n  replaces: {name}\n", 1)
    run = hosted.judge(hosted.propose({RESEARCH: new}))
    (found,) = (one for one in run.findings if one["rule"] == "own/naming/deny")
    assert found["effect"] == "blocks"
    assert run.code == 1


# Mistakes of an author that would be a pass


@pytest.mark.parametrize(
    ("name", "text", "says", "line"),
    [
        ("a.REGO", 'package a\n\ndeny contains "no"\n', "it is not read", None),
        ("Data.yaml", "a: 1\n", "it is not read", None),
        ("a.rego", 'package a\n\ndeny(reason) := "no" if reason\n', "deny is a function", 3),
        ("a.rego", 'package a\n\nDeny contains "no"\n', "Deny is not the name", 3),
        ("a.rego", 'package a\n\ndeny contains "no" if data.a.helpr\n\nhelper := true\n', "no data.a.helpr", 3),
        ("a.rego", 'package a\n\nimport data.b\n\ndeny contains "no" if b.helpr\n', "no data.b.helpr", 5),
        (
            "a.rego",
            'package a\n\nimport data.changegate.risk\n\ndeny contains "no" if risk.teir == "low"\n',
            "no data.changegate.risk.teir",
            5,
        ),
        ("a.rego", 'package a\n\ndeny contains "no" if input.zz\n\n# \0\n\nwarn contains "no"\n', "null character", 5),
        (
            "a.rego",
            f'{ABOUT_LIST}package a\n\n{OURS}outcome["b"] := {{"outcome": "passed"}}\n',
            "a package is about no ['release']",
            4,
        ),
        ("a.rego", f'package a\n\n{BOMB}deny contains "no" if input.zz\n', "the METADATA is not YAML", 3),
    ],
)
def test_what_nobody_would_ask_is_refused(hosted: Hosted, name: str, text: str, says: str, line: int | None) -> None:
    adopt(
        hosted, {f"{FOLDER}/{name}": text, f"{FOLDER}/quiet.rego": QUIET, f"{FOLDER}/b.rego": "package b\n\nc := 1\n"}
    )
    message, place = refused(hosted.judge(new_version(hosted)))
    assert says in message
    assert place == f"{FOLDER}/{name}" + (f":{line}" if line else "")


def test_a_variable_and_what_data_gives_are_no_missing_rules(hosted: Hosted) -> None:
    policy = """\
package a

import data.changegate.lib

deny contains lib.low_tier if {
	some index
	data.a.limits[index] == "x"
}

warn contains "odd" if {
	some a in input.spec.artifacts
	a.sizeBytes == 1
}

deny contains data.a.limits.said if input.metadata.name
"""
    data = 'limits: {said: "not today"}\n'
    adopt(hosted, {f"{FOLDER}/a.rego": policy, f"{FOLDER}/a/data.yaml": data})
    run = hosted.judge(new_version(hosted))
    assert [one["message"] for one in run.findings if one["rule"] == "own/a/deny"] == ["not today"]


# Policies that answer or take too much


def test_of_very_many_findings_some_are_shown_and_the_rest_are_counted(hosted: Hosted) -> None:
    policy = """\
package many

deny contains sprintf("number %d", [number]) if some number in numbers.range(1, 3000)

warn contains concat("", [sprintf("%d long ", [number]) | some number in numbers.range(1, 5000)])
"""
    adopt(hosted, {f"{FOLDER}/many.rego": policy})
    run = hosted.judge(new_version(hosted))
    shown = [one["message"] for one in run.findings if one["rule"] == "own/many/deny"]
    assert run.code == 1
    assert len(shown) == 501
    assert "2500 more findings of this rule are not shown" in shown
    (long,) = (one for one in run.findings if one["rule"] == "own/many/warn")
    assert len(long["details"]["msg"]) == 4000


def test_an_answer_of_a_hundred_megabytes_is_none(hosted: Hosted) -> None:
    policy = """\
package wide

long := concat("", [sprintf("%d-abcdefghijklmnopqrstuvwxyz", [number]) | some number in numbers.range(1, 300)])

deny contains sprintf("%d %s", [number, long]) if some number in numbers.range(1, 12000)
"""
    adopt(hosted, {f"{FOLDER}/wide.rego": policy, f"{FOLDER}/quiet.rego": QUIET})
    message, place = refused(hosted.judge(new_version(hosted)))
    assert message == "deny of the policy package wide: the answer is larger than 64 MiB"
    assert place == f"{FOLDER}/wide.rego:5"


def test_packages_that_take_little_alone_and_too_much_together_decide_nothing(hosted: Hosted) -> None:
    def package(number: int) -> str:
        lines = (
            f"package p{number}\n",
            "some_numbers := numbers.range(1, 500)\n",
            "deny contains 1 if { some a in some_numbers; some b in some_numbers; [a, b] == [0, 0] }\n",
        )
        return "\n".join(lines)

    packages: dict[str, str | bytes] = {f"{FOLDER}/p{number}.rego": package(number) for number in range(40)}
    adopt(hosted, packages, policies={"limits": {"seconds": 1}})
    message, place = refused(hosted.judge(new_version(hosted)))
    assert message.startswith("the own policies, none alone but all together: ")
    assert place.startswith(f"{FOLDER}/p")


@pytest.mark.parametrize(
    ("metadata", "says"),
    [
        (BOMB, "is no YAML"),
        ("# METADATA\n# scope: [rule]\n", "has the scope"),
        ("# METADATA\n# title: " + "\n# ".join(["[" * 900] * 100) + "\n", "is no YAML"),
    ],
    ids=["aliases", "scope", "deep"],
)
def test_policy_check_tells_of_hostile_metadata(tmp_path: Path, metadata: str, says: str) -> None:
    (tmp_path / "a.rego").write_text(f'package a\n\n{metadata}deny contains "no" if input.zz\n')
    run = changegate("policy", "check", tmp_path, cwd=tmp_path)
    assert run.code == 1
    assert says in run.out


def test_a_finding_stands_in_a_file_that_is_there(hosted: Hosted) -> None:
    policy = f"""\
package a

{OURS}outcome["places"] := {{"outcome": "failed", "violations": violations}}

violations := [{{"at": at, "details": {{"file": at.file}}}} | some at in places]

places := [
	{{"file": "../../etc/passwd", "line": 1}},
	{{"file": "/etc/passwd"}},
	{{"file": "{RESEARCH}", "line": 99999}},
	{{"file": "{CONFIG}", "line": 2}},
]
"""
    adopt(hosted, {f"{FOLDER}/a.rego": policy})
    run = hosted.judge(new_version(hosted))
    places = [one["location"] for one in run.findings if one["rule"] == "own/a/places"]
    assert [(one["file"], one["path"]) for one in places] == [(CONFIG, []), *[(RESEARCH, ["metadata", "name"])] * 3]
    assert run.code == 1

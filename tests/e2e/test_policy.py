"""Writing policies with the installed command: tests, problems, the input document, and why a rule fired."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from shutil import which
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from changegate import fixtures
from support.command import changegate, check, surroundings
from support.hosted import FRAUD
from support.repos import Repo
from support.tools import opa
from support.writing import write

if TYPE_CHECKING:
    from pathlib import Path

    from support.hosted import Hosted

POLICY = """
    package team

    deny contains msg if {
        some step in input.spec.rollout.steps
        step.weight > 50
        msg := "a step takes too much"
    }
    """
TESTS = """
    package team_test

    import data.team

    test_large if team.deny == {"a step takes too much"} with input.spec.rollout.steps as [{"weight": 60}]

    test_small if team.deny == set() with input.spec.rollout.steps as [{"weight": 10}]
    """
FAILS = TESTS.replace('"weight": 10', '"weight": 90')
NOW = ("--base", "HEAD", "--now", fixtures.NOW)
NOT_ASKED = "" if which("opa") else "note: without an `opa` on the PATH, only the embedded engine was asked\n"
"""What `policy check` says on stderr where these tests run."""


# policy test


def test_tests_that_pass(tmp_path: Path) -> None:
    write(tmp_path / ".changegate/policies", team=POLICY, team_test=TESTS)
    run = changegate("policy", "test", cwd=tmp_path)
    assert (run.code, run.err) == (0, "")
    assert run.out == "2 tests on embedded (regorus): 2 passed\n"
    assert "pass  data.team_test.test_large" in changegate("policy", "test", "-v", cwd=tmp_path).out


def test_a_test_that_fails_says_where_and_why(tmp_path: Path) -> None:
    write(tmp_path / "policies", team=POLICY, team_test=FAILS)
    run = changegate("policy", "test", "policies", cwd=tmp_path)
    assert (run.code, run.err) == (1, "")
    assert run.out.splitlines()[:5] == [
        "FAIL  data.team_test.test_small  policies/team_test.rego:7",
        "      policies/team_test.rego:7: line 7 does not hold",
        '        team.deny == set() with input.spec.rollout.steps as [{"weight": 90}]',
        '        left: team.deny is ["a step takes too much"]',
        "",
    ]
    assert run.out.endswith("2 tests on embedded (regorus): 1 passed, 1 failed\n")


def test_the_folder_of_the_repository_is_found_from_anywhere_in_it(hosted: Hosted) -> None:
    write(hosted.path / ".changegate/policies", team=POLICY, team_test=TESTS)
    run = changegate("policy", "test", cwd=hosted.path / "models", env=hosted.repo.environ)
    assert (run.code, run.err) == (0, "")


@pytest.mark.parametrize(
    ("files", "arguments", "said"),
    [
        ({}, [], "does not exist"),
        ({"team": POLICY}, [], "there are no tests"),
        ({"team": POLICY, "team_test": TESTS}, ["--run", "nothing"], "none of 2 tests"),
        ({"team": POLICY, "team_test": TESTS}, ["--run", "("], "no regular expression"),
        ({"team": "package team\n\np if {\n"}, [], ".changegate/policies/team.rego:3"),
        ({"team": POLICY, "team_test": TESTS}, ["-o", "xml"], "there is no report format 'xml'"),
        ({"team": POLICY, "team_test": TESTS}, ["nowhere"], "nowhere does not exist"),
        ({"team": POLICY, "team_test": TESTS}, ["--shipped", "."], "exclude each other"),
    ],
)
def test_where_nothing_was_tested_that_is_exit_2(
    files: dict[str, str], arguments: list[str], said: str, tmp_path: Path
) -> None:
    if files:
        write(tmp_path / ".changegate/policies", **files)
    run = changegate("policy", "test", *arguments, cwd=tmp_path)
    assert (run.code, run.out) == (2, "")
    assert said in run.err
    assert "try: " in run.err


def test_some_tests_by_their_name(tmp_path: Path) -> None:
    write(tmp_path / "p", team=POLICY, team_test=FAILS)
    run = changegate("policy", "test", "p", "--run", r"test_large$", cwd=tmp_path)
    assert (run.code, run.out) == (0, "1 test on embedded (regorus): 1 passed\n")


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "else", team=POLICY, team_test=TESTS)
    (tmp_path / "p").mkdir()
    (tmp_path / "p/team_test.rego").symlink_to(tmp_path / "else/team_test.rego")
    run = changegate("policy", "test", "p", cwd=tmp_path)
    assert run.code == 2
    assert "is a link" in run.err


def test_several_reports_of_one_run(tmp_path: Path) -> None:
    write(tmp_path / "p", team=POLICY, team_test=FAILS)
    given = ["-o", "console", "-o", "junit=out/tests.xml", "-o", "json=out/tests.json", "--coverage"]
    run = changegate("policy", "test", "p", *given, cwd=tmp_path)
    assert run.code == 1
    told = json.loads((tmp_path / "out/tests.json").read_text())
    assert (told["passed"], told["failed"], told["exitCode"]) == (1, 1, 1)
    assert told["tests"][1]["at"] == {"file": "p/team_test.rego", "line": 7}
    assert told["coverage"]["files"] == [
        {"file": "p/team.rego", "percent": 100.0, "covered": [3, 4, 5, 6], "notCovered": []}
    ]
    suite = etree.parse(tmp_path / "out/tests.xml").getroot()[0]
    assert suite.get("name") == "team_test"
    assert [(case.get("name"), case.get("file"), case.get("line")) for case in suite] == [
        ("test_large", "p/team_test.rego", "5"),
        ("test_small", "p/team_test.rego", "7"),
    ]
    assert suite[1][0].tag == "failure"
    assert suite[1][0].text.startswith("p/team_test.rego:7\n")
    before = (tmp_path / "out/tests.xml").read_bytes()
    changegate("policy", "test", "p", *given, cwd=tmp_path)
    assert (tmp_path / "out/tests.xml").read_bytes() == before


@pytest.mark.parametrize(
    "words",
    [
        ["policy", "test", "p", "-o", "junit=out/written"],
        ["policy", "bundle", "-o", "out/written"],
        ["policy", "schema", "-o", "out/written"],
    ],
)
def test_nothing_is_written_through_a_link_of_the_checkout(words: list[str], tmp_path: Path) -> None:
    repo = Repo.init(tmp_path / "repo")
    write(repo.path / "p", team=POLICY, team_test=TESTS)
    (tmp_path / "victim").mkdir()
    (repo.path / "out").symlink_to(tmp_path / "victim")
    run = changegate(*words, cwd=repo.path)
    assert run.code == 2
    assert "link" in run.err
    assert list((tmp_path / "victim").iterdir()) == []


def test_one_report_does_not_overwrite_another(tmp_path: Path) -> None:
    write(tmp_path / "p", team=POLICY, team_test=TESTS)
    run = changegate("policy", "test", "p", "-o", "junit=out/a", "-o", "json=out/../out/a", cwd=tmp_path)
    assert run.code == 2
    assert "two reports would be written to out/a" in run.err
    assert not (tmp_path / "out").exists()


def test_hostile_words_of_a_test_are_escaped(tmp_path: Path) -> None:
    text = 'package t\n\ntest_x if {\n\tx := "\\u001b[31m##[error]x"\n\tprint(x)\n\tx == "y"\n}\n'
    write(tmp_path / "p", t_test=text)
    run = changegate("policy", "test", "p", "-o", "console", "-o", "junit", cwd=tmp_path)
    assert run.code == 1
    assert "\x1b" not in run.out
    assert "##[" not in run.out


def test_a_threshold_that_is_missed(tmp_path: Path) -> None:
    write(tmp_path / "p", team=POLICY + "\n    other if input.x\n", team_test=TESTS)
    run = changegate("policy", "test", "p", "--threshold", "90", cwd=tmp_path)
    assert run.code == 1
    assert "not covered: 9" in run.out
    assert "80% of the lines covered, 90% are asked for" in run.out
    assert changegate("policy", "test", "p", "--threshold", "80", cwd=tmp_path).code == 0


def test_our_own_policies_pass_and_are_covered(tmp_path: Path) -> None:
    run = changegate("policy", "test", "--shipped", "--coverage", "-o", "json", cwd=tmp_path)
    assert run.code == 0
    told = json.loads(run.out)
    assert told["passed"] == len(told["tests"]) > 500
    assert [one["file"] for one in told["coverage"]["files"] if one["percent"] < 95] == []


def test_what_opa_covers_the_embedded_engine_covers_too(tmp_path: Path) -> None:
    """The lines that we count are among those of OPA, which counts heads and closing lines as well."""
    write(tmp_path / "p", team=POLICY + "\n    other if input.x\n", team_test=TESTS)
    ours = changegate("policy", "test", "p", "--coverage", "-o", "json", cwd=tmp_path)
    done = subprocess.run(
        [opa(), "test", "--coverage", "--format", "json", "p"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    (file,) = json.loads(ours.out)["coverage"]["files"]
    theirs = json.loads(done.stdout)["files"]["p/team.rego"]
    assert set(file["covered"]) <= lines(theirs["covered"])
    assert set(file["notCovered"]) == {9} <= lines(theirs["not_covered"])


def lines(ranges: list[dict[str, Any]]) -> set[int]:
    return {row for one in ranges for row in range(one["start"]["row"], one["end"]["row"] + 1)}


def test_documents_for_tests_lie_beside_them(tmp_path: Path) -> None:
    write(tmp_path / "p/team", own='package team\n\ndeny contains "x" if input.large\n')
    test = "package team_test\n\ntest_large if count(data.team.deny) == 1 with input as data.team.mock.large\n"
    (tmp_path / "p/team/test.rego").write_text(test)
    (tmp_path / "p/team/large_mock.json").write_text('{"mock": {"large": {"large": true}}}')
    run = changegate("policy", "test", "p", cwd=tmp_path)
    assert (run.code, run.out) == (0, "1 test on embedded (regorus): 1 passed\n")
    (tmp_path / "p/team/large_mock.json").write_text("[1]")
    run = changegate("policy", "test", "p", cwd=tmp_path)
    assert run.code == 2
    assert "no JSON object" in run.err


# policy check


def test_nothing_is_wrong(tmp_path: Path) -> None:
    write(tmp_path / ".changegate/policies", team=POLICY, team_test=TESTS.replace("test_large", "test_deny_large"))
    run = changegate("policy", "check", cwd=tmp_path)
    assert (run.code, run.out, run.err) == (0, "2 files: nothing is wrong\n", NOT_ASKED)


def test_all_problems_are_listed_with_exit_1(tmp_path: Path) -> None:
    odd = 'package odd\n\ndeny contains "x" if rand.intn("x", 3) > 3\n\nwarn contains http.send({})\n'
    write(tmp_path / "p", odd=odd)
    run = changegate("policy", "check", "p", cwd=tmp_path)
    assert (run.code, run.err) == (1, NOT_ASKED)
    found = [line for line in run.out.splitlines() if line.startswith("p/odd.rego:")]
    assert NOT_ASKED or found.pop() == "p/odd.rego: neither engine takes it"
    assert [line.split(": ")[:2] for line in found] == [
        ["p/odd.rego:3", "error"],
        ["p/odd.rego:3", "warning"],
        ["p/odd.rego:5", "error"],
        ["p/odd.rego:5", "warning"],
    ]
    github = changegate("policy", "check", "p", "-o", "github", cwd=tmp_path)
    assert github.code == 1
    assert github.out.startswith("::error file=p/odd.rego,line=3::the builtin rand.intn")


def test_warnings_alone_are_exit_0(tmp_path: Path) -> None:
    write(tmp_path / "p", team=POLICY)
    run = changegate("policy", "check", "p", cwd=tmp_path)
    assert run.code == 0
    assert "warning: no test mentions the rule deny" in run.out


def test_a_folder_that_is_not_there_is_exit_2(tmp_path: Path) -> None:
    run = changegate("policy", "check", "nowhere", cwd=tmp_path)
    assert (run.code, run.out) == (2, "")


# input


@pytest.mark.parametrize("touched", [True, False])
def test_the_input_is_what_the_gate_evaluates(hosted: Hosted, touched: bool) -> None:
    if touched:
        hosted.repo.write({FRAUD: hosted.edit(FRAUD, "version: 2.4.0", "version: 2.4.1")})
    judged = check("--all", *NOW, cwd=hosted.path, env=hosted.repo.environ)
    made = changegate("input", FRAUD, *NOW, cwd=hosted.path, env=hosted.repo.environ)
    assert (made.code, made.err) == (0, "")
    (expected,) = (one["input"] for one in judged.subjects if one["subject"]["file"] == FRAUD)
    assert json.loads(made.out) == expected
    assert expected["change"]["operation"] == ("update" if touched else "unchanged")


def test_the_input_of_the_change_set(hosted: Hosted) -> None:
    hosted.repo.write({FRAUD: hosted.edit(FRAUD, "version: 2.4.0", "version: 2.4.1")})
    judged = check(*NOW, cwd=hosted.path, env=hosted.repo.environ)
    made = changegate("input", "--subject", "change-set", *NOW, cwd=hosted.path, env=hosted.repo.environ)
    assert json.loads(made.out) == judged.subjects[-1]["input"]


def test_the_document_of_conftest_rules_is_the_manifest(hosted: Hosted) -> None:
    made = changegate("input", FRAUD, "--conftest", cwd=hosted.path, env=hosted.repo.environ)
    told = json.loads(made.out)
    assert (told["kind"], told["metadata"]["name"]) == ("ModelRelease", "fraud-detector")


def test_opa_reads_the_input(hosted: Hosted) -> None:
    out = hosted.folder / "input.json"
    changegate("input", FRAUD, "-o", out, *NOW, cwd=hosted.path, env=hosted.repo.environ)
    done = subprocess.run(
        [opa(), "eval", "-f", "raw", "-i", out, "input.subject.identity.name"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "fraud-detector"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "not clear which document"),
        ([FRAUD, "--subject", "change-set"], "not clear which document"),
        (["--subject", "change-set", "--conftest"], "not clear which document"),
        (["README.md"], "there is no model manifest in README.md"),
        ([FRAUD, "--model", "other"], "there is no model 'other'"),
    ],
)
def test_a_document_that_there_is_not(arguments: list[str], said: str, hosted: Hosted) -> None:
    run = changegate("input", *arguments, cwd=hosted.path, env=hosted.repo.environ)
    assert (run.code, run.out) == (2, "")
    assert said in run.err


def test_a_manifest_that_is_not_valid_has_no_input(hosted: Hosted) -> None:
    hosted.repo.write({FRAUD: hosted.edit(FRAUD, "version: 2.4.0", "versoin: 2.4.0")})
    run = changegate("input", FRAUD, cwd=hosted.path, env=hosted.repo.environ)
    assert (run.code, run.out) == (2, "")
    assert "the manifest is not valid" in run.err


def test_of_several_models_in_a_file_one_is_chosen(hosted: Hosted) -> None:
    text = (hosted.path / FRAUD).read_text()
    other = text.replace("name: fraud-detector", "name: fraud-other")
    hosted.repo.write({FRAUD: f"{text}---\n{other}"})
    run = changegate("input", FRAUD, cwd=hosted.path, env=hosted.repo.environ)
    assert run.code == 2
    assert "--model" in run.err
    chosen = changegate("input", FRAUD, "--model", "fraud-other", cwd=hosted.path, env=hosted.repo.environ)
    assert json.loads(chosen.out)["subject"]["identity"]["name"] == "fraud-other"


# trace


def test_a_trace_says_why_and_changes_no_report(hosted: Hosted) -> None:
    hosted.repo.write({FRAUD: hosted.edit(FRAUD, "weight: 5, bake: 30m", "weight: 5, bake: 5m")})
    plain = check(*NOW, cwd=hosted.path, env=hosted.repo.environ)
    traced = check(*NOW, "--trace", "rollout/bake-too-short", cwd=hosted.path, env=hosted.repo.environ)
    assert (traced.code, traced.out, traced.verdict) == (plain.code, plain.out, plain.verdict)
    assert plain.err == ""
    first, *rest = traced.err.splitlines()
    assert first == "trace of rollout/bake-too-short for fraud-detector: failed"
    shown = "\n".join(rest)
    setting = re.escape("input.settings.rollout.minimumBakeSeconds[risk.tier]")
    assert re.search(rf"reads {setting} = 1800  \(rego/changegate/settings\.yaml:\d+\)", shown)
    assert '"bakeSeconds": 300' in shown
    assert "rely on the gate" not in shown


def test_every_rule_of_a_release_can_be_traced_to_what_the_gate_says(hosted: Hosted) -> None:
    """Each trace is asked for as a whole, too, and none contradicts the gate."""
    hosted.repo.write({FRAUD: hosted.edit(FRAUD, "weight: 5, bake: 30m", "weight: 5, bake: 5m")})
    rules = [one["id"] for one in json.loads(changegate("rules", "--format", "json", cwd=hosted.path).out)]
    given = [f"--trace={rule}" for rule in rules if rule.startswith(("rollout/", "approvals/", "control/"))]
    run = changegate("check", *NOW, *given, cwd=hosted.path, env=hosted.repo.environ)
    assert run.err.count("trace of ") == len(given)
    assert run.err.count("as a whole: {") == len(given)
    assert "rely on the gate" not in run.err


def test_a_trace_of_a_rule_that_there_is_not_is_exit_2_with_the_reports(hosted: Hosted) -> None:
    hosted.repo.write({FRAUD: hosted.edit(FRAUD, "version: 2.4.0", "version: 2.4.1")})
    run = check(*NOW, "--trace", "rollout/bake-to-short", cwd=hosted.path, env=hosted.repo.environ)
    assert run.code == 2
    assert "did you mean rollout/bake-too-short" in run.err
    assert run.verdict["subjects"]


def test_a_trace_where_the_gate_cannot_decide(tmp_path: Path) -> None:
    run = changegate("check", "--trace", "rollout/bake-too-short", cwd=tmp_path)
    assert run.code == 2
    assert "no trace of rollout/bake-too-short" in run.err


def test_explain_traces_a_rule_for_a_manifest(hosted: Hosted) -> None:
    run = changegate("explain", "rollout/plan-missing", "--trace", FRAUD, cwd=hosted.path, env=hosted.repo.environ)
    assert (run.code, run.err) == (0, "")
    assert '→ {"outcome": "passed"}' in run.out
    assert "(rego/changegate/settings.yaml:" in run.out


def test_explain_names_the_line_of_each_setting(hosted: Hosted) -> None:
    config = ".changegate/config.yaml"
    set_to = "settings:\n  rollout: {minimumBakeSeconds: {high: 7200}, planFrom: low}\n"
    hosted.repo.commit({config: hosted.edit(config, "settings:\n", set_to)})
    hosted.protect()
    shown = changegate("explain", "rollout/bake-too-short", cwd=hosted.path, env=hosted.repo.environ).out
    text = (hosted.path / config).read_text().splitlines()
    line = next(number for number, row in enumerate(text, 1) if "minimumBakeSeconds" in row)
    rows = shown.splitlines()
    assert rows[rows.index('  rollout.planFrom: "low"') + 1] == f"    at {config}:{line}"
    at = next(number for number, row in enumerate(rows) if row.startswith("  rollout.minimumBakeSeconds: "))
    assert rows[at + 1].startswith(f"    at {config}:{line} over rego/changegate/settings.yaml:")


def test_check_imports_none_of_it_unless_it_traces(hosted: Hosted) -> None:
    program = (
        "import sys; from changegate.cli.group import group; code = group.main(sys.argv[1:], standalone_mode=False); "
        "print([name for name in sys.modules if '.author' in name], file=sys.stderr)"
    )
    environ = {**surroundings(), **hosted.repo.environ, "PYTHONSAFEPATH": "1"}
    for more, wanted in (([], False), (["--trace", "rollout/plan-missing"], True)):
        done = subprocess.run(
            [sys.executable, "-c", program, "check", *NOW, *more],
            cwd=hosted.path,
            env={**os.environ, **environ},
            capture_output=True,
            text=True,
            check=True,
        )
        assert ("changegate.author" in done.stderr.splitlines()[-1]) is wanted


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("changegate pol", {"policy"}),
        ("changegate policy ch", {"check"}),
        ("changegate policy test --cov", {"--coverage"}),
        ("changegate input --conf", {"--conftest"}),
        ("changegate check --tra", {"--trace"}),
        ("changegate explain rollout/bak", {"rollout/bake-too-short"}),
        ("changegate demo --case fraud-over", {"fraud-overnight-update"}),
    ],
)
def test_shells_complete_it(words: str, offered: set[str], tmp_path: Path) -> None:
    asked = {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1), "_CHANGEGATE_COMPLETE": "bash_complete"}
    run = changegate(cwd=tmp_path, env=asked)
    assert {line.partition(",")[2] for line in run.out.splitlines()} == offered


# Own policies


OURS_STYLE = """
    package acme.labels

    import data.changegate.lib
    import data.changegate.risk

    # METADATA
    # title: A release says which desk pays
    # description: Cost is booked on it.
    # custom:
    #   severity: error
    #   message: The label {label} is missing.
    #   remediation: Write it.
    #   settings: [own.deskLabel]
    outcome["desk-missing"] := lib.not_applicable("nobody is charged") if risk.tier == "low"

    else := lib.passed if input.release.metadata.labels[label]

    else := lib.failed(["metadata", "labels"], {"label": label})

    label := object.get(input.settings.own, "deskLabel", "desk")
    """


def test_a_whole_own_policy_has_no_problem_and_its_library_is_not_theirs_to_mend(tmp_path: Path) -> None:
    test = """
        package acme.labels_test

        import data.acme.labels
        import data.changegate.lib

        test_desk_missing_at_a_low_tier if {
            floors := [{"tier": "low", "reason": "x", "when": {"a": 1}}]
            labels.outcome["desk-missing"] == lib.not_applicable("nobody is charged") with input as {
                "facts": {"risk": {"claims": {"tier": "low"}}},
                "settings": {"own": {}, "risk": {"floors": []}},
            } with data.changegate.risk.tier as "low"
            count(floors) == 1
        }
        """
    write(tmp_path / ".changegate/policies", labels=OURS_STYLE, labels_test=test)
    checked = changegate("policy", "check", cwd=tmp_path)
    assert (checked.code, checked.out) == (0, "2 files: nothing is wrong\n")
    assert changegate("policy", "test", cwd=tmp_path).code == 0


@pytest.mark.parametrize(
    ("policy", "line", "said"),
    [
        ('package t\n\ndeny[msg] if { msg := "x" }\n', 3, "deny"),
        ("package t\n\ndeny contains data.nowhere.x if input.y\n", 3, "nowhere"),
        ("package t\n\nhelper if input.x\n", 1, "no rule"),
    ],
)
def test_what_only_the_gathering_of_own_policies_refuses(policy: str, line: int, said: str, tmp_path: Path) -> None:
    write(tmp_path / "p", t=policy)
    run = changegate("policy", "check", "p", cwd=tmp_path)
    assert any(row.startswith(f"p/t.rego:{line}: ") and said in row for row in run.out.splitlines()), run.out


def test_own_rules_are_traced_in_both_forms(hosted: Hosted) -> None:
    write(hosted.path / ".changegate/policies", labels=OURS_STYLE, team=POLICY)
    hosted.repo.write({FRAUD: hosted.edit(FRAUD, "version: 2.4.0", "version: 2.4.1")})
    given = ["--policy", ".changegate/policies", "--trace", "own/acme.labels/desk-missing", "--trace", "own/team/deny"]
    run = check(*NOW, *given, cwd=hosted.path, env=hosted.repo.environ)
    assert run.code == 1
    assert "trace of own/acme.labels/desk-missing for fraud-detector: failed" in run.err
    assert "input.release.metadata.labels[label] is undefined" in run.err
    assert "trace of own/team/deny for fraud-detector: failed" in run.err
    assert '→ "a step takes too much"' in run.err
    assert "rely on the gate" not in run.err


def test_a_rule_whose_policy_the_gate_cannot_evaluate_can_still_be_traced(hosted: Hosted) -> None:
    broken = 'package team\n\ndeny contains "x" if input.x\n\nwarn contains "y" if lower(input.spec)\n'
    write(hosted.path / ".changegate/policies", team=broken)
    hosted.repo.write({FRAUD: hosted.edit(FRAUD, "version: 2.4.0", "version: 2.4.1")})
    given = ["--policy", ".changegate/policies", "--trace", "own/team/warn"]
    run = check(*NOW, *given, cwd=hosted.path, env=hosted.repo.environ)
    assert run.code == 2
    assert "trace of own/team/warn for fraud-detector" in run.err
    assert "lower" in run.err


def test_the_scaffolded_policy_is_whole_tested_and_asked(tmp_path: Path) -> None:
    repo = Repo.init(tmp_path / "models")
    assert changegate("init", "--policies", cwd=repo.path).code == 0
    repo.commit()
    assert changegate("policy", "check", cwd=repo.path).out == "2 files: nothing is wrong\n"
    tested = changegate("policy", "test", "--threshold", "100", cwd=repo.path)
    assert (tested.code, "2 passed" in tested.out) == (0, True)
    run = check("--all", "--base", "HEAD", cwd=repo.path, env=repo.environ)
    assert run.rules == {"own/team.contact/deny"}
    assert run.code == 0

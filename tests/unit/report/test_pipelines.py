"""Code Quality for GitLab, logging commands for Azure Pipelines, and TAP: what each reader asks for."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from changegate.names import Location
from changegate.report import ReportOptions, load_reporter
from changegate.verdict import Gate, Verdict
from support.records import replace
from support.verdicts import CONTEXT, FRAUD, VERDICTS, finding, open_, sample


def shown(form: str, verdict: Verdict) -> str:
    return load_reporter(form).render(verdict, ReportOptions())


def of(*findings: Any) -> Verdict:
    return Verdict(Gate.CLOSED, CONTEXT, (replace(open_().subjects[0], findings=findings),), "closed")


def issues(verdict: Verdict) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(shown("codequality", verdict))
    return found


@pytest.mark.parametrize("name", VERDICTS)
def test_gitlab_finds_in_an_issue_what_it_asks_for(name: str) -> None:
    found = issues(VERDICTS[name]())
    for issue in found:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert issue["location"]["path"]
        assert issue["location"]["lines"]["begin"] >= 1
        assert re.fullmatch("[0-9a-f]{64}", issue["fingerprint"])
    assert len({issue["fingerprint"] for issue in found}) == len(found)


def test_fingerprints_of_issues_outlive_moved_lines_and_are_unique() -> None:
    def prints(line: int) -> list[str]:
        found = (finding("a/b", location=Location("m.yaml", line + n, 1, path=("a", n))) for n in range(3))
        return [issue["fingerprint"] for issue in issues(of(*found))]

    assert prints(1) == prints(40)
    twin = replace(open_().subjects[0], findings=(finding("a/b"), finding("a/b")))
    other = replace(twin, subject=replace(FRAUD, file="models/twin.yaml"))
    found = issues(Verdict(Gate.CLOSED, CONTEXT, (twin, other), "closed"))
    assert len({issue["fingerprint"] for issue in found}) == 4


def test_severities_of_issues_follow_what_they_mean() -> None:
    by_rule = {issue["check_name"]: issue["severity"] for issue in issues(sample())}
    assert by_rule["rollout/bake-too-short"] == "critical"
    assert by_rule["approvals/model-risk"] == "major"
    assert by_rule["cost/budget-stated"] == "minor"
    assert by_rule["fairness/ratio"] == "info"
    assert [issue["severity"] for issue in issues(VERDICTS["undecided"]())] == ["blocker", "blocker"]


def test_azure_gets_an_issue_for_what_asks_something() -> None:
    lines = shown("azure", sample()).splitlines()
    assert lines[0] == (
        "##vso[task.logissue type=error;sourcepath=models/fraud.yaml;linenumber=41;columnnumber=26;"
        "code=rollout/bake-too-short;]step 2 bakes 600 s; at high risk a step bakes at least 1800 s"
        "%0Afix: Let the step bake longer: write `bake: 30m`."
    )
    assert lines[-1] == "changegate: closed: 5 rules block this change, and people still have to approve"
    (waived,) = (line for line in lines if "fairness/ratio" in line)
    assert waived.startswith("changegate: waived ")  # told, and no issue


def test_azure_reads_no_property_or_command_of_somebody_else() -> None:
    odd = Location("a;type=warning;]x%3B\n##vso[task.x]y", 1, 1)
    line = shown(
        "azure", of(finding("a/b", location=odd, message="100% ]\r\n##vso[task.setvariable variable=a]b"))
    ).splitlines()[0]
    head, _, text = line.partition("]")
    keys = ["type", "sourcepath", "linenumber", "columnnumber", "code"]
    assert re.findall(r"[ ;](\w+)=", head) == keys
    assert "%AZP25" in text
    assert not re.search(r"##\w*\[", line[2:])


@pytest.mark.parametrize("name", VERDICTS)
def test_tap_is_what_its_readers_read(name: str) -> None:
    lines = shown("tap", VERDICTS[name]()).splitlines()
    assert lines[0] == "TAP version 14"
    points = [re.match(r"(not ok|ok) (\d+) - ", line) for line in lines]
    numbers = [int(match[2]) for match in points if match]
    assert numbers == list(range(1, len(numbers) + 1))
    assert lines[1].startswith(f"1..{len(numbers)}")
    inside = False
    for line in lines[2:]:
        if line in {"  ---", "  ..."}:
            inside = line == "  ---"
        elif inside:
            key, _, value = line.strip().partition(": ")
            assert key in {"message", "severity", "at", "text"}
            assert isinstance(json.loads(value), str)
        else:
            assert re.match(r"(?:not )?ok \d+ - |# ", line), line


def test_a_name_makes_no_directive_of_tap() -> None:
    text = shown("tap", of(finding("a/b # SKIP all is well", location=Location("x.yaml", 1, 1))))
    assert "not ok" in text
    assert r"a/b \# SKIP all is well" in text
    assert "1..0 # SKIP" in shown("tap", VERDICTS["empty"]())

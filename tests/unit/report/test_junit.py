"""The JUnit report: what is red, what is not, and that strict readers take it."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from changegate.names import Effect, Location, Severity, Status
from changegate.report import ReportOptions, load_reporter
from changegate.verdict import Gate, Outcome, Settled, Subject, SubjectKind, Verdict
from support.records import replace
from support.verdicts import CHANGE_SET, FRAUD, VERDICTS, finding, sample

CONFORMANCE = os.environ.get("CHANGEGATE_CONFORMANCE_DIR", "")


def parsed(verdict: Verdict, options: ReportOptions | None = None) -> ET.Element:
    return ET.fromstring(load_reporter("junit").render(verdict, options or ReportOptions()))


def case(root: ET.Element, name: str) -> ET.Element:
    found = [item for item in root.iter("testcase") if item.get("name") == name]
    assert len(found) == 1, name
    return found[0]


def of_fraud(rule: str) -> ET.Element:
    return case(parsed(sample()), f"{rule} [production/fraud-detector/main]")


@pytest.mark.skipif(not CONFORMANCE, reason="CHANGEGATE_CONFORMANCE_DIR is not set: the JUnit schema is not at hand")
@pytest.mark.parametrize("name", VERDICTS)
def test_the_schema_of_jenkins_accepts_it(name: str) -> None:
    from lxml import etree

    schema = etree.XMLSchema(etree.parse(str(Path(CONFORMANCE) / "schemas" / "junit-10.xsd")))
    document = etree.fromstring(load_reporter("junit").render(VERDICTS[name](), ReportOptions()).encode())
    schema.assertValid(document)


@pytest.mark.parametrize("name", VERDICTS)
def test_names_are_unique_and_counts_are_right(name: str) -> None:
    root = parsed(VERDICTS[name]())
    names = [item.get("name") for item in root.iter("testcase")]
    assert len(names) == len(set(names))
    for suite in root:
        assert suite.get("tests") == str(len(suite))
        assert suite.get("failures") == str(len(suite.findall("testcase/failure")))
        assert suite.get("errors") == str(len(suite.findall("testcase/error")))
    assert root.get("failures") == str(len(root.findall(".//failure")))
    assert root.get("errors") == str(len(root.findall(".//error")))


def test_a_blocking_failure_is_a_failure_with_place_message_and_remedy() -> None:
    item = of_fraud("rollout/bake-too-short")
    assert item.get("classname") == "changegate.rollout"
    failure = item.find("failure")
    assert failure is not None
    assert failure.get("message") == "step 2 bakes 600 s; at high risk a step bakes at least 1800 s"
    assert failure.text == (
        "models/fraud.yaml:41:26\nstep 2 bakes 600 s; at high risk a step bakes at least 1800 s\n"
        "fix: Let the step bake longer: write `bake: 30m`.\n"
        "see also models/fraud.yaml:39:26 (at the base): the previous release\n"
        "see also models/old name.yaml:7:3 (at dddddddddddd): the release at a tag"
    )


def test_what_waits_for_people_is_red_and_says_so() -> None:
    failure = of_fraud("approvals/model-risk").find("failure")
    assert failure is not None
    assert failure.get("type") == "awaiting-approval"


def test_a_blocking_unknown_is_an_error() -> None:
    error = of_fraud("evaluation/report-present").find("error")
    assert error is not None
    assert error.get("message") == "evidence/evaluation.json is larger than 1048576 bytes"


def test_a_warning_is_no_failure() -> None:
    item = of_fraud("cost/budget-stated")
    assert [child.tag for child in item] == ["system-out"]
    assert (item.findtext("system-out") or "").startswith("warning: models/fraud.yaml:50:3\n")


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("fairness/ratio", "waived: waived until 2026-12-01 by risk-office: small group, see the review"),
        ("slos/latency-stated", "off: batch models have no latency"),
        ("cost/gpu", "not applicable: the release uses no GPU"),
    ],
)
def test_what_does_not_count_is_skipped_with_the_reason(rule: str, message: str) -> None:
    item = of_fraud(rule)
    assert [child.tag for child in item] == ["skipped"]
    assert item[0].get("message") == message


def test_an_unknown_that_does_not_block_is_skipped_with_the_reason() -> None:
    advised = Settled(
        "a/b", Outcome(Status.UNKNOWN, reason="no evidence here"), Severity.ERROR, Effect.ADVISES, "local run"
    )
    subject = replace(sample().subjects[0], settled=(advised,), findings=())
    item = case(parsed(Verdict(Gate.OPEN, sample().context, (subject,))), "a/b [production/fraud-detector/main]")
    assert item[0].tag == "skipped"
    assert item[0].get("message") == "unknown: local run"
    assert item[0].text == "no evidence here"


def test_a_manifest_that_is_not_valid_is_one_error_and_not_one_for_each_rule() -> None:
    suite = parsed(sample())[1]
    assert [child.tag for child in suite.iter() if child.tag in {"error", "failure"}] == ["error"]
    error = suite.find(".//error")
    assert error is not None
    assert error.get("message") == "3 rules not evaluated: the manifest is not valid"
    assert len(suite.findall("testcase/skipped")) == 3


def test_two_releases_of_one_identity_keep_all_their_cases() -> None:
    first = sample().subjects[0]
    twin = replace(first, subject=replace(FRAUD, file="models/twin.yaml"))
    root = parsed(replace(sample(), subjects=(first, twin)))
    assert len(list(root.iter("testcase"))) == 2 * len(first.settled)
    case(root, "rollout/bake-too-short [production/fraud-detector/main] #2")


def test_names_do_not_hang_on_the_file_or_the_line() -> None:
    first = sample().subjects[0]
    moved = replace(first, subject=replace(FRAUD, file="elsewhere.yaml"))
    names = [item.get("name") for item in parsed(replace(sample(), subjects=(first,))).iter("testcase")]
    assert names == [item.get("name") for item in parsed(replace(sample(), subjects=(moved,))).iter("testcase")]


def test_several_places_of_one_rule_stand_in_one_case() -> None:
    places = [finding("manifest/ok", CHANGE_SET, location=Location(f"m{n}.yaml", n, 1)) for n in (1, 2)]
    whole = replace(sample().subjects[3], findings=tuple(places), settled=sample().subjects[3].settled[:1])
    whole = replace(whole, settled=(replace(whole.settled[0], rule="manifest/ok"),))
    text = case(parsed(replace(sample(), subjects=(whole,))), "manifest/ok [change set]").findtext("failure") or ""
    assert "m1.yaml:1:1\n" in text
    assert "m2.yaml:2:1\n" in text


def test_a_finding_of_a_rule_without_an_outcome_is_not_lost() -> None:
    subject = replace(sample().subjects[0], settled=(), findings=(finding("own/acme/naming"),))
    item = case(parsed(replace(sample(), subjects=(subject,))), "own/acme/naming [production/fraud-detector/main]")
    assert item.get("classname") == "changegate.own/acme"
    assert item.find("failure") is not None


def test_undecided_is_an_error_for_each_reason() -> None:
    root = parsed(VERDICTS["undecided"]())
    texts = [item.text or "" for item in root.iter("error")]
    assert texts[0] == "the base is not in this clone\ntry: fetch it: git fetch --depth=100 origin main"
    assert texts[1].startswith("policies/a.rego:3\nundefined function")


def test_files_on_cases_are_for_gitlab_alone() -> None:
    name = "fairness/ratio [production/fraud-detector/main]"
    assert case(parsed(sample()), name).get("file") is None
    assert case(parsed(sample(), ReportOptions(case_files=True)), name).get("file") == "evidence/fairness.json"


def test_a_hostile_identity_makes_a_document_all_the_same() -> None:
    from changegate.names import Identity

    odd = Subject(SubjectKind.RELEASE, Identity("a\x00", "<b>&\ud800", 'c"'), "x.yaml")
    root = parsed(replace(sample(), subjects=(replace(sample().subjects[0], subject=odd),)))
    assert root[0].get("name") == 'changegate: a\\x00/<b>&\\ud800/c"'

"""SARIF for code scanning: valid, stable, within GitHub's limits, and nothing of it is a link of somebody's."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from changegate.names import Effect, Location, Severity
from changegate.report import ReportOptions, load_reporter, sarif
from changegate.verdict import Gate, Verdict
from support.records import replace
from support.verdicts import CONTEXT, FRAUD, VERDICTS, finding, open_, sample

CONFORMANCE = os.environ.get("CHANGEGATE_CONFORMANCE_DIR", "")


def run(verdict: Verdict) -> dict[str, Any]:
    document = json.loads(load_reporter("sarif").render(verdict, ReportOptions()))
    (one,) = document["runs"]
    return one  # type: ignore[no-any-return]


def of(*findings: Any) -> Verdict:
    return Verdict(Gate.CLOSED, CONTEXT, (replace(open_().subjects[0], findings=findings),), "closed")


@pytest.mark.skipif(not CONFORMANCE, reason="CHANGEGATE_CONFORMANCE_DIR is not set: the SARIF schema is not at hand")
@pytest.mark.parametrize("name", VERDICTS)
def test_the_schema_of_oasis_accepts_it(name: str) -> None:
    schema = json.loads((Path(CONFORMANCE) / "schemas" / "sarif-schema-2.1.0.json").read_text())
    Draft7Validator(schema).validate(json.loads(load_reporter("sarif").render(VERDICTS[name](), ReportOptions())))


@pytest.mark.parametrize("name", VERDICTS)
def test_github_finds_in_it_what_it_asks_for(name: str) -> None:
    one = run(VERDICTS[name]())
    rules = one["tool"]["driver"]["rules"]
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"]
        assert 0 < float(rule["properties"]["security-severity"]) <= 10
        assert rule["properties"]["tags"]
    for result in one["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        (place,) = result["locations"]
        region = place["physicalLocation"]["region"]
        assert region["endLine"] >= region["startLine"] >= 1
        assert region["endColumn"] > region["startColumn"] >= 1
        assert place["physicalLocation"]["artifactLocation"]["uri"]
        assert result["partialFingerprints"]["primaryLocationLineHash"]
        assert "](" not in result["message"]["text"]


def test_a_result_says_what_where_and_how_to_mend() -> None:
    first = run(sample())["results"][0]
    assert first["ruleId"] == "rollout/bake-too-short"
    assert first["level"] == "error"
    message, remedy = first["message"]["text"].split("\n")
    assert message == "step 2 bakes 600 s; at high risk a step bakes at least 1800 s"
    assert remedy == "Fix: Let the step bake longer: write `bake: 30m`."
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "models/fraud.yaml", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 41, "startColumn": 26, "endLine": 41, "endColumn": 35}
    told = [
        (one["physicalLocation"]["region"]["startLine"], one["message"]["text"]) for one in first["relatedLocations"]
    ]
    assert told == [(39, "the previous release"), (7, "the release at a tag")]


def test_a_rule_says_why_it_is_there() -> None:
    one = run(
        of(finding("artifacts/x", description="A digest says which file is meant.", references=("https://a.example",)))
    )
    (rule,) = one["tool"]["driver"]["rules"]
    assert rule["fullDescription"]["text"] == "A digest says which file is meant."
    assert rule["help"]["text"].endswith("https://a.example")
    assert rule["properties"]["tags"] == ["model-change-control", "artifacts", "security"]


def test_fingerprints_outlive_moved_lines_and_are_one_each() -> None:
    def prints(line: int) -> list[str]:
        found = (finding("a/b", location=Location("m.yaml", line + n, 1, path=("a", n))) for n in range(3))
        return [one["partialFingerprints"]["changegate/v1"] for one in run(of(*found))["results"]]

    assert prints(1) == prints(40)
    assert len(set(prints(1))) == 3


def test_a_waived_finding_is_suppressed_with_its_reason() -> None:
    waived = [one for one in run(sample())["results"] if "suppressions" in one]
    assert [one["ruleId"] for one in waived] == ["fairness/ratio"]
    (suppression,) = waived[0]["suppressions"]
    assert suppression["status"] == "accepted"
    assert suppression["justification"] == "waived until 2026-12-01 by risk-office: small group, see the review"


def test_the_most_severe_are_kept_and_the_cut_is_said() -> None:
    advised = (finding("a/w", effect=Effect.ADVISES, severity=Severity.WARNING, location=Location("m.yaml", n, 1))
               for n in range(1, 4_001))  # fmt: skip
    failed = (finding("a/e", location=Location("m.yaml", n, 1)) for n in range(1, 3_001))
    one = run(of(*advised, *failed))
    levels = [result["level"] for result in one["results"]]
    assert (len(levels), levels.count("error")) == (sarif.MOST, 3_000)
    (told,) = one["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"].startswith("2000 findings, the least severe ones, are left out")
    assert one["properties"]["leftOut"] == 2_000


def test_a_file_that_is_too_large_is_cut_further(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_BYTES", 4_000)
    import random

    noise = random.Random(1)  # text that does not pack
    found = (
        finding("a/e", location=Location("m.yaml", n, 1), message=f"{noise.getrandbits(2000):x}") for n in range(1, 65)
    )
    text = load_reporter("sarif").render(of(*found), ReportOptions())
    assert len(gzip.compress(text.encode(), 6, mtime=0)) <= 4_000
    one = json.loads(text)["runs"][0]
    assert len(one["results"]) + one["properties"]["leftOut"] == 64
    assert one["results"]


def test_why_nothing_was_decided_is_told() -> None:
    one = run(VERDICTS["undecided"]())
    assert one["invocations"][0]["executionSuccessful"] is False
    texts = [told["message"]["text"] for told in one["invocations"][0]["toolExecutionNotifications"]]
    assert texts[0] == "the base is not in this clone try: fetch it: git fetch --depth=100 origin main"


def test_a_file_of_any_name_has_an_address() -> None:
    odd = Location("a b/\udce9#?%.yaml", 1, 1)
    (result,) = run(of(finding("a/b", location=odd)))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b/%E9%23%3F%25.yaml"
    (result,) = run(of(finding("a/b", location=Location(""))))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == ".changegate/config.yaml"
    assert FRAUD.file in json.dumps(run(of(finding("a/b"))))

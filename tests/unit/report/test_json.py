"""The JSON report: its schema, and that nothing of the verdict is lost."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import jsonschema
import jsonschema_rs
import pytest

from changegate.names import Change, DiffEntry, Location
from changegate.report import ReportOptions, load_reporter
from changegate.resources import SCHEMAS
from changegate.verdict import (
    Context,
    Decision,
    Failure,
    Finding,
    Gate,
    Holder,
    Impact,
    Measure,
    Outcome,
    Question,
    ReleaseImpact,
    RequiredApproval,
    Ruling,
    Settled,
    Subject,
    SubjectVerdict,
    Verdict,
    Violation,
)
from support.command import whole
from support.records import names_of, replace
from support.verdicts import HOSTILE, VERDICTS, open_, sample

SCHEMA = json.loads((SCHEMAS / "verdict.schema.json").read_text("utf-8"))


def report(name: str) -> Any:
    return json.loads(load_reporter("json").render(VERDICTS[name](), ReportOptions()))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"] == "https://changegate.dev/schemas/verdict.schema.json"


@pytest.mark.parametrize("name", VERDICTS)
def test_both_validators_accept_the_report(name: str) -> None:
    document = report(name)
    assert not list(jsonschema.Draft202012Validator(SCHEMA).iter_errors(document))
    assert jsonschema_rs.validator_for(SCHEMA).is_valid(document)


def objects(schema: Any) -> list[Any]:
    """Every object schema that lists its properties."""
    if isinstance(schema, list):
        return [found for item in schema for found in objects(item)]
    if not isinstance(schema, dict):
        return []
    own = [schema] if "properties" in schema and schema.get("type") == "object" else []
    return own + [found for item in schema.values() for found in objects(item)]


def test_the_schema_is_closed_and_asks_for_everything() -> None:
    found = objects(SCHEMA)
    assert len(found) >= 13
    for schema in found:
        assert schema["additionalProperties"] is False
        assert schema["required"] == list(schema["properties"])


@pytest.mark.parametrize(("gate", "code"), [("open", 0), ("closed", 1)])
def test_the_schema_ties_the_exit_code_to_the_verdict(gate: str, code: int) -> None:
    document = report("open")
    valid = jsonschema_rs.validator_for(SCHEMA).is_valid
    assert valid({**document, "verdict": gate, "exitCode": code})
    assert not valid({**document, "verdict": gate, "exitCode": 3})


def test_it_carries_what_a_replay_needs() -> None:
    document = report("sample")
    assert document["context"] == {
        "stage": "pull-request", "repository": "acme/models", "trustedRef": "refs/heads/main", "base": "a" * 40,
        "head": "b" * 40, "headTree": "d" * 40, "reviewedHead": "c" * 40, "pullRequest": 17, "now": 1793620800,
        "configured": True, "toolVersion": "0.1.0", "engine": "embedded (regorus 0.13.0)",
        "policyDigest": "sha256:" + "1" * 64,
        "settingsDigest": "sha256:" + "2" * 64, "teamsDigest": "sha256:" + "3" * 64,
        "waiversDigest": "sha256:" + "4" * 64, "signersDigest": "sha256:" + "5" * 64,
        "enforcement": "enforce", "failOn": "error", "requireConfig": False,
        "all": False, "paths": ["models/fraud.yaml"],
    }  # fmt: skip
    first = whole(document)[0]
    assert first["input"]["z"] == [1, 2.5, True, None]
    assert first["plan"]["steps"][1]["bakeSeconds"] == 600
    text = json.dumps(first["plan"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert first["planDigest"] == f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
    assert {item["rule"]: (item["status"], item["effect"]) for item in first["outcomes"]} == {
        "rollout/bake-too-short": ("failed", "blocks"),
        "artifacts/uri-plain": ("failed", "blocks"),
        "approvals/model-risk": ("failed", "blocks"),
        "evaluation/report-present": ("unknown", "blocks"),
        "cost/budget-stated": ("failed", "advises"),
        "fairness/ratio": ("failed", "waived"),
        "slos/latency-stated": ("failed", "off"),
        "artifacts/digest-strong": ("passed", "none"),
        "cost/gpu": ("not-applicable", "none"),
    }
    assert first["approvals"][0] == {
        "role": "model-risk", "count": 2, "missing": 1, "approvedBy": ["cy"], "candidates": ["ana", "bo"],
    }  # fmt: skip


RENAMED = {
    "gate": "verdict", "settled": "outcomes", "tier": "risk", "tierReasons": "risk", "outcome": "status",
    "needed": "count", "accident": "notEvaluated",
}  # fmt: skip


def test_every_field_of_a_verdict_is_in_the_report() -> None:
    document = report("sample")
    first = whole(document)[0]
    question = first["questions"][0]
    written = {
        Verdict: {**document, "policies": "in the record"},
        Context: document["context"],
        Impact: document["impact"],
        ReleaseImpact: document["impact"]["releases"][0],
        Failure: report("undecided")["failures"][0],
        SubjectVerdict: {**first, "rollout": "in the folder of the plan"},
        Measure: first["measures"][0],
        Subject: first["subject"],
        RequiredApproval: first["approvals"][0],
        Change: first["changes"][0],
        DiffEntry: {**first["entries"][0], "changes": "paths"},
        Settled: first["outcomes"][0],
        Outcome: first["outcomes"][0],
        Violation: first["outcomes"][0]["violations"][0],
        Finding: {
            **first["findings"][0],
            "subject": "the one that it stands in",
            "ordinal": "in the fingerprint",
            "edits": "what `fix` writes",
            "description": "in the catalogue",
        },
        Location: {**first["findings"][0]["location"], "around": "for an excerpt"},
        Question: {**question, "risk": question["tier"]},
        Holder: question["holder"],
        Ruling: next(iter(document["parts"]["rulings"][first["rulings"]].values())),
        Decision: {
            **document["parts"]["decisions"][question["decision"]],
            "subject": "the one that it stands in",
            "approvals": "requiredApprovals",
        },
    }
    for kind, keys in written.items():
        names = [re.sub(r"_(\w)", lambda match: match[1].upper(), name) for name in names_of(kind)]
        assert {RENAMED.get(name, name) for name in names} <= set(keys), kind


def test_a_finding_keeps_its_place_and_its_fingerprint() -> None:
    item = report("sample")["subjects"][0]["findings"][0]
    assert item["location"] == {
        "file": "models/fraud.yaml", "revision": "head", "line": 41, "column": 26, "endColumn": 35,
        "path": ["spec", "rollout", "steps", 1, "bake"], "source": "    - {weight: 25, bake: 10m, note: Größe 模型}",
    }  # fmt: skip
    assert item["fingerprint"] == sample().findings[0].fingerprint
    assert item["details"] == {"bakeSeconds": 600, "minimumBakeSeconds": 1800}


def test_text_is_kept_but_for_what_is_no_unicode() -> None:
    item = report("sample")["subjects"][0]["findings"][1]
    assert item["details"]["uri"] == HOSTILE.replace("\ud800", r"\ud800")
    assert report("sample")["subjects"][1]["subject"]["file"] == r'"models/brok\351n \342\200\256.yaml"'


def test_the_bytes_do_not_hang_on_the_order_of_a_dict() -> None:
    verdict = sample()
    first = verdict.subjects[0]
    asked = tuple(replace(one, document=dict(reversed(one.document.items()))) for one in first.questions)
    turned = replace(first, questions=asked, plan=dict(reversed(first.plan.items())))
    other = replace(verdict, subjects=(turned, *verdict.subjects[1:]))
    assert load_reporter("json").render(other, ReportOptions()) == load_reporter("json").render(
        verdict, ReportOptions()
    )


def test_numbers_that_json_has_not_are_written_as_text() -> None:
    odd = Change(("a",), "changed", float("nan"), [float("-inf"), {1: 2**70}], "metadata", "compatible")
    verdict = replace(open_(), gate=Gate.OPEN, subjects=(replace(open_().subjects[0], changes=(odd,)),))
    change = json.loads(load_reporter("json").render(verdict, ReportOptions()))["subjects"][0]["changes"][0]
    assert (change["before"], change["after"]) == ("nan", ["-inf", {"1": 2**70}])

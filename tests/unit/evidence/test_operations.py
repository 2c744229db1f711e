"""Facts of operations: people, documents, telemetry, logs."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from changegate.evidence.operations import collect
from changegate.manifest.schema import compiled, validate
from changegate.policy.teams import Teams
from changegate.resources import SCHEMAS
from support.rollouts import fraud
from support.trees import request

SCHEMA = json.loads((SCHEMAS / "input" / "operations.json").read_text())
TEAMS = Teams({"payments-ml": ("ana", "bo"), "platform-team": ("eve",)}, {"platform": ("platform-team",)})
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 812\n"
FILES = {
    "lfs.md": POINTER,
    "RUNBOOK.md": b"# When it fails\n",
    "MODEL_CARD.md": b"# What it is for\n\nIt scores card transactions in time.\n",
    "empty.md": b" \n\t\n",
}
OPERATIONS = {
    "runbook": "RUNBOOK.md",
    "onCall": "payments-ml",
    "escalation": "platform",
    "dashboard": "https://grafana.acme.example/d/models",
    "telemetry": {"labels": ["model_version", "deploy_id"], "traceIds": True},
    "logging": {"inputs": "hashed", "redactPii": True, "retentionDays": 30},
}


def checked(
    operations: Any, teams: Teams = TEAMS, *, owner: str = "payments-ml", card: str | None = "MODEL_CARD.md"
) -> tuple[Any, Any]:
    release = fraud()
    release["metadata"]["owner"] = owner
    given = {"operations": operations, "modelCard": card}
    release["spec"] |= {key: value for key, value in given.items() if value is not None}
    section = collect(request(release, FILES, base={}, teams=teams))
    for name, value in (("evidence", section.evidence), ("facts", section.facts)):
        jsonschema.Draft202012Validator({**SCHEMA, "$ref": f"#/$defs/{name}"}).validate(value)
        json.dumps(value, allow_nan=False)
    return section.evidence, section.facts


def test_a_complete_block() -> None:
    evidence, facts = checked(OPERATIONS)
    assert evidence == {
        "status": "present",
        "owner": {"status": "present", "name": "payments-ml"},
        "onCall": {"status": "present", "name": "payments-ml"},
        "escalation": {"status": "present", "name": "platform"},
        "runbook": {"status": "present", "file": "RUNBOOK.md", "wordsCount": 0},
        "modelCard": {"status": "present", "file": "MODEL_CARD.md", "wordsCount": 6},
    }
    assert facts == {
        "block": "present",
        "runbook": "file",
        "dashboardStated": True,
        "telemetry": {"labels": ["deploy_id", "model_version"], "traceIds": True},
        "logging": {"inputs": "hashed", "contradictory": False, "retentionSeconds": 2_592_000},
        "followUps": [],
    }


@pytest.mark.parametrize(
    ("operations", "block", "reason"),
    [
        (None, "absent", "the manifest has no `operations`"),
        ({"notApplicable": "nobody runs it"}, "not-applicable", "nobody runs it"),
    ],
)
def test_no_block_states_nothing(operations: Any, block: str, reason: str) -> None:
    evidence, facts = checked(operations, card=None)
    assert (evidence["status"], evidence["reason"], facts["block"]) == ("absent", reason, block)
    for key in ("onCall", "escalation", "runbook"):
        assert evidence[key] == {"status": "absent", "reason": f"the manifest names no `operations.{key}`"}
    assert evidence["modelCard"] == {"status": "absent", "reason": "the manifest names no `modelCard`"}
    assert facts["runbook"] == "unstated"
    assert facts["telemetry"] == {"labels": [], "traceIds": False}
    assert facts["logging"] == {"inputs": "unstated", "contradictory": False}
    assert not facts["dashboardStated"]


def test_the_owner_does_not_hang_on_the_block() -> None:
    assert checked(None)[0]["owner"] == {"status": "present", "name": "payments-ml"}


@pytest.mark.parametrize("name", ["nobody", "payments", "ana", "owner"])
def test_who_is_no_team_or_role_is_invalid(name: str) -> None:
    evidence, _ = checked({"onCall": name, "escalation": name}, owner=name)
    expected = {"status": "invalid", "reason": f"{name} is no team or role of the base's .changegate/teams.yaml"}
    assert [evidence[key] for key in ("owner", "onCall", "escalation")] == [expected] * 3


def test_without_teams_at_the_base_nobody_can_tell() -> None:
    evidence, _ = checked({"onCall": "payments-ml"}, Teams())
    assert {evidence[key]["status"] for key in ("owner", "onCall")} == {"unavailable"}
    assert evidence["owner"]["reason"] == (
        "the base has no teams to look payments-ml up in: add .changegate/teams.yaml, and merge it before this"
    )
    assert evidence["escalation"]["status"] == "absent"


@pytest.mark.parametrize(
    ("path", "status", "reason"),
    [
        ("nowhere.md", "absent", "nowhere.md is not in the repository"),
        ("empty.md", "invalid", "empty.md is empty"),
    ],
)
def test_a_document_has_to_be_there_and_say_something(path: str, status: str, reason: str) -> None:
    evidence, facts = checked({"runbook": path}, card=path)
    assert evidence["runbook"] == evidence["modelCard"] == {"status": status, "reason": reason}
    assert facts["runbook"] == "file"


def test_an_address_is_not_looked_at() -> None:
    evidence, facts = checked({"runbook": "https://wiki.acme.example/fraud"})
    assert facts["runbook"] == "url"
    reason = "https://wiki.acme.example/fraud was not looked at: nothing is fetched from the network"
    assert evidence["runbook"] == {"status": "unavailable", "reason": reason}


@pytest.mark.parametrize(
    ("logging", "expected"),
    [
        ({"inputs": "redacted"}, {"inputs": "redacted", "contradictory": False}),
        ({"inputs": "redacted", "redactPii": True}, {"inputs": "redacted", "contradictory": False}),
        ({"inputs": "redacted", "redactPii": False}, {"inputs": "redacted", "contradictory": True}),
        ({"inputs": "hashed", "redactPii": False}, {"inputs": "hashed", "contradictory": False}),
        ({"inputs": "full", "redactPii": True}, {"inputs": "full", "contradictory": False}),
        ({"retentionDays": 0}, {"inputs": "unstated", "contradictory": False, "retentionSeconds": 0}),
        ({"retentionDays": True}, {"inputs": "unstated", "contradictory": False}),
        ({"retentionDays": "30"}, {"inputs": "unstated", "contradictory": False}),
        ({}, {"inputs": "unstated", "contradictory": False}),
    ],
)
def test_how_inputs_are_logged(logging: Any, expected: Any) -> None:
    assert checked({"logging": logging})[1]["logging"] == expected


def test_labels_are_a_set() -> None:
    telemetry = checked({"telemetry": {"labels": ["b", "a", "b"], "traceIds": False}})[1]["telemetry"]
    assert telemetry == {"labels": ["a", "b"], "traceIds": False}


@pytest.mark.parametrize("runbook", ["docs/runbook.md", "https://wiki.acme.example/fraud?page=1#top"])
def test_a_runbook_is_a_path_or_an_address(runbook: str) -> None:
    assert _accepts(runbook)


@pytest.mark.parametrize(
    "runbook", ["http://wiki.acme.example", "https://", "https://a b", "https://a\n", "/etc/motd", "../x.md", "a/../b"]
)
def test_what_is_neither_is_refused(runbook: str) -> None:
    assert not _accepts(runbook)


def _accepts(runbook: str) -> bool:
    release = fraud()
    release["spec"]["operations"] = {"runbook": runbook}
    return compiled("manifest").is_valid(release) and not validate(release, "manifest")


def test_a_document_in_git_lfs_says_how_to_get_out() -> None:
    reason = (
        "lfs.md is a Git LFS pointer, which nobody can read; "
        "commit the file as it is (take it out of LFS in .gitattributes)"
    )
    assert checked({"runbook": "lfs.md"})[0]["runbook"] == {"status": "invalid", "reason": reason}

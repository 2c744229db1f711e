"""The input document: complete, without a null, and fit for its schema before a rule sees it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from changegate.diff.semantic import change_as_json
from changegate.errors import InternalError
from changegate.judging.input import document, validate
from changegate.names import Change, Identity
from changegate.policy.settings import defaults
from changegate.verdict import Subject, SubjectKind

CHANGE_SET = Subject(SubjectKind.CHANGE_SET)
MODEL = Identity("production", "fraud-detector", "main")

NO_TESTS = {"status": "absent", "reason": "no policy changed"}


NAMED = {"configured": True, "releases": []}


def made(subject: Subject = CHANGE_SET, **other: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "context": {
            "stage": "pull-request",
            "repository": "acme/models",
            "base": "a" * 40,
            "head": "b" * 40,
            "reviewedHead": "b" * 40,
            "author": {"login": "mira", "kind": "human"},
            "committers": [],
            "now": 1_793_620_800,
        },
        "settings": defaults(),
        "release": None,
        "facts": {
            "manifest": {
                "checked": True,
                "faults": [],
                "lost": [],
                "hidden": [],
                "outside": [],
                "duplicates": [],
                "ambiguous": [],
            },
            "control": {
                "checked": True,
                "changed": [],
                "invalid": [],
                "waivers": [],
                "unknown": [],
                "breakGlass": {"authorKnown": True, "alone": False, "entries": [], "dropped": []},
                "signers": NAMED,
                "tests": {"status": "absent", "reason": "no policy changed"},
                "answers": {"status": "absent", "reason": "no policy changed"},
            },
            "dependencies": {"checked": True, "missing": [], "versions": [], "cycles": [], "risks": [], "answers": []},
            "approvals": {
                "changesRequestedBy": [],
                "ageSeconds": {},
                "undated": [],
                "signedBy": [],
                "carried": [],
                "mergesOfBase": [],
                "staleBy": [],
                "staleBecause": [],
                "unclearBecause": "",
                "roles": {},
            },
        },
        "evidence": {name: {"status": "present"} for name in ("manifest", "control", "approvals")},
        "previous": {"status": "absent", "reason": "a change set has no previous release"},
        "operation": "none",
    }
    return document(subject, **{**given, **other})


def without(value: dict[str, Any], *path: str) -> dict[str, Any]:
    """A copy without one key."""
    copied: dict[str, Any] = json.loads(json.dumps(value))
    inner = copied
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return copied


def with_(value: dict[str, Any], new: Any, *path: str) -> dict[str, Any]:
    """A copy with one value replaced."""
    copied = without(value, *path)
    inner = copied
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = new
    return copied


def test_a_document_of_a_change_set_fits_its_schema() -> None:
    found = made()
    validate(found, "change set")
    assert found["schemaVersion"] == 1
    assert found["subject"] == {"kind": "change-set"}
    assert found["change"] == {"operation": "none", "classes": []}


def test_a_subject_has_its_identity() -> None:
    found = made(Subject(SubjectKind.RELEASE, MODEL), operation="update", classes=iter(["artifact"]))
    assert found["subject"] == {
        "kind": "release",
        "identity": {"environment": "production", "name": "fraud-detector", "variant": "main"},
    }
    assert found["change"] == {"operation": "update", "classes": ["artifact"]}


@pytest.mark.parametrize(
    ("op", "sides"),
    [("added", {"after": 2}), ("removed", {"before": 1}), ("changed", {"before": 1, "after": 2})],
)
def test_a_side_that_does_not_exist_is_left_out(op: str, sides: dict[str, int]) -> None:
    change = Change(("spec", "slos", 0), op, 1, 2, "threshold", "breaking")
    rest = {"path": ["spec", "slos", 0], "op": op, "category": "threshold", "impact": "breaking"}
    assert change_as_json(change) == {**rest, **sides}
    assert made(changes=[change])["changes"] == [{**rest, **sides}]


def test_a_change_to_nothing_is_kept_apart_from_no_side() -> None:
    change = Change(("spec", "seed"), "changed", 0, False, "metadata", "compatible")
    assert (change_as_json(change)["before"], change_as_json(change)["after"]) == (0, False)


@pytest.mark.parametrize(
    "path",
    [
        ("schemaVersion",),
        ("subject",),
        ("context",),
        ("context", "now"),
        ("context", "stage"),
        ("settings",),
        ("release",),
        ("facts",),
        ("evidence",),
        ("previous",),
        ("change",),
        ("changes",),
        ("evidence", "approvals", "status"),
        ("facts", "approvals", "roles"),
    ],
)
def test_nothing_is_missing(path: tuple[str, ...]) -> None:
    with pytest.raises(InternalError, match="the input document of change set is not valid") as caught:
        validate(without(made(), *path), "change set")
    assert path[-1] in caught.value.message
    assert "report it" in caught.value.hint


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("context", "now"), "1793620800"),
        (("context", "now"), 1.5),
        (("context", "now"), None),
        (("context", "stage"), "production"),
        (("subject", "kind"), "rumour"),
        (("facts", "approvals", "staleBy"), None),
        (("facts", "approvals", "staleBy"), [None]),
        (("evidence", "approvals", "status"), "maybe"),
        (("evidence", "approvals", "status"), "invalid"),
        (("previous", "status"), "present"),
    ],
)
def test_a_rule_never_meets_a_value_of_a_wrong_kind(path: tuple[str, ...], value: Any) -> None:
    with pytest.raises(InternalError):
        validate(with_(made(), value, *path), "change set")


def test_what_is_wrong_is_named_three_times_at_most() -> None:
    with pytest.raises(InternalError) as caught:
        validate({}, "x")
    assert 0 < caught.value.message.count(";") <= 2

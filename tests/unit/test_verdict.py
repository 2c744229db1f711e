"""What follows from an outcome, row by row, and what the gate answers."""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from changegate.names import Effect, Enforcement, Identity, Location, Severity, Stage, Status
from changegate.settle import Terms, conclude, settle, worst
from changegate.verdict import (
    PASSED,
    Decision,
    Finding,
    Gate,
    Outcome,
    RelatedLocation,
    RequiredApproval,
    Ruling,
    Settled,
    Subject,
    SubjectKind,
    SubjectVerdict,
    Verdict,
    Violation,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

SUBJECT = Subject(SubjectKind.RELEASE, Identity("production", "fraud-detector", "main"), "models/fraud.yaml")
OUTCOMES = {
    Status.FAILED: Outcome(Status.FAILED, (Violation(("spec",)),)),
    Status.UNKNOWN: Outcome(Status.UNKNOWN, reason="it was not handed in"),
    Status.PASSED: PASSED,
    Status.NOT_APPLICABLE: Outcome(Status.NOT_APPLICABLE, reason="the tier is low"),
}
LOCAL, PULL, MERGE = Stage.LOCAL, Stage.PULL_REQUEST, Stage.MERGE
ERROR, WARNING, OFF = Severity.ERROR, Severity.WARNING, Severity.OFF
ENFORCE, OBSERVE = Enforcement.ENFORCE, Enforcement.OBSERVE
BLOCKS, ADVISES, WAIVED, NONE = Effect.BLOCKS, Effect.ADVISES, Effect.WAIVED, Effect.NONE


def alike(ruling: Ruling) -> Mapping[str, Ruling]:
    """One ruling on every rule."""
    return defaultdict(lambda: ruling)


def settled(
    status: Status,
    severity: Severity = ERROR,
    enforcement: Enforcement = ENFORCE,
    waiver: str = "",
    stage: Stage = PULL,
    fail_on_warning: bool = False,
    **ruling: Any,
) -> Settled:
    every = alike(Ruling(severity, enforcement, **ruling))
    terms = Terms(stage, every, {"a/b": waiver} if waiver else {}, fail_on_warning)
    (one,) = settle(Decision(SUBJECT, {"a/b": OUTCOMES[status]}), terms)
    return one


ANY_STAGE, HOSTED, EITHER = (LOCAL, PULL, MERGE), (PULL, MERGE), (False, True)
ENFORCEMENTS, WAIVERS = (ENFORCE, OBSERVE), ("", "waived")
TABLE: list[tuple[Effect, Any, Any, Any, Any, Any, Any]] = [
    # effect, status, severity, enforcement, waiver, stage, fail on warning
    (NONE, (Status.PASSED, Status.NOT_APPLICABLE), (ERROR, WARNING, OFF), ENFORCEMENTS, WAIVERS, ANY_STAGE, EITHER),
    (Effect.OFF, (Status.FAILED, Status.UNKNOWN), (OFF,), ENFORCEMENTS, WAIVERS, ANY_STAGE, EITHER),
    (WAIVED, (Status.FAILED,), (ERROR, WARNING), ENFORCEMENTS, ("waived",), ANY_STAGE, EITHER),
    (ADVISES, (Status.FAILED,), (ERROR, WARNING), (OBSERVE,), ("",), ANY_STAGE, EITHER),
    (BLOCKS, (Status.FAILED,), (ERROR,), (ENFORCE,), ("",), ANY_STAGE, EITHER),
    (ADVISES, (Status.FAILED,), (WARNING,), (ENFORCE,), ("",), ANY_STAGE, (False,)),
    (BLOCKS, (Status.FAILED,), (WARNING,), (ENFORCE,), ("",), ANY_STAGE, (True,)),
    (ADVISES, (Status.UNKNOWN,), (ERROR, WARNING), (OBSERVE,), WAIVERS, ANY_STAGE, EITHER),
    (ADVISES, (Status.UNKNOWN,), (ERROR, WARNING), (ENFORCE,), WAIVERS, (LOCAL,), EITHER),
    (BLOCKS, (Status.UNKNOWN,), (ERROR,), (ENFORCE,), WAIVERS, HOSTED, EITHER),
    (ADVISES, (Status.UNKNOWN,), (WARNING,), (ENFORCE,), WAIVERS, HOSTED, (False,)),
    (BLOCKS, (Status.UNKNOWN,), (WARNING,), (ENFORCE,), WAIVERS, HOSTED, (True,)),
]
ROWS = [(effect, *row) for effect, *columns in TABLE for row in product(*columns)]


def test_the_table_has_every_row_once() -> None:
    rows = [row[1:] for row in ROWS]
    assert len(rows) == len(set(rows)) == 4 * 3 * 2 * 2 * 3 * 2


@pytest.mark.parametrize("effect", list(Effect))
def test_what_follows_from_an_outcome(effect: Effect) -> None:
    wrong = [row for expected, *row in ROWS if expected is effect and settled(*row).effect is not effect]
    assert wrong == []


def test_every_row_keeps_what_was_said() -> None:
    for _, status, severity, enforcement, *rest in ROWS:
        one = settled(status, severity, enforcement, *rest)
        assert (one.rule, one.outcome, one.severity) == ("a/b", OUTCOMES[status], severity)
        assert one.enforced is (enforcement is ENFORCE)


def test_an_unknown_cannot_be_waived() -> None:
    """A waiver accepts a known risk; of what nobody could tell there is none to accept."""
    for stage, enforcement in product(Stage, Enforcement):
        one = settled(Status.UNKNOWN, enforcement=enforcement, waiver="waived until ever", stage=stage)
        assert one.effect is not WAIVED
        assert "waived" not in one.note
    assert settled(Status.UNKNOWN, waiver="waived").effect is BLOCKS


def test_a_waiver_is_one_of_its_own_rule() -> None:
    terms = Terms(PULL, alike(Ruling(ERROR, ENFORCE)), {"a/other": "waived"})
    (one,) = settle(Decision(SUBJECT, {"a/b": OUTCOMES[Status.FAILED]}), terms)
    assert (one.effect, one.note) == (BLOCKS, "")


@pytest.mark.parametrize(
    ("given", "note"),
    [
        ({"severity": OFF, "note": "not for batch"}, "not for batch"),
        (
            {"waiver": "waived until 2026-12-01 by cy: small", "note": "a reason"},
            "waived until 2026-12-01 by cy: small",
        ),
        ({"enforcement": OBSERVE}, "observed, not enforced"),
        ({"enforcement": OBSERVE, "note": "new here"}, "new here"),
        ({"severity": WARNING, "note": "softened"}, "softened"),
        ({"note": "hardened"}, "hardened"),
        ({}, ""),
    ],
)
def test_why_the_effect_is_what_it_is(given: dict[str, Any], note: str) -> None:
    assert settled(Status.FAILED, **given).note == note


def test_on_a_laptop_it_is_said_that_an_unknown_blocks_elsewhere() -> None:
    assert settled(Status.UNKNOWN, stage=LOCAL).note == "could not be told here; in a pull request this blocks"
    assert settled(Status.UNKNOWN, stage=PULL).note == ""


@pytest.mark.parametrize(("status", "waits"), [(Status.FAILED, True), (Status.UNKNOWN, False), (Status.PASSED, False)])
def test_only_a_failure_awaits_approval(status: Status, waits: bool) -> None:
    assert settled(status, awaits_approval=True).awaits_approval is waits
    assert not settled(status).awaits_approval


def test_outcomes_are_settled_in_order_each_by_its_own_ruling() -> None:
    rulings = {"b/y": Ruling(ERROR, ENFORCE), "a/x": Ruling(WARNING, ENFORCE), "c/z": Ruling(ERROR, OBSERVE)}
    found = settle(Decision(SUBJECT, dict.fromkeys(rulings, OUTCOMES[Status.FAILED])), Terms(PULL, rulings))
    assert [(one.rule, one.effect) for one in found] == [("b/y", BLOCKS), ("a/x", ADVISES), ("c/z", ADVISES)]


@pytest.mark.parametrize("status", [Status.PASSED, Status.NOT_APPLICABLE])
def test_what_holds_is_settled_under_the_ruling_of_its_own_release(status: Status) -> None:
    """What holds is kept, since most releases say the same: never under another release's ruling or reason."""
    said = [OUTCOMES[status], *([Outcome(status, reason="another")] if status is Status.NOT_APPLICABLE else [])]
    for _ in range(2):
        for outcome, rule, severity, enforcement in product(said, ("a/x", "b/y"), (ERROR, WARNING, OFF), ENFORCEMENTS):
            terms = Terms(PULL, alike(Ruling(severity, enforcement, "a reason", awaits_approval=True)))
            (one,) = settle(Decision(SUBJECT, {rule: outcome}), terms)
            assert one == Settled(rule, outcome, severity, NONE, "", enforcement is ENFORCE, awaits_approval=False)


def test_of_several_decisions_the_worst_of_everything_counts() -> None:
    release = Subject(SubjectKind.RELEASE)
    failed = Outcome(Status.FAILED, (Violation(),))
    now = Decision(
        release, {"a/b": PASSED, "a/c": failed}, "low", ("now",), (RequiredApproval("owner", 1, (), ("x",)),)
    )
    asks = (RequiredApproval("owner", 2, (), ("y",)), RequiredApproval("risk", 1, (), ("z",)))
    before = Decision(release, {"a/b": failed, "a/c": PASSED}, "high", ("before",), asks)
    found = worst([now, before])
    assert found.outcomes == {"a/b": failed, "a/c": failed}
    assert (found.tier, found.tier_reasons) == ("high", ("before",))
    assert [(one.role, one.needed) for one in found.approvals] == [("owner", 2), ("risk", 1)]


def test_nothing_to_settle() -> None:
    assert settle(Decision(SUBJECT, {}), Terms(PULL, alike(Ruling(ERROR, ENFORCE)))) == ()


# The gate's answer


def subject(*items: Settled) -> SubjectVerdict:
    return SubjectVerdict(SUBJECT, "update", "", None, {}, "low", (), (), (), items, ())


FAILS = settled(Status.FAILED)
WAITS = settled(Status.FAILED, awaits_approval=True)
HOLDS = settled(Status.PASSED)
OBSERVED = settled(Status.FAILED, enforcement=OBSERVE)
OBSERVED_UNKNOWN = settled(Status.UNKNOWN, enforcement=OBSERVE)
OBSERVED_WARNING = settled(Status.FAILED, WARNING, OBSERVE)
OBSERVED_WAIT = settled(Status.FAILED, enforcement=OBSERVE, awaits_approval=True)
WARNS = settled(Status.FAILED, WARNING)
IS_OFF = settled(Status.FAILED, OFF)
IS_WAIVED = settled(Status.FAILED, waiver="waived")
UNKNOWN = settled(Status.UNKNOWN)
UNKNOWN_WAIT = settled(Status.UNKNOWN, awaits_approval=True)
UNKNOWN_HERE = settled(Status.UNKNOWN, stage=LOCAL)


@pytest.mark.parametrize(
    ("items", "gate"),
    [
        ((), Gate.OPEN),
        ((HOLDS,), Gate.OPEN),
        ((HOLDS, WARNS, IS_OFF, IS_WAIVED, UNKNOWN_HERE), Gate.OPEN),
        ((OBSERVED_WARNING,), Gate.OPEN),
        ((FAILS,), Gate.CLOSED),
        ((HOLDS, FAILS, WAITS), Gate.CLOSED),
        ((UNKNOWN,), Gate.CLOSED),
        ((UNKNOWN_WAIT,), Gate.CLOSED),
        ((WAITS, UNKNOWN_WAIT), Gate.CLOSED),
        ((OBSERVED, FAILS), Gate.CLOSED),
        ((WAITS,), Gate.AWAITING_APPROVAL),
        ((WAITS, HOLDS, WARNS, IS_WAIVED), Gate.AWAITING_APPROVAL),
        ((WAITS, OBSERVED), Gate.AWAITING_APPROVAL),
        ((OBSERVED,), Gate.NOT_ENFORCED),
        ((OBSERVED_UNKNOWN,), Gate.NOT_ENFORCED),
        ((OBSERVED_WAIT,), Gate.NOT_ENFORCED),
        ((OBSERVED, HOLDS, WARNS), Gate.NOT_ENFORCED),
        ((settled(Status.FAILED, WARNING, fail_on_warning=True),), Gate.CLOSED),
    ],
)
def test_the_gates_answer(items: tuple[Settled, ...], gate: Gate) -> None:
    assert conclude([subject(*items)], configured=True) is gate
    assert conclude([subject(HOLDS), subject(*items), subject()], configured=True) is gate
    assert conclude([subject(one) for one in items], configured=True) is gate
    assert conclude(iter([subject(*reversed(items))]), configured=True) is gate


def test_without_a_configuration_an_open_gate_is_not_enforced() -> None:
    assert conclude([], configured=False) is Gate.NOT_ENFORCED
    assert conclude([subject(HOLDS)], configured=False) is Gate.NOT_ENFORCED
    assert conclude([subject(OBSERVED)], configured=False) is Gate.NOT_ENFORCED


def test_what_blocks_closes_the_gate_without_a_configuration_too() -> None:
    """It cannot be, since nothing is enforced then; were it so, the gate must not stand open."""
    assert conclude([subject(FAILS)], configured=False) is Gate.CLOSED


@pytest.mark.parametrize(
    ("gate", "code"),
    [
        (Gate.OPEN, 0),
        (Gate.NOT_ENFORCED, 0),
        (Gate.CLOSED, 1),
        (Gate.UNDECIDED, 2),
        (Gate.AWAITING_APPROVAL, 3),
    ],
)
def test_exit_codes(gate: Gate, code: int) -> None:
    from changegate.verdict import Context

    assert gate.exit_code == code == Verdict(gate, Context()).exit_code


def test_every_verdict_has_an_exit_code() -> None:
    assert {gate: gate.exit_code for gate in Gate}.keys() == set(Gate)


# Small things that reports show


@pytest.mark.parametrize(
    ("identity", "text"),
    [
        (Identity("production", "a", "main"), "a"),
        (Identity("staging", "a", "main"), "a (staging)"),
        (Identity("production", "a", "challenger"), "a (challenger)"),
        (Identity("staging", "a", "challenger"), "a (staging, challenger)"),
    ],
)
def test_a_model_by_name(identity: Identity, text: str) -> None:
    assert str(identity) == text == Subject(SubjectKind.RELEASE, identity, "a.yaml").label


def test_a_subject_without_an_identity() -> None:
    assert Subject(SubjectKind.RELEASE, None, "a.yaml").label == "a.yaml"
    assert Subject(SubjectKind.CHANGE_SET).label == "change set"


@pytest.mark.parametrize(("count", "by", "missing"), [(2, (), 2), (2, ("a",), 1), (1, ("a", "b"), 0), (0, (), 0)])
def test_missing_approvals(count: int, by: tuple[str, ...], missing: int) -> None:
    assert RequiredApproval("owner", count, by, ()).missing == missing


def finding(**other: Any) -> Finding:
    values: dict[str, Any] = {
        "rule": "a/b",
        "status": Status.FAILED,
        "effect": BLOCKS,
        "severity": ERROR,
        "subject": SUBJECT,
        "title": "It holds",
        "message": "It does not hold.",
        "remediation": "",
        "location": Location("a.yaml", 3, 1, 4, ("spec", 0)),
        "details": {"a": 1, "b": [2]},
    }
    return Finding(**{**values, **other})


def test_a_fingerprint_survives_moved_lines() -> None:
    moved = finding(location=Location("a.yaml", 99, 7, None, ("spec", 0), source="text"), message="other words")
    moved = moved._replace(related=(RelatedLocation(Location("b.yaml", 1, 1), "the contract"),))
    assert finding().fingerprint == moved.fingerprint == finding(details={"b": [2], "a": 1}).fingerprint
    assert len(finding().fingerprint) == 32
    others = [
        finding(rule="a/c"),
        finding(subject=Subject(SubjectKind.CHANGE_SET)),
        finding(location=Location("b.yaml", 3, 1, 4, ("spec", 0))),
        finding(location=Location("a.yaml", 3, 1, 4, ("spec", 1))),
        finding(details={"a": 2, "b": [2]}),
    ]
    assert len({finding().fingerprint, *(one.fingerprint for one in others)}) == 6


def test_equal_findings_are_told_apart_by_their_number() -> None:
    assert finding().fingerprint == finding(ordinal=0).fingerprint
    assert len({finding(ordinal=number).fingerprint for number in range(3)}) == 3


def test_a_fingerprint_of_a_file_that_is_no_text() -> None:
    assert finding(location=Location("\udcff.yaml")).fingerprint
    assert finding().check == "a"

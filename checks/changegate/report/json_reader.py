"""Reads the JSON report again, of this version and of earlier ones: what was asked, what was answered, what it came to.

What is read is data of somebody's. A report that is none, or of which a part is not what its digest says, is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.errors import ReportError
from changegate.names import Effect, Enforcement, Identity, Severity, Stage, Status
from changegate.records import NamedTuple
from changegate.report.parts import by_key, digest_of, put_together
from changegate.verdict import (
    Decision,
    Gate,
    Holder,
    Outcome,
    Question,
    RelatedPlace,
    RequiredApproval,
    Ruling,
    Settled,
    Subject,
    SubjectKind,
    Violation,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_HINT = "it has to be what `changegate check -o json=FILE` wrote, unchanged"


class RecordedSubject(NamedTuple):
    """What a report holds of one subject, to come to its outcomes once more."""

    subject: Subject
    """Its file is written as git quotes it."""
    settled: tuple[Settled, ...]
    tier: str
    approvals: tuple[RequiredApproval, ...]
    questions: tuple[Question, ...]
    """Empty where the documents were not kept, or nothing could be asked."""
    rulings: Mapping[str, Ruling]
    waivers: Mapping[str, str]
    not_evaluated: str
    """Why nothing could be asked; else empty."""


class Recorded(NamedTuple):
    """What a report holds of a verdict, to come to it once more."""

    gate: Gate
    stage: Stage
    fail_on_warning: bool
    configured: bool
    context: Mapping[str, Any]
    """Under which circumstances it was decided, as it stands in the report."""
    subjects: tuple[RecordedSubject, ...]


def read_report(report: Any) -> Recorded:
    """Read a report.

    Args:
        report: The parsed JSON.

    Raises:
        ReportError: It is no report, of a version that is not known, or not as it was written.
    """
    version = report.get("schemaVersion") if isinstance(report, dict) else None
    reader = _READERS.get(version) if type(version) is int else None
    if reader is None:
        known = " and ".join(map(str, _READERS))
        raise ReportError(f"this is no verdict of a version that is known ({known})", hint=_HINT)
    try:
        return reader(report)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ReportError(f"this is no verdict: {type(error).__name__}: {error}", hint=_HINT) from None


def _second(report: Mapping[str, Any]) -> Recorded:
    parts = report["parts"]
    for digest, part in (pair for kind in parts.values() for pair in kind.items()):
        if digest_of(by_key(part)) != digest:
            raise ReportError(f"the part {digest} of the verdict was changed", hint=_HINT)
    subjects = tuple(_subject(one, parts) for one in report["subjects"])
    return _recorded(report, subjects, fail_on=report["context"]["failOn"])


def _recorded(report: Mapping[str, Any], subjects: tuple[RecordedSubject, ...], *, fail_on: str) -> Recorded:
    context = report["context"]
    return Recorded(
        gate=Gate(report["verdict"]),
        stage=Stage(context["stage"]),
        fail_on_warning=fail_on == "warning",
        configured=context["configured"],
        context=context,
        subjects=subjects,
    )


def _subject(one: Mapping[str, Any], parts: Mapping[str, Any]) -> RecordedSubject:
    subject = _about(one["subject"])
    rulings = parts["rulings"][one["rulings"]] if one["rulings"] is not None else {}
    return RecordedSubject(
        subject=subject,
        settled=tuple(map(_settled, parts["outcomes"][one["outcomes"]])),
        tier=one["risk"]["tier"],
        approvals=tuple(map(_approval, one["approvals"])),
        questions=tuple(_question(question, subject, parts) for question in one["questions"]),
        rulings={rule: _ruling(ruling) for rule, ruling in rulings.items()},
        waivers=one["waivers"],
        not_evaluated=one["notEvaluated"],
    )


def _question(raw: Mapping[str, Any], subject: Subject, parts: Mapping[str, Any]) -> Question:
    holder = raw["holder"]
    answer = parts["decisions"][raw["decision"]]
    return Question(
        document=put_together(raw["document"], raw["parts"], parts["documents"]),
        decision=Decision(
            subject,
            {rule: _outcome(one["outcome"], one) for rule, one in answer["outcomes"].items()},
            answer["risk"]["tier"],
            tuple(answer["risk"]["reasons"]),
            tuple(map(_approval, answer["requiredApprovals"])),
        ),
        holder=None if holder is None else Holder(holder["owner"], _identity(holder["identity"])),
        tier=raw["tier"],
        counts=raw["counts"],
    )


def _first(report: Mapping[str, Any]) -> Recorded:
    """The first version kept one document of a subject, and of rulings what the outcomes show of them."""
    subjects = tuple(map(_first_subject, report["subjects"]))
    lowered = (one for item in subjects for one in item.settled if one.severity is Severity.WARNING)
    blocked = any(one.effect is Effect.BLOCKS for one in lowered)
    return _recorded(report, subjects, fail_on="warning" if blocked else "error")


def _first_subject(one: Mapping[str, Any]) -> RecordedSubject:
    subject, settled = _about(one["subject"]), tuple(map(_settled, one["outcomes"]))
    risk, approvals = one["risk"], tuple(map(_approval, one["approvals"]))
    outcomes = {item.rule: item.outcome for item in settled}
    decision = Decision(subject, outcomes, risk["tier"], tuple(risk["reasons"]), approvals)
    return RecordedSubject(
        subject=subject,
        settled=settled,
        tier=risk["tier"],
        approvals=approvals,
        questions=(Question(one["input"], decision),) if one["input"] is not None else (),
        rulings={item.rule: _ruling_of(item) for item in settled},
        waivers={item.rule: item.note for item in settled if item.effect is Effect.WAIVED},
        not_evaluated=one["notEvaluated"],
    )


def _ruling_of(item: Settled) -> Ruling:
    enforcement = Enforcement.ENFORCE if item.enforced else Enforcement.OBSERVE
    return Ruling(item.severity, enforcement, item.note, item.awaits_approval)


_READERS: dict[int, Callable[[Mapping[str, Any]], Recorded]] = {1: _first, 2: _second}


def _about(raw: Mapping[str, Any]) -> Subject:
    return Subject(SubjectKind(raw["kind"]), _identity(raw["identity"]), raw["file"])


def _identity(raw: Mapping[str, str] | None) -> Identity | None:
    return None if raw is None else Identity(raw["environment"], raw["name"], raw["variant"])


def _approval(raw: Mapping[str, Any]) -> RequiredApproval:
    return RequiredApproval(raw["role"], raw["count"], tuple(raw["approvedBy"]), tuple(raw["candidates"]))


def _ruling(raw: Mapping[str, Any]) -> Ruling:
    return Ruling(Severity(raw["severity"]), Enforcement(raw["enforcement"]), raw["note"], raw["awaitsApproval"])


def _settled(raw: Mapping[str, Any]) -> Settled:
    return Settled(
        rule=raw["rule"],
        outcome=_outcome(raw["status"], raw),
        severity=Severity(raw["severity"]),
        effect=Effect(raw["effect"]),
        note=raw["note"],
        enforced=raw["enforced"],
        awaits_approval=raw["awaitsApproval"],
    )


def _outcome(status: str, raw: Mapping[str, Any]) -> Outcome:
    violations = tuple(map(_violation, raw.get("violations", ())))
    return Outcome(Status(status), violations, raw.get("reason", ""))


def _violation(raw: Mapping[str, Any]) -> Violation:
    related = tuple(map(_related, raw.get("related", ())))
    return Violation(tuple(raw.get("path", ())), raw.get("at"), raw["details"], related)


def _related(raw: Mapping[str, Any]) -> RelatedPlace:
    return RelatedPlace(raw["message"], tuple(raw.get("path", ())), raw.get("at"), raw.get("revision") == "previous")

"""Decides recorded verdicts again, from the JSON report and the policies alone, and says what comes out otherwise."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from changegate.names import Identity
from changegate.report import ReportOptions, load_reporter
from changegate.report.json_reader import read_report
from changegate.report.parts import by_key, digest_of
from changegate.settle import settle_again
from changegate.verdict import Subject, SubjectKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from changegate.own_policies.policies import OwnPolicies
    from changegate.policy.catalogue import Catalogue
    from changegate.rego.engines import Engine
    from changegate.report.json_reader import RecordedSubject
    from changegate.verdict import Decision, Outcome, Question, RequiredApproval, Settled, Verdict


def report_of(verdict: Verdict) -> dict[str, Any]:
    """The JSON report of a verdict, read as any program would."""
    report: dict[str, Any] = json.loads(load_reporter("json").render(verdict, ReportOptions()))
    return report


class Policies:
    """The policies that decided, on an engine: ours, and maybe the repository's own."""

    def __init__(
        self, catalogue: Catalogue, engine: Engine, own: OwnPolicies | None = None, own_engine: Engine | None = None
    ) -> None:
        self._catalogue = catalogue
        self._engine = engine
        self._own = own
        self._own_engine = own_engine

    def decide(self, question: Question) -> Decision:
        """Ask about a document as it stands in the report."""
        about = question.document["subject"]
        identity = Identity(**about["identity"]) if "identity" in about else None
        subject = Subject(SubjectKind(about["kind"]), identity)
        decision = self._catalogue.decode(self._engine.decide(question.document), subject)
        if self._own is None or self._own_engine is None:
            return decision
        own = self._own.outcomes(self._own_engine, subject, question.document)
        return decision._replace(outcomes={**decision.outcomes, **own})


def differences(report: dict[str, Any], ask: Callable[[Question], Decision] | None = None) -> list[str]:
    """Everything that is not as the report says when it is decided again.

    Args:
        report: The parsed JSON.
        ask: Answers a document again; without it the recorded answers are settled again.
    """
    recorded = read_report(report)
    again = settle_again(recorded) if ask is None else settle_again(recorded, ask)
    found = [] if again.gate is recorded.gate else [f"the gate is {again.gate}, not {recorded.gate}"]
    for one, decision, settled in zip(recorded.subjects, again.decisions, again.settled, strict=True):
        found += [f"{one.subject.label}: {what}" for what in _of_subject(one, decision, settled)]
        found += [f"{one.subject.label}: {what}" for what in _of_questions(one, ask)]
    return found


def _of_subject(one: RecordedSubject, decision: Decision, settled: tuple[Settled, ...]) -> Iterator[str]:
    now, then = {item.rule: _effect(item) for item in settled}, {item.rule: _effect(item) for item in one.settled}
    yield from (
        f"{rule} is {now.get(rule)}, not {then.get(rule)}"
        for rule in now.keys() | then
        if now.get(rule) != then.get(rule)
    )
    if decision.tier != one.tier:
        yield f"the tier is {decision.tier}, not {one.tier}"
    if _approvals(decision.approvals) != _approvals(one.approvals):
        yield "other people have to approve"


def _of_questions(one: RecordedSubject, ask: Callable[[Question], Decision] | None) -> Iterator[str]:
    for number, question in enumerate(one.questions):
        answer = question.decision if ask is None else ask(question)
        if _said(answer) != _said(question.decision):
            yield f"question {number} is answered otherwise"
        if not question.counts and answer.tier != one.questions[number + 1].tier:
            yield f"question {number} tells the tier {answer.tier}"


def _effect(item: Settled) -> Any:
    return item._replace(outcome=item.outcome._replace(violations=())), _violations(item.outcome)


def _said(decision: Decision) -> Any:
    outcomes = {rule: (one.status, one.reason, _violations(one)) for rule, one in decision.outcomes.items()}
    return outcomes, decision.tier, decision.tier_reasons, _approvals(decision.approvals)


def _violations(outcome: Outcome) -> list[str]:
    """They are a set, in an order that is the engine's."""
    return sorted(by_key([list(one.path), one.at, one.details]) for one in outcome.violations)


def _approvals(given: tuple[RequiredApproval, ...]) -> list[str]:
    return sorted(map(str, given))


def tampered(report: dict[str, Any], kind: str, change: Callable[[Any], None]) -> dict[str, Any]:
    """A report in which the parts of one kind are changed by somebody who mends the digests."""
    text = json.dumps(report)
    for digest, part in report["parts"][kind].items():
        changed = copy.deepcopy(part)
        change(changed)
        text = text.replace(digest, digest_of(by_key(changed)))
    made: dict[str, Any] = json.loads(text)
    made["parts"][kind] = {}
    for part in report["parts"][kind].values():
        changed = copy.deepcopy(part)
        change(changed)
        made["parts"][kind][digest_of(by_key(changed))] = changed
    return made

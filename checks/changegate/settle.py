"""Settling: what follows from outcomes, under which terms. Pure; it knows no threshold and reads no clock.

A rule said what holds; the terms (enforcement, severity, waivers, stage) say what follows from that. All of it is plain
data, so that what was settled once can be settled again from a report (`settle_again`).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from changegate.errors import ReportError
from changegate.names import Effect, Enforcement, Severity, Stage, Status
from changegate.records import NamedTuple
from changegate.verdict import Decision, Gate, Outcome, RequiredApproval, Ruling, Settled, Subject, SubjectVerdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from changegate.report.json_reader import Recorded, RecordedSubject
    from changegate.verdict import Question


_PRECEDENCE = tuple(Status)


_TIERS = ("low", "medium", "high", "critical")


def worst(decisions: Sequence[Decision]) -> Decision:
    """Put decisions on one subject together: of each rule the outcome that precedes the others', as `Status` orders.

    The tier is the highest, with its reasons; who has to approve is whoever any of them names.

    Args:
        decisions: At least one; all of the same rules.
    """
    if len(decisions) == 1:
        return decisions[0]
    outcomes = {
        rule: min((one.outcomes[rule] for one in decisions), key=lambda outcome: _PRECEDENCE.index(outcome.status))
        for rule in decisions[0].outcomes
    }
    highest = max(decisions, key=lambda one: _TIERS.index(one.tier))
    return highest._replace(outcomes=outcomes, approvals=_all_approvals(decisions))


def _all_approvals(decisions: Sequence[Decision]) -> tuple[RequiredApproval, ...]:
    """Everybody who has to approve by any of the decisions; of one role so many as the strictest asks for."""
    found: dict[str, RequiredApproval] = {}
    for decision in decisions:
        for one in decision.approvals:
            known = found.setdefault(one.role, one)
            found[one.role] = max(known, one, key=lambda approval: approval.needed)
    return tuple(found.values())


def unread(subject: Subject, rules: Iterable[str], reason: str) -> Decision:
    """The decision on a subject that no policy can be asked about: every rule is unknown."""
    return Decision(subject, dict.fromkeys(rules, Outcome(Status.UNKNOWN, reason=reason)))


class Terms(NamedTuple):
    """Under which terms outcomes are settled: plain data, from the base or the command line."""

    stage: Stage
    rulings: Mapping[str, Ruling]
    """On every rule of the decision, for its subject and tier."""
    waivers: Mapping[str, str] = {}
    """By rule: the text of the waiver in force for the subject. It counts only where the rule failed."""
    fail_on_warning: bool = False


def settle(decision: Decision, terms: Terms) -> tuple[Settled, ...]:
    """Give every outcome its effect, in the order of the decision's outcomes."""
    rulings = terms.rulings
    return tuple(
        _nothing_follows(rule, outcome, rulings[rule])
        if outcome.status in _HOLDS
        else _settle_one(rule, outcome, rulings[rule], terms)
        for rule, outcome in decision.outcomes.items()
    )


_HOLDS = (Status.PASSED, Status.NOT_APPLICABLE)


@lru_cache(maxsize=4096)
def _nothing_follows(rule: str, outcome: Outcome, ruling: Ruling) -> Settled:
    """Settle what holds or does not apply: of ten thousand releases most rules say the same, so it is one object."""
    return Settled(rule, outcome, ruling.severity, Effect.NONE, "", ruling.enforcement is Enforcement.ENFORCE)


def _settle_one(rule: str, outcome: Outcome, ruling: Ruling, terms: Terms) -> Settled:
    failed = outcome.status is Status.FAILED
    waiver = terms.waivers.get(rule, "") if failed else ""
    effect, note = _effect(outcome.status, ruling, waiver, terms)
    enforced = ruling.enforcement is Enforcement.ENFORCE
    settled = Settled(rule, outcome, ruling.severity, effect, note, enforced, ruling.awaits_approval and failed)
    return settled if outcome.violations else _one_object(settled)


@lru_cache(maxsize=4096)
def _one_object(settled: Settled) -> Settled:
    """The object that was settled alike before: what cannot be told of one release cannot of many."""
    return settled


def _effect(status: Status, ruling: Ruling, waiver: str, terms: Terms) -> tuple[Effect, str]:
    """Settle a rule that failed or could not tell; every way out that does not block is listed here."""
    if ruling.severity is Severity.OFF:
        return Effect.OFF, ruling.note
    if waiver:
        return Effect.WAIVED, waiver
    if ruling.enforcement is Enforcement.OBSERVE:
        return Effect.ADVISES, ruling.note or "observed, not enforced"
    if ruling.severity is Severity.WARNING and not terms.fail_on_warning:
        return Effect.ADVISES, ruling.note
    if status is Status.UNKNOWN and terms.stage is Stage.LOCAL:
        return Effect.ADVISES, "could not be told here; in a pull request this blocks"
    return Effect.BLOCKS, ruling.note


def conclude(subjects: Iterable[SubjectVerdict], *, configured: bool) -> Gate:
    """Answer for the whole change; the strictest subject decides, and one without an answer keeps all from deciding.

    Args:
        subjects: Every subject, settled.
        configured: Whether the base has a configuration; without one nothing is enforced.
    """
    subjects = tuple(subjects)
    if any(subject.accident is not None for subject in subjects):
        return Gate.UNDECIDED
    return answer((item for subject in subjects for item in subject.settled), configured=configured)


def answer(settled: Iterable[Settled], *, configured: bool) -> Gate:
    """Answer for the whole change from every outcome of it; see `conclude`."""
    shown = [item for item in settled if item.effect is not Effect.NONE]
    blocking = [item for item in shown if item.effect is Effect.BLOCKS]
    if blocking:
        only_people = all(item.awaits_approval for item in blocking)
        return Gate.AWAITING_APPROVAL if only_people else Gate.CLOSED
    observed = any(
        item.effect is Effect.ADVISES and item.severity is Severity.ERROR and not item.enforced for item in shown
    )
    return Gate.NOT_ENFORCED if observed or not configured else Gate.OPEN


class SettledAgain(NamedTuple):
    """What a recorded verdict comes to once more."""

    gate: Gate
    decisions: tuple[Decision, ...]
    """For each subject, in their order."""
    settled: tuple[tuple[Settled, ...], ...]


def settle_again(
    recorded: Recorded, ask: Callable[[Question], Decision] = lambda question: question.decision
) -> SettledAgain:
    """Come to a recorded verdict once more: put answers together, and settle them by the rulings that were kept.

    Args:
        recorded: What a report holds. Where it holds nothing that was asked, its outcomes are the answer.
        ask: Answers a question again; the answer that was recorded where it is not given.

    Raises:
        ReportError: The answers are not of the rules that the verdict has, or it has no rulings on them.
    """
    decisions = tuple(_decided_again(one, ask) for one in recorded.subjects)
    every_terms = (
        Terms(recorded.stage, one.rulings, one.waivers, recorded.fail_on_warning) for one in recorded.subjects
    )
    settled = tuple(settle(decision, terms) for decision, terms in zip(decisions, every_terms, strict=True))
    every = (item for items in settled for item in items)
    decides = settled and recorded.gate is not Gate.UNDECIDED
    gate = answer(every, configured=recorded.configured) if decides else recorded.gate
    return SettledAgain(gate, decisions, settled)


def _decided_again(one: RecordedSubject, ask: Callable[[Question], Decision]) -> Decision:
    rules = {item.rule for item in one.settled}
    answers = [(question.counts, ask(question)) for question in one.questions]
    for _, decision in answers:
        _check_rules(one, decision.outcomes.keys() ^ rules, "an answer that the verdict has not, or none,")
    _check_rules(one, rules - one.rulings.keys(), "no ruling")
    counting = [decision for counts, decision in answers if counts]
    if counting:
        return worst(counting)
    if one.not_evaluated:
        return unread(one.subject, rules, one.not_evaluated)
    return Decision(one.subject, {item.rule: item.outcome for item in one.settled}, one.tier, (), one.approvals)


def _check_rules(one: RecordedSubject, wrong: AbstractSet[str], what: str) -> None:
    """Nothing is settled again by half."""
    if wrong:
        message = f"there is {what} on {min(wrong)} for {one.subject.label}"
        raise ReportError(message, hint="decide again with the policies that the verdict names, from a whole report")

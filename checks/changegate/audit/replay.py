"""Decides a recorded verdict again, by the policies in its record, and says what comes out otherwise.

Each document is put to the policies again, on either engine; the answers are settled by the rulings that the record
has. Nothing is read but the record: no repository, no clock, no settings of today.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from changegate.names import Effect
from changegate.policy.catalogue import Catalogue
from changegate.records import NamedTuple
from changegate.rego.engines import DEFAULT, HOSTS, open_host, parsed_by
from changegate.report.parts import by_key
from changegate.settle import settle_again
from changegate.worker import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from changegate.audit.record import Record
    from changegate.own_policies.policies import OwnPolicies
    from changegate.rego.engines import Engine, EngineOptions, Host
    from changegate.report.json_reader import RecordedSubject
    from changegate.verdict import DecidingPolicies, Decision, Gate, Outcome, Question, RequiredApproval, Settled


class Divergence(NamedTuple):
    """One thing that is not as the record has it."""

    subject: str
    """Of what; empty for the verdict itself."""
    about: str
    """A rule's id, or what else differs: `verdict`, `tier`, `approvals`."""
    recorded: str
    now: str


class Replay(NamedTuple):
    """What a record came to when it was decided again."""

    gate: Gate
    """The verdict that it comes to now."""
    recorded: Gate
    questions: int
    """How many documents were put to the policies again."""
    subjects: int
    engine: str
    """Which engine answered, with its version; empty where nothing was asked."""
    differences: tuple[Divergence, ...]


def replay(record: Record, options: EngineOptions) -> Replay:
    """Decide again.

    Args:
        record: What was decided.
        options: The engine that answers; where none is named, the one that decided.

    Raises:
        ReportError: The record does not hold what belongs together.
        PolicyError: The recorded policies do not load, or do not answer as policies have to.
        EngineError: The engine failed.
    """
    if record.policies is None:
        return _replayed(record, None, "")
    options = options._replace(engine=options.engine or _engine_of(record))
    with closing(open_host(options)) as host:
        policies = RecordedPolicies.load(host, _parsed(record.policies, options), record)
        return _replayed(record, policies.decide, host.release)


def _engine_of(record: Record) -> str:
    """The engine that a record says decided; its version and where it was do not matter."""
    named = str(record.verdict.context.get("engine") or "").partition(" ")[0]
    return named if named in HOSTS else DEFAULT


def _parsed(policies: DecidingPolicies, options: EngineOptions) -> DecidingPolicies:
    """Recorded policies as the parser of the engine that answers reads them."""
    if policies.own is None:
        return policies
    limits = policies.own.limits or Limits()
    return policies._replace(own=policies.own._replace(modules=parsed_by(options, policies.own.modules, limits)))


def _replayed(record: Record, ask: Callable[[Question], Decision] | None, engine: str) -> Replay:
    found, gate = differences(record, ask)
    verdict = record.verdict
    asked = sum(len(one.questions) for one in verdict.subjects)
    return Replay(gate, verdict.gate, asked, len(verdict.subjects), engine, tuple(found))


class RecordedPolicies:
    """Policies that decided, loaded in an engine: ours, and maybe a repository's own."""

    def __init__(
        self, catalogue: Catalogue, engine: Engine, own: OwnPolicies | None = None, own_engine: Engine | None = None
    ) -> None:
        """Take what is loaded; `load` does that from a record."""
        self._catalogue = catalogue
        self._engine = engine
        self._own = own
        self._own_engine = own_engine

    @classmethod
    def load(cls, host: Host, policies: DecidingPolicies, record: Record) -> RecordedPolicies:
        """Load the policies of a record.

        Raises:
            PolicyError: They do not load.
            EngineError: The engine failed.
        """
        return cls(Catalogue.of(policies.ours), host.load(policies.ours), *_own(host, policies, record))

    def decide(self, question: Question) -> Decision:
        """Put a document to them."""
        subject = question.decision.subject
        decision = self._catalogue.decode(self._engine.decide(question.document), subject)
        if self._own is None or self._own_engine is None:
            return decision
        own = self._own.outcomes(self._own_engine, subject, question.document)
        return decision._replace(outcomes={**decision.outcomes, **own})


def _own(host: Host, policies: DecidingPolicies, record: Record) -> tuple[OwnPolicies | None, Engine | None]:
    if policies.own is None:
        return None, None
    from changegate.own_policies.isolated import Apart
    from changegate.own_policies.policies import OwnPolicies

    asked = {item.rule for one in record.verdict.subjects for item in one.settled if item.rule.startswith("own/")}
    own = OwnPolicies.of_bundle(policies.own, asked)
    return own, Apart(host, own.bundle._replace(now=int(record.verdict.context["now"]) * 10**9))


def differences(record: Record, ask: Callable[[Question], Decision] | None = None) -> tuple[list[Divergence], Gate]:
    """Find everything that is not as the record has it, and the verdict that it comes to.

    Args:
        record: What was decided.
        ask: Answers a document again; without it the recorded answers are settled again.
    """
    recorded, answers = record.verdict, _Answers(ask)
    again = settle_again(recorded, answers.to)
    found = [] if again.gate is recorded.gate else [Divergence("", "verdict", recorded.gate, again.gate)]
    for one, decision, settled in zip(recorded.subjects, again.decisions, again.settled, strict=True):
        told = (*_of_outcomes(one, settled), *_of_decision(one, decision), *_of_questions(one, answers))
        found += {(each.subject, each.about): each for each in reversed(told)}.values()
    return sorted(found), again.gate


class _Answers:
    """The answers to recorded questions, each asked for once."""

    def __init__(self, ask: Callable[[Question], Decision] | None) -> None:
        self._ask = ask
        self._known: dict[int, Decision] = {}

    def to(self, question: Question) -> Decision:
        if self._ask is None:
            return question.decision
        known = self._known.get(id(question))
        if known is None:
            known = self._known[id(question)] = self._ask(question)
        return known


def _of_outcomes(one: RecordedSubject, settled: tuple[Settled, ...]) -> Iterator[Divergence]:
    now, then = {item.rule: item for item in settled}, {item.rule: item for item in one.settled}
    for rule in now.keys() | then:
        was, is_ = then.get(rule), now.get(rule)
        if _comparable(was) != _comparable(is_):
            yield Divergence(one.subject.label, rule, *_told_apart(_effect(was), _effect(is_)))


def _of_decision(one: RecordedSubject, decision: Decision) -> Iterator[Divergence]:
    if decision.tier != one.tier:
        yield Divergence(one.subject.label, "tier", one.tier, decision.tier)
    if _people(decision.approvals) != _people(one.approvals):
        yield Divergence(
            one.subject.label, "approvals", *_told_apart(_people(one.approvals), _people(decision.approvals))
        )


def _of_questions(one: RecordedSubject, answers: _Answers) -> Iterator[Divergence]:
    """Differences of single answers, also where what follows from them is the same."""
    label = one.subject.label
    for number, question in enumerate(one.questions):
        was, is_ = question.decision, answers.to(question)
        for rule in was.outcomes.keys() | is_.outcomes:
            then, now = was.outcomes.get(rule), is_.outcomes.get(rule)
            if _said(then) != _said(now):
                yield Divergence(label, rule, *_told_apart(_status(then), _status(now)))
        if was.tier_reasons != is_.tier_reasons or was.tier != is_.tier:
            yield Divergence(label, "tier", *_told_apart(_risk(was), _risk(is_)))
        if _people(was.approvals) != _people(is_.approvals):
            yield Divergence(label, "approvals", *_told_apart(_people(was.approvals), _people(is_.approvals)))
        if not question.counts and is_.tier != one.questions[number + 1].tier:
            yield Divergence(label, "tier", one.questions[number + 1].tier, is_.tier)


def _told_apart(was: str, now: str) -> tuple[str, str]:
    """Both in words; where these are the same, what differs is in what they say of the places."""
    return (was, now) if was != now else (was, f"{now}, with other places or details")


def _comparable(item: Settled | None) -> Any:
    return None if item is None else (item._replace(outcome=item.outcome._replace(violations=())), _said(item.outcome))


def _effect(item: Settled | None) -> str:
    if item is None:
        return "not there"
    follows = "" if item.effect is Effect.NONE else f" ({item.effect})"
    return f"{item.outcome.status}{follows}"


def _status(outcome: Outcome | None) -> str:
    return "not there" if outcome is None else str(outcome.status)


def _said(outcome: Outcome | None) -> Any:
    """What can be compared of an outcome: its violations are a set, in an order that is the engine's."""
    if outcome is None:
        return None
    return (
        outcome.status,
        outcome.reason,
        sorted(by_key([list(one.path), one.at, one.details]) for one in outcome.violations),
    )


def _risk(decision: Decision) -> str:
    return f"{decision.tier}: {'; '.join(decision.tier_reasons)}" if decision.tier_reasons else decision.tier


def _people(given: tuple[RequiredApproval, ...]) -> str:
    told = (
        f"{one.role}: {len(one.approved_by)} of {one.needed} ({', '.join(sorted(one.approved_by))})" for one in given
    )
    return "; ".join(sorted(told)) or "nobody has to approve"

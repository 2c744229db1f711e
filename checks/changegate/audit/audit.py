"""Holds the history against what was decided: which changes of models have a record, and what it says of them.

A commit of the trusted branch is covered by the statement that names its tree: exactly what was judged is what landed.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from changegate.approvals.merges import MergeWay
from changegate.audit.keep import STATEMENT
from changegate.audit.records_ref import listed_records, ref_named
from changegate.audit.statement import read_statement
from changegate.errors import ReportError, UsageError
from changegate.names import Stage, same_login
from changegate.policy.waivers import incident_of, until_of
from changegate.records import NamedTuple
from changegate.verdict import Gate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from changegate.approvals.merges import HowMerged, Merges
    from changegate.audit.history import Landed
    from changegate.audit.statement import DecisionStatement
    from changegate.names import Identity
    from changegate.workspace.git import Git

LARGEST_STATEMENT = 16 << 20


class Coverage(StrEnum):
    """What is known of how a change to models was decided; all but the first two and the last are findings."""

    COMPLETE = "complete"
    """A statement names its tree, and the gate was open."""
    OBSERVED = "observed"
    """A statement names its tree, and nothing was enforced."""
    NO_RECORD = "no-record"
    """No statement names its tree or its head."""
    OTHER_TREE = "other-tree"
    """Its head was judged, and another tree has landed."""
    PAST_THE_GATE = "past-the-gate"
    """A statement names its tree, and the gate was closed, undecided, or waited for people."""
    NOT_SIGNED = "not-signed"
    """A statement names its tree, and none of the keys has signed it."""
    ADVICE = "advice"
    """A statement names its tree, of a laptop: there an unknown is allowed, and whoever runs it chooses the base."""
    OTHER_BASE = "other-base"
    """A statement names its tree, judged by the rules of a commit that this branch never had."""
    NOT_ASKED = "not-asked"
    """Records were not looked at: the host alone is asked."""


_GOOD = (Coverage.COMPLETE, Coverage.OBSERVED, Coverage.NOT_ASKED)


class AuditedChange(NamedTuple):
    """A commit that changed models, and how it was decided."""

    landed: Landed
    covered: Coverage
    statement: DecisionStatement | None
    """The latest on its tree, or on its head."""
    merged: HowMerged | None = None
    """How it came onto the branch, as the host tells it; None where it is not asked."""

    @property
    def is_recorded(self) -> bool:
        """Whether nothing that the records say is a finding."""
        return self.covered in _GOOD

    @property
    def is_covered(self) -> bool:
        """Whether the records and the host, as far as they are asked, show that the gate was open."""
        return self.is_recorded and (self.merged is None or self.merged.way is MergeWay.THROUGH)


class Deployment(NamedTuple):
    """What a record tells of one model that landed."""

    identity: Identity
    version: str
    at: int
    is_rollback: bool
    seconds_since: int | None
    """Since the deployment before, in seconds; None for the first."""


class ExpiredWaiver(NamedTuple):
    """A waiver that has expired, with which the release that is there now was let through."""

    identity: Identity
    version: str
    rule: str
    expired: date
    commit: str


class BrokenGlass(NamedTuple):
    """A release that landed over a rule, since the glass was broken in an incident."""

    identity: Identity
    version: str
    rule: str
    incident: str
    said: str
    """What the record says of it."""
    commit: str


class Audit(NamedTuple):
    """What the history and the records come to."""

    changes: tuple[AuditedChange, ...]
    """The oldest first."""
    deployments: tuple[Deployment, ...]
    expired: tuple[ExpiredWaiver, ...]
    broken: tuple[BrokenGlass, ...]
    """The oldest first."""
    statements: int | None
    """How many there are; None where records are not looked at."""
    now: int
    notes: tuple[str, ...] = ()
    """What the host does not tell."""

    @property
    def findings(self) -> tuple[AuditedChange, ...]:
        """The changes of which nobody can show that the gate was open."""
        return tuple(one for one in self.changes if not one.is_covered)


class TrustedHistory(NamedTuple):
    """The branch whose history is held against records."""

    commits: frozenset[str]
    """Every commit that it was at: the base of a decision on it is one of them."""
    repository: str = ""
    """The repository's name on its host; empty where its configuration does not say it."""

    def is_of(self, one: DecisionStatement) -> bool:
        """Whether a statement is of this repository, as far as both say which it is."""
        return not (self.repository and one.repository) or same_login(one.repository) == same_login(self.repository)


def load_statements(place: Path, git: Git, keys: Sequence[object] = ()) -> list[DecisionStatement]:
    """Read all statements below a folder, or of a ref.

    Args:
        place: Where records are kept.
        git: The repository, for a ref.
        keys: Public keys; what none of them has signed does not count as verified.

    Raises:
        UsageError: There is no such folder or ref.
        ReportError: A statement is not as it was written, or the ref is not append-only.
    """
    ref = ref_named(place)
    files = _of_ref(git, ref) if ref else _of_folder(place)
    found = (_read(name, data, keys) for name, data in files)
    return [one for one in found if one is not None]


def _of_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    if not folder.is_dir():
        hint = "name the folder or the ref that `changegate check --record` writes to"
        raise UsageError(f"{folder} is no folder", hint=hint)
    files = (path for path in sorted(folder.rglob(f"*{STATEMENT}")) if path.is_file())
    return ((str(path), path.read_bytes()) for path in files if path.stat().st_size <= LARGEST_STATEMENT)


def _of_ref(git: Git, ref: str) -> Iterator[tuple[str, bytes]]:
    found = listed_records(git, ref, STATEMENT)
    contents = git.objects.blobs(list(found.values()), LARGEST_STATEMENT)
    return ((f"{ref}:{path}", data) for path, data in zip(found, contents, strict=True) if isinstance(data, bytes))


def _read(name: str, data: bytes, keys: Sequence[object]) -> DecisionStatement | None:
    try:
        return read_statement(data, keys)
    except ReportError as error:
        raise ReportError(error.message, hint=error.hint, file=name) from None


def audit(
    history: Sequence[Landed],
    statements: Sequence[DecisionStatement] | None,
    now: int,
    branch: TrustedHistory,
    *,
    must_be_signed: bool,
    merges: Merges | None = None,
) -> Audit:
    """Hold the history against the statements, and against what the host tells.

    Args:
        history: The commits that changed models, the oldest first.
        statements: In any order; None where the host alone is asked.
        now: Seconds since the epoch: by it waivers have expired.
        branch: The branch that it is the history of.
        must_be_signed: Whether only statements that a key has signed count.
        merges: How the commits came onto the branch, where the host is asked.
    """
    ours = (one for one in statements or () if branch.is_of(one))
    judge = _Judge(branch.commits, must_be_signed=must_be_signed)
    latest = sorted(ours, key=lambda one: (not judge.doubts(one), one.now, one.gate.exit_code))
    by_tree = {one.tree: one for one in latest if one.tree}
    by_head = {oid: one for one in latest for oid in (one.head, one.reviewed_head) if oid}
    if statements is None:
        recorded = [AuditedChange(one, Coverage.NOT_ASKED, None) for one in history]
    else:
        recorded = [_change(one, by_tree, by_head, judge) for one in history]
    told, notes = (merges.told, merges.notes) if merges is not None else ({}, ())
    changes = tuple(one._replace(merged=told.get(one.landed.commit)) for one in recorded)
    waived = tuple(_expired(changes, now)), tuple(_broken(changes))
    return Audit(
        changes, tuple(_deployments(changes)), *waived, None if statements is None else len(statements), now, notes
    )


class _Judge:
    """Says what is wrong with a statement, whatever it says."""

    def __init__(self, trunk: frozenset[str], *, must_be_signed: bool) -> None:
        self._trunk = trunk
        self._must_be_signed = must_be_signed

    def doubts(self, one: DecisionStatement) -> Coverage | None:
        """Why it shows nothing; None where it does."""
        if self._must_be_signed and not one.is_verified:
            return Coverage.NOT_SIGNED
        if one.stage == Stage.LOCAL:
            return Coverage.ADVICE
        return Coverage.OTHER_BASE if one.base and one.base not in self._trunk else None


def _change(
    landed: Landed, by_tree: Mapping[str, DecisionStatement], by_head: Mapping[str, DecisionStatement], judge: _Judge
) -> AuditedChange:
    judged = by_tree.get(landed.tree)
    if judged is None:
        seen = next((by_head[oid] for oid in (landed.commit, *landed.parents[1:]) if oid in by_head), None)
        return AuditedChange(landed, Coverage.NO_RECORD if seen is None else Coverage.OTHER_TREE, seen)
    if doubt := judge.doubts(judged):
        return AuditedChange(landed, doubt, judged)
    ways = {Gate.OPEN: Coverage.COMPLETE, Gate.NOT_ENFORCED: Coverage.OBSERVED}
    return AuditedChange(landed, ways.get(judged.gate, Coverage.PAST_THE_GATE), judged)


def _deployments(changes: Iterable[AuditedChange]) -> Iterator[Deployment]:
    """Each version of a model that landed, in the order of the history."""
    last: dict[Identity, tuple[str, int]] = {}
    for change in changes:
        told = {one.identity: one for one in change.statement.decided} if change.statement is not None else {}
        for model in change.landed.models:
            if model.identity is None or model.is_gone:
                continue
            version, at = last.get(model.identity, ("", 0))
            if version == model.version:
                continue
            last[model.identity] = (model.version, change.landed.at)
            is_rollback = model.identity in told and told[model.identity].operation == "rollback"
            since = change.landed.at - at if version else None
            yield Deployment(model.identity, model.version, change.landed.at, is_rollback, since)


def _expired(changes: Iterable[AuditedChange], now: int) -> Iterator[ExpiredWaiver]:
    """The waivers of the releases that are there now, that have ended since."""
    today = datetime.fromtimestamp(now, UTC).date()
    there: dict[Identity, list[ExpiredWaiver]] = {}
    for change in changes:
        told = {one.identity: one for one in change.statement.decided} if change.statement is not None else {}
        for model in change.landed.models:
            if model.identity is None:
                continue
            used = told[model.identity].waived if model.identity in told and not model.is_gone else {}
            ends = ((rule, until_of(text)) for rule, text in used.items())
            there[model.identity] = [
                ExpiredWaiver(model.identity, model.version, rule, end, change.landed.commit)
                for rule, end in ends
                if end is not None and end < today
            ]
    return (one for found in there.values() for one in found)


def _broken(changes: Iterable[AuditedChange]) -> Iterator[BrokenGlass]:
    """Every release of the history that landed by breaking the glass."""
    for change in changes:
        told = {one.identity: one for one in change.statement.decided} if change.statement is not None else {}
        for model in change.landed.models:
            used = told[model.identity].waived if model.identity in told else {}
            for rule, text in used.items():
                if model.identity is not None and (incident := incident_of(text)):
                    yield BrokenGlass(model.identity, model.version, rule, incident, text, change.landed.commit)


class Tally(NamedTuple):
    """How many changes of a model, or in a period, are covered."""

    name: str
    changes: int
    covered: int

    @property
    def percent(self) -> float:
        """The covered share, from 0 to 100."""
        return 100 * self.covered / self.changes


def by_model(found: Audit) -> list[Tally]:
    """The changes of each model."""
    return _tallied((str(model.identity or model.file), one) for one in found.changes for model in one.landed.models)


def by_month(found: Audit) -> list[Tally]:
    """The changes of each month, in UTC."""
    return _tallied((datetime.fromtimestamp(one.landed.at, UTC).strftime("%Y-%m"), one) for one in found.changes)


def _tallied(named: Iterable[tuple[str, AuditedChange]]) -> list[Tally]:
    counted: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for name, change in named:
        counted[name][0] += 1
        counted[name][1] += change.is_covered
    return [Tally(name, *numbers) for name, numbers in sorted(counted.items())]

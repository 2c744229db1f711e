"""What the rules of a change would come to once it has landed: for people, and for one finding about own policies.

The head's rules are loaded once, and asked about the releases that there are. A policy that ends no question decides
nothing any more once it is merged, so what ends an answer here is found before that; documents that no release has made
yet are asked about as well. No answer about a release comes of any of it.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

from changegate.change.would_load import LoadFault
from changegate.errors import ChangegateError, EngineError
from changegate.judging.impact import STEERING, Comparison
from changegate.judging.policy_tests import touches_policies
from changegate.own_policies.where import OWN
from changegate.verdict import Impact, SubjectKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from changegate.change.changeset import ChangeSet
    from changegate.judging.judge import Judge
    from changegate.judging.samples import Sample
    from changegate.verdict import SubjectVerdict

_MOST = 20
"""So many faults are told."""


class Foresight:
    """Looks ahead once, when it is first asked."""

    def __init__(self, judge: Judge, change: ChangeSet) -> None:
        """Take the judge of the change, who has the base's rules, and what it touches."""
        self._judge: Final = judge
        self._change: Final = change
        self._kinds: Final = {kind for _, kind in change.control} & STEERING
        self._has_looked = False
        self._impact: Impact | None = None
        self._policies: dict[str, Any] = {"status": "absent", "reason": "the change touches no own policy"}

    def impact(self, judged: Sequence[SubjectVerdict]) -> Impact | None:
        """Say which releases would get another verdict after the merge.

        Args:
            judged: What was judged of the change.

        Returns:
            What there is to tell; None where the change touches no rules, or where nobody asks for it.
        """
        config = self._judge.rules.config
        if not self._kinds or not config.impact_releases or self._judge.rules.stands_in is not None:
            return None
        if not self._has_looked and _would_not_work(judged):
            return Impact(left_out="what configures the gate would not work after the merge, so nobody can tell")
        self._look(judged)
        return self._impact

    def policies(self, judged: Sequence[SubjectVerdict]) -> dict[str, Any]:
        """Say whether own policies answer as they would stand: `facts.control.answers`.

        Args:
            judged: The releases of the change, judged by the base's rules.
        """
        if self._kinds:
            self._look(judged)
        return self._policies

    def _look(self, judged: Sequence[SubjectVerdict]) -> None:
        if self._has_looked:
            return
        self._has_looked = True
        try:
            with ExitStack() as closing:
                self._compare(judged, closing)
        except Exception as error:  # noqa: BLE001  (whatever it is, it says nothing of a release, and ends no run)
            why = f"it could not be told: {_why(error)}"
            self._impact = Impact(left_out=why)
            if touches_policies(self._judge, self._change):
                self._policies = {"status": "unavailable", "reason": f"whether own policies answer: {why}"}

    def _compare(self, judged: Sequence[SubjectVerdict], closing: ExitStack) -> None:
        from changegate.judging.rules_after import judge_after

        after = judge_after(self._judge, closing)
        comparison = Comparison(self._judge, after, self._change, judged)
        self._impact = comparison.impact(self._kinds)
        ended = [(f"the release {label}", error) for label, error in comparison.ended]
        asked = self._impact.looked_at
        if after.own_engine is not None and after.rules.own is not self._judge.rules.own:
            tried = _Rehearsal(self._judge, after)
            ended += tried.ended() if not any(isinstance(error, EngineError) for _, error in ended) else ()
            asked += tried.asked
        if after.rules.own is not None or ended:
            self._policies = {"status": "present", "asked": asked, "failing": self._told(after, ended)}

    def _told(self, after: Judge, ended: Sequence[tuple[str, ChangegateError]]) -> list[dict[str, Any]]:
        """The faults, each place once, with what it was first seen at."""
        from changegate.change.snapshot import Snapshot

        kept = Snapshot(self._judge.scope.head, after.rules.config)
        first: dict[tuple[str, str], dict[str, Any]] = {}
        for text, error in ended:
            fault = kept.placed(LoadFault.of(error), after.rules.config)
            at: dict[str, Any] = {"file": fault.file or OWN, "revision": "head"}
            at |= {"line": fault.line, "column": fault.column or 1} if fault.line is not None else {}
            told = {"message": f"for {text} there is no answer: {fault.message}", "hint": fault.hint or _HINT, "at": at}
            first.setdefault((fault.place, fault.message), told)
        return list(first.values())[:_MOST]


_HINT = "mend the policy"


class _Rehearsal:
    """Own policies of the head, asked about documents that no release has made yet."""

    def __init__(self, before: Judge, after: Judge) -> None:
        self._before = before
        self._after = after
        self._end = time.monotonic() + before.rules.config.impact_seconds
        self.asked = 0

    def ended(self) -> Iterator[tuple[str, ChangegateError]]:
        """What ends an answer; nothing that does so at the base already. A policy that was stopped is asked no more."""
        from changegate.judging.samples import samples

        for sample in samples(self._after.rules.config.settings):
            if time.monotonic() >= self._end:
                yield sample.text, self._late()
                return
            self.asked += 1
            error = _error_of(lambda one=sample: _asked(self._after, one))  # type: ignore[misc]
            if error is None or self._is_known(sample, error):
                continue
            yield sample.text, error
            if isinstance(error, EngineError):
                return

    def _late(self) -> EngineError:
        seconds = self._before.rules.config.impact_seconds
        message = (
            f"the policies were asked about {self.asked} other documents, and the {seconds} seconds for it are over"
        )
        hint = "make the policies faster; `impact.seconds` in .changegate/config.yaml of the base sets the bound"
        return EngineError(message, hint=hint, file=OWN)

    def _is_known(self, sample: Sample, error: ChangegateError) -> bool:
        """Whether the base's policies end at the same document in the same way."""
        if self._before.own_engine is None:
            return False
        known = _error_of(lambda: _asked(self._before, sample))
        return known is not None and known.message == error.message


def _asked(judge: Judge, sample: Sample) -> None:
    own, engine = judge.rules.own, judge.own_engine
    if own is not None and engine is not None:
        own.outcomes(engine, sample.subject, sample.document)


def _error_of(ask: Callable[[], None]) -> ChangegateError | None:
    try:
        ask()
    except ChangegateError as error:
        return error
    return None


def _why(error: Exception) -> str:
    if isinstance(error, ChangegateError):
        return error.message
    from changegate.crash import internal

    return internal(error).message


def _would_not_work(judged: Sequence[SubjectVerdict]) -> bool:
    from changegate.names import Status

    return any(
        item.rule == "control/invalid" and item.outcome.status is not Status.PASSED
        for one in judged
        if one.subject.kind is SubjectKind.CHANGE_SET
        for item in one.settled
    )

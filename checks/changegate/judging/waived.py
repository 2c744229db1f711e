"""What a reader should know of the waivers of what was judged: those that do not count, end soon, or are not needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.names import Effect, Status
from changegate.policy.waivers import WaiverTerms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from changegate.judging.rules import Rules
    from changegate.policy.waivers import Waiver
    from changegate.verdict import SubjectVerdict

SOON = 14 * 86_400
"""Seconds before its end from which on a waiver is said to end."""


def notes_on_waivers(subjects: Iterable[SubjectVerdict], rules: Rules, now: int) -> Iterator[str]:
    """Say what is to be known of each waiver of a release that was judged.

    Args:
        subjects: What was judged.
        rules: The base's.
        now: Seconds since the epoch.
    """
    if not rules.waivers.waivers:
        return
    terms = WaiverTerms.of(rules.config.settings)
    judged = {one.subject.identity: one for one in subjects if one.subject.identity is not None}
    for waiver in rules.waivers.waivers:
        subject = judged.get(waiver.identity)
        if subject is not None and not subject.not_evaluated and _is_of(waiver, subject):
            yield from _note(waiver, subject, terms, now)


def _is_of(waiver: Waiver, subject: SubjectVerdict) -> bool:
    """Whether it is for the version that was judged: that of an incident is for one."""
    return waiver.emergency is None or waiver.emergency.version == subject.version


def _note(waiver: Waiver, subject: SubjectVerdict, terms: WaiverTerms, now: int) -> Iterator[str]:
    about = f"The waiver of {waiver.rule} for {waiver.identity}"
    settled = next((one for one in subject.settled if one.rule == waiver.rule), None)
    left = waiver.seconds_left(now)
    refusal = terms.refusal(waiver, subject.tier, now)
    if left <= 0:
        if settled is not None and settled.outcome.status is Status.FAILED:
            yield f"{about} ended on {waiver.expires}."
    elif refusal:
        yield f"{about} does not count: {refusal}."
    elif settled is None or settled.effect is not Effect.WAIVED:
        yield f"{about} is not needed now: there is nothing that it would lift."
    elif waiver.emergency is not None:
        yield f"The glass is broken over {waiver.rule} for {waiver.identity}: {waiver.text}."
    elif left <= SOON:
        days = left // 86_400
        yield f"{about} ends on {waiver.expires}, {'today' if not days else f'in {days} days'}."

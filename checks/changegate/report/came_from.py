"""What a release was compared with, where that is not simply itself at the base; and what a rollback is not asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.names import Status
from changegate.report import view

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.verdict import SubjectVerdict

_HOW = {
    "replaces": "the release that it says it replaces",
    "history": "the last release of this name in the history of the base, which no longer has one",
    "tag": "the release of this name at a release tag, which the base no longer has",
}
"""How a previous release was found -> what it is."""
_SHOWN = 12
ROLLBACK = "the change is itself a rollback"
"""Why a rule asks nothing of a rollback, as the rules say it."""


def came_from(subject: SubjectVerdict) -> Iterator[str]:
    """Say it in sentences, of which the texts are not escaped."""
    how = _HOW.get(str(subject.previous.get("how", "")))
    if how and subject.previous.get("status") == "present":
        version = view.previous_version(subject)
        commit = str(subject.previous.get("revision", ""))[:_SHOWN]
        yield f"Compared with {f'{version}, ' if version else ''}{how}{f' (at {commit})' if commit else ''}."
    if subject.operation == "rollback":
        spared = [
            one.rule
            for one in subject.settled
            if one.outcome.status is Status.NOT_APPLICABLE and one.outcome.reason == ROLLBACK
        ]
        without = f" So these rules ask nothing of it: {', '.join(spared)}." if spared else ""
        yield f"It is a rollback: it goes back to a release that ran on this branch before.{without}"

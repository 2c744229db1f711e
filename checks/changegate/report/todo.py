"""What has to happen before a change can merge, and who can do it: the shortest list that says all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from changegate.escape import path as quoted
from changegate.names import Effect, Stage
from changegate.records import NamedTuple
from changegate.report import view
from changegate.report.causes import Cause, causes
from changegate.report.view import Code, Text
from changegate.verdict import Gate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.report.view import Sentence
    from changegate.verdict import Verdict

_LONGEST_REMEDY = 280
_NAMED = 5


class Task(NamedTuple):
    """One thing to do."""

    who: str
    """author, reviewer or maintainer."""
    what: Sentence


WHO = {"author": "The author", "reviewer": "Reviewers", "maintainer": "Whoever runs the gate"}
_CAN_MERGE = {
    Gate.OPEN: "This can merge.",
    Gate.NOT_ENFORCED: "This can merge: nothing is enforced here.",
    Gate.AWAITING_APPROVAL: "This cannot merge yet: people still have to approve it.",
    Gate.CLOSED: "This cannot merge.",
    Gate.UNDECIDED: "Nobody can tell whether this may merge.",
}


def can_merge(verdict: Verdict) -> str:
    """Answer the one question that a reviewer has."""
    if verdict.nothing_asked:
        return "Nothing was asked for, so nothing was checked."
    if verdict.gate is Gate.OPEN and verdict.context.stage is Stage.LOCAL:
        return "Nothing here keeps this from merging; what the gate says in CI counts."
    return _CAN_MERGE[verdict.gate]


def tasks(verdict: Verdict) -> tuple[Task, ...]:
    """List what has to be done, those who write first; empty where nothing is to be done."""
    if verdict.gate is Gate.UNDECIDED:
        hints = dict.fromkeys(failure.hint for failure in verdict.failures if failure.hint)
        return (*(Task("maintainer", (Text(hint),)) for hint in hints), *_to_mend(verdict))
    if verdict.gate in {Gate.OPEN, Gate.NOT_ENFORCED}:
        return tuple(Task("author", step) for step in view.next_steps(verdict))
    return (*_to_mend(verdict), *(Task("reviewer", step) for step in view.to_approve(verdict)))


def _to_mend(verdict: Verdict) -> Iterator[Task]:
    """One task for each cause that blocks; what waits for people alone is not the author's."""
    blocking = (one for one in view.all_findings(verdict) if one.effect is Effect.BLOCKS and not one.awaits_approval)
    for cause in causes(blocking, across=True):
        yield Task(_who(cause), (*_named(cause), *_asked(cause)))
    for missed in dict.fromkeys(filter(None, (one.not_evaluated for one in verdict.subjects))):
        files = [one.subject.file or one.subject.label for one in verdict.subjects if one.not_evaluated == missed]
        more = f" and {len(files) - 1} more" if len(files) > 1 else ""
        yield Task("author", ("make it possible to judge ", Code(quoted(files[0])), more, ": ", Text(missed)))


def _who(cause: Cause) -> str:
    """Reviews are handed in by the job that runs the gate; all else the author can mend."""
    return "maintainer" if cause.kind == "unknown" and cause.first.check == "approvals" else "author"


def _named(cause: Cause) -> Iterator[str]:
    """What is to be mended: a rule and how often, or how many things at which place."""
    if cause.kind == "place":
        yield "complete "
        yield Code(view.place(cause.first.location))
        yield f": {view.plural(len(cause.rules), 'rule')} ask for something there: "
        for index, rule in enumerate(cause.rules[:_NAMED]):
            yield from ((", ",) if index else ())
            yield Code(rule)
        yield f" and {len(cause.rules) - _NAMED} more" if len(cause.rules) > _NAMED else ""
        return
    yield Code(cause.first.rule)
    more = len(cause.rules) - 1
    yield f" and {view.plural(more, 'other rule')}" if more else ""
    places, releases = len(cause.findings), len(cause.subjects)
    told = [f"{places} places"] if cause.kind == "rule" and places > 1 else []
    told += [f"{releases} releases"] if releases > 1 else []
    yield f" ({', '.join(told)})" if told else ""


def _asked(cause: Cause) -> Iterator[str]:
    """Why it could not be told; or what to do, as far as that is short."""
    if cause.kind == "unknown":
        reason = cause.first.message.removeprefix("could not be told: ")
        yield from (" cannot be told: ", Text(view.cut_sentence(reason, _LONGEST_REMEDY)))
    elif cause.kind == "rule" and cause.remedies:
        yield from (": ", Text(first_sentences(cause.remedies[0], _LONGEST_REMEDY)))


def first_sentences(text: str, limit: int) -> str:
    """As many whole sentences as fit, at least one; an ellipsis says that there are more. Code ends no sentence."""
    ends = [match.end() for match in re.finditer(r"[.!?](?= [A-Z`]|$)", text) if _is_prose(text[: match.end()])]
    kept = max((end for end in ends if end <= limit), default=ends[0] if ends else len(text))
    return text if kept >= len(text) else f"{view.cut_sentence(text[:kept], limit)} …"


def _is_prose(text: str) -> bool:
    """Whether a text ends outside of what is marked as code."""
    return text.count("`") % 2 == 0

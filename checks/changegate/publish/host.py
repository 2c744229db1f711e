"""What every host is told: the answer in a line, and the commit that it is of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

from changegate.records import NamedTuple
from changegate.report.markdown import MARKER
from changegate.verdict import Gate, SubjectKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from changegate.report.json_reader import Recorded, RecordedSubject

NAME = "changegate"
"""What the status is called, which is what a branch's protection asks for."""
_MOST_PEOPLE = 4
_DIGITS = 20
_SENTENCES = {
    Gate.OPEN: "open: this may merge",
    Gate.NOT_ENFORCED: "not enforced: nothing is held back",
    Gate.AWAITING_APPROVAL: "people still have to approve",
    Gate.CLOSED: "closed: this may not merge",
    Gate.UNDECIDED: "undecided: nobody can tell whether this may merge",
}


class Publication(NamedTuple):
    """What is published."""

    gate: Gate
    sentence: str
    """One line, for the status."""
    repository: str
    """`owner/name`."""
    commit: str
    """The commit that the status is of: the reviewed head; in a merge queue the queue's own commit."""
    number: int | None
    """Of the pull request; None where the run is about none."""
    summary: str = ""
    """The Markdown report, for the comment; empty for none."""
    environ: Mapping[str, str] = {}
    """The process environment: token, the API's address, the run."""
    api: str = ""
    """The API's address, where it is not the environment's."""
    login: str = ""
    """Whose comment is looked for; empty to ask the host who the token is."""


class Published(NamedTuple):
    """What was done, each a sentence."""

    said: tuple[str, ...]


class Publisher(Protocol):
    """A host that takes an answer."""

    def __call__(self, publication: Publication) -> Published:
        """Publish.

        Raises:
            UsageError: There is no token, or no address to ask.
            HostError: The host does not take it.
        """
        ...


Run = tuple[int, int]
"""Which run of a host this is, by two numbers that rise; zeros outside of any."""


def marked(summary: str, run: Run, largest: int) -> str:
    """The comment, with the run that wrote it where nobody sees it.

    Args:
        summary: The Markdown report.
        run: Which run writes it.
        largest: Characters that the host takes.
    """
    text = summary.removeprefix(MARKER).lstrip("\n")
    head = f"{MARKER}\n<!-- run {run[0]}.{run[1]} -->\n"
    cut = "\n\n… the rest is in the job's summary.\n"
    return head + (text if len(head + text) <= largest else text[: largest - len(head + cut)] + cut)


def run_in(body: str) -> Run:
    """The run that wrote a comment."""
    found = re.match(re.escape(MARKER) + r"\n<!-- run (\d{1,20})\.(\d{1,20}) -->", body.replace("\r\n", "\n"))
    return (int(found[1]), int(found[2])) if found else (0, 0)


def numbers(environ: Mapping[str, str], first: str, second: str, otherwise: str = "") -> Run:
    """The run that we are, by two variables of the environment; zeros where they are no numbers."""
    texts = environ.get(first, ""), environ.get(second, otherwise)
    if not all(one.isascii() and one.isdigit() and len(one) <= _DIGITS for one in texts):
        return 0, 0
    return int(texts[0]), int(texts[1])


def short(text: str, longest: int) -> str:
    """One line of so many characters at most."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def sentence_of(recorded: Recorded) -> str:
    """The answer in one line, with the names of whom it waits for."""
    told = _SENTENCES[recorded.gate]
    if recorded.gate is Gate.AWAITING_APPROVAL:
        needs = list(dict.fromkeys(_needs(recorded.subjects)))
        return f"waiting for {'; '.join(needs)}" if needs else told
    if recorded.gate is Gate.CLOSED:
        count = len(set(_blocking(recorded.subjects)))
        return f"closed: {count} {'rule blocks' if count == 1 else 'rules block'} this change" if count else told
    return told


def _needs(subjects: Iterable[RecordedSubject]) -> Iterable[str]:
    for one in subjects:
        for need in one.approvals:
            if len(need.approved_by) < need.needed:
                able = [login for login in need.candidates if login not in need.approved_by]
                more = f" and {len(able) - _MOST_PEOPLE} more" if len(able) > _MOST_PEOPLE else ""
                yield f"{need.role}: {', '.join(able[:_MOST_PEOPLE]) or 'nobody is left'}{more}"


def _blocking(subjects: Iterable[RecordedSubject]) -> Iterable[str]:
    for one in subjects:
        for settled in one.settled:
            if settled.effect.value == "blocks":
                yield settled.rule


def commit_of(context: Mapping[str, Any]) -> str:
    """The commit whose status counts: in a queue the queue's, else the one that people look at."""
    queued = context.get("stage") == "merge"
    return str((context.get("head") if queued else context.get("reviewedHead")) or "")


def is_about_releases(subjects: Iterable[RecordedSubject]) -> bool:
    """Whether any release or retirement was judged."""
    return any(one.subject.kind is not SubjectKind.CHANGE_SET for one in subjects)

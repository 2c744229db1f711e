"""What a replay came to, for people and for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from changegate.audit.replay import Replay

_MOST_SHOWN = 50


def as_text(found: Replay, escape: Callable[[str], str]) -> str:
    """Say it in words: the differences, then a line that sums it up.

    Args:
        found: What it came to.
        escape: Makes a text harmless for where it is printed.
    """
    lines = [
        f"{one.subject or 'the verdict'}: {one.about}: recorded {one.recorded}, now {one.now}"
        for one in found.differences[:_MOST_SHOWN]
    ]
    if len(found.differences) > _MOST_SHOWN:
        lines.append(f"… and {len(found.differences) - _MOST_SHOWN} more (`-o json` has all)")
    return "".join(f"{escape(line)}\n" for line in [*lines, _summary(found)])


def _summary(found: Replay) -> str:
    if not found.questions:
        return f"{found.recorded}: no question is recorded, so only what follows from the answers was decided again"
    questions, subjects = _count(found.questions, "question"), _count(found.subjects, "subject")
    asked = f"{questions} about {subjects}, asked again on {found.engine}"
    if not found.differences:
        return f"the same verdict, {found.recorded}: {asked}"
    number = sum(one.about != "verdict" for one in found.differences)
    differ = "1 answer differs" if number == 1 else f"{number} answers differ"
    if found.gate is found.recorded:
        return f"the verdict is {found.gate} again, but {differ}: {asked}"
    return f"not the same verdict, {found.recorded} in the record and {found.gate} now: {differ}; {asked}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def as_json(found: Replay) -> str:
    """The same as a JSON object."""
    return (
        json.dumps(
            {
                "schemaVersion": 1,
                "same": not found.differences,
                "recorded": found.recorded,
                "verdict": found.gate,
                "engine": found.engine,
                "subjects": found.subjects,
                "questions": found.questions,
                "differences": [one._asdict() for one in found.differences],
            },
            indent=2,
        )
        + "\n"
    )

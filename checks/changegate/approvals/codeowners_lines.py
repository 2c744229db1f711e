"""What the lines of every CODEOWNERS have: a pattern, blanks that may be escaped, and names of owners."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from changegate.approvals.ownership import OwnersFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PATTERN = re.compile(r"(?:\\.|[^\s\\])+")
_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+")
LONGEST = 1000
"""Characters of a pattern: paths are somebody's to choose, and a pattern of many stars takes long on a long one."""


def numbered_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that say something, each with its number."""
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        stripped = line.lstrip()
        if stripped and not stripped.startswith("#"):
            yield number, stripped


def split_pattern(line: str) -> tuple[str, str]:
    r"""The pattern that a line begins with, as it is written, and what is behind it. `\ ` is a blank of the pattern."""
    found = _PATTERN.match(line)
    pattern = found[0] if found is not None else ""
    return pattern, line[len(pattern) :]


def pattern_fault(number: int, pattern: str, rest: str) -> OwnersFault | None:
    """What is wrong with a pattern on every host."""
    if not pattern or (rest and not rest[0].isspace()):
        return OwnersFault(number, "a backslash stands before nothing", "leave it out, or write what it escapes")
    if len(pattern) > LONGEST:
        return OwnersFault(number, f"its pattern is longer than {LONGEST} characters", "write a shorter one")
    return None


def owner_faults(number: int, words: Iterable[str], mention: re.Pattern[str]) -> Iterator[OwnersFault]:
    """The first of some words that is no owner.

    Args:
        number: Of the line.
        words: What should be owners.
        mention: Of a name behind `@`.
    """
    for word in words:
        if not mention.fullmatch(word) and not _ADDRESS.fullmatch(word):
            hint = "an owner is `@name`, `@group/team` or an e-mail address"
            yield OwnersFault(number, f"{word[:100]!r} is no owner, and the host leaves it out in silence", hint)
            return

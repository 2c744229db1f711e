r"""CODEOWNERS as GitHub reads it: patterns like those of gitignore, without `!`, `[ ]` and `\#`; the last match counts.

Source: GitHub's documentation, "About code owners".
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from changegate.approvals.codeowners_lines import numbered_lines, owner_faults, pattern_fault, split_pattern
from changegate.approvals.ownership import Codeowners, OwnersEntry, OwnersFault

if TYPE_CHECKING:
    from collections.abc import Iterator

_MENTION = re.compile(r"@[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98})(?:/[A-Za-z0-9_.-]{1,100})?")
_REFUSED = (
    (re.compile(r"!"), "GitHub knows no `!`: the line counts for nothing", "give the paths a line without owners"),
    (re.compile(r"\\#"), "GitHub knows no `\\#`: the line counts for nothing", "name the folder of the file instead"),
    (
        re.compile(r"(?:\\.|[^\\])*?[\[\]]"),
        "GitHub knows no ranges in brackets: the line counts for nothing",
        "write a line for each, or `?`",
    ),
    (re.compile(r".*\*\*\*"), "`***` is no pattern", "write `**`"),
)
"""What a pattern may not begin with, or hold: the host skips such a line in silence."""


class GitHub:
    """See `codeowners.Dialect`."""

    places = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")

    def parse(self, text: str) -> Codeowners:
        """Read a file."""
        entries: list[OwnersEntry] = []
        faults: list[OwnersFault] = []
        for number, line in numbered_lines(text):
            pattern, rest = split_pattern(line)
            owners = _before_comment(rest)
            wrong = [*_pattern_faults(number, pattern, rest), *owner_faults(number, owners, _MENTION)][:1]
            faults += wrong
            if not wrong:
                entries.append(OwnersEntry(number, pattern, github_matcher, tuple(dict.fromkeys(owners))))
        return Codeowners(tuple(entries), tuple(faults))


GITHUB = GitHub()


def _before_comment(rest: str) -> list[str]:
    words = rest.split()
    ends = next((index for index, word in enumerate(words) if word.startswith("#")), len(words))
    return words[:ends]


def _pattern_faults(number: int, pattern: str, rest: str) -> Iterator[OwnersFault]:
    if fault := pattern_fault(number, pattern, rest):
        yield fault
        return
    for refused, message, hint in _REFUSED:
        if refused.match(pattern):
            yield OwnersFault(number, message, hint)
            return


@cache
def github_matcher(pattern: str) -> re.Pattern[str]:
    """Write a pattern as a regular expression of whole paths.

    A pattern with a slash before its end is of the root, another one of any folder; what it matches holds all that is
    below. `folder/*` is of the files of that folder alone.
    """
    is_folder, text = pattern.endswith("/"), pattern.strip("/")
    is_of_root = "/" in pattern.rstrip("/")
    *above, last = text.split("/")
    made = "" if is_of_root else "(?:.*/)?"
    made += "".join("(?:.*/)?" if part == "**" else f"{_part(part)}/" for part in above)
    return re.compile(made + _ending(last, is_folder=is_folder, is_of_root=is_of_root), re.DOTALL)


def _ending(last: str, *, is_folder: bool, is_of_root: bool) -> str:
    if last == "**":
        return ".+"
    if is_folder:
        return f"{_part(last)}/.+"
    return _part(last) if last == "*" and is_of_root else f"{_part(last)}(?:/.+)?"


def _part(part: str) -> str:
    """One name of a pattern."""
    signs: list[str] = re.findall(r"\\.|\*+|.", part, re.DOTALL)
    return "".join("[^/]*" if one[0] == "*" else "[^/]" if one == "?" else re.escape(one[-1]) for one in signs)

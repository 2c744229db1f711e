r"""CODEOWNERS as GitLab reads it: sections with counts and owners by default, optional ones, and exclusions.

Of each section the last entry that matches a path counts, beside those of the other sections. Patterns are those of
Ruby's `File.fnmatch` with `FNM_PATHNAME` and `FNM_DOTMATCH`.

Source: GitLab's documentation, "Syntax of CODEOWNERS file" and "Advanced CODEOWNERS configuration".
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from changegate.approvals.codeowners_lines import numbered_lines, owner_faults, pattern_fault, split_pattern
from changegate.approvals.ownership import Codeowners, OwnersEntry, OwnersFault
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_MENTION = re.compile(
    r"@@(?:developer|maintainer|owner)s?|@[A-Za-z0-9_][\w.-]{0,254}(?:/[A-Za-z0-9_][\w.-]{0,254}){0,20}"
)
_HEADING = re.compile(r"(?P<optional>\^?)\[(?P<name>[^\]]*)\](?:\[(?P<count>[^\]]*)\])?(?P<owners>\s.*|)")
_DEFAULT = "codeowners"
"""The name that GitLab gives to what stands outside of all sections."""
_TOKEN = re.compile(r"(?<![^/])\*\*/|\*+|\?|\[[!^]?\]?[^\]/]*\]|\\.|.", re.DOTALL)


class _Heading(NamedTuple):
    """A section's heading, for the entries below it."""

    section: str = ""
    needed: int = 1
    owners: tuple[str, ...] = ()
    is_optional: bool = False


class GitLab:
    """See `codeowners.Dialect`."""

    places = ("CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")

    def parse(self, text: str) -> Codeowners:
        """Read a file."""
        entries: list[OwnersEntry] = []
        faults: list[OwnersFault] = []
        headings: list[_Heading] = []
        below = _Heading()
        for number, line in numbered_lines(text):
            heading = _HEADING.fullmatch(line.rstrip())
            if heading is not None:
                below = _heading(heading)
                headings.append(below)
                faults += _heading_faults(number, heading)
                continue
            wrong = list(_entry_faults(number, line, below))
            faults += wrong
            if not wrong:
                entries.append(_entry(number, line, below))
        required = {"", *(one.section for one in headings if not one.is_optional)}
        return Codeowners(tuple(entries), tuple(faults), frozenset(one.section for one in headings) - required)


GITLAB = GitLab()


def _heading(found: re.Match[str]) -> _Heading:
    name = found["name"].strip().lower()
    count = int(found["count"]) if _is_count(found["count"] or "") else 1
    owners = tuple(dict.fromkeys(found["owners"].split()))
    return _Heading("" if name == _DEFAULT else name, max(1, count), owners, bool(found["optional"]))


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 4


def _heading_faults(number: int, found: re.Match[str]) -> Iterator[OwnersFault]:
    if not found["name"].strip():
        yield OwnersFault(number, "a section has no name", "write one between the brackets")
    if found["count"] is not None and not _is_count(found["count"]):
        message = f"{found['count'][:40]!r} is no number of approvals, and GitLab takes it for 1"
        yield OwnersFault(number, message, "write a number between the brackets: `[Name][2]`")
    elif found["count"] is not None and found["optional"]:
        message = "an optional section asks for approvals, and GitLab lets it ask for none"
        yield OwnersFault(number, message, "leave out the `^`, or the number")
    yield from owner_faults(number, found["owners"].split(), _MENTION)


def _entry_faults(number: int, line: str, below: _Heading) -> Iterator[OwnersFault]:
    if line.startswith(("[", "^[")):
        hint = "a heading is `[Name]`, `[Name][2] @owner` or `^[Name]`, with nothing else before or behind"
        yield OwnersFault(number, "it begins as a section does, and is none: GitLab takes it for a path", hint)
        return
    is_excluded = line.startswith("!")
    pattern, rest = split_pattern(line[is_excluded:])
    if fault := pattern_fault(number, pattern, rest):
        yield fault
        return
    if "[" in pattern and ("[" in _TOKEN.findall(pattern) or not _is_readable(pattern)):
        yield OwnersFault(number, "its brackets are no set of characters", "close them, or write `\\[`")
    if is_excluded:
        return
    if not rest.split() and not below.owners:
        hint = "name owners, or exclude the path with `!`"
        yield OwnersFault(number, "it has no owner, and its section has none by default", hint)
    yield from owner_faults(number, rest.split(), _MENTION)


def _is_readable(pattern: str) -> bool:
    try:
        gitlab_matcher(pattern)
    except re.error:
        return False
    return True


def _entry(number: int, line: str, below: _Heading) -> OwnersEntry:
    is_excluded = line.startswith("!")
    pattern, rest = split_pattern(line[is_excluded:])
    owners = () if is_excluded else tuple(dict.fromkeys(rest.split())) or below.owners
    return OwnersEntry(number, pattern, gitlab_matcher, owners, below.section, below.needed, is_excluded)


@cache
def gitlab_matcher(pattern: str) -> re.Pattern[str]:
    """Write a pattern as a regular expression of whole paths.

    One that begins with `/` is of the root, another one of any folder; one that ends with `/` is of all that is below.
    What names a folder without that slash matches nothing below it.
    """
    whole = pattern if pattern.startswith("/") else f"/**/{pattern}"
    whole = f"{whole}**/*" if whole.endswith("/") else whole
    return re.compile("".join(map(_token, _TOKEN.findall(whole[1:]))), re.DOTALL)


def _token(token: str) -> str:
    known = {"**/": "(?:[^/]+/)*", "?": "[^/]"}
    if token in known:
        return known[token]
    if token[0] == "*":
        return "[^/]*"
    if token[0] == "[" and len(token) > 1:
        return _set(token[1:-1])
    return re.escape(token[-1])


def _set(inside: str) -> str:
    is_negated = inside[:1] in ("!", "^")
    members = re.sub(r"([\\\[\]^&~|])", r"\\\1", inside[is_negated:])
    return f"(?!/)[{'^' if is_negated else ''}{members}]"

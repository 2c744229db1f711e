"""Findings as Markdown: one entry that opens for each cause, its places in it, and what to do once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from changegate.escape import code, html, html_prose, prose, shorten
from changegate.report import view
from changegate.report.first_release import short_digests

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from changegate.names import Location
    from changegate.report.causes import Cause
    from changegate.report.reporter import ReportOptions
    from changegate.verdict import Finding

LONGEST = 1_000
"""Characters of one text before it is escaped."""
_MOST_PLACES = 40
_COMMIT = re.compile(r"[A-Za-z0-9._%+@~-]{1,100}")
WEB = re.compile(r"https?://[A-Za-z0-9.:_~/%@+-]{1,500}")
"""The form of an address that may become a link."""
_REFERENCE = re.compile(r"https://[A-Za-z0-9.:_~/%#?=&+-]{1,500}")


def entry(cause: Cause, options: ReportOptions) -> tuple[str, int]:
    """Write a cause.

    Returns:
        A block, and how many of the findings it names.
    """
    listed = cause.findings[:_MOST_PLACES]
    more = len(cause.findings) - len(listed)
    body = _of_one(cause.first, options) if len(cause.findings) == 1 else _of_several(cause, listed, options)
    lines = [
        f"<details><summary><b>{cause.level}</b> {_summary(cause)}</summary>",
        "",
        *body,
        *([f"… and {more} more places", ""] if more else []),
        *_once(cause),
        "</details>",
    ]
    return "\n".join(lines), len(listed)


def _summary(cause: Cause) -> str:
    first, count = cause.first, len(cause.findings)
    if cause.kind == "place":
        where = html(view.place(first.location))
        return f"{len(cause.rules)} rules ask for something at <code>{where}</code>"
    rule = f"<code>{html(first.rule)}</code>"
    others = len(cause.rules) - 1
    rule += f" and {view.plural(others, 'other rule')}" if others else ""
    message = html_prose(short_digests(shorten(first.message or first.title, LONGEST)))
    if cause.kind == "rule" and count > 1:
        same = len({finding.message for finding in cause.findings}) == 1
        return f"{rule} {message} ({count} places)" if same else f"{rule} {message} (and {count - 1} more)"
    return f"{rule} {message}"


def _of_one(finding: Finding, options: ReportOptions) -> Iterator[str]:
    if finding.location.file:
        yield from (link(finding.location, options), "")
    yield from _related(finding, options)
    if finding.remediation and view.asks(finding):
        yield from (prose(shorten(finding.remediation, LONGEST)), "")


def _of_several(cause: Cause, listed: Sequence[Finding], options: ReportOptions) -> Iterator[str]:
    """A list of places, each with what is said of it alone; and what to do, once where it is the same for all."""
    if cause.kind == "place":
        yield from (link(cause.first.location, options), "")
        yield from map(_asked_there, listed)
    elif cause.kind == "unknown":
        yield from _untold(cause, listed, options)
    else:
        yield from _places(cause, listed, options)
    yield ""
    if cause.kind != "place" and len(cause.remedies) == 1:
        yield from (prose(shorten(cause.remedies[0], LONGEST)), "")


def _asked_there(finding: Finding) -> str:
    remedy = f" {prose(shorten(finding.remediation, LONGEST))}" if finding.remediation else ""
    message = prose(short_digests(shorten(finding.message or finding.title, LONGEST)))
    return f"- **{view.level(finding)}** {code(finding.rule)}: {message}{remedy}"


def _untold(cause: Cause, listed: Sequence[Finding], options: ReportOptions) -> Iterator[str]:
    """Which rules could not tell, and where each place is."""
    if len(cause.rules) > 1:
        yield f"- rules: {', '.join(map(code, cause.rules))}"
    places = dict.fromkeys(link(finding.location, options) for finding in listed if finding.location.file)
    yield from (f"- {place}" for place in places)


def _places(cause: Cause, listed: Sequence[Finding], options: ReportOptions) -> Iterator[str]:
    same = len({finding.message for finding in cause.findings}) == 1
    for finding in listed:
        said = "" if same else f" {prose(short_digests(shorten(finding.message or finding.title, LONGEST)))}"
        yield f"- {link(finding.location, options) if finding.location.file else ''}{said}"
        yield from (f"  {line}" for line in _related(finding, options) if line)
        if len(cause.remedies) > 1 and finding.remediation and view.asks(finding):
            yield f"  - {prose(shorten(finding.remediation, LONGEST))}"


def _once(cause: Cause) -> Iterator[str]:
    """What is the same for all: the note, and what to read."""
    for note in dict.fromkeys(finding.note for finding in cause.findings if finding.note):
        yield from (f"Note: {prose(shorten(note, LONGEST))}", "")
    references = tuple(dict.fromkeys(one for finding in cause.findings for one in finding.references))
    if references and cause.kind != "place":
        yield from (f"See {', '.join(map(_reference, references))}", "")


def _related(finding: Finding, options: ReportOptions) -> tuple[str, ...]:
    """A list of what else to look at."""
    if not finding.related or not view.asks(finding):
        return ()
    return (*(f"- see also {link(one.location, options)}: {prose(one.message)}" for one in finding.related), "")


def link(location: Location, options: ReportOptions) -> str:
    """A place, as a link to its line where the host's address is known."""
    where, url = code(view.place(location)), _url(location, options)
    return f"[{where}]({url})" if url else where


def _url(location: Location, options: ReportOptions) -> str:
    """The address of a line at its revision, where nothing in it can break out."""
    files, _, head = options.blob_url.rstrip("/").rpartition("/")
    commit = {"head": head, "base": options.base_id}.get(location.revision, location.revision)
    if not WEB.fullmatch(options.blob_url) or not _COMMIT.fullmatch(commit):
        return ""
    from urllib.parse import quote

    anchor = f"#L{location.line}" if location.line is not None else ""
    return f"{files}/{commit}/{quote(location.file.encode('utf-8', 'surrogateescape'), safe='/')}{anchor}"


def _reference(text: str) -> str:
    """A reference comes from the rule, which is trusted: an address of a plain form is a link."""
    return f"<{text}>" if _REFERENCE.fullmatch(text) else prose(shorten(text, 300))

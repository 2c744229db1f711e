"""Findings on the HTML page: one entry for each cause, with the manifest's lines around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from changegate.escape import page, page_prose, shorten
from changegate.names import AROUND
from changegate.report import view

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from changegate.names import Location
    from changegate.report.causes import Cause
    from changegate.verdict import Finding

LONGEST = 2_000
_WIDEST = 400
_REFERENCE = re.compile(r"https://[A-Za-z0-9.:_~/%#?=&+-]{1,500}")


def entry(cause: Cause) -> str:
    """A cause as an element that opens and closes; open at first, so that nothing is hidden on paper."""
    body = "".join(_places(cause)) + "".join(_once(cause))
    head = f'<strong class="{cause.level}">{cause.level}</strong> {_headline(cause)}'
    return f"<details open><summary>{head}</summary>{body}</details>"


def _headline(cause: Cause) -> str:
    if cause.kind == "place":
        return f"{len(cause.rules)} rules ask for something here"
    message = page_prose(shorten(cause.first.message or cause.first.title, LONGEST))
    more = f" (and {len(cause.findings) - 1} more)" if cause.kind == "rule" and len(cause.findings) > 1 else ""
    return f"<code>{page(view.rule_names(cause.rules))}</code> {message}{more}"


def _places(cause: Cause) -> Iterator[str]:
    """Each place with its lines; what is said of it alone; and the remedy where that is not the same for all."""
    if cause.kind == "place":
        yield _place(cause.first.location)
        yield f"<ul>{''.join(map(_asked, cause.findings))}</ul>"
        return
    listed = cause.findings[:1] if cause.kind == "unknown" else cause.findings
    for index, finding in enumerate(listed):
        if index and finding.message != listed[index - 1].message:
            yield f"<p>{page_prose(shorten(finding.message or finding.title, LONGEST))}</p>"
        yield _place(finding.location)
        yield _related(finding)
        if len(cause.remedies) > 1 and finding.remediation and view.asks(finding):
            yield f"<p><strong>What to do:</strong> {page_prose(shorten(finding.remediation, LONGEST))}</p>"
    if cause.kind == "unknown" and len(cause.subjects) > 1:
        yield f"<p>The same holds for {page(', '.join(cause.subjects[1:]))}.</p>"


def _asked(finding: Finding) -> str:
    name = view.level(finding)
    message = page_prose(shorten(finding.message or finding.title, LONGEST))
    remedy = page_prose(shorten(finding.remediation, LONGEST))
    return f'<li><strong class="{name}">{name}</strong> <code>{page(finding.rule)}</code> {message} {remedy}</li>'


def _related(finding: Finding) -> str:
    told = [f"<li>see also <code>{page(place)}</code>: {page(said)}</li>" for place, said in view.related(finding)]
    return f"<ul>{''.join(told)}</ul>" if told else ""


def _once(cause: Cause) -> Iterator[str]:
    if cause.kind != "place" and len(cause.remedies) == 1:
        yield f"<p><strong>What to do:</strong> {page_prose(shorten(cause.remedies[0], LONGEST))}</p>"
    for note in dict.fromkeys(finding.note for finding in cause.findings if finding.note):
        yield f"<p>Note: {page_prose(shorten(note, LONGEST))}</p>"
    references = tuple(dict.fromkeys(one for finding in cause.findings for one in finding.references))
    if references and cause.kind != "place":
        yield f'<p class="muted">See {", ".join(map(_reference, references))}</p>'


def _reference(text: str) -> str:
    """A reference comes from the rule, which is trusted: an address of a plain form is a link."""
    return f'<a href="{page(text)}">{page(text)}</a>' if _REFERENCE.fullmatch(text) else page(shorten(text, 300))


def _place(location: Location) -> str:
    where = view.place(location)
    named = f"<p><code>{page(where)}</code></p>" if where else ""
    return named + _excerpt(location)


def _excerpt(location: Location) -> str:
    """The lines around a place, the place itself marked."""
    line = location.line
    lines: Sequence[str] = location.around or ((location.source,) if location.source is not None else ())
    if line is None or not lines:
        return ""
    first = max(1, line - AROUND) if location.around else line
    width = len(str(first + len(lines) - 1))
    shown = (_numbered(number, text, location, width) for number, text in enumerate(lines, first))
    joined = "\n".join(shown)
    return f"<pre><code>{joined}</code></pre>"


def _numbered(number: int, text: str, location: Location, width: int) -> str:
    """A line of the excerpt; it begins with its number, so that no line of somebody's begins one of the page."""
    text = text[:_WIDEST]
    head = f'<span class="muted">{number:>{width}}</span> '
    if number != location.line:
        return head + _code(text)
    start = (location.column or 1) - 1
    end = len(text) if location.end_column is None else location.end_column - 1
    end = max(end, start + 1)
    marked = f"<mark>{_code(text[start:end])}</mark>" if text[start:end].strip() else _code(text[start:end])
    return f'{head}<span class="here">{_code(text[:start])}{marked}{_code(text[end:])}</span>'


def _code(text: str) -> str:
    return page(text.replace("\t", "    "))

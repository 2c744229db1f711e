"""One function for each medium that text is printed to, so that a manifest's text stays text there.

Authors of a change choose model names, file names and values. Printed as they are, they could be a colour, a link, a
mention that calls somebody, a workflow command or markup. What cannot be shown is made visible (`\\x1b`), not dropped.
This module is imported by every run: it needs nothing but `re`.
"""

from __future__ import annotations

import re

_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_OCTAL_NAMED = {
    "\a": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r",
    '"': '\\"', "\\": "\\\\",
}  # fmt: skip


_LOG_COMMAND = r"##(?=\w*\[)"
"""What Azure's agent and GitHub's runner obey anywhere in a line. A text: no run compiles it before it meets one."""


def terminal(text: str, *, lines: bool = False) -> str:
    """Make text safe for a terminal and for a CI log.

    Control, format and bidirectional characters, surrogates and unassigned code points become visible escapes. A log
    reader obeys `##[…]`, `##vso[…]` and the like anywhere in a line: a space takes their meaning away. Of a whole line
    `log_line` also sees to its beginning.

    Args:
        text: Any text, also hostile.
        lines: Keep line feeds as they are, for text that was composed here from safe parts.
    """
    return "\n".join(map(_line, text.split("\n"))) if lines else _line(text)


def _line(text: str) -> str:
    if text.isprintable() and "##" not in text:
        return text
    return "".join(pieces(text))


def log_line(text: str) -> str:
    """Make a whole line of output safe for a CI log: as `terminal` does, and no command begins it."""
    return inert(_line(text))


def pieces(text: str) -> list[str]:
    """Show every character of a text on its own, so that a caller knows how wide each became."""
    shown = [char if char.isprintable() else _visible(char) for char in text]
    if "##" in text:
        for match in re.finditer(_LOG_COMMAND, text):
            shown[match.end() - 1] += " "
    return shown


def _visible(char: str) -> str:
    code = ord(char)
    if char in _NAMED:
        return _NAMED[char]
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def path(text: str) -> str:
    """Write a file name as git quotes it (`core.quotePath=false`), and only where it needs quoting.

    Every report, JSON too, names files in this one form. It is reversible, and valid UTF-8 also for a name that is not:
    a name in double quotes holds C escapes, and octal ones for the bytes of what cannot be printed. So does `##[…]`,
    which a log's reader would obey.

    Args:
        text: A path whose bytes that are not UTF-8 are surrogate-escaped.
    """
    commands = ("##" in text and re.search(_LOG_COMMAND, text)) or text.lstrip().startswith("::")
    if text.isprintable() and '"' not in text and "\\" not in text and not commands:
        return text
    quoted = "".join(_quoted(char) for char in text)
    return '"' + (re.sub(_LOG_COMMAND, r"#\\043", quoted) if commands else quoted) + '"'


def json_text(text: str) -> str:
    """The same JSON, and no command in a CI log, nor a control character that JSON lets pass as it is."""
    text = text.replace("\x7f", "\\u007f")
    return re.sub(_LOG_COMMAND, r"#\\u0023", text) if "##" in text else text


def _quoted(char: str) -> str:
    if char in _OCTAL_NAMED:
        return _OCTAL_NAMED[char]
    if char.isprintable():
        return char
    errors = "surrogateescape" if 0xDC80 <= ord(char) <= 0xDCFF else "surrogatepass"
    return "".join(f"\\{byte:03o}" for byte in char.encode("utf-8", errors))


def workflow_data(text: str) -> str:
    """Make text safe as the message of a GitHub workflow command; line feeds stay line breaks of the message."""
    return terminal(text, lines=True).replace("%", "%25").replace("\n", "%0A")


def workflow_property(text: str) -> str:
    """Make text safe as the value of a property of a GitHub workflow command; it has one line."""
    return terminal(text).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")


def azure_data(text: str) -> str:
    """Make text safe as the message of an Azure Pipelines command; line feeds stay line breaks of the message."""
    return terminal(text, lines=True).replace("%", "%AZP25").replace("\n", "%0A")


def azure_property(text: str) -> str:
    """Make text safe as the value of a property of an Azure Pipelines command; it has one line."""
    return terminal(text).replace("%", "%AZP25").replace(";", "%3B").replace("]", "%5D")


def xml(text: str, *, lines: bool = False) -> str:
    """Make text that XML 1.0 can hold. The markup characters are left to the XML library, which escapes them.

    No line of it is a workflow command, should the report be printed to a log.
    """
    shown = terminal(text, lines=lines)
    return inert(shown) if not lines else "\n".join(map(inert, shown.split("\n")))


def inert(line: str) -> str:
    """Keep a line from being a workflow command: a runner reads one wherever `::` is the first thing in a line."""
    return line.replace("::", ": :", 1) if line.lstrip().startswith("::") else line


# NOTE: mentions, references, emoji, mathematics and bare links are found after Markdown was rendered, in the text of
# the page: there `\@ana` is `@ana` again. An element of its own around the one character keeps the text apart, shows
# nothing and, other than a zero-width space, is not copied along (GitHub's own advice for `$`).
# Both patterns are compiled when they are first used, which a console report never does.
_SPLIT = r"""
    [@$]                              # mentions, addresses, mathematics
    | [#!~%&^](?=[\w"'{\[(])          # issues, merge requests, labels, milestones, epics
    | :(?=//)                         # any link with a scheme
    | :(?=[\w+-]+:)                   # emoji by name
    | (?<=www)\.                      # a bare host
    | (?<=[A-Za-z])-(?=\d)            # GH-12, and other trackers' names of tickets
    """
_COMMIT = r"(?<![0-9a-fA-F])[0-9a-fA-F]{7,40}(?![0-9a-fA-F])"
_HTML = {char: f"&#{ord(char)};" for char in "&<>\"'\\`*_[]|~"}
"""Markup of HTML, and of Markdown too, so that nothing hangs on where a host lets its Markdown begin."""
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "`": "&#96;", "|": "&#124;"}
_PUNCTUATION = frozenset("\\*_{}[]#~^!")


def html(text: str) -> str:
    """Make text that stays text inside an HTML element on a page of GitHub's or GitLab's: no mention, no markup.

    It has one line, so that it does not end the block of HTML that it stands in. Not for attributes.
    """
    shown = terminal(text)
    split = _splits(shown)
    safe = ((_HTML.get(char, char), index in split) for index, char in enumerate(shown))
    return "".join(f"<span>{char}</span>" if apart else char for char, apart in safe)


def html_prose(text: str) -> str:
    """Make HTML of a sentence in which pairs of backticks mark code; safe whoever wrote them."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return html(text)
    return "".join(f"<code>{html(part)}</code>" if index % 2 else html(part) for index, part in enumerate(parts))


_PAGE = {char: f"&#{ord(char)};" for char in "&<>\"'"}


def page(text: str) -> str:
    """Make text that stays text on a page of our own: in an element, and in an attribute within quotes."""
    return "".join(_PAGE.get(char, char) for char in terminal(text))


def page_prose(text: str) -> str:
    """Make HTML of a sentence for a page of our own; pairs of backticks mark code, whoever wrote them."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return page(text)
    return "".join(f"<code>{page(part)}</code>" if index % 2 else page(part) for index, part in enumerate(parts))


def _splits(shown: str) -> set[int]:
    """Where a character has to stand in an element of its own."""
    found = {match.start() for match in re.finditer(_SPLIT, shown, re.VERBOSE | re.IGNORECASE)}
    for match in re.finditer(_COMMIT, shown):  # what is left between is too short for a commit's name
        found.update(range(match.start(), match.end(), 6))
    return found


def markdown(text: str) -> str:
    """Make text that stays text in GitHub's and GitLab's Markdown: in a paragraph, a list item or a table's cell.

    No emphasis, link, image, HTML, mention, reference, emoji, mathematics or commit link comes of it, and a slash or a
    list mark at its start is no command and no list. It has one line.
    """
    shown = terminal(text)
    split = _splits(shown)
    out = "".join(_marked(char, apart=index in split) for index, char in enumerate(shown))
    start = re.match(r"\s*(?:\d{1,9}(?=[.)\\])|(?=[/+=:-]))", shown)
    return f"<span></span>{out.strip()}" if start else out.strip()


def _marked(char: str, *, apart: bool) -> str:
    safe = _ENTITIES.get(char) or ("\\" + char if char in _PUNCTUATION else char)
    return f"<span>{safe}</span>" if apart else safe


def prose(text: str) -> str:
    """Make Markdown of a sentence in which pairs of backticks mark code, as messages and remediations do.

    Safe whoever wrote the backticks: what is between them becomes a code span, what is not is escaped.
    """
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return markdown(text)
    shown = [code(part, table=True) if index % 2 else _kept(part) for index, part in enumerate(parts)]
    return "".join(shown).strip()


def _kept(part: str) -> str:
    """Escape text between two code spans, with the spaces around it; the spans never touch."""
    if not part.strip():
        return (part and " ") or "<span></span>"
    return " " * part.startswith(" ") + markdown(part) + " " * part.endswith(" ")


def code(text: str, *, table: bool = False) -> str:
    """Make a Markdown code span, in which nothing is interpreted; empty text gives no span.

    Args:
        text: Any text.
        table: Whether it stands in a table's cell, where a pipe has to be escaped even in code.
    """
    shown = terminal(text)
    if not table or "|" not in shown:
        return _span(shown)
    # NOTE: a table reads `\\|` as a backslash and the cell's end, so the two never stand in one span.
    return "<span></span>".join(_span(part).replace("|", "\\|") for part in re.split(r"(?<=\\)(?=\|)", shown))


def _span(shown: str) -> str:
    if not shown:
        return ""
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown.strip() and (shown[0] in "` " or shown[-1] in "` ") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def shorten(text: str, limit: int) -> str:
    """Cut a text to at most `limit` characters, with an ellipsis where something is missing. Cut first, then escape."""
    return text if len(text) <= limit else text[: limit - 1] + "…"

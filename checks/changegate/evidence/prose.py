"""How much a document says to a reader: its words, without headings and placeholders. What it says is not judged."""

from __future__ import annotations

import re

_DROPPED = (
    r"\A---\n.*?\n---(?:\n|\Z)",  # front matter
    r"<!--.*?(?:-->|\Z)",
    r"<[^<>]*>",
    r"(?m)^[ \t]*#.*$",  # headings
    r"(?m)^[^\n]+\n[ \t]*(?:=+|-+)[ \t]*$",  # headings that are underlined
    r"(?m)^[ \t]*\[[^\]\n]*\]:.*$",  # definitions of links
    r"(?i)\{\{[^{}\n]{0,200}\}\}|\[(?:insert|describe|add|your|more information needed)[^\]\n]{0,200}\]",
    r"(?im)^[ \t>*-]*(?:n/?a|none|unknown|not applicable|\.+|-)[ \t.]*$",
    r"(?im)^[ \t>*-]*(?:[0-9]+\. )?(?:todo|tbd|tbc|fixme|xxx|wip|placeholder|work in progress)\b[^\n.]*",
    r"\b(?:TODO|TBD|TBC|FIXME|XXX)\b[^\n.]*",
    r"(?i)\b(?:more information needed|coming soon|lorem ipsum)\b[^\n.]*",
    r"(?i)\bto be (?:done|written|decided|filled in|completed)\b[^\n.]*",
)
"""What says nothing. Every pattern reads a text in one go, whatever stands in it."""

_WORD = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\d_]{2,}"
_LOOKED_AT = 256 * 1024
_ENOUGH = 10_000
_PLENTY = 16
_AROUND = "`*_.,;:!?()'\""
_MARKS = (
    *("<", "{{", "[", "---", "===", "todo", "tbd", "tbc", "fixme", "xxx", "wip", "placeholder", "lorem", "coming soon"),
    *("work in progress", "to be ", "more information needed"),
)
"""Without any of these in it, a text has nothing that the patterns would drop, but headings."""


def words_count(data: bytes) -> int:
    """Count the different words that are left of a text when what says nothing is taken out.

    A file that is no text (a PDF) is not read: it counts as a long one.

    Args:
        data: The file; of a long one the beginning is looked at.
    """
    if data.startswith(b"%PDF-") or b"\0" in data[:_LOOKED_AT]:
        return _ENOUGH
    text = data[:_LOOKED_AT].decode("utf-8", "replace").lstrip("\ufeff").replace("\r\n", "\n")
    plain = _plain_words(text)
    if plain >= _PLENTY:
        return plain
    for pattern in _DROPPED:
        text = re.sub(pattern, " ", text, flags=re.DOTALL if pattern.startswith((r"\A", "<!")) else 0)
    return len({word.lower() for word in re.findall(_WORD, text)})


def _plain_words(text: str) -> int:
    """The same of a text in which nothing but headings can be dropped; 0 where something else may be.

    Most documents are of this kind, and compiling the patterns takes longer than the rest of a small run.
    """
    lowered = text.lower()
    if any(mark in lowered for mark in _MARKS):
        return 0
    lines = (line for line in lowered.split("\n") if not line.lstrip().startswith("#"))
    words = (word.strip(_AROUND) for line in lines for word in line.split())
    return len({word for word in words if len(word) > 1 and word.isalpha()})

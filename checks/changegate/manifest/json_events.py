"""A scanner of JSON that speaks in the YAML parser's events, with positions. Source: RFC 8259."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from changegate.manifest.libyaml import yaml
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


# NOTE: strings match possessively and may lack their end: a text of open quotes must not be searched again and again.
_STRING = r'"(?:[^"\\]++|\\.)*+"?'


_TOKEN = re.compile(rf"[ \t\r\n]*+(?:({_STRING})|([{{}}\[\],:])|([^\s{{}}\[\],:\"]++))", re.DOTALL)


class _Token(NamedTuple):
    kind: str
    """`string`, `mark` or `word`."""
    text: str
    offset: int


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while match := _TOKEN.match(text, at):
        at = match.end()
        group = match.lastindex or 0
        yield _Token(("", "string", "mark", "word")[group], match[group], match.start(group))


def events(text: str) -> Iterator[Any]:
    """Scan a valid JSON text into the YAML parser's events, with positions."""
    yield yaml.DocumentStartEvent()
    line, line_start = 0, 0
    last = 0
    for token in _tokens(text):
        newlines = text.count("\n", last, token.offset)
        if newlines:
            line += newlines
            line_start = text.rfind("\n", 0, token.offset) + 1
        last = token.offset
        column = token.offset - line_start
        start = yaml.Mark("", token.offset, line, column, None, 0)
        end = yaml.Mark("", token.offset + len(token.text), line, column + len(token.text), None, 0)
        event = _event(token, start, end)
        if event is not None:
            yield event


def _event(token: _Token, start: Any, end: Any) -> Any:
    if token.kind == "string":
        return yaml.ScalarEvent(None, None, (False, True), json.loads(token.text), start, end, '"')
    if token.kind == "word":
        return yaml.ScalarEvent(None, None, (True, False), token.text, start, end)
    if token.text not in _MARKS:
        return None
    make, arguments = _MARKS[token.text]
    return make(*arguments, start, end)


_OPENING = frozenset("{[")


_CLOSING = frozenset("}]")


_MARKS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "{": (yaml.MappingStartEvent, (None, None, True)),
    "[": (yaml.SequenceStartEvent, (None, None, True)),
    "}": (yaml.MappingEndEvent, ()),
    "]": (yaml.SequenceEndEvent, ()),
}

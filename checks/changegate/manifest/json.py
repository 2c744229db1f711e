"""JSON files: values by the standard library, positions by a small scanner that speaks in the YAML parser's events.

YAML is not quite a superset of JSON (surrogate pairs, tabs), so a JSON file is never given to the YAML parser.
Source: RFC 8259.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

import yaml

from changegate.manifest.document import Document, Fault, Parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(r'[ \t\r\n]*(?:("(?:[^"\\]|\\.)*")|([{}\[\],:])|([^\s{}\[\],:"]+))', re.DOTALL)


class _Refused(ValueError):  # noqa: N818  (what is refused, told as a fault)
    def __init__(self, code: str, message: str, hint: str, token: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint, self.token = code, message, hint, token


def parse_json(text: str, file: str) -> Parsed:
    """Read a JSON file: one document, no duplicate keys, finite numbers, a bounded depth."""
    from changegate.manifest.yaml import MAXIMUM_DEPTH, MAXIMUM_NODES

    if not text.strip():
        return Parsed(
            faults=(Fault("empty", "the file is empty", "Write a document into it, or delete it.", file, 1, 1),)
        )
    depth, nodes = _measure(text)
    if depth > MAXIMUM_DEPTH or nodes > MAXIMUM_NODES:
        code = "too-deep" if depth > MAXIMUM_DEPTH else "too-large"
        bound = f"{MAXIMUM_DEPTH} levels deep" if code == "too-deep" else f"{MAXIMUM_NODES} nodes"
        return Parsed(faults=(Fault(code, f"the document is over {bound}", "Flatten or split it.", file, 1, 1),))
    try:
        value = json.loads(
            text, object_pairs_hook=_unique, parse_constant=_constant, parse_float=_float, parse_int=_integer
        )
    except json.JSONDecodeError as error:
        message = f"this is not valid JSON: {error.msg[0].lower()}{error.msg[1:]}"
        hint = "Check the quotes, commas and brackets on this line and the one above."
        return Parsed(faults=(Fault("syntax", message, hint, file, error.lineno, error.colno),))
    except _Refused as refused:
        line, column = _place_of(text, refused)
        return Parsed(faults=(Fault(refused.code, refused.message, refused.hint, file, line, column),))
    return Parsed((Document(file, 0, value, text),))


def _measure(text: str) -> tuple[int, int]:
    """The greatest depth and the number of nodes, without recursion."""
    plain = re.sub(r'"(?:[^"\\]|\\.)*"', "", text, flags=re.DOTALL)
    depth = deepest = 0
    for match in re.finditer(r"[{}\[\]]", plain):
        depth += 1 if match[0] in "{[" else -1
        deepest = max(deepest, depth)
    return deepest, plain.count(",") + plain.count("{") + plain.count("[") + plain.count(":")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        message = f"the key {twice!r} stands here a second time"
        raise _Refused("duplicate-key", message, "Keep one: other readers silently take the last.", json.dumps(twice))
    return result


def _constant(text: str) -> Any:
    raise _Refused("number", f"{text} is no number that JSON can hold", "Write a finite number, or a text.", text)


def _float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        _constant(text)
    return value


def _integer(text: str) -> int:
    from changegate.manifest.scalars import LONGEST_NUMBER

    if len(text) > LONGEST_NUMBER:
        _constant(text)
    return int(text)


def _place_of(text: str, refused: _Refused) -> tuple[int, int]:
    """Find the place of what was refused: of a key, where an object has it for the second time."""
    seen: list[set[str]] = []
    keys: list[bool] = []
    for kind, token, offset in _tokens(text):
        if token in {"{", "["}:
            seen.append(set())
            keys.append(token == "{")
        elif token in {"}", "]"} and seen:
            seen.pop()
            keys.pop()
        elif token == refused.token and refused.code == "number":
            return _line_column(text, offset)
        elif kind == "string" and keys and keys[-1] and _is_key(text, offset + len(token)):
            name = json.loads(token, strict=False)
            if name in seen[-1] and json.dumps(name) == refused.token:
                return _line_column(text, offset)
            seen[-1].add(name)
    return 1, 1


def _is_key(text: str, end: int) -> bool:
    match = re.compile(r"[ \t\r\n]*:").match(text, end)
    return match is not None


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    at = 0
    while match := _TOKEN.match(text, at):
        at = match.end()
        group = match.lastindex or 0
        yield ("", "string", "mark", "word")[group], match[group], match.start(group)


def _line_column(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def events(text: str) -> Iterator[Any]:
    """Scan a JSON text into the YAML parser's events, with positions."""
    yield yaml.DocumentStartEvent()
    line, line_start = 0, 0
    last = 0
    for kind, token, offset in _tokens(text):
        newlines = text.count("\n", last, offset)
        if newlines:
            line += newlines
            line_start = text.rfind("\n", 0, offset) + 1
        last = offset
        start = yaml.Mark("", offset, line, offset - line_start, None, 0)
        end = yaml.Mark("", offset + len(token), line, offset - line_start + len(token), None, 0)
        event = _event(kind, token, start, end)
        if event is not None:
            yield event


def _event(kind: str, token: str, start: Any, end: Any) -> Any:
    if kind == "string":
        return yaml.ScalarEvent(None, None, (False, True), json.loads(token, strict=False), start, end, '"')
    if kind == "word":
        return yaml.ScalarEvent(None, None, (True, False), token, start, end)
    marks = {
        "{": (yaml.MappingStartEvent, (None, None, True)),
        "[": (yaml.SequenceStartEvent, (None, None, True)),
        "}": (yaml.MappingEndEvent, ()),
        "]": (yaml.SequenceEndEvent, ()),
    }
    if token not in marks:
        return None
    make, arguments = marks[token]
    return make(*arguments, start, end)

"""JSON files: values by the standard library, positions by a small scanner that speaks in the YAML parser's events.

YAML is not quite a superset of JSON (surrogate pairs, tabs), so a JSON file is never given to the YAML parser. The
standard library reads and only notes that something is to be refused; the scanner then says what and where.
Source: RFC 8259.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from changegate.manifest.document import Document, Fault, Parsed
from changegate.manifest.json_events import _CLOSING, _OPENING, _STRING, _Token, _tokens
from changegate.manifest.scalars import NotANumber, integer, number, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

_STRINGS = re.compile(_STRING, re.DOTALL)
_BRACKETS = re.compile(r"[{}\[\]]")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_CONSTANTS = frozenset({"NaN", "Infinity", "-Infinity"})
_NUMBER = re.compile(r"(-?[0-9]+)([.eE].*)?", re.DOTALL)


def parse_json(text: str, file: str, *, constants: bool = False) -> Parsed:
    """Read a JSON file: one document, no duplicate keys, numbers that every reader holds, a bounded depth.

    Args:
        text: The file's text.
        file: Its path, for faults.
        constants: Whether `NaN`, `Infinity` and `-Infinity` are read, as the numbers that Python means by them.
    """
    from changegate.manifest.bounds import MAXIMUM_FAULTS, line_column

    if not text.strip(" \t\r\n"):
        hint = "Write a document into it, or delete it."
        return _unread(Fault("empty", "the file is empty", hint, file, 1, 1))
    bound = _bound(text, file)
    if bound is not None:
        return _unread(bound)
    noted, shadows = [_SURROGATE.search(text) is not None], list[tuple[str, Any]]()
    try:
        value = _value(text, noted, shadows, constants=constants)
    except json.JSONDecodeError as error:
        said = error.msg.removesuffix(" at").removesuffix(" starting")
        message = f"this is not valid JSON: {said[0].lower()}{said[1:]}"
        hint = "Check the quotes, commas and brackets on this line and the one above."
        return _unread(Fault("syntax", message, hint, file, *line_column(text, error.pos)))
    refused = _refused(text, file, constants=constants) if any(noted) else iter(())
    faults = tuple(fault for fault, _ in zip(refused, range(MAXIMUM_FAULTS), strict=False))
    if faults:
        value = _encodable(value)
    return Parsed((Document(file, 0, value, text, faulty=bool(faults)),), faults, shadows=tuple(shadows))


def _unread(fault: Fault) -> Parsed:
    return Parsed(faults=(fault,), complete=False)


def _bound(text: str, file: str) -> Fault | None:
    """The fault of a document that is too deep or too large; found without recursion."""
    from changegate.manifest.bounds import MAXIMUM_DEPTH, MAXIMUM_NODES, line_column

    plain = _STRINGS.sub("", text)
    if sum(map(plain.count, ",{[:")) > MAXIMUM_NODES:
        message = f"the document has over {MAXIMUM_NODES} nodes"
        return Fault("too-large", message, "Split it.", file, 1, 1)
    if plain.count("{") + plain.count("[") <= MAXIMUM_DEPTH or _deepest(plain) <= MAXIMUM_DEPTH:
        return None
    depth = 0
    for token in _tokens(text):
        depth += (token.text in _OPENING) - (token.text in _CLOSING)
        if depth > MAXIMUM_DEPTH:
            break
    message = f"the document is nested over {MAXIMUM_DEPTH} levels deep"
    place = line_column(text, token.offset)
    return Fault("too-deep", message, "Flatten it; no manifest needs as many.", file, *place)


def _deepest(plain: str) -> int:
    depth = deepest = 0
    for match in _BRACKETS.finditer(plain):
        depth += 1 if match[0] in _OPENING else -1
        deepest = max(deepest, depth)
    return deepest


def _value(text: str, noted: list[bool], shadows: list[tuple[str, Any]], *, constants: bool) -> Any:
    """Read the value; append to `noted` where something is to be refused, and to `shadows` what equal keys hold."""

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        if len(result) == len(pairs):
            return result
        noted.append(True)
        shadows.extend(pairs)
        return dict(reversed(pairs))  # the first counts, as in YAML

    def numeric(token: str) -> float | str:
        try:
            return _numeric(token)
        except NotANumber:
            noted.append(True)
            return token

    constant = float if constants else numeric
    return json.loads(text, object_pairs_hook=mapping, parse_constant=constant, parse_float=numeric, parse_int=numeric)


def _numeric(token: str) -> int | float:
    match = _NUMBER.fullmatch(token)
    if match is None:
        raise NotANumber("is no finite number")
    return number(token) if match[2] else integer(token)


def _encodable(value: Any) -> Any:
    """Put a question mark where half of a surrogate pair stands: no part of the program could write it down."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_encodable(item) for item in value]
    if isinstance(value, dict):
        return {_encodable(key): _encodable(item) for key, item in value.items()}
    return value


def _refused(text: str, file: str, *, constants: bool) -> Iterator[Fault]:
    """What must not be in a text that is valid JSON, each at its place."""
    from changegate.manifest.bounds import line_column

    levels: list[set[str] | None] = []
    tokens = list(_tokens(text))
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        is_key = token.kind == "string" and following is not None and following.text == ":"
        if token.text in _OPENING:
            levels.append(set())
        elif token.text in _CLOSING:
            levels.pop()
        elif constants and token.text in _CONSTANTS:
            continue
        elif found := _wrong(token, levels[-1] if is_key else None):
            yield Fault(*found, file, *line_column(text, token.offset))


def _wrong(token: _Token, seen: set[str] | None) -> tuple[str, str, str] | None:
    """Code, message and hint of what is wrong with a token; `seen` are the keys before it, where it is one."""
    if token.kind == "word" and token.text[0] in "-0123456789IN":
        try:
            _numeric(token.text)
        except NotANumber as reason:
            hint = "Write a number of at most 2^53; or put it into quotes, if it is a text such as an id."
            return "number", f"{shortened(token.text, 40)} {reason}", hint
    if token.kind != "string":
        return None
    name = json.loads(token.text)
    if not name.isascii() and any("\ud800" <= character <= "\udfff" for character in name):
        message = "the text holds half of a surrogate pair, which no text can be written with"
        return "control-character", message, "Write both halves, or the character itself."
    if seen is not None and name in seen:
        message = f"the key {shortened(name)!r} stands here a second time"
        return "duplicate-key", message, "Keep one: other readers silently take the last."
    if seen is not None:
        seen.add(name)
    return None

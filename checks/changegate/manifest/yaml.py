"""Reads YAML 1.2 core and JSON into plain values, refusing what a hostile or careless author may write.

Values are built from the parser's events, without nodes and without positions: those cost a second pass, on demand.
The events come from libyaml, whose loader above them would overflow its stack on deep input; here depth is bounded on
events.
"""

from __future__ import annotations

import re
from typing import Any

from changegate.manifest.bounds import (
    MAXIMUM_BYTES,
    MAXIMUM_DEPTH,
    MAXIMUM_DOCUMENTS,
    MAXIMUM_FAULTS,
    MAXIMUM_NODES,
    line_column,
)
from changegate.manifest.document import Document, Fault, Parsed
from changegate.manifest.libyaml import CParser, yaml
from changegate.manifest.ours import decoded
from changegate.manifest.scalars import LONGEST_NUMBER, NotANumber, read_short, resolve, shortened

_PLAIN = bytes(range(0x20, 0x7F)) + b"\t\n"
"""What most files hold and nothing else: they need no closer look."""
_HIDDEN = re.compile(
    r"\r(?!\n)|"  # a carriage return alone is a new line to YAML, and to hardly anyone who shows a change
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff"  # control characters
    r"\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"  # bidirectional
    r"\ud800-\udfff\U000e0000-\U000e007f]"  # surrogates, tags
)


def parse(data: bytes, file: str, *, constants: bool = False) -> Parsed:
    """Read a file of YAML, or of JSON if its name ends in `.json`.

    Args:
        data: The file's bytes.
        file: Its path, for faults.
        constants: Whether JSON may hold `NaN`, `Infinity` and `-Infinity`, which Python writes and JSON does not have:
            only for whoever makes the value plain JSON again.

    Returns:
        Its documents and faults. Nothing that the bytes may be raises.
    """
    text, fault = decode(data, file)
    if text is None:
        return Parsed(faults=(fault,) if fault else (), complete=False)
    hidden = hidden_faults(text, data, file)
    if hidden:
        return Parsed(faults=hidden, complete=False)
    if file.endswith(".json"):
        from changegate.manifest.json import parse_json

        return parse_json(text, file, constants=constants)
    return _Builder(text, file).run()


def decode(data: bytes, file: str) -> tuple[str | None, Fault | None]:
    """Decode a file: UTF-8 without a byte order mark, and not too large."""
    if len(data) > MAXIMUM_BYTES:
        size = f"the file has {len(data)} bytes; {MAXIMUM_BYTES} are read"
        return None, Fault("too-large", size, "Split it, or keep large evidence in a file of its own.", file)
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\x00" in data[:4]:
        return None, Fault("encoding", "the file is UTF-16 or UTF-32, not UTF-8", "Save it as UTF-8.", file, 1, 1)
    if data.startswith(b"\xef\xbb\xbf"):
        return None, Fault(
            "encoding", "the file begins with a byte order mark", "Save it as UTF-8 without one.", file, 1, 1
        )
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        return None, Fault("encoding", "the file is not valid UTF-8", "Save it as UTF-8.", file, line, column)


def hidden_faults(text: str, data: bytes, file: str) -> tuple[Fault, ...]:
    """Find characters that a reader cannot see: they make a text look like another one."""
    if not data.translate(None, _PLAIN):
        return ()
    return tuple(_hidden_at(text, match, file) for match, _ in zip(_HIDDEN.finditer(text), range(10), strict=False))


def _hidden_at(text: str, match: re.Match[str], file: str) -> Fault:
    message = f"the file holds the character U+{ord(match[0]):04X}, which cannot be seen"
    hint = "Remove it; write it as an escape in double quotes if it is meant."
    return Fault("control-character", message, hint, file, *line_column(text, match.start()))


_BINARY = "tag:yaml.org,2002:binary"
_FLATTEN = "Flatten it; no manifest needs as many."


def _instead(text: str) -> str:
    """What to write for a word that other readers take for true or false, where that is meant."""
    word = _WORDS.get(text.casefold())
    return f"; write `{word}` if it says that" if word else ""


_WORDS = {"yes": "true", "y": "true", "on": "true", "no": "false", "n": "false", "off": "false"}


class _Stop(Exception):  # noqa: N818  (no error: reading cannot go on, and the fault is told)
    """Reading a file cannot go on."""


_SCALAR, _MAPPING_END, _SEQUENCE_END = yaml.ScalarEvent, yaml.MappingEndEvent, yaml.SequenceEndEvent


class _Builder:
    """Builds plain values from a parser's events."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._parser = CParser(text)
        self._next = self._parser.get_event
        self._faults: list[Fault] = []
        self._warnings: list[Fault] = []
        self._documents: list[Document] = []
        self._shadows: list[tuple[Any, Any]] = []
        self._count = 0

    def run(self) -> Parsed:
        complete = False
        try:
            self._read()
        except _Stop:
            pass
        except yaml.MarkedYAMLError as error:
            self._faults.append(syntax_fault(error, self._text, self._file))
        except UnicodeDecodeError:
            self._faults.append(self._undecodable())
        else:
            complete = True
        if not self._documents and not self._faults:
            hint = "Write a manifest into it, or delete it."
            self._faults.append(Fault("empty", "the file holds no document", hint, self._file, 1, 1))
        shadows = tuple(self._shadows)
        return Parsed(tuple(self._documents), tuple(self._faults), tuple(self._warnings), complete, shadows)

    def _undecodable(self) -> Fault:
        """A tag may hold bytes as `%ff`, and libyaml lets through some that are no text."""
        found = re.search(r"!\S*%", self._text)
        line, column = line_column(self._text, found.start() if found else 0)
        return Fault("tag", "a tag holds bytes that are no text", "Remove the tag.", self._file, line, column)

    def _read(self) -> None:
        try:
            while True:
                event = self._next()
                if event is None or isinstance(event, yaml.StreamEndEvent):
                    return
                if isinstance(event, yaml.DocumentStartEvent):
                    self._document(event)
        finally:
            self._parser.dispose()

    def _document(self, start: Any) -> None:
        if len(self._documents) >= MAXIMUM_DOCUMENTS:
            raise self._stop(
                start, "too-many-documents", f"the file has over {MAXIMUM_DOCUMENTS} documents", "Split it."
            )
        before = len(self._faults)
        if start.version not in {None, (1, 2)}:
            self._fault(start, "directive", "the file asks for another version of YAML", "Remove the %YAML line.")
        if start.tags:
            self._fault(start, "tag", "the file declares a prefix for tags", "Remove the %TAG line.")
        first = self._next()
        self._anchors: dict[str, tuple[Any, int]] = {}
        value = self._node(first, 1)
        nothing = type(first) is yaml.ScalarEvent and first.implicit[0] and first.value == ""
        if not nothing:
            offset = self._text.rfind("\n", 0, start.start_mark.index) + 1
            faulty = len(self._faults) > before
            self._documents.append(
                Document(self._file, len(self._documents), value, self._text, faulty=faulty, offset=offset)
            )

    def _node(self, event: Any, depth: int) -> Any:
        """Build one node. Recursion is bounded by `MAXIMUM_DEPTH`."""
        self._count += 1
        if self._count > MAXIMUM_NODES:
            raise self._too_many(event)
        kind = type(event)
        if kind is _SCALAR and event.anchor is None and event.tag is None:
            return self._scalar(event)  # most nodes are no more than this
        if kind is yaml.AliasEvent:
            return self._alias(event, depth)
        before = self._count
        if event.tag is not None:
            self._tagged(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = _OPEN
        value = self._scalar(event) if kind is _SCALAR else self._collection(event, depth)
        if event.tag == _BINARY and isinstance(value, str):
            value = decoded(value)
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, self._count - before + 1)
        return value

    def _collection(self, event: Any, depth: int) -> Any:
        if depth > MAXIMUM_DEPTH:
            raise self._too_deep(event)
        return self._mapping(depth) if type(event) is yaml.MappingStartEvent else self._sequence(depth)

    def _sequence(self, depth: int) -> list[Any]:
        items = []
        while type(event := self._next()) is not _SEQUENCE_END:
            items.append(self._node(event, depth + 1))
        return items

    def _mapping(self, depth: int) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        while type(event := self._next()) is not _MAPPING_END:
            key, usable = self._key(event, depth)
            value = self._node(self._next(), depth + 1)
            if usable and key not in entries:
                entries[key] = value
                continue
            self._shadows.append((key, value))
            if usable:
                message = f"the key {shortened(key)!r} stands here a second time"
                self._fault(event, "duplicate-key", message, "Keep one: other readers silently take the last.")
        return entries

    def _key(self, event: Any, depth: int) -> tuple[Any, bool]:
        """Read a key, and say whether it is one that JSON has; where it is none, that is a fault."""
        if type(event) is not _SCALAR:
            key = self._node(event, depth + 1)
            self._fault(event, "key", "a key is an alias, a list or a mapping", "Write the key as a string.")
            return key, False
        if event.value == "<<" and (event.implicit[0] or event.tag is not None):
            self._fault(event, "merge-key", "a merge key (<<) is not allowed", "Write the keys out.")
            return event.value, False
        key = self._node(event, depth + 1)
        if not isinstance(key, str):
            self._fault(event, "key", f"the key {shortened(event.value)!r} is not a string", "Put it into quotes.")
        return key, isinstance(key, str)

    def _scalar(self, event: Any) -> Any:
        text: str = event.value
        if not event.implicit[0]:
            return text
        try:
            value, ambiguous = read_short(text) if len(text) <= LONGEST_NUMBER else (resolve(text), False)
        except NotANumber as reason:
            hint = "Write a number of at most 2^53; or put it into quotes, if it is a text such as an id."
            self._fault(event, "number", f"{shortened(text, 40)} {reason}", hint)
            return text
        if ambiguous:
            self._warn(event, text, value)
        return value

    def _alias(self, event: Any, depth: int) -> Any:
        value, count = self._anchors.get(event.anchor, _OPEN)
        if count == 0:
            message = f"the alias *{event.anchor} stands for nothing, or for what it is a part of"
            raise self._stop(event, "alias", message, "Write the value out.")
        self._count += count
        if self._count > MAXIMUM_NODES:
            raise self._too_many(event)
        if depth + _height(value) > MAXIMUM_DEPTH + 1:
            raise self._too_deep(event)
        return value

    def _tagged(self, event: Any) -> None:
        # NOTE: libyaml reports the non-specific tag `!` too; a quoted scalar without a tag has none.
        message = f"the tag {shortened(event.tag)} is not allowed"
        self._fault(event, "tag", message, "Remove it; a manifest holds plain data only.")

    def _warn(self, event: Any, text: str, read: Any) -> None:
        if len(self._warnings) < MAXIMUM_FAULTS:
            kind = "the text" if isinstance(read, str) else "the number"
            message = f"{text} is {kind} {read!r} here, and something else to other readers of YAML"
            hint = f'Put it into quotes if it is a text: "{text}"{_instead(text)}.'
            self._warnings.append(self._made(event, "ambiguous-scalar", message, hint))

    def _fault(self, event: Any, code: str, message: str, hint: str) -> None:
        self._faults.append(self._made(event, code, message, hint))
        if len(self._faults) >= MAXIMUM_FAULTS:
            raise _Stop

    def _too_many(self, event: Any) -> _Stop:
        message = f"the file has over {MAXIMUM_NODES} nodes, counting what aliases stand for"
        return self._stop(event, "too-large", message, "Split it, and write aliases out.")

    def _too_deep(self, event: Any) -> _Stop:
        message = f"the document is nested over {MAXIMUM_DEPTH} levels deep"
        return self._stop(event, "too-deep", message, _FLATTEN)

    def _stop(self, event: Any, code: str, message: str, hint: str) -> _Stop:
        self._faults.append(self._made(event, code, message, hint))
        return _Stop()

    def _made(self, event: Any, code: str, message: str, hint: str) -> Fault:
        mark, end = event.start_mark, event.end_mark
        end_column = end.column + 1 if end.line == mark.line and end.column > mark.column else None
        return Fault(code, message, hint, self._file, mark.line + 1, mark.column + 1, end_column)


_OPEN: tuple[Any, int] = (None, 0)
"""An anchor whose node is still being built, or was never there."""


def _height(value: Any) -> int:
    """How many levels a value has; recursion is bounded, since values are built no deeper than `MAXIMUM_DEPTH`."""
    if not isinstance(value, (dict, list)):
        return 1
    return 1 + max(map(_height, value.values() if isinstance(value, dict) else value), default=0)


def syntax_fault(error: Any, text: str, file: str) -> Fault:
    """Say what libyaml stumbled over, in words for people, at the place where it is."""
    last = len(text.rstrip()) - 1
    mark = error.problem_mark or error.context_mark
    if error.context_mark and mark.index > last:
        mark = error.context_mark  # what was opened and never closed, not the end of the file
    offset = max(min(mark.index if mark else 0, last), 0)
    line, column = line_column(text, offset)
    source = text[offset + 1 - column :].partition("\n")[0]
    if "\t" in source[:column] and not source[:column].strip():
        tab = source.index("\t") + 1
        return Fault("tab", "the line is indented with a tab", "Indent with spaces.", file, line, tab)
    problem = (error.problem or "it cannot be read").strip()
    if "nesting depth" in problem:  # libyaml has a bound of its own, and looks ahead on a line before we count
        return Fault("too-deep", "the document is nested too deeply", _FLATTEN, file, line, column)
    context = f" {error.context.strip()}" if error.context else ""
    hint = "Check the indentation, quotes and brackets on this line and the one above."
    return Fault("syntax", f"this is not valid YAML: {problem}{context}", hint, file, line, column)

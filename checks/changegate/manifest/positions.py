"""Lines and columns of every node of a document: a second pass, made only when a finding has to be placed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.manifest.libyaml import CParser, yaml
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.names import KeyPath

Span = tuple[int, int, int | None]


class Positions(NamedTuple):
    """Line, column and end column, each from 1, by path."""

    nodes: dict[KeyPath, Span]
    """A scalar stands at its value; a mapping or a list at its key, so that a finding about all of it points to its
    name; an empty value too, since it stands nowhere."""
    keys: dict[KeyPath, Span]


def positions(text: str, offset: int, *, json: bool) -> Positions:
    """Map every path of a document to its place.

    Args:
        text: The file.
        offset: Where in it the line begins on which the document begins.
        json: Whether the file is JSON.
    """
    if json:
        from changegate.manifest.json_events import events

        stream = events(text)
    else:
        stream = _events(text[offset:])
    mapper = _Mapper(stream, text.count("\n", 0, offset))
    for event in stream:
        if isinstance(event, yaml.DocumentStartEvent):
            first = next(stream, None)
            mapper.node(first, (), first)
            break
    return mapper.found


def _events(text: str) -> Iterator[Any]:
    parser = CParser(text)
    try:
        while (event := parser.get_event()) is not None:
            yield event
    except (yaml.MarkedYAMLError, UnicodeDecodeError):
        return  # what stands before the fault keeps its place
    finally:
        parser.dispose()


class _Mapper:
    def __init__(self, stream: Iterator[Any], lines_before: int) -> None:
        self._stream = stream
        self._first_line = lines_before + 1
        self.found = Positions({}, {})

    def node(self, event: Any, path: KeyPath, place: Any) -> None:
        """Record a node and what is below it. Recursion is bounded: a document that is too deep is none."""
        if event is None:
            return
        whole = isinstance(event, yaml.CollectionStartEvent) or event.end_mark.index == event.start_mark.index
        self.found.nodes.setdefault(path, self._span(place if whole else event))
        if isinstance(event, yaml.MappingStartEvent):
            self._mapping(path)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._sequence(path)

    def _mapping(self, path: KeyPath) -> None:
        key = next(self._stream, None)
        while key is not None and not isinstance(key, yaml.MappingEndEvent):
            value_path = (*path, key.value) if isinstance(key, yaml.ScalarEvent) else (*path, "\0")
            if not isinstance(key, (yaml.ScalarEvent, yaml.AliasEvent)):
                self._skip()
            self.found.keys.setdefault(value_path, self._span(key))
            self.node(next(self._stream, None), value_path, key)
            key = next(self._stream, None)

    def _sequence(self, path: KeyPath) -> None:
        number = 0
        item = next(self._stream, None)
        while item is not None and not isinstance(item, yaml.SequenceEndEvent):
            self.node(item, (*path, number), item)
            number += 1
            item = next(self._stream, None)

    def _skip(self) -> None:
        """Pass over the rest of a collection that is a key, and no key that JSON has."""
        depth = 1
        while depth and (event := next(self._stream, None)) is not None:
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)

    def _span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        single = end.line == start.line and end.column > start.column
        return start.line + self._first_line, start.column + 1, end.column + 1 if single else None

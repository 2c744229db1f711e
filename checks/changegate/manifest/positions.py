"""Lines and columns of every node of a document: a second pass, made only when a finding has to be placed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml
from yaml.cyaml import CParser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.verdict import KeyPath

Span = tuple[int, int, int | None]


def positions(text: str, index: int, *, json: bool) -> dict[KeyPath, Span]:
    """Map every path of a document to line, column and end column.

    A scalar stands at its value; a mapping or a list at its key, so that a finding about all of it points to its name.

    Args:
        text: The file.
        index: Which of its documents, from 0; empty ones do not count.
        json: Whether the file is JSON.
    """
    if json:
        from changegate.manifest.json import events

        stream = events(text)
    else:
        stream = _events(text)
    found: dict[KeyPath, Span] = {}
    seen = 0
    for event in stream:
        if not isinstance(event, yaml.DocumentStartEvent):
            continue
        first = next(stream)
        if isinstance(first, yaml.ScalarEvent) and first.implicit[0] and first.value == "":
            continue
        if seen == index:
            _Mapper(stream, found).node(first, (), first)
            return found
        seen += 1
        _skip(stream, first)
    return found


def _events(text: str) -> Iterator[Any]:
    parser = CParser(text)
    try:
        while (event := parser.get_event()) is not None:
            yield event
    except yaml.MarkedYAMLError:
        return  # what stands before the fault keeps its place
    finally:
        parser.dispose()


def _skip(stream: Iterator[Any], first: Any) -> None:
    depth = isinstance(first, yaml.CollectionStartEvent)
    while depth:
        event = next(stream, None)
        if event is None:
            return
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)


class _Mapper:
    def __init__(self, stream: Iterator[Any], found: dict[KeyPath, Span]) -> None:
        self._stream = stream
        self._found = found

    def node(self, event: Any, path: KeyPath, place: Any) -> None:
        """Record a node and what is below it. A document that is too deep has no value to locate in."""
        if event is None or len(path) > 80:
            return
        scalar = isinstance(event, (yaml.ScalarEvent, yaml.AliasEvent))
        self._found.setdefault(path, _span(event if scalar else place))
        if isinstance(event, yaml.MappingStartEvent):
            self._mapping(path)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._sequence(path)

    def _mapping(self, path: KeyPath) -> None:
        key = next(self._stream, None)
        while key is not None and not isinstance(key, yaml.MappingEndEvent):
            value_path = (*path, key.value) if isinstance(key, yaml.ScalarEvent) else (*path, "\0")
            if not isinstance(key, (yaml.ScalarEvent, yaml.AliasEvent)):
                _skip(self._stream, key)
            self.node(next(self._stream, None), value_path, key)
            key = next(self._stream, None)

    def _sequence(self, path: KeyPath) -> None:
        number = 0
        item = next(self._stream, None)
        while item is not None and not isinstance(item, yaml.SequenceEndEvent):
            self.node(item, (*path, number), item)
            number += 1
            item = next(self._stream, None)


def _span(event: Any) -> Span:
    start, end = event.start_mark, event.end_mark
    single = end.line == start.line and end.column > start.column
    return start.line + 1, start.column + 1, end.column + 1 if single else None

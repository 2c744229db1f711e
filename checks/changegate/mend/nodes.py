"""Where the nodes of a YAML or JSON text stand, by the parser's events: what is changed is found by its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.manifest.libyaml import CParser, yaml
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class WrittenNode(NamedTuple):
    """Where a node stands, in characters from the beginning of the text."""

    start: int
    end: int
    """Behind its last character; of a block collection behind its last scalar or bracket."""
    column: int
    is_flow: bool
    kind: str
    """`list`, `mapping`, `scalar` or `alias`."""
    value: Any
    """A list of nodes, a list of (key, node), or a scalar's text."""


def root(text: str, document: int = 0) -> WrittenNode | None:
    """The root node of a document; None where there is no such document.

    Args:
        text: A whole file that was read without a fault.
        document: Which of its documents, from 0.
    """
    stream = _events(text)
    seen = -1
    for event in stream:
        seen += isinstance(event, yaml.DocumentStartEvent)
        if seen == document:
            first = next(stream, None)
            return None if first is None else _node(first, stream)
    return None


def fields(node: WrittenNode | None) -> Iterator[tuple[str, WrittenNode]]:
    """The fields of a mapping; none of anything else."""
    yield from node.value if node is not None and node.kind == "mapping" else ()


def at_key(node: WrittenNode | None, key: str) -> WrittenNode | None:
    """The value of a mapping's key."""
    return next((one for name, one in fields(node) if name == key), None)


def at(node: WrittenNode | None, path: Sequence[str | int]) -> WrittenNode | None:
    """The node at a path of keys and indexes; None where there is none."""
    for part in path:
        if isinstance(part, str):
            node = at_key(node, part)
        else:
            node = node.value[part] if node is not None and node.kind == "list" and part < len(node.value) else None
    return node


def _events(text: str) -> Iterator[Any]:
    parser = CParser(text)
    try:
        while (event := parser.get_event()) is not None:
            yield event
    finally:
        parser.dispose()


def _node(event: Any, stream: Iterator[Any]) -> WrittenNode:
    start, column = event.start_mark.index, event.start_mark.column
    if isinstance(event, yaml.SequenceStartEvent):
        return _collection(event, stream, is_mapping=False)
    if isinstance(event, yaml.MappingStartEvent):
        return _collection(event, stream, is_mapping=True)
    kind = "scalar" if isinstance(event, yaml.ScalarEvent) else "alias"
    value = event.value if kind == "scalar" else None
    return WrittenNode(start, event.end_mark.index, column, is_flow=False, kind=kind, value=value)


def _collection(event: Any, stream: Iterator[Any], *, is_mapping: bool) -> WrittenNode:
    """A list or a mapping. One in block style ends where its last part does: its mark is after comments."""
    found: list[Any] = []
    end = event.end_mark.index
    column = event.start_mark.column
    while not isinstance(one := next(stream), (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
        node = _node(one, stream)
        if is_mapping:
            name, node = node.value, _node(next(stream), stream)
            found.append((name, node))
        else:
            found.append(node)
        end = max(end, node.end)
    is_flow = bool(event.flow_style)
    closing: Any = one.end_mark
    last = int(closing.index) if is_flow else end
    kind = "mapping" if is_mapping else "list"
    return WrittenNode(event.start_mark.index, last, column, is_flow, kind, found)

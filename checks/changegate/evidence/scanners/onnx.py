"""ONNX: a graph of operators; its weights in it, or in files beside it.

Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from changegate.evidence.scanners.paths import leaves
from changegate.evidence.scanners.protobuf import fields, messages, packed, texts
from changegate.evidence.scanners.scan import MIB, MOST_SHOWN, Hazard, Malformed, Scan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.evidence.scanners.scan import Inside, Looked

KIND = "onnx"
_MOST_BYTES = 1024 * MIB
_GRAPH, _FUNCTIONS, _NODES_OF_FUNCTION = 7, 25, 7
_NODES, _INITIALIZERS, _SPARSE = 1, 5, 15
_OF_NODE, _DOMAIN = 5, 7
_ATTRIBUTE_GRAPHS, _ATTRIBUTE_TENSORS = (6, 11), (5, 10)
_EXTERNAL, _DIMENSIONS, _TYPE = 13, 1, 2
_OWN = frozenset({"", "ai.onnx", "ai.onnx.ml", "ai.onnx.preview.training", "ai.onnx.training"})
_TYPES = {
    1: "F32",
    2: "U8",
    3: "I8",
    4: "U16",
    5: "I16",
    6: "I32",
    7: "I64",
    9: "BOOL",
    10: "F16",
    11: "F64",
    16: "BF16",
}
_BYTES = {"F32": 4, "U8": 1, "I8": 1, "U16": 2, "I16": 2, "I32": 4, "I64": 8, "BOOL": 1, "F16": 2, "F64": 8, "BF16": 2}
_MOST_DEPTH = 16


def recognises(head: bytes, size: int) -> bool:
    """Whether it begins with a version, as every writer does, and names a producer or a graph soon after."""
    del size
    return len(head) > 4 and head[0] == 0x08 and 1 <= head[1] <= 32 and head[2] in (0x12, 0x1A, 0x22, 0x3A, 0x42)


class _Graphs:
    """What was found in all graphs of a model."""

    def __init__(self) -> None:
        self.domains: dict[str, None] = {}
        self.files: dict[str, None] = {}
        self.parameters = self.bytes = 0
        self.dtypes: set[str] = set()


def scan(file: Looked, inside: Inside) -> Scan:
    """Walk through the graph and the graphs in it."""
    del inside
    data = memoryview(file.whole(_MOST_BYTES, "the model"))
    found = _Graphs()
    try:
        graphs = list(messages(data, _GRAPH))
        if not graphs:
            return Scan(KIND, fault="has no graph")
        for graph in graphs:
            _walk(graph, found, 0)
        for function in messages(data, _FUNCTIONS):
            _operators(messages(function, _NODES_OF_FUNCTION), found, 0)
    except Malformed as fault:
        return Scan(KIND, fault=str(fault))
    hazards = list(_outside(found))
    parts = tuple(name for name in found.files if not leaves(name))
    return Scan(
        KIND,
        hazards=tuple(hazards[:MOST_SHOWN]),
        domains=tuple(found.domains),
        parameters=found.parameters,
        parameter_bytes=found.bytes,
        dtypes=tuple(sorted(found.dtypes)),
        parts=parts,
    )


def _outside(found: _Graphs) -> Iterator[Hazard]:
    for name in found.files:
        if leaves(name):
            yield Hazard("external-data", f"reads its weights from outside of its folder: {name[:120]}")


def _walk(graph: memoryview, found: _Graphs, depth: int) -> None:
    if depth > _MOST_DEPTH:
        raise Malformed("has graphs within graphs, deeper than any model")
    for number, value in fields(graph):
        if not isinstance(value, memoryview):
            continue
        if number == _NODES:
            _operators([value], found, depth)
        elif number == _INITIALIZERS:
            _tensor(value, found, counts=True)
        elif number == _SPARSE:
            for tensor in (*messages(value, 1), *messages(value, 2)):
                _tensor(tensor, found, counts=False)


def _operators(nodes: Iterator[memoryview] | list[memoryview], found: _Graphs, depth: int) -> None:
    for node in nodes:
        domain = next(texts(node, _DOMAIN), "")
        if domain not in _OWN:
            found.domains.setdefault(domain[:80])
        for attribute in messages(node, _OF_NODE):
            for number, value in fields(attribute):
                if number in _ATTRIBUTE_GRAPHS and isinstance(value, memoryview):
                    _walk(value, found, depth + 1)
                elif number in _ATTRIBUTE_TENSORS and isinstance(value, memoryview):
                    _tensor(value, found, counts=False)


def _tensor(tensor: memoryview, found: _Graphs, *, counts: bool) -> None:
    shape: list[int] = []
    dtype = "other"
    for number, value in fields(tensor):
        if number == _DIMENSIONS:
            shape.extend([value] if isinstance(value, int) else packed(value))
        elif number == _EXTERNAL and isinstance(value, memoryview) and next(texts(value, 1), "") == "location":
            found.files.setdefault(next(texts(value, 2), ""))
        elif number == _TYPE and isinstance(value, int):
            dtype = _TYPES.get(value, "other")
    if counts and shape and all(one < 2**40 for one in shape) and len(shape) <= 16:
        found.parameters += prod(shape)
        found.bytes += prod(shape) * _BYTES.get(dtype, 0)
        found.dtypes.add(dtype)

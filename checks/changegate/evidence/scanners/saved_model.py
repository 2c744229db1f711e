"""TensorFlow's SavedModel: graphs of operations, some of which read and write files or run code.

Source: tensorflow/core/protobuf/saved_model.proto, meta_graph.proto, framework/graph.proto, function.proto.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.evidence.scanners.protobuf import messages, texts
from changegate.evidence.scanners.scan import MIB, MOST_SHOWN, Hazard, Malformed, Scan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.evidence.scanners.scan import Inside, Looked

KIND = "saved-model"
_MOST_BYTES = 1024 * MIB
_META_GRAPHS, _GRAPH, _NODES, _LIBRARY, _FUNCTIONS, _NODES_OF_FUNCTION, _OPERATION = 2, 2, 1, 2, 1, 3, 2
_DANGEROUS = {
    "ReadFile": "reads files",
    "WriteFile": "writes files",
    "MatchingFiles": "lists files",
    "PyFunc": "runs code of Python",
    "PyFuncStateless": "runs code of Python",
    "EagerPyFunc": "runs code of Python",
    "MergeV2Checkpoints": "reads and deletes files",
    "Save": "writes files",
    "DebugIdentityV2": "writes files",
    "PrintV2": "writes into files",
}


def recognises(head: bytes, size: int) -> bool:
    """Whether it begins with the version of the schema, and a graph."""
    del size
    return head[:3] == b"\x08\x01\x12" and b"\x0a" in head[3:9] and (b"serve" in head or b"\x12\x05train" in head)


def scan(file: Looked, inside: Inside) -> Scan:
    """Walk through all graphs and functions."""
    del inside
    data = memoryview(file.whole(_MOST_BYTES, "the model"))
    try:
        found = dict.fromkeys(one for one in _operations(data) if one in _DANGEROUS)
    except Malformed as fault:
        return Scan(KIND, fault=str(fault))
    hazards = [Hazard("layer", f"has an operation that {_DANGEROUS[one]} (`{one}`)") for one in found]
    return Scan(KIND, hazards=tuple(hazards[:MOST_SHOWN]))


def _operations(data: memoryview) -> Iterator[str]:
    graphs = list(messages(data, _META_GRAPHS))
    if not graphs:
        raise Malformed("has no graph")
    for meta in graphs:
        for graph in messages(meta, _GRAPH):
            for node in messages(graph, _NODES):
                yield from texts(node, _OPERATION)
            for library in messages(graph, _LIBRARY):
                for function in messages(library, _FUNCTIONS):
                    for node in messages(function, _NODES_OF_FUNCTION):
                        yield from texts(node, _OPERATION)

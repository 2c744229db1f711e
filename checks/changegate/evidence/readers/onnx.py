"""Format `onnx`: the inputs and outputs of a graph, read from the file's bytes. Nothing is loaded.

Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, and the wire format of protocol buffers. A tensor has no
word for missing values: whether there are some is not said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.dtypes import UNKNOWN
from changegate.evidence.promises import PromisedFeature, Promises, whole_version
from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA = ""

_IR_VERSION, _MODEL_VERSION, _GRAPH = 1, 5, 7
_NAME, _INITIALIZER, _INPUT, _OUTPUT = 2, 5, 11, 12
_TENSOR, _SEQUENCE, _MAP, _SPARSE, _OPTIONAL = 1, 4, 5, 8, 9
_TYPES = (
    UNKNOWN, "float32", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16", "float64",
    "uint32", "uint64", UNKNOWN, UNKNOWN, "bfloat16",
)  # fmt: skip
_TENSOR_NAME = 8
_MOST_INPUTS = 10_000

_Field = tuple[int, int | memoryview]


def recognises(value: Any) -> bool:
    """Whether bytes begin as a model does: with the version of its form."""
    return isinstance(value, bytes) and value[:1] == b"\x08"


def read(value: bytes) -> tuple[Promises, ...]:
    """Read the graph's inputs, less what the file itself fills, and its outputs."""
    version, graph = None, None
    for number, content in _fields(memoryview(value)):
        if number == _MODEL_VERSION and isinstance(content, int):
            version = whole_version(content)
        elif number == _GRAPH and isinstance(content, memoryview):
            graph = content
    if graph is None:
        raise Unsound("there is no graph in it: it is no model of ONNX, or a part of one")
    name, filled, inputs, outputs = "", set[str](), list[memoryview](), list[memoryview]()
    for number, content in _fields(graph):
        if not isinstance(content, memoryview):
            continue
        if number == _NAME:
            name = _text(content)
        elif number == _INITIALIZER:
            filled.add(_named(content, _TENSOR_NAME))
        elif number in (_INPUT, _OUTPUT):
            (inputs if number == _INPUT else outputs).append(content)
    if len(inputs) + len(outputs) > _MOST_INPUTS:
        raise Unsound(f"it has over {_MOST_INPUTS} inputs and outputs")
    taken = [one for one in map(_tensor, inputs) if one.name not in filled]
    return (
        Promises(
            features=tuple(taken),
            names=(name,) if name else (),
            version=version,
            outputs=tuple(map(_tensor, outputs)),
        ),
    )


def _tensor(value: memoryview) -> PromisedFeature:
    """A ValueInfoProto: a name and a type."""
    name, kind = "", memoryview(b"")
    for number, content in _fields(value):
        if number == 1 and isinstance(content, memoryview):
            name = _text(content)
        elif number == 2 and isinstance(content, memoryview):
            kind = content
    terms: dict[str, Any] = {"dtype": UNKNOWN}
    said = "no type"
    for number, content in _fields(kind):
        if number in (_TENSOR, _SPARSE) and isinstance(content, memoryview):
            terms, said = _of_tensor(content)
        elif number == _OPTIONAL:
            terms, said = {"dtype": UNKNOWN, "nullable": True, "optional": True}, "an optional"
        elif number in (_SEQUENCE, _MAP):
            terms, said = {"dtype": "list" if number == _SEQUENCE else "json"}, "a sequence or a map"
    return PromisedFeature(name, terms, said=said)


def _of_tensor(value: memoryview) -> tuple[dict[str, Any], str]:
    element, shape = 0, None
    for number, content in _fields(value):
        if number == 1 and isinstance(content, int):
            element = content
        elif number == 2 and isinstance(content, memoryview):
            shape = [_size(one) for at, one in _fields(content) if at == 1 and isinstance(one, memoryview)]
    dtype = _TYPES[element] if element < len(_TYPES) else UNKNOWN
    said = dtype if dtype != UNKNOWN else f"the element type {element}"
    return {"dtype": dtype, **({"shape": shape} if shape is not None else {})}, said


def _size(dimension: memoryview) -> int:
    """A dimension; -1 where it is free or only has a name."""
    found = [content for number, content in _fields(dimension) if number == 1 and isinstance(content, int)]
    return found[-1] if found and found[-1] < 2**31 else -1


def _named(message: memoryview, number: int) -> str:
    found = (content for at, content in _fields(message) if at == number)
    return next((_text(one) for one in found if isinstance(one, memoryview)), "")


def _text(value: memoryview) -> str:
    try:
        return bytes(value[:1024]).decode("utf-8")
    except UnicodeDecodeError as fault:
        raise Unsound("a name in it is no UTF-8: it is no model of ONNX, or a damaged one") from fault


def _fields(message: memoryview) -> Iterator[_Field]:
    """The fields of a message, one after the other; of nested ones the bytes."""
    at, end = 0, len(message)
    while at < end:
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        if kind == 0:
            value, at = _varint(message, at)
            yield number, value
            continue
        if kind == 2:
            size, at = _varint(message, at)
        else:
            size = {1: 8, 5: 4}.get(kind, -1)
        if size < 0 or at + size > end or not number:
            raise Unsound("it breaks off or is damaged: it is no model of ONNX, or a part of one")
        if kind == 2:
            yield number, message[at : at + size]
        at += size


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            break
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise Unsound("it breaks off or is damaged: it is no model of ONNX, or a part of one")

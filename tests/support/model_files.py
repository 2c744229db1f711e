"""Files of models, sound and hostile, made when a test runs: what one would do is harmless, and none is loaded."""

from __future__ import annotations

import io
import json
import os
import pickle
import struct
import tarfile
import zipfile
from typing import Any


class Calls:
    """An object whose pickle calls a function; here it is written, and never read."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.made = function, arguments

    def __reduce__(self) -> Any:
        return self.made


def hostile_pickle(protocol: int = 4) -> bytes:
    """A pickle that would run `true` in a shell."""
    return pickle.dumps(Calls(os.system, "true"), protocol=protocol)


TENSOR = {"w": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}


def safetensors(header: Any = None, data: bytes = bytes(24), *, length: int | None = None) -> bytes:
    """A safetensors file: a header (bytes, or what becomes JSON), its length, and data."""
    written = header if isinstance(header, bytes) else json.dumps(TENSOR if header is None else header).encode()
    return struct.pack("<Q", len(written) if length is None else length) + written + data


def text(value: bytes) -> bytes:
    """A text of GGUF."""
    return struct.pack("<Q", len(value)) + value


def gguf(keys: dict[bytes, bytes], *, version: int = 3, count: int | None = None, tensors: int = 0) -> bytes:
    """A GGUF file of keys with texts."""
    head = b"GGUF" + struct.pack("<IQQ", version, tensors, len(keys) if count is None else count)
    return head + b"".join(text(key) + struct.pack("<I", 8) + text(value) for key, value in keys.items())


def chat(template: bytes) -> bytes:
    """A GGUF file with a chat template."""
    return gguf({b"general.architecture": b"llama", b"tokenizer.chat_template": template})


def varint(number: int) -> bytes:
    """A number as Protocol Buffers write it."""
    made = bytearray()
    while number > 0x7F:
        made.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*made, number])


def field(number: int, value: bytes | int) -> bytes:
    """A field of a message: bytes, or a number."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def node(operator: bytes, domain: bytes = b"", graph: bytes = b"") -> bytes:
    """A node of ONNX, with a graph in it where one is given."""
    return field(1, field(4, operator) + field(7, domain) + (field(5, field(6, graph)) if graph else b""))


def weights(location: bytes = b"", shape: tuple[int, ...] = (2, 3)) -> bytes:
    """An initializer of ONNX, kept in another file where a location is given."""
    kept = field(13, field(1, b"location") + field(2, location)) + field(14, 1) if location else field(9, bytes(24))
    return field(5, b"".join(field(1, size) for size in shape) + field(2, 1) + field(8, b"w") + kept)


def onnx(*parts: bytes) -> bytes:
    """A model of ONNX with a graph."""
    return field(1, 8) + field(2, b"test") + field(7, b"".join(parts) + field(2, b"g")) + field(8, field(2, 15))


def saved_model(*operations: bytes, in_function: bytes = b"") -> bytes:
    """A SavedModel of a graph with these operations, and of a function with one."""
    nodes = b"".join(field(1, field(1, b"n") + field(2, one)) for one in operations)
    library = field(2, field(1, field(3, field(1, b"n") + field(2, in_function)))) if in_function else b""
    return field(1, 1) + field(2, field(1, field(4, b"serve")) + field(2, nodes + library))


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    """A zip archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, compression)
    return made.getvalue()


def tarred(files: dict[str, bytes], link: tuple[str, str] | None = None) -> bytes:
    """A tar archive, with a link where one is given."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, data in files.items():
            one = tarfile.TarInfo(name)
            one.size = len(data)
            archive.addfile(one, io.BytesIO(data))
        if link is not None:
            one = tarfile.TarInfo(link[0])
            one.type, one.linkname = tarfile.SYMTYPE, link[1]
            archive.addfile(one)
    return made.getvalue()


def torch(data: bytes, **more: bytes) -> bytes:
    """A checkpoint of PyTorch around a pickle."""
    return zipped({"archive/data.pkl": data, "archive/version": b"3\n", "archive/data/0": bytes(16), **more})


def keras(config: Any) -> bytes:
    """A Keras archive with a configuration."""
    written = config if isinstance(config, bytes) else json.dumps(config).encode()
    return zipped({"metadata.json": b"{}", "config.json": written, "model.weights.h5": hdf5()})


LAMBDA = {"module": "keras", "class_name": "Sequential", "config": {"layers": [{"class_name": "Lambda", "config": {}}]}}
DENSE = {"module": "keras", "class_name": "Sequential", "config": {"layers": [{"class_name": "Dense", "config": {}}]}}


def hdf5(more: bytes = b"", *, end: int | None = None) -> bytes:
    """The superblock of an HDF5 file, and bytes behind it."""
    size = 96 + len(more)
    head = b"\x89HDF\r\n\x1a\n" + bytes([0, 0, 0, 0, 0, 8, 8, 0]) + struct.pack("<HHI", 4, 16, 0)
    places = struct.pack("<QQQQ", 0, 2**64 - 1, size if end is None else end, 2**64 - 1)
    return (head + places).ljust(96, b"\0") + more


def skops(*names: tuple[str, str]) -> bytes:
    """A skops archive that names functions or classes."""
    nodes = [{"__module__": module, "__class__": name, "__loader__": "ObjectNode"} for module, name in names]
    return zipped({"schema.json": json.dumps({"content": nodes, "protocol": 2}).encode()})


def array(descr: str = "'<f4'", shape: str = "(2, 3)", data: bytes = bytes(24)) -> bytes:
    """A NumPy array."""
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}".encode()
    header = header.ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data

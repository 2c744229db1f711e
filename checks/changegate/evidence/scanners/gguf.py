"""GGUF: keys and values, tensors, and often a chat template, which the loader runs as Jinja.

Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
"""

from __future__ import annotations

import re
from math import prod
from typing import TYPE_CHECKING, Any

from changegate.evidence.scanners.scan import MOST_SHOWN, Hazard, Malformed, Scan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.evidence.scanners.scan import Inside, Looked

KIND = "gguf"
_MARK = b"GGUF"
_VERSIONS = (1, 2, 3)
_LONGEST_TEXT = 64 * 1024 * 1024
_LONGEST_KEY = 65535
_MOST_DIMENSIONS = 8
_WIDTHS = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
_TEXT, _LIST = 8, 9
_LEAST_OF_KEY, _LEAST_OF_TENSOR = 13, 24
_BUFFER = 1 << 16
_BYTES = {0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 36),
          10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292),
          24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8), 30: (1, 2)}  # fmt: skip
"""Type of a tensor -> how many items stand in how many bytes (ggml.h); others are left out of the count."""
_TEMPLATE = re.compile(r"tokenizer\.chat_template(\..*)?")
_DANGERS = (
    (r"""(?:\.|\[\s*['"]|attr\s*\(\s*['"])(__\w+__)""", "reaches into Python by `{}`"),
    (r"""['"](_{1,2}[a-z]+_{0,2})['"]\s*(?:~|\+|\|\s*join)""", "puts a name of Python together from `{}`"),
    (r"\|\s*(attr)\b", "takes attributes by name (`{}`)"),
    (r"\{%-?\s*(include|import|from|extends)\b", "takes in another file by `{}`"),
    (r"\b(popen|subprocess|os\.system|lipsum|cycler|joiner|gi_frame|cr_frame|f_globals|func_globals|mro)\b",
     "names `{}`"),
)  # fmt: skip
"""What no conversation needs, and what it does."""


def recognises(head: bytes, size: int) -> bool:
    """Whether it begins with the mark."""
    del size
    return head.startswith(_MARK)


def scan(file: Looked, inside: Inside) -> Scan:
    """Read keys and tensors, within the bounds of the file."""
    del inside
    try:
        return _scanned(_HeaderReader(file))
    except Malformed as fault:
        return Scan(KIND, fault=str(fault))


def _scanned(reader: _HeaderReader) -> Scan:
    reader.skip(len(_MARK))
    version = reader.number(4)
    if version not in _VERSIONS:
        raise Malformed(f"says version {version} of GGUF, which there is not")
    reader.wide = 4 if version == 1 else 8
    tensors, keys = reader.number(reader.wide), reader.number(reader.wide)
    if tensors * _LEAST_OF_TENSOR + keys * _LEAST_OF_KEY > reader.size:
        raise Malformed(f"says that it has {keys} keys and {tensors} tensors, which do not fit into it")
    found: dict[str, Any] = {}
    for _ in range(keys):
        name = reader.text(_LONGEST_KEY)
        value = reader.value(reader.number(4), keep=bool(_TEMPLATE.fullmatch(name)) or name == "general.alignment")
        if name in found:
            raise Malformed(f"names `{name[:80]}` twice")
        found[name] = value
    described = [_tensor(reader) for _ in range(tensors)]
    _check_end(reader, described, found.get("general.alignment"))
    hazards = [one for name, text in found.items() if isinstance(text, str) for one in dangers_of(text)]
    parameters = sum(prod(shape) for shape, _kind, _offset in described)
    return Scan(KIND, hazards=tuple(hazards[:MOST_SHOWN]), parameters=parameters)


def dangers_of(template: str) -> Iterator[Hazard]:
    """What a chat template does that no conversation needs."""
    for pattern, said in _DANGERS:
        if match := re.search(pattern, template):
            yield Hazard("template", "has a chat template that " + said.format(match[1][:40]))


def _tensor(reader: _HeaderReader) -> tuple[tuple[int, ...], int, int]:
    name = reader.text(_LONGEST_KEY)
    dimensions = reader.number(4)
    if dimensions > _MOST_DIMENSIONS:
        raise Malformed(f"says that the tensor `{name[:80]}` has {dimensions} dimensions")
    shape = tuple(reader.number(reader.wide) for _ in range(dimensions))
    return shape, reader.number(4), reader.number(8)


def _check_end(reader: _HeaderReader, tensors: list[tuple[tuple[int, ...], int, int]], alignment: Any) -> None:
    """The tensors end where the file does, or before."""
    step = alignment if isinstance(alignment, int) and 0 < alignment <= _BUFFER else 32
    start = -(-reader.position // step) * step
    for shape, kind, offset in tensors:
        items, size = _BYTES.get(kind, (1, 0))
        if start + offset + -(-prod(shape) // items) * size > reader.size:
            raise Malformed("ends before its last tensor does")


class _HeaderReader:
    """The file from its beginning, through a buffer."""

    def __init__(self, file: Looked) -> None:
        self.size = file.size
        self.position = 0
        self.wide = 8
        self._file = file
        self._buffer, self._from = b"", 0

    def skip(self, length: int) -> None:
        if length > self.size - self.position:
            raise Malformed("ends in the middle of its header")
        self.position += length

    def bytes(self, length: int) -> bytes:
        if length > self.size - self.position:
            raise Malformed("ends in the middle of its header")
        begin = self.position - self._from
        if begin < 0 or begin + length > len(self._buffer):
            self._buffer, self._from = self._file.at(self.position, max(length, _BUFFER)), self.position
            begin = 0
        self.position += length
        return self._buffer[begin : begin + length]

    def number(self, width: int) -> int:
        return int.from_bytes(self.bytes(width), "little")

    def text(self, longest: int) -> str:
        length = self.number(self.wide)
        if length > min(longest, self.size - self.position):
            raise Malformed(f"has a text of {length} bytes in its header, which cannot be")
        return self.bytes(length).decode("utf-8", "replace")

    def value(self, kind: int, *, keep: bool, depth: int = 0) -> Any:
        """Read a value; what is not to be kept is stepped over."""
        if kind in _WIDTHS:
            return self.number(_WIDTHS[kind])
        if kind == _TEXT:
            text = self.text(_LONGEST_TEXT)
            return text if keep else None
        if kind != _LIST or depth > 4:
            raise Malformed(f"has a value of the type {kind}, which there is not")
        of, count = self.number(4), self.number(self.wide)
        if of in _WIDTHS:
            return self.skip(count * _WIDTHS[of])
        if count > self.size - self.position:
            raise Malformed(f"has a list of {count} values, which do not fit into it")
        texts = [self.value(of, keep=keep, depth=depth + 1) for _ in range(count)]
        return "\n".join(one for one in texts if isinstance(one, str)) if keep else None

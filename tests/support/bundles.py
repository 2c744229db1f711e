"""OPA bundles made in code, also such as no program would write."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

POLICY = 'package acme\n\ndeny contains "no" if input.kind == "X"\n'


def manifest(**fields: Any) -> bytes:
    return json.dumps({"roots": ["acme"], "revision": "r1", "rego_version": 1, **fields}).encode()


class Member(tarfile.TarInfo):
    """A header, and the content that goes with it, whatever the header says of its size."""

    content: bytes


def entry(path: str, content: bytes | str = b"", kind: bytes = tarfile.REGTYPE, **more: Any) -> Member:
    info = Member(path)
    info.content = content.encode() if isinstance(content, str) else content
    info.size, info.type = len(info.content), kind
    for key, value in more.items():
        setattr(info, key, value)
    return info


def tape(entries: Iterable[Member], form: int = tarfile.USTAR_FORMAT) -> bytes:
    """A whole tar archive."""
    made = bytearray()
    for one in entries:
        made += one.tobuf(form, "utf-8", "surrogateescape") + one.content + bytes(-len(one.content) % 512)
    return bytes(made) + bytes(1024)


def packed(entries: Iterable[Member], form: int = tarfile.USTAR_FORMAT) -> bytes:
    return gzip.compress(tape(entries, form), mtime=0)


def bundle(files: dict[str, bytes | str]) -> bytes:
    """A bundle of plain files."""
    return packed([entry(path, content) for path, content in files.items()])


def unpacked(data: bytes) -> dict[str, bytes]:
    """What any other reader finds in an archive."""
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
        return {one.name: archive.extractfile(one).read() for one in archive if one.isfile()}  # type: ignore[union-attr]

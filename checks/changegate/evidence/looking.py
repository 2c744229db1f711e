"""Looking into files in a process of its own, within bounds: a file may be made to crash, hang or fill a reader.

What ends that process was not looked at to its end; nobody takes that for an answer.
"""

from __future__ import annotations

import io
import json
import os
from typing import TYPE_CHECKING, Any

from changegate.records import NamedTuple
from changegate.worker import Limits, Worker, WorkerError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from changegate.evidence.scanners.scan import Scan

SECONDS = 60.0
"""For one file."""
MEMORY_BYTES = 2 * 1024**3
_TEXT_BYTES = 512
_STARTS_OF_PICKLES = b"c(}]i\x80"
_SEPARATOR = b"\0"


class Look(NamedTuple):
    """What looking at a file came to."""

    status: str
    """`complete`, `incomplete`, or `unseen` where nothing is known of how such a file is looked at."""
    reason: str = ""
    scan: Scan | None = None


def look(data: bytes, formats: Sequence[str], name: str) -> Look:
    """Look into bytes that are in memory.

    Args:
        data: The file.
        formats: What the manifest and its names say that it is.
        name: Its name.
    """
    if _is_plain(data, formats):
        return Look("unseen", "it is text, of a kind that is not looked into")
    asked = json.dumps([list(formats), name]).encode() + _SEPARATOR + data
    try:
        answer = _shared().call(asked)
    except WorkerError as error:
        return Look("incomplete", f"looking into it was stopped: {error.message}")
    return _found(answer)


def look_at(descriptor: int, size: int, formats: Sequence[str], name: str) -> Look:
    """Look into a file that is open, which may be larger than memory.

    Args:
        descriptor: The file; it stays open, and its position is nobody's.
        size: Its size in bytes.
        formats: What the manifest and its names say that it is.
        name: Its name.
    """
    asked = json.dumps([list(formats), name]).encode()
    worker = Worker(lambda: _answerer(descriptor, size), Limits(SECONDS, MEMORY_BYTES), kept=(descriptor,))
    try:
        return _found(worker.call(asked))
    except WorkerError as error:
        return Look("incomplete", f"looking into it was stopped: {error.message}")
    finally:
        worker.close()


def _is_plain(data: bytes, formats: Sequence[str]) -> bool:
    """Whether it is text that no scanner is asked about: most files of a repository are, and cost no process."""
    head = data[:_TEXT_BYTES]
    if not head or head[:1] in {bytes([one]) for one in _STARTS_OF_PICKLES}:
        return not head
    if any(byte < 32 and byte not in b"\t\n\r\f" for byte in head):
        return False
    from changegate.evidence.scanners import claimed

    return not claimed(formats)


_kept: list[Worker] = []


def _shared() -> Worker:
    """One process for all files of a run; another one where that has died, or this is a fork."""
    if not _kept or not _kept[0].is_ours or _kept[0].is_gone:
        _kept[:] = [Worker(lambda: _answer_bytes, Limits(SECONDS, MEMORY_BYTES))]
    return _kept[0]


def _found(answer: bytes) -> Look:
    from changegate.evidence.scanners.scan import Hazard, Scan

    told: dict[str, Any] | None = json.loads(answer)
    if told is None:
        return Look("unseen", "nothing is known of how a file of this kind is looked into")
    told["hazards"] = tuple(Hazard(*one) for one in told["hazards"])
    for key in ("names", "domains", "dtypes", "parts"):
        told[key] = tuple(told[key])
    scan = Scan(**told)
    return Look("complete" if scan.complete else "incomplete", scan.reason, scan)


# What runs in the process of its own


def _answer_bytes(request: bytes) -> bytes:
    head, _, data = request.partition(_SEPARATOR)
    formats, name = json.loads(head)
    return _told(io.BytesIO(data), len(data), formats, name)


def _answerer(descriptor: int, size: int) -> Callable[[bytes], bytes]:
    def answer(request: bytes) -> bytes:
        formats, name = json.loads(request)
        with os.fdopen(os.dup(descriptor), "rb") as file:
            return _told(file, size, formats, name)

    return answer


def _told(file: Any, size: int, formats: Sequence[str], name: str) -> bytes:
    from changegate.evidence.scanners import scan
    from changegate.evidence.scanners.scan import Looked

    found = scan(Looked(file, size, name), formats)
    return json.dumps(None if found is None else found._asdict()).encode()

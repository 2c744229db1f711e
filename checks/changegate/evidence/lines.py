"""Files of one JSON value a line (JSON Lines), as bundles of attestations are written.

Source: the in-toto attestation framework, spec/v1/bundle.md.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from changegate.evidence.files import parsed
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from changegate.manifest.document import Fault

MOST_LINES = 256
"""A file of more values is not read."""


class Lines(NamedTuple):
    """The values of a file, or what is wrong with it."""

    values: tuple[tuple[int, Any], ...] = ()
    """Each with the number of its line, from 1. Blank lines are none."""
    fault: Fault | None = None
    """What is wrong with one line; its message names the line."""


def has_lines(data: bytes, path: str) -> bool:
    """Whether a file that is not one JSON value has one a line: its name says so, or its first line is a whole object.

    Args:
        data: The file's bytes.
        path: Its path.
    """
    if path.endswith(".jsonl"):
        return True
    try:
        return isinstance(json.loads(data.lstrip().partition(b"\n")[0]), dict)
    except (ValueError, RecursionError):
        return False


def read_lines(data: bytes, path: str) -> Lines:
    """Read a file of one JSON value a line; the first line that is none is its fault.

    Args:
        data: The file's bytes.
        path: Its path, for faults.
    """
    written = [(number, line) for number, line in enumerate(data.split(b"\n"), 1) if line.strip()]
    if len(written) > MOST_LINES:
        return Lines(fault=_too_many(path, written[MOST_LINES][0]))
    values = []
    for number, line in written:
        read = parsed(line, f"{path}.json")
        if read.faults:
            fault = read.faults[0]
            return Lines(fault=fault._replace(message=f"on line {number}, {fault.message}", file=path, line=number))
        values.append((number, read.documents[0].value))
    return Lines(tuple(values))


def _too_many(path: str, line: int) -> Fault:
    from changegate.manifest.document import Fault

    message = f"it has more than {MOST_LINES} lines with a value"
    return Fault("too-large", message, "Keep only what is about this release.", path, line, 1)

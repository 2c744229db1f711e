"""What a scanner says of a file, and how it asks for what is inside. A scanner reads bytes and never loads anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import BinaryIO

MIB = 1024 * 1024
MOST_SHOWN = 5
"""So many hazards or faults of one file are told."""


class Malformed(Exception):  # noqa: N818  (no error: it becomes a fault)
    """A file that is no sound one of its format, in words that follow its name."""


class Unread(Exception):  # noqa: N818  (no error: it becomes a reason)
    """A file that could not be looked at to its end, in words that follow its name."""


class Hazard(NamedTuple):
    """Something in a file that does more than hold numbers."""

    kind: str
    """`pickle`, `layer`, `template`, `archive` or `external-data`."""
    what: str
    """What it is, in words that follow "it"."""


class Scan(NamedTuple):
    """What was found in one file."""

    kind: str
    """What the bytes are: a key of `KINDS`."""
    complete: bool = True
    """Whether all of it was looked at that its format can hide something in."""
    reason: str = ""
    """Why not."""
    fault: str = ""
    """What is wrong with it as a file of its kind; empty where nothing is."""
    hazards: tuple[Hazard, ...] = ()
    names: tuple[str, ...] = ()
    """What it calls that nobody knows to be harmless: full names of functions and classes."""
    domains: tuple[str, ...] = ()
    """Domains of operators that are not the standard's."""
    parameters: int | None = None
    """The number of parameters that it says it holds."""
    parameter_bytes: int | None = None
    """The bytes that they take."""
    dtypes: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    """Files that belong to it, by their names from its folder."""
    inside: str = ""
    """The kind of the one file that a wrapping holds."""

    def unread(self, reason: str) -> Scan:
        """The same, of which not all was looked at."""
        return self._replace(complete=False, reason=self.reason or reason)


class Looked:
    """A file's bytes, of which a scanner takes what it asks for."""

    def __init__(self, file: BinaryIO, size: int, name: str = "") -> None:
        """Take a file that can be read at any place.

        Args:
            file: The file, opened.
            size: Its size in bytes.
            name: Its name, for faults.
        """
        self.file = file
        self.size = size
        self.name = name

    def at(self, offset: int, length: int) -> bytes:
        """So many bytes from a place; fewer where the file ends."""
        self.file.seek(offset)
        return self.file.read(max(0, min(length, self.size - offset)))

    def whole(self, most: int, what: str) -> bytes:
        """All of it.

        Raises:
            Unread: It has more bytes than that.
        """
        if self.size > most:
            raise Unread(f"{what} has {self.size} bytes, more than the {most} that are looked through")
        return self.at(0, self.size)


class Inside(Protocol):
    """How a scanner has a file scanned that stands in another one."""

    def __call__(self, name: str, data: bytes, *, of_torch: bool = False) -> Scan | None:
        """Scan a file that was unpacked; None where it is of no kind that is known.

        Args:
            name: Its name in the file that it was in.
            data: Its bytes.
            of_torch: Whether a checkpoint of PyTorch holds it.
        """
        ...

    def knows(self, name: str, head: bytes, size: int) -> bool:
        """Whether a file of this name that begins so is worth unpacking."""
        ...

    def room(self) -> int:
        """How many bytes may still be unpacked."""
        ...


class Scanner(Protocol):
    """A module of this room."""

    KIND: str

    def recognises(self, head: bytes, size: int) -> bool:
        """Whether a file that begins so is of this kind."""
        ...

    def scan(self, file: Looked, inside: Inside) -> Scan:
        """Look at a file."""
        ...


def merged(scan: Scan, name: str, inner: Scan) -> Scan:
    """What a wrapping says, with what was found in a file inside it."""
    within = f"{name}: " if name else ""
    hazards = tuple(one._replace(what=f"{within}{one.what}") for one in inner.hazards)
    found = scan._replace(hazards=scan.hazards + hazards, names=tuple(dict.fromkeys(scan.names + inner.names)))
    if inner.fault and not scan.fault:
        found = found._replace(fault=f"{within}{inner.fault}")
    return found if inner.complete else found.unread(f"{within}{inner.reason}")


def unique_pairs(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    """An object of JSON, none of whose keys stands there twice.

    Raises:
        Malformed: One does.
    """
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Malformed(f"names `{key[:80]}` twice in its header")
        found[key] = value
    return found

"""Tar archives: what is in one, and whether it stays where it is unpacked. Nothing is unpacked onto the disk."""

from __future__ import annotations

import tarfile
from typing import TYPE_CHECKING

from changegate.evidence.scanners.paths import leaves
from changegate.evidence.scanners.scan import MOST_SHOWN, Hazard, Scan, merged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.evidence.scanners.scan import Inside, Looked

KIND = "tar"
_MARK_AT = 257
MOST_MEMBERS = 20_000
_HEAD = 4096


def recognises(head: bytes, size: int) -> bool:
    """Whether it has the mark at its place."""
    del size
    return head[_MARK_AT : _MARK_AT + 5] == b"ustar"


def scan(file: Looked, inside: Inside) -> Scan:
    """Read header after header, and look into what can hide something."""
    made = Scan(KIND)
    file.file.seek(0)
    try:
        with tarfile.open(fileobj=file.file, mode="r:") as archive:
            for number, one in enumerate(archive):
                if number >= MOST_MEMBERS:
                    return made.unread(f"has more than the {MOST_MEMBERS} files that are looked at")
                made = _member(archive, one, made, inside)
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        return made._replace(fault=f"is a broken tar archive ({str(error)[:80] or type(error).__name__})")
    return made._replace(hazards=made.hazards[:MOST_SHOWN])


def _member(archive: tarfile.TarFile, one: tarfile.TarInfo, made: Scan, inside: Inside) -> Scan:
    made = made._replace(hazards=made.hazards + tuple(_hazards(one)))
    if not one.isreg() or not one.size:
        return made
    opened = archive.extractfile(one)
    if opened is None:
        return made
    head = opened.read(_HEAD)
    if not inside.knows(one.name, head, one.size):
        return made
    if one.size > inside.room():
        return made.unread(f"{one.name[:80]} has {one.size} bytes, more than are unpacked")
    inner = inside(one.name, head + opened.read())
    return made if inner is None else merged(made, one.name[:80], inner)


def _hazards(one: tarfile.TarInfo) -> Iterator[Hazard]:
    if why := leaves(one.name):
        yield Hazard("archive", f"holds a file that {why}: {one.name[:80]}")
    if one.issym() or one.islnk():
        yield Hazard("archive", f"holds a link: {one.name[:80]}")
    if one.ischr() or one.isblk() or one.isfifo():
        yield Hazard("archive", f"holds a device: {one.name[:80]}")

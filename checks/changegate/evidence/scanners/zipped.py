"""Zip archives and what is kept in one: PyTorch checkpoints, NumPy's `.npz`, Keras' `.keras`, skops, plain archives.

Nothing is unpacked onto the disk. Source: PKWARE's APPNOTE.TXT; torch/serialization.py; keras/src/saving/saving_lib.py.
"""

from __future__ import annotations

import json
import stat
import zipfile
import zlib
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from changegate.evidence.scanners.layers import of_keras, of_skops
from changegate.evidence.scanners.paths import leaves
from changegate.evidence.scanners.scan import MIB, MOST_SHOWN, Hazard, Malformed, Scan, merged, unique_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from changegate.evidence.scanners.scan import Inside, Looked

KIND = "zip"
MOST_MEMBERS = 20_000
MOST_UNPACKED_RATIO = 200
"""An archive that unpacks to so many times its size, and to more than `_ALWAYS` bytes, is made to fill a disk."""
_ALWAYS = 256 * MIB
_LONGEST_CONFIG = 32 * MIB
_HEAD, _LEAST_HEADER = 4096, 30


def recognises(head: bytes, size: int) -> bool:
    """Whether it begins like an archive, or like an empty one."""
    del size
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def scan(file: Looked, inside: Inside) -> Scan:
    """Read the directory, say what kind of archive it is, and look into what can hide something."""
    try:
        with zipfile.ZipFile(file.file) as archive:
            return _scanned(archive, file, inside)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        return Scan(KIND, fault=f"is a broken zip archive ({str(error)[:80] or type(error).__name__})")
    except RuntimeError:
        return Scan(KIND, complete=False, reason="is a zip archive with a password")


def _scanned(archive: zipfile.ZipFile, file: Looked, inside: Inside) -> Scan:
    members = archive.infolist()
    kind = _kind([one.filename for one in members])
    made = Scan(kind, hazards=tuple(_hazards(members, file.size))[:MOST_SHOWN])
    if len(members) > MOST_MEMBERS:
        return made.unread(f"has {len(members)} files, more than the {MOST_MEMBERS} that are looked at")
    if any(one.what.startswith("unpacks to") for one in made.hazards):
        return made.unread("it is not unpacked")
    for one in members:
        made = _member(archive, one, made, inside)
    return made


def _kind(names: Sequence[str]) -> str:
    """What kind of archive it is, by the names of its files."""
    last = {name.rpartition("/")[2] for name in names}
    if "data.pkl" in last or ("constants.pkl" in last and any("/code/" in f"/{name}" for name in names)):
        return "pytorch"
    if {"config.json", "metadata.json"} <= set(names) or ("config.json" in names and "model.weights.h5" in names):
        return "keras"
    if "schema.json" in names:
        return "skops"
    return "npz" if names and all(name.endswith(".npy") for name in names) else KIND


def _hazards(members: Sequence[zipfile.ZipInfo], size: int) -> Iterator[Hazard]:
    seen: set[str] = set()
    for one in members:
        if why := leaves(one.orig_filename):
            yield Hazard("archive", f"holds a file that {why}: {one.orig_filename[:80]}")
        if stat.S_ISLNK(one.external_attr >> 16):
            yield Hazard("archive", f"holds a link: {one.filename[:80]}")
        if one.filename in seen:
            yield Hazard("archive", f"holds two files of one name, of which readers take either: {one.filename[:80]}")
        seen.add(one.filename)
    unpacked = sum(one.file_size for one in members)
    if unpacked > max(_ALWAYS, size * MOST_UNPACKED_RATIO) or _overlap(members):
        yield Hazard("archive", f"unpacks to {unpacked} bytes, from {size}")


def _overlap(members: Sequence[zipfile.ZipInfo]) -> bool:
    """Whether files share bytes: such an archive unpacks to more than any ratio of its own."""
    places = sorted((one.header_offset, _LEAST_HEADER + one.compress_size) for one in members)
    return any(begin + size > after for (begin, size), (after, _) in pairwise(places))


def _member(archive: zipfile.ZipFile, one: zipfile.ZipInfo, made: Scan, inside: Inside) -> Scan:
    """Look into a file of the archive."""
    name = one.filename
    if one.is_dir() or not one.file_size:
        return made
    with archive.open(one) as opened:
        head = opened.read(_HEAD)
    if name in {"config.json", "schema.json"} and made.kind in {"keras", "skops"}:
        return _config(archive, one, made)
    if not inside.knows(name, head, one.file_size):
        return made
    if one.file_size > inside.room():
        return made.unread(f"{name[:80]} has {one.file_size} bytes, more than are unpacked")
    data = archive.read(one)
    inner = inside(name, data, of_torch=made.kind == "pytorch")
    return made if inner is None else merged(_counted(made, inner), name[:80], inner)


def _counted(made: Scan, inner: Scan) -> Scan:
    """Arrays add to the parameters of an `.npz`."""
    if made.kind != "npz" or inner.parameters is None:
        return made
    held = (made.parameter_bytes or 0) + (inner.parameter_bytes or 0)
    return made._replace(parameters=(made.parameters or 0) + inner.parameters, parameter_bytes=held)


def _config(archive: zipfile.ZipFile, one: zipfile.ZipInfo, made: Scan) -> Scan:
    if one.file_size > _LONGEST_CONFIG:
        return made.unread(f"{one.filename} has {one.file_size} bytes, more than are read")
    try:
        value: Any = json.loads(archive.read(one), object_pairs_hook=unique_pairs)
    except (ValueError, RecursionError, Malformed):
        return made._replace(fault=f"has a {one.filename} that is no JSON")
    hazards, names = of_keras(value) if made.kind == "keras" else of_skops(value)
    return made._replace(hazards=made.hazards + hazards, names=tuple(dict.fromkeys(made.names + names)))

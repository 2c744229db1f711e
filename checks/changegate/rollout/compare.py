"""A plan's files beside those of a folder: what is missing, other, or not of the plan."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from changegate.escape import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


def differences(folder: Path, made: tuple[tuple[str, str], ...]) -> list[str]:
    """Say what a folder holds otherwise than a plan; no link in it is followed.

    Args:
        folder: Where the plan was written once.
        made: (name, text) of what would be written now.

    Returns:
        A sentence for each file, in the order of their names; none where all are as they would be written.
    """
    if folder.is_symlink():
        return [f"{folder} is a symbolic link, which is not followed"]
    wanted = {name: text.encode() for name, text in made}
    there = set(os.listdir(folder)) if folder.is_dir() else set()  # noqa: PTH208  (names alone)
    return list(_differences(folder, wanted, there))


def _differences(folder: Path, wanted: Mapping[str, bytes], there: set[str]) -> Iterator[str]:
    for name in sorted({*wanted, *there}):
        file = folder / name
        if name not in wanted:
            yield f"{file} is not of the plan: remove it"
        elif name not in there:
            yield f"{file} is missing"
        elif file.is_symlink() or not file.is_file():
            yield f"{file} is no regular file: remove it"
        else:
            yield from _other(file, wanted[name])


def _other(file: Path, wanted: bytes) -> Iterator[str]:
    try:
        data = file.read_bytes()
    except OSError as error:
        yield f"{file} cannot be read: {error.strerror or error}"
        return
    lines, ours = data.decode("utf-8", "replace").splitlines(), wanted.decode().splitlines()
    # NOTE: a checkout may have made CRLF of every line end, which is the same document.
    if data.replace(b"\r\n", b"\n") == wanted:
        return
    shared = zip(lines, ours, strict=False)
    number = next((at for at, (one, other) in enumerate(shared) if one != other), min(len(lines), len(ours)))
    there, here = (shorten(some[number].strip(), 120) if number < len(some) else "" for some in (lines, ours))
    yield f"{file}:{number + 1} is not as it would be rendered: `{there}` stands there, it would be `{here}`"

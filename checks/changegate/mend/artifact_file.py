"""A model's own file as a manifest states it: its size, its digest, its format, and the number of its parameters."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from changegate.evidence.looking import look_at
from changegate.evidence.references import formats
from changegate.measured import digest_of

if TYPE_CHECKING:
    from pathlib import Path


def artifact_of(path: Path, top: Path | None) -> dict[str, Any]:
    """The entry of a model's file.

    Args:
        path: The file; it is looked into in a process of its own.
        top: The top of the clone: a file in it has a path in the manifest.
    """
    named = formats({"uri": f"file:///{path.name}", "path": path.name})
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        seen = look_at(file.fileno(), size, named, path.name)
    made: dict[str, Any] = {}
    whole = path.resolve()
    if top is not None and whole.is_relative_to(top):
        made["path"] = whole.relative_to(top).as_posix()
    made |= {"format": named[0]} if named else {}
    made |= {"sizeBytes": size, "digest": digest_of(path)}
    count = seen.scan.parameters if seen.scan is not None and not seen.scan.fault else None
    return made | ({"parameters": count} if count else {})

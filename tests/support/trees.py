"""Trees made of a dict, and collector requests on them."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING, Any

from changegate.evidence.collector import EvidenceRequest
from changegate.evidence.files import EvidenceFiles
from changegate.policy.signers import Signers
from changegate.workspace.tree import Content, Entry, Opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

NOW = 1_793_620_800  # 2026-11-02T12:00:00Z, the day that all fixtures live in


class DictTree:
    """A tree of files in memory."""

    def __init__(self, files: Mapping[str, bytes], revision: str = "f" * 40) -> None:
        self.files = dict(files)
        self.revision = revision

    def read(self, path: str, limit: int) -> Content:
        data = self.files.get(path)
        if data is None and any(name.startswith(f"{path}/") for name in self.files):
            return Content(None, "directory", f"{path} is a folder")
        if data is None:
            return Content(None, "missing", f"{path} is not in the repository")
        if len(data) > limit:
            return Content(None, "too-large", f"{path} is larger than {limit} bytes")
        return Content(data)

    def open(self, path: str, limit: int) -> Opened:
        if path not in self.files or len(self.files[path]) > limit:
            return Opened(reason="it is not there, or too large")
        with tempfile.TemporaryFile() as file:
            file.write(self.files[path])
            file.flush()
            return Opened(os.dup(file.fileno()), len(self.files[path]))

    def read_many(self, paths: Sequence[str], limit: int) -> Iterator[tuple[str, Content]]:
        return ((path, self.read(path, limit)) for path in paths)

    def link(self, path: str) -> str | None:
        """No link is among the files."""

    def entries(self) -> Iterator[Entry]:
        return (Entry(path, "100644", "") for path in sorted(self.files))

    def grep(self, needles: tuple[str, ...]) -> set[str]:
        wanted = [needle.encode() for needle in needles]
        return {path for path, data in self.files.items() if any(needle in data for needle in wanted)}


def request(
    release: Mapping[str, Any],
    files: Mapping[str, bytes] | None = None,
    *,
    base: Mapping[str, bytes] | None = None,
    previous: Mapping[str, Any] | None = None,
    handed_in: Path | None = None,
    reviews: Any = None,
    teams: Any = None,
    now: int = NOW,
    inventory: Mapping[str, Any] | None = None,
    signers: Any = Signers(),  # noqa: B008  (immutable)
) -> EvidenceRequest:
    """A collector's request on files in memory."""
    trees = EvidenceFiles(
        head=DictTree(files or {}), base=DictTree(base) if base is not None else None, handed_in=handed_in
    )
    given = inventory or {}
    return EvidenceRequest(
        release=release,
        previous=previous,
        files=trees,
        reviews=reviews,
        teams=teams,
        now=now,
        inventory=given,
        signers=signers,
    )

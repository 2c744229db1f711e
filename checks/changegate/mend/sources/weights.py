"""A model's own file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.mend.artifact_file import artifact_of
from changegate.mend.source import SourceFacts

if TYPE_CHECKING:
    from pathlib import Path


def recognises(path: Path, value: Any) -> bool:
    """Whatever describes nothing is a model."""
    del path
    return value is None


def read(path: Path, value: Any, top: Path | None) -> SourceFacts:
    """Read what the bytes say."""
    del value
    return SourceFacts(artifacts=(artifact_of(path, top),), said=f"{path.name} itself")

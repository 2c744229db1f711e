"""What a source of a model tells, in the form that all of them have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class SourceFacts(NamedTuple):
    """What a source says of a model."""

    artifacts: tuple[Mapping[str, Any], ...] = ()
    """As a manifest has them; `name` and `role` may be left out."""
    task: str = ""
    serving: Mapping[str, Any] = {}
    training_run: Mapping[str, str] = {}
    external: Mapping[str, str] = {}
    """Of a model that somebody else trained: publisher, licence, obtainedFrom."""
    said: str = ""
    """What was read, in a few words."""


class ModelSource(Protocol):
    """A module that reads one kind of source."""

    def recognises(self, path: Path, value: Any) -> bool:
        """Whether a file is of this kind.

        Args:
            path: The file.
            value: What it says as plain JSON, where it is a description; else None.
        """
        ...

    def read(self, path: Path, value: Any, top: Path | None) -> SourceFacts:
        """Read it.

        Args:
            path: The file.
            value: As for `recognises`.
            top: The top of the clone, where there is one.

        Raises:
            UsageError: It cannot be read.
        """
        ...

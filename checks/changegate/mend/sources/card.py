"""A model's card as hubs have it: the front matter of a `README.md`.

Source: https://huggingface.co/docs/hub/model-cards#model-card-metadata
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.mend.hub_names import licence_of, task_of
from changegate.mend.source import SourceFacts

if TYPE_CHECKING:
    from pathlib import Path


def recognises(path: Path, value: Any) -> bool:
    """Whether it is a card."""
    return path.suffix.lower() in {".md", ".markdown"} and isinstance(value, dict)


def read(path: Path, value: Any, top: Path | None) -> SourceFacts:
    """Read its licence and its task; of files a card says nothing."""
    del path, top
    return SourceFacts(task=task_of(value.get("pipeline_tag")), external=licence_of(value), said="a model card")

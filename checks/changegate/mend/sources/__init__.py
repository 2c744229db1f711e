"""What a model's source tells of it: a file a kind of source, one dictionary.

A source is read and never run: a model's file is looked into in a process of its own, a card and a description are
data. What it says is what somebody wrote; the gate holds it against the model later.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from changegate.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from changegate.mend.source import ModelSource, SourceFacts

SOURCES = {
    "card": "changegate.mend.sources.card",
    "mlmodel": "changegate.mend.sources.mlmodel",
    "hub": "changegate.mend.sources.hub",
    "inference-service": "changegate.mend.sources.inference_service",
    "weights": "changegate.mend.sources.weights",
}
"""Kind of source -> its reader. The first that recognises a file reads it; the last one takes any model."""

LARGEST = 16 * 1024 * 1024
"""Of a description; a model may have any size."""


def told(path: Path, top: Path | None) -> SourceFacts:
    """Read what a file tells of a model.

    Args:
        path: A model, or what describes one.
        top: The top of the clone, where there is one.

    Raises:
        UsageError: It is not there, or cannot be read.
    """
    if not path.is_file():
        raise UsageError(
            f"{path} is no file", hint="name a model's file, its card, its MLmodel or what its hub says as JSON"
        )
    value = _described(path)
    for module in SOURCES.values():
        source = cast("ModelSource", import_module(module))
        if source.recognises(path, value):
            return source.read(path, value, top)
    raise UsageError(f"{path} is nothing that tells of a model", hint="name a model's file, its card or its MLmodel")


def _described(path: Path) -> Any:
    """A description as plain JSON; None of anything else."""
    from changegate.manifest import parse

    is_card = path.suffix.lower() in {".md", ".markdown"}
    if not is_card and path.name != "MLmodel" and path.suffix.lower() not in {".yaml", ".yml", ".json"}:
        return None
    if path.stat().st_size > LARGEST:
        raise UsageError(
            f"{path} is too large for a description", hint="name the model's card, its MLmodel or its JSON"
        )
    data = path.read_bytes()
    if is_card:
        data = _front_matter(data)
    read = parse(data, "description.json" if path.suffix.lower() == ".json" else "description.yaml")
    if read.faults or len(read.documents) != 1:
        fault = read.faults[0] if read.faults else None
        why = f"line {fault.line}: {fault.message}" if fault else "it says nothing, or several things"
        raise UsageError(f"{path} cannot be read: {why}", hint="export it again, or leave --from out")
    return read.documents[0].value


def _front_matter(data: bytes) -> bytes:
    """What stands between the first two lines of dashes of a card."""
    lines = data.splitlines(keepends=True)
    if not lines or lines[0].strip() != b"---":
        raise UsageError(
            "the card has no front matter", hint="begin it with `---`, what it says of the model, and `---`"
        )
    end = next((number for number, line in enumerate(lines[1:], 1) if line.strip() == b"---"), None)
    if end is None:
        raise UsageError("the card's front matter does not end", hint="end it with a line `---`")
    return b"".join(lines[1:end])

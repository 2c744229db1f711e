"""A plan as files: made in memory, then written whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from changegate.rollout import document, rendering

if TYPE_CHECKING:
    from pathlib import Path

    from changegate.rollout.model import Plan
    from changegate.rollout.rendering import Rendered


def files(plan: Plan, target: str, rendered: Rendered) -> tuple[tuple[str, str], ...]:
    """Make the files of a plan: `plan.json`, and for a controller its form, and `rendering.json` with what that loses.

    Args:
        plan: The plan.
        target: The controller; empty where there is none.
        rendered: Its form; without files where it has none.
    """
    neutral = ("plan.json", _json(document.as_json(plan)))
    lost = ("rendering.json", _json(rendering.as_json(target, rendered.losses)))
    return (neutral, lost, *rendered.files) if target else (neutral,)


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=True) + "\n"


def write(directory: Path, made: tuple[tuple[str, str], ...]) -> None:
    """Write the files into a directory, which is made where it is missing; each whole or not at all.

    Raises:
        ReportError: A link or something that is no regular file is in the way, or the system refuses.
    """
    from changegate.errors import ReportError
    from changegate.report.write import write_atomic

    for name, text in made:
        try:
            directory.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(directory / name, text.encode("utf-8"), root=directory.parent)
        except OSError as error:
            hint = "check that the directory can be written to and the disk is not full"
            raise ReportError(f"{name} could not be written: {error.strerror or error}", hint=hint) from error

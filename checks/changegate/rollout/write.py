"""A plan as files: made in memory, then written whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from changegate.rollout import losses_of
from changegate.rollout.document import as_json

if TYPE_CHECKING:
    from pathlib import Path

    from changegate.rollout.model import Plan, Rendered


def files(plan: Plan, rendered: Rendered | None) -> tuple[tuple[str, str], ...]:
    """Make the files of a plan: `plan.json`, and what a renderer wrote.

    Args:
        plan: The plan.
        rendered: Its form for a controller, or None where it has none.
    """
    document = as_json(plan, rendered.losses if rendered else losses_of(plan))
    neutral = ("plan.json", json.dumps(document, indent=2, ensure_ascii=True) + "\n")
    return (neutral, *(rendered.files if rendered else ()))


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

"""What is wrong with policies, for people, for programs, and as annotations of a workflow."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from changegate.escape import json_text, path, terminal, workflow_data, workflow_property

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from changegate.author.problem import Problem

SCHEMA_VERSION = 1
"""Of the JSON form; raised when a reader of the present version could misread the next."""


def console(problems: Sequence[Problem], files: int) -> str:
    """List the problems for people."""
    lines = []
    for one in problems:
        lines.append(f"{path(one.file)}:{one.line}: {one.level}: {terminal(one.message)}")
        if one.hint:
            lines.append(f"  try: {terminal(one.hint)}")
    return "\n".join([*lines, *([""] if lines else []), _summary(problems, files)]) + "\n"


def _summary(problems: Sequence[Problem], files: int) -> str:
    looked = f"{files} file{'' if files == 1 else 's'}"
    errors = sum(one.level == "error" for one in problems)
    counted = [(errors, "problem"), (len(problems) - errors, "warning")]
    told = " and ".join(f"{number} {word}{'' if number == 1 else 's'}" for number, word in counted if number)
    return f"{looked}: {told or 'nothing is wrong'}"


def as_json(problems: Sequence[Problem], files: int) -> str:
    """List the problems for programs."""
    document = {"schemaVersion": SCHEMA_VERSION, "files": files, "problems": [one._asdict() for one in problems]}
    return json_text(json.dumps(document, indent=2)) + "\n"


def github(problems: Sequence[Problem], files: int) -> str:
    """Write the problems as annotations of a GitHub workflow, and the summary below."""
    lines = []
    for one in problems:
        text = one.message + (f"\ntry: {one.hint}" if one.hint else "")
        place = f"file={workflow_property(path(one.file))},line={one.line}"
        lines.append(f"::{one.level} {place}::{workflow_data(text)}")
    return "\n".join([*lines, _summary(problems, files)]) + "\n"


FORMS: dict[str, Callable[[Sequence[Problem], int], str]] = {"console": console, "json": as_json, "github": github}
"""Format -> what writes it."""

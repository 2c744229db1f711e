"""What is wrong with policies, for people, for programs, and as annotations of a workflow."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from changegate.escape import json_text, path, terminal, workflow_data, workflow_property

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from changegate.author.engines import Checked
    from changegate.author.problem import Problem

SCHEMA_VERSION = 1
"""Of the JSON form; raised when a reader of the present version could misread the next."""


def console(found: Checked) -> str:
    """List the problems for people, and who takes which file."""
    lines = listed(found.problems)
    return "\n".join([*lines, *([""] if lines else []), *_engines(found), _summary(found)]) + "\n"


def listed(problems: Iterable[Problem]) -> list[str]:
    """The lines that tell problems to people."""
    lines = []
    for one in problems:
        lines.append(f"{path(one.file)}:{one.line}: {one.level}: {terminal(one.message)}")
        if one.hint:
            lines.append(f"  try: {terminal(one.hint)}")
    return lines


def _engines(found: Checked) -> list[str]:
    """Who takes what, where that is not everybody everything; the JSON form has it of each file."""
    if len(found.asked) == 1:
        return []
    told: dict[tuple[str, ...], str] = {(): "neither engine takes it"}
    told |= {(name,): f"the engine {name} alone takes it" for name in found.asked}
    return [f"{path(file)}: {told[engines]}" for file, engines in found.engines.items() if engines in told]


def _summary(found: Checked) -> str:
    files, problems = len(found.engines), found.problems
    looked = f"{files} file{'' if files == 1 else 's'}"
    errors = sum(one.level == "error" for one in problems)
    counted = [(errors, "problem"), (len(problems) - errors, "warning")]
    told = " and ".join(f"{number} {word}{'' if number == 1 else 's'}" for number, word in counted if number)
    return f"{looked}: {told or 'nothing is wrong'}"


def as_json(found: Checked) -> str:
    """List the problems for programs."""
    document = {
        "schemaVersion": SCHEMA_VERSION,
        "files": len(found.engines),
        "problems": [one._asdict() for one in found.problems],
        "enginesAsked": found.asked,
        "engines": found.engines,
    }
    return json_text(json.dumps(document, indent=2)) + "\n"


def github(found: Checked) -> str:
    """Write the problems as annotations of a GitHub workflow, and the summary below."""
    lines = []
    for one in found.problems:
        text = one.message + (f"\ntry: {one.hint}" if one.hint else "")
        place = f"file={workflow_property(path(one.file))},line={one.line}"
        lines.append(f"::{one.level} {place}::{workflow_data(text)}")
    return "\n".join([*lines, _summary(found)]) + "\n"


FORMS: dict[str, Callable[[Checked], str]] = {"console": console, "json": as_json, "github": github}
"""Format -> what writes it."""

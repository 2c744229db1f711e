"""Converts Rego before version 1 by OPA's own formatter: changegate knows version 1 alone, and guesses at no other.

What OPA reads as version 1 stays as it is, to the byte. Nothing is written where one file cannot be converted.
"""

from __future__ import annotations

import difflib
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from changegate.author.problem import ERROR, Problem
from changegate.errors import EngineError
from changegate.escape import inert, terminal
from changegate.escape import path as shown_path
from changegate.records import NamedTuple
from changegate.rego.engines.opa.binary import find_opa, run_opa, version_of

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping

_INSTALL = "install OPA 1.0 or later (https://www.openpolicyagent.org/docs/#running-opa), and put `opa` on the PATH"
_PLACED = re.compile(r"stdin:(?P<line>\d+): (?:rego_\w+: )?(?P<message>.*)")


class PolicyText(NamedTuple):
    """One file of Rego, before and after."""

    file: Path
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        """Whether it is another text as version 1."""
        return self.before != self.after

    @property
    def diff(self) -> str:
        """What changes, as `git diff` shows it, safe for a terminal; empty where nothing does."""
        name = shown_path(str(self.file))
        before, after = (text.splitlines() for text in (self.before, self.after))
        rows = difflib.unified_diff(before, after, f"a/{name}", f"b/{name}", lineterm="")
        return "".join(inert("\t".join(map(terminal, row.split("\t")))) + "\n" for row in rows)


class Conversion(NamedTuple):
    """All files, and what could not be converted."""

    texts: tuple[PolicyText, ...]
    problems: tuple[Problem, ...]


def convert(files: Mapping[Path, str]) -> Conversion:
    """Convert files of Rego to version 1.

    Args:
        files: Each with its text.

    Raises:
        EngineError: There is no OPA that could do it, or it does not end.
    """
    program = _program()
    texts, problems = [], []
    with tempfile.TemporaryDirectory(prefix="changegate-") as made:
        _check_version(program, Path(made))
        for file, text in files.items():
            after = _converted(program, Path(made), text)
            if isinstance(after, str):
                texts.append(PolicyText(file, text, after))
            else:
                problems.append(after._replace(file=str(file)))
    return Conversion(tuple(texts), tuple(problems))


def _program() -> str:
    try:
        return find_opa()
    except EngineError:
        message = "Rego is converted by OPA's own formatter, and there is no `opa` on the PATH"
        raise EngineError(message, hint=_INSTALL) from None


def _check_version(program: str, folder: Path) -> None:
    try:
        version_of(program, folder)
    except EngineError as error:
        raise EngineError(error.message, hint=_INSTALL) from None


def _converted(program: str, folder: Path, text: str) -> str | Problem:
    """A text as version 1, which it may be already; or why OPA cannot read it, without its file."""
    given = text.encode()
    if run_opa(program, "fmt", folder=folder, given=given).returncode == 0:
        return text
    done = run_opa(program, "fmt", "--v0-v1", folder=folder, given=given)
    if done.returncode == 0 and done.stdout:
        return done.stdout.decode()
    return _problem(done)


def _problem(done: subprocess.CompletedProcess[bytes]) -> Problem:
    """The first thing that OPA says is wrong."""
    told = done.stderr.decode("utf-8", "replace")
    found = _PLACED.search(told)
    line, message = (
        (int(found["line"]), found["message"]) if found else (1, " ".join(told.split()) or "no reason given")
    )
    hint = "mend it first: it is neither Rego v0 nor v1 to OPA"
    return Problem("", line, ERROR, f"OPA cannot convert it: {message}", hint)

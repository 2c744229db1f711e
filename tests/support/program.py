"""The program of the shipped policies, made anew: the one that is installed may be of older policies."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from changegate.rego.bundle import shipped
from changegate.rego.program.file import load_program, make_program


@cache
def content() -> bytes:
    """The content of its file."""
    return make_program(shipped())


@cache
def made() -> Any:
    """The program itself."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "program"
        file.write_bytes(content())
        program = load_program(shipped(), file)
    assert program is not None
    return program

"""Makes the program of the shipped policies when changegate is built or installed: see docs/decisions/0021."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ProgramHook(BuildHookInterface[Any]):
    """Puts the program into a wheel; of an editable install, beside the code."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the program before the files are collected."""
        checks = Path(self.root) / "checks"
        sys.path.insert(0, str(checks))
        from changegate.rego.bundle import shipped
        from changegate.rego.program.file import FILE, make_program, write_program

        if version == "editable":
            write_program(make_program(shipped()), FILE)
            return
        self._scratch = tempfile.TemporaryDirectory()
        made = Path(self._scratch.name) / FILE.name
        write_program(make_program(shipped()), made)
        build_data["force_include"][str(made)] = FILE.relative_to(checks).as_posix()

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Take away what the wheel has a copy of."""
        del build_data, artifact_path
        if version != "editable":
            self._scratch.cleanup()

"""Makes the program of the shipped policies when changegate is built or installed: see docs/decisions/0021."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ProgramHook(BuildHookInterface[Any]):
    """Writes the program beside the code, where a wheel takes it along and an editable install finds it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the program before the files are collected."""
        del version
        sys.path.insert(0, str(Path(self.root) / "checks"))
        from changegate.policy.bundle import shipped
        from changegate.policy.program.file import FILE, make

        FILE.write_bytes(make(shipped()))
        build_data["artifacts"].append(f"/{FILE.relative_to(self.root).as_posix()}")

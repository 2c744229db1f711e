"""A run imports what it uses: each module costs every run a part of a millisecond."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from changegate import fixtures
from support.command import COMMAND, surroundings

if TYPE_CHECKING:
    from pathlib import Path

UNUSED = {
    "click",
    "cryptography",  # the release names no signature
    "dataclasses",
    "importlib.metadata",
    "inspect",
    "logging",
    "tempfile",
    "changegate.workspace.proof",  # nothing is claimed on a laptop
    "changegate.files",  # nothing is handed in, and nothing is written to a file
}


def test_what_a_run_does_not_use_is_not_imported(tmp_path: Path) -> None:
    laid_out = fixtures.lay_out(tmp_path / "repository", fixtures.case("recommender-update"))
    command = [sys.executable, "-X", "importtime", COMMAND, "check", "--base", "main", "--now", fixtures.NOW]
    done = subprocess.run(command, cwd=laid_out.root, env=surroundings(), capture_output=True, text=True, check=False)
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "changegate.judging.judge" in loaded
    assert loaded & UNUSED == set()

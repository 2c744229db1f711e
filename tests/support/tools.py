"""Other people's programs that tests run where they are at hand; the set-up of `.ci/run` brings them all."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest


def actionlint() -> str:
    """The checker of workflow files."""
    kept = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "changegate-tools"
    return _find("actionlint", *sorted(kept.glob("*/")))


def pre_commit() -> str:
    """The runner of hooks."""
    return _find("pre-commit", Path(sys.executable).parent)


def jq() -> str:
    """The filter for JSON, which the runners of GitHub have."""
    return _find("jq")


def _find(name: str, *folders: Path) -> str:
    path = os.pathsep.join([os.environ.get("PATH", ""), *map(str, folders)])
    found = shutil.which(name, path=path)
    if found is None:
        pytest.skip(f"{name} is not installed; .ci/run brings it")
    return found

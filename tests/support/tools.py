"""Other people's programs that tests run where they are at hand; the set-up of `.ci/run` brings them all."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest


def actionlint() -> str:
    """The checker of workflow files."""
    return find("actionlint", *kept())


def opa() -> str:
    """The policy agent."""
    return find("opa", *kept())


def conftest() -> str:
    """The tester of configuration files."""
    return find("conftest", *kept())


def gator() -> str:
    """The tester of Gatekeeper's constraints."""
    return find("gator", *kept())


def kept() -> list[Path]:
    """Where `.ci/run` keeps what it builds."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return sorted((cache / "changegate-tools").glob("*/"))


def pre_commit() -> str:
    """The runner of hooks."""
    return find("pre-commit", Path(sys.executable).parent)


def jq() -> str:
    """The filter for JSON, which the runners of GitHub have."""
    return find("jq")


def find(name: str, *folders: Path) -> str:
    path = os.pathsep.join([os.environ.get("PATH", ""), *map(str, folders)])
    found = shutil.which(name, path=path)
    if found is None:
        pytest.skip(f"{name} is not installed; .ci/run brings it")
    return found

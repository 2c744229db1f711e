"""A headless Chromium with axe-core: what a page asks for, what runs in it, and what is wrong with it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from support.tools import find, kept

if TYPE_CHECKING:
    from collections.abc import Mapping

SCRIPT = Path(__file__).with_name("browser.cjs")


def looks(pages: Mapping[str, str], folder: Path) -> list[dict[str, Any]]:
    """Open pages, each in light and in dark.

    Args:
        pages: Name -> HTML.
        folder: Where they are written; with CHANGEGATE_SCREENSHOTS in the environment, screenshots go to that folder.

    Returns:
        What was seen of each: see `browser.cjs`.
    """
    chromium, node, modules = find("chromium"), find("node"), _modules()
    shots = os.environ.get("CHANGEGATE_SCREENSHOTS", "")
    asked: list[dict[str, str]] = []
    for name, text in pages.items():
        file = folder / f"{name}.html"
        file.write_text(text, "utf-8")
        asked.append({"file": str(file), "shot": f"{shots}/{name}.png" if shots else ""})
    question = folder / "asked.json"
    question.write_text(json.dumps({"chromium": chromium, "pages": asked}))
    environ = {**os.environ, "NODE_PATH": str(modules), "HOME": str(folder)}
    done = subprocess.run(
        [node, SCRIPT, question], env=environ, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def _modules() -> Path:
    """The folder with playwright-core and axe-core."""
    for folder in kept():
        if (folder / "node_modules" / "axe-core").is_dir() and (folder / "node_modules" / "playwright-core").is_dir():
            return folder / "node_modules"
    pytest.skip("playwright-core and axe-core are not installed; .ci/run brings them")

"""The tutorials, as they stand: their files are written, their commands run, and what they show is compared.

A block of commands runs in a shell, where the last one left off. The `text` block behind it is what it printed; a line
`…` in it stands for any lines. A block behind the name of a file is that file.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from support import tools
from support.command import COMMAND, surroundings
from support.repos import Repo

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).parents[2] / "docs"
_BLOCK = re.compile(r"(?P<before>[^\n]*)\n\n```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"`([^`\s]+/[^`\s]+)`:$")


class Step(NamedTuple):
    """A block of a page."""

    line: int
    kind: str
    """`file`, `run` or `shows`."""
    text: str
    file: str = ""


def steps(page: str) -> Iterator[Step]:
    text = (DOCS / page).read_text(encoding="utf-8")
    for block in _BLOCK.finditer(text):
        line = text.count("\n", 0, block.start("text")) + 1
        named = _FILE.search(block["before"])
        if named:
            yield Step(line, "file", block["text"], named[1])
        else:
            yield Step(line, {"console": "run", "text": "shows"}[block["language"]], block["text"])


class Shell:
    """Runs blocks one after another, each in the folder where the last one ended."""

    def __init__(self, folder: Path, *programs: str) -> None:
        self.here = folder
        repo = Repo.init(folder.parent / "for-its-environment")
        path = [str(COMMAND.parent), *(str(Path(program).parent) for program in programs), os.environ["PATH"]]
        self._environ = {**surroundings(), **repo.environ, "PATH": os.pathsep.join(path)}

    def run(self, commands: str) -> str:
        place = self.here.parent / "ended-in"
        script = f"set -e\n{commands}\npwd > {shlex.quote(str(place))}\n"
        done = subprocess.run(
            ["bash", "-c", script], cwd=self.here, env=self._environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{commands}{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr
        self.here = Path(place.read_text().strip())
        place.unlink()
        return done.stdout


def same(shown: str, printed: str) -> bool:
    pattern = "".join(r"(?:.*\n)*?" if row == "…" else re.escape(row) + r"\n" for row in shown.splitlines())
    return re.fullmatch(pattern, printed) is not None


@pytest.mark.parametrize(
    ("page", "programs", "least"), [("tutorial-own-rule.md", (), 20), ("from-conftest.md", ("conftest",), 15)]
)
def test_a_tutorial_does_what_it_says(page: str, programs: tuple[str, ...], least: int, tmp_path: Path) -> None:
    found = [getattr(tools, name)() for name in programs]
    (tmp_path / "start").mkdir()
    shell, printed = Shell(tmp_path / "start", *found), ""
    every = list(steps(page))
    assert len(every) >= least
    for step in every:
        if step.kind == "file":
            path = shell.here / step.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step.text, encoding="utf-8")
        elif step.kind == "run":
            printed = shell.run(step.text)
        else:
            assert same(step.text, printed), f"{page}:{step.line} shows\n{step.text}\nand this was printed\n{printed}"

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
        self._environ = {
            **surroundings(),
            **repo.environ,
            "PATH": os.pathsep.join(path),
            "DOCS": str(DOCS / "tutorials"),
        }

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
    ("page", "programs", "least"),
    [
        ("tutorial-own-rule.md", (), 20),
        ("from-conftest.md", ("conftest",), 15),
        ("tutorials/scikit-learn.md", (), 14),
        ("tutorials/embedding.md", (), 12),
        ("tutorials/hosted-llm.md", (), 12),
    ],
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


FIRST = ("tutorials/scikit-learn.md", "tutorials/embedding.md", "tutorials/hosted-llm.md")


@pytest.mark.parametrize("page", FIRST)
def test_a_first_release_takes_as_many_runs_and_lines_as_its_page_says(page: str, tmp_path: Path) -> None:
    (tmp_path / "start").mkdir()
    shell, runs, lines, others = Shell(tmp_path / "start"), 0, 0, 0
    for step in steps(page):
        path = shell.here / step.file
        if step.kind == "run":
            shell.run(step.text)
            runs += step.text.count("changegate check")
        elif step.kind == "file":
            drafted = path.read_text().splitlines() if path.exists() else []
            written = [line for line in step.text.splitlines() if line.strip() and line not in drafted]
            lines, others = (lines + len(written), others) if drafted else (lines, others + len(written))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step.text)
    said = re.search(r"(\w+) runs of the gate, (\d+) lines of the manifest and (\d+) lines of other", _text(page))
    assert said is not None
    assert (said[1], int(said[2]), int(said[3])) == ("Two" if runs == 2 else str(runs), lines, others)


@pytest.mark.parametrize("page", FIRST)
def test_a_first_release_without_its_evidence_does_not_open(page: str, tmp_path: Path) -> None:
    (tmp_path / "start").mkdir()
    shell = Shell(tmp_path / "start")
    last = [step for step in steps(page) if step.kind == "run"][-1]
    for step in steps(page):
        if step.kind == "file":
            (shell.here / step.file).parent.mkdir(parents=True, exist_ok=True)
            (shell.here / step.file).write_text(step.text)
        elif step.kind == "run" and step != last and not step.text.startswith("changegate evidence"):
            shell.run(step.text)
    assert shell.run(f'{last.text.rstrip()} > out.txt || echo "exit code $?"\n') == "exit code 1\n"
    assert "error[evaluation/" in (shell.here / "out.txt").read_text()


def _text(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")

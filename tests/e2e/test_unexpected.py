"""A fault in changegate itself, injected into the real process: a sentence, a file, exit code 2, and reports."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from support.command import surroundings
from support.repos import Repo

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "glpat-abcdefghij0123456789"
FAULT = """
import sys
from importlib import import_module
def broken(*_, **__):
    raise ZeroDivisionError("at https://ana:hunter2@acme.example with {secret}")
setattr(import_module({module!r}), {name!r}, broken)
sys.argv = ["changegate", *{words!r}]
from changegate.__main__ import run
run()
"""
FAULTS = {
    "in the gate": ("changegate.workspace.resolve", "resolve", ["check", "--base", "HEAD", "-o", "console"]),
    "in a command": ("changegate.policy.describe", "markdown", ["rules", "-o", "markdown"]),
    "in a report": ("changegate.report.json_report", "render", ["check", "--base", "HEAD", "-o", "json"]),
}


def run(fault: str, tmp_path: Path, *more: str, **environ: str) -> subprocess.CompletedProcess[str]:
    module, name, words = FAULTS[fault]
    if not (tmp_path / "repo").exists():
        Repo.init(tmp_path / "repo").commit({"README.md": "hello\n"})
        (tmp_path / "home").mkdir()
    program = FAULT.format(module=module, name=name, words=[*words, *more], secret=SECRET)
    home = {"HOME": str(tmp_path / "home"), "XDG_STATE_HOME": ""}
    return subprocess.run(
        [sys.executable, "-I", "-c", program],
        cwd=tmp_path / "repo",
        env={**surroundings(), **home, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_a_sentence_and_a_file(fault: str, tmp_path: Path) -> None:
    done = run(fault, tmp_path)
    said = done.stdout + done.stderr
    assert done.returncode == 2, said
    assert "Traceback" not in said
    assert "internal error: ZeroDivisionError: at https://[removed]@acme.example with [removed]" in re.sub(
        r"\s+", " ", said
    )
    (log,) = (tmp_path / "home/.local/state/changegate").iterdir()
    assert log.name in said
    text = log.read_text()
    assert " in broken\n" in text
    assert (
        "changegate/cli/__init__.py:" in text or "changegate/gate.py:" in text or "changegate/report/write.py:" in text
    )
    for secret in (SECRET, "hunter2"):
        assert secret not in said + text.replace("raise ZeroDivisionError", "")
    assert done.stderr.count("\n") < 10


def test_a_verdict_names_the_file(tmp_path: Path) -> None:
    run("in the gate", tmp_path, "-o", "json=../verdict.json", "-o", "junit=../junit.xml")
    (log,) = (tmp_path / "home/.local/state/changegate").iterdir()
    verdict = json.loads((tmp_path / "verdict.json").read_text())
    assert verdict["verdict"] == "undecided"
    assert str(log) in verdict["failures"][0]["hint"]
    for report in ("verdict.json", "junit.xml"):
        assert SECRET not in (tmp_path / report).read_text()


def test_on_a_runner_it_says_how_to_see_it(tmp_path: Path) -> None:
    done = run("in the gate", tmp_path, "--stage", "local", TF_BUILD="True")
    (log,) = (tmp_path / "home/.local/state/changegate").iterdir()
    assert f"cat {log}" in re.sub(r"\s+", " ", done.stdout)
    assert done.returncode == 2


@pytest.mark.parametrize("fault", FAULTS)
def test_where_it_cannot_be_written_it_says_how_to_get_it(fault: str, tmp_path: Path) -> None:
    done = run(fault, tmp_path, HOME="/no/such/home")
    assert done.returncode == 2
    assert "CHANGEGATE_DEBUG=1" in done.stdout + done.stderr
    again = run(fault, tmp_path, CHANGEGATE_DEBUG="1")
    assert again.returncode == 2
    assert "Traceback" in again.stderr
    assert list((tmp_path / "home").iterdir()) == []

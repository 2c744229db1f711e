"""Runs commands and says what they took: time, processor time, memory, and how much they wrote."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from changegate.fixtures import NOW

CHANGEGATE = [str(Path(sys.executable).with_name("changegate"))]

_UNUSUAL = {"PYTHONDONTWRITEBYTECODE", "RUST_BACKTRACE"}
"""What few users have set, and what costs time: writing no byte code, and walking the stack for every error in Rust."""

ENVIRONMENT = {
    name: text
    for name, text in os.environ.items()
    if name not in _UNUSUAL and not name.startswith(("GIT_", "CI", "GITHUB_", "GITLAB_"))
}


class Failed(Exception):  # noqa: N818  (what a row says of itself)
    """A command did not do its work."""


class Command(NamedTuple):
    """What is measured."""

    words: list[str]
    cwd: Path
    codes: frozenset[int] = frozenset({0, 1})
    """The exit codes of a run that did its work."""
    memory: bool = False
    """Whether its memory is looked at. That takes time from it, so only long ones are."""


class Measured(NamedTuple):
    """Runs of one command, or the medians of several."""

    seconds: float
    """Wall-clock time."""
    cpu: float
    """Processor time, user and system, of the process and its children, in seconds."""
    mebibytes: float
    """The largest sum of the memory of the process and its children."""


def check(root: Path, *more: str, memory: bool = False) -> Command:
    """The command that is measured: against main, at the day of the fixtures."""
    words = [*CHANGEGATE, "check", "--base", "main", "--now", NOW, "--quiet", *more]
    return Command(words, root, frozenset({0, 1, 3}), memory)


def in_turns(commands: list[Command], runs: int) -> list[Measured]:
    """Run several commands one after another, several times, so that what else the machine does hits all alike.

    Returns:
        The medians of each, and the largest memory.
    """
    rounds = [[once(command) for command in commands] for _ in range(runs)]
    return [_median(one) for one in zip(*rounds, strict=True)]


def _median(runs: tuple[Measured, ...]) -> Measured:
    seconds, cpu = (statistics.median(one) for one in zip(*(run[:2] for run in runs), strict=True))
    return Measured(seconds, cpu, max(run.mebibytes for run in runs))


def once(command: Command) -> Measured:
    """Run a command.

    Raises:
        Failed: It did not do its work, so its time says nothing.
    """
    with tempfile.TemporaryFile() as said:
        started = time.perf_counter()
        process = subprocess.Popen(
            command.words, cwd=command.cwd, stdout=said, stderr=subprocess.STDOUT, env=ENVIRONMENT
        )
        with ThreadPoolExecutor(1) as watcher:
            watched = watcher.submit(_watch, process.pid) if command.memory else None
            _, status, used = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - started
            peak = watched.result() if watched else 0
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in command.codes:
            said.seek(0)
            print(f"{' '.join(command.words)}\nin {command.cwd}:\n{said.read().decode()[-4000:]}", file=sys.stderr)
            raise Failed(f"a command ended with {process.returncode}")
    return Measured(seconds, used.ru_utime + used.ru_stime, peak / 1024)


def _watch(pid: int) -> int:
    """The largest sum of the private memory of a process and its descendants until it ends, in KiB."""
    peak = 0
    while now := sum(_private(one) for one in _family(pid)):
        peak = max(peak, now)
        time.sleep(0.25)
    return peak


def _family(pid: int) -> list[int]:
    found = [pid]
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [one for child in path.read_text().split() for one in _family(int(child))]
        except OSError:
            continue
    return found


def _private(pid: int) -> int:
    """The proportional share of memory of a process: what it shares with a fork is not counted twice."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)

"""Measures changegate beside conftest, in one run, and prints the table that README.md shows. See README.md."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import corpus
from changegate.fixtures import NOW
from changegate.policy.bundle import shipped
from changegate.policy.catalogue import Catalogue

CHANGEGATE = [str(Path(sys.executable).with_name("changegate"))]


@dataclass(frozen=True, slots=True)
class Measured:
    """Runs of one command."""

    seconds: float
    """The median of wall-clock times."""
    mebibytes: float
    """The largest resident set of the process and its children, of all runs."""
    code: int


def measure(command: list[str], cwd: Path, runs: int, *, memory: bool = False) -> Measured:
    """Run a command several times. Looking at its memory takes time from it, so only long ones are looked at."""
    times, peak, code = [], 0, 0
    for _ in range(runs):
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT
        )
        with ThreadPoolExecutor(1) as watcher:
            watched = watcher.submit(_watch, process.pid) if memory else None
            code = process.wait()
            times.append(time.perf_counter() - started)
            peak = max(peak, watched.result() if watched else 0)
    return Measured(statistics.median(times), peak / 1024, code)


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


_UNUSUAL = {"PYTHONDONTWRITEBYTECODE", "RUST_BACKTRACE"}
"""What few users have set, and what costs time: writing no byte code, and walking the stack for every error in Rust."""

ENVIRONMENT = {
    name: text
    for name, text in os.environ.items()
    if name not in _UNUSUAL and not name.startswith(("GIT_", "CI", "GITHUB_", "GITLAB_"))
}


def check(*more: str) -> list[str]:
    """The command that is measured: against main, at the day of the fixtures."""
    return [*CHANGEGATE, "check", "--base", "main", "--now", NOW, "--quiet", *more]


def cold_start(scratch: Path, conftest: str, runs: int) -> list[str]:
    """One changed manifest in a repository of ten, as a whole process."""
    root = scratch / "ten"
    corpus.make(root, 10, 1)
    one = corpus.manifests(root)[0]
    ours = measure(check(), root, runs)
    rows = [f"| one changed manifest of ten | {_ms(ours)} |"]
    if conftest:
        theirs = measure([conftest, "test", "--policy", str(scratch / "policy"), str(one)], root, runs)
        rows[0] += f" {_ms(theirs)} | {ours.seconds / theirs.seconds:.2f} | under 4 |"
    return rows


def proportional(scratch: Path, size: int, runs: int) -> list[str]:
    """Three changed manifests in a large repository, beside three in a repository of ten."""
    corpus.make(scratch / "small", 10, 3)
    corpus.make(scratch / "large", size, 3)
    pairs = [(measure(check(), scratch / "large", 1), measure(check(), scratch / "small", 1)) for _ in range(runs)]
    large, small = (statistics.median(one.seconds for one in side) for side in zip(*pairs, strict=True))
    times = f"{large * 1000:.0f} ms | {small * 1000:.0f} ms | {large / small:.2f}"
    return [f"| three changed of {size}, beside three of ten | {times} | under 1.3 |"]


def everything(scratch: Path, size: int, conftest: str, runs: int) -> list[str]:
    """`--all` over the large repository."""
    ours = measure(check("--all"), scratch / "large", runs, memory=True)
    rows = [f"| `--all` over {size} | {ours.seconds:.1f} s |", f"| memory of that | {ours.mebibytes:.0f} MiB |"]
    if conftest:
        command = [conftest, "test", "--policy", str(scratch / "policy"), "models"]
        theirs = measure(command, _manifests_only(scratch), runs, memory=True)
        rows[0] += f" {theirs.seconds:.1f} s | {ours.seconds / theirs.seconds:.2f} | under 0.75 |"
        rows[1] += f" {theirs.mebibytes:.0f} MiB | {ours.mebibytes / theirs.mebibytes:.2f} | under 0.5 |"
    return rows


def _manifests_only(scratch: Path) -> Path:
    """The same manifests without the files beside them, which conftest would test too."""
    target = scratch / "manifests"
    for path in corpus.manifests(scratch / "large"):
        copy = target / path.relative_to(scratch / "large")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    return target


def breakdown(scratch: Path) -> list[str]:
    """Where the cold start goes: by stage, and imports that take at least 2 ms, by `-X importtime`."""
    stages = [sys.executable, str(Path(__file__).with_name("stages.py")), *check()[1:]]
    done = subprocess.run(stages, cwd=scratch / "ten", capture_output=True, text=True, check=False, env=ENVIRONMENT)
    command = [sys.executable, "-X", "importtime", "-m", "changegate", *check()[1:]]
    imported = subprocess.run(
        command, cwd=scratch / "ten", capture_output=True, text=True, check=False, env=ENVIRONMENT
    )
    rows = []
    for line in imported.stderr.splitlines():
        parts = line.removeprefix("import time:").split("|")
        if line.startswith("import time:") and parts[1].strip().isdigit() and int(parts[1]) >= 2000:
            rows.append(f"{int(parts[1]) / 1000:7.1f} ms  {parts[2].rstrip()}")
    return ["By stage:", "", *done.stderr.splitlines(), "", "By import, with what each imports:", "", *rows]


def _ms(measured: Measured) -> str:
    return f"{measured.seconds * 1000:.0f} ms"


def main() -> None:
    """Measure, and print Markdown."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", type=int, default=10_000, help="manifests in the large repository")
    options.add_argument("--runs", type=int, default=15, help="runs of the short commands; the long ones get a fifth")
    options.add_argument("--breakdown", action="store_true", help="say where the cold start goes, too")
    given = options.parse_args()
    rules = len(list(Catalogue.of(shipped())))
    conftest = shutil.which("conftest") or ""
    machine = f"Python {platform.python_version()}; {len(os.sched_getaffinity(0))} cores"
    print(f"{rules} rules; {machine}; {_version(conftest)}\n")
    print("| what | changegate | conftest, or the small one | ratio | aim |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        corpus.policies(scratch / "policy", rules)
        long = max(1, given.runs // 5)
        for row in cold_start(scratch, conftest, given.runs):
            print(row, flush=True)
        for row in (*proportional(scratch, given.size, given.runs), *everything(scratch, given.size, conftest, long)):
            print(row, flush=True)
        if given.breakdown:
            print("\n" + "\n".join(breakdown(scratch)))


def _version(conftest: str) -> str:
    if not conftest:
        return "no conftest on the PATH, so there is nothing to compare with"
    done = subprocess.run([conftest, "--version"], capture_output=True, text=True, check=False)
    return done.stdout.splitlines()[0]


if __name__ == "__main__":
    main()

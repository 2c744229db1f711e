"""Measures changegate, beside conftest and beside itself at half the size. Prints the table that README.md shows."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from fnmatch import fnmatch
from pathlib import Path

import corpus
import repositories
from changegate.policy.catalogue import Catalogue
from changegate.rego.bundle import shipped
from measuring import ENVIRONMENT, Failed, check
from rows import HEADER, ROWS, Options


def breakdown() -> list[str]:
    """Where the cold start goes: by stage, and imports that take at least 2 ms, by `-X importtime`."""
    root = corpus.repository("shared", 10).at("one")
    words = check(root).words[1:]
    stages = _said([sys.executable, str(Path(__file__).with_name("stages.py")), *words], root)
    imported = []
    for line in _said([sys.executable, "-X", "importtime", "-m", "changegate", *words], root):
        parts = line.removeprefix("import time:").split("|")
        if line.startswith("import time:") and parts[1].strip().isdigit() and int(parts[1]) >= 2000:
            imported.append(f"{int(parts[1]) / 1000:7.1f} ms  {parts[2].rstrip()}")
    return ["By stage:", "", *stages, "", "By import, with what each imports:", "", *imported]


def _said(command: list[str], root: Path) -> list[str]:
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env=ENVIRONMENT)
    return done.stderr.splitlines()


def chosen(patterns: list[str]) -> list[str]:
    """The rows that patterns name; all where there is none.

    Raises:
        SystemExit: A pattern names no row.
    """
    wanted = {pattern: [name for name in ROWS if fnmatch(name, pattern)] for pattern in patterns}
    for pattern, found in wanted.items():
        if not found:
            raise SystemExit(f"no row is named {pattern}; there are {', '.join(ROWS)}")
    return [name for name in ROWS if not patterns or any(name in found for found in wanted.values())]


def _arguments() -> argparse.Namespace:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--only", action="append", default=[], metavar="ROW", help="a row or a glob such as 'all-*'; may be repeated"
    )
    options.add_argument("--list", action="store_true", help="say which rows there are")
    options.add_argument(
        "--scale", type=float, default=1.0, help="part of each size; aims of values are held at 1 alone"
    )
    options.add_argument("--runs", type=int, default=15, help="runs of the short commands; the long ones get a fifth")
    options.add_argument("--breakdown", action="store_true", help="say where the cold start goes, too")
    options.add_argument("--strict", action="store_true", help="exit with 1 where an aim is missed")
    options.add_argument("--fresh", action="store_true", help="delete the repositories that earlier runs kept")
    return options.parse_args()


def measured(name: str, options: Options) -> bool:
    """Print what a row has to say, and return whether it misses an aim."""
    missed = False
    try:
        for line in ROWS[name](options):
            print(line.written(options.scale), flush=True)
            missed = missed or bool(line.missed(options.scale))
    except Failed as failure:
        print(f"| {name} | **failed** | | | | | | **missed: {failure}** |", flush=True)
        return True
    return missed


def main() -> None:
    """Measure, and print Markdown."""
    given = _arguments()
    if given.list:
        print("\n".join(ROWS))
        return
    names = chosen(given.only)
    if given.fresh:
        repositories.forget()
    rules = len(list(Catalogue.of(shipped())))
    conftest = shutil.which("conftest") or ""
    machine = f"Python {platform.python_version()}; {len(os.sched_getaffinity(0))} cores"
    scaled = f"; sizes times {given.scale:g}" if given.scale != 1 else ""
    print(f"{rules} rules; {machine}; {_version(conftest)}{scaled}\n\n{HEADER}", flush=True)
    missed = False
    with tempfile.TemporaryDirectory() as folder:
        options = Options(Path(folder), conftest, given.runs, given.scale)
        corpus.policies(options.scratch / "policy", rules)
        for name in names:
            with repositories.alone():
                missed = measured(name, options) or missed
    if given.breakdown:
        print("\n" + "\n".join(breakdown()))
    raise SystemExit(1 if missed and given.strict else 0)


def _version(conftest: str) -> str:
    if not conftest:
        return "no conftest on the PATH, so there is nothing to compare with"
    done = subprocess.run([conftest, "--version"], capture_output=True, text=True, check=False)
    return done.stdout.splitlines()[0]


if __name__ == "__main__":
    main()

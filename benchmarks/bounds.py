"""Holds the gate to its bounds: what is faulty or huge ends within a minute and a gibibyte, or is refused as too large.

    .venv/bin/python benchmarks/bounds.py
    .venv/bin/python benchmarks/bounds.py --only 'report-*' --scale 0.1

Each case is run at its size and at half of it, on the processor's time: work that grows with its input takes twice as
long, work that grows with the square of it four times. What is refused is refused at both sizes, and says a bound.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from fnmatch import fnmatch
from pathlib import Path

import repositories
from bounds_case import TOP, Case
from bounds_cases import CASES
from changegate.fixtures import NOW, REPOSITORY
from measuring import CHANGEGATE, Command, Failed, Measured, once

SECONDS, MEBIBYTES, RATIO = 60, 1024, 2.5
"""The bounds. Twice the size may take twice the time, and some for what the machine does."""


def run(case: Case, folder: Path) -> tuple[Measured, str]:
    """Lay a case out and run the gate on it; answers what it took and the JSON or console report."""
    root = folder / "checkout"
    root.mkdir()
    repositories.git(root, "init", "--quiet", "--initial-branch=main")
    fixed = {one.relative_to(TOP).as_posix(): one.read_bytes() for one in sorted(TOP.rglob("*")) if one.is_file()}
    with repositories.Stream(root) as stream:
        first = stream.commit("main", {**fixed, **case.earlier}.items())
        first = stream.commit("main", case.base.items(), onto=first) if case.base else first
        stream.commit("topic", case.head.items(), onto=first)
    head = repositories.git(root, "rev-parse", "topic").strip()
    words = [*CHANGEGATE, "check", "--head", "topic", "--now", NOW, *(one.format(folder) for one in case.options)]
    if case.approvals is None:
        words += ["--base", "main"]
    else:
        path = folder / "approvals.json"
        reviewed = json.dumps({**case.approvals, "reviewedHead": head, "repository": REPOSITORY}).replace(
            '"commit": ""', f'"commit": "{head}"'
        )
        path.write_text(reviewed)
        words += ["--stage", "pull-request", "--trusted-ref", "refs/heads/main", "--approvals", str(path)]
    words += ["-o", f"console={folder}/said"]
    command = Command(["timeout", str(2 * SECONDS), *words], root, frozenset({0, 1, 2, 3}), memory=True)
    return once(command), (folder / "said").read_text() if (folder / "said").exists() else ""


def measured(name: str, scale: float) -> tuple[str, bool]:
    """Measure a case at its size and at half of it; answers its row, and whether it misses a bound."""
    make, full = CASES[name]
    size = max(2, round(full * scale))
    found = []
    for part in (size // 2, size):
        with tempfile.TemporaryDirectory() as folder:
            case = make(part)
            try:
                taken, said = run(case, Path(folder))
            except Failed as failure:
                return f"| {name} | {size:,} | | | | **{failure}** |", True
            if "internal error" in said:
                return f"| {name} | {size:,} | | | | **an internal error** |", True
            found.append((taken, case.refused and case.refused in said.replace(",", "").replace("\n", "")))
    (half, _), (whole, refused) = found
    ratio = whole.cpu / half.cpu
    wrong = [
        *(["time"] if whole.seconds > SECONDS else []),
        *(["memory"] if whole.mebibytes > MEBIBYTES else []),
        *(["ratio"] if ratio > RATIO and whole.cpu > 0.5 else []),
        *(["not refused"] if make(2).refused and not refused and scale == 1 else []),
    ]
    ending = f"**{', '.join(wrong)}**" if wrong else "refused" if refused else "held"
    took = f"{whole.seconds:.1f} s | {whole.cpu:.1f} s, {ratio:.2f} | {whole.mebibytes:.0f} MiB"
    row = f"| {name} | {size:,} | {took} | {ending} |"
    return row, bool(wrong)


def main() -> int:
    """Measure the cases that are asked for, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", default=[], metavar="CASE", help="a case or a glob; may be repeated")
    parser.add_argument("--scale", type=float, default=1.0, help="part of each size")
    wanted = parser.parse_args()
    print("| case | size | time | processor, beside half the size | memory | |\n|---|---|---|---|---|---|", flush=True)
    missed = False
    for name in CASES:
        if not wanted.only or any(fnmatch(name, one) for one in wanted.only):
            row, wrong = measured(name, wanted.scale)
            missed = missed or wrong
            print(row, flush=True)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())

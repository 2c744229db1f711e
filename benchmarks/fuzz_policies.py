"""Writes policies at random, and holds the embedded engine's answers against OPA's.

    python benchmarks/fuzz_policies.py COUNT [--seed N] [--library]

Needs `opa` on the PATH. What differs is shown, and makes the exit code 1. `--library` asks the embedded library itself
instead of the normal form: it shows that the programs are such that its faults are found.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from shutil import which

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.policy_fuzzer import compared, embedded, library, programs

BATCH = 200


def main() -> int:
    """Run the programs, and say what came of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--library", action="store_true")
    parser.add_argument("--show", type=int, default=3)
    wanted = parser.parse_args()
    command = which("opa")
    if command is None:
        sys.exit("there is no `opa` on the PATH")
    began, equal, errors, refused, different = time.monotonic(), 0, 0, 0, 0
    for at in range(0, wanted.count, BATCH):
        written = programs(wanted.seed + at, min(BATCH, wanted.count - at))
        found = compared(command, written, library if wanted.library else embedded)
        equal, errors, refused = equal + found.equal, errors + found.errors, refused + found.refused
        for program, document, theirs, ours in found.different:
            different += 1
            if different <= wanted.show:
                sys.stdout.write(f"{program.text}\ninput: {document}\nOPA:   {theirs}\nours:  {ours}\n\n")
    taken = time.monotonic() - began
    sys.stdout.write(
        f"{wanted.count} programs from seed {wanted.seed} in {taken:.0f} s: {equal} answers equal, {different} "
        f"different, {errors} an error of ours alone; OPA does not load {refused} programs\n"
    )
    return int(bool(different))


if __name__ == "__main__":
    sys.exit(main())

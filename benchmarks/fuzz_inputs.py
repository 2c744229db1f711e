"""Gives the gate faulty inputs at random, and says what it should not have done with them.

    .venv/bin/python benchmarks/fuzz_inputs.py COUNT [--seed N] [--keep FOLDER]

COUNT is of faulty documents: a run of the gate sees several at once. What is wrong is shown once for each way to it,
with the files that led to it in FOLDER, and makes the exit code 1. `tests/e2e/test_fuzz_inputs.py` tries a few in each
run of the tests, and what was found here.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from hypothesis import HealthCheck, Phase, given, seed, settings

from support.faulty import Input, inputs
from support.faulty_bench import Bench, complaint

_BATCH = 100
"""Runs of the gate between two looks at how many documents there were."""


class Found:
    """What the runs came to."""

    def __init__(self, keep: Path | None) -> None:
        self.documents = 0
        self.gates: Counter[str] = Counter()
        self.complaints: dict[str, int] = {}
        self._keep = keep

    def take(self, bench: Bench, one: Input) -> None:
        """Run the gate on an input."""
        answer = bench.ask(one)
        self.documents += one.count
        self.gates[answer.verdict.gate.value] += 1
        wrong = complaint(one, answer)
        if wrong:
            key = re.sub(r"\d+", "0", wrong)[-300:]
            if key not in self.complaints:
                print(f"{wrong}\n", flush=True)
                self._write(one, len(self.complaints))
            self.complaints[key] = self.complaints.get(key, 0) + 1

    def _write(self, one: Input, number: int) -> None:
        for side, files in one._asdict().items() if self._keep is not None else ():
            for name, data in files.items() if isinstance(files, dict) else ():
                path = Path(self._keep or "", str(number), side, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)


def main() -> int:
    """Run the inputs, and say what came of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--keep", type=Path, help="where to write the inputs that led to something wrong")
    wanted = parser.parse_args()
    began, found, batch = time.monotonic(), Found(wanted.keep), 0
    while found.documents < wanted.count:
        with tempfile.TemporaryDirectory() as folder:
            _run(found, Bench(Path(folder)), wanted.seed + batch)
        batch += 1
    runs = ", ".join(f"{count} {gate}" for gate, count in sorted(found.gates.items()))
    print(
        f"{found.documents} documents in {found.gates.total()} runs from seed {wanted.seed} in "
        f"{time.monotonic() - began:.0f} s: {runs}; {len(found.complaints)} things are wrong"
    )
    return int(bool(found.complaints))


def _run(found: Found, bench: Bench, number: int) -> None:
    @seed(number)
    @settings(
        max_examples=_BATCH,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(inputs())
    def each(one: Input) -> None:
        found.take(bench, one)

    each()


if __name__ == "__main__":
    sys.exit(main())

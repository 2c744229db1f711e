"""How often gates are wrong about fairness, by simulation: one that compares two numbers, and ours.

    python benchmarks/fairness_gates.py [--models 2000] [--write]

Models are drawn whose groups are selected with known rates: all equal, or one group at 0.7 of the others. A naive gate
fails where the lowest observed rate is below 0.8 of the highest. Ours is `evidence.groups.compared` with the intervals
that the gate uses, and the two comparisons of its rules. Every cell has a seed of its own, so that a test can make one
again. `--write` puts the tables and the plot into docs/fairness.md.
"""

from __future__ import annotations

import argparse
import re
from bisect import bisect_left
from functools import cache
from math import exp, lgamma, log
from pathlib import Path
from random import Random
from typing import NamedTuple

from changegate.evidence.groups import Group, compared, pairs_of
from changegate.evidence.intervals import simultaneous, two_sided

RATES, GROUPS, SIZES = (0.1, 0.3, 0.5, 0.8), (2, 6), (100, 300, 1000, 3000, 10000)
LADDER = (100, 150, 200, 300, 500, 700, 1000, 1500, 2000, 3000, 4000, 5000, 7000, 10000, 15000, 20000, 30000, 50000)
MINIMUM, CONFIDENCE, UNFAIR = 0.8, 0.95, 0.7
MODELS = 2000
DOCS = Path(__file__).resolve().parents[1] / "docs"


class Cell(NamedTuple):
    """What was found of many models of one kind, as shares of them."""

    rate: float
    groups: int
    size: int
    ratio: float
    """The true ratio of the lowest rate to the highest."""
    naive: float
    """How many the naive gate fails."""
    failed: float
    unclear: float
    passed: float


@cache
def chances(size: int, rate: float) -> tuple[float, ...]:
    """The chances of at most so many of `size`, by their logarithms."""
    whole, found = 0.0, []
    for part in range(size + 1):
        whole += exp(
            lgamma(size + 1)
            - lgamma(part + 1)
            - lgamma(size - part + 1)
            + part * log(rate)
            + (size - part) * log(1 - rate)
        )
        found.append(whole)
    return tuple(found)


def drawn(random: Random, size: int, rate: float) -> int:
    """So many of `size`, by chance."""
    return min(size, bisect_left(chances(size, rate), random.random()))


def answer(groups: list[Group]) -> str:
    """What our rules say: `failed`, `unclear` or `passed`."""
    z = simultaneous(CONFIDENCE, pairs_of(groups, "selection"))
    found = compared(groups, "selection", z, two_sided(CONFIDENCE))
    if found["status"] != "known" or found["surest"]["upperRatio"] < MINIMUM:
        return "failed"
    return "passed" if found["weakest"]["lowerRatio"] >= MINIMUM else "unclear"


def measured(rate: float, groups: int, size: int, ratio: float, models: int = MODELS) -> Cell:
    """Draw models of one kind and ask both gates.

    Args:
        rate: The selection rate of all groups but one.
        groups: How many groups there are.
        size: How many people each has.
        ratio: What the last group's rate is of the others'.
        models: How many are drawn.
    """
    random = Random(f"{rate} {groups} {size} {ratio}")
    rates = [rate] * (groups - 1) + [rate * ratio]
    answers = {"naive": 0, "failed": 0, "unclear": 0, "passed": 0}
    for _ in range(models):
        parts = [drawn(random, size, one) for one in rates]
        made = [Group("group", str(at), (), size, {"selection": (part, size)}) for at, part in enumerate(parts)]
        answers[answer(made)] += 1
        answers["naive"] += not max(parts) or min(parts) / max(parts) < MINIMUM
    return Cell(rate, groups, size, ratio, **{name: count / models for name, count in answers.items()})


def needed(rate: float, groups: int, ratio: float, answer: str, models: int) -> str:
    """From how many people a group an answer to a true ratio is given in nine of ten."""
    found = (size for size in LADDER if getattr(measured(rate, groups, size, ratio, models), answer) >= 0.9)
    size = next(found, None)
    return f"{size:,}" if size else f"over {LADDER[-1]:,}"


def table(models: int) -> str:
    """The table of the page."""
    rows = [
        "| rate | groups | people a group | equal: naive fails | equal: ours fails | not enough data | "
        "0.7: naive passes | 0.7: ours fails | not enough data | passes |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for rate in RATES:
        for groups in GROUPS:
            for size in SIZES:
                fair, unfair = (measured(rate, groups, size, ratio, models) for ratio in (1.0, UNFAIR))
                shares = (
                    *(fair.naive, fair.failed, fair.unclear),
                    *(1 - unfair.naive, unfair.failed, unfair.unclear, unfair.passed),
                )
                cells = " | ".join(f"{share:.1%}" for share in shares)
                rows.append(f"| {rate} | {groups} | {size:,} | {cells} |")
    return "\n".join(rows)


def enough(models: int) -> str:
    """From how many people on a true ratio of 0.7 fails, and equal rates pass."""
    rows = [
        "| rate | 0.7 fails, two groups | six groups | equal rates pass, two groups | six groups |",
        "|---|---|---|---|---|",
    ]
    for rate in RATES:
        cells = [needed(rate, groups, UNFAIR, "failed", models) for groups in GROUPS]
        cells += [needed(rate, groups, 1.0, "passed", models) for groups in GROUPS]
        rows.append(f"| {rate} | {' | '.join(cells)} |")
    return "\n".join(rows)


def plot(models: int) -> str:
    """Six groups at a rate of 0.3: how often each gate fails a fair model, and what ours says of an unfair one."""
    fair = [measured(0.3, 6, size, 1.0, models) for size in SIZES]
    unfair = [measured(0.3, 6, size, UNFAIR, models) for size in SIZES]
    lines = [
        ("naive gate fails a fair model", "#b3261e", "6 4", [one.naive for one in fair]),
        ("ours fails a fair model", "#b3261e", "", [one.failed for one in fair]),
        ("ours fails a true ratio of 0.7", "#1b5e9b", "", [one.failed for one in unfair]),
        ("ours passes a true ratio of 0.7", "#2e7d32", "", [one.passed for one in unfair]),
    ]
    across = [70 + 105 * at for at in range(len(SIZES))]
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 330" role="img" '
        'font-family="sans-serif" font-size="12">',
        "<title>Six groups, selection rate 0.3: share of models by people in a group</title>",
        '<rect width="760" height="330" fill="#fff"/>',
    ]
    for tick in range(0, 101, 25):
        high = 280 - 2.4 * tick
        parts.append(
            f'<path d="M70 {high:.1f}H490" stroke="#ddd"/>'
            f'<text x="62" y="{high + 4:.1f}" text-anchor="end">{tick}%</text>'
        )
    parts += [
        f'<text x="{x}" y="300" text-anchor="middle">{size:,}</text>' for x, size in zip(across, SIZES, strict=True)
    ]
    parts.append('<text x="280" y="322" text-anchor="middle">people in a group</text>')
    for row, (name, colour, dashes, shares) in enumerate(lines):
        points = " ".join(f"{x},{280 - 240 * share:.1f}" for x, share in zip(across, shares, strict=True))
        dash = f' stroke-dasharray="{dashes}"' if dashes else ""
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        y = 50 + 22 * row
        parts.append(
            f'<path d="M510 {y}h26" stroke="{colour}" stroke-width="2"{dash}/><text x="542" y="{y + 4}">{name}</text>'
        )
    return "\n".join([*parts, "</svg>"]) + "\n"


def write_page(models: int) -> None:
    """Put the tables into the page, between their marks, and the plot beside it."""
    page = DOCS / "fairness.md"
    text = page.read_text("utf-8")
    for name, made in (("gates", table(models)), ("enough", enough(models))):
        text = re.sub(
            rf"(<!-- {name} -->\n).*?(<!-- end -->)",
            lambda found, made=made: f"{found[1]}{made}\n{found[2]}",
            text,
            flags=re.DOTALL,
        )
    page.write_text(text, "utf-8")
    (DOCS / "fairness-gates.svg").write_text(plot(models), "utf-8")


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--models", type=int, default=MODELS)
    asked.add_argument("--write", action="store_true")
    options = asked.parse_args()
    if options.write:
        write_page(options.models)
    else:
        print(table(options.models), enough(options.models), sep="\n\n")

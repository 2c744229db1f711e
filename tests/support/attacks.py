"""Attacks on where a model comes from, as rows of data: what is done, what a plain checksum says, and what is answered.

`tests/e2e/attacks/` holds the rows. A row names a pull request of the fixtures, or a function of a module in
`tests/support/` that does it to a repository. `docs/attacks-on-provenance.md` shows them all.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import yaml

ROWS = Path(__file__).parents[1] / "e2e" / "attacks"


class Attack(NamedTuple):
    """One row."""

    attack: str
    """What is done, in a sentence."""
    checksum: str
    """What comparing the file's digest with the manifest's says of it: `passes`, `fails`, or `passes: why`."""
    answer: str
    """The rule that answers, or `verified` where nothing is wrong and that is shown."""
    fixture: str
    """A pull request of the fixtures, or `module.function` below `tests/support/`."""
    effect: str = "blocks"
    """What the answer does."""
    says: str = ""
    """A part of the answer's message."""


def load_attacks() -> list[Attack]:
    """All rows, by file and in their order."""
    return [Attack(**row) for file in sorted(ROWS.glob("*.yaml")) for row in yaml.safe_load(file.read_text())]


def page() -> str:
    """The table of the page, as it has to stand there."""
    lines = ["| attack or mistake | a plain checksum | changegate answers | fixture |", "|---|---|---|---|"]
    lines += [f"| {one.attack} | {one.checksum} | {_answer(one)} | `{one.fixture}` |" for one in load_attacks()]
    return "\n".join(lines)


def _answer(one: Attack) -> str:
    warns = ", a warning" if one.effect == "advises" else ""
    return "verified" if one.answer == "verified" else f"`{one.answer}`{warns}"


if __name__ == "__main__":
    print(page())

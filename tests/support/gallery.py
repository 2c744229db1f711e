"""Writes docs/gallery.md: what the reports say in the situations that models get into. `python -m support.gallery`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from changegate import fixtures, gate
from changegate.report import ReportOptions, load_reporter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.verdict import Verdict

PAGE = Path(__file__).parents[2] / "docs" / "gallery.md"
SITUATIONS = {
    "evaluation-latency-over-slo": "A transformer on Kubernetes is replaced by one that is slower than its objective.",
    "artifacts-grew-too-much": "A small vision model on a serverless platform becomes twelve times as large.",
    "fraud-overnight-update": "An overnight update of a fraud model raises its false positives: it should be stopped.",
    "artifacts-hosted-unpinned": "A chat model calls a large model of a provider, and does not say which snapshot.",
    "fairness-subgroup-regressed": "A credit model treats one group worse than the release before.",
    "artifacts-package-too-large": "A voice model for devices no longer fits its package.",
    "fairness-error-rates-differ": "A medical model misses more of one group than of another.",
    "recommender-update": "A recommender in research gets a new version: nobody is asked for anything.",
}
"""Pull request of the fixtures -> what happens in it."""
EVERY_FORMAT = "fraud-overnight-update"
TEXTS = ("github", "azure", "tap", "codequality")
_MOST_LINES, _WIDEST = 60, 160
_HEAD = """# What the reports say

Made from the pull requests of the fixtures by `python -m support.gallery`, and compared by a test: these are the words
of this version. [reports.md](reports.md) says what each format is for.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *(part for case in SITUATIONS for part in _situation(case))])


def _situation(case: str) -> Iterator[str]:
    verdict = _judged(case)
    yield f"## {SITUATIONS[case].rstrip('.')}\n"
    yield f"The pull request `{case}`: `{verdict.gate.value}`, exit code {verdict.exit_code}. On a terminal:\n"
    yield _block(_shown("console", verdict))
    yield "On the pull request:\n"
    yield _block(_shown("markdown", verdict))
    if case == EVERY_FORMAT:
        yield "In short (`-q`):\n"
        yield _block(_shown("console", verdict, quiet=True))
        for form in TEXTS:
            yield f"As `{form}`:\n"
            yield _block(_shown(form, verdict))


def _judged(case: str) -> Verdict:
    with tempfile.TemporaryDirectory() as folder:
        laid_out = fixtures.lay_out(Path(folder) / "repository", fixtures.case(case))
        return gate.check(fixtures.request(laid_out), {})


def _shown(form: str, verdict: Verdict, *, quiet: bool = False) -> str:
    return load_reporter(form).render(verdict, ReportOptions(quiet=quiet))


def _block(text: str) -> str:
    """A report as text that is shown and never read as Markdown; cut where it goes on and on."""
    lines = [line if len(line) <= _WIDEST else line[: _WIDEST - 1] + "…" for line in text.rstrip("\n").split("\n")]
    lines = [line for line in lines if not line.startswith("<sub>")]
    more = len(lines) - _MOST_LINES
    shown = [*lines[:_MOST_LINES], *([f"… {more} more lines"] if more > 0 else [])]
    return "```text\n" + "\n".join(line.replace("```", "'''") for line in shown) + "\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    sys.stdout.write(f"{PAGE}\n")

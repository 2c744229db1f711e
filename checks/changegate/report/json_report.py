"""The report for programs: the whole verdict, described by `schemas/verdict.schema.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.report.verdict_json import verdict_text

if TYPE_CHECKING:
    from changegate.report.reporter import ReportOptions
    from changegate.verdict import Verdict


def render(verdict: Verdict, options: ReportOptions) -> str:
    """Render the verdict as one JSON object; options change nothing."""
    del options
    return verdict_text(verdict) + "\n"

"""Reports: what a verdict looks like to a terminal, a CI host, a pull request and a program."""

from __future__ import annotations

from changegate.report.output import Output, parse_output, parse_outputs
from changegate.report.registry import REPORTS, WHOLE, load_reporter
from changegate.report.reporter import Reporter, ReportOptions
from changegate.report.write import emit_reports

__all__ = [
    "REPORTS",
    "WHOLE",
    "Output",
    "ReportOptions",
    "Reporter",
    "emit_reports",
    "load_reporter",
    "parse_output",
    "parse_outputs",
]

"""Reports: what a verdict looks like to a terminal, a CI host, a pull request and a program."""

from __future__ import annotations

from changegate.report.registry import REPORTS, load
from changegate.report.reporter import Options, Reporter
from changegate.report.write import Output, emit, parse_output, parse_outputs

__all__ = ["REPORTS", "Options", "Output", "Reporter", "emit", "load", "parse_output", "parse_outputs"]

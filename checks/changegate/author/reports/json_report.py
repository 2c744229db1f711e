"""The report on tests for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from changegate.author.cases import percent
from changegate.escape import json_text

if TYPE_CHECKING:
    from changegate.author.cases import Covered, Result, RunReport

SCHEMA_VERSION = 1
"""Raised when a reader of the present version could misread the next."""


def render(report: RunReport, *, verbose: bool) -> str:
    """Render the run as one JSON object; ASCII, and without times, so that the same run has the same bytes."""
    del verbose
    return json_text(json.dumps(_document(report), indent=2)) + "\n"


def _document(report: RunReport) -> dict[str, Any]:
    return {
        "schemaVersion": SCHEMA_VERSION,
        "engine": report.engine,
        "exitCode": report.exit_code,
        **{status: report.count(status) for status in ("passed", "failed", "error", "skipped")},
        "tests": [_result(result) for result in report.results],
        "coverage": _coverage(report),
        "notes": list(report.notes),
    }


def _result(result: Result) -> dict[str, Any]:
    case = result.case
    return {
        "package": case.package,
        "name": case.name,
        "file": case.file,
        "line": case.line,
        "status": result.status,
        "message": result.message,
        "at": {"file": result.file, "line": result.line} if result.file else None,
        "details": list(result.details),
        "prints": list(result.prints),
    }


def _coverage(report: RunReport) -> dict[str, Any] | None:
    if report.coverage is None:
        return None
    return {
        "percent": percent(report.coverage),
        "threshold": report.threshold,
        "files": [_file(one) for one in report.coverage],
    }


def _file(one: Covered) -> dict[str, Any]:
    lines = {"covered": list(one.covered), "notCovered": list(one.not_covered)}
    return {"file": one.file, "percent": one.percent, **lines}

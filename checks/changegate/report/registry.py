"""The formats there are. A module is imported when its format is asked for: some bring heavy libraries along."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from changegate.errors import ReportError, UsageError
    from changegate.report.reporter import Reporter
    from changegate.verdict import Verdict

REPORTS = {
    "azure": "changegate.report.azure",
    "codequality": "changegate.report.codequality",
    "console": "changegate.report.console",
    "github": "changegate.report.github",
    "html": "changegate.report.html_page",
    "json": "changegate.report.json_report",
    "junit": "changegate.report.junit",
    "markdown": "changegate.report.markdown",
    "record": "changegate.report.record",
    "sarif": "changegate.report.sarif",
    "tap": "changegate.report.tap",
}
"""Format -> the module that has its `render`."""
FOLDERS = {
    "plan": "changegate.report.plan_folder",
}
"""What is written as a folder of files -> the module that has its `write_folder`."""
OUTPUTS = {**REPORTS, **FOLDERS}
"""All that `-o` of a run takes."""
WHOLE = frozenset({"json", "plan", "record"})
"""The formats that need all that a verdict was come to by."""


def load_reporter(name: str) -> Reporter:
    """Import the reporter of a format.

    Raises:
        UsageError: There is no such format.
    """
    module = REPORTS.get(name)
    if module is None:
        raise unknown_format(name, REPORTS)
    from importlib import import_module

    return cast("Reporter", import_module(module))


def load_folder_writer(name: str) -> Callable[[Verdict, Path, Path], ReportError | None]:
    """Import what writes a folder.

    Args:
        name: A key of `FOLDERS`.
    """
    from importlib import import_module

    return cast("Callable[[Verdict, Path, Path], ReportError | None]", import_module(FOLDERS[name]).write_folder)


def unknown_format(name: str, formats: Iterable[str]) -> UsageError:
    """The error of a format that a command does not have."""
    from changegate.errors import UsageError
    from changegate.escape import shorten

    return UsageError(f"there is no report format {shorten(name, 60)!r}", hint=f"use one of {', '.join(formats)}")

"""Where the reports on tests go: the same options as those of `changegate check`."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from changegate.errors import UsageError
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from changegate.author.cases import RunReport

REPORTS = {
    "console": "changegate.author.reports.console",
    "json": "changegate.author.reports.json_report",
    "junit": "changegate.author.reports.junit",
}
"""Format -> the module that has its `render`."""


class TestOutput(NamedTuple):
    """One report that was asked for."""

    format: str
    file: Path | None
    """None for stdout."""


def parse_test_outputs(texts: Sequence[str]) -> tuple[TestOutput, ...]:
    """Read what `-o` was given: `junit`, `junit=report.xml`.

    Raises:
        UsageError: There is no such format, or a file has no name or is named twice.
    """
    found = []
    for text in texts or ("console",):
        name, equals, file = text.partition("=")
        if name not in REPORTS:
            raise UsageError(f"there is no report format {name!r}", hint=f"use one of {', '.join(REPORTS)}")
        if (equals and not file) or "\0" in file:
            raise UsageError(f"`-o {name}=` names no file", hint=f"write `-o {name}=FILE`, or `-o {name}` for stdout")
        found.append(TestOutput(name, Path(file) if file not in {"", "-"} else None))
    files = [one.file for one in found if one.file is not None]
    if len(set(files)) < len(files):
        raise UsageError("two reports would be written to one file", hint="give each `-o` a file of its own")
    return tuple(found)


def emit_test_report(report: RunReport, outputs: Sequence[TestOutput], directory: Path, *, verbose: bool) -> None:
    """Write the reports, those in files whole or not at all.

    Raises:
        ReportError: One cannot be written.
    """
    from changegate.files import write_file

    for output in outputs:
        text: str = import_module(REPORTS[output.format]).render(report, verbose=verbose)
        data = text.encode("utf-8", "backslashreplace")
        if output.file is not None:
            write_file(directory / output.file, None, data)
        else:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()

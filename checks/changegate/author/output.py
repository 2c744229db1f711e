"""Where the reports on tests go: the same options as those of `changegate check`."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from changegate.author.cases import RunReport
    from changegate.report.output import Output

REPORTS = {
    "console": "changegate.author.reports.console",
    "json": "changegate.author.reports.json_report",
    "junit": "changegate.author.reports.junit",
}
"""Format -> the module that has its `render`."""


def emit_test_report(report: RunReport, outputs: Sequence[Output], directory: Path, *, verbose: bool) -> None:
    """Write the reports, those in files whole or not at all.

    Raises:
        ReportError: One cannot be written.
    """
    from changegate.files import write_file
    from changegate.workspace.place import checkout_of

    root = checkout_of(directory)
    for output in outputs:
        text: str = import_module(REPORTS[output.format]).render(report, verbose=verbose)
        data = text.encode("utf-8", "backslashreplace")
        if output.file is not None:
            write_file(directory / output.file, root, data)
        else:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()

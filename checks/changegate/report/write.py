"""Where reports go: to stdout, or to files that are written whole or not at all.

A report that fails does not cost the others theirs: what went wrong is collected, and raised when all are done.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from changegate.errors import ReportError
from changegate.report.registry import load_folder_writer, load_reporter
from changegate.report.reporter import ReportOptions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from changegate.report.output import Output
    from changegate.verdict import Verdict


def emit_reports(
    verdict: Verdict, outputs: Iterable[Output], options: ReportOptions | None = None, *, root: Path | None = None
) -> None:
    """Write every report that was asked for.

    Args:
        verdict: What was decided.
        outputs: The reports, in the order in which those on stdout are printed.
        options: How they are wanted; colour reaches stdout only.
        root: The checkout, from which relative file names start; no link below it is followed. The default is where
            the command runs.

    Raises:
        ReportError: At least one could not be written; the others were.
        BrokenPipeError: The reader of stdout went away, and all else was written.
    """
    chosen = options or ReportOptions()
    top = root if root is not None else Path()
    problems = [problem for output in outputs if (problem := _emit_one(verdict, output, top, chosen)) is not None]
    faults = [problem for problem in problems if isinstance(problem, ReportError)]
    if len(faults) > 1:
        raise _together(faults)
    for problem in (*faults, *problems):
        raise problem


def _together(faults: Sequence[ReportError]) -> ReportError:
    text = "; ".join(fault.message for fault in faults)
    hints = dict.fromkeys(fault.hint for fault in faults if fault.hint)
    return ReportError(f"{len(faults)} reports were not written: {text}", hint="; ".join(hints))


def _emit_one(
    verdict: Verdict, output: Output, root: Path, options: ReportOptions
) -> ReportError | BrokenPipeError | None:
    """Write one report; what goes wrong is returned, so that the next report has its turn."""
    try:
        return _write_one(verdict, output, root, options)
    except (BrokenPipeError, ReportError) as error:
        return error
    except OSError as error:
        return ReportError(
            f"the {output.format} report could not be written: {error.strerror or error}",
            hint="check that the directory can be written to and the disk is not full",
            file=str(output.file or "stdout"),
        )
    except Exception as error:  # noqa: BLE001  (one reporter's fault must not cost the others theirs; it is exit 2)
        from changegate.report.partial import told

        return told(error, f"the {output.format} report failed")


def _write_one(verdict: Verdict, output: Output, root: Path, options: ReportOptions) -> ReportError | None:
    """Write a report; where subjects are left out of it, the error that says which is returned."""
    if output.is_folder and output.file is not None:
        return load_folder_writer(output.format)(verdict, root / output.file, root)
    chosen = options if output.file is None else options._replace(colour=False, width=None)
    text, left_out = "", None
    try:
        text = load_reporter(output.format).render(verdict, chosen)
    except Exception as error:  # noqa: BLE001  (the fault may be one subject's: then the report is of the others)
        from changegate.report.partial import render_what_can_be

        text, left_out = render_what_can_be(load_reporter(output.format), verdict, chosen, error, output.format)
    if output.file is None:
        _print(text, output.format)
    else:
        write_atomic(root / output.file, text.encode("utf-8", "backslashreplace"), root=root)
    return left_out


def _print(text: str, name: str) -> None:
    """Print to stdout: UTF-8 for what programs read; what a person's terminal cannot show, as an escape."""
    stream = sys.stdout
    encoding = (getattr(stream, "encoding", None) or "utf-8") if name == "console" else "utf-8"
    buffer = getattr(stream, "buffer", None)
    stream.flush()
    if buffer is None:
        stream.write(text)
    else:
        buffer.write(text.encode(encoding, "backslashreplace"))
        buffer.flush()
    stream.flush()


def write_atomic(path: Path, data: bytes, *, root: Path | None = None) -> None:
    """Write a file whole or not at all, without following a link that the change could have planted.

    The rules of where a file may be written stand in one place, `changegate.files`.

    Args:
        path: The file. Folders are made where they are missing.
        data: All of it.
        root: The checkout, in which no part of the path may be a link; None where there is none.

    Raises:
        ReportError: It may not or cannot be written there; then nothing was changed.
    """
    from changegate.files import write_file

    write_file(path, root, data)

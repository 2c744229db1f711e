"""What `-o FORMAT=FILE` asks for: one reader for every command that writes reports."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from changegate.errors import UsageError
from changegate.records import NamedTuple
from changegate.report.registry import FOLDERS, OUTPUTS, unknown_format

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Output(NamedTuple):
    """One report that was asked for."""

    format: str
    """A key of the command's formats."""
    file: Path | None = None
    """Where it is written, relative to the directory that changegate runs in; None for stdout."""

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder of files."""
        return self.format in FOLDERS


def parse_output(text: str, formats: Mapping[str, str] = OUTPUTS) -> Output:
    """Read what `-o` was given: `junit`, `junit=report.xml`, or `junit=-` for stdout.

    Args:
        text: One of them.
        formats: What the command writes, by name.

    Raises:
        UsageError: The format is unknown, or the file has no name.
    """
    name, equals, file = text.partition("=")
    if name not in formats:
        raise unknown_format(name, formats)
    if name in FOLDERS and file in {"", "-"}:
        raise UsageError(f"`-o {name}` names no folder", hint=f"write `-o {name}=DIR`: it is more than one file")
    if equals and not file:
        raise UsageError(f"`-o {name}=` names no file", hint=f"write `-o {name}=FILE`, or `-o {name}` for stdout")
    if "\0" in file:
        raise UsageError(f"`-o {name}=…` names a file with a NUL in it", hint="give it another name")
    return Output(name, Path(file) if file not in {"", "-"} else None)


def parse_outputs(
    texts: Iterable[str], formats: Mapping[str, str] = OUTPUTS, *, directory: Path = Path()
) -> tuple[Output, ...]:
    """Read all `-o` options; without any, the console report on stdout. Several may go to stdout, in their order.

    Args:
        texts: As for `parse_output`.
        formats: As for `parse_output`.
        directory: Where relative file names start.

    Raises:
        UsageError: As `parse_output`; or two reports would be written to one file.
    """
    outputs = tuple(parse_output(text, formats) for text in texts) or (Output("console"),)
    seen: dict[str, Path] = {}
    for file in (output.file for output in outputs if output.file is not None):
        where = os.path.realpath(directory / os.path.normpath(file))
        if where in seen:
            message = f"two reports would be written to {os.path.normpath(seen[where])}"
            raise UsageError(message, hint="give each `-o` a file of its own")
        seen[where] = file
    _refuse_nested(outputs, directory)
    return outputs


def _refuse_nested(outputs: Iterable[Output], directory: Path) -> None:
    """Refuse a report in a folder that another one fills."""
    placed = [(one, Path(os.path.realpath(directory / one.file))) for one in outputs if one.file is not None]
    for folder, where in placed:
        for other, inside in placed:
            if folder.is_folder and other is not folder and inside.is_relative_to(where):
                message = f"the {other.format} report would be written into the folder of the {folder.format}"
                raise UsageError(message, hint="write it beside that folder")


def listed(formats: Iterable[str]) -> str:
    """The names of formats for a help text: `console, json or junit`."""
    *most, last = formats
    return f"{', '.join(most)} or {last}"

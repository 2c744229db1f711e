"""`changegate policy convert`: Rego v0 becomes v1, by OPA's own formatter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from changegate.cli.repository import DIRECTORY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from changegate.author.convert import PolicyText

_HELP = """Convert Rego v0 to v1, which is what changegate reads, and show what changes.

PATHs are files and folders of Rego, tests too; without one it is .changegate/policies. OPA's own formatter converts
(`opa fmt --v0-v1`), so an `opa` has to be on the PATH. What is v1 already stays as it is. Without --write no file is
changed; where one file cannot be converted, none is.
"""

_EPILOG = """
\b
Examples:
  changegate policy convert                    what would change in .changegate/policies
  changegate policy convert policies --write   convert the files
  changegate policy convert --check            for CI: is there Rego v0?

\b
Exit codes: 0 done, or nothing to do; 1 with --check, something is v0; 2 it could not convert, or there is no OPA.
"""


@click.command(help=_HELP, epilog=_EPILOG)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@DIRECTORY
@click.option("--write", is_flag=True, help="Write the converted files.")
@click.option("--check", is_flag=True, help="Exit 1 where something would change, and show no more than its name.")
def command(paths: tuple[Path, ...], directory: Path, write: bool, check: bool) -> int:
    """Convert, show or write what changes, and answer the exit code."""
    from changegate.author import folder
    from changegate.author.convert import convert
    from changegate.author.reports.problems import listed
    from changegate.errors import UsageError
    from changegate.escape import path as shown

    if write and check:
        raise UsageError("--write and --check exclude each other", hint="leave one out")
    files = folder.read_texts(paths, directory)
    found = convert(files)
    if found.problems:
        click.echo("\n".join(listed(found.problems)))
        return 2
    changed = [text for text in found.texts if text.is_changed]
    for text in changed:
        click.echo(f"{shown(str(text.file))}: Rego v0\n" if check else text.diff, nl=False)
    if write:
        _write(changed, directory)
    click.echo(_summary(len(files), len(changed), is_written=write), err=not check and not write)
    return int(bool(changed) and check)


def _write(changed: Sequence[PolicyText], directory: Path) -> None:
    """Write each file whole, through no link; all are looked at before the first is written."""
    from changegate.files import writable, write_file
    from changegate.workspace.place import checkout_of

    root = checkout_of(directory)
    for text in changed:
        writable(text.file, root)
    for text in changed:
        write_file(text.file, root, text.after.encode())


def _summary(files: int, changed: int, *, is_written: bool) -> str:
    looked = f"{files} file{'' if files == 1 else 's'}"
    if not changed:
        return f"{looked}: nothing to convert"
    what = f"{changed} converted" if is_written else f"{changed} {'is' if changed == 1 else 'are'} Rego v0"
    then = "`changegate policy check` says what is left to do" if is_written else "--write converts"
    return f"{looked}: {what}; {then}"

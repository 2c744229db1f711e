"""`changegate policy bundle`: policies as one file that other programs read."""

from __future__ import annotations

import sys
from pathlib import Path

import click

_HELP = """Pack policies as an OPA bundle (.tar.gz).

Without --own it is changegate's own policies: a plain OPA answers the same decision from the same input document, and
conftest and Gatekeeper find rules of their form beside it. With --own it is the policies and data of a folder, as
changegate reads them from a bundle again. The same policies give the same bytes.
"""

_EPILOG = """
\b
Examples:
  changegate policy bundle -o changegate.tar.gz
  opa eval -b changegate.tar.gz -i input.json data.changegate.main.decision

\b
For Gatekeeper, as a ConstraintTemplate:
  changegate policy bundle --format gatekeeper -o template.yaml

\b
Policies of your own, to share:
  changegate policy bundle --own policies -o shared.tar.gz --revision 2026-11-02
"""


@click.command(help=_HELP, epilog=_EPILOG)
@click.option(
    "-o", "--output", "file", metavar="FILE", default="-", help="Where to write it. [default: standard output]"
)
@click.option("--revision", metavar="REV", default="", help="The manifest's revision. [default: the policies' digest]")
@click.option(
    "--own",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Pack the policies and data of this folder instead.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["opa", "gatekeeper"]),
    default="opa",
    show_default=True,
    help="A bundle, or changegate's own policies as a Gatekeeper ConstraintTemplate.",
)
def command(file: str, revision: str, folder: Path | None, form: str) -> int:
    """Pack, and write it whole or not at all."""
    from changegate.errors import UsageError
    from changegate.own_policies import pack

    if form == "gatekeeper":
        if folder is not None or revision:
            raise UsageError("a ConstraintTemplate takes neither --own nor --revision", hint="leave them out")
        from changegate.own_policies.gatekeeper import template

        data = template()
    else:
        data = pack.packed_folder(folder, revision) if folder is not None else pack.packed_shipped(revision)
    emit(file, data)
    return 0


def emit(file: str, data: bytes) -> None:
    """Write to a file, or to the standard output where that is asked for.

    Raises:
        UsageError: It is a binary file, and the standard output is a terminal.
        ReportError: It cannot be written.
    """
    from changegate.errors import UsageError
    from changegate.files import write_file
    from changegate.workspace.place import checkout_of

    if file != "-":
        write_file(Path(file), checkout_of(Path()), data)
        return
    if data.startswith(b"\x1f\x8b") and sys.stdout.isatty():
        raise UsageError("a bundle is no text for a terminal", hint="write it to a file: -o changegate.tar.gz")
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()

"""`changegate replay`: decides a recorded verdict again, and compares."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from changegate.cli.engine_options import engine_options
from changegate.cli.repository import DIRECTORY

if TYPE_CHECKING:
    from changegate.rego.engines import EngineOptions


@click.command(
    epilog="\b\nExamples:\n"
    "  changegate replay record.json              decide again from that file alone\n"
    "  changegate replay record.json --engine opa -o json\n"
    "  changegate replay refs/changegate/records:4b825dc  the record of a tree, of those that are kept in git\n\n"
    "\b\nExit codes: 0 the same verdict, 1 something is otherwise, 2 it cannot be decided again.",
    help="Decide a recorded verdict again, and compare.\n\n"
    "RECORD is what `changegate check -o record=FILE` or `--record` wrote: a file, or a ref with the beginning of a "
    "record's name behind a colon. It holds every document that was asked about, and the "
    "policies that answered: nothing else is read. The JSON report of a verdict does as well, where the policies that "
    "this changegate ships are the ones that decided.",
)
@click.argument("record", type=click.Path(path_type=Path))
@click.option("-o", "--output", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@engine_options
@DIRECTORY
def command(record: Path, form: str, directory: Path, engine: EngineOptions) -> int:
    """Decide again, print what differs, and answer the exit code."""
    from changegate.audit import render
    from changegate.audit.record import load_record, parse_record
    from changegate.audit.records_ref import BEGINNING
    from changegate.audit.replay import replay
    from changegate.escape import json_text, log_line

    named = record.as_posix()
    loaded = parse_record(*_of_ref(named, directory)) if named.startswith(BEGINNING) else load_record(record)
    found = replay(loaded, engine)
    click.echo(json_text(render.as_json(found)) if form == "json" else render.as_text(found, log_line), nl=False)
    return 1 if found.differences else 0


def _of_ref(named: str, directory: Path) -> tuple[bytes, str]:
    """The bytes of a record that a ref has, and its name."""
    import os

    from changegate.audit.keep import RECORD
    from changegate.audit.record import LARGEST_RECORD
    from changegate.audit.records_ref import find_record
    from changegate.workspace.git import Git

    ref, _, beginning = named.partition(":")
    return find_record(Git.open(directory, os.environ), ref, beginning, ending=RECORD, limit=LARGEST_RECORD)

"""`changegate replay`: decides a recorded verdict again, and compares."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from changegate.cli.engine_options import engine_options

if TYPE_CHECKING:
    from changegate.rego.engines import EngineOptions


@click.command(
    epilog="\b\nExamples:\n"
    "  changegate replay record.json              decide again from that file alone\n"
    "  changegate replay record.json --engine opa -o json\n\n"
    "\b\nExit codes: 0 the same verdict, 1 something is otherwise, 2 it cannot be decided again.",
    help="Decide a recorded verdict again, and compare.\n\n"
    "RECORD is what `changegate check -o record=FILE` wrote. It holds every document that was asked about, and the "
    "policies that answered: nothing else is read. The JSON report of a verdict does as well, where the policies that "
    "this changegate ships are the ones that decided.",
)
@click.argument("record", type=click.Path(path_type=Path))
@click.option("-o", "--output", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@engine_options
def command(record: Path, form: str, engine: EngineOptions) -> int:
    """Decide again, print what differs, and answer the exit code."""
    from changegate.audit import render
    from changegate.audit.record import load_record
    from changegate.audit.replay import replay
    from changegate.escape import json_text, log_line

    found = replay(load_record(record), engine)
    click.echo(json_text(render.as_json(found)) if form == "json" else render.as_text(found, log_line), nl=False)
    return 1 if found.differences else 0

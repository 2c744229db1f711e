"""`changegate policy`: what is done with policies themselves, one file per subcommand."""

from __future__ import annotations

import click

from changegate.cli.lazy import Lazy

COMMANDS = {
    "bundle": "Pack policies as an OPA bundle, for OPA, conftest or Gatekeeper, or to share.",
    "schema": "Write the JSON Schema of the input document, for `opa check --schema`.",
}
"""Subcommand -> the line that `--help` shows; the module of the same name is only imported to run it."""


@click.group(
    cls=Lazy,
    package="changegate.cli.policy",
    registry=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Pack, describe and check policies.",
)
def command() -> None:
    """Hold the subcommands."""

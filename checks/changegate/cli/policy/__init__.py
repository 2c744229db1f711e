"""`changegate policy …`: for whoever writes policies. One file per command."""

from __future__ import annotations

import click

from changegate.cli.lazy import Lazy

COMMANDS = {
    "check": "Find everything that is wrong with policies.",
    "test": "Run the tests of policies, with line coverage.",
    "convert": "Convert Rego v0 to v1, by OPA's own formatter.",
    "bundle": "Pack policies as an OPA bundle, for OPA, conftest or Gatekeeper, or to share.",
    "schema": "Write the JSON Schema of the input document, for `opa check --schema`.",
}
"""Command -> the line that `--help` shows; the module of the same name is only imported to run it."""


@click.group(
    cls=Lazy,
    registry=COMMANDS,
    package="changegate.cli.policy",
    epilog="\b\nExamples:\n"
    "  changegate policy check                         find everything that is wrong with .changegate/policies\n"
    "  changegate policy test                          run its tests\n"
    "  changegate policy convert                       show what becomes of Rego v0\n"
    "  changegate policy bundle -o changegate.tar.gz   changegate's own policies, for a plain OPA\n"
    "  changegate policy schema -o schemas/input.json  what `opa check --schema` reads\n",
)
def command() -> None:
    """Write policies: check, test and share them."""

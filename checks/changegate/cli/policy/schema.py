"""`changegate policy schema`: the input document, as OPA's type checker reads schemas."""

from __future__ import annotations

import json

import click


@click.command(
    epilog="\b\nExamples:\n"
    "  changegate policy schema -o schemas/input.json\n"
    "  opa check --strict --schema schemas policies\n"
    "\n\b\nIn a policy, above its package:\n"
    "  # METADATA\n"
    "  # scope: package\n"
    "  # schemas:\n"
    "  #   - input: schema.input\n",
    help="Write one self-contained JSON Schema of the input document.\n\n"
    "It holds what OPA's type checker understands, so that `opa check` finds a misspelt name in a policy. To "
    "validate documents there are the full schemas, in schemas/.",
)
@click.option(
    "-o", "--output", "file", metavar="FILE", default="-", help="Where to write it. [default: standard output]"
)
def command(file: str) -> int:
    """Write it whole or not at all."""
    from changegate.author.schema import opa_schema
    from changegate.cli.policy.bundle import emit

    emit(file, (json.dumps(opa_schema(), indent=2, ensure_ascii=False) + "\n").encode())
    return 0

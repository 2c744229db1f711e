"""`changegate schema`: one schema, whole, for an editor that fetches nothing."""

from __future__ import annotations

import json

import click


@click.command(
    epilog="\b\nExamples:\n"
    "  changegate schema                                        the names there are\n"
    "  changegate schema manifest -o .vscode/changegate/manifest.schema.json\n"
    "  changegate schema config\n"
    "\n\b\nIn a file, for editors with yaml-language-server:\n"
    "  # yaml-language-server: $schema=../../.vscode/changegate/manifest.schema.json\n",
    help="Print a JSON Schema with all that it refers to.\n\n"
    "Without NAME it lists the schemas: of the files that you write, and of the JSON that changegate writes.",
)
@click.argument("name", required=False)
@click.option(
    "-o", "--output", "file", metavar="FILE", default="-", help="Where to write it. [default: standard output]"
)
def command(name: str | None, file: str) -> int:
    """Print the names, or write one schema whole or not at all."""
    from changegate.cli.policy.bundle import emit
    from changegate.manifest.one_schema import schema_names, whole_schema

    known = schema_names()
    if name is None:
        click.echo("\n".join(known))
        return 0
    if name not in known:
        raise _unknown(name, known)
    emit(file, (json.dumps(whole_schema(name), indent=2, ensure_ascii=False) + "\n").encode())
    return 0


def _unknown(name: str, known: list[str]) -> Exception:
    from difflib import get_close_matches

    from changegate.errors import UsageError

    near = get_close_matches(name, known, 1)
    hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}"
    return UsageError(f"there is no schema {name!r}", hint=hint)

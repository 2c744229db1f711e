"""`changegate input`: the document that policies see."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from changegate.cli.repository import DIRECTORY

if TYPE_CHECKING:
    from changegate.verdict import SubjectVerdict

_HELP = """Print the input document that a policy sees for a manifest, exactly as `changegate check` makes it.

It is about one subject: the release in MANIFEST, or with `--subject change-set` the change as a whole. The manifest
need not be part of the change. Nothing is decided.
"""

_EPILOG = """
\b
Examples:
  changegate input models/fraud-detector/manifest.yaml
  changegate input models/fraud-detector/manifest.yaml -o input.json
  changegate input models/fraud-detector/manifest.yaml --conftest    as `deny` rules see it: the manifest itself
  changegate input --subject change-set
  changegate input models/fraud-detector/manifest.yaml --now 2026-11-02T12:00:00Z --base origin/main

\b
With OPA:
  opa eval -i input.json -d policies 'data.team.rollout.outcome'
"""

_PATH = click.Path(path_type=Path)


@click.command(help=_HELP, epilog=_EPILOG)
@click.argument("manifest", required=False, type=_PATH)
@DIRECTORY
@click.option("--base", metavar="REF", default="", help="What the change lands on. [default: as for check]")
@click.option("--head", metavar="REF", default="", help="The change. [default: the working tree]")
@click.option("--staged", is_flag=True, help="Read the index instead of the working tree.")
@click.option("--approvals", metavar="FILE", type=_PATH, help="Reviews, outside the checkout.")
@click.option("--evidence", metavar="DIR", type=_PATH, help="Evidence, outside the checkout.")
@click.option("--now", metavar="TIME", help="The time to judge at, RFC 3339. [default: the clock's]")
@click.option("--subject", type=click.Choice(["release", "change-set"]), default="release", help="[default: release]")
@click.option("--model", metavar="NAME", help="Which model, where the file holds several.")
@click.option("--conftest", is_flag=True, help="The manifest alone, as conftest-style rules see it.")
@click.option("-o", "--output", metavar="FILE", type=_PATH, help="Write it to a file. [default: stdout]")
def command(manifest: Path | None, directory: Path, output: Path | None, **options: Any) -> int:
    """Make the document and print it."""
    from changegate.author.reports.document import text
    from changegate.errors import UsageError
    from changegate.judging.documents import documents
    from changegate.request import request_of

    subject, model, conftest = (options.pop(name) for name in ("subject", "model", "conftest"))
    if (manifest is None) == (subject == "release") or (conftest and subject != "release"):
        hint = "name a MANIFEST, or say `--subject change-set` without one and without --conftest"
        raise UsageError("it is not clear which document is asked for", hint=hint)
    paths = () if manifest is None else (manifest,)
    request = request_of(directory, paths=paths, all=manifest is not None, stage="local", **options)
    document = _chosen(documents(request, os.environ).subjects, subject, model, str(manifest))
    _print(text(document["release"] if conftest else document), output, directory)
    return 0


def _chosen(subjects: tuple[SubjectVerdict, ...], kind: str, model: str | None, named: str) -> dict[str, Any]:
    """The one document that is asked for.

    Raises:
        UsageError: There is none, or there are several.
    """
    from changegate.errors import UsageError
    from changegate.verdict import SubjectKind

    change_set = kind == SubjectKind.CHANGE_SET
    found = [one for one in subjects if (one.subject.kind is SubjectKind.CHANGE_SET) == change_set]
    labels = ", ".join(one.subject.label for one in found)
    if not found:
        hint = "name a file that says `apiVersion: changegate.dev/v1`"
        raise UsageError(f"there is no model manifest in {named}", hint=hint)
    if model is not None:
        found = [one for one in found if one.subject.identity is not None and model == one.subject.identity.name]
    if not found:
        raise UsageError(f"there is no model {model!r} in {named}", hint=f"there is {labels}")
    if len(found) > 1:
        raise UsageError(f"there are several: {labels}", hint="choose one with --model")
    if found[0].input is None:
        reason = f"{named} has no input document: {found[0].not_evaluated}"
        raise UsageError(reason, hint=f"`changegate check --all {named}` says what is wrong with it")
    return dict(found[0].input)


def _print(text: str, output: Path | None, directory: Path) -> None:
    from changegate.files import write_file
    from changegate.workspace.place import checkout_of

    if output is None:
        click.echo(text, nl=False)
    else:
        write_file(directory / output, checkout_of(directory), text.encode())

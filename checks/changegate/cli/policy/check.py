"""`changegate policy check`: everything that is wrong with policies."""

from __future__ import annotations

from pathlib import Path

import click

from changegate.cli.repository import DIRECTORY, engine_at_base, engine_here
from changegate.rego.engines import HOSTS

_HELP = """Find everything that is wrong with policies: what does not compile, what is refused, what METADATA lacks.

PATHs are files and folders of Rego, with their tests; without one it is .changegate/policies. The gate would refuse
such a policy with exit code 2 and its first problem; here all are listed. Where there is an `opa` on the PATH, it is
said of each file which of the two engines takes it.
"""

_EPILOG = """
\b
Examples:
  changegate policy check                    .changegate/policies
  changegate policy check policies -o json   for programs
  changegate policy check -o github          annotations in a workflow
  changegate policy check --engine opa       whether they would do with `engine: opa`

\b
Exit codes: 0 nothing is wrong (warnings allowed), 1 something is, 2 it could not look.
"""


@click.command(help=_HELP, epilog=_EPILOG)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@DIRECTORY
@click.option(
    "--engine",
    type=click.Choice(list(HOSTS)),
    help="What is to evaluate them. [default: what .changegate/config.yaml of the working tree says, else embedded]",
)
@click.option(
    "-o", "--output", "form", type=click.Choice(["console", "json", "github"]), default="console", show_default=True
)
def command(paths: tuple[Path, ...], directory: Path, engine: str | None, form: str) -> int:
    """List the problems, and answer the exit code."""
    from changegate.author import folder
    from changegate.author.engines import NO_OPA, checked
    from changegate.author.problem import ERROR
    from changegate.author.reports.problems import FORMS

    bundle = folder.read_policies(paths, directory)
    found = checked(bundle, engine or engine_here(directory), engine_at_base(directory))
    click.echo(FORMS[form](found), nl=False)
    if len(found.asked) == 1:
        click.echo(NO_OPA, err=True)
    return int(any(problem.level == ERROR for problem in found.problems))

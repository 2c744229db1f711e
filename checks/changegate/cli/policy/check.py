"""`changegate policy check`: everything that is wrong with policies."""

from __future__ import annotations

from pathlib import Path

import click

from changegate.cli.repository import DIRECTORY

_HELP = """Find everything that is wrong with policies: what does not compile, what is refused, what METADATA lacks.

PATHs are files and folders of Rego, with their tests; without one it is .changegate/policies. The gate would refuse
such a policy with exit code 2 and its first problem; here all are listed.
"""

_EPILOG = """
\b
Examples:
  changegate policy check                    .changegate/policies
  changegate policy check policies -o json   for programs
  changegate policy check -o github          annotations in a workflow

\b
Exit codes: 0 nothing is wrong (warnings allowed), 1 something is, 2 it could not look.
"""


@click.command(help=_HELP, epilog=_EPILOG)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@DIRECTORY
@click.option(
    "-o", "--output", "form", type=click.Choice(["console", "json", "github"]), default="console", show_default=True
)
def command(paths: tuple[Path, ...], directory: Path, form: str) -> int:
    """List the problems, and answer the exit code."""
    from changegate.author import folder
    from changegate.author.problem import ERROR
    from changegate.author.problems import problems
    from changegate.author.reports.problems import FORMS

    bundle = folder.read_policies(paths, directory)
    found = problems(bundle)
    click.echo(FORMS[form](found, sum(not folder.is_ours(one.name) for one in bundle.modules)), nl=False)
    return int(any(problem.level == ERROR for problem in found))

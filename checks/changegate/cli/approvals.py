"""`changegate approvals`: reads who approved from a host, and writes the file that `check --approvals` takes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from changegate.approvals import HOSTS

if TYPE_CHECKING:
    from changegate.workspace.git import Git


@click.command(
    epilog="\b\nExamples:\n"
    "  changegate approvals github -o ../approvals.json      in a workflow: what the run is about\n"
    "  changegate approvals gitlab -o ../approvals.json\n"
    "  changegate approvals github --repository acme/models --number 42 -o approvals.json\n"
    "  changegate approvals github --missing | xargs -r git fetch origin    after a forced push\n\n"
    "\b\nThe token is in the environment, and nowhere else:\n"
    "  GitHub  CHANGEGATE_GITHUB_TOKEN, else GH_TOKEN, else GITHUB_TOKEN\n"
    "  GitLab  CHANGEGATE_GITLAB_TOKEN, else GITLAB_TOKEN\n\n"
    "The address of the API is GITHUB_API_URL or CI_API_V4_URL where the CI sets it, else that of github.com or "
    "gitlab.com.\n\n"
    "\b\nExit codes: 0 it is written, 2 it is not.",
    help="Read who approved a pull or merge request from its host, and write the approvals file.\n\n"
    "`changegate check --approvals-from HOST` does the same within the gate.",
)
@click.argument("host", type=click.Choice(list(HOSTS)))
@click.option("-o", "--output", metavar="FILE", default="-", show_default=True, help="Where to; `-` is stdout.")
@click.option("-C", "directory", type=click.Path(path_type=Path), default=Path(), help="The clone.")
@click.option("--repository", metavar="NAME", default="", help="`owner/name`. [default: what the CI says]")
@click.option("--number", type=click.IntRange(1), default=None, help="Of the request. [default: what the CI says]")
@click.option("--api", metavar="URL", default="", help="The API's address. [default: the environment's]")
@click.option("--missing", is_flag=True, help="Print the approved commits that this clone lacks, one a line, instead.")
@click.option("--now", metavar="TIME", help="When it was fetched, RFC 3339. [default: the clock's]")
def command(
    *,
    host: str,
    output: str,
    directory: Path,
    repository: str,
    number: int | None,
    api: str,
    missing: bool,
    now: str | None,
) -> int:
    """Ask the host, and write the file."""
    from changegate.approvals.fetching import HostQuery, fetch_approvals
    from changegate.escape import terminal
    from changegate.request import given_moment
    from changegate.workspace import ci

    query = HostQuery(host, repository, number or 0, api)
    claims = ci.Claims() if repository and number else ci.read_claims(os.environ)
    git = _clone(directory)
    fetched = fetch_approvals(query, claims, os.environ, git=git, now=given_moment(now))
    if missing:
        click.echo("".join(f"{commit}\n" for commit in fetched.missing(git)), nl=False)
        return 0
    for note in fetched.notes:
        click.echo(f"note: {terminal(note)}", err=True)
    if output == "-":
        click.echo(fetched.data, nl=False)
        return 0
    from changegate.files import write_file
    from changegate.workspace.place import checkout_of

    here = Path(os.path.realpath(directory))
    write_file(here / output, checkout_of(here), fetched.data)
    return 0


def _clone(directory: Path) -> Git | None:
    """The clone that the command runs in; None outside of any."""
    from changegate.errors import GitError
    from changegate.workspace.git import Git

    try:
        return Git.open(directory, os.environ)
    except GitError:
        return None

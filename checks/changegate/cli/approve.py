"""`changegate approve`: signs an approval of what a change would land, with an SSH key."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click

_PATH = click.Path(path_type=Path)
_DAY = 24 * 3600


@click.command(
    epilog="\b\nExamples:\n"
    "  changegate approve fraud-detector --role owner --as ana --key ~/.ssh/id_ed25519 \\\n"
    "      --trusted-ref refs/heads/main --pull-request 42 -o ana.json\n"
    "  changegate approve --control --role platform --as eve --key ~/.ssh/id_ed25519 \\\n"
    "      --trusted-ref refs/heads/main -o eve.json\n\n"
    "Hand the file in from outside the checkout: `changegate check --signed-approvals ana.json`.\n\n"
    "\b\nExit codes: 0 it is signed and written, 2 it is not.",
    help="Sign an approval of a release, as the change would land it, with an SSH key.\n\n"
    "MODEL is the release, as reports name it. What is signed names no commit: it holds while everything that the "
    "change is decided from stays as it is. The base's .changegate/teams.yaml has to list the key under `people`.",
)
@click.argument("model", required=False, default="")
@click.option("--control", is_flag=True, help="Approve the control files of the change, and no release.")
@click.option("--role", required=True, help="The role or team that you approve for, or `owner`.")
@click.option("--as", "approver", required=True, metavar="LOGIN", help="Who you are, as teams.yaml has it.")
@click.option("--key", required=True, type=_PATH, help="Your SSH key; the public one where an agent has the other.")
@click.option("--until", metavar="TIME", help="Until when it holds, RFC 3339. [default: a week from now]")
@click.option("--pull-request", "number", type=click.IntRange(1), help="Its number, where there is one.")
@click.option("--repository", default="", metavar="NAME", help="`owner/name`. [default: what the base's settings say]")
@click.option(
    "--trusted-ref", envvar="CHANGEGATE_TRUSTED_REF", default="", metavar="REF", help="What it lands on, in full."
)
@click.option("--head", default="HEAD", show_default=True, metavar="REF", help="The change: a commit.")
@click.option("--now", metavar="TIME", help="When it is signed, RFC 3339. [default: the clock's]")
@click.option("-o", "--output", required=True, metavar="FILE", help="Where to; `-` is stdout.")
@click.option("-C", "directory", type=_PATH, default=Path(), help="The clone.")
def command(
    *,
    model: str,
    control: bool,
    role: str,
    approver: str,
    key: Path,
    until: str | None,
    number: int | None,
    repository: str,
    trusted_ref: str,
    head: str,
    now: str | None,
    output: str,
    directory: Path,
) -> int:
    """Say what is approved, sign it, and write the file."""
    from changegate.errors import UsageError
    from changegate.escape import terminal
    from changegate.judging.approving import Approving, approval_of, signed_file
    from changegate.request import given_moment

    if control == bool(model):
        raise UsageError("name one release, or --control for the control files", hint="changegate approve --help")
    signed_at = given_moment(now)
    signed_at = int(time.time()) if signed_at is None else signed_at
    ends = given_moment(until)
    asked = Approving(
        directory=directory,
        model=model,
        role=role,
        approver=approver,
        repository=repository,
        number=number,
        trusted_ref=trusted_ref,
        head=head,
        signed_at=signed_at,
        until=signed_at + 7 * _DAY if ends is None else ends,
    )
    approval = approval_of(asked, os.environ)
    what = f"{approval['model']} {approval['version']}" if model else "the control files of the change"
    click.echo(terminal(f"{approver} approves {what} as {role}, until {approval['until']}"), err=True)
    data = signed_file(approval, key)
    _write(output, directory, data)
    return 0


def _write(output: str, directory: Path, data: bytes) -> None:
    if output == "-":
        click.echo(data, nl=False)
        return
    from changegate.files import write_file
    from changegate.workspace.place import checkout_of

    here = Path(os.path.realpath(directory))
    write_file(here / output, checkout_of(here), data)

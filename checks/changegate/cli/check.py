"""`changegate check`: the gate, as click knows it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from changegate.cli.checking import OPTIONS, SHOWN, check
from changegate.cli.engine_options import engine_options

if TYPE_CHECKING:
    from collections.abc import Callable

    from changegate.cli.fast_parser import Option

_HELP = """Check a change and open or close the gate.

With PATHs, on a laptop only, just the manifests in them are judged: those that the change touches, or with --all every
one. All that is named by a relative path starts from where the command runs, or from -C.
"""

_EPILOG = """
\b
Examples:
  changegate check                                  what you changed, against the upstream branch
  changegate check --staged                         what is about to be committed
  changegate check --base origin/main --head HEAD   two revisions
  changegate check --all                            every manifest
  changegate check --engine opa                     decided by an OPA that is started for it
  changegate check -o console -o junit=gate.xml -o markdown=summary.md
  changegate check --trace rollout/bake-too-short   why it fired, line by line

\b
In CI (the workflow is protected, the change is not trusted):
  changegate check --trusted-ref refs/heads/main --approvals-from github -o github
  changegate check --trusted-ref refs/heads/main --approvals ../approvals.json -o github

\b
Exit codes: 0 open or not enforced, 1 closed, 2 undecided, 3 awaiting approval.
"""

_PATH = click.Path(path_type=Path)


def _given(options: tuple[Option, ...]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command options of the table."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = _as_click(option)(command)
        return command

    return decorate


def _as_click(option: Option) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    names = (*option.names, option.dest)
    if option.kind == "flag":
        return click.option(*names, is_flag=True, help=option.help)
    kind = click.Choice(option.choices) if option.choices else _PATH if option.kind == "path" else str
    more: dict[str, Any] = {"multiple": True} if option.multiple else {"default": option.default}
    return click.option(*names, type=kind, metavar=option.metavar or None, help=option.help, **more)


@click.command(help=_HELP, epilog=_EPILOG)
@click.argument("paths", nargs=-1, type=_PATH)
@_given(OPTIONS)
@engine_options
@_given(SHOWN)
def command(**options: Any) -> int:
    """Run the gate."""
    return check(**options)

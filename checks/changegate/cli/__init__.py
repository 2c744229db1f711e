"""The command line: one thin file per command, imported when it is asked for."""

from __future__ import annotations

import os
import sys

import click

from changegate.cli.lazy import Lazy
from changegate.errors import ChangegateError, InternalError

COMMANDS = {
    "check": "Check a change and open or close the gate.",
    "diff": "Show what changed between two revisions of the model manifests.",
    "plan": "Show a manifest's rollout plan, neutral and rendered for its controller.",
    "rules": "List the rules.",
    "explain": "Explain one rule: why, how to mend it, where its threshold is set.",
    "policy": "Write policies: check, test and share them.",
    "input": "Print the input document that a policy sees.",
    "init": "Scaffold a repository: settings, teams, an example manifest, CI files.",
    "demo": "Lay out a real repository with a pull request, and run the gate on it.",
}
"""Command -> the line that `--help` shows; the module of the same name is only imported to run it."""


def _version(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        from changegate import __version__

        click.echo(f"changegate {__version__}")
        ctx.exit()


@click.group(
    cls=Lazy,
    registry=COMMANDS,
    package="changegate.cli",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
def group() -> None:
    """Change control for machine-learning models, as policy-as-code, in CI.

    \b
    Start here:
      changegate demo              see it work on a real repository
      changegate init              set up a repository of your own
      changegate check             check what you changed
    """


def main(arguments: list[str] | None = None) -> None:
    """Run a command and exit with its code; every error becomes one message and exit code 2."""
    try:
        code = group.main(arguments, prog_name="changegate", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = 2
    except click.Abort:
        code = 2
    except ChangegateError as error:
        _say(error)
        code = 2
    except Exception as error:
        if os.environ.get("CHANGEGATE_DEBUG"):
            raise
        _say(InternalError.of(error))
        code = 2
    sys.exit(code if isinstance(code, int) else 0)


def _say(error: ChangegateError) -> None:
    from changegate.report.escape import terminal

    place = f"{error.place}: " if error.place else ""
    click.echo(f"changegate: {terminal(place + error.message)}", err=True)
    if error.hint:
        click.echo(f"  try: {terminal(error.hint)}", err=True)

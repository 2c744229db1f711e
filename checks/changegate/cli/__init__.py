"""The command line: one thin file per command, imported when it is asked for."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from changegate.errors import ChangegateError, InternalError

COMMANDS = {
    "check": "Check a change and open or close the gate.",
    "diff": "Show what changed between two revisions of the model manifests.",
    "plan": "Show a manifest's rollout plan, neutral and rendered for its controller.",
    "rules": "List the rules.",
    "explain": "Explain one rule: why, how to mend it, where its threshold is set.",
    "init": "Scaffold a repository: settings, teams, an example manifest, CI files.",
    "demo": "Lay out a real repository with a pull request, and run the gate on it.",
}
"""Command -> the line that `--help` shows; the module of the same name is only imported to run it."""


class _Lazy(click.Group):
    """A group whose commands are imported one at a time, and whose help needs none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order of the registry, which is the order of use."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"changegate.cli.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101  (a fault of ours, not of the input)
        return command

    def invoke(self, ctx: click.Context) -> int:
        """Run the command; a reader that went away (`changegate … | head`) makes it exit code 2, never a verdict.

        NOTE: click itself would answer 1, which means closed.
        """
        try:
            code: int = super().invoke(ctx)
        except BrokenPipeError:
            # NOTE: Python would complain again when it flushes at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 2
        return code

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the registry, without importing any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _version(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        from changegate import __version__

        click.echo(f"changegate {__version__}")
        ctx.exit()


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
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

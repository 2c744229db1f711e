"""The group of all commands, as click knows it."""

from __future__ import annotations

from typing import Any

import click

from changegate.cli.lazy import Lazy

COMMANDS = {
    "check": "Check a change and open or close the gate.",
    "diff": "Show what changed between two revisions of the model manifests.",
    "plan": "Show a manifest's rollout plan, neutral and rendered for its controller.",
    "rules": "List the rules.",
    "explain": "Explain one rule: why, how to mend it, where its threshold is set.",
    "policy": "Write policies: check, test and share them.",
    "input": "Print the input document that a policy sees.",
    "verify": "Show what was found out about a release's artifacts, without a judgement.",
    "audit": "Show which changes of models have a record, over the history.",
    "replay": "Decide a recorded verdict again, and compare.",
    "approvals": "Read who approved from a host, and write the approvals file.",
    "approve": "Sign an approval of a release with an SSH key.",
    "publish": "Put a verdict on its pull request: a status and one comment.",
    "new": "Write the first manifest of a model.",
    "evidence": "Write a report of what was measured, as the gate reads it.",
    "fix": "Mend what can be mended without a decision: sizes, quotes, moved paths.",
    "waive": "Write a waiver: a rule need not hold for a model, until a day.",
    "schema": "Print a JSON Schema, whole, for an editor.",
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


def run(arguments: list[str] | None) -> Any:
    """Run a command; a mistake in its words is told, and is exit code 2."""
    try:
        return group.main(arguments, prog_name="changegate", standalone_mode=False)
    except click.ClickException as error:
        error.show()
    except click.Abort:
        pass
    return 2

"""`changegate explain`: one rule, with what to type."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from changegate.cli.repository import DIRECTORY, POLICY, look_up

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    epilog="\b\nExamples:\n"
    "  changegate explain rollout/bake-too-short\n"
    "  changegate explain own/main/deny          a rule of your own policies\n"
    "  changegate explain evaluation/regressed -C ../models   with the thresholds of that repository\n",
    help="Explain one rule: why it is asked, how to mend it, and where its threshold is set.\n\n"
    "In a repository thresholds and own policies are those of its base (without an upstream, of what is checked out), "
    "elsewhere the defaults.",
)
@click.argument("rule")
@POLICY
@DIRECTORY
def command(rule: str, policies: tuple[Path, ...], directory: Path) -> int:
    """Print what is known of a rule."""
    from changegate.policy.describe import explain
    from changegate.report.escape import terminal

    known = look_up(directory, policies)
    found = known.catalogue.rule(rule)
    source = "the default"
    if known.config.configured:
        source = f".changegate/config.yaml at {known.base[:12]}, over the default"
    data = known.own.thresholds(found.settings) if known.own is not None else {}
    text = explain(found, known.config.settings, source, overrides=known.config.stated(found.settings), data=data)
    click.echo("".join(terminal(line) + "\n" for line in text.splitlines()), nl=False)
    return 0

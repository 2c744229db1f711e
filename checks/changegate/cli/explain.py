"""`changegate explain`: one rule, with what to type."""

from __future__ import annotations

from pathlib import Path

import click

from changegate.cli.completion import rules
from changegate.cli.repository import DIRECTORY, POLICY, look_up
from changegate.diff.catalogue import PREFIX, explain_difference


@click.command(
    epilog="\b\nExamples:\n"
    "  changegate explain rollout/bake-too-short\n"
    "  changegate explain diff/input-removed     what the diff says of a change, and why\n"
    "  changegate explain own/main/deny          a rule of your own policies\n"
    "  changegate explain evaluation/regressed -C ../models   with the thresholds of that repository\n"
    "  changegate explain evaluation/regressed --trace models/fraud.yaml   why it fires, or does not\n",
    help="Explain one rule: why it is asked, how to mend it, and where its threshold is set.\n\n"
    "In a repository thresholds and own policies are those of its base (without an upstream, of what is checked out), "
    "elsewhere the defaults.",
)
@click.argument("rule", shell_complete=rules)
@click.option(
    "--trace",
    "manifest",
    metavar="MANIFEST",
    type=click.Path(path_type=Path),
    help="Show why it fires for this manifest, or does not, line by line.",
)
@POLICY
@DIRECTORY
def command(rule: str, policies: tuple[Path, ...], directory: Path, manifest: Path | None) -> int:
    """Print what is known of a rule."""
    if manifest is not None:
        return _trace(rule, directory, policies, manifest)
    from changegate.escape import log_line

    if rule.startswith(PREFIX):
        click.echo(explain_difference(rule), nl=False)
        return 0
    from changegate.policy.describe import explain
    from changegate.policy.origin import origins

    known = look_up(directory, policies)
    found = known.catalogue.rule(rule)
    source = "the default"
    if known.config.configured:
        source = f".changegate/config.yaml at {known.base[:12]}, over the default"
    data = known.own.thresholds(found.settings) if known.own is not None else {}
    text = explain(
        found,
        known.config.settings,
        source,
        origins=origins((name for name in found.settings if name not in data), known.tree),
        overrides=known.config.stated(found.settings),
        data=data,
    )
    click.echo("".join(log_line(line) + "\n" for line in text.splitlines()), nl=False)
    return 0


def _trace(rule: str, directory: Path, policies: tuple[Path, ...], manifest: Path) -> int:
    import os

    from changegate.judging.tracing import traces
    from changegate.request import request_of

    request = request_of(directory, paths=(manifest,), policies=policies, all=True, stage="local")
    click.echo(traces(request, os.environ, rule), nl=False)
    return 0

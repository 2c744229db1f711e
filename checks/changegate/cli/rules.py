"""`changegate rules`: the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from changegate.cli.repository import DIRECTORY, POLICY, look_up

if TYPE_CHECKING:
    from pathlib import Path

    from changegate.policy.catalogue import Rule


@click.command(
    epilog="\b\nExamples:\n"
    "  changegate rules                      every rule, by check\n"
    "  changegate rules --check rollout      the rules of one check\n"
    "  changegate rules --check own          those of your own policies\n"
    "  changegate rules -o markdown          the page docs/rules.md\n"
    "  changegate rules -o json              for programs\n",
    help="List the rules: what each asks for, and whether it may close the gate.\n\n"
    "In a repository the rules of its own policies, too, as its base has them: without an upstream, what is checked "
    "out.",
)
@click.option("--check", "checks", metavar="NAME", multiple=True, help="Only the rules of this check.")
@click.option(
    "-o",
    "--output",
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
)
@POLICY
@DIRECTORY
def command(checks: tuple[str, ...], form: str, policies: tuple[Path, ...], directory: Path) -> int:
    """Print the rules that were asked for."""
    rules = _chosen(checks, directory, policies)
    if form == "json":
        import json

        from changegate.escape import json_text
        from changegate.policy.describe import as_json

        click.echo(json_text(json.dumps([as_json(rule) for rule in rules], indent=2, sort_keys=True)))
    elif form == "markdown":
        from changegate.policy.describe import markdown

        click.echo(markdown(rules), nl=False)
    else:
        click.echo(_text(rules))
    return 0


def _chosen(checks: tuple[str, ...], directory: Path, policies: tuple[Path, ...]) -> list[Rule]:
    """Read the rules of the checks that were named, all where none was.

    Raises:
        UsageError: There is no check of a name.
    """
    from changegate.errors import UsageError
    from changegate.policy.catalogue import NO_OWN

    catalogue = look_up(directory, policies).catalogue
    known = {rule.partition("/")[0] for rule in catalogue}
    for name in checks:
        if name not in known:
            hint = NO_OWN if name == "own" else f"one of: {', '.join(sorted(known))}"
            raise UsageError(f"there is no check {name!r}", hint=hint)
    return [catalogue.rule(rule) for rule in catalogue if not checks or rule.partition("/")[0] in checks]


def _text(rules: list[Rule]) -> str:
    from changegate.escape import terminal
    from changegate.report.view import plural

    width = max(len(rule.id) for rule in rules)
    rows = [f"{rule.id:{width}}  {rule.severity.value:8} {terminal(rule.title)}" for rule in rules]
    return "\n".join([*rows, "", f"{plural(len(rules), 'rule')}. `changegate explain RULE` says more of one."])

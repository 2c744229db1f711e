"""`changegate rules`: the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from changegate.policy.catalogue import Rule


@click.command(
    epilog="\b\nExamples:\n"
    "  changegate rules                      every rule, by check\n"
    "  changegate rules --check rollout      the rules of one check\n"
    "  changegate rules --format markdown    the page docs/rules.md\n"
    "  changegate rules --format json        for programs\n",
    help="List the rules: what each asks for, and whether it may close the gate.",
)
@click.option("--check", "checks", metavar="NAME", multiple=True, help="Only the rules of this check.")
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True)
def command(checks: tuple[str, ...], form: str) -> int:
    """Print the rules that were asked for."""
    rules = _chosen(checks)
    if form == "json":
        import json

        from changegate.policy.describe import as_json

        click.echo(json.dumps([as_json(rule) for rule in rules], indent=2, sort_keys=True))
    elif form == "markdown":
        from changegate.policy.describe import markdown

        click.echo(markdown(rules), nl=False)
    else:
        click.echo(_text(rules))
    return 0


def _chosen(checks: tuple[str, ...]) -> list[Rule]:
    """Read the rules of the checks that were named, all where none was.

    Raises:
        UsageError: There is no check of a name.
    """
    from changegate.errors import UsageError
    from changegate.policy.bundle import shipped
    from changegate.policy.catalogue import Catalogue

    catalogue = Catalogue.of(shipped())
    known = {rule.partition("/")[0] for rule in catalogue}
    for name in checks:
        if name not in known:
            raise UsageError(f"there is no check {name!r}", hint=f"one of: {', '.join(sorted(known))}")
    return [catalogue.rule(rule) for rule in catalogue if not checks or rule.partition("/")[0] in checks]


def _text(rules: list[Rule]) -> str:
    width = max(len(rule.id) for rule in rules)
    rows = [f"{rule.id:{width}}  {rule.severity.value:8} {rule.title}" for rule in rules]
    return "\n".join([*rows, "", f"{len(rules)} rules. `changegate explain RULE` says more of one."])

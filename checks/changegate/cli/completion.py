"""What a shell completes beyond commands and options: the names of rules and of the demo's pull requests."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click


def rules(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Name the rules that begin like this, with own policies where they can be read."""
    del param
    from changegate.cli.repository import look_up
    from changegate.errors import ChangegateError
    from changegate.policy.catalogue import Catalogue
    from changegate.rego.bundle import shipped

    given = ctx.params
    try:
        known = look_up(given.get("directory") or Path(), given.get("policies") or ()).catalogue
    except ChangegateError:
        known = Catalogue.of(shipped())
    return [rule for rule in known if rule.startswith(incomplete)]


def cases(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Name the demo's pull requests that begin like this."""
    del ctx, param
    from changegate import fixtures

    return [case.name for case in fixtures.cases() if case.name.startswith(incomplete)]

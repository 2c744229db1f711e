"""`changegate explain`: one rule, with what to type."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(
    epilog="\b\nExamples:\n"
    "  changegate explain rollout/bake-too-short\n"
    "  changegate explain evaluation/regressed -C ../models   with the thresholds of that repository\n",
    help="Explain one rule: why it is asked, how to mend it, and where its threshold is set.\n\n"
    "In a repository the thresholds are those of its base, elsewhere the defaults.",
)
@click.argument("rule")
@click.option("-C", "directory", type=click.Path(path_type=Path), default=Path(), help="As if started in this folder.")
def command(rule: str, directory: Path) -> int:
    """Print what is known of a rule."""
    from changegate.policy.bundle import shipped
    from changegate.policy.catalogue import Catalogue
    from changegate.policy.describe import explain

    known = Catalogue.of(shipped()).rule(rule)
    config, source = _settings(directory)
    click.echo(explain(known, config, source), nl=False)
    return 0


def _settings(directory: Path) -> tuple[dict[str, object], str]:
    """The thresholds in force in a folder, and where they come from."""
    from changegate.errors import GitError, TrustError
    from changegate.policy.settings import Config
    from changegate.workspace.scope import Options, resolve

    try:
        scope = resolve(Options(start=directory), {})
    except (GitError, TrustError):
        return dict(Config.load(None).settings), "the default"
    config = Config.load(scope.base)
    where = f".changegate/config.yaml at {scope.base_id[:12]}, over the default" if config.configured else "the default"
    return dict(config.settings), where

"""`changegate explain`: one rule, with what to type."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from changegate.workspace.scope import Scope


@click.command(
    epilog="\b\nExamples:\n"
    "  changegate explain rollout/bake-too-short\n"
    "  changegate explain evaluation/regressed -C ../models   with the thresholds of that repository\n"
    "  changegate explain evaluation/regressed --trace models/fraud.yaml   why it fires, or does not\n",
    help="Explain one rule: why it is asked, how to mend it, and where its threshold is set.\n\n"
    "In a repository the thresholds are those of its base (without an upstream, of what is checked out), elsewhere the "
    "defaults.",
)
@click.argument("rule")
@click.option(
    "--trace",
    "manifest",
    metavar="MANIFEST",
    type=click.Path(path_type=Path),
    help="Show why it fires for this manifest, or does not, line by line.",
)
@click.option("-C", "directory", type=click.Path(path_type=Path), default=Path(), help="As if started in this folder.")
def command(rule: str, directory: Path, manifest: Path | None) -> int:
    """Print what is known of a rule."""
    if manifest is not None:
        return _trace(rule, directory, manifest)
    from changegate.policy.bundle import shipped
    from changegate.policy.catalogue import Catalogue
    from changegate.policy.describe import explain

    known = Catalogue.of(shipped()).rule(rule)
    config, source, set_at = _settings(directory, known.settings)
    click.echo(explain(known, config, source, set_at), nl=False)
    return 0


def _trace(rule: str, directory: Path, manifest: Path) -> int:
    from changegate.cli.check import request_of
    from changegate.policy.author.tracing import traces

    request = request_of(directory, paths=(manifest,), all=True, stage="local")
    click.echo(traces(request, os.environ, rule), nl=False)
    return 0


def _settings(directory: Path, names: tuple[str, ...]) -> tuple[dict[str, object], str, dict[str, str]]:
    """The thresholds in force in a folder, where they come from, and where some of them are set."""
    from changegate.policy.origin import origins
    from changegate.policy.settings import Config

    scope = _scope(directory)
    base = scope.base if scope else None
    config = Config.load(base)
    if scope is None or not config.configured:
        return dict(config.settings), "the default", origins(names, None)
    told = f".changegate/config.yaml at {scope.base_id[:12]}, over the default"
    return dict(config.settings), told, origins(names, base)


def _scope(directory: Path) -> Scope | None:
    """What a change made here would be compared with: upstream, else what is checked out; None outside a repository.

    Raises:
        GitError: There is no such folder, or its repository cannot be read.
    """
    from changegate.errors import GitError
    from changegate.verdict import Stage
    from changegate.workspace.place import locate
    from changegate.workspace.scope import Options, resolve

    if not directory.is_dir():
        raise GitError(f"{directory} is not a directory", hint="name an existing directory with -C")
    try:
        locate(directory, None)
    except GitError:
        return None
    try:
        return resolve(Options(start=directory, stage=Stage.LOCAL), os.environ)
    except GitError:
        return resolve(Options(start=directory, stage=Stage.LOCAL, base="HEAD"), os.environ)

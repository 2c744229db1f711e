"""What commands that explain look up in the folder where they run: settings and own policies, at the base."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from changegate.records import NamedTuple

if TYPE_CHECKING:
    from changegate.own_policies.policies import OwnPolicies
    from changegate.policy.catalogue import Catalogue
    from changegate.policy.settings import Config
    from changegate.workspace.scope import Scope
    from changegate.workspace.tree import Tree

DIRECTORY = click.option(
    "-C", "directory", type=click.Path(path_type=Path), default=Path(), help="Run as if started in this folder."
)
POLICY = click.option(
    "--policy",
    "policies",
    metavar="DIR|FILE.tar.gz",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Own policies beside the base's .changegate/policies; may be given several times.",
)


class Known(NamedTuple):
    """What is known in a folder."""

    catalogue: Catalogue
    config: Config
    own: OwnPolicies | None
    base: str
    """The base's commit, or empty."""
    tree: Tree | None
    """The base's files."""


def look_up(directory: Path, policies: tuple[Path, ...] = ()) -> Known:
    """Look up the rules and settings that hold in a folder.

    Args:
        directory: A folder; in a repository its base counts (without an upstream, what is checked out), elsewhere the
            defaults.
        policies: Own policies that the command line names.

    Raises:
        ChangegateError: There is no such folder, or its repository, settings or policies cannot be read.
    """
    from changegate.own_policies.look_up import own_policies
    from changegate.own_policies.where import PolicyPlace
    from changegate.policy.catalogue import Catalogue
    from changegate.policy.settings import Config
    from changegate.rego.bundle import shipped

    scope = _scope(directory)
    config = Config.load(scope.base if scope else None)
    where = PolicyPlace.of(scope) if scope else PolicyPlace(None, None, is_local=True)
    own = own_policies(where, config, tuple(directory / path for path in policies))
    catalogue = Catalogue.of(shipped())
    if own is not None:
        catalogue = catalogue.joined(own.catalogue())
    return Known(catalogue, config, own, scope.base_id if scope else "", scope.base if scope else None)


def engine_here(directory: Path) -> str:
    """The engine that the configuration of the working tree names; the default where there is none.

    Raises:
        GitError: There is no such folder, or its repository cannot be read.
        ConfigurationError: The configuration is not valid.
    """
    from changegate.policy.settings import Config
    from changegate.rego.engines import DEFAULT

    scope = _scope(directory)
    return (Config.load(scope.head).engine if scope is not None else "") or DEFAULT


def engine_at_base(directory: Path) -> str:
    """The engine that the base names, where there is a base that has a configuration; else empty."""
    from changegate.errors import ConfigurationError
    from changegate.policy.settings import Config
    from changegate.rego.engines import DEFAULT

    scope = _scope(directory)
    try:
        config = Config.load(scope.base if scope is not None else None)
    except ConfigurationError:
        return ""
    return (config.engine or DEFAULT) if config.configured else ""


def _scope(directory: Path) -> Scope | None:
    """What a change made here would be compared with: upstream, else what is checked out; None outside a repository.

    Raises:
        GitError: There is no such folder, or its repository cannot be read.
    """
    from changegate.errors import GitError
    from changegate.names import Stage
    from changegate.workspace.place import locate_repository
    from changegate.workspace.resolve import resolve
    from changegate.workspace.scope import ScopeOptions

    if not directory.is_dir():
        raise GitError(f"{directory} is not a directory", hint="name an existing directory with -C")
    try:
        locate_repository(directory, None)
    except GitError:
        return None
    try:
        return resolve(ScopeOptions(start=directory, stage=Stage.LOCAL), os.environ)
    except GitError:
        return resolve(ScopeOptions(start=directory, stage=Stage.LOCAL, base="HEAD"), os.environ)

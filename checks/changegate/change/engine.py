"""Whether a change lets another engine evaluate policies than the base does: a change of who decides, so it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.errors import ConfigurationError
from changegate.policy.settings import FILE, Config
from changegate.rego.engines import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.change.changeset import ChangeSet
    from changegate.workspace.tree import Tree


def other_engine(found: ChangeSet, head: Tree, config: Config) -> Iterator[str]:
    """Say that another engine evaluates policies once a change has landed.

    Args:
        found: The change set so far.
        head: The tree that would land.
        config: The base's configuration.
    """
    if not any(FILE in (change.path, change.old_path) for change, _ in found.control):
        return
    try:
        after = Config.load(head).engine or DEFAULT
    except ConfigurationError:
        return  # a finding by itself
    before = config.engine or DEFAULT
    if after != before:
        yield f"With {FILE} of this change, the engine {after} evaluates policies from then on, and {before} no more."

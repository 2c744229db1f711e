"""Where links lead within a tree, and which folders the globs name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from changegate.change.hidden import resolve
from changegate.policy.settings import Config
from changegate.workspace.worktree import WorkingTree

if TYPE_CHECKING:
    from collections.abc import Callable

    from changegate.workspace import Git
    from changegate.workspace.trees import GitTree
    from support.repos import Repo


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("fraud.yaml", ("models/fraud.yaml", 1)),
        ("./../README.md", ("README.md", 1)),
        ("..", ("", 1)),
        ("gone/../fraud.yaml", ("models/fraud.yaml", 1)),
        ("../over/fraud.yaml", ("models/fraud.yaml", 2)),
        ("x", (None, 41)),
        ("../../out", (None, 1)),
        ("/etc/hosts", (None, 1)),
    ],
)
@pytest.mark.parametrize("committed", [True, False])
def test_a_link_is_followed_within_the_tree(
    repo: Repo,
    opened: Git,
    tree_at: Callable[[Git, str], GitTree],
    target: str,
    expected: tuple[str | None, int],
    committed: bool,
) -> None:
    repo.link("over", "models")
    repo.link("models/x", target)
    repo.commit({})
    tree = tree_at(opened, "HEAD") if committed else WorkingTree(opened, repo.path)
    assert resolve(tree, "models/x") == expected


@pytest.mark.parametrize(
    ("path", "above", "room"),
    [
        ("models", True, True),
        ("models/a", True, True),
        ("apps", True, True),
        ("apps", False, False),
        ("apps/prod/x", False, True),
        ("modelsx", True, False),
        ("models/skipped", True, False),
        ("vendor", True, False),
        (".changegate", True, False),
    ],
)
def test_globs_name_folders(path: str, above: bool, room: bool) -> None:
    raw = {"manifests": {"include": ["models/**/*.yaml", "apps/prod/*.json"], "exclude": ["models/skipped/**"]}}
    assert Config(configured=True, settings={}, raw=raw).has_room(path, above=above) is room
    assert not Config(configured=True, settings={}, raw={}).has_room(path)

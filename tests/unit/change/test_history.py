"""What ran before, as the history of a branch knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from changegate.change.history import state_before
from changegate.workspace import Git
from support.manifests import edited, loaded

if TYPE_CHECKING:
    from changegate.manifest import Manifest
    from support.repos import Repo

FILE = "models/example/manifest.yaml"
BOUND = ("safetensors\n", f"safetensors\n      digest: sha256:{'a' * 64}\n")
NEXT = ("version: 0.1.0", "version: 0.2.0")


def manifest(*edits: tuple[str, str]) -> Manifest:
    (found,) = loaded(*edits).manifests
    return found


@pytest.mark.parametrize(
    ("edits", "ran"),
    [
        ((BOUND,), True),
        ((BOUND, ("tier: low", "tier: high")), True),
        ((BOUND, ("version: 0.1.0", "version: 0.0.9")), False),
        ((BOUND, ("name: example-model\n", "name: another\n")), False),
        ((("safetensors\n", f"safetensors\n      digest: sha256:{'b' * 64}\n"),), False),
        ((), False),
    ],
)
def test_a_release_ran_if_the_branch_had_it_with_what_decides(
    repo: Repo,
    opened: Git,
    edits: tuple[tuple[str, str], ...],
    ran: bool,
) -> None:
    repo.commit({FILE: edited(BOUND)})
    repo.commit({FILE: edited(BOUND, NEXT)})
    base = repo.commit({"other": "x"})
    assert (state_before(opened, base, FILE, manifest(*edits)) is not None) is ran


def test_what_nothing_binds_cannot_be_told_to_be_the_same(repo: Repo, opened: Git) -> None:
    repo.commit({FILE: edited()})
    base = repo.commit({FILE: edited(NEXT)})
    assert not state_before(opened, base, FILE, manifest())


def test_a_file_that_was_something_else_in_between_is_no_obstacle(repo: Repo, opened: Git) -> None:
    repo.commit({FILE: edited(BOUND)})
    repo.remove(FILE)
    repo.link(FILE, "../fraud.yaml")
    repo.commit({})
    repo.remove(FILE)
    base = repo.commit({FILE: "\0 no manifest"})
    assert state_before(opened, base, FILE, manifest(BOUND))


def test_a_shallow_clone_knows_of_nothing_that_it_does_not_have(repo: Repo) -> None:
    repo.commit({FILE: edited(BOUND)})
    base = repo.commit({FILE: edited(BOUND, NEXT)})
    clone = repo.path.parent / "clone"
    repo.git("clone", "-q", "--depth=1", f"file://{repo.path}", clone)
    git = Git.open(clone, repo.environ)
    try:
        assert not state_before(git, base, FILE, manifest(BOUND))
    finally:
        git.close()

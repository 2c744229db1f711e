"""Release tags in the history of the base."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from changegate.change.tags import release_tags, tree_of

if TYPE_CHECKING:
    from changegate.workspace import Git
    from support.repos import Repo


def test_tags_come_newest_first_by_ancestry_whatever_the_dates_say(repo: Repo, opened: Git) -> None:
    repo.tag("release/1", annotated=True)
    first = repo.id("HEAD")
    repo.write({"x": "2"})
    repo.git("add", "x")
    old = {"GIT_COMMITTER_DATE": "2001-01-01T00:00:00Z", "GIT_AUTHOR_DATE": "2001-01-01T00:00:00Z"}
    repo.git("commit", "-qm", "second", env=old)
    repo.tag("release/2")
    second = repo.id("HEAD")
    base = repo.commit({"x": "3"})
    found = release_tags(opened, "release/*", base)
    assert [(tag.name, tag.commit) for tag in found] == [
        ("refs/tags/release/2", second),
        ("refs/tags/release/1", first),
    ]
    tree = tree_of(opened, found[0].commit)
    assert tree is not None
    assert tree.read("x", 10).data == b"2"


def test_only_tags_in_the_history_and_of_the_pattern_count(repo: Repo, opened: Git) -> None:
    base = repo.id("HEAD")
    repo.tag("other/1")
    repo.git("update-ref", "refs/heads/release/branch", base)
    repo.git("tag", "release/blob", repo.id("HEAD:README.md"))
    repo.branch("topic")
    repo.commit({"x": "1"})
    repo.tag("release/9")
    assert release_tags(opened, "release/*", base) == []
    assert [tag.name for tag in release_tags(opened, "other/*", base)] == ["refs/tags/other/1"]
    assert release_tags(opened, "--help", base) == []


@pytest.mark.parametrize("seed", range(4))
def test_the_order_is_git_s_own_layer_by_layer(repo: Repo, opened: Git, seed: int) -> None:
    """On a history with merges: first the commits that are in the history of no other, then so of those left."""
    chance = random.Random(seed)
    tree = repo.git("rev-parse", "HEAD^{tree}").strip()
    commits = [repo.id("HEAD")]
    for number in range(24):
        parents = chance.sample(commits[-5:], k=min(len(commits[-5:]), chance.choice((1, 1, 2))))
        commits.append(repo.commit_tree(tree, *parents, message=f"{number}"))
        if chance.random() < 0.6:
            repo.tag(f"release/{number:02}", commits[-1])
    tip = repo.commit_tree(tree, *commits[-4:], message="tip")
    found = release_tags(opened, "release/*", tip)
    left, expected = {tag.commit for tag in found}, []
    while left:
        newest = set(repo.git("merge-base", "--independent", *sorted(left)).split())
        layer = [tag for tag in found if tag.commit in newest]
        expected += sorted(layer, key=lambda tag: (tag.date, tag.name), reverse=True)
        left -= newest
    assert found == expected
    assert len(found) > 5

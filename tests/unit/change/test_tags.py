"""Release tags in the history of the base."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    found = list(release_tags(opened, "release/*", base))
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
    assert list(release_tags(opened, "release/*", base)) == []
    assert [tag.name for tag in release_tags(opened, "other/*", base)] == ["refs/tags/other/1"]
    assert list(release_tags(opened, "--help", base)) == []

"""Release tags in the history of the base, for releases whose previous one is not at the base itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.records import NamedTuple
from changegate.workspace.trees import GitTree

if TYPE_CHECKING:
    from changegate.workspace.git import Git

MAXIMUM_TAGS = 256
"""So many tags are looked at, those with the latest commit dates."""


class Tag(NamedTuple):
    """One tag."""

    name: str
    """The full ref name, `refs/tags/…`."""
    commit: str
    """The commit it stands for; an annotated tag is peeled."""
    date: int
    """The commit's date, in seconds since the epoch: what its author says."""


def release_tags(git: Git, pattern: str, ancestor_of: str) -> list[Tag]:
    """Find the tags that match a pattern and are in the history of a commit, newest first.

    Newest is decided by ancestry: a tag comes before every tag in its history, whatever the dates say. Where neither of
    two is in the other's history, the one that fewer lie above comes first, then the later commit date, then the
    greater name.

    Args:
        git: The repository.
        pattern: A glob below `refs/tags/`, from the base's configuration; `*` does not match a `/`.
        ancestor_of: The object id of the base's commit.

    Raises:
        GitError: Git failed.
    """
    fields = ("refname", "objecttype", "objectname", "*objecttype", "*objectname")
    form = "--format=" + "".join(f"%({name})%00" for name in fields) + "%(committerdate:unix)%(*committerdate:unix)"
    options = (f"--count={MAXIMUM_TAGS}", "--sort=-creatordate", f"--merged={ancestor_of}", form)
    lines = (
        git.run("for-each-ref", *options, f"refs/tags/{pattern}").out.decode("utf-8", "surrogateescape").splitlines()
    )
    found = [tag for line in lines if (tag := _tag(line)) is not None]
    below = _newer(git, {tag.commit for tag in found}, ancestor_of) if len(found) > 1 else {}
    return sorted(found, key=lambda tag: (-below.get(tag.commit, 0), tag.date, tag.name), reverse=True)


def _newer(git: Git, tagged: set[str], tip: str) -> dict[str, int]:
    """How many tagged commits, at most, lie one after the other between the tip and each tagged one."""
    found: dict[str, int] = {}
    known: dict[str, int] = {}
    # NOTE: a commit comes after all that descend from it, so that what is known of it then is all there is.
    for line in git.run("rev-list", "--topo-order", "--parents", "--end-of-options", tip, "--").text().splitlines():
        commit, *parents = line.split(" ")
        newer = known.pop(commit, 0)
        if commit in tagged:
            found[commit] = newer
            if len(found) == len(tagged):
                break
            newer += 1
        for parent in parents:
            known[parent] = max(newer, known.get(parent, 0))
    return found


def _tag(line: str) -> Tag | None:
    name, kind, oid, peeled_kind, peeled, date = line.split("\0")
    commit = oid if kind == "commit" else peeled if peeled_kind == "commit" else ""
    return Tag(name, commit, int(date)) if commit and date.isdigit() else None


def tree_of(git: Git, commit: str) -> GitTree | None:
    """Read the files of a commit by its object id; None where it is not in this clone."""
    found = git.objects.commit(commit)
    return None if found is None else GitTree(git, found.tree, found.oid)

"""Whether a shallow clone shows every commit of a change.

A base that is in sight proves little: a later merge of the trusted branch brings it there, while older commits of the
change are cut off. Who wrote those could then approve them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.errors import GitError
from changegate.workspace.git import UNSHALLOW
from changegate.workspace.objects import is_oid

if TYPE_CHECKING:
    from collections.abc import Iterable

    from changegate.workspace.git import Git


def check_nothing_is_hidden(git: Git, base: str, heads: Iterable[str]) -> None:
    """Refuse a clone that cuts commits off between a base and the heads that are compared with it.

    Args:
        git: The repository.
        base: The object id of the base's commit.
        heads: Object ids of the reviewed head, and of what lands; one that is no commit's is passed over.

    Raises:
        GitError: A commit of the change has parents that are not in this clone, and not known to be the base's.
    """
    commits = [oid for oid in heads if is_oid(oid) and git.objects.commit(oid) is not None]
    if not commits:
        return
    border = set((git.place.common_dir / "shallow").read_text("ascii", "replace").split())
    listed = git.run("rev-list", "--end-of-options", *commits, f"^{base}", "--").text().split()
    for oid in listed:
        if oid in border and _is_cut_off(git, oid, base):
            message = f"this shallow clone hides commits of the change: what stands before {oid} is not in it"
            raise GitError(message, hint=UNSHALLOW)


def _is_cut_off(git: Git, oid: str, base: str) -> bool:
    """Whether a commit at the border has a parent, by its own word, that is no commit of the base's history here."""
    found = git.objects.commit(oid)
    parents = found.parents if found is not None else ()
    return not all(git.objects.info(one) is not None and git.is_ancestor(one, base) for one in parents)

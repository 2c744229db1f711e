"""`changegate diff`: the semantic release diff alone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from changegate.cli.repository import DIRECTORY

if TYPE_CHECKING:
    from pathlib import Path

    from changegate.diff.render import Difference
    from changegate.workspace.git import Git
    from changegate.workspace.tree import Tree
    from changegate.workspace.trees import GitTree


@click.command(
    epilog="\b\nExamples:\n"
    "  changegate diff main                    the working tree against main\n"
    "  changegate diff main HEAD               two revisions\n"
    "  changegate diff v1.2.0 v1.3.0 -o json   for programs\n"
    "\n\b\nExit codes: 0 whatever changed, 2 where a release could not be compared.\n",
    help="Show what changed between two revisions of the model manifests.\n\n"
    "Lists are compared by name, so a reordering is no change. HEAD is by default the working tree.",
)
@click.argument("base")
@click.argument("head", required=False)
@DIRECTORY
@click.option("-o", "--output", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(base: str, head: str | None, directory: Path, form: str) -> int:
    """Compare, and show; what could not be compared is told, and is exit code 2."""
    from changegate.diff import render
    from changegate.escape import log_line

    found, problems = _compare(directory, base, head)
    shown = render.as_json(found, problems) if form == "json" else render.text(found, problems, log_line)
    click.echo(shown, nl=False)
    return 2 if problems else 0


def _compare(directory: Path, base: str, head: str | None) -> tuple[list[Difference], list[str]]:
    """Load the manifests in the files that differ, at both revisions, and compare them."""
    from changegate.change.manifests import open_manifest
    from changegate.diff.compare import compare
    from changegate.policy.settings import Config
    from changegate.workspace.changes import between
    from changegate.workspace.git import Git

    git = Git.open(directory, os.environ)
    try:
        before, after = _commit(git, base), _commit(git, head) if head else _working_tree(git)
        matches = Config.load(before).matches
        changed = between(git, before, after)
        old = sorted({change.old_path for change in changed if change.old_path and matches(change.old_path)})
        new = sorted({change.path for change in changed if change.operation != "deleted" and matches(change.path)})
        return compare([open_manifest(before, path) for path in old], [open_manifest(after, path) for path in new])
    finally:
        git.close()


def _commit(git: Git, name: str) -> GitTree:
    """The tree of a commit as it is: nothing is merged here.

    Raises:
        GitError: There is no such commit in this clone.
    """
    from changegate.errors import GitError
    from changegate.workspace.trees import GitTree

    oid = git.commit_id(name)
    found = git.objects.commit(oid) if oid else None
    if found is None:
        hint = "git fetch --unshallow" if git.is_shallow() else "name a commit that is here, or fetch it"
        raise GitError(f"{name!r} is not a commit in this clone", hint=hint)
    return GitTree(git, found.tree, found.oid)


def _working_tree(git: Git) -> Tree:
    """The files as they lie on disk.

    Raises:
        UsageError: The repository has no working tree.
    """
    from changegate.errors import UsageError
    from changegate.workspace.worktree import WorkingTree

    if git.place.worktree is None:
        raise UsageError("this repository has no working tree", hint="name both revisions: changegate diff BASE HEAD")
    return WorkingTree(git, git.place.worktree)

"""`changegate diff`: the semantic release diff alone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from changegate.cli.repository import DIRECTORY
from changegate.diff.catalogue import LEVELS

if TYPE_CHECKING:
    from changegate.diff.render import Difference
    from changegate.manifest import Loaded
    from changegate.workspace.git import Git
    from changegate.workspace.tree import Tree
    from changegate.workspace.trees import GitTree


FORMS = {"text": "text", "markdown": "markdown", "json": "as_json", "json-patch": "as_json_patch"}
"""Name of a form -> the function of `diff/render.py` that writes it."""


@click.command(
    epilog="\b\nExamples:\n"
    "  changegate diff main                        the working tree against main\n"
    "  changegate diff main HEAD                   two revisions\n"
    "  changegate diff v1.2.0 v1.3.0 -o json       for programs; -o json-patch for an exact one\n"
    "  changegate diff main --fail-on breaking     exit code 1 where somebody has to follow\n"
    "  changegate diff --no-index old.yaml new.yaml   two files, wherever they are\n"
    "\n\b\nExit codes: 0 whatever changed, 1 where --fail-on says so, 2 where a release could not be compared.\n",
    help="Show what changed between two revisions of the model manifests.\n\n"
    "Each entry has a level and a rule, which `changegate explain diff/RULE` describes. Lists are compared by name, so "
    "a reordering is no change. HEAD is by default the working tree.",
)
@click.argument("base")
@click.argument("head", required=False)
@DIRECTORY
@click.option("-o", "--output", "form", type=click.Choice(sorted(FORMS)), default="text", show_default=True)
@click.option("--fail-on", type=click.Choice(LEVELS), help="Exit with 1 where an entry has this level or a worse one.")
@click.option("--no-index", is_flag=True, help="BASE and HEAD are files of which the manifests are compared.")
def command(base: str, *, head: str | None, directory: Path, form: str, fail_on: str | None, no_index: bool) -> int:
    """Compare, and show; what could not be compared is told, and is exit code 2."""
    from changegate.diff import render
    from changegate.escape import log_line

    found, problems = _files(base, head) if no_index else _compare(directory, base, head)
    shown = getattr(render, FORMS[form])(found, problems, *((log_line,) if form == "text" else ()))
    click.echo(shown, nl=False)
    if problems:
        return 2
    failing = LEVELS[: LEVELS.index(fail_on) + 1] if fail_on else ()
    return int(any(entry.level in failing for one in found for entry in one.entries))


def _files(before: str, after: str | None) -> tuple[list[Difference], list[str]]:
    """Compare the manifests of two files.

    Raises:
        UsageError: The second is not named, or one of them cannot be read.
    """
    from changegate.diff.compare import compare
    from changegate.diff.render import difference
    from changegate.errors import UsageError

    if after is None:
        raise UsageError("--no-index needs two files", hint="changegate diff --no-index OLD NEW")
    old, new = _file(before), _file(after)
    empty = [f"{one.file}: there is no manifest in it" for one in (old, new) if not one.manifests and not one.broken]
    if len(old.manifests) == len(new.manifests) == 1:  # whatever each is called: they were named to be compared
        one, other = old.manifests[0], new.manifests[0]
        _, problems = compare([old._replace(manifests=())], [new._replace(manifests=())])
        return [difference(other.identity, after, one.value, other.value)], problems
    found, problems = compare([old], [new])
    return found, [*problems, *empty]


def _file(name: str) -> Loaded:
    """Load a file that was named.

    Raises:
        UsageError: It cannot be read.
    """
    from changegate.change.manifests import LARGEST_BYTES
    from changegate.errors import UsageError
    from changegate.manifest import load_manifests

    try:
        with Path(name).open("rb") as stream:
            return load_manifests(stream.read(LARGEST_BYTES + 1), name)
    except OSError as error:
        hint = "name two files that are there"
        raise UsageError(f"{name} cannot be read: {error.strerror}", hint=hint) from error


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

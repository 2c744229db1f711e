"""What is compared with what, and on whose word: base, head, stage, each proven in git.

The trusted ref is one branch, fixed by a protected workflow and named in full. Its tip (or, for what has landed or is
queued to land, the commit that the event names and git proves) is the base: policies, settings and teams are read
there. In a clone the branch `refs/heads/X` is first looked up as `refs/remotes/origin/X`, which a fetch keeps and no
checkout moves, then under its own name. Both are looked up by their full name, so that no tag or other ref of the same
name stands in for it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from changegate.records import NamedTuple

if TYPE_CHECKING:
    from changegate.names import Stage
    from changegate.workspace import ci
    from changegate.workspace.git import Git
    from changegate.workspace.tree import Tree
    from changegate.workspace.trees import GitTree


class ScopeOptions(NamedTuple):
    """What the command line says."""

    start: Path = Path()
    """Where the repository is looked for (`-C`)."""
    git_dir: Path | None = None
    """The git directory, named by the user; the only way to use a bare repository."""
    base: str = ""
    """What to compare with. In CI it may only say what trust yields anyway."""
    head: str = ""
    """What to check. Locally: the working tree where it is empty."""
    all: bool = False
    """Every manifest of the head, not only what changed."""
    stage: Stage | None = None
    """Where the gate stands; found from the CI's event where it is None."""
    trusted_ref: str = ""
    """The full name of the trusted branch; else the variable CHANGEGATE_TRUSTED_REF."""
    staged: bool = False
    """Check the index, as a pre-commit hook does."""
    now: int | None = None
    """Seconds since the epoch; the wall clock where it is None."""


class Scope(NamedTuple):
    """What is compared with what."""

    git: Git
    stage: Stage
    base: GitTree | None
    """The tree that is changed and whose policy decides; None before the first commit, locally."""
    head: Tree
    """The tree that would land; locally the index or the working tree."""
    base_id: str
    """The base's commit; empty where there is none."""
    head_id: str
    """The commit that has the head's tree; the tree's own id where no commit has it yet; `index` or `worktree`."""
    reviewed_head: str
    """The source commit that approvals bind to; empty for the index and the working tree."""
    trusted_ref: str
    """The full name of the trusted branch; empty where none was given, which happens locally only."""
    claims: ci.Claims
    """What the CI says about the run; nothing of it was used unproven."""
    now: int
    """Seconds since the epoch, UTC."""
    all: bool = False
    notes: tuple[str, ...] = ()
    """What a reader must know about how base and head were found."""
    others: tuple[GitTree, GitTree] | None = None
    """Two trees that differ in what other pull requests bring, where a queue holds some below this one."""
    nothing_asked: str = ""
    """Why there is nothing to compare, where a hook asks about nothing."""

    @property
    def repository(self) -> str:
        """`owner/name` as the CI claims it; empty locally."""
        return self.claims.repository

    @property
    def pull_request(self) -> int | None:
        """The number of the pull or merge request, as the CI claims it."""
        return self.claims.pull_request

    @property
    def author(self) -> ci.Author:
        """Who opened the change, as the CI claims it."""
        return self.claims.author

    @property
    def root(self) -> Path | None:
        """The top of the checkout, or None for a bare repository."""
        return self.git.place.worktree

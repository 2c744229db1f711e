"""Whether anything that is decided from has changed since an earlier commit was approved.

What a person approved is the commit that they saw, on top of the trusted branch as it was where the change left it.
Both are compared with what lands now and with the base: the files of the change's manifests, before and after, all that
these name, the releases that they are judged with, and the control files. What else differs (a README, another team's
model) was no part of the decision, so that an updated branch, a rebase and an unrelated commit leave an approval
standing.
"""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING

from changegate.approvals.reviews import Compared
from changegate.change.changeset import model_references, strings
from changegate.change.control_files import ControlFiles
from changegate.change.dependencies import needs
from changegate.change.manifests import open_manifest
from changegate.evidence.addresses import normalised_address
from changegate.manifest import Manifest
from changegate.records import NamedTuple
from changegate.workspace.changes import differences
from changegate.workspace.git import UNSHALLOW
from changegate.workspace.trees import GitTree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.change.changeset import ChangeSet
    from changegate.policy.settings import Config
    from changegate.workspace.objects import Commit
    from changegate.workspace.scope import Scope

MAXIMUM_COMMITS = 50
"""So many earlier commits are compared; an approval of one more does not count."""

_DECIDE = frozenset({"settings", "teams", "waivers", "signers", "policies", "codeowners"})
"""Control files that a decision is made from; the others run the gate."""


class _Step(NamedTuple):
    """What lies between then and now, on the change's side and on the trusted branch's."""

    then: GitTree
    """The commit that was approved."""
    fork: GitTree
    """Where it had left the trusted branch."""
    landed: Mapping[str, tuple[str, str]]
    """Path -> what the trusted branch had there, and has now."""
    own: Mapping[str, tuple[str, str]]
    """Path -> what the approved commit had there and what lands now, less what the trusted branch alone brings."""


class Since:
    """Compares earlier commits with what lands now."""

    def __init__(self, scope: Scope, config: Config, change: ChangeSet) -> None:
        """Take what lands now; nothing is compared yet."""
        self._scope, self._config, self._change = scope, config, change
        self._asked = 0
        self.compare = cache(self._compare)

    def _compare(self, commit: str) -> Compared:
        """Say whether anything that is decided from is another than at a commit.

        Raises:
            GitError: Git failed.
        """
        self._asked += 1
        git, head, base = self._scope.git, self._scope.head, self._scope.base
        if self._asked > MAXIMUM_COMMITS or not isinstance(head, GitTree) or base is None:
            return Compared("changed", "it is of another commit")
        then = git.objects.commit(commit)
        if then is None:
            fetch = f"git fetch origin {commit}"
            return Compared("unknown", f"the commit {commit[:12]}, which was approved, is not in this clone: {fetch}")
        fork = git.objects.commit(oid) if (oid := git.merge_base(commit, base.revision)) else None
        if fork is None and git.is_shallow():
            return Compared("unknown", f"where {commit[:12]} left the trusted branch is not in this clone: {UNSHALLOW}")
        if fork is None:
            return Compared("changed", f"{commit[:12]} has no common history with the trusted branch")
        return self._judge(then, fork, head, base)

    def _judge(self, then: Commit, fork: Commit, head: GitTree, base: GitTree) -> Compared:
        git = self._scope.git
        landed = differences(git, fork.tree, base.tree)
        between = differences(git, then.tree, head.tree)
        own = {path: sides for path, sides in between.items() if landed.get(path) != sides}
        step = _Step(GitTree(git, then.tree, then.oid), GitTree(git, fork.tree, fork.oid), landed, own)
        changed = next(self._changed(step), "")
        return Compared("changed", f"since {then.oid[:12]} {changed}") if changed else Compared("same")

    def _changed(self, step: _Step) -> Iterator[str]:
        """Say what is decided from, and is another than it was; each in words."""
        for path in sorted(step.own):
            if path in self._of_releases or self._control(path) or self._is_manifest(path, step.then):
                yield f"the change has another {path}"
        for path in sorted(step.landed):
            if path in self._of_releases or self._control(path) in _DECIDE or self._is_beside(path, step.fork):
                yield f"the trusted branch has another {path}"
        if self._has_newer_tag(step.fork):
            yield "there is a newer release at a tag"

    def _control(self, path: str) -> str:
        return self._control_files.kind(path)

    @cached_property
    def _control_files(self) -> ControlFiles:
        return ControlFiles(self._config, self._scope.base)

    @cached_property
    def _manifests(self) -> tuple[Manifest, ...]:
        """The releases of the change, before and after."""
        change = self._change
        now = (item.manifest for item in change.items if isinstance(item.manifest, Manifest))
        return (*now, *change.retired, *change.before.manifests.values())

    @cached_property
    def _of_releases(self) -> frozenset[str]:
        """The paths that the releases of the change stand in, and every text in them that may be a path."""
        change = self._change
        files = (
            {item.file for item in change.items} | {one.file for one in self._manifests} | change.before.broken_files
        )
        return frozenset(files).union(*(strings(one.value) for one in self._manifests))

    @cached_property
    def _needles(self) -> frozenset[str]:
        """What another release has to say to be judged with one of the change."""
        found: set[str] = set()
        for one in self._manifests:
            names = (one.identity, one.replaced, *(need.wanted for need in needs(one)))
            found |= {name.name for name in names if name is not None} | model_references(one)
            found.add(str(one.value["spec"].get("serving", {}).get("endpoint", one.identity.name)))
        return frozenset(found)

    def _is_manifest(self, path: str, then: GitTree) -> bool:
        """Whether a file of the change is a manifest, or may be one, then or now."""
        if not self._config.matches(path):
            return False
        loaded = (open_manifest(tree, path) for tree in (then, self._scope.head))
        return any(one.is_manifest or one.problem not in {"", "missing", "empty"} for one in loaded)

    def _is_beside(self, path: str, fork: GitTree) -> bool:
        """Whether a file that the trusted branch brought has a release that those of the change are judged with."""
        if not self._config.matches(path):
            return False
        for tree in (fork, self._scope.head):
            loaded = open_manifest(tree, path)
            texts = (text for one in loaded.manifests for text in strings(one.value))
            said = (form for text in texts for form in (text, normalised_address(text)))
            if loaded.broken or not self._needles.isdisjoint(said):
                return True
        return False

    def _has_newer_tag(self, fork: GitTree) -> bool:
        """Whether a release that is new in the change has its previous one at a tag that came later."""
        if not (self._config.release_tags and self._change.new):
            return False
        from changegate.change.tagged import TaggedReleases

        tagged = TaggedReleases(self._scope, self._config, self._change)
        found = (tagged.newest(identity) for identity in sorted(self._change.new))
        git = self._scope.git
        return any(one is not None and not git.is_ancestor(one.commit, fork.revision) for one in found)

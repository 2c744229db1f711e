"""Which files a change touches: the base against a commit, the index, or the working tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.records import NamedTuple
from changegate.workspace.tree import Entry
from changegate.workspace.trees import GitTree
from changegate.workspace.worktree import WorkingTree, filters_off

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from changegate.workspace.git import Git
    from changegate.workspace.scope import Scope
    from changegate.workspace.tree import Tree

EMPTY_TREE = {
    "sha1": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "sha256": "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
_OPERATIONS = {"A": "added", "M": "modified", "D": "deleted", "R": "renamed", "T": "type-changed", "U": "modified"}
_RAW = ("-r", "-z", "-l1000", "--raw", "--no-abbrev", "--no-ext-diff", "--no-textconv", "--ignore-submodules=dirty")


class FileChange(NamedTuple):
    """One file that differs between the base and the head."""

    path: str
    """The path at the head; for a deleted file the one at the base."""
    operation: str
    """`added`, `modified`, `deleted`, `renamed` or `type-changed`. A rename is a hint: the files look alike."""
    old_path: str = ""
    """The path at the base; empty for an added file."""
    old_mode: str = ""
    """Git's mode at the base: six digits; empty for an added file."""
    new_mode: str = ""
    """Git's mode at the head; empty for a deleted file."""
    old_oid: str = ""
    """The object id at the base; empty for an added file."""
    new_oid: str = ""
    """The object id at the head; empty for a deleted file, and where a working tree's file is not the index's."""


def changed_files(scope: Scope) -> tuple[FileChange, ...]:
    """Compare the head of a scope with its base, or with nothing where there is no base.

    Returns:
        The changes, in the order of their paths' bytes.

    Raises:
        GitError: Git failed.
    """
    changes = between(scope.git, scope.base, scope.head)
    return tuple(sorted(changes, key=lambda change: change.path.encode("utf-8", "surrogateescape")))


def between(git: Git, base: Tree | None, head: Tree) -> list[FileChange]:
    """Compare two trees; see `changed_files`."""
    before = base.tree if isinstance(base, GitTree) else EMPTY_TREE[git.place.object_format]
    if isinstance(head, WorkingTree):
        return _of_working_tree(git, before, head)
    if not isinstance(head, GitTree):
        raise TypeError(head)
    if before == head.tree:
        return []
    changes = list(parsed(git.run("diff-tree", "-M", *_RAW, "--end-of-options", before, head.tree).fields()))
    if isinstance(base, GitTree):
        base.remember(Entry(change.old_path, change.old_mode, change.old_oid) for change in changes if change.old_path)
    head.remember(Entry(change.path, change.new_mode, change.new_oid) for change in changes if change.new_oid)
    return changes


def differences(git: Git, before: str, after: str) -> dict[str, tuple[str, str]]:
    """What two trees have differently: each path with the mode and the object id that it has in either, or nothing.

    Args:
        git: The repository.
        before: The object id of a tree.
        after: That of another.

    Raises:
        GitError: Git failed.
    """
    if before == after:
        return {}
    command = ("diff-tree", "--no-renames", *_RAW, "--end-of-options", before, after)
    found = parsed(git.run(*command).fields())
    return {one.path: (f"{one.old_mode} {one.old_oid}", f"{one.new_mode} {one.new_oid}") for one in found}


def parsed(fields: list[str]) -> Iterator[FileChange]:
    """Read git's raw differences: `:<mode> <mode> <oid> <oid> <letter><score>`, then one path, or two for a rename."""
    rest = iter(fields)
    for facts in rest:
        old_mode, new_mode, old_oid, new_oid, letter = facts.removeprefix(":").split(" ")
        first = next(rest)
        operation = _OPERATIONS[letter[0]]
        yield FileChange(
            path=next(rest) if operation == "renamed" else first,
            operation=operation,
            old_path="" if operation == "added" else first,
            old_mode=_present(old_mode),
            new_mode=_present(new_mode),
            old_oid=_present(old_oid),
            new_oid=_present(new_oid),
        )


def _present(text: str) -> str:
    """Git writes what is not there as zeros."""
    return text if text.strip("0") else ""


def _of_working_tree(git: Git, before: str, head: WorkingTree) -> list[FileChange]:
    """Compare with the files on the disk.

    NOTE: git would run the repository's configured filters to look into files whose times changed. So it is asked for
    candidates only, with every filter off, and the bytes are compared here. Only equal files are paired as renames.
    """
    command = (*filters_off(git), "diff-index", "--no-renames", *_RAW, "--end-of-options", before)
    begun = git.begin(*command)
    try:
        untracked = head.listing.untracked  # git looks at every file for either: side by side
        found = {change.path: change for change in parsed(begun.answer().fields())}
    finally:
        begun.close()
    head.remember({path for path, change in found.items() if not change.new_oid})
    for path in untracked:
        if (mode := head.mode(path)) and mode != "160000":
            found[path] = _untracked(path, mode, found.get(path))
    real = {path: change for path, change in found.items() if not _is_same(git, head, change)}
    return _paired(git, head, real)


def _untracked(path: str, mode: str, at_base: FileChange | None) -> FileChange:
    if at_base is None or not at_base.old_path:
        return FileChange(path, "added", new_mode=mode)
    operation = "modified" if at_base.old_mode[:3] == mode[:3] else "type-changed"
    return FileChange(path, operation, path, at_base.old_mode, mode, at_base.old_oid)


def _is_same(git: Git, head: WorkingTree, change: FileChange) -> bool:
    """Whether a file was only touched: the same mode and the same bytes as at the base."""
    if change.operation != "modified" or change.old_mode != change.new_mode or change.old_mode == "160000":
        return False
    if change.new_oid:
        return change.new_oid == change.old_oid
    info = git.objects.info(change.old_oid)
    if info is None:
        return False
    same = head.oid(change.path, [info.size], len(change.old_oid)) == change.old_oid
    return same or head.held(change.path) == change.old_oid


def _paired(git: Git, head: WorkingTree, changes: Mapping[str, FileChange]) -> list[FileChange]:
    """Pair files that went with new ones of the same bytes."""
    gone = [change for change in changes.values() if change.operation == "deleted" and change.old_mode[:3] == "100"]
    fresh = [change for change in changes.values() if change.operation == "added" and change.new_mode[:3] == "100"]
    sizes = {info.size for change in gone if (info := git.objects.info(change.old_oid)) is not None}
    by_oid = {oid: new for new in fresh if gone and (oid := _oid(head, new, sizes, len(gone[0].old_oid)))}
    pairs: dict[str, FileChange] = {}
    for old in gone:
        new = by_oid.pop(old.old_oid, None)
        if new is not None:
            pairs[new.path] = FileChange(new.path, "renamed", old.path, old.old_mode, new.new_mode, old.old_oid)
    moved = {pair.old_path for pair in pairs.values()}
    return [pairs.get(path, change) for path, change in changes.items() if path not in moved]


def _oid(head: WorkingTree, change: FileChange, sizes: Collection[int], length: int) -> str:
    """The object id of a new file as git would commit it, or empty where it is none of those that are looked for."""
    return change.new_oid or head.oid(change.path, sizes, length) or head.held(change.path)

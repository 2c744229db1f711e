"""What would be a manifest for whoever deploys it, and is none to the gate: links, submodules and Git LFS pointers.

Repositories have these for other reasons. A link is let be where it leads to what the gate watches anyway, and that is
no manifest; a submodule or a link to a folder, where the globs name no folder that it is in or above.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.change.changeset import Lost
from changegate.change.manifests import LARGEST_BYTES, try_open
from changegate.manifest import Manifest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from changegate.change.changeset import ChangeSet
    from changegate.policy.settings import Config
    from changegate.workspace.changes import FileChange
    from changegate.workspace.tree import Tree

LINK, SUBMODULE = "120000", "160000"
_MOST_LINKS = 40
"""So many links are followed on one way, as Linux does."""
_MOST_FILES = 10_000
"""So many files behind a link to a folder are looked at."""


def hidden(found: ChangeSet, odd: Iterable[FileChange], head: Tree, config: Config) -> Iterator[Lost]:
    """Find what matches the globs, or has room for what does, and cannot be looked into.

    Args:
        found: The change set so far: what was a manifest before is told already, and artifacts are named in it.
        odd: Links, submodules and pointers of the change; with `--all` those that were there, too.
        head: The tree that is judged.
        config: The globs.
    """
    known = {lost.file for lost in found.troubles.lost}
    for change in odd:
        if change.operation == "deleted" or change.path in known:
            continue
        if change.new_mode == LINK:
            reason = _behind(change.path, head, config)
        elif change.new_mode == SUBMODULE:
            reason = _SUBMODULE if config.matches(change.path) or config.has_room(change.path) else ""
        else:
            reason = "" if _is_artifact(found, change.path) else _unread(head, change.path)
        if reason:
            yield Lost(change.path, reason, "hidden")


_SUBMODULE = "it is a submodule where manifests are looked for: what is in it stands in another repository"
_POINTER = "it is a Git LFS pointer, so what it stands for cannot be read here"


def _unread(head: Tree, path: str) -> str:
    """Why a regular file hides something."""
    content = head.read(path, LARGEST_BYTES)
    return f"it is too large to be looked into: {content.reason}" if content.problem == "too-large" else _POINTER


def _is_artifact(found: ChangeSet, path: str) -> bool:
    """Whether a release names a file as an artifact: then it is bound by its digest."""
    manifests = (item.manifest for item in found.items if isinstance(item.manifest, Manifest))
    return any(one.get("path") == path for manifest in manifests for one in manifest.value["spec"]["artifacts"])


def _behind(path: str, head: Tree, config: Config) -> str:
    """Why a link hides something, or empty."""
    matches, room = config.matches(path), config.has_room(path)
    target, links = resolve(head, path)
    if target is None:
        return "it is a link that leads out of the repository, or in a circle" if matches or room else ""
    if links > 1 and (matches or room):
        return "it is a link that leads over another link, which may be turned elsewhere"
    problem = head.read(target, 0).problem if target else "directory"
    if problem == "directory":
        return _folder(path, target, head, config, room=room)
    if matches:
        return _file(target, problem, head, config)
    return "it is a link to a submodule" if room and problem == "submodule" else ""


def _file(target: str, problem: str, head: Tree, config: Config) -> str:
    """Why a link that matches the globs hides something."""
    if problem in {"missing", "submodule"}:
        return f"it is a link to {target}, which is not in the repository"
    if not config.matches(target):
        return f"it is a link to {target}, which is not looked at when it changes: no glob matches it"
    return f"it is a link to the manifest {target}" if try_open(head, target).is_manifest else ""


def _folder(path: str, target: str, head: Tree, config: Config, *, room: bool) -> str:
    """Why a link to a folder hides something: it has, or may come to have, manifests that no glob matches there."""
    if room and not config.has_room(f"{target}/", above=False):
        return f"it is a link to the folder {target or '.'}, in which no manifests are looked for"
    inside = f"{target}/" if target else ""
    below = (entry.path for entry in head.entries() if entry.path.startswith(inside))
    unwatched = [one for one in below if config.matches(f"{path}/{one[len(inside) :]}") and not config.matches(one)]
    if len(unwatched) > _MOST_FILES:
        return f"it is a link to the folder {target or '.'} with over {_MOST_FILES} files that no glob matches"
    held = next((one for one in unwatched if try_open(head, one).is_manifest), "")
    return f"it is a link to a folder with the manifest {held}, which no glob matches" if held else ""


def resolve(tree: Tree, path: str) -> tuple[str | None, int]:
    """Follow a link, and the links on its way, within a tree.

    Returns:
        Where it leads, which need not be there (empty for the root; None where it leaves the tree or goes in a circle);
        and how many links were followed.
    """
    at: list[str] = []
    todo = path.split("/")
    links = 0
    while todo:
        step = todo.pop(0)
        if step == ".." and not at:
            return None, links
        if step in {"", ".", ".."}:
            at = at[:-1] if step == ".." else at
            continue
        at.append(step)
        link = tree.link("/".join(at))
        if link is None:
            continue
        links += 1
        if links > _MOST_LINKS or not link or link.startswith("/"):
            return None, links
        at.pop()
        todo = [*link.split("/"), *todo]
    return "/".join(at), links

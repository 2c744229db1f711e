"""Globs that match nothing: a misspelt one would leave manifests out, and nobody would see it.

At the base they are a note. In the change that brings one it is a finding: then whoever wrote it is there to mend it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.policy.globs import named_folder
from changegate.policy.settings import FILE, matcher
from changegate.workspace.trees import GitTree

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from changegate.policy.settings import Config
    from changegate.workspace.tree import Tree


def every_glob(head: Tree, config: Config) -> Iterator[tuple[str, str]]:
    """Globs that match no file, less those that differ by their suffix alone from one that does.

    Args:
        head: The tree that is looked at, all of it.
        config: The globs.

    Returns:
        Each with why it matches nothing.
    """
    files = [entry.path for entry in head.entries()]
    return _idle(head, config.include, lambda glob: _matches(glob, files))


def stated_globs(head: Tree, config: Config, touched: Collection[str]) -> Iterator[tuple[str, str]]:
    """The same of the globs that a configuration states, without a listing: of a folder only until one matches.

    Args:
        head: The tree that is looked at.
        config: The globs.
        touched: Files of the head that are known already.
    """
    stated = config.raw.get("manifests", {}).get("include", ())
    return _idle(head, stated, lambda glob: _matches(glob, touched) or _matches(glob, _below(head, glob)))


def new_globs(head: Tree, before: Config, after: Config) -> Iterator[tuple[int, str, str]]:
    """The globs that a change brings and that match no file of it.

    Args:
        head: The tree that would land.
        before: The base's configuration.
        after: The head's.

    Returns:
        The position of each, what is wrong, and what to do.
    """
    known = before.include if before.configured else ()
    for glob, why in stated_globs(head, after, ()):
        if glob not in known:
            message = f"the glob `{glob}` of `manifests: {{include: …}}` matches nothing: {why}"
            yield (
                after.include.index(glob),
                message,
                f"{_nearest(head, glob)}write one that matches, or bring a file for it",
            )


def told(globs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Say of each glob in a sentence that it matches nothing."""
    for glob, why in globs:
        yield f"The glob `{glob}` of `manifests: {{include: …}}` in {FILE} matches nothing: {why}."


def _idle(head: Tree, globs: Sequence[str], is_used: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    used: set[str] = set()
    for glob in globs:
        if _stem(glob) not in used and is_used(glob):
            used.add(_stem(glob))
    for glob in globs:
        if _stem(glob) not in used:
            folder = named_folder(glob)
            gone = folder and head.read(folder, 0).problem == "missing"
            yield glob, f"there is no folder {folder}" if gone else "there is no such file"


def _matches(glob: str, files: Iterable[str]) -> bool:
    return any(map(matcher(glob).fullmatch, files))


def _below(head: Tree, glob: str) -> Iterator[str]:
    if isinstance(head, GitTree):
        return head.below(named_folder(glob))
    return (entry.path for entry in head.entries())


def _nearest(head: Tree, glob: str) -> str:
    """The folder that may be meant, as a question; empty where none is like it."""
    folder = named_folder(glob)
    there = {entry.path.rpartition("/")[0] for entry in head.entries()} if folder else set()
    above = {"/".join(one.split("/")[: folder.count("/") + 1]) for one in there} - {folder}
    from difflib import get_close_matches

    found = get_close_matches(folder, sorted(above), n=1)
    return f"did you mean `{found[0]}{glob.removeprefix(folder)}`? " if found else ""


def _stem(glob: str) -> str:
    """A glob without the suffix of a manifest: most repositories have no `.yml` beside their `.yaml`."""
    stem, _, suffix = glob.rpartition(".")
    return stem if suffix in {"yaml", "yml", "json"} else glob

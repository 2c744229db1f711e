"""Compare the releases of two sets of files: paired by identity, wherever their files moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.diff.render import Difference, difference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from changegate.manifest import Loaded, Manifest
    from changegate.names import Identity


def compare(before: Iterable[Loaded], after: Iterable[Loaded]) -> tuple[list[Difference], list[str]]:
    """Compare all releases of the changed files.

    Args:
        before: The changed files as they were; a file that was not there is left out.
        after: The same files as they are.

    Returns:
        The releases that changed, by name; and what could not be compared, each a sentence with its place.
    """
    was, now = list(before), list(after)
    names = {loaded.file for loaded in (*was, *now) if loaded.is_manifest}
    problems = sorted({problem for loaded in (*was, *now) if loaded.file in names for problem in _problems(loaded)})
    old, new = _index(was), _index(now)
    found = [*_of_head(old, new), *_gone(old, new)]
    changed = (entry for entry in found if entry.changes or entry.operation != "update")
    return sorted(changed, key=lambda entry: (entry.identity.name, entry.identity)), problems


def _index(files: Iterable[Loaded]) -> dict[Identity, Manifest]:
    return {manifest.identity: manifest for loaded in files for manifest in loaded.manifests}


def _of_head(old: dict[Identity, Manifest], new: dict[Identity, Manifest]) -> Iterator[Difference]:
    for identity, manifest in new.items():
        replaced = manifest.replaced
        how = "identity"
        before = old.get(identity)
        if before is None and replaced is not None:
            how, before = "replaces", old.get(replaced)
        yield difference(identity, manifest.file, before.value if before else None, manifest.value, how)


def _gone(old: dict[Identity, Manifest], new: dict[Identity, Manifest]) -> Iterator[Difference]:
    renamed = {manifest.replaced for identity, manifest in new.items() if identity not in old}
    for identity, manifest in old.items():
        if identity not in new and identity not in renamed:
            yield difference(identity, manifest.file, manifest.value, None)


def _problems(loaded: Loaded) -> Iterator[str]:
    if loaded.problem_reason:
        yield f"{loaded.file}: {loaded.problem_reason}"
    if loaded.broken:
        yield from (f"{fault.file}:{fault.line}: {fault.message}" for fault in loaded.faults)

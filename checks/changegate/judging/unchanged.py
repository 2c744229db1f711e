"""`--all`: the manifests that a change does not touch, on all cores, and identities that are used twice among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.change.changeset import Item, duplicates
from changegate.change.lineage import previous_of
from changegate.change.manifests import open_manifest
from changegate.manifest import Loaded, Manifest, load_manifests
from changegate.manifest.bounds import MAXIMUM_BYTES
from changegate.parallel import in_chunks
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from changegate.change.changeset import ChangeSet
    from changegate.change.lineage import Lineage
    from changegate.judging.judge import Judge
    from changegate.manifest import Fault
    from changegate.names import Identity
    from changegate.verdict import SubjectVerdict


class Batch(NamedTuple):
    """What a chunk of files came to; small, since it goes through a pipe."""

    subjects: list[SubjectVerdict]
    faults: list[Fault]
    warnings: list[Fault]
    identities: list[tuple[Identity, str]]
    """Every release with its file."""
    dependants: list[str]
    """Every file with a release that depends on others."""


def judge_unchanged(judge: Judge, lineage: Lineage, change: ChangeSet) -> Iterator[SubjectVerdict]:
    """Judge the manifests that a change does not touch; their faults and duplicates are noted in the change set."""
    files: dict[Identity, list[str]] = {}
    for item in change.items:
        if isinstance(item.manifest, Manifest):
            files.setdefault(item.manifest.identity, []).append(item.file)
    for batch in in_chunks(lambda paths: _judge_some(judge, lineage, paths), change.unchanged):
        yield from batch.subjects
        change.faults.extend(batch.faults)
        change.warnings.extend(batch.warnings)
        change.dependants.extend(batch.dependants)
        for identity, file in batch.identities:
            files.setdefault(identity, []).append(file)
    _note_duplicates(judge, change, {identity: found for identity, found in files.items() if len(found) > 1})


def _judge_some(judge: Judge, lineage: Lineage, paths: Sequence[str]) -> Batch:
    batch = Batch([], [], [], [], [])
    for path, loaded in _open(judge, paths):
        batch.faults.extend(loaded.faults)
        batch.warnings.extend(loaded.warnings)
        batch.identities.extend((manifest.identity, path) for manifest in loaded.manifests)
        if any("dependsOn" in manifest.value["spec"] for manifest in loaded.manifests):
            batch.dependants.append(path)
        for entry in loaded.entries:
            item = Item(path, entry, "every manifest was asked for", in_change=False)
            batch.subjects.append(judge.release(item, previous_of(lineage, item)))
    return batch


def _open(judge: Judge, paths: Sequence[str]) -> Iterator[tuple[str, Loaded]]:
    for path, content in judge.scope.head.read_many(paths, MAXIMUM_BYTES):
        if content.problem == "too-large":
            yield path, open_manifest(judge.scope.head, path)
        elif content.data is None:
            yield path, Loaded.unreadable(path, content.problem, content.reason)
        else:
            yield path, load_manifests(content.data, path)


def _note_duplicates(judge: Judge, change: ChangeSet, files: dict[Identity, list[str]]) -> None:
    """Note identities that several releases have; those of the change itself are known already."""
    known = {duplicate.manifest.identity for duplicate in change.duplicates}
    for identity in sorted(files.keys() - known):
        manifests = [
            manifest
            for file in dict.fromkeys(files[identity])
            for manifest in open_manifest(judge.scope.head, file).manifests
            if manifest.identity == identity
        ]
        change.duplicates.extend(duplicates({identity: manifests}))

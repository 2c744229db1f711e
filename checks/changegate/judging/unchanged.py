"""`--all`: the manifests that a change does not touch, on all cores, and identities that are used twice among them."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from changegate import progress
from changegate.change.changeset import Item, Others, Troubles, duplicates
from changegate.change.manifests import try_load, try_open
from changegate.judging.judge import release_in_stages
from changegate.manifest import Fault, Loaded, Manifest
from changegate.manifest.bounds import MAXIMUM_BYTES
from changegate.parallel import in_chunks
from changegate.records import NamedTuple
from changegate.stages import batches, in_stages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from changegate.change.changeset import ChangeSet, Duplicate
    from changegate.change.collector import ChangeRequest
    from changegate.errors import ChangegateError
    from changegate.judging.judge import Judge
    from changegate.names import Identity
    from changegate.verdict import SubjectVerdict
    from changegate.workspace.tree import Tree


class Batch(NamedTuple):
    """What a chunk of files came to; small, since it goes through a pipe."""

    subjects: list[SubjectVerdict]
    faults: list[Fault]
    warnings: list[Fault]
    identities: list[tuple[Identity, str]]
    """Every release with its file."""
    dependants: list[str]
    """Every file with a release that depends on others."""


def judge_unchanged(judge: Judge, asked: ChangeRequest) -> tuple[list[SubjectVerdict], Others]:
    """Judge the manifests that a change does not touch.

    Returns:
        Their verdicts, and what the change set has to know of them.
    """

    def lost(path: str, accident: ChangegateError) -> Batch:
        return _judge_loaded(judge, asked, [(path, Loaded.failed(path, accident))])

    progress.expect(len(asked.change.unchanged))
    batches = list(in_chunks(lambda paths: _judge_some(judge, asked, paths), asked.change.unchanged, lost))
    subjects, faults, warnings, identities, dependants = (
        list(chain.from_iterable(lists)) for lists in zip(*batches, strict=True)
    )
    twice = _duplicates(asked.scope.head, asked.change, identities)
    return subjects, Others(Troubles(tuple(faults), tuple(warnings), duplicates=tuple(twice)), tuple(dependants))


def _judge_some(judge: Judge, asked: ChangeRequest, paths: Sequence[str]) -> Batch:
    """Open and judge files, as many at once as go together."""
    every = [_judge_loaded(judge, asked, _open(asked.scope.head, some)) for some in batches(paths)]
    return Batch(*(list(chain.from_iterable(lists)) for lists in zip(*every, strict=True)))


def _judge_loaded(judge: Judge, asked: ChangeRequest, opened: Iterable[tuple[str, Loaded]]) -> Batch:
    batch = Batch([], [], [], [], [])
    items = []
    for path, loaded in opened:
        _note(batch, path, loaded)
        items += [Item(path, one, "every manifest was asked for", in_change=False) for one in loaded.entries]
    batch.subjects.extend(in_stages(release_in_stages(judge, asked, item) for item in items))
    return batch


def _note(batch: Batch, path: str, loaded: Loaded) -> None:
    """Note what the change set has to know of a file."""
    batch.faults.extend(loaded.faults)
    if loaded.problem == "too-large":
        hint = "Keep what is no manifest out of the globs (`manifests: {exclude: …}`)."
        batch.faults.append(Fault("too-large", f"{loaded.problem_reason}, so nobody can say what it is", hint, path))
    batch.warnings.extend(loaded.warnings)
    batch.identities.extend((manifest.identity, path) for manifest in loaded.manifests)
    if any("dependsOn" in manifest.value["spec"] for manifest in loaded.manifests):
        batch.dependants.append(path)


def _open(head: Tree, paths: Sequence[str]) -> Iterator[tuple[str, Loaded]]:
    for path, content in head.read_many(paths, MAXIMUM_BYTES):
        if content.problem == "too-large":
            yield path, try_open(head, path)
        elif content.data is None:
            yield path, Loaded.unreadable(path, content.problem, content.reason)
        else:
            yield path, try_load(content.data, path)


def _duplicates(head: Tree, change: ChangeSet, identities: Iterable[tuple[Identity, str]]) -> Iterator[Duplicate]:
    """Identities that several releases have; those of the change itself are known already."""
    files: dict[Identity, list[str]] = {}
    own = ((one.manifest.identity, one.file) for one in change.items if isinstance(one.manifest, Manifest))
    for identity, file in (*own, *identities):
        files.setdefault(identity, []).append(file)
    known = {duplicate.manifest.identity for duplicate in change.troubles.duplicates}
    for identity in sorted(one for one, found in files.items() if len(found) > 1 and one not in known):
        opened = (try_open(head, file) for file in dict.fromkeys(files[identity]))
        alike = [one for loaded in opened for one in loaded.manifests if one.identity == identity]
        yield from duplicates({identity: alike})

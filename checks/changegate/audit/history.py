"""The history of the trusted branch: which commit changed which model, without a word of who decided what.

One `git log` lists the changed files of all commits with their object ids; files are told to be manifests by their
bytes, as the gate does, and each content is parsed once.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from changegate.errors import GitError
from changegate.manifest import load_manifests
from changegate.parallel import in_chunks
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from changegate.names import Identity
    from changegate.policy.settings import Config
    from changegate.workspace.git import Git

_FORMAT = "--format=%H%x00%T%x00%P%x00%ct"
_WINDOW = 4000
"""So many contents are in memory at once."""
LARGEST_MANIFEST = 1 << 20
"""Bytes of a file that is looked at; the gate takes no larger manifest."""


class Landed(NamedTuple):
    """What one commit of the trusted branch did to models."""

    commit: str
    tree: str
    parents: tuple[str, ...]
    at: int
    """When it was committed, in seconds since the epoch, as the commit claims it."""
    models: tuple[Model, ...]


class Model(NamedTuple):
    """A release that a commit brought, changed or took away."""

    identity: Identity | None
    """None where the manifest is too broken to tell."""
    version: str
    file: str
    is_gone: bool


class _Touched(NamedTuple):
    """A file of a commit: the object ids of what it was, and of what it is; empty where it is no regular file."""

    path: str
    before: str
    after: str


def landed(git: Git, revisions: str, config: Config) -> list[Landed]:
    """Walk the first-parent history, the oldest commit first.

    Args:
        git: The repository.
        revisions: `REV..REV`, or a revision for all that leads to it.
        config: The globs by which files are manifests.

    Returns:
        The commits that touched a manifest.

    Raises:
        GitError: A revision is none, or the history is cut off.
    """
    commits = [one for one in _commits(git, _range(git, revisions)) if one[1]]
    touched = [(about, [file for file in files if config.matches(file.path)]) for about, files in commits]
    oids = {oid for _, files in touched for file in files for oid in (file.before, file.after) if oid}
    known = _releases(git, sorted(oids))
    found = []
    for (commit, tree, parents, at), files in touched:
        models = tuple(chain.from_iterable(_models(file, known) for file in files))
        if models:
            found.append(Landed(commit, tree, tuple(parents.split()), int(at), models))
    return found[::-1]


def trunk(git: Git, revisions: str) -> frozenset[str]:
    """Every commit that the branch was at, up to the newer end of some revisions.

    Raises:
        GitError: A revision is none, or the history is cut off.
    """
    newest = _range(git, revisions)[0]
    listed = git.run("rev-list", "--first-parent", "--end-of-options", newest, "--")
    return frozenset(listed.out.decode("ascii").split())


def _range(git: Git, revisions: str) -> list[str]:
    older, dots, newer = revisions.partition("..")
    named = [name for name in (newer if dots else older, older if dots else "") if name]
    oids = [git.commit_id(name) for name in named or ["HEAD"]]
    if not all(oids):
        wrong = next(name for name, oid in zip(named or ["HEAD"], oids, strict=True) if not oid)
        raise GitError(f"{wrong!r} is no commit of this clone", hint="name it as `git log` does: REV, or REV..REV")
    if git.is_shallow():
        from changegate.workspace.git import UNSHALLOW

        raise GitError("the history of this clone is cut off, so nothing can be said of it", hint=UNSHALLOW)
    return [oids[0], *(f"^{oid}" for oid in oids[1:])]


def _commits(git: Git, revisions: Sequence[str]) -> Iterator[tuple[tuple[str, str, str, str], list[_Touched]]]:
    """Commits with the files that they changed against their first parent."""
    fields = iter(
        git.run(
            "log", "--first-parent", "-m", "--raw", "-r", "-z", "--no-abbrev", "--no-renames", "--root", _FORMAT,
            "--no-show-signature", "--no-ext-diff", "--no-textconv", "--end-of-options", *revisions, "--",
        ).fields()
    )  # fmt: skip
    about: tuple[str, str, str, str] | None = None
    files: list[_Touched] = []
    for field in fields:
        line = field.lstrip("\n")
        if line.startswith(":"):
            mode, new_mode, before, after, _ = line[1:].split(" ")
            files.append(_Touched(next(fields), _file(mode, before), _file(new_mode, after)))
        elif line:
            if about is not None:
                yield about, files
            about, files = (line, next(fields), next(fields), next(fields)), []
    if about is not None:
        yield about, files


def _file(mode: str, oid: str) -> str:
    """The object id of a regular file; empty where there is none, or a link or a submodule stands there."""
    return oid if mode.startswith("100") else ""


def _models(file: _Touched, known: Mapping[str, tuple[tuple[Identity | None, str], ...]]) -> Iterator[Model]:
    """The releases of a changed file, and those that it no longer holds."""
    before, after = known.get(file.before, ()), known.get(file.after, ())
    stays = {identity for identity, _ in after}
    yield from (Model(identity, version, file.path, False) for identity, version in after)
    yield from (Model(identity, version, file.path, True) for identity, version in before if identity not in stays)


def _releases(git: Git, oids: Sequence[str]) -> dict[str, tuple[tuple[Identity | None, str], ...]]:
    """What each content holds: identities and versions; contents without a manifest are left out."""
    found: dict[str, tuple[tuple[Identity | None, str], ...]] = {}
    for start in range(0, len(oids), _WINDOW):
        window = oids[start : start + _WINDOW]
        contents = zip(window, git.objects.blobs(window, LARGEST_MANIFEST), strict=True)
        read = [(oid, data) for oid, data in contents if isinstance(data, bytes)]
        parts = in_chunks(lambda chunk: [(oid, _held(data)) for oid, data in chunk], read)
        found.update((oid, held) for oid, held in chain.from_iterable(parts) if held)
    return found


def _held(data: bytes) -> tuple[tuple[Identity | None, str], ...]:
    entries = load_manifests(data, "").entries
    return tuple((entry.identity, _version(entry.value)) for entry in entries)


def _version(value: object) -> str:
    spec = value.get("spec") if isinstance(value, dict) else None
    version = spec.get("version") if isinstance(spec, dict) else None
    return version if isinstance(version, str) else ""

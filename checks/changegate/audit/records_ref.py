"""Records in git: a ref whose commits only ever add files, written without a working tree or an index.

Many runs may write at once. Each makes its commit on what the ref is, and sets the ref only if it still is that; else
it begins again. Nothing that is there is changed, and reading refuses a ref whose history changed or removed anything.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from changegate.errors import GitError, ReportError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from changegate.workspace.git import Git

BEGINNING = "refs/changegate/"
"""What such a ref is called: never a branch or a tag, which people move."""
_TRIES = 100
_MOST_NAMED = 10
_LONGEST_WAIT_SECONDS = 0.2
_COMMITTER = {f"GIT_{who}_{what}": text for who in ("AUTHOR", "COMMITTER") for what, text in (
    ("NAME", "changegate"), ("EMAIL", "changegate@localhost"),
)}  # fmt: skip


def ref_named(place: Path) -> str:
    """The ref that an option names; empty where it names a folder.

    Raises:
        UsageError: It is a ref where records may not be kept.
    """
    text = place.as_posix()
    if text.startswith("refs/") and not text.startswith(BEGINNING):
        raise UsageError(f"records are not kept in {text}", hint=f"name a ref below {BEGINNING}: {BEGINNING}records")
    return text if text.startswith(BEGINNING) else ""


def append_records(git: Git, ref: str, files: Mapping[str, bytes], *, about: str, now: int) -> None:
    """Add files to what a ref has, in a commit of their own.

    Args:
        git: The repository.
        ref: Its full name; it is made where there is none.
        files: Path -> content. One that is there already with the same content is left alone.
        about: The commit's message.
        now: The commit's time, in seconds since the epoch.

    Raises:
        GitError: The ref cannot be written.
        ReportError: A path is there with another content.
    """
    _check_ref(git, ref)
    blobs = {path: git.run("hash-object", "-w", "--stdin", stdin=data).text() for path, data in files.items()}
    for _ in range(_TRIES):
        if _appended(git, ref, blobs, about, now):
            return
        time.sleep(random.uniform(0, _LONGEST_WAIT_SECONDS))  # noqa: S311  (so that two runs do not meet again)
    raise GitError(f"{ref} could not be written: others write it all the time", hint="run it again")


def _check_ref(git: Git, ref: str) -> None:
    if git.run("check-ref-format", ref, codes=(0, 1)).code:
        raise UsageError(f"{ref!r} is no name of a ref", hint=f"write {BEGINNING}records")


def _appended(git: Git, ref: str, blobs: Mapping[str, str], about: str, now: int) -> bool:
    """Add files once; False where somebody else has set the ref meanwhile."""
    before = _tip(git, ref)
    tree = before and git.run("rev-parse", "--verify", "--end-of-options", f"{before}^{{tree}}").text()
    after = _with(git, tree, {tuple(path.split("/")): oid for path, oid in blobs.items()})
    if after == tree:
        return True
    moment = {f"GIT_{who}_DATE": f"@{max(0, now)} +0000" for who in ("AUTHOR", "COMMITTER")}
    parent = ("-p", before) if before else ()
    commit = git.run("commit-tree", *parent, "-m", about, after, more={**_COMMITTER, **moment}).text()
    set_ref = ("update-ref", "-m", "changegate", "--no-deref", ref, commit, before or "0" * len(commit))
    return git.run(*set_ref, codes=(0, 1, 128)).code == 0


def _tip(git: Git, ref: str) -> str:
    found = git.refs(ref).get(ref)
    if found is None:
        return ""
    if found.target:
        raise GitError(f"{ref} is a symbolic ref", hint=f"delete it: git symbolic-ref --delete {ref}")
    return found.commit


def _with(git: Git, tree: str, added: Mapping[tuple[str, ...], str]) -> str:
    """A tree with more files: only the folders on the way are written anew."""
    entries = dict(_entries(git, tree))
    below: dict[str, dict[tuple[str, ...], str]] = {}
    for (name, *rest), oid in added.items():
        if rest:
            below.setdefault(name, {})[tuple(rest)] = oid
        elif name in entries and entries[name] != ("100644", "blob", oid):
            raise ReportError(f"a record {name} is there already, and is another", hint="run the check again")
        else:
            entries[name] = ("100644", "blob", oid)
    for name, more in below.items():
        _, kind, oid = entries.get(name, ("", "tree", ""))
        if kind != "tree":
            raise ReportError(f"{name} is no folder of records", hint="keep records in a ref of their own")
        entries[name] = ("040000", "tree", _with(git, oid, more))
    lines = (f"{mode} {kind} {oid}\t{name}" for name, (mode, kind, oid) in entries.items())
    return git.run("mktree", "-z", stdin="\0".join((*lines, "")).encode("utf-8", "surrogateescape")).text()


def _entries(git: Git, tree: str) -> Iterator[tuple[str, tuple[str, str, str]]]:
    for field in git.run("ls-tree", "-z", "--end-of-options", tree).fields() if tree else ():
        about, _, name = field.partition("\t")
        mode, kind, oid = about.split(" ")
        yield name, (mode, kind, oid)


def listed_records(git: Git, ref: str, ending: str) -> dict[str, str]:
    """The records of a ref: each path that ends so, with its object id.

    Raises:
        UsageError: There is no such ref.
        ReportError: A commit of it changed or removed what was there.
    """
    tip = _tip(git, ref)
    if not tip:
        hint = f"git fetch origin {ref}:{ref}"
        raise UsageError(f"there is no {ref} in this clone", hint=hint)
    _check_only_added(git, ref, tip)
    fields = git.run("ls-tree", "-r", "-z", "--end-of-options", tip).fields()
    found = (field.partition("\t") for field in fields)
    return {path: about.split(" ")[2] for about, _, path in found if path.endswith(ending)}


def find_record(git: Git, ref: str, beginning: str, *, ending: str, limit: int) -> tuple[bytes, str]:
    """Read the one record of a ref whose name begins so.

    Args:
        git: The repository.
        ref: Its full name.
        beginning: Of the path, or of the name behind the folder: the tree that was judged.
        ending: Of the names of records.
        limit: Bytes.

    Raises:
        UsageError: There is no such ref, none of its records is called so, or several are.
        ReportError: The record is larger, or the ref is not append-only.
    """
    found = listed_records(git, ref, ending)
    fits = {path: oid for path, oid in found.items() if path.startswith(beginning) or _name(path).startswith(beginning)}
    if len(fits) != 1:
        some = ", ".join(list(fits or found)[:_MOST_NAMED]) or "it has none"
        what = f"{len(fits)} records" if fits else "no record"
        raise UsageError(f"{what} of {ref} begin with {beginning!r}", hint=f"name one after the colon: {some}")
    ((path, oid),) = fits.items()
    (data,) = git.objects.blobs([oid], limit)
    if not isinstance(data, bytes):
        raise ReportError(f"the record is larger than {limit} bytes", file=f"{ref}:{path}")
    return data, f"{ref}:{path}"


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _check_only_added(git: Git, ref: str, tip: str) -> None:
    """Refuse a history of records in which something was changed or removed, against any parent."""
    command = ("log", "-m", "--raw", "-r", "-z", "--no-renames", "--no-abbrev", "--diff-filter=a", "--format=%H")
    wrong = git.run(*command, "--no-ext-diff", "--no-textconv", "--end-of-options", tip, "--").fields()
    if wrong:
        where = next((field[:12] for field in wrong if not field.lstrip("\n").startswith(":")), "")
        message = f"{ref} is not append-only: the commit {where} changes or removes a record"
        raise ReportError(message, hint=f"compare it with another clone's: git log -m --diff-filter=a {ref}")

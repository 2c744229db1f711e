"""`changegate fix`: writes what findings can be mended by, round by round, until nothing is left to write."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from changegate.errors import UsageError
from changegate.files import write_file
from changegate.mend.edits import edited
from changegate.mend.known_files import is_hidden
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from changegate.verdict import Edit, Finding, Verdict

_ROUNDS = 8
"""What is mended may bring what was hidden behind it to light: a manifest that fits no schema is not judged."""
_LARGEST = 16 * 1024 * 1024


class Fixed(NamedTuple):
    """What was mended, or would be."""

    diff: str
    """Of all files, as `diff -u` writes it; empty where nothing is to be mended."""
    values: int
    """How many."""
    waiting: tuple[Finding, ...]
    """Findings that are mended when somebody accepts what they name."""
    left: int
    """How many findings nothing of this mends."""


def fix(
    check: Callable[[], Verdict], top: Path, accepted: frozenset[str], *, write: bool, only: tuple[str, ...] = ()
) -> Fixed:
    """Mend what can be mended in the working tree.

    Args:
        check: Judges it, as it stands.
        top: The top of the working tree.
        accepted: What somebody accepts, as findings name it.
        write: Whether to write; else only what would be written at first is told.
        only: Files and folders, from the top: nothing else is mended. All where none are named.

    Raises:
        UsageError: The gate cannot decide, something is accepted that no finding asks for, or a file changed meanwhile.
    """
    before: dict[str, bytes] = {}
    now: dict[str, bytes] = {}
    done: set[tuple[str, int, tuple[str | int, ...]]] = set()
    asked: set[str] = set()
    for _ in range(_ROUNDS):
        verdict = _decided(check())
        asked.update(one for finding in verdict.findings for one in finding.accepts)
        wanted = (one for one in _wanted(verdict.findings, accepted) if not only or _is_in(one.file, only))
        edits = [one for one in wanted if (one.file, one.document, one.path) not in done]
        written = set()
        for file, data, made in _made(edits, top):
            before.setdefault(file, data)
            now[file] = made
            written.add(file)
            if write:
                _write(top, file, data, made)
        done |= {(one.file, one.document, one.path) for one in edits if one.file in written}
        if not written or not write:
            break
    if unknown := sorted(accepted - asked):
        hint = "`changegate fix` names what it waits for, and how to accept it"
        raise UsageError(f"nothing waits for {unknown[0]} to be accepted", hint=hint)
    waiting = tuple(one for one in verdict.findings if one.edits and not set(one.accepts) <= accepted)
    left = sum(not one.edits for one in verdict.findings)
    return Fixed("".join(_diff(before, now)), len(done), waiting, left)


def _is_in(file: str, places: tuple[str, ...]) -> bool:
    return any(place in {"", "."} or file == place or file.startswith(f"{place}/") for place in places)


def _decided(verdict: Verdict) -> Verdict:
    """A verdict that was come to; what kept the gate from deciding keeps this from mending."""
    for failure in verdict.failures:
        place = f"{failure.place}: " if failure.place else ""
        raise UsageError(f"{place}{failure.message}", hint=failure.hint)
    return verdict


def _wanted(findings: Iterable[Finding], accepted: frozenset[str]) -> Iterator[Edit]:
    for finding in findings:
        if set(finding.accepts) <= accepted:
            yield from finding.edits


def _made(edits: Iterable[Edit], top: Path) -> Iterator[tuple[str, bytes, bytes]]:
    """The files of edits, as they are and as they will be; what cannot be edited is left out."""
    by_file: dict[str, list[Edit]] = {}
    for one in edits:
        by_file.setdefault(one.file, []).append(one)
    for file, those in by_file.items():
        data = _read(top, file)
        made = None if data is None else edited(data, those, file)
        if data is not None and made is not None and made != data:
            yield file, data, made


def _read(top: Path, file: str) -> bytes | None:
    """A regular file below the top that is no file of control."""
    parts = PurePosixPath(file).parts
    path = top.joinpath(*parts)
    links = any(top.joinpath(*parts[:length]).is_symlink() for length in range(1, len(parts) + 1))
    if is_hidden(file) or links or not path.is_file() or path.stat().st_size > _LARGEST:
        return None
    return path.read_bytes()


def _write(top: Path, file: str, data: bytes, made: bytes) -> None:
    path = top / file
    if path.read_bytes() != data:
        raise UsageError(f"{file} changed while it was looked at", hint="run `changegate fix` once more")
    mode = path.stat().st_mode & 0o777
    write_file(path, top, made)
    path.chmod(mode)


def _diff(before: dict[str, bytes], now: dict[str, bytes]) -> Iterator[str]:
    for file, data in before.items():
        old, new = (one.decode("utf-8", "replace").splitlines(keepends=True) for one in (data, now[file]))
        for line in unified_diff(old, new, f"a/{file}", f"b/{file}", n=1):
            yield line if line.endswith("\n") else line + "\n"

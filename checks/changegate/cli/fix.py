"""`changegate fix`: mends what can be mended without anybody deciding anything."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.mend.fixing import Fixed
    from changegate.verdict import Finding

_PATH = click.Path(path_type=Path)


@click.command(
    epilog="\b\nExamples:\n"
    "  changegate fix                                    mend what you changed\n"
    "  changegate fix --all                              mend every manifest\n"
    "  changegate fix --check                            only say what would be mended\n"
    "  changegate fix --accept models/x/evidence/evaluation.json\n"
    "                                                    its bytes are others, and you looked at them\n\n"
    "\b\nExit codes: 0 it is mended or there was nothing to mend, 1 with --check: something can be mended,\n"
    "  2 nothing could be decided, or nothing was written.",
    help="Mend what can be mended without a decision, in the working tree.\n\n"
    "These are sizes, quotes, small letters, the version to go back to, the path of a file that moved. Of a file only "
    "the bytes of the value change, and the changes are shown. What a person has to look at first (a file with other "
    "bytes, a new version, a unit) is named, and written with --accept. With PATHs only those manifests are mended.",
)
@click.argument("paths", nargs=-1, type=_PATH)
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 where something can be mended.")
@click.option(
    "--accept",
    "accepted",
    multiple=True,
    metavar="PATH",
    help="Mend this too: I looked at it. May be repeated.",
)
@click.option("--all", "everything", is_flag=True, help="Mend every manifest, not only those that changed.")
@click.option("--base", default="", metavar="REF", help="What the change lands on.  [default: upstream]")
@click.option("--now", metavar="TIME", help="The time to judge at, RFC 3339.  [default: the clock's]")
@click.option("-C", "directory", type=_PATH, default=Path(), help="The clone.")
def command(
    *,
    paths: tuple[Path, ...],
    only_check: bool,
    accepted: tuple[str, ...],
    everything: bool,
    base: str,
    now: str | None,
    directory: Path,
) -> int:
    """Mend, show the changes, and say what is left."""
    from changegate.errors import UsageError
    from changegate.escape import log_line, terminal
    from changegate.gate import check
    from changegate.mend.fixing import fix
    from changegate.request import request_of
    from changegate.tokens import masked_lines
    from changegate.workspace.git import Git

    request = request_of(directory, paths=paths, all=everything, base=base, now=now, stage="local")
    environ = {name: value for name, value in os.environ.items() if name in _KEPT or name.startswith("GIT_")}
    top = Git.open(directory, environ).place.worktree
    if top is None:
        raise UsageError("there is no working tree to mend", hint="run it in a clone that has its files checked out")
    whole = top.resolve()
    only = tuple((directory / path).resolve().relative_to(whole).as_posix() for path in paths)
    done = fix(lambda: check(request, environ), top, frozenset(accepted), write=not only_check, only=only)
    for line in masked_lines(done.diff.splitlines()):
        click.echo(log_line(line))
    for line in _said(done, only_check=only_check):
        click.echo(terminal(line), err=True)
    return int(only_check and bool(done.values))


_KEPT = frozenset({"PATH", "HOME", "XDG_CONFIG_HOME", "TMPDIR", "LANG"})
"""What is taken of the environment: the working tree is mended, whatever a CI host says of its own change."""


def _said(done: Fixed, *, only_check: bool) -> Iterator[str]:
    values = "1 value" if done.values == 1 else f"{done.values} values"
    if done.values:
        yield f"{values} can be mended: run `changegate fix`" if only_check else f"mended {values}"
    else:
        yield "there is nothing to mend without a decision"
    for finding in done.waiting:
        yield from _waiting(finding)
    if done.left:
        findings = "1 finding is" if done.left == 1 else f"{done.left} findings are"
        yield f"{findings} left for people: `changegate check` shows them"


def _waiting(finding: Finding) -> Iterator[str]:
    place = f"{finding.location.file}:{finding.location.line}"
    yield f"waits for you: {place} {finding.rule}: {finding.message}"
    for edit in finding.edits:
        yield f"  would write {'.'.join(map(str, edit.path))}: {edit.value}"
    given = " ".join(f"--accept {shlex.quote(one)}" for one in finding.accepts)
    yield f"  once you have looked at it: changegate fix {given}"

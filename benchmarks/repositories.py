"""Makes git repositories fast, by `git fast-import`, and keeps them in a temporary folder from one run to the next."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from changegate.resources import FIXTURES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType

BEGUN = 1_793_613_600
"""2026-11-02T10:00:00Z, two hours before the day that the fixtures live in: when the last commit on main was made."""


class Stream:
    """What is written to `git fast-import`: commits with the files that they change, branches and tags."""

    def __init__(self, root: Path) -> None:
        """Begin to fill a repository that has no commit yet."""
        self._commits = 0
        command = ["git", "fast-import", "--quiet", "--done"]
        self._process = subprocess.Popen(command, cwd=root, env=plain_environment(), stdin=subprocess.PIPE)
        assert self._process.stdin is not None
        self._out = self._process.stdin

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self._out.write(b"done\n")
        self._out.close()
        if self._process.wait() and kind is None:
            raise subprocess.CalledProcessError(self._process.returncode, "git fast-import")

    def commit(self, branch: str, files: Iterable[tuple[str, bytes]], *, onto: int = 0, hours_ago: int = 0) -> int:
        """Write a commit.

        Args:
            branch: The branch that it becomes the tip of.
            files: Paths with their new content.
            onto: The number of its parent; none where it is 0.
            hours_ago: How long it was made before `BEGUN`.

        Returns:
            Its number.
        """
        self._commits += 1
        who = f"platform <platform@acme.example> {BEGUN - 3600 * hours_ago} +0000"
        self._line(f"commit refs/heads/{branch}", f"mark :{self._commits}", f"committer {who}")
        self._data(branch.encode())
        if onto:
            self._line(f"from :{onto}")
        for path, content in files:
            self._line(f"M 100644 inline {path}")
            self._data(content)
        return self._commits

    def tag(self, name: str, commit: int) -> None:
        """Let a tag stand for a commit."""
        self._line(f"reset refs/tags/{name}", f"from :{commit}", "")

    def _line(self, *lines: str) -> None:
        self._out.write("".join(f"{line}\n" for line in lines).encode())

    def _data(self, content: bytes) -> None:
        self._out.write(b"data %d\n%b\n" % (len(content), content))


def kept(name: str, fill: Callable[[Stream], None]) -> Path:
    """Make a repository, or take the one that an earlier run made.

    Args:
        name: What it is called among those that are kept; says all that `fill` depends on.
        fill: Writes its commits; `main` is checked out then.
    """
    folder = _cache() / name
    if not folder.is_dir():
        fresh = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{name}-"))
        git(fresh, "init", "--quiet", "--initial-branch=main")
        with Stream(fresh) as stream:
            fill(stream)
        git(fresh, "-c", "checkout.workers=0", "reset", "--quiet", "--hard", "main")
        fresh.rename(folder)
    return folder


def beside(root: Path, name: str, paths: Iterable[Path]) -> Path:
    """A folder beside a kept repository that holds some of its files alone, by hard links."""
    folder = root.with_name(f"{root.name}.{name}")
    if not folder.is_dir():
        fresh = Path(tempfile.mkdtemp(dir=root.parent, prefix=f".{name}-"))
        for path in paths:
            link = fresh / path.relative_to(root)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.hardlink_to(path)
        fresh.rename(folder)
    return folder


@contextmanager
def alone() -> Iterator[None]:
    """Wait until no other run measures: it would switch the branches of the same repositories, and cost time."""
    with (_cache() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def forget() -> None:
    """Delete all that is kept, of every version."""
    shutil.rmtree(_cache().parent)


def _cache() -> Path:
    """The folder of what this version of the benchmarks and fixtures makes; nobody else may write there."""
    top = Path(tempfile.gettempdir()) / f"changegate-benchmarks-{os.getuid()}"
    top.mkdir(mode=0o700, exist_ok=True)
    if top.is_symlink() or top.stat().st_uid != os.getuid():
        raise SystemExit(f"{top} is somebody else's; set TMPDIR to a folder of your own")
    folder = top / _version()
    folder.mkdir(exist_ok=True)
    return folder


def _version() -> str:
    """A digest of what the repositories are made from."""
    here = Path(__file__).parent
    sources = [here / "corpus.py", here / "repositories.py", *sorted((FIXTURES / "gitops-repo").rglob("*"))]
    digest = hashlib.sha256()
    for path in sources:
        if path.is_file():
            digest.update(f"{path.name}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def git(root: Path, *arguments: str) -> str:
    """Run git in a repository of the benchmarks, apart from the user's configuration and hooks."""
    command = ["git", "-c", "core.hooksPath=/dev/null", "-c", "core.autocrlf=false", *arguments]
    done = subprocess.run(command, cwd=root, env=plain_environment(), capture_output=True, text=True, check=True)
    return done.stdout


def plain_environment() -> dict[str, str]:
    """The environment without what leads git elsewhere."""
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    return {**inherited, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}

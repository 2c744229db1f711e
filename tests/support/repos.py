"""Real git repositories for tests: fixed dates and identity, nothing read from or written to the real home."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_EPOCH = 1_793_534_400  # 2026-11-01T12:00:00Z; every commit is one minute after the one before


class Repo:
    """A repository in a folder. Paths may hold any byte that git allows: write those that are not UTF-8 as escapes."""

    def __init__(self, path: Path, *, home: Path | None = None) -> None:
        self.path = path
        self.home = home or path.parent / f".home-{path.name}"
        self.home.mkdir(parents=True, exist_ok=True)
        self._ticks = 0

    @classmethod
    def init(cls, path: Path, *, branch: str = "main", bare: bool = False) -> Repo:
        path.mkdir(parents=True, exist_ok=True)
        repo = cls(path)
        repo.git("init", "--quiet", f"--initial-branch={branch}", *(["--bare"] if bare else []))
        return repo

    @property
    def environ(self) -> dict[str, str]:
        """The environment of every git command, and a good one for the program under test."""
        date = f"{_EPOCH + 60 * self._ticks} +0000"
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": str(self.home / ".gitconfig"),
            "GIT_AUTHOR_NAME": "Ana",
            "GIT_AUTHOR_EMAIL": "ana@acme.example",
            "GIT_COMMITTER_NAME": "Ana",
            "GIT_COMMITTER_EMAIL": "ana@acme.example",
            "GIT_AUTHOR_DATE": date,
            "GIT_COMMITTER_DATE": date,
            "LC_ALL": "C",
        }

    def git(self, *arguments: str | bytes | Path, env: Mapping[str, str] | None = None, check: bool = True) -> str:
        """Run git in the repository and return what it printed, without the last newline."""
        done = subprocess.run(
            ["git", "-c", "protocol.file.allow=always", *arguments],
            cwd=self.path,
            env={**self.environ, **(env or {})},
            capture_output=True,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"git {arguments!r}: {done.stderr.decode('utf-8', 'replace')}")
        return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files of the working tree; missing folders are made."""
        for name, content in files.items():
            target = self.path / _name(name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)

    def remove(self, *names: str) -> None:
        for name in names:
            (self.path / _name(name)).unlink()

    def link(self, name: str, target: str) -> None:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(target)

    def commit(
        self, files: Mapping[str, str | bytes] | None = None, message: str = "change", *, remove: tuple[str, ...] = ()
    ) -> str:
        """Write and remove files, commit everything, and return the commit's object id."""
        self.write(files or {})
        self.remove(*remove)
        self.git("add", "--all", "--force", ".")
        self._ticks += 1
        self.git("commit", "--quiet", "--allow-empty", "--no-verify", "-m", message)
        return self.id("HEAD")

    def id(self, name: str) -> str:
        """The object id that a name stands for."""
        return self.git("rev-parse", "--verify", "--quiet", "--end-of-options", name)

    def branch(self, name: str, start: str = "HEAD") -> None:
        """Make a branch and switch to it."""
        self.git("switch", "--quiet", "--create", name, start)

    def switch(self, name: str) -> None:
        self.git("switch", "--quiet", name)

    def detach(self, name: str = "HEAD") -> None:
        self.git("switch", "--quiet", "--detach", name)

    def merge(self, name: str, *, into: str = "", message: str = "merge") -> str:
        """Merge with a merge commit, as a host does, and return its object id."""
        if into:
            self.switch(into)
        self._ticks += 1
        self.git("merge", "--quiet", "--no-ff", "--no-edit", "-m", message, name)
        return self.id("HEAD")

    def commit_tree(self, tree: str, *parents: str, message: str = "made") -> str:
        """Make a commit object by hand: any tree, any parents."""
        self._ticks += 1
        options = [part for parent in parents for part in ("-p", parent)]
        return self.git("commit-tree", self.id(f"{tree}^{{tree}}"), *options, "-m", message)

    def tag(self, name: str, target: str = "HEAD", *, annotated: bool = False) -> None:
        self._ticks += 1
        self.git("tag", *(["-a", "-m", name] if annotated else []), "--", name, target)

    def ref(self, name: str, target: str) -> None:
        """Set a full ref name, whatever it is."""
        self.git("update-ref", "--", name, self.id(target))

    def tracking(self, branch: str, target: str) -> str:
        """Set `refs/remotes/origin/<branch>`, as a fetch would; returns the object id."""
        self.ref(f"refs/remotes/origin/{branch}", target)
        return self.id(target)

    def clone(self, path: Path, *options: str) -> Repo:
        """Clone over the file protocol, so that `--depth` is honoured."""
        self.git("clone", "--quiet", *options, f"file://{self.path}", str(path))
        return Repo(path)


def _name(name: str) -> str:
    return os.fsdecode(name.encode("utf-8", "surrogateescape"))

"""Git, hardened: the one module that runs it.

A repository is untrusted: its files, names, refs and attributes come from whoever opened the pull request, and in CI
the clone was made by others. So every command gets an explicit `--git-dir`, a cleaned environment, and options that
turn off all that git would run for a repository (monitors, hooks, filters, external diffs, transports). Names travel
NUL-separated and as bytes.
"""

from __future__ import annotations

import os
import re
import subprocess
import weakref
from typing import TYPE_CHECKING

from changegate.errors import GitError
from changegate.records import NamedTuple
from changegate.workspace.place import Repository, check_owner, locate_repository

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from changegate.workspace.objects import Objects

_OPTIONS = {
    "safe.bareRepository": "explicit",
    "core.fsmonitor": "false",
    "core.hooksPath": "/dev/null",
    "core.attributesFile": "/dev/null",
    "core.untrackedCache": "false",
    "core.quotePath": "false",
    "core.pager": "cat",
    "core.sshCommand": "false",
    "core.warnAmbiguousRefs": "true",
    "credential.helper": "",
    "protocol.allow": "never",
    "submodule.recurse": "false",
    "diff.renames": "true",
    "diff.ignoreSubmodules": "dirty",
    "diff.noprefix": "false",
    "diff.relative": "false",
    "log.mailmap": "false",
    "log.showSignature": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
}
_HARDENING = tuple(part for key, value in _OPTIONS.items() for part in ("-c", f"{key}={value}"))
_ENVIRONMENT = {
    "LC_ALL": "C",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_GRAFT_FILE": "/dev/null/none",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
# NOTE: where git is too old to know GIT_NO_LAZY_FETCH, `protocol.allow=never` makes a fetch from a promisor fail.
_KEPT = ("HOME", "TMPDIR", "XDG_CONFIG_HOME", "SYSTEMROOT")
_CONFIGURATIONS = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM")
_TIMEOUT_SECONDS = 300
_PLAIN_NAME = re.compile(r"(?![0-9A-Fa-f]+$)[A-Za-z0-9][A-Za-z0-9_.-]*(?:/[A-Za-z0-9][A-Za-z0-9_.-]*)*")
_REFS = ("refs/{}", "refs/tags/{}", "refs/heads/{}", "refs/remotes/{}", "refs/remotes/{}/HEAD")
"""Where git looks for a name; in its own folder too, which a name of a branch is not found in."""
_INSTALL = "install git 2.38 or newer and put it on the PATH"
UNSHALLOW = "git fetch --unshallow   (GitHub Actions: `fetch-depth: 0` of actions/checkout; GitLab CI: `GIT_DEPTH: 0`)"
"""How to get the history that a shallow clone lacks."""


class GitAnswer(NamedTuple):
    """What one git command said."""

    code: int
    out: bytes
    error: str

    def fields(self) -> list[str]:
        """The NUL-terminated fields of a `-z` output; bytes that are not UTF-8 are surrogate-escaped."""
        fields = self.out.decode("utf-8", "surrogateescape").split("\0")
        return fields[:-1] if fields[-1] == "" else fields

    def text(self) -> str:
        """The output of a command that prints one line."""
        return self.out.decode("utf-8", "surrogateescape").rstrip("\n")


class Git:
    """One repository, asked through its own plumbing."""

    def __init__(self, place: Repository, environ: Mapping[str, str]) -> None:
        """Use a repository that was found; prefer `Git.open`.

        Raises:
            GitError: There is no git on the PATH.
        """
        self.place = place
        path = _safe_path(environ.get("PATH", os.defpath), place.worktree)
        self._executable = _find("git", path)
        kept = {name: environ[name] for name in _KEPT if name in environ}
        self._environment = {**kept, **_ENVIRONMENT, "PATH": os.pathsep.join(path)}
        self._of_user = {name: environ[name] for name in _CONFIGURATIONS if name in environ}
        self._objects: Objects | None = None
        self._scratch: Path | None = None

    @classmethod
    def open(cls, start: Path, environ: Mapping[str, str], git_dir: Path | None = None) -> Git:
        """Find the repository that a directory is in.

        Args:
            start: A directory in a working tree.
            environ: The process environment; of its git variables only the safe directories of its configuration are
                used.
            git_dir: The git directory, named by the user: the only way to use a bare repository.

        Raises:
            GitError: No git, no repository, or one that belongs to somebody else.
        """
        git = cls(locate_repository(start, git_dir), environ)
        if git_dir is None:
            check_owner(git.place, lambda: git.safe_directories(environ))
        return git

    @property
    def objects(self) -> Objects:
        """The object store, over one process that stays."""
        if self._objects is None:
            from changegate.workspace.objects import Objects

            self._objects = Objects(self)
        return self._objects

    def run(
        self, *arguments: str, stdin: bytes = b"", codes: Iterable[int] = (0,), more: Mapping[str, str] | None = None
    ) -> GitAnswer:
        """Run one command to its end.

        Args:
            arguments: The command and its arguments; whatever came from outside stands after `--end-of-options` or
                `--`.
            stdin: What it reads.
            codes: Exit codes that are answers; every other one is an error.
            more: Further environment variables.

        Raises:
            GitError: It failed, or took longer than five minutes.
        """
        try:
            done = subprocess.run(  # noqa: PLW1510  (the exit code is looked at below)
                self._command(arguments),
                input=stdin,
                capture_output=True,
                cwd=self.place.top,
                env={**self._environment, **(more or {})},
                timeout=_TIMEOUT_SECONDS,
            )
        except subprocess.TimeoutExpired as late:
            raise _late(arguments[0]) from late
        except OSError as error:
            raise GitError(f"git cannot be run: {error.strerror}", hint=_INSTALL) from error
        error_text = done.stderr.decode("utf-8", "replace").strip()
        if done.returncode not in codes:
            raise _failed(arguments[0], done.returncode, error_text)
        return GitAnswer(done.returncode, done.stdout, error_text)

    def spawn(self, *arguments: str, errors: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        """Start a command that answers on its pipes for as long as they are open.

        Args:
            arguments: The command and its arguments.
            errors: Where its messages go.
        """
        try:
            return subprocess.Popen(
                self._command(arguments),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=self.place.top,
                env=self._environment,
                bufsize=-1,
            )
        except OSError as error:
            raise GitError(f"git cannot be run: {error.strerror}", hint=_INSTALL) from error

    def begin(self, *arguments: str) -> Begun:
        """Start a command that ends by itself, and go on meanwhile; close it however that ends."""
        return Begun(self.spawn(*arguments, errors=subprocess.PIPE), arguments[0])

    def _command(self, arguments: Iterable[str]) -> list[bytes]:
        where = [f"--git-dir={self.place.git_dir}"]
        if self.place.worktree is not None:
            where.append(f"--work-tree={self.place.worktree}")
        words = [self._executable, "--no-pager", *where, *_HARDENING, *arguments]
        return [word.encode("utf-8", "surrogateescape") for word in words]

    def scratch(self) -> Git:
        """Give a bare repository in a temporary folder that sees all objects of this one and takes all new ones.

        Commands that are started from then on see the new objects too (for the process that stays: after `close`); the
        repository's own folder is never written to. The scratch repository has no configuration, no attributes and no
        refs, so that a merge made there cannot be steered by any.
        """
        if self._scratch is None:
            self._scratch = _make_scratch(self.place)
            weakref.finalize(self, _remove, self._scratch, os.getpid())
            self._environment["GIT_OBJECT_DIRECTORY"] = str(self._scratch / "objects")
            self._environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = _quoted(self.place.common_dir / "objects")
        twin = Git(Repository(self._scratch, self._scratch, None), self._environment)
        twin._environment = dict(self._environment)
        return twin

    @property
    def scratch_folder(self) -> Path:
        """A temporary folder of our own, removed at the end."""
        self.scratch()
        assert self._scratch is not None  # noqa: S101  (made in the line above)
        return self._scratch

    def safe_directories(self, environ: Mapping[str, str]) -> list[str]:
        """Read `safe.directory` from the user's and the system's configuration and from git's environment.

        Never from the repository. Of what the environment configures (GIT_CONFIG_COUNT) nothing else is used.
        """
        scope = self._unconfigured({name: environ[name] for name in _CONFIGURATIONS if name in environ})
        command = [self._executable, "--git-dir=/dev/null", "config", "--get-all", "-z", "safe.directory"]
        done = subprocess.run(
            command, capture_output=True, check=False, cwd="/", env=self._unconfigured(scope), timeout=60
        )
        return [*GitAnswer(done.returncode, done.stdout, "").fields(), *_safe_by_environment(environ)]

    def in_effect(self, key: str) -> str:
        """What a setting is for whoever works here, by all configurations; empty where none says it.

        For what only the user's own git knows, as what it would commit; no other command sees the user's configuration.
        """
        command = self._command(("config", "--type=bool-or-str", "--get", key))
        environment = self._unconfigured(self._of_user)
        done = subprocess.run(
            command, capture_output=True, check=False, cwd=self.place.top, env=environment, timeout=60
        )
        return GitAnswer(done.returncode, done.stdout, "").text()

    def _unconfigured(self, scope: Mapping[str, str]) -> dict[str, str]:
        """The environment with other configurations than ours."""
        kept = {name: value for name, value in self._environment.items() if not name.startswith("GIT_CONFIG_")}
        return {**kept, **scope}

    def close(self) -> None:
        """End the process that stays, if there is one; it starts again when it is needed."""
        if self._objects is not None:
            self._objects.close()

    def is_shallow(self) -> bool:
        """Whether history was cut off when this clone was made."""
        shallow = self.place.common_dir / "shallow"
        return shallow.is_file() and shallow.stat().st_size > 0

    def refs(self, *names: str) -> dict[str, Ref]:
        """Look up full ref names, exactly: no other ref can stand in for one that is missing.

        Args:
            names: Full names, such as `refs/remotes/origin/main`; none of them is a pattern.

        Returns:
            Those that exist, by name.
        """
        form = "--format=%(refname)%00%(objectname)%00%(*objectname)%00%(symref)"
        lines = self.run("for-each-ref", form, *names).out.decode("utf-8", "surrogateescape").splitlines()
        found = (Ref(*line.split("\0")) for line in lines)
        return {ref.name: ref for ref in found if ref.name in names}

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Whether a commit is another one or in its history; in a shallow clone False may mean "cannot be told"."""
        if older == newer:
            return True
        answer = self.run("merge-base", "--is-ancestor", older, newer, codes=(0, 1, 128))
        if answer.code == 128 and not self.is_shallow():
            raise _failed("merge-base", 128, answer.error)
        return answer.code == 0

    def merge_base(self, one: str, other: str) -> str:
        """The best common ancestor of two commits, or empty where there is none to be seen."""
        answer = self.run("merge-base", one, other, codes=(0, 1, 128))
        return answer.text() if answer.code == 0 else ""

    def is_unborn(self) -> bool:
        """Whether HEAD names a branch that has no commit yet."""
        answer = self.run("symbolic-ref", "--quiet", "HEAD", codes=(0, 1))
        return answer.code == 0 and not self.refs(answer.text())

    def commit_id(self, name: str) -> str:
        """Resolve what a user typed to a commit.

        Returns:
            The object id, or empty where there is no such commit.

        Raises:
            GitError: The name means several things.
        """
        if of_one_ref := self._commit_of_one_ref(name):
            return of_one_ref
        answer = self.run("rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}", codes=(0, 1, 128))
        if "is ambiguous" in answer.error:
            hint = f"say which: refs/heads/{name}, refs/tags/{name}, or an object id"
            raise GitError(f"{name!r} is ambiguous: several refs or objects have that name", hint=hint)
        return answer.text() if answer.code == 0 else ""

    def _commit_of_one_ref(self, name: str) -> str:
        """The commit of a plain name that just one ref has; else empty. It saves a process: see gitrevisions(7)."""
        if not _PLAIN_NAME.fullmatch(name) or ".." in name:
            return ""
        itself, *refs = self.objects.infos([f"{form.format(name)}^{{commit}}" for form in ("{}", *_REFS)])
        found = [one for one in refs if one is not None]
        return found[0].oid if len(found) == 1 and found[0] == itself else ""


class Begun:
    """A command that runs beside other work."""

    def __init__(self, process: subprocess.Popen[bytes], command: str) -> None:
        """Take what was started."""
        self._process = process
        self._command = command

    def answer(self) -> GitAnswer:
        """Wait for its end.

        Raises:
            GitError: It failed, or took longer than five minutes.
        """
        try:
            out, error = self._process.communicate(timeout=_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired as late:
            raise _late(self._command) from late
        if self._process.returncode:
            raise _failed(self._command, self._process.returncode, error.decode("utf-8", "replace").strip())
        return GitAnswer(0, out, "")

    def close(self) -> None:
        """End it, where nobody waited for its end."""
        if self._process.poll() is None:
            self._process.kill()
        if self._process.stdout is not None and not self._process.stdout.closed:
            self._process.communicate()


def _late(command: str) -> GitError:
    return GitError(f"git {command} did not end in {_TIMEOUT_SECONDS} s", hint="look at the disk; try git fsck")


def _safe_by_environment(environ: Mapping[str, str]) -> list[str]:
    """The safe directories of GIT_CONFIG_COUNT, _KEY_n and _VALUE_n; none where git would refuse the whole of it."""
    count, found = environ.get("GIT_CONFIG_COUNT", ""), []
    if not (count.isascii() and count.isdigit() and len(count) < 10):
        return []
    for number in range(int(count)):
        key, value = (environ.get(f"GIT_CONFIG_{part}_{number}") for part in ("KEY", "VALUE"))
        if key is None or value is None:
            return []
        if key.lower() == "safe.directory":
            found.append(value)
    return found


class Ref(NamedTuple):
    """One ref."""

    name: str
    """The full name."""
    oid: str
    """What it points at."""
    peeled: str
    """What an annotated tag points at; empty for everything else."""
    target: str
    """The ref that a symbolic one names; empty for everything else."""

    @property
    def commit(self) -> str:
        """The object id with tags peeled off."""
        return self.peeled or self.oid


def _failed(command: str, code: int, error: str) -> GitError:
    first = next(
        (line for line in error.splitlines() if line.startswith(("fatal:", "error:"))), error.partition("\n")[0]
    )
    hint = "run the same command by hand to see more; `git fsck` tells whether the repository is damaged"
    if code == 129:
        return GitError(f"this git is too old for `git {command}`: {first}", hint=_INSTALL)
    return GitError(f"git {command} failed ({code}): {first}", hint=hint)


def _safe_path(path: str, worktree: Path | None) -> list[str]:
    """Keep the absolute folders that are not in the checkout: a pull request may bring a file called `git`."""
    folders = [folder for folder in path.split(os.pathsep) if folder.startswith("/")]
    if worktree is None:
        return folders
    inside = str(worktree) + os.sep
    return [folder for folder in folders if not (os.path.realpath(folder) + os.sep).startswith(inside)]


def _find(name: str, folders: Iterable[str]) -> str:
    for folder in folders:
        candidate = os.path.join(folder, name)  # noqa: PTH118  (start-up: no Path for each folder of the PATH)
        if os.access(candidate, os.X_OK) and not os.path.isdir(candidate):  # noqa: PTH112
            return candidate
    raise GitError("git is not on the PATH", hint=_INSTALL)


def _quoted(path: Path) -> str:
    """Quote a path as git does, so that colons, quotes and newlines in it are not read as anything else."""
    special = {ord('"'): '\\"', ord("\\"): "\\\\", ord("\n"): "\\n", ord("\t"): "\\t"}
    return '"' + str(path).translate(special) + '"'


def _make_scratch(place: Repository) -> Path:
    # NOTE: made and removed by hand, because importing tempfile and shutil takes longer than all of it.
    from pathlib import Path

    folder = Path(os.environ.get("TMPDIR") or "/tmp") / f"changegate-{os.urandom(12).hex()}"  # noqa: S108  (new and ours)
    try:
        folder.mkdir(mode=0o700)
        for name in ("objects", "refs"):
            (folder / name).mkdir()
        (folder / "HEAD").write_text("ref: refs/heads/none\n")
        sha256 = place.object_format == "sha256"
        core = f"[core]\n\tbare = true\n\trepositoryformatversion = {int(sha256)}\n"
        (folder / "config").write_text(core + ("[extensions]\n\tobjectformat = sha256\n" if sha256 else ""))
        if (place.common_dir / "shallow").is_file():
            (folder / "shallow").write_bytes((place.common_dir / "shallow").read_bytes())
    except OSError as error:
        raise GitError(
            f"no temporary folder can be made: {error}", hint="set TMPDIR to a folder that can be written to"
        ) from error
    return folder


def _remove(folder: Path, owner: int) -> None:
    """Remove a temporary folder; a forked child leaves its parent's alone."""
    if os.getpid() != owner:
        return
    for here, folders, files in os.walk(folder, topdown=False):
        for name in files:
            os.unlink(os.path.join(here, name))  # noqa: PTH108, PTH118  (os.walk speaks in texts)
        for name in folders:
            os.rmdir(os.path.join(here, name))  # noqa: PTH106, PTH118
    folder.rmdir()

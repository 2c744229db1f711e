"""Lays out the fixtures as real git repositories: for `changegate demo`, and for the tests that drive the command.

`fixtures/gitops-repo/` becomes a commit on `main`; a case of `fixtures/pull-requests/` becomes a branch on top of it.
A case is a folder with `case.yaml` (what it changes and what must come of it), optionally `files/` laid over the tree,
and `mend.yaml`: for each rule that it fires, what that rule's remedy asks for, in the words of `case.yaml`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from changegate.errors import UsageError
from changegate.records import NamedTuple
from changegate.resources import FIXTURES

if TYPE_CHECKING:
    from pathlib import Path

    from changegate.request import Request

NOW = "2026-11-02T12:00:00Z"
"""The day that all fixtures live in: their evidence is fresh then."""

REPOSITORY = "acme/models"
PULL_REQUEST = 42
AUTHOR = "mira"
"""The login that opens the pull requests of the fixtures; it is in no team that approves."""

APPROVERS = ("ana", "bo", "chidi", "dara", "eve", "femi", "gus", "hana", "ines", "joao")
"""Every login that approves unless a case says otherwise: together they hold all roles."""


class Case(NamedTuple):
    """One pull request of the fixtures."""

    name: str
    folder: Path
    data: dict[str, Any]
    """`case.yaml` as it stands."""

    @classmethod
    def load(cls, folder: Path) -> Case:
        """Read a case from its folder."""
        import yaml

        return cls(folder.name, folder, yaml.load((folder / "case.yaml").read_text(), yaml.CSafeLoader))

    def landed(self, more: dict[str, Any]) -> Case:
        """The same pull request where something else is on the base already: edits of it, after those of `setup`."""
        setup = self.data.get("setup", {})
        edits = {**setup.get("edit", {})}
        for path, others in more.get("edit", {}).items():
            edits[path] = [*edits.get(path, ()), *others]
        return self._replace(data={**self.data, "setup": {**setup, **more, "edit": edits}})


def cases() -> list[Case]:
    """Every case, found by glob."""
    return [Case.load(path.parent) for path in sorted((FIXTURES / "pull-requests").glob("*/case.yaml"))]


def case(name: str) -> Case:
    """One case by its folder's name.

    Raises:
        UsageError: There is none of that name.
    """
    folder = FIXTURES / "pull-requests" / name
    if not (folder / "case.yaml").is_file():
        near = get_close_matches(name, (path.parent.name for path in (FIXTURES / "pull-requests").glob("*/case.yaml")))
        meant = f"did you mean {', '.join(near)}? " if near else ""
        raise UsageError(f"there is no case {name!r}", hint=f"{meant}`changegate demo --list` names all")
    return Case.load(folder)


class LaidOut(NamedTuple):
    """A repository with the case's branch checked out."""

    root: Path
    base: str
    head: str
    approvals: Path | None
    """The file for `--approvals`, or None where the case hands none in."""
    evidence: Path | None
    """The folder for `--evidence`, or None."""


def lay_out(root: Path, chosen: Case, mend: dict[str, Any] | None = None) -> LaidOut:
    """Make `root` a git repository with the fixtures on `main` and the case on a branch of its own name.

    Args:
        root: A folder that does not exist yet, or is empty.
        chosen: The pull request.
        mend: What its author does next, in the words of `case.yaml`: one more commit of the branch. `restore` takes
            files back from the base, and `<sha256sum FILE>` in an edit stands for the digest of a file.
    """
    # NOTE: files are copied without their times. Git takes a file for unchanged that has the size and time of another,
    # and in a fresh clone all of them have one time.
    shutil.copytree(FIXTURES / "gitops-repo", root, dirs_exist_ok=True, copy_function=shutil.copy)
    git(root, "init", "--quiet", "--initial-branch=main")
    if "earlier" in chosen.data:
        _apply(root, chosen.data["earlier"], chosen.folder / "earlier")
        commit(root, "Releases of before")
    _apply(root, chosen.data.get("setup", {}), chosen.folder / "setup")
    commit(root, "Releases in production")
    for tag in chosen.data.get("tags", ()):
        git(root, "tag", tag)
    base = git(root, "rev-parse", "HEAD")
    git(root, "switch", "--quiet", "--create", chosen.data.get("branch", chosen.name))
    _apply(root, chosen.data, chosen.folder / "files")
    commit(root, chosen.data.get("title", chosen.name), author=AUTHOR)
    if mend is not None:
        _mend(root, mend, base)
        commit(root, "What the finding asked for", author=AUTHOR)
    head = git(root, "rev-parse", "HEAD")
    beside = root.parent / f"{root.name}-handed-in"
    evidence = chosen.folder / "evidence"
    return LaidOut(root, base, head, _approvals(beside, chosen, head, base), evidence if evidence.is_dir() else None)


def request(laid_out: LaidOut, **more: Any) -> Request:
    """What a protected workflow asks of the gate for a pull request, on the day of the fixtures.

    Args:
        laid_out: The pull request.
        more: What `cli.check.request_of` takes besides.
    """
    from changegate.request import request_of

    handed_in = {"approvals": laid_out.approvals, "evidence": laid_out.evidence}
    asked = {"stage": "pull-request", "trusted_ref": "refs/heads/main", "head": "HEAD", "now": NOW}
    return request_of(laid_out.root, **{**asked, **handed_in, **more})


def touching_all(folder: Path) -> Case:
    """A pull request that touches each of the models, and says nothing else of them.

    Args:
        folder: Where its files would be; it has none.
    """
    top = FIXTURES / "gitops-repo"
    files = {path.relative_to(top).as_posix(): path.read_text() for path in sorted(top.glob("models/*/manifest.yaml"))}
    edits = {name: text.replace("spec:\n", "spec: # touched\n", 1) for name, text in files.items()}
    return Case("touch-all", folder, {"title": "touch", "write": edits})


def apply_change(root: Path, data: dict[str, Any]) -> None:
    """Make a change in the files of a folder.

    Args:
        root: The folder.
        data: What to do, in the words of `case.yaml`: `edit`, `write`, `rename`, `delete`, `link`, `redigest`.
    """
    _apply(root, data, root / "no-such-folder")


def _apply(root: Path, data: dict[str, Any], overlay: Path) -> None:
    before = _digests(root)
    for path, edits in data.get("edit", {}).items():
        _edit(root / path, edits)
    for path, text in data.get("write", {}).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    if overlay.is_dir():
        shutil.copytree(overlay, root, dirs_exist_ok=True, copy_function=shutil.copy)
    for old, new in data.get("rename", {}).items():
        (root / new).parent.mkdir(parents=True, exist_ok=True)
        (root / old).rename(root / new)
    for path in data.get("delete", ()):
        (root / path).unlink()
    for path, target in data.get("link", {}).items():
        (root / path).unlink(missing_ok=True)
        (root / path).symlink_to(target)
    if data.get("redigest", True):
        _redigest(root, before)


def _mend(root: Path, mend: dict[str, Any], base: str) -> None:
    before = _digests(root)
    if mend.get("restore"):
        git(root, "checkout", "--quiet", base, "--", *mend["restore"])
        _redigest(root, before)
    apply_change(root, mend)
    for path in mend.get("edit", {}):
        text = (root / path).read_text()
        (root / path).write_text(re.sub(r"<sha256sum ([^>]+)>", lambda found: _sum(root / found[1]), text))


def _sum(path: Path) -> str:
    return "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()


def _edit(path: Path, edits: list[dict[str, str]]) -> None:
    text = path.read_text()
    for edit in edits:
        if text.count(edit["find"]) != 1:
            raise UsageError(f"{edit['find']!r} stands {text.count(edit['find'])} times, not once", file=str(path))
        text = text.replace(edit["find"], edit["replace"])
    path.write_text(text)


def _digests(root: Path) -> dict[Path, str]:
    files = (path for path in root.rglob("*") if path.is_file() and not path.is_symlink() and ".git" not in path.parts)
    return {path: _sum(path) for path in files}


def _redigest(root: Path, before: dict[Path, str]) -> None:
    """Write the new digest of every changed file wherever its old one stood, as an author would, until all agree."""
    after = _digests(root)
    while changed := {old: after[path] for path, old in before.items() if path in after and after[path] != old}:
        for path in after:
            if path.suffix in {".yaml", ".yml", ".json"}:
                _replace(path, changed)
        before, after = after, _digests(root)


def _replace(path: Path, changed: dict[str, str]) -> None:
    text = new = path.read_text(errors="surrogateescape")
    for old, digest in changed.items():
        new = new.replace(old, digest)
    if new != text:
        path.write_text(new, errors="surrogateescape")


def _approvals(folder: Path, chosen: Case, head: str, base: str) -> Path | None:
    """Write the approvals file that CI would hand in, outside the repository; `approvalsFile` replaces keys of it."""
    wanted = chosen.data.get("approvals", {})
    if wanted == "none":
        return None
    other = chosen.data.get("approvalsFile", {})
    reviews = [
        _review(login, state, head if state != "stale" else base)
        for state, logins in {"by": APPROVERS, **wanted}.items()
        for login in logins
    ]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "approvals.json"
    path.write_text(json.dumps({**approvals(head, reviews), **other}, indent=2) + "\n")
    return path


def approvals(head: str, reviews: list[dict[str, Any]]) -> dict[str, Any]:
    """Make an approvals file's content for a reviewed head."""
    return {
        "schemaVersion": 1,
        "repository": REPOSITORY,
        "pullRequest": PULL_REQUEST,
        "reviewedHead": head,
        "author": {"login": AUTHOR, "kind": "human"},
        "committers": [AUTHOR],
        "retrievedAt": NOW,
        "reviews": reviews,
    }


def _review(login: str, state: str, commit: str) -> dict[str, Any]:
    states = {"changesRequested": "CHANGES_REQUESTED", "comments": "COMMENTED"}
    day = "2026-01-02" if state == "old" else "2026-11-02"
    return {
        "user": login,
        "state": states.get(state, "APPROVED"),
        "commit": commit,
        "submittedAt": f"{day}T11:00:00Z",
    }


def commit(root: Path, message: str, author: str = "platform") -> None:
    """Commit everything, with a fixed date and a made-up address, so that object ids are the same everywhere."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "--no-gpg-sign", "--message", message, author=author)


def git(root: Path, *arguments: str, author: str = "platform") -> str:
    """Run git in a fixture, apart from the user's configuration and hooks."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_DATE": "2026-11-02T10:00:00Z",
        "GIT_COMMITTER_DATE": "2026-11-02T10:00:00Z",
    }
    for role in ("AUTHOR", "COMMITTER"):
        environment |= {f"GIT_{role}_NAME": author, f"GIT_{role}_EMAIL": f"{author}@acme.example"}
    command = ["git", "-c", "core.hooksPath=/dev/null", "-c", "core.autocrlf=false", *arguments]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UsageError(
            f"git {arguments[0]} failed: {done.stderr.strip()}", hint="is git installed, and the folder writable?"
        )
    return done.stdout.strip()

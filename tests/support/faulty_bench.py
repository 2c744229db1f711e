"""A repository in which faulty inputs are laid out, the gate run on them, and what may not come of it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any, NamedTuple

from changegate import fixtures, gate
from changegate.manifest import load_manifests
from changegate.report.registry import REPORTS, load_reporter
from changegate.report.reporter import ReportOptions
from changegate.request import request_of
from changegate.verdict import Gate, Verdict
from changegate.workspace.ci_systems import SYSTEMS
from support.faulty import APPROVALS, BASE, EVENT, MANIFESTS, NEW, Input, as_handed_in

if TYPE_CHECKING:
    from pathlib import Path


class Answer(NamedTuple):
    """What the gate said."""

    verdict: Verdict
    reports: dict[str, str]
    trace: str
    """Of what nobody expected; else empty."""


class Bench:
    """One repository for many inputs: each is a commit on a branch, written by `git fast-import`."""

    def __init__(self, folder: Path) -> None:
        """Make the repository."""
        self.folder = folder
        self.base = BASE
        self.root = folder / "checkout"
        self.state = folder / "state"
        self.environ = {name: value for name, value in os.environ.items() if name not in SYSTEMS} | {
            "HOME": str(folder),
            "XDG_STATE_HOME": str(self.state),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": str(folder / ".gitconfig"),
        }
        for name in ("CI", "GITHUB_ACTIONS", "GITHUB_EVENT_PATH", "CHANGEGATE_DEBUG"):
            self.environ.pop(name, None)
        self.root.mkdir(parents=True)
        self._git("init", "--quiet", "--initial-branch=main")
        self._write([("main", "", {path: data for path, data in BASE.items() if path != NEW})])
        self.first = self._git("rev-parse", "main")

    def ask(self, given: Input) -> Answer:
        """Lay an input out, and run the gate on it."""
        head = self.lay_out(given)
        environ, more = self._handed_in(given, head)
        request = request_of(self.root, head=head, now=fixtures.NOW, keep_input=True, all=given.everything, **more)
        shutil.rmtree(self.state, ignore_errors=True)
        verdict = gate.check(request, environ)
        reports = {name: load_reporter(name).render(verdict, ReportOptions()) for name in REPORTS}
        logs = sorted(self.state.rglob("*.log")) if self.state.exists() else []
        return Answer(verdict, reports, "".join(one.read_text() for one in logs))

    def lay_out(self, given: Input) -> str:
        """Write the base and the head; answers the commit of the head."""
        self._write([("base", self.first, given.base), ("topic", "refs/heads/base", given.head)], given.gone)
        return self._git("rev-parse", "topic")

    def _handed_in(self, given: Input, head: str) -> tuple[dict[str, str], dict[str, Any]]:
        files = {
            name: given.handed_in.get(name, json.dumps(as_handed_in(name, head)).encode()).replace(
                b"0" * 40, head.encode()
            )
            for name in (APPROVALS, EVENT)
        }
        for name, data in files.items():
            (self.folder / name).write_bytes(data)
        more: dict[str, Any] = {"approvals": self.folder / APPROVALS, "trusted_ref": "refs/heads/base"}
        if EVENT not in given.handed_in:
            return self.environ, {"stage": "pull-request", **more}
        claims = {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_EVENT_PATH": str(self.folder / EVENT),
            "GITHUB_REPOSITORY": fixtures.REPOSITORY,
            "GITHUB_BASE_REF": "base",
        }
        return {**self.environ, **claims}, more

    def _write(self, commits: list[tuple[str, str, dict[str, bytes]]], gone: frozenset[str] = frozenset()) -> None:
        """Write commits on branches, each with what it starts from; the last one deletes files."""
        out: list[bytes] = []
        for branch, start, files in commits:
            out.append(f"commit refs/heads/{branch}\ncommitter a <a@acme.example> 1793613600 +0000\ndata 1\nx".encode())
            out.append(f"\nfrom {start}\n".encode() if start else b"\n")
            for path, data in files.items():
                out.append(b"M 100644 inline %b\ndata %d\n%b\n" % (path.encode(), len(data), data))
        out += [b"D %b\n" % path.encode() for path in sorted(gone)]
        command = ["git", "fast-import", "--quiet", "--force"]
        subprocess.run(command, input=b"".join(out), cwd=self.root, env=self.environ, check=True, capture_output=True)

    def _git(self, *arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=self.root, env=self.environ, check=True, capture_output=True)
        return done.stdout.decode().strip()


_NAMED = re.compile(r"[\w.-]+\.(?:ya?ml|json|md|rego)\b|`[^`]+`|CODEOWNERS|--[a-z]+|[A-Z]+_[A-Z_]+|\bgit [a-z]+")


def complaint(given: Input, answer: Answer) -> str:
    """What is wrong with an answer, whatever the input was; empty where nothing is."""
    verdict = answer.verdict
    if answer.trace or any(one.kind == "InternalError" for one in verdict.failures):
        return f"an internal error: {verdict.failures}\n{answer.trace}"
    if verdict.exit_code not in {0, 1, 2, 3}:
        return f"exit code {verdict.exit_code}"
    if verdict.exit_code == 2 and not verdict.failures:
        return "undecided, and nobody says why"
    for failure in verdict.failures:
        if not failure.place and not _NAMED.search(f"{failure.message} {failure.hint}"):
            return f"undecided, and no file or setting is named: {failure}"
    if verdict.gate in {Gate.OPEN, Gate.NOT_ENFORCED, Gate.AWAITING_APPROVAL} and verdict.context.configured:
        unread = [path for path in MANIFESTS if path in given.head and _is_unread(given, path)]
        if unread:
            return f"{verdict.gate} with {unread}"
    return ""


def _is_unread(given: Input, path: str) -> bool:
    """Whether a file is or was a manifest, and cannot be read as one."""
    old = given.base.get(path, b"" if path == NEW else BASE[path])
    now, before = load_manifests(given.head[path], path), load_manifests(old, path)
    loads = bool(now.manifests) and not now.broken and not now.faults
    return not loads and (now.is_manifest or before.is_manifest)

"""Runs the installed command as a process, as CI does, and reads its JSON report."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from changegate import fixtures
from changegate.report.parts import put_together
from changegate.workspace.ci_systems import SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Mapping


COMMAND = Path(sys.executable).with_name("changegate")
"""The installed command. `python -m` would put the folder that it runs in on the import path: an attacker's, here."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run of the command came to."""

    code: int
    out: str
    err: str
    verdict: dict[str, Any]
    """The JSON report, where one was asked for."""

    @property
    def subjects(self) -> list[dict[str, Any]]:
        """The subjects of the report, each with its `outcomes` and its `input` document in their places."""
        return whole(self.verdict)

    @property
    def findings(self) -> list[dict[str, Any]]:
        return [finding for subject in self.verdict["subjects"] for finding in subject["findings"]]

    @property
    def rules(self) -> set[str]:
        return {finding["rule"] for finding in self.findings}


def whole(verdict: dict[str, Any]) -> list[dict[str, Any]]:
    """The subjects of a report with what they have in common put into their places."""
    parts = verdict["parts"]
    return [
        {**one, "outcomes": parts["outcomes"][one["outcomes"]], "input": _document(one, parts["documents"])}
        for one in verdict["subjects"]
    ]


def _document(subject: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any] | None:
    counting = [one for one in subject["questions"] if one["counts"]]
    return put_together(counting[0]["document"], counting[0]["parts"], parts) if counting else None


def surroundings() -> dict[str, str]:
    """The environment of a person at a terminal: no CI, no git of somebody else's."""
    ours = ("GIT_", "GITHUB_", "CI", "GITLAB", "PRE_COMMIT")
    systems = {name for words in SYSTEMS.values() for word in words.split() for name in word.split("+")}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours) and name not in systems}
    return {**kept, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "NO_COLOR": "1"}


def changegate(*arguments: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> Run:
    """Run `changegate`; a traceback is a failure of any test."""
    done = subprocess.run(
        [COMMAND, *map(os.fspath, arguments)],
        cwd=cwd,
        env={**surroundings(), **(env or {})},
        capture_output=True,
        check=False,
        timeout=120,
    )
    out, err = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    assert "Traceback" not in out + err, out + err
    return Run(done.returncode, out, err, {})


def check(*arguments: str | Path, cwd: Path, env: Mapping[str, str] | None = None, out: Path | None = None) -> Run:
    """Run `changegate check` with a JSON report beside the console."""
    report = out or cwd.parent / f"{cwd.name}.verdict.json"
    run = changegate("check", *arguments, "-o", "console", "-o", f"json={report}", cwd=cwd, env=env)
    assert report.is_file(), f"no report was written: {run.out}{run.err}"
    return Run(run.code, run.out, run.err, json.loads(report.read_text()))


def judge(laid_out: fixtures.LaidOut, *more: str | Path, env: Mapping[str, str] | None = None) -> Run:
    """Judge a pull request of the fixtures as a protected workflow would."""
    given: list[str | Path] = ["--stage", "pull-request", "--trusted-ref", "refs/heads/main", "--head", "HEAD"]
    if laid_out.approvals is not None:
        given += ["--approvals", laid_out.approvals]
    if laid_out.evidence is not None:
        given += ["--evidence", laid_out.evidence]
    return check(*given, "--now", fixtures.NOW, *more, cwd=laid_out.root, env=env)

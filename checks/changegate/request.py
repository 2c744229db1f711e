"""What is asked of the gate, made from the command line."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from changegate.records import NamedTuple
from changegate.rego.engines import EngineOptions

if TYPE_CHECKING:
    from pathlib import Path

    from changegate.workspace.scope import ScopeOptions


class Request(NamedTuple):
    """What is asked of the gate."""

    scope: ScopeOptions
    """Which change: the folder, the base and head, the stage, the trusted ref."""
    paths: tuple[str, ...] = ()
    """Judge these manifests only; on a laptop."""
    approvals: Path | None = None
    """The reviews that CI hands in."""
    approvals_from: str = ""
    """The host that is asked for the reviews; empty for none."""
    signed_approvals: tuple[Path, ...] = ()
    """Files and folders of signed approvals that CI hands in."""
    evidence: Path | None = None
    """The folder of evidence that CI hands in."""
    policies: tuple[Path, ...] = ()
    """Own policies beside the base's: folders and bundle files."""
    require_config: bool = False
    """Refuse to go on where the base has no configuration."""
    fail_on_warning: bool = False
    now: int | None = None
    """Seconds since the epoch, UTC; None for the clock's."""
    engine: EngineOptions = EngineOptions()
    """Which engine decides, and how it is reached."""
    keep_input: bool = False
    """Keep in the verdict what it was come to by (input documents, rulings), for the reports that carry it."""


def request_of(
    directory: Path,
    *,
    paths: tuple[Path, ...] = (),
    approvals: Path | None = None,
    approvals_from: str | None = None,
    signed_approvals: tuple[Path, ...] = (),
    evidence: Path | None = None,
    policies: tuple[Path, ...] = (),
    require_config: bool = False,
    fail_on: str = "error",
    now: str | None = None,
    keep_input: bool = False,
    engine: EngineOptions | None = None,
    stage: str | None = None,
    **scope: Any,
) -> Request:
    """Make the gate's request from what a command line says.

    Raises:
        UsageError: A time is none, a path leaves the folder, or there are two sources of reviews.
    """
    from changegate.names import Stage
    from changegate.request import Request
    from changegate.workspace.scope import ScopeOptions

    moment = given_moment(now)
    if approvals is not None and approvals_from:
        from changegate.errors import UsageError

        raise UsageError("--approvals and --approvals-from exclude each other", hint="leave one of them out")
    if scope.get("git_dir") is not None:
        scope["git_dir"] = directory / scope["git_dir"]
    return Request(
        scope=ScopeOptions(start=directory, stage=Stage(stage) if stage else None, now=moment, **scope),
        paths=tuple(_below(path, directory) for path in paths),
        approvals=approvals and directory / approvals,
        approvals_from=approvals_from or "",
        signed_approvals=tuple(directory / path for path in signed_approvals),
        evidence=evidence and directory / evidence,
        policies=tuple(directory / path for path in policies),
        require_config=require_config,
        fail_on_warning=fail_on == "warning",
        now=moment,
        engine=engine or EngineOptions(),
        keep_input=keep_input,
    )


def given_moment(text: str | None) -> int | None:
    """Read a time that the command line gives; None where it gives none.

    Raises:
        UsageError: It is no time.
    """
    from changegate.errors import UsageError
    from changegate.manifest.moments import moment

    if text is None:
        return None
    at = moment(text)
    if at is None:
        raise UsageError(f"{text!r} is no time", hint="write it like 2026-11-02T12:00:00Z, with its zone")
    return at


def _below(path: Path, directory: Path) -> str:
    """A path as the repository knows it, from its root."""
    from pathlib import Path

    from changegate.errors import UsageError
    from changegate.workspace.place import locate_repository

    top = locate_repository(directory, None).worktree
    named = Path(os.path.normpath(Path(os.path.realpath(directory)) / path))
    # NOTE: the checkout may be reached through a link; a link in it is a file of its own, and stays what was named.
    for whole in (named, Path(os.path.realpath(named.parent)) / named.name, Path(os.path.realpath(named))):
        if top is not None and whole.is_relative_to(top):
            return whole.relative_to(top).as_posix()
    raise UsageError(f"{path} is outside the repository", hint="name manifests of this repository")

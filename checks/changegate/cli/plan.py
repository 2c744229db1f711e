"""`changegate plan`: a manifest's rollout plan, neutral and rendered."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from changegate.records import NamedTuple
from changegate.rollout import RENDERERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from changegate.manifest import Manifest
    from changegate.policy.settings import Config
    from changegate.rollout.model import Plan
    from changegate.rollout.rendering import Rendered


@click.command(
    epilog="\b\nExamples:\n"
    "  changegate plan models/fraud.yaml                       the plan as a table\n"
    "  changegate plan models/fraud.yaml -o plans              plan.json and the controller's manifests\n"
    "  changegate plan models/fraud.yaml --target argo-rollouts -o plans\n"
    "  changegate plan models/fraud.yaml -o plans --check      whether plans holds just that; writes nothing\n"
    "\b\n"
    "Exit codes: 0; 1 with --check where the folder holds something else; 2 the plan could not be made or written.\n",
    help="Show a manifest's rollout plan, neutral and rendered for its controller.\n\n"
    "MANIFEST and the `rollout` settings of its repository are read as they lie on disk.",
)
@click.argument("manifest", type=click.Path(path_type=Path))
@click.option(
    "--target",
    metavar="NAME",
    default="",
    help=f"The controller to render for: {', '.join(sorted(RENDERERS))}. By default the one that the manifest names.",
)
@click.option(
    "-o",
    "--output",
    "directory",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Write plan.json, the rendered manifests, and rendering.json into this folder, which is made.",
)
@click.option("--check", "comparing", is_flag=True, help="Write nothing: compare the folder with the plan.")
def command(manifest: Path, target: str, directory: Path | None, *, comparing: bool) -> int:
    """Make, show and write the plans of every manifest in the file; or compare them with what was written."""
    from changegate.escape import log_line
    from changegate.rollout.table import table

    config = _configuration(manifest)
    if comparing:
        return _compare(manifest, target, directory, config)
    found = _manifests(manifest)
    for entry in found:
        made = _make(entry, target, config, must_render=bool(target or directory))
        click.echo(table(made.plan, made.target, made.rendered.losses, log_line), nl=False)
        if directory is not None:
            _write(made, _folder(directory, entry, found))
    return 0


def _compare(manifest: Path, target: str, directory: Path | None, config: Config | None) -> int:
    """Say what a folder holds otherwise than it would be written, and the command that mends it."""
    from changegate.errors import UsageError
    from changegate.escape import terminal
    from changegate.rollout.compare import differences
    from changegate.rollout.write import files

    if directory is None:
        raise UsageError("`--check` compares with a folder, and none is named", hint="add `-o DIR`")
    found, told = _manifests(manifest), list[str]()
    for entry in found:
        made = _make(entry, target, config, must_render=True)
        told += differences(_folder(directory, entry, found), files(made.plan, made.target, made.rendered))
    for line in told:
        click.echo(terminal(line))
    if not told:
        click.echo(f"{terminal(str(directory))} holds the plan of {terminal(str(manifest))}")
        return 0
    named = ["--target", target] if target else []
    mends = shlex.join(["changegate", "plan", str(manifest), *named, "-o", str(directory)])
    click.echo(f"\n  fix: {terminal(mends)}")
    return 1


class _Made(NamedTuple):
    """A plan, and its form where it was asked for."""

    plan: Plan
    target: str
    rendered: Rendered


def _make(entry: Manifest, target: str, config: Config | None, *, must_render: bool) -> _Made:
    """Make one plan; it is only rendered where its form is wanted, and what cannot be rendered is then an error."""
    from changegate.rollout import losses_of, render, target_of
    from changegate.rollout.rendering import Rendered, RenderOptions

    section = _section(entry, config)
    plan = _plan(entry, section)
    wanted, options = target or target_of(entry.value), RenderOptions.from_settings(section)
    if not (must_render and wanted):
        return _Made(plan, wanted, Rendered((), losses_of(plan, wanted, options)))
    return _Made(plan, wanted, render(plan, wanted, options))


def _plan(entry: Manifest, section: Mapping[str, Any]) -> Plan:
    from changegate.errors import PlanError
    from changegate.rollout.model import NoPlan
    from changegate.rollout.options import PlanOptions
    from changegate.rollout.planner import make_plan

    made = make_plan(entry.value, PlanOptions.from_settings(section))
    if isinstance(made, NoPlan):
        hint = "write `rollout: {strategy: canary, steps: [{weight: 5, bake: 30m}, …, {weight: 100}]}`"
        raise PlanError(f"{entry.identity} has no rollout plan: {made.reason}", hint=hint, file=entry.file)
    return made


def _write(made: _Made, directory: Path) -> None:
    from changegate.escape import terminal
    from changegate.rollout.write import files, write

    written = files(made.plan, made.target, made.rendered)
    write(directory, written)
    click.echo(f"\nwritten: {', '.join(terminal(str(directory / name)) for name, _ in written)}")


def _folder(directory: Path, entry: Manifest, found: Sequence[Manifest]) -> Path:
    """Where a plan is written: of several, in a folder each, called as `check -o plan=DIR` calls them."""
    from changegate.report.plan_folder import folder_of

    return directory if len(found) == 1 else directory / folder_of(entry.identity)


def _manifests(path: Path) -> Sequence[Manifest]:
    """Read the manifests of a file.

    Raises:
        PlanError: It cannot be read, holds a fault, or holds no manifest.
    """
    from changegate.errors import PlanError
    from changegate.manifest import load_manifests

    loaded = load_manifests(_read(path), str(path))
    if loaded.faults and (loaded.broken or not loaded.manifests):
        fault = loaded.faults[0]
        raise PlanError(fault.message, hint=fault.hint, file=fault.file, line=fault.line)
    if not loaded.manifests:
        hint = "name a file that says `apiVersion: changegate.dev/v1` and `kind: ModelRelease`"
        raise PlanError("it holds no model manifest", hint=hint, file=str(path))
    return loaded.manifests


def _section(entry: Manifest, config: Config | None) -> Mapping[str, Any]:
    """The `rollout` settings that hold for a model and its owner; those for a tier are known to the gate alone."""
    if config is None:
        return {}
    settings = config.settings_of(owner=entry.value["metadata"]["owner"], identity=entry.identity)
    return settings.get("rollout", {})  # type: ignore[no-any-return]


def _configuration(path: Path) -> Config | None:
    """The configuration of the repository that a manifest lies in, as it lies on disk; None outside of any.

    Raises:
        ConfigurationError: The repository's configuration is not valid.
    """
    from changegate.errors import GitError
    from changegate.workspace.git import Git

    try:
        git = Git.open(path.absolute().parent, os.environ)
    except GitError:
        return None
    from changegate.policy.settings import Config
    from changegate.workspace.worktree import WorkingTree

    try:
        root = git.place.worktree
        return Config.load(WorkingTree(git, root)) if root else None
    finally:
        git.close()


def _read(path: Path) -> bytes:
    """Read at most as much as a manifest may have.

    Raises:
        UsageError: The file cannot be read, or is too large.
    """
    from changegate.errors import UsageError
    from changegate.evidence.files import MAXIMUM_BYTES

    try:
        with path.open("rb") as stream:
            data = stream.read(MAXIMUM_BYTES + 1)
    except OSError as error:
        hint = "name a manifest's file"
        raise UsageError(f"{path} cannot be read: {error.strerror or error}", hint=hint) from error
    if len(data) > MAXIMUM_BYTES:
        raise UsageError(f"{path} is larger than {MAXIMUM_BYTES} bytes", hint="name a manifest's file")
    return data

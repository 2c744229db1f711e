"""A plan as files: made in memory, then written whole; and the files of every release of a verdict."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from changegate.rollout import document, rendering
from changegate.verdict import RolloutFiles, SubjectKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from changegate.rollout.model import Plan
    from changegate.rollout.rendering import Rendered
    from changegate.verdict import SubjectVerdict, Verdict

PLAN, LOSSES = "plan.json", "rendering.json"
"""The files that are no document of a controller."""


def with_rollouts(verdict: Verdict) -> Verdict:
    """Add the rollout of every release in the change as files. One that cannot be rendered says why.

    Args:
        verdict: With the input documents, which hold the manifests and the settings.
    """
    return verdict._replace(subjects=tuple(map(_with_rollout, verdict.subjects)))


def _with_rollout(subject: SubjectVerdict) -> SubjectVerdict:
    asked = subject.input
    if subject.subject.kind is not SubjectKind.RELEASE or subject.operation == "unchanged" or asked is None:
        return subject
    try:
        made = rollout_files(asked["release"], asked["settings"])
    except Exception as error:  # noqa: BLE001  (one release's fault must not cost the others theirs; it is exit 2)
        from changegate.report.partial import told

        fault = told(error, "rendering it failed")
        made = RolloutFiles(missing=fault.message, hint=fault.hint, failed=True)
    return subject._replace(rollout=made)


def rollout_files(release: Mapping[str, Any], settings: Mapping[str, Any]) -> RolloutFiles:
    """Make the files of a manifest's rollout, as far as they can be made.

    Args:
        release: A manifest that is valid against the schema.
        settings: All settings that hold for it.
    """
    from changegate.errors import PlanError
    from changegate.rollout import render, target_of
    from changegate.rollout.model import NoPlan
    from changegate.rollout.options import PlanOptions
    from changegate.rollout.planner import make_plan

    section, target = settings.get("rollout", {}), target_of(release)
    made = make_plan(release, PlanOptions.from_settings(section))
    if isinstance(made, NoPlan):
        return RolloutFiles(target=target, missing=f"there is no rollout plan: {made.reason}")
    neutral = files(made, "", rendering.Rendered((), ()))
    if not target:
        return RolloutFiles(neutral, missing="the manifest names no controller: `rollout.target` is missing or `none`")
    try:
        rendered = render(made, target, rendering.RenderOptions.from_settings(section))
    except PlanError as error:
        return RolloutFiles(neutral, target, missing=error.message, hint=error.hint)
    named = tuple(name for name, _ in rendered.files)
    return RolloutFiles(files(made, target, rendered), target, named, rendered.losses)


def files(plan: Plan, target: str, rendered: Rendered) -> tuple[tuple[str, str], ...]:
    """Make the files of a plan: `plan.json`, and for a controller its form, and `rendering.json` with what that loses.

    Args:
        plan: The plan.
        target: The controller; empty where there is none.
        rendered: Its form; without files where it has none.
    """
    neutral = (PLAN, _json(document.as_json(plan)))
    lost = (LOSSES, _json(rendering.as_json(target, rendered.losses)))
    return (neutral, lost, *rendered.files) if target else (neutral,)


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=True) + "\n"


def write(directory: Path, made: tuple[tuple[str, str], ...]) -> None:
    """Write the files into a directory, which is made where it is missing; each whole or not at all.

    Raises:
        ReportError: A link or something that is no regular file is in the way, or the system refuses.
    """
    from changegate.errors import ReportError
    from changegate.report.write import write_atomic

    for name, text in made:
        try:
            directory.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(directory / name, text.encode("utf-8"), root=directory.parent)
        except OSError as error:
            hint = "check that the directory can be written to and the disk is not full"
            raise ReportError(f"{name} could not be written: {error.strerror or error}", hint=hint) from error

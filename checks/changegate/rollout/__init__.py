"""Rollout plans: neutral first, then in the form of the controller that will carry them out."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from changegate.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.rollout.model import Plan, Rendered, Renderer

RENDERERS = {
    "argo-rollouts": "changegate.rollout.argo.rollout",
}
"""Controller, as a manifest's `rollout.target` names it -> the module (a `Renderer`) that writes its form."""


def plan(release: Mapping[str, Any], settings: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
    """Make a manifest's neutral plan, as `schemas/plan.schema.json` describes it.

    Args:
        release: A manifest that is valid against the schema.
        settings: All settings, or at least their `rollout` section; the defaults where None.

    Returns:
        The plan as plain JSON with what its target cannot express, or None where the manifest has no plan.
    """
    from changegate.rollout.document import as_json
    from changegate.rollout.model import NoPlan
    from changegate.rollout.options import RenderOptions
    from changegate.rollout.planner import make_plan

    made = make_plan(release, RenderOptions.from_settings((settings or {}).get("rollout", {})))
    return None if isinstance(made, NoPlan) else as_json(made, losses_of(made))


def losses_of(plan: Plan) -> tuple[str, ...]:
    """Say what a plan's target cannot express: everything, where there is no form for it. Nothing without a target."""
    if not plan.target:
        return ()
    if plan.target not in RENDERERS:
        return (f"there is no renderer for {plan.target}: nothing is rendered",)
    try:
        return renderer(plan.target).losses_of(plan)
    except PlanError as error:
        return (f"nothing is rendered: {error.message}",)


def render(plan: Plan, target: str = "") -> Rendered:
    """Render a plan for a controller.

    Args:
        plan: The neutral plan.
        target: The controller; the plan's own where empty.

    Raises:
        PlanError: No controller is named, there is no renderer for it, or it cannot express the plan.
    """
    return renderer(target or plan.target).render(plan)


def renderer(target: str) -> Renderer:
    """Import the renderer of a controller.

    Raises:
        PlanError: No controller is named, or there is no renderer for it.
    """
    available = ", ".join(sorted(RENDERERS))
    if not target:
        raise PlanError("the manifest names no `rollout.target` to render for", hint=f"try --target with {available}")
    if target not in RENDERERS:
        raise PlanError(f"there is no renderer for {target}", hint=f"these targets can be rendered: {available}")
    return cast("Renderer", import_module(RENDERERS[target]))

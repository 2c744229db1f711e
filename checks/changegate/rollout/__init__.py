"""Rollout plans: neutral first, then in the form of the controller that will carry them out."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from changegate.errors import PlanError
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.rollout.model import Plan
    from changegate.rollout.rendering import Rendered, Renderer, RenderOptions

RENDERERS = {
    "argo-rollouts": "changegate.rollout.argo.rollout",
}
"""Controller, as a manifest's `rollout.target` names it -> the module (a `Renderer`) that writes its form."""


class Planned(NamedTuple):
    """A release's rollout as documents."""

    plan: dict[str, Any] | None
    """The neutral plan, as `schemas/plan.schema.json` describes it; None where the manifest has none."""
    rendering: dict[str, Any] | None
    """What its controller makes of it, as `schemas/rendering.schema.json` describes it; None without a controller."""


def planned(release: Mapping[str, Any], settings: Mapping[str, Any] | None = None) -> Planned:
    """Make a manifest's plan and what its target loses of it, as plain JSON.

    Args:
        release: A manifest that is valid against the schema.
        settings: All settings, or at least their `rollout` section; the defaults where None.
    """
    from changegate.rollout import document, rendering
    from changegate.rollout.model import NoPlan
    from changegate.rollout.options import PlanOptions
    from changegate.rollout.planner import make_plan

    section = (settings or {}).get("rollout", {})
    made = make_plan(release, PlanOptions.from_settings(section))
    if isinstance(made, NoPlan):
        return Planned(None, None)
    target = target_of(release)
    losses = losses_of(made, target, rendering.RenderOptions.from_settings(section))
    return Planned(document.as_json(made), rendering.as_json(target, losses) if target else None)


def target_of(release: Mapping[str, Any]) -> str:
    """The controller that a manifest names; empty where it names none, or says `none`."""
    block = release.get("spec", {}).get("rollout")
    stated = str(block.get("target", "")) if isinstance(block, dict) else ""
    return "" if stated == "none" else stated


def losses_of(plan: Plan, target: str, options: RenderOptions | None = None) -> tuple[str, ...]:
    """Say what a controller cannot express of a plan: everything where there is no form for it, nothing without one."""
    if not target:
        return ()
    if target not in RENDERERS:
        return (f"there is no renderer for {target}: nothing is rendered",)
    try:
        return renderer(target).losses_of(plan, options or _defaults())
    except PlanError as error:
        return (f"nothing is rendered: {error.message}",)


def render(plan: Plan, target: str, options: RenderOptions | None = None) -> Rendered:
    """Render a plan for a controller.

    Args:
        plan: The neutral plan.
        target: The controller.
        options: What `settings.rollout` says to renderers; the defaults where None.

    Raises:
        PlanError: No controller is named, there is no renderer for it, or it cannot express the plan.
    """
    return renderer(target).render(plan, options or _defaults())


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


def _defaults() -> RenderOptions:
    from changegate.rollout.rendering import RenderOptions

    return RenderOptions()

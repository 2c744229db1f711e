"""What a renderer is asked with and what it answers: a controller's form of a plan, and what that form loses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from changegate.records import NamedTuple
from changegate.rollout.options import taken

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from changegate.rollout.model import Plan

SCHEMA_VERSION = 1


class RenderOptions(NamedTuple):
    """What renderers take from `settings.rollout`. The defaults are those of `rego/changegate/settings.yaml`."""

    traffic_router: str = "istio"
    """istio, nginx, gateway-api or none: what splits the traffic."""
    prometheus_address: str = "http://prometheus.monitoring.svc:9090"
    requests_metric: str = "model_requests_total"
    """The counter of requests, with the labels below."""
    duration_metric: str = "model_request_duration_seconds"
    """The histogram of durations in seconds, without its `_bucket`."""
    model_label: str = "model"
    version_label: str = "model_version"
    status_label: str = "code"
    error_pattern: str = "5.."
    """The values of the status label that are errors, as a regular expression."""

    @classmethod
    def from_settings(cls, section: Mapping[str, Any]) -> RenderOptions:
        """Take the parameters that a validated `settings.rollout` names; the others keep their defaults."""
        return cls(**taken(cls._fields, section))


class Rendered(NamedTuple):
    """A plan in a controller's form."""

    files: tuple[tuple[str, str], ...]
    """(file name, text), in a stable order with stable bytes."""
    losses: tuple[str, ...]
    """What the controller cannot express, each a sentence."""


class Renderer(Protocol):
    """A module that renders plans for one controller."""

    def losses_of(self, plan: Plan, options: RenderOptions) -> tuple[str, ...]:
        """Say what a rendering would lose, without making one; raises as `render` does."""
        ...

    def render(self, plan: Plan, options: RenderOptions) -> Rendered:
        """Render a plan.

        Raises:
            PlanError: The controller cannot express what the plan is about.
        """
        ...


def as_json(target: str, losses: Iterable[str]) -> dict[str, Any]:
    """Write what becomes of a plan as plain JSON, as `schemas/rendering.schema.json` describes it.

    Args:
        target: The controller.
        losses: What its form does not express.
    """
    return {"schemaVersion": SCHEMA_VERSION, "target": target, "losses": list(losses)}

"""Evidence: one module for each kind. A new kind is one file here and one line in the registry."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from changegate.stages import in_stages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.evidence.collector import Collector, Section
    from changegate.stages import Staged

Asked = TypeVar("Asked")

RELEASE = {
    "artifacts": "changegate.evidence.artifacts",
    "provenance": "changegate.evidence.provenance",
    "external": "changegate.evidence.external",
    "evaluation": "changegate.evidence.evaluation",
    "fairness": "changegate.evidence.fairness",
    "features": "changegate.evidence.features",
    "rollout": "changegate.evidence.rollout",
    "slos": "changegate.evidence.slos",
    "operations": "changegate.evidence.operations",
    "cost": "changegate.evidence.cost",
    "risk": "changegate.evidence.risk",
    "approvals": "changegate.evidence.approvals",
    "claims": "changegate.evidence.claims",
    "secrets": "changegate.evidence.secrets",
}
"""Section of a release's input document -> the module whose `collect` makes it."""

RETIREMENT = {name: RELEASE[name] for name in ("risk", "approvals")}
"""The same for a retirement: who owned it, how risky it was, who has approved."""


def gather(request: Asked, registry: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Run every collector of a registry.

    Args:
        request: What the collectors may look at.
        registry: Section -> module.

    Returns:
        `input.evidence` and `input.facts`, each by section.
    """
    (gathered,) = in_stages([gathering(request, registry)])
    return gathered


def gathering(request: Asked, registry: Mapping[str, str]) -> Staged[tuple[dict[str, Any], dict[str, Any]]]:
    """The same for one of many releases: a stage for each collector."""
    sections: dict[str, Section] = {}
    for name, module in registry.items():
        sections[name] = section_of(module, request)
        yield
    evidence = {name: dict(section.evidence) for name, section in sections.items()}
    facts = {name: dict(section.facts) for name, section in sections.items()}
    return evidence, facts


def section_of(module: str, request: Asked) -> Section:
    """Run one collector."""
    return _collector(module)(request)


@cache
def _collector(module: str) -> Collector[Any]:
    collect: Collector[Any] = import_module(module).collect
    return collect

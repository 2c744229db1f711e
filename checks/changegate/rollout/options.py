"""What a plan is made with: the parameters of `settings.rollout` that are no thresholds of a rule.

How a plan is written for a controller is asked of `rendering`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class PlanOptions(NamedTuple):
    """The parameters. The defaults are those of `rego/changegate/settings.yaml` (a test compares them)."""

    significance: float = 0.05
    """The accepted chance to abort a step although the release is good."""
    power: float = 0.8
    """The wanted chance to notice a release that is as bad as the detectable rate."""
    detectable_error_factor: float = 4
    """Times its error budget that a release may burn before a step has to notice."""
    detectable_latency_factor: float = 1.5
    """Times the allowed share of slow requests that a step has to notice."""
    promotion_burn_rate: float = 2.5
    """Times the error budget that a step may burn and still be promoted."""
    burn_rate: float = 4
    """Times the error budget, over both windows, at which a rollout is aborted at once."""
    burn_short_window_seconds: int = 300
    burn_long_window_seconds: int = 3600
    check_interval_seconds: int = 60
    """How often the abort conditions are looked at."""
    failure_limit: int = 2
    """How many looks may fail before the rollout is aborted; never so many that a step ends first."""
    maximum_rollback_seconds: int = 1800
    """The time in which a release has to be back."""
    by_pods: bool = False
    """Whether nothing splits the traffic, so that the new release gets the share that its pods have of all."""

    @classmethod
    def from_settings(cls, section: Mapping[str, Any]) -> PlanOptions:
        """Take the parameters that a validated `settings.rollout` names; the others keep their defaults."""
        return cls(**taken(cls._fields, section), by_pods=section.get("trafficRouter") == "none")


def taken(fields: tuple[str, ...], section: Mapping[str, Any]) -> dict[str, Any]:
    """What a section of settings says of some fields, by the fields' names."""
    return {name: section[key] for key, name in _keys(fields).items() if key in section}


@cache
def _keys(fields: tuple[str, ...]) -> dict[str, str]:
    """The settings' keys, each with the field that it fills."""
    return {_camel(name): name for name in fields}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)

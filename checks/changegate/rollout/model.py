"""The parts of a rollout plan, in numbers that every controller could be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.records import NamedTuple

if TYPE_CHECKING:
    from changegate.rollout.options import PlanOptions


class NoPlan(NamedTuple):
    """A manifest that has no rollout plan, and why."""

    status: str
    """`absent` or `not-applicable`."""
    reason: str


class Step(NamedTuple):
    """One share of the traffic, for a time."""

    position: int
    """Its 0-based place in `spec.rollout.steps`."""
    weight_percent: float
    """The share that the manifest asks for."""
    share_percent: float | None
    """The share that the new release gets; None where it cannot be told."""
    bake_seconds: int
    """How long it is watched; 0 where the manifest names no bake."""
    full: bool
    """Whether it takes all traffic: then there is nothing left to compare with."""
    expected_requests: int | None
    """Requests that the new release serves in the step; None where its traffic cannot be told."""
    required_requests: int | None
    """Requests that the test needs; None where nothing can be tested."""
    sized_by: str = ""
    """The objective that needs the most requests."""

    @property
    def power(self) -> str:
        """`sufficient`, `insufficient`, `unknown` (share, traffic or objective are not known) or `not-needed`."""
        if self.full:
            return "not-needed"
        if self.expected_requests is None or self.required_requests is None:
            return "unknown"
        return "sufficient" if self.expected_requests >= self.required_requests else "insufficient"


class Shadow(NamedTuple):
    """A phase in which the new release sees traffic and answers nobody."""

    percent: float
    duration_seconds: int


class PromotionGate(NamedTuple):
    """What must hold at the end of a step: looked at once, over all of the bake."""

    name: str
    """The objective's name."""
    kind: str
    """`latency` or `errors`."""
    objective: float
    """The share of good requests as a ratio; for a latency it is the quantile that is compared."""
    limit: float
    """The most that is promoted: seconds for a latency, a ratio of requests for errors."""


class Abort(NamedTuple):
    """What ends a rollout at once: the error budget burns too fast over both windows."""

    name: str
    """The objective's name."""
    burn_rate: float
    """Times the error budget."""
    limit: float
    """The ratio of failed requests that is that burn rate."""
    windows_seconds: tuple[int, int]
    """The short and the long window; both must be over the limit."""
    interval_seconds: int
    failure_limit: int
    """Looks that may fail without consequence."""

    @property
    def detects_within_seconds(self) -> int:
        """The longest time from a fault to the abort."""
        return self.windows_seconds[0] + self.interval_seconds * (self.failure_limit + 1)


class Rollback(NamedTuple):
    """Where a rollout returns to."""

    to: str
    """A version; empty where none is named."""
    automatic: bool
    within_seconds: int
    """The time that the manifest names, or else the settings'."""
    within_stated: bool
    """Whether the manifest names it."""


class Workload(NamedTuple):
    """What the manifest says of the thing that serves."""

    image: str
    endpoint: str
    platform: str
    replicas: int | None
    """None where the manifest leaves it to an autoscaler."""
    resources: tuple[tuple[str, str], ...]
    """Amounts of `cpu`, `memory` and `gpu`, as Kubernetes writes them."""
    deploys: tuple[tuple[str, str], ...]
    """(kind, name) of what the cluster applies."""


class Plan(NamedTuple):
    """A rollout plan that knows no controller."""

    name: str
    environment: str
    variant: str
    version: str
    strategy: str
    steps: tuple[Step, ...]
    shadow: Shadow | None
    gates: tuple[PromotionGate, ...]
    aborts: tuple[Abort, ...]
    unjudged: tuple[str, ...]
    """Names of objectives that no step is judged by: they are neither of latency nor of errors, or incomplete."""
    own_queries: tuple[str, ...]
    """Names of objectives that bring a query of their own: it is not used, since nothing says what it answers."""
    rollback: Rollback | None
    workload: Workload
    options: PlanOptions

    @property
    def is_watched(self) -> bool:
        """Whether there is any time in which the release can be judged."""
        return any(step.bake_seconds for step in self.steps) or bool(self.shadow and self.shadow.duration_seconds)

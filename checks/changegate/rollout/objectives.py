"""Service-level objectives of a manifest, as numbers: what they promise, and how much of it may be broken."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.manifest.units import seconds
from changegate.numbers import number
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_PERCENTILE = re.compile(r"(?:.*[^a-z0-9])?p(\d{2,5})", re.IGNORECASE)
_ERRORS = re.compile(r"error|availab|success|fail", re.IGNORECASE)


class Objective(NamedTuple):
    """One objective."""

    position: int
    """Its 0-based place in `spec.slos`."""
    name: str
    kind: str
    """`latency` (it has a threshold), `errors` (its name says so), or `other`."""
    objective: float | None
    """The share of requests that must be good, as a ratio; None where it is not stated."""
    threshold_ms: float | None
    """The latency that a good request stays under, in milliseconds."""
    window_seconds: int | None
    """The time over which the objective holds."""
    has_query: bool = False
    """Whether the manifest brings a query of its own."""

    @property
    def budget(self) -> float | None:
        """The share of requests that may be bad, as a ratio."""
        return None if self.objective is None else round(1 - self.objective, 12)


def objectives(release: Mapping[str, Any]) -> tuple[Objective, ...]:
    """Read the objectives of a manifest; none where the block is missing or says `notApplicable`."""
    stated = release.get("spec", {}).get("slos")
    if not isinstance(stated, list):
        return ()
    return tuple(_objective(position, slo) for position, slo in enumerate(stated) if isinstance(slo, dict))


def _objective(position: int, slo: Mapping[str, Any]) -> Objective:
    name = str(slo.get("name", ""))
    threshold = number(slo.get("thresholdMs"))
    kind = "latency" if threshold is not None else "errors" if _ERRORS.search(name) else "other"
    stated = number(slo.get("objective"))
    share = stated if stated is not None and 0 < stated <= 1 else None
    if share is None and kind == "latency":
        share = _percentile(name)
    window = slo.get("window")
    lasting = seconds(window) if isinstance(window, str) else None
    return Objective(position, name, kind, share, threshold, lasting, "query" in slo)


def _percentile(name: str) -> float | None:
    """Read the quantile out of a name such as `latency-p95` or `p999`."""
    match = _PERCENTILE.fullmatch(name)
    if match is None:
        return None
    share = round(int(match[1]) / 10 ** len(match[1]), 6)
    return share if 0 < share < 1 else None

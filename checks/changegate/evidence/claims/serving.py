"""What a manifest says of serving, of its risk and of its cost, held against what else it says of traffic."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.evidence.claims.statement import Contradiction, block, entries
from changegate.numbers import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.names import KeyPath

_AT: KeyPath = ("spec", "serving")
_RATE: KeyPath = (*_AT, "requestsPerSecond")
_RISK: KeyPath = ("spec", "risk")
_NO_AMOUNT = re.compile(r"[0.]+(?:[A-Za-z]{0,2})")


def serving(release: Mapping[str, Any]) -> Iterator[Contradiction]:
    """Find what cannot be served so."""
    said = block(release, "serving")
    platform, rate = said.get("platform", ""), number(said.get("requestsPerSecond"))
    if said.get("provisionedConcurrency") and platform not in {"", "serverless"}:
        yield Contradiction("provisioned-without-functions", (*_AT, "provisionedConcurrency"), (*_AT, "platform"))
    if said.get("replicas") == 0 and rate:
        yield Contradiction("requests-without-replicas", (*_AT, "replicas"), _RATE)
    moved = moving(release)
    if rate == 0 and moved:
        yield Contradiction("rollout-without-requests", _RATE, moved)
    if said.get("packageBytes") == 0:
        yield Contradiction("package-of-nothing", (*_AT, "packageBytes"), ("spec", "artifacts", 0))
    yield from _resources(said.get("resources", {}))


def _resources(said: Mapping[str, Any]) -> Iterator[Contradiction]:
    path: KeyPath = (*_AT, "resources")
    if "gpuMemory" in said and said.get("gpu") == 0:
        yield Contradiction("memory-without-gpu", (*path, "gpuMemory"), (*path, "gpu"))
    for key in ("cpu", "memory", "gpuMemory"):
        if key in said and _NO_AMOUNT.fullmatch(said[key]):
            yield Contradiction("resource-of-nothing", (*path, key), ("spec", "artifacts", 0))


def moving(release: Mapping[str, Any]) -> KeyPath | None:
    """Where a rollout says that it moves traffic; None where it moves none. A shadow answers nobody, and is traffic."""
    said = block(release, "rollout")
    for key in ("strategy", "steps", "shadow"):
        if said.get(key) and said[key] != "replace":
            return ("spec", "rollout", key)
    return None


def _answering(release: Mapping[str, Any]) -> KeyPath | None:
    """Where a rollout says that its answers reach somebody: it moves traffic, and not into the shadow alone."""
    said = block(release, "rollout")
    return None if said.get("strategy") == "shadow" or not said.get("steps") else moving(release)


def risk(release: Mapping[str, Any]) -> Iterator[Contradiction]:
    """Find claims about risk that what is served, or another claim, denies."""
    said = block(release, "risk")
    if said.get("exposure") == "research":
        yield from _research(release, said)
    if said.get("affectsUsers") is False and said.get("safetyCritical") is True:
        yield Contradiction("hurts-nobody", (*_RISK, "affectsUsers"), (*_RISK, "safetyCritical"))
    if said.get("personalData") is False:
        protected = {one: path for path, one in entries(release, ("spec", "fairness", "protectedAttributes"))}
        for path, one in entries(release, ("spec", "features", "inputs")):
            if one["name"] in protected:
                yield Contradiction("attribute-of-nobody", (*_RISK, "personalData"), (*path, "name"))


def _research(release: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[Contradiction]:
    exposure: KeyPath = (*_RISK, "exposure")
    shadowed = block(release, "rollout").get("strategy") == "shadow"
    if number(block(release, "serving").get("requestsPerSecond")) and not shadowed:
        yield Contradiction("research-with-requests", _RATE, exposure)
    if said.get("revenueBand", "none") != "none":
        yield Contradiction("research-with-revenue", (*_RISK, "revenueBand"), exposure)
    moved = _answering(release)
    if moved:
        yield Contradiction("research-with-rollout", moved, exposure)


def cost(release: Mapping[str, Any]) -> Iterator[Contradiction]:
    """Find requests that cost nobody anything. On a device its owner pays, unless something is called from there."""
    platform = block(release, "serving").get("platform")
    if not number(block(release, "serving").get("requestsPerSecond")):
        return
    price: KeyPath = ("spec", "cost", "perThousandInferences")
    stated = release["spec"].get("cost", {})
    free = number(stated.get("perThousandInferences")) == 0
    if free and platform != "edge":
        yield Contradiction("requests-for-nothing", price, _RATE)
    if platform == "edge" and (free or "notApplicable" in stated):
        called = [(*path, "hosted") for path, one in entries(release, ("spec", "artifacts")) if "hosted" in one]
        called += [(*_AT, "endpoint")] if "endpoint" in block(release, "serving") else []
        where = price if free else ("spec", "cost", "notApplicable")
        yield from (Contradiction("calls-for-nothing", where, path) for path in called[:1])

"""Statements that can be true together, and that hardly anybody means: a second look, and no more."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING, Any

from changegate.evidence.claims.statement import Contradiction, block, entries
from changegate.numbers import number
from changegate.rollout.objectives import objectives

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.names import KeyPath

_ARTIFACTS: KeyPath = ("spec", "artifacts")
_FAIRNESS: KeyPath = ("spec", "fairness")
_OPERATIONS: KeyPath = ("spec", "operations")
_ROLLOUT: KeyPath = ("spec", "rollout")
_SERVING: KeyPath = ("spec", "serving")
_RISK: KeyPath = ("spec", "risk")
_OF_STRATEGY = {"ab": "ab", "featureSwitch": "feature-locked", "cohorts": "edge-staged"}
"""Block of a rollout -> the strategy that it is of. A tiered model may be rolled out in any way."""
_DIVIDED = {"tiers": ("share", 1), "cohorts": ("percent", 100)}
_ONCE: tuple[KeyPath, ...] = (
    (*_FAIRNESS, "protectedAttributes"),
    ("spec", "safety", "guardrails"),
    (*_OPERATIONS, "telemetry", "labels"),
)
_REPORTS: tuple[KeyPath, ...] = (("spec", "evaluation", "evidence"), (*_FAIRNESS, "evidence"))
_NEARLY = 1e-6


def odd(release: Mapping[str, Any]) -> Iterator[Contradiction]:
    """Find what deserves a second look."""
    for find in (_risk, _artifacts, _serving, _rollout, _operations, _repeated):
        yield from find(release)


def _risk(release: Mapping[str, Any]) -> Iterator[Contradiction]:
    said = block(release, "risk")
    if said.get("affectsUsers") is False and block(release, "fairness"):
        yield Contradiction("fairness-of-nobody", (*_FAIRNESS, "protectedAttributes"), (*_RISK, "affectsUsers"))
    if said.get("exposure") == "research" and release["metadata"].get("environment") == "production":
        yield Contradiction("research-in-production", (*_RISK, "exposure"), ("metadata", "environment"))


def _artifacts(release: Mapping[str, Any]) -> Iterator[Contradiction]:
    listed = entries(release, _ARTIFACTS)
    roles = {one["role"]: path for path, one in listed}
    if "adapter" in roles and not {"model", "base-model"} & roles.keys() and not release["spec"].get("dependsOn"):
        yield Contradiction("adapter-of-nothing", (*roles["adapter"], "role"), _ARTIFACTS)
    seen: dict[str, tuple[KeyPath, Mapping[str, Any]]] = {}
    for path, one in (entry for entry in listed if "digest" in entry[1]):
        before, other = seen.setdefault(one["digest"], (path, one))
        sizes = {artifact["sizeBytes"] for artifact in (one, other) if "sizeBytes" in artifact}
        if other["name"] != one["name"] and len(sizes) < 2:  # otherwise it is no oddity: a rule of its own tells it
            yield Contradiction("one-file-twice", (*path, "digest"), (*before, "digest"))


def _serving(release: Mapping[str, Any]) -> Iterator[Contradiction]:
    said = block(release, "serving")
    platform, package = said.get("platform"), said.get("packageBytes")
    if package and platform in {"kubernetes", "batch"}:
        yield Contradiction("package-for-nobody", (*_SERVING, "packageBytes"), (*_SERVING, "platform"))
    held = sum(one.get("sizeBytes", 0) for _, one in entries(release, _ARTIFACTS) if "hosted" not in one)
    if package and platform == "edge" and package < held:
        other = f"artifacts of {held} bytes"
        yield Contradiction("package-smaller-than-artifacts", (*_SERVING, "packageBytes"), _ARTIFACTS, other=other)
    served = said.get("endpoint") or number(said.get("requestsPerSecond"))  # rollout/batch-serves-traffic tells those
    for path, slo in entries(release, ("spec", "slos")):
        if platform == "batch" and "thresholdMs" in slo and not served:
            yield Contradiction("latency-of-a-job", (*path, "thresholdMs"), (*_SERVING, "platform"))


def _rollout(release: Mapping[str, Any]) -> Iterator[Contradiction]:
    said = block(release, "rollout")
    judged = any(one.kind != "other" for one in objectives(release))
    if said.get("rollback", {}).get("automatic") is True and not judged and "slos" in release["spec"]:
        path, other = (*_ROLLOUT, "rollback", "automatic"), "no objective of latency or errors"
        yield Contradiction("automatic-without-objective", path, ("spec", "slos"), other=other)
    strategy, reached = said.get("strategy"), any("cohort" in step for step in said.get("steps", ()))
    for key, of in _OF_STRATEGY.items():
        if said.get(key) and strategy not in {None, of} and not (key == "cohorts" and reached):
            yield Contradiction("block-of-another-strategy", (*_ROLLOUT, key), (*_ROLLOUT, "strategy"))
    for key, (share, whole) in _DIVIDED.items():
        stated = [number(one.get(share)) for one in said.get(key, ())]
        shares = [one for one in stated if one is not None]
        if shares and len(shares) == len(stated) and fsum(shares) < whole * (1 - _NEARLY):
            claim, other = f"`{key}` that come to {round(fsum(shares), 6):g}", f"all of it, {whole}"
            yield Contradiction("shares-leave-some", (*_ROLLOUT, key), (*_ROLLOUT, key), claim, other)


def _operations(release: Mapping[str, Any]) -> Iterator[Contradiction]:
    said = block(release, "operations")
    if said.get("runbook") and said["runbook"] == release["spec"].get("modelCard"):
        yield Contradiction("one-document-twice", (*_OPERATIONS, "runbook"), ("spec", "modelCard"))


def _repeated(release: Mapping[str, Any]) -> Iterator[Contradiction]:
    """Plain values and reports that stand in a list twice."""
    for path in _ONCE:
        yield from _twice(entries(release, path), "value-twice")
    for path in _REPORTS:
        yield from _twice([((*at, "digest"), one["digest"]) for at, one in entries(release, path)], "report-twice")


def _twice(values: list[tuple[KeyPath, Any]], kind: str) -> Iterator[Contradiction]:
    seen: dict[Any, KeyPath] = {}
    for path, value in values:
        if seen.setdefault(value, path) != path:
            yield Contradiction(kind, path, seen[value])

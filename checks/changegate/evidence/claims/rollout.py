"""Rollouts whose strategy, steps, platform and times exclude each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.diff.operation import is_lower
from changegate.evidence.claims.statement import Contradiction, block, entries
from changegate.manifest.units import seconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.evidence.collector import EvidenceRequest
    from changegate.names import KeyPath

_AT: KeyPath = ("spec", "rollout")
_STEPS: KeyPath = (*_AT, "steps")
_PLATFORM: KeyPath = ("spec", "serving", "platform")
_ALL = 100
_AT_ONCE = {"replace": "replaced-in-steps", "blue-green": "switched-in-steps"}
_ELSEWHERE = {"lambda": frozenset({"kubernetes"}), "argo-rollouts": frozenset({"serverless"})}
"""Controller -> platforms on which there is nothing that it could move. Others work on several."""
_TIMES = (("shadow", "duration"), ("ab", "duration"), ("rollback", "within"))


def rollout(request: EvidenceRequest) -> Iterator[Contradiction]:
    """Find what cannot be rolled out so."""
    release = request.release
    said = block(release, "rollout")
    strategy, platform = said.get("strategy"), block(release, "serving").get("platform")
    for path, step in entries(release, _STEPS):
        if strategy in _AT_ONCE and 0 < step["weight"] < _ALL:
            yield Contradiction(_AT_ONCE[strategy], (*path, "weight"), (*_AT, "strategy"))
            break
    if strategy == "edge-staged" and platform not in {None, "edge"}:
        yield Contradiction("devices-without-edge", (*_AT, "strategy"), _PLATFORM)
    if platform in _ELSEWHERE.get(str(said.get("target")), ()):
        yield Contradiction("controller-of-another-platform", (*_AT, "target"), _PLATFORM)
    yield from _cohorts(release, said)
    yield from _times(release, said)
    target = said.get("rollback", {}).get("to", "")
    before = (request.previous or {}).get("spec", {}).get("version")  # below it, lineage/version-lowered asks
    if is_lower(release["spec"]["version"], target) and target != before:
        yield Contradiction("back-to-a-later-version", (*_AT, "rollback", "to"), ("spec", "version"))


def _cohorts(release: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[Contradiction]:
    """Steps that reach devices of which there are none."""
    known = {one["name"] for one in said.get("cohorts", ())}
    for path, step in entries(release, _STEPS):
        if known and step.get("cohort", next(iter(known))) not in known:
            yield Contradiction("cohort-unknown", (*path, "cohort"), (*_AT, "cohorts"), other="`cohorts`")


def _times(release: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[Contradiction]:
    for name, key in _TIMES:
        if seconds(said.get(name, {}).get(key, "1s")) == 0:
            yield Contradiction("lasts-no-time", (*_AT, name, key), (*_AT, name))
    lasts = seconds(said.get("ab", {}).get("duration", "0s")) or 0
    steps = [step for _, step in entries(release, _STEPS)]
    split = sum(seconds(step.get("bake", "0s")) or 0 for step in steps if step["weight"] < _ALL)
    if said.get("strategy") == "ab" and steps and split < lasts:
        yield Contradiction("experiment-cut-short", (*_AT, "ab", "duration"), _STEPS, other="the `bake` of the `steps`")

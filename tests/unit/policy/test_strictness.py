"""Every setting says which way it is strict, and a change of it is told for what it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from changegate.policy.strictness import Strict, Turn, strict_way, turn_of
from changegate.resources import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterator

UNTOLD = {
    "features.defaultCompatibility", "lineage.droppedRole", "owners.codeowners", "risk.loweredRole",
    "lineage.renameRole", "risk.intendedUseRole", "rollout.trafficRouter", "rollout.errorPattern",
    "external.externalRole", "rollout.burnShortWindowSeconds", "rollout.burnLongWindowSeconds",
    "evaluation.metricNames.x.aliases", "evaluation.metricNames.x.greatest", "evaluation.metricNames.x.higherIsBetter",
    "evaluation.metricNames.x.least", "evaluation.metricNames.x.share", "evaluation.metricNames.x.tasks",
}  # fmt: skip
"""Of these no direction is strict: each counts as one that may loosen. A new setting has a direction or stands here."""


def settings() -> Iterator[str]:
    for path in sorted((SCHEMAS / "settings").glob("*.json")):
        schema = json.loads(path.read_text())
        yield from _leaves(schema, schema, path.stem)


def _leaves(schema: dict[str, Any], whole: dict[str, Any], name: str) -> Iterator[str]:
    if "$ref" in schema:
        schema = whole["$defs"][schema["$ref"].rpartition("/")[2]]
    if "properties" in schema:
        for key, below in schema["properties"].items():
            yield from _leaves(below, whole, f"{name}.{key}")
    elif isinstance(schema.get("additionalProperties"), dict):
        yield from _leaves(schema["additionalProperties"], whole, f"{name}.x")
    else:
        yield name


def test_every_setting_says_which_way_it_is_strict() -> None:
    found = list(settings())
    assert len(found) > 200
    assert {name for name in found if strict_way(name) is Strict.UNKNOWN} <= UNTOLD
    assert {name for name in UNTOLD if strict_way(name) is not Strict.UNKNOWN} == set()


CASES = [
    ("rollout.minimumBakeSeconds.high", 1800, 60, Turn.LOOSENS),
    ("rollout.minimumBakeSeconds.high", 60, 1800, Turn.TIGHTENS),
    ("rollout.maximumFirstWeightPercent.high", 5, 50, Turn.LOOSENS),
    ("artifacts.minimumGrowthBytes", 1, 2, Turn.LOOSENS),
    ("fairness.requiredFrom", "medium", "critical", Turn.LOOSENS),
    ("fairness.requiredFrom", "high", "low", Turn.TIGHTENS),
    ("rollout.allowedStrategies.high", ["canary"], ["canary", "replace"], Turn.LOOSENS),
    ("rollout.allowedStrategies.high", ["canary", "replace"], ["canary"], Turn.TIGHTENS),
    ("rollout.allowedStrategies.high", ["canary"], ["replace"], Turn.MAY_LOOSEN),
    ("operations.telemetryLabels", ["a", "b"], ["a"], Turn.LOOSENS),
    ("slos.notApplicablePlatforms", [], ["batch"], Turn.LOOSENS),
    ("evaluation.taskLimits.classification.accuracy.minimum", 0.5, 0.1, Turn.LOOSENS),
    ("evaluation.taskLimits.classification.accuracy.minimum", 0.5, None, Turn.LOOSENS),
    ("evaluation.taskLimits.regression.mape.maximum", None, 0.5, Turn.TIGHTENS),
    ("approvals.onePersonPerRole.high", True, False, Turn.LOOSENS),
    ("approvals.hostResetsApprovals", False, True, Turn.LOOSENS),
    ("rollout.trafficRouter", "istio", "none", Turn.MAY_LOOSEN),
    ("rollout.modelLabel", "model", "name", Turn.NEUTRAL),
]


@pytest.mark.parametrize(("name", "before", "after", "turn"), CASES)
def test_a_change_of_a_setting_is_told_for_what_it_is(name: str, before: Any, after: Any, turn: Turn) -> None:
    assert turn_of(strict_way(name), before, after) is turn

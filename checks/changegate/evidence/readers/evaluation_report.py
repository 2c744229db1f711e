"""Format `evaluation-report`, ours: JSON as `schemas/evaluation-report.schema.json` describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.about import of_report
from changegate.evidence.metrics import Latency, Measures, StatedMetric

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA = "evaluation-report"
VERSION, TIER, CONSTANTS = 1, "own", False


def recognises(value: Any) -> bool:
    """Whether a report has the metrics of ours."""
    return isinstance(value, dict) and "metrics" in value and "dataset" in value


def read(value: Mapping[str, Any]) -> Measures:
    """Read a report; whether its metrics can be right is looked at where they are used."""
    checks = value.get("checks", {})
    leakage = checks.get("leakage", {})
    looked = "none" if leakage.get("checked") else "unchecked"
    return Measures(
        of_report(value),
        leakage="found" if leakage.get("found") else looked,
        folds=checks.get("crossValidation", {}).get("folds", 0),
        stated=tuple(_metric(index, one) for index, one in enumerate(value["metrics"])),
        latency=tuple(_latency(index, one) for index, one in enumerate(value.get("latency", ()))),
        checks=("checks", "leakage") if leakage else ("checks",),
    )


def _latency(index: int, one: Mapping[str, Any]) -> Latency:
    count, here = one.get("sampleCount"), ("latency", index)
    return Latency(
        float(one["percentile"]),
        float(one["valueMs"]),
        (*here, "valueMs"),
        samples=None if count is None else int(count),
        counted=here if count is None else (*here, "sampleCount"),
        platform=str(one.get("platform", "")),
    )


def _metric(index: int, one: Mapping[str, Any]) -> StatedMetric:
    bounds = one.get("interval")
    return StatedMetric(
        name=one["name"],
        value=one["value"],
        more=one["higherIsBetter"],
        slice=str(one.get("slice", "")),
        samples=one.get("sampleCount"),
        interval=None if bounds is None else (bounds["lower"], bounds["upper"]),
        path=("metrics", index),
        keys=_KEYS,
    )


_KEYS = {"value": "value", "more": "higherIsBetter", "samples": "sampleCount", "interval": "interval"}

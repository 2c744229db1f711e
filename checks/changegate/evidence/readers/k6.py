"""Format `k6`: the summary of a run of k6: `--summary-export`, or the `data` that `handleSummary` is given.

Built from its documentation (versions 0.30 to 2). Read are the percentiles of `http_req_duration`, in milliseconds,
and how many requests there were (`http_reqs`), and the share that failed. Which percentiles are there is set by
`summaryTrendStats`: P99 is not by default. It names no artifact and no time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.evidence.about import About
from changegate.evidence.figures import count, figure, share
from changegate.evidence.metrics import Latency, Measures, StatedMetric
from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.evidence.metrics import Path

SCHEMA = ""
VERSION, TIER, CONSTANTS = 1, "format", False

_TREND = "http_req_duration"
_PERCENTILE = re.compile(r"p\(([0-9]{1,2}(\.[0-9]{1,6})?)\)")


def recognises(value: Any) -> bool:
    """Whether it has k6's metrics."""
    metrics = value.get("metrics") if isinstance(value, dict) else None
    return isinstance(metrics, dict) and ("http_reqs" in metrics or _TREND in metrics) and "iterations" in metrics


def read(value: Mapping[str, Any]) -> Measures:
    """Read a summary.

    Raises:
        Unsound: It has no requests, or a number is none.
    """
    requests, counted = _values(value, "http_reqs")
    number = count(requests.get("count"), (*counted, "count"))
    if not number:
        raise Unsound("the run has no request", (*counted, "count"))
    about = About(samples=number, paths={"samples": (*counted, "count")})
    return Measures(about, tuple(_failed(value)), tuple(_latency(value, number, (*counted, "count"))), kind="load")


def _values(value: Mapping[str, Any], name: str) -> tuple[Mapping[str, Any], Path]:
    """A metric's values: below `values` in what `handleSummary` gets, and beside its name in an export."""
    metric = value["metrics"].get(name)
    here: Path = ("metrics", name)
    if not isinstance(metric, dict):
        raise Unsound(f"it has no `{name}`", ("metrics",))
    return (metric["values"], (*here, "values")) if isinstance(metric.get("values"), dict) else (metric, here)


def _latency(value: Mapping[str, Any], number: int, counted: Path) -> Iterator[Latency]:
    trend, here = _values(value, _TREND)
    for name, one in trend.items():
        found = _PERCENTILE.fullmatch(name)
        if found and float(found[1]) > 0:
            path = (*here, name)
            yield Latency(float(found[1]), figure(one, path), path, samples=number, counted=counted)
    if "med" in trend:
        yield Latency(50.0, figure(trend["med"], (*here, "med")), (*here, "med"), samples=number, counted=counted)


def _failed(value: Mapping[str, Any]) -> Iterator[StatedMetric]:
    if "http_req_failed" not in value["metrics"]:
        return
    failed, here = _values(value, "http_req_failed")
    key = "rate" if "rate" in failed else "value"
    rate = share(failed.get(key), (*here, key))
    yield StatedMetric("request_error_rate", rate, False, "", None, None, (*here, key))

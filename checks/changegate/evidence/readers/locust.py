"""Format `locust`: the latency of a run of Locust: `--csv` writes `<prefix>_stats.csv`, `--json` a list of statistics.

Held to files of Locust 2.47. Read are the percentiles of all requests together with their count, and the share that
failed. Locust rounds: up to 100 ms to whole ones, above that to two digits; the percentiles of the CSV are as it
wrote them, and those of the JSON are made from its histogram. A run of several endpoints is judged over all of them.
It names no artifact.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

from changegate.evidence.about import About
from changegate.evidence.figures import count, figure, is_nothing, moment_of_epoch
from changegate.evidence.metrics import Latency, Measures, StatedMetric
from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.evidence.metrics import Path

SCHEMA = ""
VERSION, TIER, CONSTANTS = 1, "tool", False

_COLUMNS = {"Type", "Name", "Request Count", "Failure Count"}
_PERCENTILES = (50.0, 90.0, 95.0, 99.0, 99.9)


def recognises(value: Any) -> bool:
    """Whether it is a table with Locust's columns, or a list of its statistics."""
    if isinstance(value, dict):
        columns = value.get("columns")
        return isinstance(columns, list) and set(map(str, columns)) >= _COLUMNS and "rows" in value
    first = value[0] if isinstance(value, list) and value else None
    return isinstance(first, dict) and {"num_requests", "response_times"} <= first.keys()


def read(value: Any) -> Measures:
    """Read a run.

    Raises:
        Unsound: It has no request, or its numbers are none.
    """
    return _from_table(value) if isinstance(value, dict) else _from_statistics(value)


def _from_table(value: Mapping[str, Any]) -> Measures:
    columns, rows = value["columns"], value["rows"]
    where = next((index for index, row in enumerate(rows) if row[columns.index("Name")] == "Aggregated"), None)
    if where is None:
        raise Unsound("the table has no row `Aggregated`")
    path: Path = ("rows", where)
    cells = dict(zip(columns, rows[where], strict=True))
    requests = count(cells["Request Count"], path, text=True)
    failures = count(cells["Failure Count"], path, text=True)
    found = tuple(
        Latency(float(name[:-1]), figure(cell, path, text=True), path, samples=requests, counted=path)
        for name, cell in cells.items()
        if name.endswith("%") and name != "100%" and not is_nothing(cell)
    )
    return _run(About(samples=requests, paths={"samples": path}), requests, failures, found, path)


def _from_statistics(value: list[Any]) -> Measures:
    times: dict[float, int] = {}
    requests = failures = 0
    last = 0.0
    for index, one in enumerate(value):
        requests += count(one.get("num_requests"), (index, "num_requests"))
        failures += count(one.get("num_failures", 0), (index, "num_failures"))
        last = max(last, figure(one.get("last_request_timestamp") or 0, (index, "last_request_timestamp")))
        _add_times(times, one, (index, "response_times"))
    if sum(times.values()) > requests:
        raise Unsound("`response_times` has more requests than `num_requests`", (0, "response_times"))
    found = tuple(
        Latency(one, _percentile(times, one), (0, "response_times"), samples=requests, counted=(0, "num_requests"))
        for one in (_PERCENTILES if times else ())
    )
    path: Path = (0, "num_requests")
    paths: dict[str, Path] = {"samples": path, "evaluated": (0, "last_request_timestamp")}
    about = About(moment_of_epoch(last) if last else None, samples=requests, paths=paths)
    return _run(about, requests, failures, found, path)


def _add_times(times: dict[float, int], one: Mapping[str, Any], path: Path) -> None:
    histogram = one.get("response_times")
    for time, number in (histogram if isinstance(histogram, dict) else {}).items():
        key = figure(time, (*path, time), text=True)
        times[key] = times.get(key, 0) + count(number, (*path, time))


def _percentile(times: Mapping[float, int], percentile: float) -> float:
    """The least time that so many of a hundred requests keep to."""
    wanted, seen = ceil(sum(times.values()) * percentile / 100), 0
    for time in sorted(times):
        seen += times[time]
        if seen >= wanted:
            return time
    return max(times)


def _run(about: About, requests: int, failures: int, found: tuple[Latency, ...], path: Path) -> Measures:
    if not requests:
        raise Unsound("the run has no request", path)
    if failures > requests:
        raise Unsound(f"{failures} requests failed of {requests}", path)
    error = StatedMetric("request_error_rate", failures / requests, False, "", None, None, path)
    return Measures(about, (error,), found, kind="load")

"""Format `mlflow-run`: the metrics of an MLflow run, as its command and its API export it.

Held to a file of MLflow 3.17 (`mlflow runs describe`, `Run.to_dictionary`); the REST form (`runs/get`, a list of
`{key, value}`) is built from its documentation. The run's end is taken as the time of the evaluation. A run names no
digest of an artifact, and how many samples there were only where it logs `example_count`, as `mlflow.evaluate` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.about import About
from changegate.evidence.figures import count, figure, moment_of_epoch
from changegate.evidence.metrics import Measures, StatedMetric
from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.evidence.metrics import Path

SCHEMA = ""
VERSION, TIER, CONSTANTS = 1, "tool", True

_COUNT = "example_count"


def recognises(value: Any) -> bool:
    """Whether it is a run, or an answer that holds one."""
    run, _ = _run(value)
    return isinstance(run, dict) and isinstance(run.get("info"), dict) and "run_id" in run["info"]


def _run(value: Any) -> tuple[Any, Path]:
    inside = isinstance(value, dict) and isinstance(value.get("run"), dict)
    return (value["run"], ("run",)) if inside else (value, ())


def read(value: Mapping[str, Any]) -> Measures:
    """Read a run.

    Raises:
        Unsound: It did not finish, or a metric is no number.
    """
    run, here = _run(value)
    info, data = run["info"], run.get("data", {})
    if info.get("status") not in (None, "FINISHED", 3):
        raise Unsound(f"the run is {info['status']}, and did not finish", (*here, "info", "status"))
    found = dict(_values(data.get("metrics", {}) if isinstance(data, dict) else {}, (*here, "data", "metrics")))
    samples, paths = None, {}
    if _COUNT in found:
        number, path = found.pop(_COUNT)
        samples, paths["samples"] = count(number, path), path
    end = info.get("end_time")
    if end is not None:
        paths["evaluated"] = (*here, "info", "end_time")
    evaluated = None if end is None else moment_of_epoch(figure(end, paths["evaluated"], text=True) / 1000)
    metrics = tuple(StatedMetric(name, number, None, "", None, None, path) for name, (number, path) in found.items())
    return Measures(About(evaluated, samples=samples, paths=paths), metrics)


def _values(metrics: Any, path: Path) -> Iterator[tuple[str, tuple[float, Path]]]:
    if isinstance(metrics, dict):
        for name, value in metrics.items():
            yield name, (figure(value, (*path, name)), (*path, name))
        return
    for index, one in enumerate(metrics if isinstance(metrics, list) else ()):
        here = (*path, index)
        if not isinstance(one, dict) or "key" not in one:
            raise Unsound("a metric has no `key`", here)
        yield str(one["key"]), (figure(one.get("value"), (*here, "value")), (*here, "value"))

"""Format `mlflow-metric`: one file of the `metrics/` folder of MLflow's file store, `<time> <value> <step>` a line.

Held to files of MLflow 3.17. The file's name is the metric's; the last step counts, as MLflow shows it, and its time
is that of the evaluation. Nothing else is in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.about import About
from changegate.evidence.figures import count, figure, moment_of_epoch
from changegate.evidence.metrics import Measures, StatedMetric
from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA = ""
VERSION, TIER, CONSTANTS = 1, "tool", False


def recognises(value: Any) -> bool:
    """Whether it was read as such a file."""
    return isinstance(value, dict) and value.keys() == {"mlflowMetric", "points"}


def read(value: Mapping[str, Any]) -> Measures:
    """Read the points.

    Raises:
        Unsound: A line is none.
    """
    last: tuple[int, int, float, tuple[str, int]] | None = None
    for index, point in enumerate(value["points"]):
        path = ("points", index)
        if len(point) < 2:
            raise Unsound("a line is `<time> <value> <step>`", path)
        step = count(point[2], path, text=True) if len(point) > 2 else 0
        found = (step, count(point[0], path, text=True), figure(point[1], path, text=True), path)
        last = found if last is None or found[:2] >= last[:2] else last
    if last is None:
        raise Unsound("the file has no value")
    _, milliseconds, number, path = last
    about = About(moment_of_epoch(milliseconds / 1000), paths={"evaluated": path})
    return Measures(about, (StatedMetric(value["mlflowMetric"], number, None, "", None, None, path),))

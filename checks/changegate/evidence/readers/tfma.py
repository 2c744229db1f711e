"""Format `tfma`: slices of TensorFlow Model Analysis: `eval_result.slicing_metrics`, or its `MetricsForSlice` as JSON.

Built from its published format. Counts come from `confusion_matrix_at_thresholds`, at the only threshold or at 0.5;
without that matrix there is only `example_count`, and no rate. The slice of all data is the number of people. A slice
of two features is an intersection, named by both (`sex:age_band`).
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from changegate.evidence.about import About
from changegate.evidence.figures import count, figure
from changegate.evidence.groups import Group, Grouped, counted
from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.evidence.metrics import Path

SCHEMA = ""
VERSION, TIER, CONSTANTS = 1, "format", True

_KEYS = {"tp": "truePositives", "fp": "falsePositives", "tn": "trueNegatives", "fn": "falseNegatives"}
_MATRIX = "confusion_matrix_at_thresholds"
Slices = list[tuple[list[tuple[str, str]], "dict[str, Any]", "Path"]]


def recognises(value: Any) -> bool:
    """Whether it is a list of slices with their metrics."""
    rows = value.get("slicing_metrics") if isinstance(value, dict) else value
    first = rows[0] if isinstance(rows, list) and rows else None
    if isinstance(first, dict):
        return "sliceKey" in first or "metricKeysAndValues" in first
    return isinstance(first, list) and len(first) == 2 and isinstance(first[0], list) and isinstance(first[1], dict)


def read(value: Any) -> Grouped:
    """Read the slices.

    Raises:
        Unsound: A count is none, or no slice has a confusion matrix.
    """
    inside = isinstance(value, dict)
    root: Path = ("slicing_metrics",) if inside else ()
    slices = list(_slices(value["slicing_metrics"] if inside else value, root))
    groups = tuple(group for key, metrics, path in slices if key and (group := _group(key, metrics, path)) is not None)
    if not groups:
        raise Unsound(f"no slice of a feature has a `{_MATRIX}` or an `example_count`", root)
    overall = [(metrics, path) for key, metrics, path in slices if not key and "example_count" in metrics]
    totals = {}
    if overall:
        metrics, path = overall[0]
        whole = count(metrics["example_count"], (*path, "example_count"))
        totals = {group.attribute: (whole, path) for group in groups}
    return Grouped(About(), groups, totals)


def _slices(rows: list[Any], root: Path) -> Iterator[tuple[list[tuple[str, str]], dict[str, Any], Path]]:
    for index, one in enumerate(rows):
        here = (*root, index)
        if isinstance(one, dict):
            key = (
                one.get("sliceKey", {}).get("singleSliceKeys", []) if isinstance(one.get("sliceKey", {}), dict) else []
            )
            yield [(str(part.get("column")), _value(part, here)) for part in key], _of_message(one), here
        elif isinstance(one, list) and len(one) == 2 and isinstance(one[0], list) and isinstance(one[1], dict):
            yield [_pair(part, here) for part in one[0]], _of_tuple(one[1]), here
        else:
            raise Unsound("it is no slice with its metrics", here)


def _pair(part: Any, here: Path) -> tuple[str, str]:
    if not isinstance(part, list) or len(part) != 2:
        raise Unsound("a slice's key is no list of a feature and its value", here)
    return str(part[0]), str(part[1])


def _value(part: Mapping[str, Any], here: Path) -> str:
    if "bytesValue" in part:
        try:
            return base64.b64decode(str(part["bytesValue"]), validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError) as fault:
            raise Unsound("`bytesValue` is no text in base64", here) from fault
    return str(part.get("int64Value", part.get("floatValue", "")))


def _of_message(one: Mapping[str, Any]) -> dict[str, Any]:
    """The metrics of a `MetricsForSlice`, by name."""
    found: dict[str, Any] = {}
    for pair in one.get("metricKeysAndValues", ()):
        if isinstance(pair, dict) and isinstance(pair.get("key"), dict) and isinstance(pair.get("value"), dict):
            found.setdefault(str(pair["key"].get("name")), _plain(pair["value"]))
    return found


def _of_tuple(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """The metrics of the first output and sub-key, by name."""
    within: Any = outputs
    while isinstance(within, dict) and len(within) == 1 and not _is_metrics(within):
        within = next(iter(within.values()))
    return {str(name): _plain(one) for name, one in within.items()} if isinstance(within, dict) else {}


def _is_metrics(value: Mapping[str, Any]) -> bool:
    return any(name in value for name in ("example_count", _MATRIX))


def _plain(value: Any) -> Any:
    """A number out of `doubleValue`, which a wrapped one has in `value`; a matrix as it is."""
    for key in ("doubleValue", "confusionMatrixAtThresholds"):
        if isinstance(value, dict) and key in value:
            value = value[key]
    return value["value"] if isinstance(value, dict) and value.keys() == {"value"} else value


def _group(key: list[tuple[str, str]], metrics: Mapping[str, Any], path: Path) -> Group | None:
    attribute, name = ":".join(one for one, _ in key), ":".join(one for _, one in key)
    matrix = metrics.get(_MATRIX)
    matrices = matrix.get("matrices") if isinstance(matrix, dict) else None
    if not isinstance(matrices, list) or not matrices:
        if "example_count" not in metrics:
            return None
        return Group(attribute, name, path, count(metrics["example_count"], (*path, "example_count")), {})
    chosen = matrices[0] if len(matrices) == 1 else _at_half(matrices, path)
    counts = {short: count(chosen.get(long, 0), (*path, long)) for short, long in _KEYS.items()}
    found = counted(attribute, name, counts, path)
    if "example_count" in metrics and count(metrics["example_count"], (*path, "example_count")) != found.size:
        raise Unsound("`example_count` is not the sum of the confusion matrix", path)
    return found


def _at_half(matrices: list[Any], path: Path) -> dict[str, Any]:
    for one in matrices:
        if isinstance(one, dict) and abs(figure(one.get("threshold", -1), (*path, "threshold")) - 0.5) < 1e-9:
            return one
    raise Unsound("there are several thresholds, and none of them is 0.5", path)

"""Format `dvc-metrics`: a `metrics.json` of DVC: names and numbers, in as many objects as one likes.

Held to a file of DVCLive 3.49. Every file of numbers alone has this form, so it is looked at last. The last key names
the metric; the keys above it (`validation`, `test`) are its slice, unless that is a word for the whole evaluation. A
name that the table of metrics does not know counts for nothing (`step`, `epoch`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.about import About
from changegate.evidence.figures import count, figure
from changegate.evidence.metrics import Measures, StatedMetric
from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.evidence.metrics import Path

SCHEMA = ""
VERSION, TIER, CONSTANTS = 1, "tool", True

_WHOLE = frozenset({"test", "eval", "evaluation", "holdout", "metrics"})
_TRAINING = frozenset({"train", "training"})
_COUNTS = ("example_count", "sample_count", "num_samples", "n_samples", "samples")
_DEEPEST = 6


def recognises(value: Any) -> bool:
    """Whether it holds numbers by name, and nothing else."""
    return isinstance(value, dict) and bool(value) and all(_is_figures(one) for one in value.values())


def _is_figures(value: Any, depth: int = 1) -> bool:
    if isinstance(value, dict):
        return depth < _DEEPEST and bool(value) and all(_is_figures(one, depth + 1) for one in value.values())
    return isinstance(value, int | float | str) and not isinstance(value, bool)


def read(value: Mapping[str, Any]) -> Measures:
    """Read the numbers.

    Raises:
        Unsound: One is text or no number, or there is none.
    """
    found = list(_numbers(value, ()))
    counts = [(number, path) for path, number in found if len(path) == 1 and path[0] in _COUNTS]
    about = About(samples=count(*counts[0]), paths={"samples": counts[0][1]}) if counts else About()
    metrics = [_metric(path, number) for path, number in found if path[-1] not in _COUNTS]
    if not metrics:
        raise Unsound("it holds no metric")
    return Measures(about, tuple(metrics))


def _numbers(value: Any, path: Path) -> Iterator[tuple[Path, float]]:
    if not isinstance(value, dict):
        yield path, figure(value, path)
        return
    for name, one in value.items():
        yield from _numbers(one, (*path, name))


def _metric(path: Path, number: float) -> StatedMetric:
    above = [str(key) for key in path[:-1] if str(key).lower() not in _WHOLE]
    training = any(key.lower() in _TRAINING for key in above)
    name = f"training_{path[-1]}" if training else str(path[-1])
    return StatedMetric(name, number, None, ".".join(above), None, None, path)

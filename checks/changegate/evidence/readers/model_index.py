"""Format `model-index`: the results in a Hugging Face model card, in the front matter of its `README.md` or as JSON.

Held to a card that huggingface_hub 2.4 wrote. A result has a task, a data set and metrics, and neither a time, a
count nor an artifact. By convention a slice stands in a metric's `args`. Results of other data sets are slices by the
data's name, so that one of them may be the release's: the first data set's results are those of the whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.about import About
from changegate.evidence.figures import figure
from changegate.evidence.metrics import Measures, StatedMetric
from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.evidence.metrics import Path

SCHEMA = ""
VERSION, TIER, CONSTANTS = 1, "tool", True


def recognises(value: Any) -> bool:
    """Whether it has a model-index."""
    return isinstance(value, dict) and isinstance(value.get("model-index"), list)


def read(value: Mapping[str, Any]) -> Measures:
    """Read the results of the only model in it.

    Raises:
        Unsound: There is more than one model, or a result is not of the form.
    """
    models = value["model-index"]
    if len(models) != 1 or not isinstance(models[0], dict) or not isinstance(models[0].get("results"), list):
        raise Unsound("it has not exactly one model with `results`", ("model-index",))
    metrics = tuple(_results(models[0]["results"], ("model-index", 0, "results")))
    if not metrics:
        raise Unsound("it holds no metric", ("model-index", 0, "results"))
    first = models[0]["results"][0].get("dataset", {})
    name = str(first.get("name", "")) if isinstance(first, dict) else ""
    return Measures(About(dataset=name), metrics)


def _results(results: list[Any], path: Path) -> Iterator[StatedMetric]:
    first: Any = None
    for index, result in enumerate(results):
        if not isinstance(result, dict) or not isinstance(result.get("metrics"), list):
            raise Unsound("a result has no list of `metrics`", (*path, index))
        stated = result.get("dataset")
        data = stated if isinstance(stated, dict) else {}
        marks = tuple(str(data.get(key, "")) for key in ("type", "config", "split"))
        first = marks if first is None else first
        part = "" if marks == first else f"dataset={'/'.join(filter(None, marks))}"
        for at, one in enumerate(result["metrics"]):
            yield _metric(one, part, (*path, index, "metrics", at))


def _metric(one: Any, part: str, path: Path) -> StatedMetric:
    if not isinstance(one, dict) or not isinstance(one.get("type"), str):
        raise Unsound("a metric has no `type`", path)
    value, args = one.get("value"), one.get("args")
    named = {"slice": str(args["slice"])} if isinstance(args, dict) and args.get("slice") else {}
    return StatedMetric(
        one["type"],
        figure(value, (*path, "value")),
        None,
        named.get("slice", part),
        None,
        None,
        path,
        {"value": "value"},
    )

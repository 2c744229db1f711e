"""What is known of metrics by their names, and how two values of one compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.reports import Unsound
from changegate.numbers import plain
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MORE = _names(
    "accuracy balanced_accuracy precision recall sensitivity specificity f1 f1_score roc_auc auc pr_auc tpr tnr ppv "
    "npv average_precision map ndcg mrr hit_rate win_rate pass_rate iou dice bleu rouge_l exact_match"
)
_LESS = _names("fpr fnr false_positive_rate false_negative_rate ece brier brier_score error_rate toxicity_rate")
_LESS_UNBOUNDED = _names("rmse mae mse mape smape log_loss perplexity wer cer fid")
_RATIOS = _MORE | _LESS
"""Metrics that lie between 0 and 1: a percentage here would pass every limit."""

Key = tuple[str, str]
"""A metric's name and its slice; the slice is empty for all of the data."""


class Metric(NamedTuple):
    """One measured value."""

    name: str
    """In lower case, with `_`."""
    slice: str
    """The part of the data, or empty for all of it."""
    value: float
    more: bool
    """Whether more of it is better."""
    samples: int | None
    """How many it was measured on, where that is not all of the data; 0 for a slice that does not say."""
    place: int
    """Its 0-based place in the report."""

    @property
    def key(self) -> Key:
        """What makes it the same metric in another report."""
        return self.name, self.slice

    @property
    def label(self) -> str:
        """Its name for people."""
        return labelled(self.key)


def labelled(key: Key) -> str:
    """A metric's name for people: `recall`, or `recall of country=DE`."""
    return " of ".join(filter(None, key))


def spelled(name: str) -> str:
    """A metric's name as it is compared: `ROC-AUC` is `roc_auc`."""
    return name.lower().replace("-", "_")


def read_metrics(report: Mapping[str, Any]) -> tuple[Metric, ...]:
    """Read a report's metrics.

    Raises:
        Unsound: One is there twice, or cannot be right by what is known of it.
    """
    whole = int(report["dataset"]["sampleCount"])
    metrics = tuple(_metric(index, one, whole) for index, one in enumerate(report["metrics"]))
    seen: set[Key] = set()
    for metric in metrics:
        if metric.key in seen:
            raise Unsound(f"the metric {metric.label} stands there twice", ("metrics", metric.place))
        seen.add(metric.key)
    return metrics


def _metric(index: int, said: Mapping[str, Any], whole: int) -> Metric:
    name, value, more, part = spelled(said["name"]), said["value"], said["higherIsBetter"], str(said.get("slice", ""))
    family = name.partition("@")[0]
    samples = said.get("sampleCount", 0 if part else None)
    here = ("metrics", index)
    if (more and family in _LESS | _LESS_UNBOUNDED) or (not more and family in _MORE):
        better = "less" if more else "more"
        raise Unsound(f"of {name} {better} is better, and it says otherwise", (*here, "higherIsBetter"))
    if family in _RATIOS and not 0 <= value <= 1:
        raise Unsound(f"{name} lies between 0 and 1, and it says {value}", (*here, "value"))
    if samples is not None and samples > whole:
        raise Unsound(f"{name} was measured on {samples} samples of {whole}", (*here, "sampleCount"))
    bounds = said.get("interval")
    if bounds is not None and not bounds["lower"] <= value <= bounds["upper"]:
        raise Unsound(f"the interval of {name} does not hold its value", (*here, "interval"))
    return Metric(name, part, float(value), more, None if samples is None else int(samples), index)


def compared(metric: Metric, before: Metric) -> dict[str, Any]:
    """Compare a value with the previous release's, in the direction that the previous release said is better.

    Returns:
        Both values, and `regressionRatio`: by how much it is worse, as a share of the value before, 0 where it is not.
        Left out where it is worse and the value before is 0: no share of nothing is anything.
    """
    change = metric.value - before.value if before.more else before.value - metric.value
    fact: dict[str, Any] = {
        "name": metric.name,
        "slice": metric.slice,
        "label": metric.label,
        "value": plain(metric.value),
        "previousValue": plain(before.value),
        "higherIsBetter": before.more,
        "sameDirection": metric.more == before.more,
    }
    if change >= 0:
        fact["regressionRatio"] = 0
    elif before.value != 0:
        fact["regressionRatio"] = plain(round(min(-change / abs(before.value), 1e12), 9))
    return fact

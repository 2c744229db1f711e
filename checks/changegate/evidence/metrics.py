"""What is known of metrics by their names, and how two values of one compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.unsound import Unsound
from changegate.numbers import plain
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

Path = tuple["str | int", ...]
"""Where something stands in a report."""


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


class StatedMetric(NamedTuple):
    """One measured value, as a report states it."""

    name: str
    value: float
    more: bool
    """Whether it says that more of it is better."""
    slice: str
    samples: int | None
    interval: tuple[float, float] | None
    path: Path
    keys: Mapping[str, str] = {}
    """Below that: where `value`, `more`, `samples` and `interval` stand, where they have a key of their own."""

    def at(self, part: str) -> Path:
        """Where a part of it stands."""
        return (*self.path, self.keys[part]) if part in self.keys else self.path


class Latency(NamedTuple):
    """One measured percentile of the latency."""

    percentile: float
    """0 to 100."""
    milliseconds: float
    path: Path
    samples: int | None = None
    """How many requests were measured, where the report says so."""
    counted: Path = ()
    """Where that stands, or would stand."""
    platform: str = ""
    """Where it was measured; empty where the report does not say."""


class Measures(NamedTuple):
    """What an evaluation report says, whichever format it has."""

    evaluated: str
    """When it was made, as RFC 3339."""
    collected: str | None
    """When its data was collected, where it says so."""
    model: Mapping[str, Any] | None
    """What it was made on, as `binding.named` reads it."""
    dataset: str
    """The data's name."""
    digest: str | None
    """The data's digest."""
    samples: int
    """How many samples the data has."""
    leakage: str
    """`found`, `none` or `unchecked`."""
    folds: int
    """Of a cross-validation; 0 where there is none."""
    stated: tuple[StatedMetric, ...]
    latency: tuple[Latency, ...]
    paths: Mapping[str, Path]
    """Where `evaluated`, `collected`, `model`, `data`, `dataset`, `samples` and `checks` stand, or would stand."""


class Metric(NamedTuple):
    """One measured value that can be right."""

    name: str
    """In lower case, with `_`."""
    slice: str
    """The part of the data, or empty for all of it."""
    value: float
    more: bool
    """Whether more of it is better."""
    samples: int | None
    """How many it was measured on, where that is not all of the data; 0 for a slice that does not say."""
    stated: StatedMetric
    """What the report says of it, with where that stands."""

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


def read_metrics(measures: Measures) -> tuple[Metric, ...]:
    """Take a report's metrics as what they are known to be.

    Raises:
        Unsound: One is there twice, or cannot be right by what is known of it.
    """
    metrics = tuple(_metric(one, measures.samples) for one in measures.stated)
    seen: set[Key] = set()
    for metric in metrics:
        if metric.key in seen:
            raise Unsound(f"the metric {metric.label} stands there twice", metric.stated.path)
        seen.add(metric.key)
    _check_parts(metrics, measures.samples)
    return metrics


def _check_parts(metrics: tuple[Metric, ...], whole: int) -> None:
    """Slices by one attribute (`country=DE`, `country=FR`) share no sample, so together they have no more than all."""
    parts: dict[Key, int] = {}
    for metric in metrics:
        attribute, equals, value = metric.slice.partition("=")
        if not equals or "=" in value or "," in value:
            continue
        key = metric.name, attribute.strip()
        parts[key] = parts.get(key, 0) + (metric.samples or 0)
        if parts[key] > whole:
            reason = f"the slices of {metric.name} by {key[1]} have {parts[key]} samples of {whole} together"
            raise Unsound(reason, metric.stated.at("samples"))


def _metric(said: StatedMetric, whole: int) -> Metric:
    name, value, more = spelled(said.name), said.value, said.more
    family = name.partition("@")[0]
    samples = said.samples if said.samples is not None else 0 if said.slice else None
    if (more and family in _LESS | _LESS_UNBOUNDED) or (not more and family in _MORE):
        better = "less" if more else "more"
        raise Unsound(f"of {name} {better} is better, and it says otherwise", said.at("more"))
    if family in _RATIOS and not 0 <= value <= 1:
        raise Unsound(f"{name} lies between 0 and 1, and it says {value}", said.at("value"))
    if samples is not None and samples > whole:
        raise Unsound(f"{name} was measured on {samples} samples of {whole}", said.at("samples"))
    if said.interval is not None and not said.interval[0] <= value <= said.interval[1]:
        raise Unsound(f"the interval of {name} does not hold its value", said.at("interval"))
    return Metric(name, said.slice, float(value), more, None if samples is None else int(samples), said)


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

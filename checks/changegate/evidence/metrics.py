"""What is known of metrics by their names, and how two values of one compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.metric_table import known_metric, spelled
from changegate.evidence.unsound import Unsound
from changegate.numbers import plain
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from changegate.evidence.about import About
    from changegate.evidence.metric_table import KnownMetric

Path = tuple["str | int", ...]
"""Where something stands in a report."""


Key = tuple[str, str]
"""A metric's name and its slice; the slice is empty for all of the data."""


class StatedMetric(NamedTuple):
    """One measured value, as a report states it."""

    name: str
    value: float
    more: bool | None
    """Whether it says that more of it is better; None where it does not say."""
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

    about: About
    """What it was made on, and when."""
    stated: tuple[StatedMetric, ...] = ()
    latency: tuple[Latency, ...] = ()
    leakage: str = "unchecked"
    """`found`, `none` or `unchecked`."""
    folds: int = 0
    """Of a cross-validation; 0 where there is none."""
    checks: Path = ()
    """Where it says how the evaluation was guarded against fooling itself."""
    kind: str = "evaluation"
    """`evaluation`, on data; `load`, of requests; or `tests` and attacks, which are no data to train on."""
    tool: str = ""
    """The version of the tool that wrote it, where it says so."""


class Metric(NamedTuple):
    """One measured value that can be right."""

    name: str
    """In lower case, with `_`."""
    slice: str
    """The part of the data, or empty for all of it."""
    value: float
    more: bool | None
    """Whether more of it is better; None where nobody says."""
    samples: int | None
    """How many it was measured on, where that is not all of the data; 0 for a slice that does not say."""
    stated: StatedMetric
    """What the report says of it, with where that stands."""
    names: tuple[str, ...] = ()
    """Every name that means it, beside its own."""
    share: bool = False
    """Whether it is so many of all samples, so that its interval comes from their number."""

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


def read_metrics(measures: Measures, names: Mapping[str, Any]) -> tuple[Metric, ...]:
    """Take a report's metrics as what they are known to be.

    Two names of one metric that stand beside each other are kept apart: a report that has `f1` and `f1_score` means
    two.

    Args:
        measures: What the report says.
        names: `evaluation.metricNames` of the settings.

    Raises:
        Unsound: One is there twice, or cannot be right by what is known of it.
    """
    whole, written = measures.about.samples, {(spelled(one.name), one.slice) for one in measures.stated}
    metrics: list[Metric] = []
    seen: set[Key] = set()
    for stated in measures.stated:
        metric = _metric(stated, whole, names)
        own = spelled(stated.name)
        if own != metric.name and ((metric.name, stated.slice) in written or metric.key in seen):
            metric = metric._replace(name=own, names=(own,))
        if metric.key in seen:
            raise Unsound(f"the metric {metric.label} stands there twice", stated.path)
        seen.add(metric.key)
        metrics.append(metric)
    if whole is not None:
        _check_parts(metrics, whole)
    return tuple(metrics)


def _check_parts(metrics: Sequence[Metric], whole: int) -> None:
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


def _metric(said: StatedMetric, whole: int | None, names: Mapping[str, Any]) -> Metric:
    own = spelled(said.name)
    known = known_metric(own, names)
    name = known.name if known else own
    samples = said.samples if said.samples is not None else 0 if said.slice else None
    if known is not None:
        _check_known(said, own, known)
    if samples is not None and whole is not None and samples > whole:
        raise Unsound(f"{own} was measured on {samples} samples of {whole}", said.at("samples"))
    if said.interval is not None and not said.interval[0] <= said.value <= said.interval[1]:
        raise Unsound(f"the interval of {own} does not hold its value", said.at("interval"))
    more = said.more if said.more is not None or known is None else known.more
    every = (*known.spellings, own) if known else (own,)
    spellings = tuple(dict.fromkeys((name, *every, said.name.lower().replace("-", "_"))))
    counted = None if samples is None else int(samples)
    return Metric(name, said.slice, float(said.value), more, counted, said, spellings, bool(known and known.share))


def _check_known(said: StatedMetric, own: str, known: KnownMetric) -> None:
    """Hold what a report says of a metric against what is known of it."""
    if known.more is not None and said.more is (not known.more):
        better = "more" if known.more else "less"
        raise Unsound(f"of {own} {better} is better, and it says otherwise", said.at("more"))
    least, greatest = known.least, known.greatest
    if (least is not None and said.value < least) or (greatest is not None and said.value > greatest):
        raise Unsound(f"{own} {_range(least, greatest)}, and it says {said.value:.12g}", said.at("value"))


def _range(least: float | None, greatest: float | None) -> str:
    if least is not None and greatest is not None:
        return f"lies between {least:g} and {greatest:g}"
    return f"is at least {least:g}" if least is not None else f"is at most {greatest:g}"


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
        "higherIsBetter": bool(before.more),
        "sameDirection": metric.more == before.more,
    }
    if change >= 0:
        fact["regressionRatio"] = 0
    elif before.value != 0:
        fact["regressionRatio"] = plain(round(min(-change / abs(before.value), 1e12), 9))
    return {**fact, **stated_interval(metric), **stated_interval(before, "previousInterval")}


def stated_interval(metric: Metric, key: str = "interval") -> dict[str, Any]:
    """The interval of a value as a member of a fact; nothing where its report states none."""
    bounds = metric.stated.interval
    return {} if bounds is None else {key: {"lower": plain(float(bounds[0])), "upper": plain(float(bounds[1]))}}

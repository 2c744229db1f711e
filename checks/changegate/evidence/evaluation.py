"""How good a release is: its evaluation reports in numbers, beside those of the previous release.

A report has one of the formats of `readers.EVALUATION`. It counts for the artifacts whose digests it
names, at the time at which it was made; what it says of itself and cannot be right makes it invalid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence import binding
from changegate.evidence.about import bound_by, completed, fault_of, place_of, times_of
from changegate.evidence.collector import EvidenceRequest, Section
from changegate.evidence.files import EvidenceFiles
from changegate.evidence.latency import read_latency, samples_needed
from changegate.evidence.memo import once_read
from changegate.evidence.metrics import (
    Key,
    Latency,
    Measures,
    Metric,
    compared,
    labelled,
    read_metrics,
    stated_interval,
)
from changegate.evidence.readers import EVALUATION, read_report, reader_fact
from changegate.evidence.references import of_nothing
from changegate.evidence.reports import (
    Place,
    Report,
    beside,
    block,
    earlier,
    read_all,
    related_before,
    sound,
    summary,
)
from changegate.evidence.required import required_metrics
from changegate.numbers import plain
from changegate.records import NamedTuple
from changegate.rollout.objectives import Objective, objectives

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from changegate.evidence.collector import PlanStart

_measures: Callable[[Report], Measures] = once_read(lambda report: read_report(EVALUATION, report.format, report.value))


def measures_of(report: Report) -> Measures:
    """What a report says, with what our own form around it and the manifest beside its path say of it.

    Raises:
        Unsound: It contradicts itself, or these.
    """
    said = _measures(report)
    around = report.around or {}
    leakage = around.get("checks", {}).get("leakage", {})
    if leakage:
        looked = "none" if leakage.get("checked") else "unchecked"
        said = said._replace(leakage="found" if leakage.get("found") else looked)
    return said._replace(about=completed(said.about, report))


CONFIDENCE = 0.95
"""How sure a percentile of the latency has to be, unless the settings name another."""


class _Evaluation(NamedTuple):
    """A sound report, read."""

    report: Report
    measures: Measures
    metrics: tuple[Metric, ...]
    evaluated: int | None
    """When it was made, in seconds since the epoch; None where nobody says."""
    collected: int | None
    """When its data was collected, where it says so."""


def collect(request: EvidenceRequest) -> Section:
    """Establish the facts of a release's evaluation."""
    spec = request.release.get("spec", {})
    stated = spec.get("evaluation")
    names = request.settings.get("evaluation", {}).get("metricNames", {})
    reports, made = sound(
        read_all(request.release, "evaluation", request.files, EVALUATION),
        lambda report: _read(report, request.now, names),
    )
    read_ = [one for _, one in made]
    comparison, differences = _comparison(request, read_, names)
    artifacts = binding.subjects(request.release)
    facts = {
        "block": block(stated),
        "task": str(spec.get("task", "unstated")),
        "model": str(request.release.get("metadata", {}).get("name", "")),
        "artifacts": binding.coverage([one.measures.about.model for one in read_], artifacts),
        "reports": [_report(one, artifacts, _training(spec)) for one in read_],
        "ages": [age for one in read_ for age in _ages(one, request.now)],
        "samples": [sample for one in read_ for sample in _samples(one)],
        "metrics": [_metric(one.report, metric) for one in read_ for metric in one.metrics],
        "required": _required(request, read_, names),
        "latency": _latency(request, read_),
        "comparison": differences,
    }
    return Section({**summary(reports, stated, "evaluation report"), "comparison": comparison}, facts)


def _read(report: Report, now: int, names: Mapping[str, Any]) -> _Evaluation:
    """Check a report against the clock and itself, and read its metrics."""
    said = measures_of(report)
    evaluated, collected = times_of(said.about, now)
    if of_nothing(said.about.digest or ""):
        raise fault_of(said.about, "digest", "the digest of its data is the one of an empty file, or zeros alone")
    read_latency(said.latency)
    return _Evaluation(report, said, read_metrics(said, names), evaluated, collected)


def _report(
    one: _Evaluation, artifacts: Sequence[binding.Artifact], training: Mapping[str, tuple[str, Place]]
) -> dict[str, Any]:
    said, about = one.measures, one.measures.about
    bound, measured = binding.bound_to(about.model, artifacts), said.kind == "evaluation"
    places = {
        "model": place_of(one.report, about, "model"),
        "dataset": place_of(one.report, about, "digest", "dataset"),
        "checks": one.report.at(*said.checks),
    }
    if not bound:
        places["model"] = beside(places["model"], binding.ARTIFACTS)
    if about.digest is not None and about.digest in training:
        places["dataset"] = beside(places["dataset"], training[about.digest])
    pinned = "unpinned" if about.digest is None else "training" if about.digest in training else "held-out"
    return {
        "file": one.report.file,
        "reader": reader_fact(EVALUATION, one.report.format, said.tool),
        "boundTo": bound,
        "boundBy": bound_by(about),
        **({"filteredTo": about.filtered} if about.filtered else {}),
        "dataset": pinned if measured or pinned == "training" else "not-asked",
        "leakage": said.leakage if measured or said.leakage == "found" else "not-asked",
        "foldsCount": said.folds,
        "places": places,
    }


def _training(spec: Mapping[str, Any]) -> dict[str, tuple[str, Place]]:
    """The digests of the data that the release was trained on, each with where the manifest says so."""
    stated = spec.get("provenance", {}).get("trainingData", ())
    return {
        str(data["digest"]): ("the training data", {"path": ["spec", "provenance", "trainingData", index, "digest"]})
        for index, data in enumerate(stated)
        if "digest" in data
    }


def _ages(one: _Evaluation, now: int) -> list[dict[str, Any]]:
    """How old a report is, and how old the data that it has; without a number where nobody says."""
    about = one.measures.about
    ages = [{"of": "report", **_age(one.evaluated, now), "place": place_of(one.report, about, "evaluated")}]
    if one.measures.kind == "evaluation" or one.collected is not None:
        ages.append(
            {"of": "data", **_age(one.collected, now), "place": place_of(one.report, about, "collected", "dataset")}
        )
    return ages


def _age(moment: int | None, now: int) -> dict[str, int]:
    return {} if moment is None else {"ageSeconds": now - moment}


def _samples(one: _Evaluation) -> list[dict[str, Any]]:
    """How many samples a report's data has, and every metric that was not measured on all of them."""
    said, about = one.measures, one.measures.about
    if said.kind != "evaluation":
        return []
    counted = {} if about.samples is None else {"sampleCount": about.samples}
    whole = {"name": about.dataset or one.report.file, "of": "data", **counted}
    parts = [
        {
            "name": metric.label,
            "of": "slice" if metric.slice else "metric",
            "sampleCount": metric.samples,
            "place": one.report.at(*metric.stated.at("samples")),
        }
        for metric in one.metrics
        if metric.samples is not None
    ]
    return [{**whole, "place": place_of(one.report, about, "samples")}, *parts]


def _metric(report: Report, metric: Metric) -> dict[str, Any]:
    place = report.at(*metric.stated.at("value"))
    names = {"names": list(metric.names)} if metric.names else {"names": [metric.name]}
    value = {"value": plain(metric.value), **stated_interval(metric)}
    return {"name": metric.name, **names, "slice": metric.slice, **value, "place": place}


def _required(request: EvidenceRequest, read_: Sequence[_Evaluation], names: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the settings ask to be measured, on reports of the whole population."""
    wanted = request.settings.get("evaluation", {}).get("requiredMetrics", ())
    task = str(request.release.get("spec", {}).get("task", "unstated"))
    whole = [one for one in read_ if not one.measures.about.filtered]
    measured = [(one.report, one.metrics, one.measures.about.samples) for one in whole]
    return required_metrics(wanted, task, measured, names)


def _latency(request: EvidenceRequest, reports: Sequence[_Evaluation]) -> list[dict[str, Any]]:
    """For every latency objective what the reports measured of it."""
    confidence = float(request.settings.get("evaluation", {}).get("latencyConfidence", CONFIDENCE))
    return [_measured(slo, reports, confidence) for slo in objectives(request.release) if slo.threshold_ms]


def _measured(slo: Objective, reports: Sequence[_Evaluation], confidence: float) -> dict[str, Any]:
    """The slowest measure that speaks of an objective, and how many requests it takes to tell its percentile.

    A P99 under the threshold shows that the P95 is, too; a P50 shows nothing, so each report gives its least percentile
    that is not below the objective.
    """
    objective: Place = {"path": ["spec", "slos", slo.position]}
    fact: dict[str, Any] = {
        "name": slo.name,
        "thresholdMs": plain(slo.threshold_ms or 0.0),
        "measured": False,
        "place": objective,
    }
    found = [measure for report in reports for measure in _speaking(report, (slo.objective or 0.0) * 100)]
    if found:
        report, slowest = max(found, key=lambda one: (one[1].milliseconds, one[1].percentile))
        values = {"percentile": plain(slowest.percentile), "valueMs": plain(slowest.milliseconds)}
        fact |= {"measured": True, **values, "place": beside(report.at(*slowest.path), ("the objective", objective))}
        fact |= {
            "samplesNeeded": samples_needed(slowest.percentile / 100, confidence),
            "countPlace": report.at(*(slowest.counted or slowest.path)),
            **({} if slowest.samples is None else {"sampleCount": slowest.samples}),
        }
    return fact


def _speaking(one: _Evaluation, wanted: float) -> list[tuple[Report, Latency]]:
    speaking = [measure for measure in one.measures.latency if wanted > 0 and measure.percentile >= wanted - 1e-9]
    least = min((measure.percentile for measure in speaking), default=0.0)
    return [(one.report, measure) for measure in speaking if measure.percentile == least]


def _comparison(
    request: EvidenceRequest, now: Sequence[_Evaluation], names: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Compare with the reports of the previous release, as they are at the base."""
    status, before = earlier(request, "evaluation", EVALUATION, lambda report: read_metrics(measures_of(report), names))
    if status["status"] != "present":
        return status, {"metrics": [], "dropped": []}
    return status, _differences(now, before)


def differences_from(request: EvidenceRequest, start: PlanStart) -> tuple[dict[str, Any], dict[str, Any]]:
    """Compare the reports of this release with those of an earlier one, as they were there.

    Args:
        request: What is asked.
        start: The earlier release, with the tree that had it.
    """
    names = request.settings.get("evaluation", {}).get("metricNames", {})
    read = read_all(request.release, "evaluation", request.files, EVALUATION)
    _, made = sound(read, lambda report: _read(report, request.now, names))
    then = EvidenceFiles(request.files.head, start.tree, request.files.handed_in).beside(start.file)
    status, before = earlier(
        request._replace(previous=start.release, files=then), "evaluation", EVALUATION,
        lambda report: read_metrics(measures_of(report), names),
    )  # fmt: skip
    return (status, _differences([one for _, one in made], before)) if status["status"] == "present" else (status, {})


def _differences(now: Sequence[_Evaluation], before: Sequence[tuple[Report, tuple[Metric, ...]]]) -> dict[str, Any]:
    """Every metric that both measured, and those that are gone; with the place before of what is worse or gone."""
    known: dict[Key, list[tuple[Report, Metric]]] = {}
    for report, metrics in before:
        for metric in (one for one in metrics if one.more is not None):
            known.setdefault(metric.key, []).append((report, metric))
    measured = [(one.report, metric, metric.key) for one in now for metric in one.metrics]
    gone = sorted(known.keys() - {key for _, _, key in measured})
    facts: dict[str, Any] = {
        "metrics": [_compared(report, metric, *was) for report, metric, key in measured for was in known.get(key, ())],
        "dropped": [labelled(key) for key in gone],
        "latency": [
            {"percentile": plain(one.percentile), "valueMs": plain(one.milliseconds)}
            for report, _ in before
            for one in measures_of(report).latency
        ],
    }
    if gone:
        places = {key: [place for was in known[key] for place in _before(*was)] for key in gone}
        facts["droppedFrom"] = {labelled(key): found for key, found in places.items()}
    return facts


def _compared(report: Report, metric: Metric, old: Report, before: Metric) -> dict[str, Any]:
    fact, place = compared(metric, before), report.at(*metric.stated.at("value"))
    worse = fact.get("regressionRatio") != 0 or not fact["sameDirection"]
    return {**fact, "place": {**place, "related": _before(old, before)} if worse else place}


def _before(report: Report, metric: Metric) -> list[dict[str, Any]]:
    """Where the previous release's report says what it measured."""
    return related_before(report, *metric.stated.at("value"))

"""How good a release is: its evaluation reports in numbers, beside those of the previous release.

A report is JSON as `schemas/evaluation-report.schema.json` describes it. It counts for the artifacts whose digests it
names, at the time at which it was made; what it says of itself and cannot be right makes it invalid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence import binding
from changegate.evidence.collector import EvidenceRequest, Section
from changegate.evidence.memo import once
from changegate.evidence.metrics import Key, Metric, compared, labelled, read_metrics
from changegate.evidence.reports import Report, Unsound, block, earlier, past, read_all, sound, summary
from changegate.numbers import plain
from changegate.records import NamedTuple
from changegate.rollout.objectives import Objective, objectives

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SCHEMA = "evaluation-report"
_metrics = once(read_metrics)


class _Evaluation(NamedTuple):
    """A sound report, read."""

    report: Report
    metrics: tuple[Metric, ...]
    evaluated: int
    """When it was made, in seconds since the epoch."""
    collected: int | None
    """When its data was collected, where it says so."""


def collect(request: EvidenceRequest) -> Section:
    """Establish the facts of a release's evaluation."""
    spec = request.release.get("spec", {})
    stated = spec.get("evaluation")
    reports, made = sound(
        read_all(request.release, "evaluation", request.files, _SCHEMA), lambda report: _read(report, request.now)
    )
    read_ = [one for _, one in made]
    comparison, differences = _comparison(request, read_)
    artifacts = binding.subjects(request.release)
    facts = {
        "block": block(stated),
        "task": str(spec.get("task", "unstated")),
        "model": str(request.release.get("metadata", {}).get("name", "")),
        "artifacts": binding.coverage([one.report.value.get("model") for one in read_], artifacts),
        "reports": [_report(one.report, artifacts, _training(spec)) for one in read_],
        "ages": [age for one in read_ for age in _ages(one, request.now)],
        "samples": [sample for one in read_ for sample in _samples(one)],
        "metrics": [_metric(one.report, metric) for one in read_ for metric in one.metrics],
        "latency": _latency(request.release, [one.report for one in read_]),
        "comparison": differences,
    }
    return Section({**summary(reports, stated, "evaluation report"), "comparison": comparison}, facts)


def _read(report: Report, now: int) -> _Evaluation:
    """Check a report against the clock and itself, and read its metrics."""
    value = report.value
    evaluated = past(value["evaluatedAt"], now, ("evaluatedAt",))
    place = ("dataset", "collectedAt")
    stated = value["dataset"].get("collectedAt")
    collected = None if stated is None else past(stated, now, place)
    if collected is not None and collected > evaluated:
        raise Unsound("`collectedAt` lies after `evaluatedAt`", place)
    return _Evaluation(report, _metrics(report), evaluated, collected)


def _report(report: Report, artifacts: Sequence[binding.Artifact], training: set[str]) -> dict[str, Any]:
    value = report.value
    digest, checks = value["dataset"].get("digest"), value.get("checks", {})
    leakage = checks.get("leakage", {})
    looked = "none" if leakage.get("checked") else "unchecked"
    return {
        "file": report.file,
        "boundTo": binding.bound_to(value.get("model"), artifacts),
        "dataset": "unpinned" if digest is None else "training" if digest in training else "held-out",
        "leakage": "found" if leakage.get("found") else looked,
        "foldsCount": checks.get("crossValidation", {}).get("folds", 0),
        "places": {
            "model": report.at("model"),
            "dataset": report.at("dataset", *(["digest"] if digest else [])),
            "checks": report.at("checks", *(["leakage"] if leakage else [])),
        },
    }


def _training(spec: Mapping[str, Any]) -> set[str]:
    """The digests of the data that the release was trained on."""
    provenance = spec.get("provenance", {})
    return {str(data["digest"]) for data in provenance.get("trainingData", ()) if "digest" in data}


def _ages(one: _Evaluation, now: int) -> list[dict[str, Any]]:
    """How old a report is, and how old its data; the latter without a number where the report does not say."""
    report, data = one.report, {} if one.collected is None else {"ageSeconds": now - one.collected}
    return [
        {"of": "report", "ageSeconds": now - one.evaluated, "place": report.at("evaluatedAt")},
        {"of": "data", **data, "place": report.at("dataset", *(["collectedAt"] if data else []))},
    ]


def _samples(one: _Evaluation) -> list[dict[str, Any]]:
    """How many samples a report's data has, and every metric that was not measured on all of them."""
    data = one.report.value["dataset"]
    whole = {"name": data["name"], "of": "data", "sampleCount": int(data["sampleCount"])}
    parts = [
        {
            "name": metric.label,
            "of": "slice" if metric.slice else "metric",
            "sampleCount": metric.samples,
            "place": one.report.at("metrics", metric.place, "sampleCount"),
        }
        for metric in one.metrics
        if metric.samples is not None
    ]
    return [{**whole, "place": one.report.at("dataset", "sampleCount")}, *parts]


def _metric(report: Report, metric: Metric) -> dict[str, Any]:
    place = report.at("metrics", metric.place, "value")
    return {"name": metric.name, "slice": metric.slice, "value": plain(metric.value), "place": place}


def _latency(release: Mapping[str, Any], reports: Sequence[Report]) -> list[dict[str, Any]]:
    """For every latency objective what the reports measured of it."""
    return [_measured(slo, reports) for slo in objectives(release) if slo.threshold_ms]


def _measured(slo: Objective, reports: Sequence[Report]) -> dict[str, Any]:
    """The slowest measure that speaks of an objective.

    A P99 under the threshold shows that the P95 is, too; a P50 shows nothing, so each report gives its least percentile
    that is not below the objective.
    """
    fact: dict[str, Any] = {
        "name": slo.name,
        "thresholdMs": plain(slo.threshold_ms or 0.0),
        "measured": False,
        "place": {"path": ["spec", "slos", slo.position]},
    }
    found = [measure for report in reports for measure in _speaking(report, (slo.objective or 0.0) * 100)]
    if found:
        value, percentile, report, index = max(found, key=lambda one: (one[0], one[1]))
        place = report.at("latency", index, "valueMs")
        fact |= {"measured": True, "percentile": plain(percentile), "valueMs": plain(value), "place": place}
    return fact


def _speaking(report: Report, wanted: float) -> list[tuple[float, float, Report, int]]:
    measures = [
        (float(one["valueMs"]), float(one["percentile"]), report, index)
        for index, one in enumerate(report.value.get("latency", ()))
        if wanted > 0 and one["percentile"] >= wanted - 1e-9
    ]
    least = min((percentile for _, percentile, _, _ in measures), default=0.0)
    return [measure for measure in measures if measure[1] == least]


def _comparison(request: EvidenceRequest, now: Sequence[_Evaluation]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Compare with the reports of the previous release, as they are at the base."""
    status, before = earlier(request, "evaluation", _SCHEMA, _metrics)
    if status["status"] != "present":
        return status, {"metrics": [], "dropped": []}
    return status, _differences(now, [metric for _, metrics in before for metric in metrics])


def _differences(now: Sequence[_Evaluation], before: Sequence[Metric]) -> dict[str, Any]:
    known: dict[Key, list[Metric]] = {}
    for metric in before:
        known.setdefault(metric.key, []).append(metric)
    measured = [(one.report, metric, metric.key) for one in now for metric in one.metrics]
    return {
        "metrics": [
            {**compared(metric, was), "place": report.at("metrics", metric.place, "value")}
            for report, metric, key in measured
            for was in known.get(key, ())
        ],
        "dropped": [labelled(key) for key in sorted(known.keys() - {key for _, _, key in measured})],
    }

"""How good a release is: its evaluation reports in numbers, beside those of the previous release.

A report is JSON as `schemas/evaluation-report.schema.json` describes it. It counts for the artifacts whose digests it
names, at the time at which it was made; what it says of itself and cannot be right makes it invalid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence import binding
from changegate.evidence.collector import Request, Section, absent, invalid, present, unavailable
from changegate.evidence.metrics import Metric, compared, read
from changegate.evidence.reports import Report, Unsound, block, read_all, sound, summary
from changegate.evidence.times import moment
from changegate.rollout.objectives import Objective, objectives, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_SCHEMA = "evaluation-report"

Read = tuple[Report, tuple[Metric, ...]]


def collect(request: Request) -> Section:
    """Establish the facts of a release's evaluation."""
    stated = request.release.get("spec", {}).get("evaluation")
    reports, read_ = sound(
        read_all(request.release, "evaluation", request.files, _SCHEMA), lambda report: _read(report, request.now)
    )
    facts = {
        "block": block(stated),
        "task": str(request.release.get("spec", {}).get("task", "unstated")),
        "model": str(request.release.get("metadata", {}).get("name", "")),
        "artifacts": binding.coverage([report.value.get("model") for report, _ in read_], _subjects(request)),
        "reports": [_report(report, request) for report, _ in read_],
        "metrics": [_metric(report, metric) for report, metrics in read_ for metric in metrics],
        "latency": _latency(request.release, [report for report, _ in read_]),
    }
    comparison, compared_ = _comparison(request, read_)
    evidence = {**summary(reports, stated, "evaluation report"), "comparison": comparison}
    return Section(evidence, {**facts, "comparison": compared_})


def _subjects(request: Request) -> tuple[binding.Artifact, ...]:
    return binding.subjects(request.release)


def _read(report: Report, now: int) -> tuple[Metric, ...]:
    """Check a report against the clock and itself, and read its metrics."""
    value = report.value
    evaluated = past(value["evaluatedAt"], now, ("evaluatedAt",))
    collected = value["dataset"].get("collectedAt")
    if collected is not None and past(collected, now, ("dataset", "collectedAt")) > evaluated:
        raise Unsound("`collectedAt` lies after `evaluatedAt`", ("dataset", "collectedAt"))
    return read(value)


def past(text: str, now: int, path: Sequence[str | int]) -> int:
    """Read a moment that evidence names.

    Returns:
        Seconds since the epoch.

    Raises:
        Unsound: It is none that exists, or it lies in the future.
    """
    found = moment(text)
    if found is None:
        raise Unsound(f"`{path[-1]}` is no moment that exists", path)
    if found > now:
        raise Unsound(f"`{path[-1]}` lies in the future", path)
    return found


def _report(report: Report, request: Request) -> dict[str, Any]:
    value = report.value
    dataset, checks = value["dataset"], value.get("checks", {})
    leakage = checks.get("leakage", {})
    facts = {
        "file": report.file,
        "ageSeconds": request.now - past(value["evaluatedAt"], request.now, ("evaluatedAt",)),
        "boundTo": binding.bound_to(value.get("model"), _subjects(request)),
        "sampleCount": dataset["sampleCount"],
        "datasetPinned": "digest" in dataset,
        "trainedOn": dataset.get("digest") in _training(request.release),
        "leakageChecked": leakage.get("checked", False),
        "leakageFound": leakage.get("found", False),
        "foldsCount": checks.get("crossValidation", {}).get("folds", 0),
        "places": {
            "model": report.at("model"),
            "evaluatedAt": report.at("evaluatedAt"),
            "dataset": report.at("dataset"),
            "checks": report.at("checks"),
        },
    }
    if "collectedAt" in dataset:
        facts["datasetAgeSeconds"] = request.now - past(dataset["collectedAt"], request.now, ("collectedAt",))
    return facts


def _training(release: Mapping[str, Any]) -> set[str]:
    """The digests of the data that the release was trained on."""
    provenance = release.get("spec", {}).get("provenance", {})
    return {str(data["digest"]) for data in provenance.get("trainingData", ()) if "digest" in data}


def _metric(report: Report, metric: Metric) -> dict[str, Any]:
    return {
        "name": metric.name,
        "slice": metric.slice,
        "value": plain(float(metric.value)),
        "sampleCount": metric.samples,
        "place": report.at("metrics", metric.index, "value"),
    }


def _latency(release: Mapping[str, Any], reports: Sequence[Report]) -> list[dict[str, Any]]:
    """For every latency objective what the reports measured of it, as a share of its threshold."""
    return [_usage(slo, reports) for slo in objectives(release) if slo.threshold_ms]


def _usage(slo: Objective, reports: Sequence[Report]) -> dict[str, Any]:
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
        fact |= {
            "measured": True,
            "percentile": plain(percentile),
            "valueMs": plain(value),
            "usageRatio": round(min(value / (slo.threshold_ms or 1.0), 1e12), 6),
            "place": report.at("latency", index, "valueMs"),
        }
    return fact


def _speaking(report: Report, wanted: float) -> list[tuple[float, float, Report, int]]:
    measures = [
        (float(one["valueMs"]), float(one["percentile"]), report, index)
        for index, one in enumerate(report.value.get("latency", ()))
        if wanted > 0 and one["percentile"] >= wanted - 1e-9
    ]
    least = min((percentile for _, percentile, _, _ in measures), default=0.0)
    return [measure for measure in measures if measure[1] == least]


def _comparison(request: Request, read_: Iterable[Read]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Compare with the reports of the previous release, as they are at the base."""
    nothing: dict[str, Any] = {"metrics": [], "dropped": []}
    if request.previous is None:
        return absent("there is no previous release"), nothing
    stated = request.previous.get("spec", {}).get("evaluation")
    if block(stated) != "present":
        return absent("the previous release has no evaluation report"), nothing
    reports, before = sound(
        read_all(request.previous, "evaluation", request.files, _SCHEMA, revision="base"),
        lambda report: read(report.value),
    )
    for report in reports:
        if report.status != "present":
            reason = f"of the previous release, {report.reason}"
            return (unavailable if report.status == "unavailable" else invalid)(reason), nothing
    return present(), _differences(list(read_), [metric for _, metrics in before for metric in metrics])


def _differences(now: Sequence[Read], before: Sequence[Metric]) -> dict[str, Any]:
    old: dict[tuple[str, str], list[Metric]] = {}
    for metric in before:
        old.setdefault((metric.name, metric.slice), []).append(metric)
    measured = {(metric.name, metric.slice) for _, metrics in now for metric in metrics}
    return {
        "metrics": [
            {**compared(metric, known), "place": report.at("metrics", metric.index, "value")}
            for report, metrics in now
            for metric in metrics
            for known in old.get((metric.name, metric.slice), ())
        ],
        "dropped": [{"name": name, "slice": part} for name, part in sorted(old) if (name, part) not in measured],
    }

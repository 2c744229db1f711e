"""Facts of evaluation reports: what they were made on, when, what they measured, and how that compares."""

from __future__ import annotations

import hashlib
import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from changegate.evidence.binding import bound_to, coverage, subjects
from changegate.evidence.evaluation import collect
from changegate.evidence.latency import samples_needed
from changegate.evidence.metrics import Metric, StatedMetric, compared, labelled, read_metrics, spelled
from changegate.evidence.readers import evaluation_report
from changegate.evidence.unsound import Unsound
from changegate.resources import SCHEMAS
from support.rollouts import fraud
from support.trees import request

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = json.loads((SCHEMAS / "input" / "evaluation.json").read_text())
FILE = "models/fraud/evaluation.json"
MODEL = "sha256:" + "a" * 64
HELD_OUT = "sha256:" + "b" * 64
TRAINING = "sha256:" + "c" * 64
DAY = 86_400

REPORT: dict[str, Any] = {
    "schemaVersion": 1,
    "model": {"digests": [MODEL]},
    "evaluatedAt": "2026-11-01T12:00:00Z",
    "dataset": {
        "name": "holdout",
        "digest": HELD_OUT,
        "collectedAt": "2026-10-23T14:00:00+02:00",
        "sampleCount": 180_000,
    },
    "metrics": [
        {"name": "ROC-AUC", "value": 0.96, "higherIsBetter": True},
        {"name": "fpr", "value": 0.012, "higherIsBetter": False, "sampleCount": 9000},
        {"name": "recall", "value": 0.8, "higherIsBetter": True, "slice": "country=DE", "sampleCount": 700},
    ],
    "latency": [{"percentile": 50, "valueMs": 20}, {"percentile": 95, "valueMs": 88}],
    "checks": {"leakage": {"checked": True, "found": False}, "crossValidation": {"folds": 5}},
}


def report(**changes: Any) -> dict[str, Any]:
    """The report with parts replaced; None takes a part out, a dict is laid over what is there."""
    made = deepcopy(REPORT)
    for key, value in changes.items():
        if value is None:
            del made[key]
        elif isinstance(value, dict):
            laid = {**made[key], **value}
            made[key] = {name: part for name, part in laid.items() if part is not None}
        else:
            made[key] = value
    return made


def data_of(value: Any) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def reference(value: Any, path: str = FILE) -> dict[str, str]:
    return {"path": path, "digest": "sha256:" + hashlib.sha256(data_of(value)).hexdigest()}


def release(*references: dict[str, str]) -> dict[str, Any]:
    made = fraud()
    made["spec"] |= {
        "task": "classification",
        "artifacts": [{"name": "model", "role": "model", "uri": "s3://models/fraud", "digest": MODEL}],
        "provenance": {"trainingData": [{"name": "transactions", "digest": TRAINING}, {"name": "others"}]},
        "evaluation": {"evidence": list(references)},
    }
    return made


def valid(section: Any) -> tuple[Any, Any]:
    """Evidence and facts, held against their schema."""
    for name, value in (("evidence", section.evidence), ("facts", section.facts)):
        jsonschema.Draft202012Validator({**SCHEMA, "$ref": f"#/$defs/{name}"}).validate(value)
        json.dumps(value, allow_nan=False)
    return section.evidence, section.facts


def checked(*values: Any, **more: Any) -> tuple[Any, Any]:
    """Collect a release that names these reports."""
    paths = [f"{index}-{FILE}" if index else FILE for index in range(len(values))]
    made = release(*(reference(value, path) for value, path in zip(values, paths, strict=True)))
    files = {path: data_of(value) for value, path in zip(values, paths, strict=True)}
    return valid(collect(request(more.pop("release", made), files, **more)))


def at(*path: str | int, file: str = FILE) -> dict[str, Any]:
    return {"at": {"file": file, "revision": "head", "path": list(path)}}


# What a report says


def test_a_report_in_numbers() -> None:
    evidence, facts = checked(REPORT)
    assert evidence["status"] == "present"
    assert evidence["files"] == [
        {
            "status": "present",
            "file": FILE,
            "digest": reference(REPORT)["digest"],
            "source": "repository",
            "place": at(),
        }
    ]
    assert (facts["block"], facts["task"], facts["model"]) == ("present", "classification", "fraud-detector")
    assert facts["artifacts"] == [
        {"name": "model", "pinned": True, "bound": True, "place": {"path": ["spec", "artifacts", 0]}}
    ]
    assert facts["reports"] == [
        {
            "file": FILE,
            "reader": {"format": "evaluation-report", "version": 1, "heldTo": "own"},
            "boundTo": ["model"],
            "boundBy": "report",
            "dataset": "held-out",
            "leakage": "none",
            "foldsCount": 5,
            "places": {
                "model": at("model"),
                "dataset": at("dataset", "digest"),
                "checks": at("checks", "leakage"),
            },
        }
    ]
    assert facts["ages"] == [
        {"of": "report", "ageSeconds": DAY, "place": at("evaluatedAt")},
        {"of": "data", "ageSeconds": 10 * DAY, "place": at("dataset", "collectedAt")},
    ]


def test_metrics_and_the_samples_behind_them() -> None:
    _, facts = checked(REPORT)
    assert facts["metrics"] == [
        {
            "name": "roc_auc",
            "names": ["roc_auc", "roc_auc_score", "auroc"],
            "slice": "",
            "value": 0.96,
            "place": at("metrics", 0, "value"),
        },
        {"name": "fpr", "names": ["fpr"], "slice": "", "value": 0.012, "place": at("metrics", 1, "value")},
        {
            "name": "recall",
            "names": ["recall", "recall_score"],
            "slice": "country=DE",
            "value": 0.8,
            "place": at("metrics", 2, "value"),
        },
    ]
    assert facts["samples"] == [
        {"name": "holdout", "of": "data", "sampleCount": 180_000, "place": at("dataset", "sampleCount")},
        {"name": "fpr", "of": "metric", "sampleCount": 9000, "place": at("metrics", 1, "sampleCount")},
        {"name": "recall of country=DE", "of": "slice", "sampleCount": 700, "place": at("metrics", 2, "sampleCount")},
    ]


def test_a_slice_that_does_not_say_how_many_has_none() -> None:
    sliced = {"name": "recall", "value": 0.8, "higherIsBetter": True, "slice": "country=DE"}
    _, facts = checked(report(metrics=[sliced]))
    assert [(one["of"], one["sampleCount"]) for one in facts["samples"]] == [("data", 180_000), ("slice", 0)]


@pytest.mark.parametrize(("digest", "said"), [(HELD_OUT, "held-out"), (TRAINING, "training"), (None, "unpinned")])
def test_what_data_a_report_was_made_on(digest: str | None, said: str) -> None:
    _, facts = checked(report(dataset={"digest": digest}))
    assert facts["reports"][0]["dataset"] == said
    place = facts["reports"][0]["places"]["dataset"]
    trained_on = {"message": "the training data", "path": ["spec", "provenance", "trainingData", 0, "digest"]}
    assert place.pop("related", []) == ([trained_on] if said == "training" else [])
    assert place == (at("dataset", "digest") if digest else at("dataset"))


@pytest.mark.parametrize(
    ("checks", "said"),
    [
        ({"leakage": {"checked": True, "found": False}}, "none"),
        ({"leakage": {"checked": True, "found": True}}, "found"),
        ({"leakage": {"checked": False, "found": True}}, "found"),
        ({"leakage": {"checked": False, "found": False}}, "unchecked"),
        ({"leakage": None}, "unchecked"),
        (None, "unchecked"),
    ],
)
def test_leakage(checks: Any, said: str) -> None:
    _, facts = checked(report(checks=checks))
    assert facts["reports"][0]["leakage"] == said


def test_data_of_no_stated_age_has_no_number() -> None:
    _, facts = checked(report(dataset={"collectedAt": None}))
    assert facts["ages"][1] == {"of": "data", "place": at("dataset")}


# The latency


@pytest.mark.parametrize(
    ("percentile", "confidence", "needed"),
    [(95, 0.95, 59), (99, 0.95, 299), (99.9, 0.95, 2995), (95, 0.99, 90), (50, 0.95, 5), (90, 0.9, 22)],
)
def test_how_many_requests_can_tell_a_percentile(percentile: float, confidence: float, needed: int) -> None:
    assert samples_needed(percentile / 100, confidence) == needed
    assert (percentile / 100) ** needed <= 1 - confidence < (percentile / 100) ** (needed - 1)


@pytest.mark.parametrize(("quantile", "confidence"), [(0.0, 0.95), (1.0, 0.95), (0.5, 1.0), (1 - 1e-16, 0.95)])
def test_no_percentile_asks_for_more_than_can_be_counted(quantile: float, confidence: float) -> None:
    assert 1 <= samples_needed(quantile, confidence) < 10**8


def test_a_percentile_says_on_how_many_requests_it_stands() -> None:
    (fact,) = checked(report(latency=[{"percentile": 95, "valueMs": 88, "sampleCount": 3}]))[1]["latency"]
    assert (fact["sampleCount"], fact["samplesNeeded"]) == (3, 59)
    assert fact["countPlace"] == at("latency", 0, "sampleCount")
    (fact,) = checked(REPORT)[1]["latency"]
    assert "sampleCount" not in fact
    assert fact["countPlace"] == at("latency", 1)


@pytest.mark.parametrize(
    ("measures", "expected"),
    [
        ([(95, 88)], (95, 88)),
        ([(99, 150)], (99, 150)),
        ([(50, 20), (95, 88), (99, 150)], (95, 88)),
        ([(95, 88), (95, 310)], (95, 310)),
        ([(50, 20)], None),
        ([], None),
    ],
)
def test_the_percentile_that_speaks_of_an_objective(measures: Any, expected: Any) -> None:
    _, facts = checked(report(latency=[{"percentile": one, "valueMs": ms} for one, ms in measures]))
    (fact,) = facts["latency"]
    assert (fact["name"], fact["thresholdMs"]) == ("latency-p95", 300)
    assert fact["measured"] is (expected is not None)
    if expected is None:
        assert fact["place"] == {"path": ["spec", "slos", 0]}
    else:
        assert (fact["percentile"], fact["valueMs"]) == expected


def test_the_slowest_of_several_reports_counts() -> None:
    slow = report(latency=[{"percentile": 95, "valueMs": 290.5}])
    _, facts = checked(REPORT, slow)
    assert facts["latency"][0]["valueMs"] == 290.5
    objective = {"message": "the objective", "path": ["spec", "slos", 0]}
    assert facts["latency"][0]["place"] == {**at("latency", 0, "valueMs", file=f"1-{FILE}"), "related": [objective]}


def test_an_objective_without_a_share_is_measured_by_nothing() -> None:
    made = release(reference(REPORT))
    made["spec"]["slos"] = [{"name": "latency", "thresholdMs": 300}, {"name": "errors", "objective": 0.99}]
    _, facts = checked(REPORT, release=made)
    assert [(one["name"], one["measured"]) for one in facts["latency"]] == [("latency", False)]


# Reports that cannot be believed


def sliced(country: str, count: int) -> dict[str, Any]:
    return {
        "name": "recall",
        "value": 0.8,
        "higherIsBetter": True,
        "slice": f"country={country}",
        "sampleCount": count,
    }


def test_slices_by_several_attributes_may_overlap_and_two_runs_may_differ() -> None:
    metrics = [sliced("DE", 100_000), {**sliced("FR", 100_000), "slice": "device=phone"}]
    latency = [
        {"percentile": 99, "valueMs": 80, "platform": "gpu"},
        {"percentile": 95, "valueMs": 88, "platform": "cpu"},
    ]
    assert checked(report(metrics=metrics, latency=latency))[0]["status"] == "present"


@pytest.mark.parametrize(
    ("value", "reason", "path"),
    [
        (report(evaluatedAt="2026-11-02T12:00:01Z"), "`evaluatedAt` lies in the future", ["evaluatedAt"]),
        (report(evaluatedAt="2026-02-30T12:00:00Z"), "`evaluatedAt` is no moment that exists", ["evaluatedAt"]),
        (
            report(dataset={"collectedAt": "2026-11-01T12:00:01Z"}),
            "`collectedAt` lies after `evaluatedAt`",
            ["dataset", "collectedAt"],
        ),
        (
            report(metrics=[{"name": "accuracy", "value": 96, "higherIsBetter": True}]),
            "accuracy lies between 0 and 1, and it says 96",
            ["metrics", 0, "value"],
        ),
        (
            report(metrics=[sliced("DE", 100_000), sliced("FR", 100_000)]),
            "the slices of recall by country have 200000 samples of 180000 together",
            ["metrics", 1, "sampleCount"],
        ),
        (
            report(dataset={"digest": f"sha256:{hashlib.sha256().hexdigest()}"}),
            "the digest of its data is the one of an empty file, or zeros alone",
            ["dataset", "digest"],
        ),
        (
            report(latency=[{"percentile": 99, "valueMs": 80}, {"percentile": 95, "valueMs": 88}]),
            "P99 of the latency is faster than P95 of the same requests",
            ["latency", 0, "valueMs"],
        ),
    ],
)
def test_a_report_that_cannot_be_right_is_invalid(value: Any, reason: str, path: list[str | int]) -> None:
    evidence, facts = checked(value)
    assert evidence["status"] == evidence["files"][0]["status"] == "invalid"
    assert evidence["reason"] == f"{FILE}: {reason}"
    named = {"message": "where the manifest names it", "path": ["spec", "evaluation", "evidence", 0]}
    assert evidence["files"][0]["place"] == {**at(*path), "related": [named]}
    assert facts["reports"] == facts["metrics"] == facts["ages"] == []
    assert facts["artifacts"][0]["bound"] is False


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"\xff\xfe{\x00}\x00",
        b"[" * 5000,
        b'{"schemaVersion": 1, "schemaVersion": 1}',
        b"null",
        b'"evaluated"',
        data_of(report(metrics=[])),
        data_of(report(model={"digests": ["latest"]})),
        data_of(report(metrics=[{"name": "recall", "value": True, "higherIsBetter": True}])),
        data_of(report(metrics=[{"name": "recall", "value": "0.9", "higherIsBetter": True}])),
        data_of(REPORT).replace(b"0.96", b"NaN"),
        data_of(REPORT).replace(b"0.96", b"1e999"),
        data_of({**REPORT, "verdict": "passed"}),
    ],
)
def test_what_is_no_report_is_invalid(value: bytes) -> None:
    evidence, facts = checked(value)
    assert evidence["files"][0]["status"] == "invalid"
    assert evidence["files"][0]["reason"].startswith(f"{FILE}: ")
    assert facts["reports"] == []


def test_a_report_that_breaks_off_stands_on_its_line() -> None:
    evidence, _ = checked(b'{\n"schemaVersion": 1,\n"model": }')
    place = evidence["files"][0]["place"]["at"]
    assert (place["file"], place["line"]) == (FILE, 3)


def test_another_digest_than_the_manifest_names() -> None:
    made = release({"path": FILE, "digest": MODEL})
    evidence, _ = checked(REPORT, release=made)
    assert evidence["files"][0]["status"] == "invalid"
    there = {"message": "the file itself", "at": {"file": FILE, "revision": "head"}}
    named = ["spec", "evaluation", "evidence", 0, "digest"]
    assert evidence["files"][0]["place"] == {"path": named, "related": [there]}


def test_a_report_that_is_not_there() -> None:
    evidence, _ = valid(collect(request(release(reference(REPORT)), {})))
    assert (evidence["status"], evidence["files"][0]["status"]) == ("invalid", "absent")
    assert evidence["files"][0]["place"] == {"path": ["spec", "evaluation", "evidence", 0, "path"]}


def test_one_of_two_is_broken_and_the_other_counts() -> None:
    evidence, facts = checked(REPORT, b"{")
    assert evidence["status"] == "present"
    assert [one["status"] for one in evidence["files"]] == ["present", "invalid"]
    assert len(facts["reports"]) == 1


def test_a_remote_report_is_unavailable_until_it_is_handed_in(tmp_path: Path) -> None:
    remote = {"uri": "s3://evidence/evaluation.json", "digest": reference(REPORT)["digest"]}
    evidence, facts = valid(collect(request(release(remote), {})))
    assert evidence["status"] == "unavailable"
    assert evidence["files"][0]["place"] == {"path": ["spec", "evaluation", "evidence", 0, "uri"]}
    assert facts["reports"] == []
    (tmp_path / "evaluation.json").write_bytes(data_of(REPORT))
    evidence, facts = valid(collect(request(release(remote), {}, handed_in=tmp_path)))
    assert evidence["files"][0]["source"] == "handed-in"
    # a line of a file outside the repository cannot be shown, so the reference is
    assert facts["metrics"][0]["place"] == {"path": ["spec", "evaluation", "evidence", 0]}


@pytest.mark.parametrize(
    ("stated", "block", "reason"),
    [
        (None, "absent", "the manifest names no evaluation report"),
        ({"notApplicable": "it only ranks"}, "not-applicable", "it only ranks"),
    ],
)
def test_no_report_at_all(stated: Any, block: str, reason: str) -> None:
    made = release()
    made["spec"]["evaluation"] = stated
    if stated is None:
        del made["spec"]["evaluation"], made["spec"]["task"]
    evidence, facts = valid(collect(request(made)))
    assert (evidence["status"], evidence["reason"], evidence["files"]) == ("absent", reason, [])
    assert facts["block"] == block
    assert facts["task"] == ("unstated" if stated is None else "classification")


# The previous release


def compare(now: Any, before: Any, **more: Any) -> tuple[Any, Any]:
    base = more.pop("base", {FILE: data_of(before)})
    return checked(now, base=base, previous=release(reference(before)), **more)


def test_metrics_beside_those_of_the_previous_release() -> None:
    worse = report(metrics=[{"name": "fpr", "value": 0.018, "higherIsBetter": False}])
    evidence, facts = compare(worse, REPORT)
    assert evidence["comparison"] == {"status": "present"}
    assert {
        name: [one["at"]["revision"] for one in beside]
        for name, beside in facts["comparison"].pop("droppedFrom").items()
    } == {
        "recall of country=DE": ["base"],
        "roc_auc": ["base"],
    }
    (before,) = facts["comparison"]["metrics"][0]["place"].pop("related")
    assert (before["message"], before["at"]["revision"]) == ("the previous release", "base")
    assert REPORT["metrics"][before["at"]["path"][1]]["value"] == 0.012
    assert facts["comparison"] == {
        "metrics": [
            {
                "name": "fpr",
                "slice": "",
                "label": "fpr",
                "value": 0.018,
                "previousValue": 0.012,
                "higherIsBetter": False,
                "sameDirection": True,
                "regressionRatio": 0.5,
                "place": at("metrics", 0, "value"),
            }
        ],
        "dropped": ["recall of country=DE", "roc_auc"],
        "latency": [{"percentile": one["percentile"], "valueMs": one["valueMs"]} for one in REPORT["latency"]],
    }


def test_intervals_are_told_as_the_reports_state_them() -> None:
    bounds = {"lower": 0.01, "upper": 0.02}
    known = {"name": "fpr", "value": 0.018, "higherIsBetter": False, "interval": bounds}
    _, facts = compare(report(metrics=[known]), report(metrics=[{**known, "interval": {"lower": 0.0, "upper": 0.03}}]))
    assert facts["metrics"][0]["interval"] == bounds
    (both,) = facts["comparison"]["metrics"]
    assert (both["interval"], both["previousInterval"]) == (bounds, {"lower": 0, "upper": 0.03})


def test_no_previous_release() -> None:
    evidence, facts = checked(REPORT)
    assert evidence["comparison"] == {"status": "absent", "reason": "there is no previous release"}
    assert facts["comparison"] == {"metrics": [], "dropped": []}


def test_a_previous_release_without_an_evaluation() -> None:
    evidence, _ = checked(REPORT, previous=fraud())
    assert evidence["comparison"]["reason"] == "the previous release has no evaluation report"


def test_a_previous_report_that_cannot_be_read(tmp_path: Path) -> None:
    evidence, facts = compare(REPORT, REPORT, base={})
    assert evidence["comparison"]["status"] == "invalid"
    assert evidence["comparison"]["reason"].startswith("of the previous release, ")
    assert facts["comparison"]["metrics"] == []
    (tmp_path / "before.json").write_bytes(data_of(REPORT))
    assert compare(REPORT, REPORT, base={}, handed_in=tmp_path)[0]["comparison"] == {"status": "present"}
    remote = release({"uri": "s3://evidence/evaluation.json", "digest": reference(REPORT)["digest"]})
    evidence, _ = checked(REPORT, previous=remote, base={})
    assert evidence["comparison"]["status"] == "unavailable"


def test_the_previous_report_is_read_at_the_base_and_may_be_old() -> None:
    before = report(evaluatedAt="2019-01-01T00:00:00Z", dataset={"collectedAt": None})
    evidence, facts = compare(REPORT, before)
    assert evidence["comparison"] == {"status": "present"}
    assert [one["regressionRatio"] for one in facts["comparison"]["metrics"]] == [0, 0, 0]


# Metrics


def metric(value: float, *, more: bool = True) -> Metric:
    return Metric("recall", "", value, more, None, StatedMetric("recall", value, more, "", None, None, ("metrics", 0)))


@pytest.mark.parametrize(
    ("now", "before", "more", "ratio"),
    [
        (0.9, 0.9, True, 0),
        (0.95, 0.9, True, 0),
        (0.81, 0.9, True, 0.1),
        (0.02, 0.01, False, 1),
        (0.005, 0.01, False, 0),
        (-2.0, -1.0, True, 1),
        (0.0, 0.0, False, 0),
        (1e15, 1e-9, False, 1e12),
    ],
)
def test_how_much_worse(now: float, before: float, more: bool, ratio: float) -> None:
    fact = compared(metric(now, more=more), metric(before, more=more))
    assert fact["regressionRatio"] == pytest.approx(ratio)


def test_worse_than_nothing_has_no_share() -> None:
    assert "regressionRatio" not in compared(metric(0.1, more=False), metric(0.0, more=False))


def test_the_previous_release_says_which_direction_is_better() -> None:
    fact = compared(metric(0.5, more=False), metric(0.9, more=True))
    assert (fact["sameDirection"], fact["higherIsBetter"]) == (False, True)
    assert fact["regressionRatio"] == pytest.approx(4 / 9)


def report_of(metrics: Any) -> Any:
    data = {"name": "holdout", "sampleCount": 10}
    return {"evaluatedAt": "2026-10-25T08:00:00Z", "dataset": data, "metrics": metrics}


@pytest.mark.parametrize(
    ("metrics", "reason"),
    [
        ([("recall", 0.9, True), ("Recall", 0.8, True)], "the metric recall stands there twice"),
        ([("rmse", 3, True)], "of rmse less is better, and it says otherwise"),
        ([("recall@10", 0.9, False)], "of recall@10 more is better, and it says otherwise"),
        ([("f1", -0.1, True)], "f1 lies between 0 and 1, and it says -0.1"),
    ],
)
def test_metrics_that_cannot_be_right(metrics: Any, reason: str) -> None:
    stated = [{"name": name, "value": value, "higherIsBetter": more} for name, value, more in metrics]
    with pytest.raises(Unsound, match=f"^{reason}$"):
        read_metrics(evaluation_report.read(report_of(stated)), {})


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"sampleCount": 11}, "lift was measured on 11 samples of 10"),
        ({"interval": {"lower": 3, "upper": 4}}, "the interval of lift does not hold its value"),
    ],
)
def test_samples_and_intervals_that_cannot_be_right(more: Any, reason: str) -> None:
    stated = {"name": "lift", "value": 2, "higherIsBetter": True, **more}
    with pytest.raises(Unsound, match=f"^{reason}$"):
        read_metrics(evaluation_report.read(report_of([stated])), {})


def test_the_same_metric_of_two_slices_is_two() -> None:
    stated = [{"name": "recall", "value": 0.9, "higherIsBetter": True, "slice": part} for part in ("a", "b")]
    assert [one.label for one in read_metrics(evaluation_report.read(report_of(stated)), {})] == [
        "recall of a",
        "recall of b",
    ]


def test_names() -> None:
    assert spelled("ROC-AUC") == "roc_auc"
    assert labelled(("recall", "")) == "recall"


# What a report was made on


HOSTED = {"provider": "acme", "model": "large", "snapshot": "large-2026-08-01"}


@pytest.mark.parametrize(
    ("artifacts", "expected"),
    [
        ([{"name": "a", "role": "model"}, {"name": "b", "role": "tokenizer"}], ["a"]),
        ([{"name": "a", "role": "adapter"}, {"name": "b", "role": "base-model"}], ["a"]),
        ([{"name": "a", "role": "prompt"}, {"name": "b", "role": "base-model"}], ["b"]),
        ([{"name": "a", "role": "index"}], ["a"]),
        ([], []),
    ],
)
def test_the_artifacts_that_a_report_has_to_be_made_on(artifacts: Any, expected: list[str]) -> None:
    assert [one.name for one in subjects({"spec": {"artifacts": artifacts}})] == expected


@pytest.mark.parametrize(
    ("model", "bound"),
    [
        ({"digests": [MODEL]}, ["model"]),
        ({"hosted": [HOSTED]}, ["large"]),
        ({"digests": [MODEL], "hosted": [HOSTED]}, ["model", "large"]),
        ({"hosted": [{**HOSTED, "snapshot": "large-2026-09-01"}]}, []),
        ({"name": "model"}, []),
        ({}, []),
        (None, []),
        ("model", []),
    ],
)
def test_binding_is_by_digest_or_snapshot_and_never_by_name(model: Any, bound: list[str]) -> None:
    artifacts = subjects(
        {
            "spec": {
                "artifacts": [
                    {"name": "model", "role": "model", "digest": MODEL},
                    {"name": "large", "role": "model", "hosted": HOSTED},
                    {"name": "floating", "role": "model", "hosted": {"provider": "acme", "model": "large"}},
                ]
            }
        }
    )
    assert bound_to(model, artifacts) == bound
    covered = coverage([model], artifacts)
    assert [one["name"] for one in covered if one["bound"]] == bound
    assert [one["pinned"] for one in covered] == [True, True, False]


# Moments

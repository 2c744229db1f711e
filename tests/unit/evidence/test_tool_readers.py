"""Readers of tools' reports: held to files that the real tools wrote, and to files that cannot be right."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import jsonschema
import pytest

from changegate.evidence.evaluation import collect as collect_evaluation
from changegate.evidence.fairness import collect as collect_fairness
from changegate.evidence.metrics import read_metrics
from changegate.evidence.readers import EVALUATION, FAIRNESS, format_of, load_reader, read_report
from changegate.evidence.unsound import Unsound
from changegate.resources import SCHEMAS
from support.rollouts import fraud
from support.trees import request

FILES = Path(__file__).parents[2] / "support/evidence_files"
MODEL, DATA = "sha256:" + "a" * 64, "sha256:" + "b" * 64
COLLECT = {"evaluation": collect_evaluation, "fairness": collect_fairness}
STATED = {
    "of": [MODEL],
    "evaluatedAt": "2026-11-01T12:00:00Z",
    "dataset": {"name": "holdout", "digest": DATA, "collectedAt": "2026-10-20T00:00:00Z", "sampleCount": 900},
}
NOW = 1796100000  # after the files were written


def section(kind: str, path: str, data: bytes, **reference: Any) -> tuple[Any, Any]:
    """Evidence and facts of a release that names one file, held against their schema."""
    made = fraud()
    made["spec"]["artifacts"][0]["digest"] = MODEL
    named = {"path": path, "digest": "sha256:" + hashlib.sha256(data).hexdigest(), **reference}
    block = {"evidence": [named], **({"protectedAttributes": ["sex"]} if kind == "fairness" else {})}
    made["spec"][kind] = block
    found = COLLECT[kind](request(made, {path: data}, now=NOW))
    schema = json.loads((SCHEMAS / "input" / f"{kind}.json").read_text())
    for name, value in (("evidence", found.evidence), ("facts", found.facts)):
        jsonschema.Draft202012Validator({**schema, "$ref": f"#/$defs/{name}"}).validate(value)
        json.dumps(value, allow_nan=False)
    return found.evidence, found.facts


def facts_of(kind: str, path: str, data: bytes, **reference: Any) -> Any:
    evidence, facts = section(kind, path, data, **reference)
    assert evidence["status"] == "present", evidence
    return facts


def written(kind: str, tool: str, name: str, **reference: Any) -> Any:
    """Facts of a file that a tool wrote."""
    return facts_of(kind, f"evidence/{name}", (FILES / tool / name).read_bytes(), **reference)


def fault(kind: str, path: str, data: Any, **reference: Any) -> tuple[str, Any]:
    """The reason of an invalid report, and where it stands: a path, a line, or a path of the manifest."""
    text = data if isinstance(data, bytes) else json.dumps(data).encode()
    evidence, facts = section(kind, path, text, **reference)
    (file,) = evidence["files"]
    assert (file["status"], facts["reports"]) == ("invalid", []), facts["reports"]
    place = file["place"]
    return file["reason"], place["at"].get("line", place["at"].get("path")) if "at" in place else place["path"]


def values(facts: Any) -> dict[str, float]:
    return {" of ".join(filter(None, (one["name"], one["slice"]))): one["value"] for one in facts["metrics"]}


def test_every_tool_says_which_version_wrote_its_files() -> None:
    for folder in FILES.iterdir():
        assert json.loads((folder / "versions.json").read_text()), folder.name


# Evaluation, on files that the real tools wrote


def test_scikit_learns_classification_report() -> None:
    facts = written("evaluation", "scikit_learn", "classification_report.json")
    assert facts["reports"][0]["reader"] == {"format": "sklearn-report", "version": 1, "heldTo": "tool"}
    found = values(facts)
    assert found["accuracy"] == pytest.approx(0.7288888888888889)
    assert found["balanced_accuracy"] == pytest.approx((0.7237354085603113 + 0.7357512953367875) / 2)
    assert found["recall of class=churned"] == pytest.approx(0.7357512953367875)
    assert facts["samples"][0]["sampleCount"] == 900
    assert {one["name"]: one["sampleCount"] for one in facts["samples"]}["recall of class=kept"] == 514


def test_scikit_learns_report_of_some_labels_has_no_accuracy() -> None:
    found = values(written("evaluation", "scikit_learn", "classification_report_of_one_label.json"))
    assert found == {
        "precision of class=1": pytest.approx(0.6666666666666666),
        "recall of class=1": pytest.approx(0.7357512953367875),
        "f1 of class=1": pytest.approx(0.6995073891625616),
    }


def test_scikit_learns_cross_validation_is_the_mean_of_its_folds_with_the_sign_of_the_metric() -> None:
    facts = written("evaluation", "scikit_learn", "cross_validate.json")
    folds = json.loads((FILES / "scikit_learn/cross_validate.json").read_text())
    assert facts["reports"][0]["foldsCount"] == 5
    found = values(facts)
    assert found["accuracy"] == pytest.approx(sum(folds["test_accuracy"]) / 5)
    assert found["log_loss"] == pytest.approx(-sum(folds["test_neg_log_loss"]) / 5)
    assert "sampleCount" not in facts["samples"][0]


def test_mlflows_run_as_its_command_exports_it() -> None:
    facts = written("evaluation", "mlflow", "run.json")
    assert values(facts) == {"accuracy": 0.8234, "roc_auc": 0.9071, "val.log_loss": 0.4412}
    assert facts["samples"][0]["sampleCount"] == 900
    assert facts["ages"][0]["ageSeconds"] < 86_400


def test_mlflows_run_as_its_api_answers() -> None:
    said = {"info": {"run_id": "b2", "status": "FINISHED", "end_time": "1796000000000"}}
    metrics = [{"key": "accuracy", "value": 0.8, "timestamp": "1796000000000", "step": "0"}]
    facts = facts_of("evaluation", "run.json", json.dumps({"run": {**said, "data": {"metrics": metrics}}}).encode())
    assert values(facts) == {"accuracy": 0.8}


def test_a_file_of_mlflows_store_has_the_value_of_the_last_step() -> None:
    data = (FILES / "mlflow/metrics/accuracy").read_bytes()
    facts = facts_of("evaluation", "mlruns/0/b2/metrics/accuracy", data)
    assert values(facts) == {"accuracy": 0.8234}
    assert facts["metrics"][0]["place"]["at"]["line"] == 3
    assert facts["reports"][0]["reader"]["format"] == "mlflow-metric"


def test_dvcs_metrics_are_named_by_their_last_key() -> None:
    facts = written("evaluation", "dvclive", "metrics.json")
    assert values(facts) == {"accuracy": 0.8234, "roc_auc of validation": 0.9, "f1": 0.79, "step": 1}
    assert facts["reports"][0]["reader"]["format"] == "dvc-metrics"


def test_hugging_faces_model_index_in_a_card() -> None:
    facts = written("evaluation", "huggingface_hub", "README.md")
    assert values(facts) == {"accuracy": 0.9123, "f1": 0.9081, "accuracy of dataset=yelp/polarity": 0.887}
    card = (FILES / "huggingface_hub/README.md").read_text().splitlines()
    lines = [one["place"]["at"]["line"] for one in facts["metrics"]]
    assert ["value:" in card[line - 1] for line in lines] == [True] * 3


def test_the_results_of_the_evaluation_harness() -> None:
    facts = written("evaluation", "lm_eval", "results.json")
    assert values(facts) == {"accuracy": pytest.approx(22 / 60), "acc_norm": pytest.approx(20 / 60)}
    assert facts["samples"][0]["sampleCount"] == 60
    assert facts["reports"][0]["reader"]["tool"] == "0.4.13"
    assert facts["ages"][0]["ageSeconds"] < 86_400


def test_pytests_junit_is_counted_again() -> None:
    facts = written("evaluation", "pytest", "junit.xml")
    assert values(facts) == {"test_pass_rate": 0.6, "skipped_rate": pytest.approx(1 / 6)}
    assert facts["reports"][0]["dataset"] == "not-asked"
    assert values(written("evaluation", "pytest", "junit_all_pass.xml"))["test_pass_rate"] == 1


@pytest.mark.parametrize(("name", "requests"), [("stats.csv", 440), ("stats.json", 562)])
def test_locusts_latency_has_its_percentiles_and_counts(name: str, requests: int) -> None:
    made = fraud()
    made["spec"]["artifacts"][0]["digest"] = MODEL
    made["spec"]["slos"] = [{"name": "latency-p95", "thresholdMs": 300, "objective": 0.95, "window": "30d"}]
    data = (FILES / "locust" / name).read_bytes()
    named = {"path": name, "digest": "sha256:" + hashlib.sha256(data).hexdigest()}
    made["spec"]["evaluation"] = {"evidence": [named]}
    facts: Any = collect_evaluation(request(made, {name: data}, now=NOW)).facts
    (slo,) = facts["latency"]
    assert (slo["percentile"], slo["sampleCount"], slo["measured"]) == (95, requests, True)
    assert slo["valueMs"] == (15 if name == "stats.csv" else pytest.approx(13, abs=4))
    assert facts["samples"] == []


# Evaluation, by published formats

K6 = {
    "metrics": {
        "http_reqs": {"count": 1800, "rate": 30.0},
        "http_req_duration": {"avg": 144.5, "min": 104.1, "med": 110.4, "max": 1140.0, "p(90)": 203.5, "p(95)": 215.9},
        "http_req_failed": {"passes": 9, "fails": 1791, "value": 0.005},
        "iterations": {"count": 1800, "rate": 30.0},
    }
}
PROMPTFOO: dict[str, Any] = {
    "evalId": "eval-abc",
    "results": {
        "version": 3,
        "timestamp": "2026-11-20T10:00:00.000Z",
        "prompts": [],
        "results": [
            {
                "success": True,
                "score": 1,
                "promptIdx": 0,
                "provider": {"id": "x"},
                "namedScores": {"faithfulness": 0.9},
            },
            {
                "success": False,
                "score": 0,
                "promptIdx": 0,
                "provider": {"id": "x"},
                "namedScores": {"faithfulness": 0.5},
            },
            {"success": True, "score": 1, "promptIdx": 0, "provider": {"id": "x"}},
        ],
        "stats": {"successes": 2, "failures": 1, "errors": 0},
    },
}
RAGAS = [
    {"user_input": "a", "response": "b", "faithfulness": 0.8, "answer_relevancy": 0.9},
    {"user_input": "c", "response": "d", "faithfulness": None, "answer_relevancy": 0.7},
]
GARAK = [
    {"entry_type": "start_run setup", "plugins.probe_spec": "dan"},
    {"entry_type": "init", "start_time": "2026-11-20T10:00:00", "garak_version": "0.14"},
    {
        "entry_type": "eval",
        "probe": "dan.Dan_11_0",
        "detector": "mitigation.MitigationBypass",
        "passed": 180,
        "total": 200,
    },
    {
        "entry_type": "eval",
        "probe": "xss.MdExfil",
        "detector": "xss.Md",
        "passed": 99,
        "fails": 1,
        "total_evaluated": 100,
    },
    {"entry_type": "completion", "end_time": "2026-11-20T11:00:00"},
]
CYCLONEDX = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "metadata": {
        "component": {
            "type": "machine-learning-model",
            "name": "m",
            "hashes": [{"alg": "SHA-256", "content": "A" * 64}],
            "modelCard": {
                "quantitativeAnalysis": {
                    "performanceMetrics": [
                        {
                            "type": "accuracy",
                            "value": "0.91",
                            "confidenceInterval": {"lowerBound": "0.9", "upperBound": "0.92"},
                        },
                        {"type": "f1", "value": "0.88", "slice": "country=DE"},
                    ]
                }
            },
        }
    },
}


def lines_of(rows: list[Any]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


@pytest.mark.parametrize(
    ("path", "data", "form", "expected"),
    [
        ("k6.json", json.dumps(K6).encode(), "k6", {"request_error_rate": 0.005}),
        ("out.json", json.dumps(PROMPTFOO).encode(), "promptfoo", {"pass_rate": 2 / 3, "faithfulness": 0.7}),
        ("ragas.json", json.dumps(RAGAS).encode(), "ragas", {"faithfulness": 0.8, "answer_relevancy": 0.8}),
        ("ragas.csv", b"user_input,response,faithfulness\na,b,0.8\nc,d,\n", "ragas", {"faithfulness": 0.8}),
        (
            "garak.report.jsonl",
            lines_of(GARAK),
            "garak",
            {
                "attack_success_rate": 0.07,
                "test_pass_rate of probe=dan.Dan_11_0,detector=mitigation.MitigationBypass": 0.9,
                "test_pass_rate of probe=xss.MdExfil,detector=xss.Md": 0.99,
            },
        ),
        ("bom.json", json.dumps(CYCLONEDX).encode(), "cyclonedx", {"accuracy": 0.91, "f1 of country=DE": 0.88}),
    ],
)
def test_published_formats(path: str, data: bytes, form: str, expected: dict[str, float]) -> None:
    facts = facts_of("evaluation", path, data)
    assert values(facts) == pytest.approx(expected)
    assert facts["reports"][0]["reader"]["format"] == form
    assert facts["reports"][0]["reader"]["heldTo"] == "format"


def test_a_bill_of_materials_binds_itself_by_the_hashes_of_its_component() -> None:
    facts = facts_of("evaluation", "bom.json", json.dumps(CYCLONEDX).encode())
    assert (facts["reports"][0]["boundBy"], facts["reports"][0]["boundTo"]) == ("report", ["model"])


# Fairness, on files that the real tools wrote

COUNTS = {"female": (216, 442, 198), "male": (210, 458, 188)}


def groups(facts: Any, attribute: str = "sex") -> dict[str, tuple[Any, Any, Any]]:
    return {
        one["group"]: (
            round(one["rates"]["selection"]["valueRatio"] * one["sampleCount"]),
            one["sampleCount"],
            one.get("positivesCount"),
        )
        for one in facts["groups"]
        if one["attribute"] == attribute
    }


@pytest.mark.parametrize("name", ["records.json", "crosstab.csv", "crosstab_with_index.csv"])
def test_aequitas_as_it_writes_json_and_csv(name: str) -> None:
    facts = written("fairness", "aequitas", name)
    assert groups(facts) == COUNTS
    assert {one["attribute"] for one in facts["selection"]} == {"sex", "age_band"}
    assert facts["reports"][0]["recomputed"] is True


@pytest.mark.parametrize("name", ["records_with_nan.json", "records_with_null.json", "crosstab_with_nothing.csv"])
def test_aequitas_with_a_group_of_which_nobody_is_selected(name: str) -> None:
    facts = written("fairness", "aequitas", name)
    (found,) = facts["selection"]
    assert (found["status"], found["extremes"]["valueRatio"]) == ("known", 0)


FORMS = [
    ("to_dict_tight.json", {}), ("to_json_table.json", {}), ("to_json_reset.json", {}), ("by_group.csv", {}),
    ("to_dict_dict.json", {"attributes": ["sex"]}), ("to_dict_index.json", {"attributes": ["sex"]}),
    ("to_dict_split.json", {"attributes": ["sex"]}), ("to_json_split.json", {"attributes": ["sex"]}),
    ("to_json_index.json", {"attributes": ["sex"]}), ("to_json_columns.json", {"attributes": ["sex"]}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "reference"), FORMS)
def test_fairlearns_frame_in_every_form_that_names_its_groups(name: str, reference: dict[str, Any]) -> None:
    facts = written("fairness", "fairlearn", name, **reference)
    assert groups(facts) == COUNTS
    assert {one["basis"] for one in facts["groups"]} == {"rates"}
    assert facts["reports"][0]["recomputed"] is False
    assert {one["status"] for one in facts["errors"]} == {"known"}


@pytest.mark.parametrize(
    ("name", "attributes"),
    [
        ("intersections_to_dict_tight.json", None),
        ("intersections_to_json_table.json", None),
        ("intersections.csv", None),
        ("intersections_to_dict_split.json", ["sex", "age_band"]),
        ("intersections_to_json_split.json", ["sex", "age_band"]),
        ("intersections_to_json_index.json", ["sex", "age_band"]),
        ("intersections_to_json_columns.json", ["sex", "age_band"]),
    ],
)
def test_fairlearns_intersections_leave_out_a_cell_of_nobody(name: str, attributes: Any) -> None:
    facts = written("fairness", "fairlearn", name, **({"attributes": attributes} if attributes else {}))
    found = groups(facts, "sex:age_band")
    assert found["female:18-34"] == (68, 140, 60)
    assert set(found) == {"female:18-34", "female:35-54", "female:55+", "male:18-34", "male:35-54"}


@pytest.mark.parametrize("name", ["to_dict_list.json", "to_dict_records.json", "to_json_records.json"])
def test_fairlearns_forms_without_names_are_told_as_such(name: str) -> None:
    reason, _ = fault("fairness", name, (FILES / "fairlearn" / name).read_bytes(), attributes=["sex"])
    assert "do not name their groups" in reason


def test_a_frame_that_does_not_say_its_attribute_is_told_how_to() -> None:
    name = "to_dict_dict.json"
    reason, place = fault("fairness", name, (FILES / "fairlearn" / name).read_bytes())
    assert "write `attributes: [sex]` beside its path" in reason
    assert place == ["count", "female"]


def test_a_frame_that_says_another_attribute_than_the_manifest() -> None:
    name = "by_group.csv"
    reason, place = fault("fairness", name, (FILES / "fairlearn" / name).read_bytes(), attributes=["age_band"])
    assert "the report is on sex, and the manifest says age_band" in reason
    assert place == ["spec", "fairness", "evidence", 0, "attributes"]


MATRIX = {"falseNegatives": 10, "trueNegatives": 30, "falsePositives": 10, "truePositives": 50, "threshold": 0.5}


def test_slices_of_model_analysis() -> None:
    def metrics(count: int, matrix: dict[str, Any]) -> dict[str, Any]:
        held = {"confusionMatrixAtThresholds": {"matrices": [{**matrix, "threshold": 0.3}, matrix]}}
        return {"": {"": {"example_count": {"doubleValue": count}, "confusion_matrix_at_thresholds": held}}}

    other = {**MATRIX, "truePositives": 40, "falseNegatives": 20}
    rows = [
        [[], metrics(200, MATRIX)],
        [[["sex", "female"]], metrics(100, MATRIX)],
        [[["sex", "male"]], metrics(100, other)],
    ]
    assert groups(facts_of("fairness", "tfma.json", json.dumps(rows).encode())) == {
        "female": (60, 100, 60),
        "male": (50, 100, 60),
    }


def test_the_messages_of_model_analysis() -> None:
    def message(name: str) -> dict[str, Any]:
        value = {"confusionMatrixAtThresholds": {"matrices": [MATRIX]}}
        key = {"column": "sex", "bytesValue": {"female": "ZmVtYWxl", "male": "bWFsZQ=="}[name]}
        pairs = [{"key": {"name": "confusion_matrix_at_thresholds"}, "value": value}]
        return {"sliceKey": {"singleSliceKeys": [key]}, "metricKeysAndValues": pairs}

    data = json.dumps([message("female"), message("male")]).encode()
    assert set(groups(facts_of("fairness", "tfma.json", data))) == {"female", "male"}


def test_counts_as_a_table() -> None:
    data = b"attribute,group,tp,fp,tn,fn\nsex,female,50,10,30,10\nsex,male,70,20,5,5\n"
    assert groups(facts_of("fairness", "c.csv", data)) == {"female": (60, 100, 60), "male": (90, 100, 75)}


def test_selected_of_total_as_a_table_has_no_labels() -> None:
    facts = facts_of("fairness", "c.csv", b"attribute,group,selected,total\nsex,female,60,100\nsex,male,90,100\n")
    assert groups(facts) == {"female": (60, 100, None), "male": (90, 100, None)}
    assert {one["status"] for one in facts["errors"]} == {"undefined"}
    assert "does not say how many positives there are" in facts["errors"][0]["reason"]


# Files that cannot be right: the reason, and the place in them

ACCURACY = ["metadata", "component", "modelCard", "quantitativeAnalysis", "performanceMetrics", 0, "value"]
REQUESTS = ["metrics", "http_reqs", "count"]
PASSED = ["results", "stats", "successes"]
KEPT = ["kept", "recall"]
TWICE = [1, "attribute_value"]
CARD = b"---\nmodel-index:\n- name: a\n  results:\n  - metrics:\n    - {type: f1, value: high}\n---\n"

REPORT = json.loads((FILES / "scikit_learn/classification_report.json").read_text())
AEQUITAS: list[dict[str, Any]] = json.loads((FILES / "aequitas/records.json").read_text())


def changed(value: Any, path: list[Any], to: Any) -> Any:
    made = json.loads(json.dumps(value))
    within = made
    for key in path[:-1]:
        within = within[key]
    within[path[-1]] = to
    return made


@pytest.mark.parametrize(
    ("kind", "path", "data", "reason", "place"),
    [
        (
            "evaluation",
            "r.json",
            changed(REPORT, KEPT, float("nan")),
            "`recall` is NaN",
            KEPT,
        ),
        ("evaluation", "r.json", changed(REPORT, ["accuracy"], "0.7"), "`accuracy` is text", ["accuracy"]),
        (
            "evaluation",
            "r.json",
            changed(REPORT, ["kept", "support"], -5),
            "`support` is negative",
            ["kept", "support"],
        ),
        (
            "evaluation",
            "r.json",
            changed(REPORT, ["kept", "support"], 9000),
            "9386 samples",
            ["macro avg", "support"],
        ),
        ("evaluation", "r.json", changed(REPORT, ["accuracy"], 0.9), "does not follow from the recall", ["accuracy"]),
        ("evaluation", "r.json", changed(REPORT, KEPT, 72.4), "lies between 0 and 1", KEPT),
        ("evaluation", "r.json", json.dumps(REPORT).encode()[:200], "r.json:", 1),
        ("evaluation", "m.json", {"accuracy": 91.2}, "accuracy lies between 0 and 1", ["accuracy"]),
        ("evaluation", "m.json", {"accuracy": "0.9"}, "`accuracy` is text", ["accuracy"]),
        ("evaluation", "a/metrics/acc", b"1796093712971 nan 0\n", "`0` is text", 1),
        (
            "evaluation",
            "j.xml",
            b"<testsuite tests='2'><testcase/></testsuite>",
            "says 2 tests, and its cases",
            1,
        ),
        ("evaluation", "j.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]>\n<testsuite/>", "declares a document type", 1),
        ("evaluation", "j.xml", b"<testsuite>\n<testcase>", "it is no XML", 2),
        (
            "evaluation",
            "k.json",
            changed(K6, REQUESTS, 0),
            "no request",
            REQUESTS,
        ),
        (
            "evaluation",
            "p.json",
            changed(PROMPTFOO, PASSED, 3),
            "3 successes",
            PASSED,
        ),
        ("evaluation", "g.report.jsonl", lines_of(GARAK[:-1]), "did not complete", 4),
        ("evaluation", "g.report.jsonl", lines_of(GARAK)[:120] + b"\n{", "", 2),
        ("evaluation", "b.json", changed(CYCLONEDX, ACCURACY, "high"), "`value` is text", ACCURACY),
        ("evaluation", "README.md", b"# No front matter\n", "no front matter", []),
        ("evaluation", "README.md", CARD, "`value` is text", 6),
        ("fairness", "a.json", changed(AEQUITAS, [0, "tp"], -1), "`tp` is negative", [0, "tp"]),
        ("fairness", "a.json", changed(AEQUITAS, [0, "tp"], "150"), "`tp` is text", [0, "tp"]),
        ("fairness", "a.json", changed(AEQUITAS, [0, "tp"], 151), "`group_size` is not the sum", [0, "group_size"]),
        (
            "fairness",
            "a.json",
            changed(AEQUITAS, [1, "attribute_value"], "female"),
            "stands there twice",
            [1, "attribute_value"],
        ),
        ("fairness", "a.json", changed(AEQUITAS, [0, "pprev"], float("nan")), "`pprev` is NaN", [0, "pprev"]),
        ("fairness", "a.csv", b"attribute_name,attribute_value,tp,fp,tn,fn\nsex,f,1,2,3\n", "5 cells", 2),
        ("fairness", "a.csv", b"attribute_name,attribute_value,tp,fp,tn,fn\nsex,f,1,2,3,many\n", "`fn` is text", 2),
        ("fairness", "c.csv", b"attribute,group,selected,total\nsex,female,101,100\n", "101 were selected of 100", 2),
        ("fairness", "c.csv", b"attribute,group,selected,total\nsex,a\xe2\x80\xaeb,1,9\n", "", 2),
        ("fairness", "f.csv", b"sex,count,selection_rate\nfemale,100,0.605\n", "no whole number of people", 2),
        ("fairness", "f.csv", b"sex,count,selection_rate\nfemale,100,1.5\n", "lies between 0 and 1", 2),
    ],
)
def test_a_file_that_cannot_be_right(kind: str, path: str, data: Any, reason: str, place: Any) -> None:
    said, where = fault(kind, path, data)
    assert reason in said
    assert where == place


def test_rounded_rates_give_counts_where_only_one_whole_number_fits() -> None:
    facts = facts_of("fairness", "f.csv", b"sex,count,selection_rate\nfemale,400,0.605\nmale,409,0.611\n")
    assert [groups(facts)[name][0] for name in ("female", "male")] == [242, 250]


def test_rates_without_a_count_are_known_and_compared_with_nothing() -> None:
    facts = facts_of("fairness", "f.csv", b"sex,selection_rate\nfemale,0.5\nmale,0.6\n")
    assert "sampleCount" not in facts["groups"][0]
    assert facts["selection"][0]["status"] == "undefined"
    assert "does not say how many were selected of how many" in facts["selection"][0]["reason"]


# Files of the real tools in which something was changed by chance

ODD: list[Any] = [
    None,
    0,
    -1,
    1.5,
    "x",
    "",
    True,
    [],
    {},
    [[]],
    [{}],
    float("nan"),
    float("inf"),
    10**400,
    "1e999",
    -0.5,
]


def nodes(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    within = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, one in within for found in nodes(one, (*path, key)))]


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_changed_in_a_file_no_reader_raises_anything_but_a_fault(seed: int) -> None:
    chance = Random(seed)
    for path in sorted(FILES.rglob("*.json")):
        value = json.loads(path.read_text())
        where = list(chance.choice(nodes(value)))
        made = changed(value, where, chance.choice(ODD)) if where else chance.choice(ODD)
        for formats in (EVALUATION, FAIRNESS):
            with suppress(Unsound):
                name = format_of(formats, made)
                found = None if load_reader(formats[name]).SCHEMA else read_report(formats, name, made)
                if found is not None and formats is EVALUATION:
                    read_metrics(found, {})


# What a report is of


def test_a_tools_report_is_bound_by_nobody_unless_the_manifest_says_of_what_it_is() -> None:
    alone = written("evaluation", "scikit_learn", "classification_report.json")
    assert (alone["reports"][0]["boundBy"], alone["reports"][0]["boundTo"]) == ("nothing", [])
    assert "ageSeconds" not in alone["ages"][0]
    stated = written("evaluation", "scikit_learn", "classification_report.json", **STATED)
    assert (stated["reports"][0]["boundBy"], stated["reports"][0]["boundTo"]) == ("statement", ["model"])
    assert stated["reports"][0]["dataset"] == "held-out"
    assert stated["ages"][0]["place"] == {"path": ["spec", "evaluation", "evidence", 0, "evaluatedAt"]}


def test_a_tools_report_in_our_own_form_binds_itself() -> None:
    form = {
        "schemaVersion": 1,
        "model": {"digests": [MODEL]},
        "evaluatedAt": "2026-11-01T12:00:00Z",
        "dataset": {"name": "holdout", "digest": DATA},
        "checks": {"leakage": {"checked": True, "found": False}},
        "report": REPORT,
    }
    facts = facts_of("evaluation", "r.json", json.dumps(form).encode())
    (report,) = facts["reports"]
    assert (report["boundBy"], report["dataset"], report["leakage"]) == ("report", "held-out", "none")
    assert report["places"]["model"]["at"]["path"] == ["model"]
    assert facts["metrics"][0]["place"]["at"]["path"] == ["report", "accuracy"]
    reason, place = fault("evaluation", "r.json", {**form, "evaluatedAt": "2027-01-01T00:00:00Z"})
    assert ("lies in the future" in reason, place) == (True, ["evaluatedAt"])
    reason, place = fault("evaluation", "r.json", {**form, "report": changed(REPORT, ["accuracy"], "x")})
    assert place == ["report", "accuracy"]


@pytest.mark.parametrize(
    ("reference", "reason", "key"),
    [
        ({"evaluatedAt": "2027-01-01T00:00:00Z"}, "lies in the future", ["evaluatedAt"]),
        ({"evaluatedAt": "2026-02-30T00:00:00Z"}, "no moment that exists", ["evaluatedAt"]),
        (
            {"dataset": {"name": "a", "sampleCount": 899}},
            "the report says otherwise than `sampleCount`",
            ["dataset", "sampleCount"],
        ),
        ({"format": "sklearn"}, "no format `sklearn` is read; these are: aequitas", ["format"]),
    ],
)
def test_what_the_manifest_says_and_cannot_be_right(reference: dict[str, Any], reason: str, key: list[str]) -> None:
    said, place = fault("evaluation", "r.json", REPORT, **reference)
    assert reason.replace("aequitas", "cyclonedx") in said
    assert place == ["spec", "evaluation", "evidence", 0, *key]


def test_a_stated_format_goes_before_the_shape_and_has_to_fit() -> None:
    found = facts_of("evaluation", "m.json", b'{"accuracy": 0.9}', format="dvc-metrics")
    assert found["reports"][0]["reader"]["format"] == "dvc-metrics"
    reason, _ = fault("evaluation", "m.json", b'{"accuracy": 0.9}', format="lm-eval")
    assert "it has the format dvc-metrics, and the manifest says lm-eval" in reason


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("evaluation", {"mlflowMetric": 7, "points": [[1, 2, 3]]}),
        ("evaluation", {"mlflowMetric": "acc", "points": [1]}),
        ("evaluation", {"root": {"tag": "testsuite"}}),
        ("evaluation", {"columns": ["Type", "Name", "Request Count", "Failure Count"], "rows": [[1.5]]}),
        ("evaluation", {"results": {"a": 1}, "configs": {}, "versions": 7}),
        ("fairness", {"columns": ["attribute_name", "attribute_value", "tp", "fp", "tn", "fn"], "rows": [7]}),
        ("fairness", {"columns": [{}, "count"], "rows": [[1]]}),
        ("fairness", [{"sliceKey": {"singleSliceKeys": [7]}, "metricKeysAndValues": 1}]),
    ],
)
def test_a_file_that_only_looks_like_a_format_is_told_and_raises_nothing(kind: str, value: Any) -> None:
    fault(kind, "r.json", value)

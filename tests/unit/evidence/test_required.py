"""What the base asks to be covered: each item answered for itself, on reports of the whole population."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import jsonschema
import pytest

from changegate.evidence.evaluation import collect as collect_evaluation
from changegate.evidence.fairness import collect as collect_fairness
from changegate.resources import SCHEMAS
from support.rollouts import fraud
from support.trees import request

MODEL = "sha256:" + "a" * 64
COLLECT = {"evaluation": collect_evaluation, "fairness": collect_fairness}


def required(
    kind: str, settings: dict[str, Any], value: Any, task: str | None = "classification", **reference: Any
) -> dict[str, Any]:
    """What is required, by its name: the status and what is known of it."""
    made = fraud()
    made["spec"] |= {} if task is None else {"task": task}
    made["spec"]["artifacts"][0]["digest"] = MODEL
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    path = "c.csv" if isinstance(value, bytes) else "r.json"
    named = {"path": path, "digest": "sha256:" + hashlib.sha256(data).hexdigest(), **reference}
    made["spec"][kind] = {"evidence": [named], "protectedAttributes": ["sex"]}
    facts: Any = COLLECT[kind](request(made, {path: data})._replace(settings={kind: settings})).facts
    schema = json.loads((SCHEMAS / "input" / f"{kind}.json").read_text())
    jsonschema.Draft202012Validator({**schema, "$ref": "#/$defs/facts"}).validate(facts)
    return {one["item"]: one for one in facts["required"]}


TABLE = b"attribute,group,selected,total\nsex,female,60,100\nsex,male,90,200\n"


def test_every_group_is_answered_for_itself() -> None:
    found = required("fairness", {"requiredAttributes": [{"attribute": "sex", "groups": ["female", "other"]}]}, TABLE)
    assert (found["female of sex"]["status"], found["female of sex"]["sampleCount"]) == ("measured", 100)
    assert (found["other of sex"]["status"], found["other of sex"]["said"]) == (
        "left-out",
        "other of sex is left out: the report has female, male",
    )


def test_an_attribute_without_named_groups_counts_by_its_smallest() -> None:
    found = required("fairness", {"requiredAttributes": [{"attribute": "sex"}, {"attribute": "sex:age_band"}]}, TABLE)
    assert (found["sex"]["status"], found["sex"]["sampleCount"]) == ("measured", 100)
    assert found["sex:age_band"]["status"] == "not-there"


@pytest.mark.parametrize(
    ("sample_count", "expected"), [(400, ("measured", 0.75)), (300, ("measured", 1)), (None, ("not-there", None))]
)
def test_of_how_many_people_the_attribute_is_known(sample_count: int | None, expected: Any) -> None:
    wanted = {"requiredAttributes": [{"attribute": "sex", "minimumKnownRatio": 0.9}]}
    counted = {} if sample_count is None else {"dataset": {"name": "holdout", "sampleCount": sample_count}}
    found = required("fairness", wanted, TABLE, **counted)["people whose sex is known"]
    assert (found["status"], found.get("knownRatio")) == expected


def test_a_report_of_a_part_of_the_population_answers_for_nothing() -> None:
    wanted = {"requiredAttributes": [{"attribute": "sex", "groups": ["female"]}]}
    part = {"dataset": {"name": "holdout", "filteredTo": "customers with an account"}}
    found = required("fairness", wanted, TABLE, **part)
    assert found["sex"]["status"] == "not-there"
    assert found["sex"]["said"] == "sex is measured on a part of the population alone (customers with an account)"


@pytest.mark.parametrize("task", [None, "other"])
def test_a_task_that_is_not_said_is_no_way_around_what_is_asked(task: str | None) -> None:
    wanted = {"requiredAttributes": [{"attribute": "age", "tasks": ["ranking"]}]}
    assert required("fairness", wanted, TABLE, task)["age"]["status"] == "not-there"


def test_what_is_asked_of_another_task_is_not_asked() -> None:
    assert required("fairness", {"requiredAttributes": [{"attribute": "age", "tasks": ["ranking"]}]}, TABLE) == {}


METRICS = {
    "schemaVersion": 1,
    "evaluatedAt": "2026-11-01T12:00:00Z",
    "dataset": {"name": "holdout", "sampleCount": 5000},
    "metrics": [
        {"name": "auroc", "value": 0.9, "higherIsBetter": True},
        {"name": "auroc", "slice": "country=DE", "value": 0.8, "higherIsBetter": True, "sampleCount": 300},
    ],
}


def test_metrics_and_slices_are_answered_under_any_name_of_theirs() -> None:
    wanted = {
        "requiredMetrics": [{"metric": "roc_auc", "slices": ["", "country=DE", "country=FR"]}, {"metric": "recall"}]
    }
    found = required("evaluation", wanted, METRICS)
    assert {item: (one["status"], one.get("sampleCount")) for item, one in found.items()} == {
        "roc_auc": ("measured", 5000),
        "roc_auc of country=DE": ("measured", 300),
        "roc_auc of country=FR": ("left-out", None),
        "recall": ("not-there", None),
    }


def test_a_metric_that_settings_add_has_its_names_direction_and_range() -> None:
    names = {"lift@1": {"aliases": ["first_lift"], "higherIsBetter": True, "least": 0}}
    report = {**METRICS, "metrics": [{"name": "first_lift", "value": 3.1, "higherIsBetter": True}]}
    found = required("evaluation", {"metricNames": names, "requiredMetrics": [{"metric": "lift@1"}]}, report)
    assert found["lift@1"]["status"] == "measured"

"""Tables and the plot of evidence for a reviewer, from the facts that the gate makes."""

from __future__ import annotations

import hashlib
from typing import Any
from xml.dom import minidom

from changegate.evidence.fairness import collect
from changegate.report.evidence_view import (
    AttributeTable,
    GroupRow,
    MetricRow,
    fairness_tables,
    interval_plot,
    metric_rows,
)
from support.rollouts import fraud
from support.trees import request

BEFORE = b"attribute,group,selected,total\nsex,female,240,400\nsex,male,300,400\n"
NOW = b"attribute,group,selected,total\nsex,female,210,400\nsex,male,300,400\nsex,nobody,0,0\n"


def facts() -> Any:
    made = [fraud(), fraud()]
    for release, data in zip(made, (BEFORE, NOW), strict=True):
        named = {"path": "g.csv", "digest": "sha256:" + hashlib.sha256(data).hexdigest()}
        release["spec"]["fairness"] = {"protectedAttributes": ["sex"], "evidence": [named]}
    return collect(request(made[1], {"g.csv": NOW}, base={"g.csv": BEFORE}, previous=made[0])).facts


def test_a_table_for_each_attribute() -> None:
    (table,) = fairness_tables(facts())
    assert table.attribute == "sex"
    female, male, nobody = table.rows
    assert (female.group, female.people, female.previous) == ("female", 400, 0.8)
    assert female.rate is not None
    assert female.ratio is not None
    assert (female.rate[0], round(female.ratio[0], 6)) == (0.525, 0.7)
    assert female.ratio[1] < 0.7 < female.ratio[2]
    assert male.ratio == (1, 1, 1)
    assert nobody == GroupRow("nobody", 0, None, None, None)


def test_the_plot_has_the_minimum_the_intervals_and_the_previous_release_in_grey() -> None:
    (table,) = fairness_tables(facts())
    svg = interval_plot(table, 0.8)
    minidom.parseString(svg)
    assert svg.count('fill="#9e9e9e"/>') == 2
    assert svg.count('stroke="#1b5e9b"') == 2
    assert "minimum 0.8" in svg
    assert "no ratio" in svg
    assert interval_plot(table, 0.8) == svg


def test_a_hostile_group_is_a_text_of_the_plot() -> None:
    row = GroupRow('<script>"&', 10, (0.5, 0.4, 0.6), (9e9, 0.0, 9e9), 0.1)
    parsed = minidom.parseString(interval_plot(AttributeTable("]]><svg", (row,)), 0.8))
    assert not parsed.getElementsByTagName("script")
    assert len(parsed.getElementsByTagName("svg")) == 1


def test_metrics_before_and_after() -> None:
    compared = [{"name": "roc_auc", "slice": "", "previousValue": 0.9}]
    metrics = [{"name": "roc_auc", "slice": "", "value": 0.91}, {"name": "recall", "slice": "country=DE", "value": 0.8}]
    found = metric_rows({"metrics": metrics, "comparison": {"metrics": compared, "dropped": ["f1"]}})
    assert found == (
        MetricRow("roc_auc", 0.9, 0.91),
        MetricRow("recall of country=DE", None, 0.8),
        MetricRow("f1", None, None),
    )

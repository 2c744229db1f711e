"""The semantic diff: keyed lists, categories, impacts."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changegate.diff import classes, operation, semantic
from changegate.diff.impact import widening
from changegate.diff.keys import KEYS

RELEASE: dict[str, Any] = {
    "apiVersion": "changegate.dev/v1",
    "kind": "ModelRelease",
    "metadata": {"name": "fraud", "owner": "payments-ml", "labels": {"a": "b"}},
    "spec": {
        "version": "2.3.1",
        "task": "classification",
        "artifacts": [
            {"name": "model", "role": "model", "digest": "sha256:aa"},
            {"name": "tokenizer", "role": "tokenizer", "digest": "sha256:bb"},
        ],
        "features": {
            "contracts": [{"name": "transactions", "version": 3}],
            "inputs": [
                {"name": "amount", "dtype": "int32", "nullable": False, "range": [0, 100]},
                {"name": "country", "dtype": "string", "nullable": False},
            ],
            "outputs": [{"name": "score", "dtype": "float32", "range": [0, 1]}],
        },
        "serving": {"endpoint": "fraud", "image": "x"},
        "rollout": {"steps": [{"weight": 5}, {"weight": 100}], "rollback": {"to": "2.3.0"}},
        "slos": [{"name": "latency-p95", "thresholdMs": 300, "objective": 0.95}],
        "operations": {"runbook": "docs/runbook.md", "telemetry": {"labels": ["a", "b"]}},
        "modelCard": "CARD.md",
    },
}


def edited(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    release = deepcopy(RELEASE)
    node: Any = release
    for key in path[:-1]:
        node = node[key]
    if value is ...:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return release


def only(after: dict[str, Any]) -> tuple[tuple[Any, ...], str, str, str]:
    (change,) = semantic(RELEASE, after)
    return change.path, change.op, change.category, change.impact


INPUTS = ("spec", "features", "inputs")
OUTPUTS = ("spec", "features", "outputs")


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ((*INPUTS, 0), ..., (INPUTS, "amount", "removed", "feature", "breaking")),
        ((*INPUTS, 0, "dtype"), "int64", (INPUTS, "amount", "dtype", "changed", "feature", "compatible")),
        ((*INPUTS, 0, "dtype"), "int16", (INPUTS, "amount", "dtype", "changed", "feature", "breaking")),
        ((*INPUTS, 0, "dtype"), "string", (INPUTS, "amount", "dtype", "changed", "feature", "breaking")),
        ((*INPUTS, 0, "nullable"), True, (INPUTS, "amount", "nullable", "changed", "feature", "compatible")),
        ((*INPUTS, 0, "nullable"), ..., (INPUTS, "amount", "nullable", "removed", "feature", "compatible")),
        ((*INPUTS, 0, "range", 1), 50, (INPUTS, "amount", "range", 1, "changed", "feature", "could-be-breaking")),
        ((*INPUTS, 0, "range"), ..., (INPUTS, "amount", "range", "removed", "feature", "compatible")),
        ((*OUTPUTS, 0), ..., (OUTPUTS, "score", "removed", "feature", "breaking")),
        ((*OUTPUTS, 0, "dtype"), "float64", (OUTPUTS, "score", "dtype", "changed", "feature", "could-be-breaking")),
        ((*OUTPUTS, 0, "range"), ..., (OUTPUTS, "score", "range", "removed", "feature", "breaking")),
        ((*OUTPUTS, 0, "range", 1), 100, (OUTPUTS, "score", "range", 1, "changed", "feature", "breaking")),
        ((*OUTPUTS, 0, "range", 0), -1, (OUTPUTS, "score", "range", 0, "changed", "feature", "breaking")),
        ((*OUTPUTS, 0, "range", 1), 0.5, (OUTPUTS, "score", "range", 1, "changed", "feature", "could-be-breaking")),
        ((*OUTPUTS, 0, "unit"), "percent", (OUTPUTS, "score", "unit", "added", "feature", "could-be-breaking")),
        ((*OUTPUTS, 0, "nullable"), True, (OUTPUTS, "score", "nullable", "added", "feature", "breaking")),
    ],
)
def test_features(path: tuple[Any, ...], value: Any, expected: tuple[Any, ...]) -> None:
    prefix, *rest = expected
    *keys, op, category, impact = rest
    assert only(edited(path, value)) == ((*prefix, *keys), op, category, impact)


@pytest.mark.parametrize(
    ("path", "value", "category", "impact"),
    [
        (("spec", "artifacts", 0, "digest"), "sha256:cc", "artifact", "could-be-breaking"),
        (("spec", "artifacts", 1), ..., "artifact", "breaking"),
        (("spec", "task"), "ranking", "intended-use", "breaking"),
        (("spec", "intendedUse"), "Something else.", "intended-use", "could-be-breaking"),
        (("spec", "serving", "endpoint"), "other", "serving", "breaking"),
        (("spec", "serving", "image"), "y", "serving", "could-be-breaking"),
        (("spec", "version"), "2.4.0", "version", "compatible"),
        (("spec", "modelCard"), "OTHER.md", "documentation", "compatible"),
        (("spec", "operations", "runbook"), "r.md", "documentation", "compatible"),
        (("metadata", "owner"), "risk-ml", "ownership", "compatible"),
        (("metadata", "labels", "a"), "c", "metadata", "compatible"),
        (("spec", "rollout", "steps", 0, "weight"), 10, "rollout", "compatible"),
        (("spec", "slos", 0, "thresholdMs"), 200, "threshold", "compatible"),
        (("spec", "slos", 0, "thresholdMs"), 400, "threshold", "could-be-breaking"),
        (("spec", "slos", 0, "objective"), 0.9, "threshold", "could-be-breaking"),
        (("spec", "slos", 0, "objective"), 0.99, "threshold", "compatible"),
        (("spec", "slos", 0), ..., "threshold", "could-be-breaking"),
        (("spec", "risk"), {"tier": "low"}, "risk", "could-be-breaking"),
        (("spec", "somethingNew"), 1, "other", "could-be-breaking"),
    ],
)
def test_categories_and_impacts(path: tuple[Any, ...], value: Any, category: str, impact: str) -> None:
    assert only(edited(path, value))[2:] == (category, impact)


def test_a_required_input_is_breaking_and_an_optional_one_is_not() -> None:
    for nullable, impact in ((False, "breaking"), (True, "compatible")):
        inputs = [*RELEASE["spec"]["features"]["inputs"], {"name": "new", "dtype": "int32", "nullable": nullable}]
        assert only(edited(INPUTS, inputs)) == ((*INPUTS, "new"), "added", "feature", impact)


def test_reordering_keyed_lists_is_no_change_and_reordering_steps_is() -> None:
    after = deepcopy(RELEASE)
    spec = after["spec"]
    for items in (spec["artifacts"], spec["features"]["inputs"], spec["operations"]["telemetry"]["labels"]):
        items.reverse()
    assert semantic(RELEASE, after) == ()
    spec["rollout"]["steps"].reverse()
    assert [change.path for change in semantic(RELEASE, after)] == [
        ("spec", "rollout", "steps", 0, "weight"),
        ("spec", "rollout", "steps", 1, "weight"),
    ]


def test_a_block_that_goes_is_told_item_by_item() -> None:
    changes = semantic(RELEASE, edited(("spec", "features"), ...))
    assert {change.path[2:]: change.impact for change in changes} == {
        ("contracts", "transactions"): "could-be-breaking",
        ("inputs", "amount"): "breaking",
        ("inputs", "country"): "breaking",
        ("outputs", "score"): "breaking",
    }


def test_a_list_that_becomes_a_reason_is_one_change() -> None:
    change = only(edited(("spec", "features", "inputs"), {"notApplicable": "none"}))
    assert change == (INPUTS, "changed", "feature", "breaking")


def test_two_items_of_one_name_are_both_seen() -> None:
    twice = [*RELEASE["spec"]["artifacts"], {"name": "model", "digest": "sha256:zz"}]
    assert only(edited(("spec", "artifacts"), twice))[0] == ("spec", "artifacts", "model#2")


def test_values_and_types() -> None:
    assert semantic({"spec": {"x": 5}}, {"spec": {"x": 5.0}}) == ()
    assert len(semantic({"spec": {"x": 1}}, {"spec": {"x": True}})) == 1


def test_nothing_before_adds_everything_and_nothing_after_removes_it() -> None:
    added, removed = semantic(None, RELEASE), semantic(RELEASE, None)
    assert {change.op for change in added} == {"added"}
    assert {change.op for change in removed} == {"removed"}
    assert [change.path for change in added] == [change.path for change in removed]


def test_classes_are_the_categories_sorted() -> None:
    assert classes(semantic(RELEASE, edited(("spec", "task"), "ranking"))) == ("intended-use",)
    assert classes(()) == ()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "a", "b"]), inner, max_size=3),
    max_leaves=8,
)
SPECS = st.dictionaries(st.sampled_from([*sorted({path[1] for path in KEYS}), "version", "x"]), VALUES, max_size=4)


@given(SPECS)
def test_a_release_does_not_differ_from_itself(spec: dict[str, Any]) -> None:
    assert semantic({"spec": spec}, deepcopy({"spec": spec})) == ()


@given(SPECS, SPECS)
def test_any_two_releases_can_be_compared_in_a_stable_order(one: dict[str, Any], other: dict[str, Any]) -> None:
    changes = semantic({"spec": one}, {"spec": other})
    assert changes == semantic({"spec": dict(reversed(one.items()))}, {"spec": other})
    back = semantic({"spec": other}, {"spec": one})
    assert {change.path for change in changes} == {change.path for change in back}


@pytest.mark.parametrize(
    ("before", "after", "impact"),
    [
        ("int", "long", "compatible"),
        ("float", "double", "compatible"),
        ("int32", "float64", "compatible"),
        ("long", "double", "could-be-breaking"),
        ("int32", "float32", "could-be-breaking"),
        ("double", "float", "breaking"),
        ("long", "int", "breaking"),
        ("string", "int", "breaking"),
        ("None", "int", "breaking"),
    ],
)
def test_widening(before: str, after: str, impact: str) -> None:
    assert widening(before, after) == impact


def version(text: str) -> dict[str, Any]:
    return edited(("spec", "version"), text)


@pytest.mark.parametrize(
    ("before", "after", "how", "expected"),
    [
        (None, RELEASE, "identity", "create"),
        (RELEASE, None, "identity", "retire"),
        (RELEASE, version("2.4.0"), "replaces", "rename"),
        (RELEASE, version("2.4.0"), "identity", "update"),
        (RELEASE, version("2.10.0"), "identity", "update"),
        (RELEASE, version("2.3.1"), "identity", "update"),
        (RELEASE, version("2.3.0"), "identity", "rollback"),
        (RELEASE, version("2.3.1-rc.1"), "identity", "rollback"),
        (RELEASE, version("2.3.1+build.5"), "identity", "update"),
        (RELEASE, version("yesterday"), "identity", "update"),
        (version("2.0.0-rc.10"), version("2.0.0-rc.9"), "identity", "rollback"),
    ],
)
def test_operation(before: Any, after: Any, how: str, expected: str) -> None:
    assert operation(before, after, how) == expected


def test_a_return_to_the_named_target_is_a_rollback_whatever_the_versions_look_like() -> None:
    before = edited(("spec", "rollout", "rollback", "to"), "blue")
    assert operation(before, version("blue")) == "rollback"

"""The diff as people read it, on a battery of changes: fixtures/diffs, found by glob."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import deepdiff
import jsonpatch
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changegate.diff.catalogue import CATEGORIES, LEVELS, PREFIX, RULES
from changegate.diff.entries import describe
from changegate.diff.patch import json_patch
from changegate.diff.semantic import semantic
from changegate.manifest import load_manifests, parse

FOLDER = Path(__file__).parents[3] / "fixtures" / "diffs"
CASES = sorted(path for path in FOLDER.glob("*.yaml") if path.stem != "base")


def read(path: Path) -> Any:
    return parse(path.read_bytes(), path.name).documents[0].value


def merged(document: Any, patch: Any) -> Any:
    """A JSON merge patch (RFC 7386)."""
    if not isinstance(patch, dict):
        return patch
    result = dict(document) if isinstance(document, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def sides(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both releases of a case, as the loader reads them: what is no valid manifest is no case."""
    base, case = read(FOLDER / "base.yaml"), read(path)
    documents = [merged(base, case.get("before", {})), merged(base, case["after"])]
    loaded = [load_manifests(json.dumps(document).encode(), "m.json") for document in documents]
    assert [one.faults for one in loaded] == [(), ()]
    before, after = (one.manifests[0].value for one in loaded)
    return before, after


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_change_is_told_as_its_case_says(path: Path) -> None:
    before, after = sides(path)
    found = describe(before, after, semantic(before, after))
    told = [{"rule": one.rule, "level": one.level, "text": one.text} for one in found]
    assert told == read(path)["expected"]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_each_release_is_the_same_as_itself_and_a_patch_leads_to_the_other(path: Path) -> None:
    before, after = sides(path)
    for one in (before, after):
        assert describe(one, one, semantic(one, one)) == ()
        assert json_patch(one, one) == []
    assert jsonpatch.apply_patch(before, json_patch(before, after)) == after
    assert jsonpatch.apply_patch(after, json_patch(after, before)) == before


def test_there_are_cases_of_every_category_and_level() -> None:
    told = [RULES[entry["rule"].removeprefix(PREFIX)] for path in CASES for entry in read(path)["expected"]]
    assert len(CASES) >= 60
    assert {one.category for one in told} == set(CATEGORIES)
    assert {one.level for one in told} == set(LEVELS)


FOR_FIELDS_TO_COME = {
    "field-changed", "provenance-changed", "evaluation-changed", "fairness-changed", "risk-changed",
}  # fmt: skip
"""What has no row yet: the schema has no such field today."""
FROM_FACTS = {"metric-better", "metric-worse", "metric-dropped", "latency-better", "latency-worse"}
"""What reports say, which takes evidence: tested on a real repository."""


def test_every_rule_of_the_diff_has_a_case() -> None:
    told = {entry["rule"].removeprefix(PREFIX) for path in CASES for entry in read(path)["expected"]}
    assert set(RULES) - told - FROM_FACTS - FOR_FIELDS_TO_COME == set()
    assert told <= set(RULES)


def test_a_reviewer_reads_fewer_entries_than_a_comparison_by_position_has() -> None:
    ours = theirs = 0
    for path in CASES:
        before, after = sides(path)
        ours += len(describe(before, after, semantic(before, after)))
        diff = deepdiff.DeepDiff(before, after)
        theirs += sum(len(found) for found in diff.values())
    assert ours < 0.8 * theirs, (ours, theirs)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text("ab~/", max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab~/", max_size=2), inner, max_size=4),
    max_leaves=12,
)


def same(one: Any, other: Any) -> bool:
    """Equal, and of the same types throughout: true is not 1."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@settings(max_examples=300, deadline=None)
@given(VALUES, VALUES)
def test_a_patch_of_any_two_documents_makes_the_one_of_the_other(before: Any, after: Any) -> None:
    assert same(jsonpatch.apply_patch(before, json_patch(before, after)), after)
    assert json_patch(before, json.loads(json.dumps(before))) == []


def test_a_patch_applies_to_nothing_else_than_what_it_was_made_from() -> None:
    patch = json_patch({"a": {"b": 1}}, {"a": {"b": 2}})
    assert patch == [{"op": "test", "path": "/a/b", "value": 1}, {"op": "replace", "path": "/a/b", "value": 2}]
    with pytest.raises(jsonpatch.JsonPatchTestFailed):
        jsonpatch.apply_patch({"a": {"b": 3}}, patch)


def test_no_difference_is_told_twice_or_lost() -> None:
    for path in CASES:
        before, after = sides(path)
        changes = semantic(before, after)
        told = [id(change) for entry in describe(before, after, changes) for change in entry.changes]
        assert len(told) == len(set(told)), path.stem
        silent = [change.path for change in changes if id(change) not in told]
        assert path.stem == "spelt-otherwise" or set(silent) <= {("spec", "version")}, path.stem


def test_a_metric_is_told_with_the_intervals_that_its_reports_state() -> None:
    metric = {
        "name": "accuracy", "label": "accuracy", "value": 0.89, "previousValue": 0.91, "higherIsBetter": True,
        "interval": {"lower": 0.88, "upper": 0.9}, "previousInterval": {"lower": 0.9, "upper": 0.92},
    }  # fmt: skip
    release = read(FOLDER / "base.yaml")
    (told,) = describe(release, release, (), {"evaluation": {"comparison": {"metrics": [metric]}}})
    assert told.rule == "diff/metric-worse"
    assert told.text == "accuracy: 0.91 [0.9, 0.92] → 0.89 [0.88, 0.9] (-2.2 %)."

"""Facts of fairness: recomputed from counts, and never 0 for what nobody has."""

from __future__ import annotations

import hashlib
import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from changegate.evidence.collector import EvidenceRequest
from changegate.evidence.fairness import CONFIDENCE, collect
from changegate.policy.settings import defaults
from changegate.resources import FIXTURES, SCHEMAS
from support.rollouts import fraud
from support.trees import request

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SCHEMA = json.loads((SCHEMAS / "input" / "fairness.json").read_text())
DIGEST = "sha256:" + "a" * 64
PATH = "evidence/fairness.json"


def group(name: str, tp: int, fp: int, tn: int, fn: int, attribute: str = "sex") -> dict[str, Any]:
    return {"attribute": attribute, "group": name, "tp": tp, "fp": fp, "tn": tn, "fn": fn}


WOMEN = group("female", 50, 10, 30, 10)
MEN = group("male", 70, 20, 5, 5)


def report(*groups: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "schemaVersion": 1,
        "model": {"digests": [DIGEST]},
        "evaluatedAt": "2026-11-01T12:00:00Z",
        "groups": list(groups or (WOMEN, MEN)),
        **more,
    }


def crosstab(*records: dict[str, Any], **more: Any) -> dict[str, Any]:
    made = report(**more)
    del made["groups"]
    return {**made, "records": list(records)}


def record(value: Any, tp: int, fp: int, tn: int, fn: int, **more: Any) -> dict[str, Any]:
    counts = {"tp": tp, "fp": fp, "tn": tn, "fn": fn}
    return {"attribute_name": "sex", "attribute_value": value, **counts, **more}


def written(value: Any) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def release(
    *reports: Any, attributes: tuple[str, ...] = ("sex",), **reference: str
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """A release that names reports, and the files that they are."""
    made = fraud()
    made["spec"]["artifacts"][0]["digest"] = DIGEST
    files = {f"{index}/{PATH}": written(one) for index, one in enumerate(reports)}
    evidence = [
        {"path": path, "digest": "sha256:" + hashlib.sha256(data).hexdigest(), **reference}
        for path, data in files.items()
    ]
    made["spec"]["fairness"] = {"protectedAttributes": list(attributes), "evidence": evidence}
    return made, files


def checked(asked: EvidenceRequest) -> tuple[Any, Any]:
    section = collect(asked)
    for name, value in (("evidence", section.evidence), ("facts", section.facts)):
        jsonschema.Draft202012Validator({**SCHEMA, "$ref": f"#/$defs/{name}"}).validate(value)
        json.dumps(value, allow_nan=False)
    return section.evidence, section.facts


def facts_of(*reports: Any, **more: Any) -> Any:
    evidence, facts = checked(request(*release(*reports, **more)))
    assert evidence["status"] == "present", evidence
    return facts


def fault_of(value: Any, **reference: str) -> tuple[str, Any]:
    """The reason and the place of the only report, which is invalid."""
    evidence, facts = checked(request(*release(value, **reference)))
    assert (evidence["status"], evidence["files"][0]["status"]) == ("invalid", "invalid")
    assert facts["groups"] == facts["selection"] == facts["errors"] == facts["reports"] == []
    place = evidence["files"][0]["place"]
    return evidence["files"][0]["reason"], place["at"].get("path") if "at" in place else place["path"]


def test_the_rates_of_a_group() -> None:
    women = facts_of(report())["groups"][0]
    lower, upper = (round(bound, 6) for bound in proportion_confint(60, 100, method="wilson"))
    known = {"status": "known", "valueRatio": 0.6, "lowerRatio": lower, "upperRatio": upper}
    assert women["rates"]["selection"] == known
    assert women["rates"]["truePositive"]["valueRatio"] == round(50 / 60, 6)
    assert women["rates"]["trueNegative"]["valueRatio"] == 0.75
    assert women["rates"]["falsePositive"]["valueRatio"] == 0.25
    assert (women["sampleCount"], women["positivesCount"], women["negativesCount"]) == (100, 60, 40)
    assert women["undefinedRates"] == []


def test_the_selection_ratio_with_its_interval() -> None:
    (found,) = facts_of(report())["selection"]
    lower, upper = confint_proportions_2indep(60, 100, 90, 100, method="log", compare="ratio")
    assert found["extremes"] == found["surest"] == {
        "lesser": "female", "greater": "male", "method": "katz",
        "said": "the selection rate of female is 0.667 of that of male (interval 0.561 to 0.792)",
        "valueRatio": 0.666667, "lowerRatio": round(lower, 6), "upperRatio": round(upper, 6),
    }  # fmt: skip
    assert (found["attribute"], found["status"], found["without"]) == ("sex", "known", [])
    assert found["place"] == {"at": {"file": f"0/{PATH}", "revision": "head", "path": ["groups", 0, "group"]}}


def test_the_gaps_of_the_error_rates_stand_at_the_group_that_is_worse_off() -> None:
    positive, negative = facts_of(report())["errors"]
    assert (positive["rate"], negative["rate"]) == ("truePositive", "falsePositive")
    assert positive["extremes"]["valueRatio"] == round(70 / 75 - 50 / 60, 6)
    assert positive["place"]["at"]["path"] == ["groups", 0, "group"]
    assert negative["extremes"]["valueRatio"] == round(20 / 25 - 10 / 40, 6)
    assert negative["extremes"]["said"].startswith("the false-positive rate (1 - specificity) of male is 0.55 above")
    assert negative["place"]["at"]["path"] == ["groups", 1, "group"]


def test_a_tiny_group_at_the_end_hides_no_pair_that_is_apart() -> None:
    tiny = group("other", 1, 1, 2, 1)
    selection = facts_of(report(group("female", 400, 100, 400, 100), group("male", 800, 100, 50, 50), tiny))[
        "selection"
    ][0]
    assert selection["extremes"]["lesser"] == "other"
    assert selection["extremes"]["upperRatio"] > 0.8 > selection["surest"]["upperRatio"]
    assert selection["surest"]["lesser"] == "female"
    assert selection["place"]["at"]["path"] == ["groups", 0, "group"]
    assert selection["extremesPlace"]["at"]["path"] == ["groups", 2, "group"]


def test_a_group_without_positives_has_no_true_positive_rate() -> None:
    facts = facts_of(report(WOMEN, MEN, group("other", 0, 10, 90, 0)))
    other = facts["groups"][2]
    assert other["rates"]["truePositive"] == {"status": "undefined", "reason": "the group has no positives"}
    assert other["undefinedRates"] == ["truePositive"]
    assert facts["errors"][0]["without"] == ["other"]
    assert facts["errors"][0]["extremes"]["lesser"] == "female"
    assert facts["errors"][1]["without"] == []


def test_a_group_of_nobody_has_no_rate_at_all() -> None:
    facts = facts_of(report(WOMEN, MEN, group("other", 0, 0, 0, 0)))
    assert facts["groups"][2]["undefinedRates"] == ["selection", "truePositive", "trueNegative", "falsePositive"]
    assert [one["without"] for one in (*facts["selection"], *facts["errors"])] == [["other"]] * 3


@pytest.mark.parametrize(
    ("groups", "reason"),
    [
        ([WOMEN], "fewer than two groups have a selection rate"),
        ([group("female", 0, 0, 9, 9), group("male", 0, 0, 5, 5)], "nobody of any group is selected"),
    ],
)
def test_a_ratio_that_is_undefined_says_why(groups: list[Any], reason: str) -> None:
    selection = facts_of(report(*groups))["selection"][0]
    assert (selection["status"], selection["reason"]) == ("undefined", reason)
    assert "surest" not in selection


def test_a_gap_that_is_undefined_says_why() -> None:
    positive = facts_of(report(WOMEN, group("male", 0, 5, 5, 0)))["errors"][0]
    assert positive["reason"] == "fewer than two groups have a true-positive rate"


def test_a_group_that_is_never_selected_has_a_ratio_of_0_and_bounds() -> None:
    surest = facts_of(report(group("female", 0, 0, 900, 100), MEN))["selection"][0]["surest"]
    assert (surest["valueRatio"], surest["lowerRatio"], surest["method"]) == (0, 0, "wilson")
    assert 0 < surest["upperRatio"] < 0.01


def test_every_attribute_is_compared_by_itself() -> None:
    young, old = group("young", 30, 5, 5, 5, "age_band"), group("old", 30, 5, 5, 5, "age_band")
    facts = facts_of(report(WOMEN, young, MEN, old), attributes=("sex", "age_band", "region"))
    assert [one["attribute"] for one in facts["selection"]] == ["sex", "age_band"]
    assert [(one["name"], one["groupsCount"]) for one in facts["coverage"]] == [
        ("sex", 2),
        ("age_band", 2),
        ("region", 0),
    ]
    assert facts["coverage"][2]["place"] == {"path": ["spec", "fairness", "protectedAttributes", 2]}


def test_groups_of_two_reports_are_never_put_together() -> None:
    facts = facts_of(report(WOMEN), report(MEN))
    assert facts["coverage"][0]["groupsCount"] == 1
    assert {one["status"] for one in facts["selection"]} == {"undefined"}


def test_what_a_report_was_made_on_and_when() -> None:
    facts = facts_of(report())
    assert facts["reports"][0]["boundTo"] == ["model"]
    assert facts["reports"][0]["ageSeconds"] == 86_400
    assert facts["artifacts"][0]["bound"] is True
    without = report()
    del without["model"]
    facts = facts_of(without)
    assert (facts["reports"][0]["boundTo"], facts["artifacts"][0]["bound"]) == ([], False)


def test_a_crosstab_of_aequitas_reads_as_counts_do() -> None:
    extra = {"score_threshold": "binary 0/1", "k": 5, "ppr": 0.4, "fdr": None}
    records = (
        record("female", 50, 10, 30, 10, group_size=100, pprev=0.6, **extra),
        record("male", 70, 20, 5, 5, group_size=100.0, pprev=0.9, **extra),
    )
    found, counts = facts_of(crosstab(*records), format="aequitas"), facts_of(report())
    for one in (*found["groups"], *counts["groups"], *found["selection"], *counts["selection"]):
        one.pop("place")
        for key in ("extremesPlace", "weakestPlace"):
            one.pop(key, None)
    assert found["groups"] == counts["groups"]
    assert found["selection"] == counts["selection"]
    assert found["reports"][0]["format"] == "aequitas"


NAN, INFINITY = float("nan"), float("inf")


@pytest.mark.parametrize("value", [NAN, INFINITY, -INFINITY, [NAN, {"a": INFINITY}]])
def test_a_crosstab_as_python_writes_it_has_nan_in_columns_that_are_not_read(value: Any) -> None:
    plain = crosstab(record("female", 50, 10, 30, 10), record("male", 70, 20, 5, 5))
    made = crosstab(record("female", 50, 10, 30, 10, fdr=value), record("male", 70, 20, 5, 5, fdr=NAN, f=value))
    assert facts_of(made, format="aequitas") == facts_of(plain)


def test_nan_is_the_selection_rate_of_an_empty_group() -> None:
    empty, half = record("none", 0, 0, 0, 0, pprev=NAN, group_size=0), record("male", 1, 1, 1, 1, pprev=0.5)
    assert facts_of(crosstab(empty, half))["groups"][0]["rates"]["selection"]["status"] == "undefined"


@pytest.mark.parametrize(
    ("value", "reason", "path"),
    [
        (crosstab(record("female", 5, 5, 5, 5, pprev=NAN)), "`pprev` is NaN", ["records", 0, "pprev"]),
        (crosstab(record("none", 0, 0, 0, 0, pprev=INFINITY)), "`pprev` is Infinity", ["records", 0, "pprev"]),
        (crosstab(record("male", 5, 5, 5, 5), record("a", 5, NAN, 5, 5)), "`fp` is NaN", ["records", 1, "fp"]),
        (crosstab(record("a", 5, 5, 5, 5, group_size=NAN)), "`group_size` is NaN", ["records", 0, "group_size"]),
        (crosstab(record(NAN, 5, 5, 5, 5)), "`attribute_value` is NaN", ["records", 0, "attribute_value"]),
        (crosstab(record([NAN], 5, 5, 5, 5)), "is NaN", ["records", 0, "attribute_value", 0]),
        (crosstab(record("a", 5, 5, 5, 5), schemaVersion=-INFINITY), "is -Infinity", ["schemaVersion"]),
        (crosstab(record("a", 5, 5, 5, 5), more=[1, NAN]), "is NaN", ["more", 1]),
        ({**crosstab(), "records": NAN}, "`records` is NaN", ["records"]),
        ({**crosstab(), "records": [NAN]}, "is NaN", ["records", 0]),
    ],
)
def test_nan_where_a_value_is_needed_is_a_fault_at_its_place(value: Any, reason: str, path: list[Any]) -> None:
    found, place = fault_of(value)
    assert reason in found
    assert place == path


@pytest.mark.parametrize("value", [report({**WOMEN, "tp": NAN}), [NAN], {"groups": NAN}])
def test_nan_makes_any_other_format_invalid(value: Any) -> None:
    assert "NaN is no finite number" in fault_of(value)[0]


def test_nan_beside_another_fault_hides_nothing() -> None:
    found, _ = fault_of(written(crosstab(record("a", 5, 5, 5, 5, fdr=NAN, ppr=7))).replace(b"7", b"1e999"))
    assert "is no finite number" in found


@pytest.mark.parametrize("value", [True, 1, 2.5])
def test_a_value_of_a_crosstab_may_be_no_text(value: Any) -> None:
    facts = facts_of(crosstab(record(value, 5, 5, 5, 5), record("male", 5, 5, 5, 5)))
    assert facts["groups"][0]["group"] == str(value)


@pytest.mark.parametrize(
    ("value", "reason", "path"),
    [
        (report(WOMEN, MEN, WOMEN), "the group female of sex stands there twice", ["groups", 2, "group"]),
        (report(evaluatedAt="2026-11-03T00:00:00Z"), "lies in the future", ["evaluatedAt"]),
        (report(evaluatedAt="2026-02-30T00:00:00Z"), "no moment that exists", ["evaluatedAt"]),
        (report(WOMEN, MEN, dataset={"name": "d", "sampleCount": 3}), "and the data has 3", ["dataset", "sampleCount"]),
        (
            report(WOMEN, dataset={"name": "d", "collectedAt": "2026-11-02T11:59:59Z"}),
            "`collectedAt` lies after `evaluatedAt`",
            ["dataset", "collectedAt"],
        ),
        (
            report(WOMEN, dataset={"name": "d", "collectedAt": "2026-11-03T00:00:00Z"}),
            "`collectedAt` lies in the future",
            ["dataset", "collectedAt"],
        ),
        (report({**WOMEN, "tp": -1}), "must be at least 0", ["groups", 0, "tp"]),
        (report({**WOMEN, "tp": 1.5}), "must be a whole number", ["groups", 0, "tp"]),
        (report({**WOMEN, "tp": "50"}), "must be a whole number", ["groups", 0, "tp"]),
        (report({**WOMEN, "tp": None}), "must be a whole number", ["groups", 0, "tp"]),
        (report({**WOMEN, "tp": True}), "must be a whole number", ["groups", 0, "tp"]),
        (report({**WOMEN, "rate": 0.6}), "unknown field `rate`", ["groups", 0, "rate"]),
        (report(schemaVersion=2), "`schemaVersion` cannot be 2", ["schemaVersion"]),
        (crosstab(record("a", 1, 2, 3, 4, group_size=11)), "`group_size` is not the sum", ["records", 0, "group_size"]),
        (crosstab(record("a", 1, 2, 3, 4, pprev=0.4)), "`pprev` does not follow", ["records", 0, "pprev"]),
        (crosstab(record("a", 0, 0, 0, 0, pprev=0)), "`pprev` does not follow", ["records", 0, "pprev"]),
        (crosstab(record("1", 1, 2, 3, 4), record(1, 1, 2, 3, 4)), "twice", ["records", 1, "attribute_value"]),
    ],
)
def test_a_report_that_cannot_be_right(value: Any, reason: str, path: list[Any]) -> None:
    said, where = fault_of(value)
    assert reason in said
    assert where == path


@pytest.mark.parametrize(
    "value",
    [
        b"", b"{", b"[1,", b"\xff\xfe", b"null", b"[]", b"7", b"--- {}\n--- {}\n",
        b'{"groups": [], "groups": []}', b"[" * 5000, [{"tp": 1}], {},
        report(*[]) | {"groups": []}, report(*(group(str(one), 1, 1, 1, 1) for one in range(201))),
        written(report()).replace(b"50", b"NaN"), written(report()).replace(b"50", b"1e999"),
        written(report()).replace(b"50", b"9" * 400), written(report()).replace(b"50", b"1_0"),
        {**report(), "records": [record("a", 1, 2, 3, 4)]},
    ],
)  # fmt: skip
def test_hostile_files_are_invalid_and_raise_nothing(value: Any) -> None:
    assert fault_of(value)[0]


@pytest.mark.parametrize("said", ["aequitas", "fairlearn"])
def test_a_format_that_it_does_not_have(said: str) -> None:
    assert f"it has the format counts, and the manifest says {said}" in fault_of(report(), format=said)[0]


def test_names_of_groups_are_no_templates() -> None:
    facts = facts_of(report(group("{2} {name}", 1, 1, 8, 8), group("%s", 9, 9, 1, 1)))
    assert facts["selection"][0]["surest"]["said"].startswith("the selection rate of {2} {name} is 0.123 of that of %s")


def test_a_file_of_another_digest_is_invalid() -> None:
    made, files = release(report())
    evidence, _ = checked(request(made, {path: data + b" " for path, data in files.items()}))
    there = {"message": "the file itself", "at": {"file": f"0/{PATH}", "revision": "head"}}
    assert evidence["files"][0]["place"] == {"path": ["spec", "fairness", "evidence", 0, "digest"], "related": [there]}


def test_a_file_that_is_not_there_is_absent() -> None:
    made, _ = release(report())
    evidence, _ = checked(request(made, {}))
    assert (evidence["status"], evidence["files"][0]["status"]) == ("invalid", "absent")


def test_a_report_elsewhere_is_unavailable_until_it_is_handed_in(tmp_path: Path) -> None:
    made, files = release(report())
    reference = made["spec"]["fairness"]["evidence"][0]
    reference["uri"] = "s3://reports/fairness.json"
    del reference["path"]
    evidence, facts = checked(request(made, {}))
    assert evidence["status"] == "unavailable"
    assert facts["selection"] == []
    (tmp_path / "fairness.json").write_bytes(next(iter(files.values())))
    evidence, facts = checked(request(made, {}, handed_in=tmp_path))
    assert evidence["status"] == "present"
    assert facts["selection"][0]["place"] == {"path": ["spec", "fairness", "evidence", 0]}


def test_one_broken_report_does_not_cost_the_other() -> None:
    evidence, facts = checked(request(*release(report(), b"{")))
    assert [one["status"] for one in evidence["files"]] == ["present", "invalid"]
    assert evidence["status"] == "present"
    assert len(facts["selection"]) == 1


@pytest.mark.parametrize(
    ("stated", "block", "reason"),
    [
        (None, "absent", "the manifest names no fairness report"),
        ({"notApplicable": "it sees products only"}, "not-applicable", "it sees products only"),
    ],
)
def test_no_report_is_named(stated: Any, block: str, reason: str) -> None:
    made = fraud()
    if stated is not None:
        made["spec"]["fairness"] = stated
    evidence, facts = checked(request(made))
    assert (evidence["status"], evidence["reason"], facts["block"]) == ("absent", reason, block)
    assert evidence["comparison"] == {"status": "absent", "reason": "there is no previous release"}


def against(now: Mapping[str, Any], before: Mapping[str, Any]) -> tuple[Any, Any]:
    made, files = release(now)
    previous, old = release(before)
    evidence, facts = checked(request(made, files, previous=previous, base=old))
    return evidence["comparison"], facts["comparison"]


def test_the_fall_of_a_group_against_the_previous_release() -> None:
    status, facts = against(report(), report(group("female", 70, 18, 6, 6), MEN))
    assert status == {"status": "present"}
    women, men = facts["groups"]
    assert (women["valueRatio"], women["previousRatio"]) == (0.666667, round(0.88 / 0.9, 6))
    assert women["fallRatio"] == round(0.88 / 0.9 - 0.6 / 0.9, 6)
    assert women["fallLowerRatio"] == pytest.approx(0.150, abs=0.01)
    assert (
        women["said"] == "the group female of sex is selected 0.667 times as often as the highest, and was 0.978 times"
    )
    assert women["place"]["at"]["path"] == ["groups", 0, "group"]
    assert [one["at"]["revision"] for one in women["place"]["related"]] == ["base"]
    assert "related" not in men["place"]
    assert (men["fallRatio"], men["fallLowerRatio"]) == (0, 0)


def test_a_group_that_is_no_longer_measured_is_dropped() -> None:
    _, facts = against(report(), report(WOMEN, MEN, group("other", 5, 5, 5, 5)))
    (gone,) = facts["dropped"]
    assert (gone["attribute"], gone["group"]) == ("sex", "other")
    assert gone["said"] == "the group other of sex is no longer measured"
    (before,) = gone["place"]["related"]
    assert gone["place"]["path"] == ["spec", "fairness"]
    assert (before["at"]["revision"], before["at"]["path"]) == ("base", ["groups", 2, "group"])


def test_a_group_that_is_new_is_compared_with_nothing() -> None:
    _, facts = against(report(WOMEN, MEN, group("other", 5, 5, 5, 5)), report())
    assert [one["group"] for one in facts["groups"]] == ["female", "male"]
    assert facts["dropped"] == []


def test_previous_releases_that_cannot_be_compared_with() -> None:
    made, files = release(report())
    evidence, _ = checked(request(made, files, previous=fraud(), base={}))
    assert evidence["comparison"]["reason"] == "the previous release has no fairness report"
    previous, old = release(report(), report(WOMEN, WOMEN))
    evidence, facts = checked(request(made, files, previous=previous, base=old))
    assert evidence["comparison"]["status"] == "invalid"
    assert "stands there twice" in evidence["comparison"]["reason"]
    assert facts["comparison"] == {"groups": [], "dropped": []}
    elsewhere = deepcopy(previous)
    for one in elsewhere["spec"]["fairness"]["evidence"]:
        one["uri"] = "s3://reports/" + one.pop("path")
    evidence, _ = checked(request(made, files, previous=elsewhere, base=old))
    assert evidence["comparison"]["status"] == "unavailable"


def test_the_confidence_is_that_of_the_settings() -> None:
    asked = request(*release(report()))
    wide = EvidenceRequest(
        asked.release,
        None,
        asked.files,
        asked.reviews,
        asked.teams,
        asked.now,
        settings={"fairness": {"confidence": 0.99}},
    )
    _, facts = checked(wide)
    assert facts["confidenceRatio"] == 0.99
    assert facts["selection"][0]["surest"]["upperRatio"] > 0.7922
    assert defaults()["fairness"]["confidence"] == CONFIDENCE


def test_as_many_groups_as_a_report_may_hold() -> None:
    facts = facts_of(report(*(group(str(one), one, 400 - one, 300, 300) for one in range(200))))
    assert len(facts["groups"]) == 200
    assert facts["errors"][0]["extremes"]["lesser"] == "0"


MANIFESTS = sorted(FIXTURES.glob("gitops-repo/models/*/manifest.yaml"))


@pytest.mark.parametrize("path", MANIFESTS, ids=[path.parent.name for path in MANIFESTS])
def test_the_fixtures_are_read(path: Path) -> None:
    from changegate.manifest import parse

    root = FIXTURES / "gitops-repo"
    files = {one.relative_to(root).as_posix(): one.read_bytes() for one in root.rglob("*") if one.is_file()}
    made = parse(path.read_bytes(), path.name).documents[0].value
    evidence, facts = checked(request(made, files, previous=made, base=files))
    if facts["block"] == "present":
        assert evidence["status"] == "present"
        assert all(one["groupsCount"] >= 2 for one in facts["coverage"])
        assert all(one["fallRatio"] == 0 for one in facts["comparison"]["groups"])

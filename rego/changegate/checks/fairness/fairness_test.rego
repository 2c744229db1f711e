package changegate.checks.fairness_test

import data.changegate.checks.fairness

file := "evidence/fairness.json"

at(path) := {"at": {"file": file, "revision": "head", "path": path}}

claims := {"tier": "high", "exposure": "production", "affectsUsers": true, "personalData": true}

pair := {
	"lesser": "female", "greater": "male", "said": "they differ", "method": "katz",
	"valueRatio": 0.95, "lowerRatio": 0.91, "upperRatio": 0.99,
}

gap := {
	"lesser": "female", "greater": "male", "said": "they differ", "method": "newcombe",
	"valueRatio": 0.02, "lowerRatio": 0.01, "upperRatio": 0.03,
}

compared(rate, one) := {
	"attribute": "sex", "rate": rate, "status": "known", "without": [],
	"extremes": one, "surest": one, "place": at(["groups", 0, "group"]), "extremesPlace": at(["groups", 1, "group"]),
}

member(name, index) := {
	"attribute": "sex", "group": name, "sampleCount": 1000, "positivesCount": 500, "negativesCount": 500,
	"rates": {}, "undefinedRates": [], "place": at(["groups", index, "group"]),
}

good := {
	"previous": {"status": "present"},
	"evidence": {"fairness": {
		"status": "present",
		"files": [{"status": "present", "file": file, "place": at([])}],
		"comparison": {"status": "present"},
	}},
	"facts": {
		"risk": {"claims": claims, "previous": claims},
		"fairness": {
			"block": "present",
			"confidenceRatio": 0.95,
			"artifacts": [{"name": "model", "pinned": true, "bound": true, "place": {"path": ["spec", "artifacts", 0]}}],
			"reports": [{
				"file": file, "format": "counts", "ageSeconds": 86400, "boundTo": ["model"],
				"places": {"model": at(["model"]), "evaluatedAt": at(["evaluatedAt"])},
			}],
			"coverage": [{"name": "sex", "groupsCount": 2, "place": {"path": ["spec", "fairness", "protectedAttributes", 0]}}],
			"groups": [member("female", 0), member("male", 1)],
			"selection": [compared("selection", pair)],
			"errors": [compared("truePositive", gap), compared("falsePositive", gap)],
			"comparison": {
				"groups": [{
					"attribute": "sex", "group": "female", "said": "it fell", "valueRatio": 0.95, "previousRatio": 0.97,
					"fallRatio": 0.02, "fallLowerRatio": -0.01, "place": at(["groups", 0, "group"]),
				}],
				"dropped": [],
			},
		},
	},
	"settings": {"fairness": {
		"requiredFrom": "medium",
		"measuredFrom": "high",
		"maximumAgeSeconds": {"medium": 31536000, "high": 15552000, "critical": 7776000},
		"minimumGroupCount": {"medium": 100, "high": 300, "critical": 300},
		"minimumClassCount": {"medium": 30, "high": 50, "critical": 50},
		"confidence": 0.95,
		"minimumSelectionRatio": 0.8,
		"maximumErrorGapRatio": {"medium": 0.1, "high": 0.05, "critical": 0.05},
		"maximumFallRatio": 0.05,
	}},
}

outcomes(tier, patches) := result if {
	result := fairness.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as tier
}

put(path, value) := {"op": "replace", "path": path, "value": value}

fact(path, value) := put(concat("", ["/facts/fairness", path]), value)

drop(path) := {"op": "remove", "path": path}

passed := {"outcome": "passed"}

failed(place, details) := {"outcome": "failed", "violations": {object.union(place, {"details": details})}}

failures(tier, patches) := {id | some id, outcome in outcomes(tier, patches); outcome.outcome == "failed"}

unknowns(patches) := {id | some id, outcome in outcomes("high", patches); outcome.outcome == "unknown"}

passes(patches) := {id | some id, outcome in outcomes("high", patches); outcome.outcome == "passed"}

block := {"path": ["spec", "fairness"]}

statistics := {
	"fairness/not-bound-to-artifact", "fairness/stale", "fairness/attribute-not-covered", "fairness/group-too-small",
	"fairness/selection-ratio-broken", "fairness/selection-ratio-inconclusive", "fairness/error-rates-differ",
	"fairness/subgroup-regressed",
}

test_good_passes_every_rule_that_applies if {
	found := outcomes("critical", [])
	count(found) == 11
	{id | some id, outcome in found; outcome != passed} == {"fairness/not-applicable-unjustified"}
	found["fairness/not-applicable-unjustified"].outcome == "not-applicable"
}

test_low_tier_is_asked_for_nothing if {
	low := [put("/evidence/fairness", {"status": "absent", "reason": "none", "files": []}), fact("/block", "absent")]
	{outcome.outcome | some outcome in outcomes("low", low)} == {"not-applicable"}
}

test_no_facts_pass_nothing_but_what_reads_none if {
	passes([drop("/facts/fairness")]) == {"fairness/invalid-evidence"}
	passes([drop("/facts")]) == {"fairness/invalid-evidence"}
}

test_no_evidence_passes_nothing if passes([drop("/evidence")]) == set()

test_no_settings_pass_nothing_that_reads_them if {
	passes([drop("/settings/fairness")]) == {"fairness/missing", "fairness/invalid-evidence"}
}

test_an_unavailable_report_is_unknown if {
	unseen := [put("/evidence/fairness", {"status": "unavailable", "reason": "not handed in", "files": []})]
	unknowns(unseen) == statistics | {"fairness/invalid-evidence"}
}

nothing_named := [
	put("/evidence/fairness", {"status": "absent", "reason": "none", "files": []}),
	fact("/block", "absent"),
]

test_missing_fires_alone if {
	failures("high", nothing_named) == {"fairness/missing"}
	outcomes("high", nothing_named)["fairness/missing"] == failed(block, {})
}

test_missing_passes_where_nobody_is_affected if {
	nobody := object.union(claims, {"affectsUsers": false, "personalData": false})
	alone := array.concat(nothing_named, [put("/facts/risk", {"claims": nobody})])
	failures("high", alone) == set()
	outcomes("high", alone)["fairness/missing"].outcome == "not-applicable"
	still := array.concat(nothing_named, [put("/facts/risk", {"claims": nobody, "previous": claims})])
	failures("high", still) == {"fairness/missing"}
}

test_missing_fires_where_only_one_of_the_claims_is_denied if {
	every key in ["affectsUsers", "personalData"] {
		one := object.union(claims, {key: false})
		failures("high", array.concat(nothing_named, [put("/facts/risk", {"claims": one})])) == {"fairness/missing"}
	}
}

test_missing_takes_research_at_its_word if {
	research := [put("/facts/risk", {"claims": {"tier": "high", "exposure": "research"}})]
	failures("high", array.concat(nothing_named, research)) == set()
	affecting := [put("/facts/risk", {"claims": {"tier": "high", "exposure": "research", "affectsUsers": true}})]
	failures("high", array.concat(nothing_named, affecting)) == {"fairness/missing"}
}

test_missing_missing_claims_and_block_fail if {
	failures("high", array.concat(nothing_named, [drop("/facts/risk/claims")])) == {"fairness/missing"}
	"fairness/missing" in failures("high", [put("/evidence/fairness/files", [])])
	"fairness/missing" in failures("high", [drop("/facts/fairness/block")])
}

excused := [
	put("/evidence/fairness", {"status": "absent", "reason": "products only", "files": []}),
	fact("/block", "not-applicable"),
]

test_not_applicable_unjustified_fires_alone if {
	failures("high", excused) == {"fairness/not-applicable-unjustified"}
	found := outcomes("high", excused)["fairness/not-applicable-unjustified"]
	found == failed({"path": ["spec", "fairness", "notApplicable"]}, {})
}

test_not_applicable_unjustified_passes_below_the_tier_and_where_no_user_is_affected if {
	outcomes("medium", excused)["fairness/not-applicable-unjustified"] == passed
	unaffecting := object.union(claims, {"affectsUsers": false})
	alone := array.concat(excused, [put("/facts/risk", {"claims": unaffecting})])
	outcomes("critical", alone)["fairness/not-applicable-unjustified"] == passed
	still := array.concat(excused, [put("/facts/risk", {"claims": unaffecting, "previous": claims})])
	failures("critical", still) == {"fairness/not-applicable-unjustified"}
}

test_not_applicable_unjustified_missing_claims_and_setting_fail if {
	failures("high", array.concat(excused, [drop("/facts/risk")])) == {"fairness/not-applicable-unjustified"}
	unset := array.concat(excused, [drop("/settings/fairness/measuredFrom")])
	failures("medium", unset) == {"fairness/not-applicable-unjustified"}
}

test_invalid_evidence_fires_alone if {
	broken := [
		put("/evidence/fairness/status", "invalid"),
		put("/evidence/fairness/files/0", {"status": "invalid", "reason": "why", "place": at(["groups", 0])}),
	]
	failures("high", broken) == {"fairness/invalid-evidence"}
	outcomes("high", broken)["fairness/invalid-evidence"] == failed(at(["groups", 0]), {"reason": "why"})
	failures("low", broken) == {"fairness/invalid-evidence"}
}

test_invalid_evidence_passes_where_every_file_is_present if {
	outcomes("high", [])["fairness/invalid-evidence"] == passed
	one_of_two := [{"op": "add", "path": "/evidence/fairness/files/1", "value": {"status": "absent", "reason": "gone", "place": block}}]
	failures("high", one_of_two) == {"fairness/invalid-evidence"}
}

test_invalid_evidence_missing_status_fails if {
	failures("high", [drop("/evidence/fairness/files/0/status")]) == {"fairness/invalid-evidence"}
	"fairness/invalid-evidence" in failures("high", [drop("/evidence/fairness/files")])
}

test_not_bound_to_artifact_fires_alone if {
	elsewhere := [fact("/reports/0/boundTo", []), fact("/artifacts/0/bound", false)]
	failures("high", elsewhere) == {"fairness/not-bound-to-artifact"}
	found := outcomes("high", elsewhere)["fairness/not-bound-to-artifact"]
	found == failed(at(["model"]), {"reason": "it names no artifact of this release"})
}

test_not_bound_to_artifact_fires_for_an_artifact_that_no_report_names if {
	unmeasured := [fact("/artifacts/0/bound", false)]
	failures("high", unmeasured) == {"fairness/not-bound-to-artifact"}
	found := outcomes("high", unmeasured)["fairness/not-bound-to-artifact"]
	found == failed({"path": ["spec", "artifacts", 0]}, {"reason": "no report names the digest of this artifact"})
}

test_not_bound_to_artifact_passes_where_all_are_bound if outcomes("high", [])["fairness/not-bound-to-artifact"] == passed

test_not_bound_to_artifact_missing_facts_fail if {
	every path in ["/reports/0/boundTo", "/artifacts/0/bound", "/artifacts"] {
		failures("high", [drop(concat("", ["/facts/fairness", path]))]) == {"fairness/not-bound-to-artifact"}
	}
}

test_stale_fires_alone if {
	old := [fact("/reports/0/ageSeconds", 20000000)]
	failures("high", old) == {"fairness/stale"}
	details := {"ageSeconds": 20000000, "maximumSeconds": 15552000}
	outcomes("high", old)["fairness/stale"] == failed(at(["evaluatedAt"]), details)
	failures("medium", old) == set()
}

test_stale_passes_at_the_limit if {
	outcomes("high", [fact("/reports/0/ageSeconds", 15552000)])["fairness/stale"] == passed
}

test_stale_missing_age_and_setting_fail if {
	failures("high", [drop("/facts/fairness/reports/0/ageSeconds")]) == {"fairness/stale"}
	failures("high", [drop("/settings/fairness/maximumAgeSeconds/high")]) == {"fairness/stale"}
}

test_attribute_not_covered_fires_alone if {
	alone := [fact("/coverage/0/groupsCount", 1)]
	failures("high", alone) == {"fairness/attribute-not-covered"}
	found := outcomes("high", alone)["fairness/attribute-not-covered"]
	found == failed({"path": ["spec", "fairness", "protectedAttributes", 0]}, {"attribute": "sex"})
}

test_attribute_not_covered_passes_with_two_groups if outcomes("high", [])["fairness/attribute-not-covered"] == passed

test_attribute_not_covered_missing_coverage_fails if {
	failures("high", [drop("/facts/fairness/coverage/0/groupsCount")]) == {"fairness/attribute-not-covered"}
	failures("high", [fact("/coverage", [])]) == {"fairness/attribute-not-covered"}
}

test_group_too_small_fires_alone if {
	small := [fact("/groups/1/sampleCount", 299)]
	failures("high", small) == {"fairness/group-too-small"}
	outcomes("high", small)["fairness/group-too-small"] == failed(at(["groups", 1, "group"]), {
		"attribute": "sex", "group": "male", "sampleCount": 299, "positivesCount": 500, "negativesCount": 500,
		"undefinedRates": [], "minimumCount": 300, "minimumClassCount": 50,
	})
	failures("medium", small) == set()
}

test_group_too_small_fires_without_positives_or_negatives if {
	every key in ["positivesCount", "negativesCount"] {
		failures("high", [fact(concat("/", ["/groups/0", key]), 0)]) == {"fairness/group-too-small"}
	}
}

test_group_too_small_passes_at_the_limit if {
	limit := [fact("/groups/0/sampleCount", 300), fact("/groups/0/positivesCount", 50), fact("/groups/0/negativesCount", 50)]
	outcomes("high", limit)["fairness/group-too-small"] == passed
}

test_group_too_small_missing_counts_fail if {
	every key in ["sampleCount", "positivesCount", "negativesCount"] {
		failures("high", [drop(concat("/", ["/facts/fairness/groups/0", key]))]) == {"fairness/group-too-small"}
	}
	failures("high", [fact("/groups", [])]) == {"fairness/group-too-small"}
	failures("high", [drop("/settings/fairness/minimumClassCount")]) == {"fairness/group-too-small"}
}

broken_pair := object.union(pair, {"valueRatio": 0.667, "lowerRatio": 0.561, "upperRatio": 0.792})

wide_pair := object.union(pair, {"valueRatio": 0.667, "lowerRatio": 0.386, "upperRatio": 1.152})

numbers := {"attribute": "sex", "minimumRatio": 0.8}

test_selection_ratio_broken_fires_alone if {
	broken := [fact("/selection/0", compared("selection", broken_pair))]
	failures("high", broken) == {"fairness/selection-ratio-broken"}
	found := outcomes("high", broken)["fairness/selection-ratio-broken"]
	found == failed(at(["groups", 0, "group"]), object.union(broken_pair, numbers))
}

test_selection_ratio_broken_is_not_hidden_by_a_small_group_at_the_end if {
	hidden := [fact("/selection/0/extremes", wide_pair), fact("/selection/0/surest", broken_pair)]
	failures("high", hidden) == {"fairness/selection-ratio-broken"}
}

test_selection_ratio_broken_fires_where_there_is_no_ratio if {
	nobody := [fact("/selection/0", {
		"attribute": "sex", "rate": "selection", "status": "undefined", "reason": "nobody is selected", "without": [],
		"place": at(["groups", 0, "group"]),
	})]
	failures("high", nobody) == {"fairness/selection-ratio-broken"}
	found := outcomes("high", nobody)["fairness/selection-ratio-broken"]
	found == failed(at(["groups", 0, "group"]), object.union(numbers, {"said": "nobody is selected"}))
}

test_selection_ratio_broken_passes_at_the_minimum if {
	failures("high", [fact("/selection/0/surest/upperRatio", 0.8)]) == set()
}

test_selection_ratio_broken_missing_bound_and_setting_fail if {
	failures("high", [drop("/facts/fairness/selection/0/surest/upperRatio")]) == {"fairness/selection-ratio-broken"}
	"fairness/selection-ratio-broken" in failures("high", [drop("/facts/fairness/selection/0/status")])
	"fairness/selection-ratio-broken" in failures("high", [drop("/settings/fairness/minimumSelectionRatio")])
	"fairness/selection-ratio-broken" in failures("high", [fact("/selection", [])])
}

test_selection_ratio_inconclusive_fires_alone if {
	wide := [fact("/selection/0", compared("selection", wide_pair))]
	failures("high", wide) == {"fairness/selection-ratio-inconclusive"}
	found := outcomes("high", wide)["fairness/selection-ratio-inconclusive"]
	found == failed(at(["groups", 1, "group"]), object.union(wide_pair, numbers))
}

test_selection_ratio_inconclusive_passes_at_the_minimum if {
	failures("high", [fact("/selection/0/extremes/lowerRatio", 0.8)]) == set()
}

test_selection_ratio_inconclusive_missing_bound_fails if {
	failures("high", [drop("/facts/fairness/selection/0/extremes/lowerRatio")]) == {"fairness/selection-ratio-inconclusive"}
	"fairness/selection-ratio-inconclusive" in failures("high", [drop("/facts/fairness/selection/0/status")])
	"fairness/selection-ratio-inconclusive" in failures("high", [fact("/selection", [])])
}

test_error_rates_differ_fires_alone if {
	every index in [0, 1] {
		far := object.union(gap, {"valueRatio": 0.2, "lowerRatio": 0.06})
		rate := ["truePositive", "falsePositive"][index]
		patch := [fact(concat("/", ["/errors", format_int(index, 10)]), compared(rate, far))]
		failures("high", patch) == {"fairness/error-rates-differ"}
		details := object.union(far, {"attribute": "sex", "rate": rate, "maximumRatio": 0.05})
		outcomes("high", patch)["fairness/error-rates-differ"] == failed(at(["groups", 0, "group"]), details)
		failures("medium", patch) == set()
	}
}

test_error_rates_differ_passes_where_the_gap_is_not_certain if {
	failures("high", [fact("/errors/0/surest/valueRatio", 0.2), fact("/errors/0/surest/lowerRatio", 0.05)]) == set()
}

test_error_rates_differ_fires_where_a_rate_is_undefined if {
	none := [fact("/errors/0", {
		"attribute": "sex", "rate": "truePositive", "status": "undefined", "reason": "no positives",
		"without": ["female", "male"], "place": at(["groups", 0, "group"]),
	})]
	failures("high", none) == {"fairness/error-rates-differ"}
	found := outcomes("high", none)["fairness/error-rates-differ"]
	details := {"attribute": "sex", "rate": "truePositive", "said": "no positives", "maximumRatio": 0.05}
	found == failed(at(["groups", 0, "group"]), details)
}

test_error_rates_differ_missing_bound_and_setting_fail if {
	failures("high", [drop("/facts/fairness/errors/0/surest/lowerRatio")]) == {"fairness/error-rates-differ"}
	failures("high", [drop("/facts/fairness/errors/1/status")]) == {"fairness/error-rates-differ"}
	failures("high", [drop("/settings/fairness/maximumErrorGapRatio/high")]) == {"fairness/error-rates-differ"}
	failures("high", [fact("/errors", [])]) == {"fairness/error-rates-differ"}
}

test_subgroup_regressed_fires_alone if {
	fell := [fact("/comparison/groups/0/fallLowerRatio", 0.06)]
	failures("high", fell) == {"fairness/subgroup-regressed"}
	found := outcomes("high", fell)["fairness/subgroup-regressed"]
	found == failed(at(["groups", 0, "group"]), {
		"attribute": "sex", "group": "female", "said": "it fell", "valueRatio": 0.95, "previousRatio": 0.97,
		"fallRatio": 0.02, "fallLowerRatio": 0.06, "maximumRatio": 0.05,
	})
}

test_subgroup_regressed_fires_for_a_group_that_is_gone if {
	gone := {"attribute": "sex", "group": "other", "said": "no longer measured"}
	patch := [fact("/comparison/dropped", [gone])]
	failures("high", patch) == {"fairness/subgroup-regressed"}
	details := object.union(gone, {"maximumRatio": 0.05})
	outcomes("high", patch)["fairness/subgroup-regressed"] == failed(block, details)
	alone := array.concat(patch, [fact("/comparison/groups", [])])
	failures("high", alone) == {"fairness/subgroup-regressed"}
}

test_subgroup_regressed_statuses_of_the_previous_release if {
	outcomes("high", [put("/previous", {"status": "absent", "reason": "none"})])["fairness/subgroup-regressed"].outcome == "not-applicable"
	unknowns([put("/previous", {"status": "unavailable", "reason": "why"})]) == {"fairness/subgroup-regressed"}
	unknowns([put("/previous", {"status": "invalid", "reason": "why"})]) == {"fairness/subgroup-regressed"}
	comparison := "/evidence/fairness/comparison"
	unknowns([put(comparison, {"status": "unavailable", "reason": "why"})]) == {"fairness/subgroup-regressed"}
	absent := outcomes("high", [put(comparison, {"status": "absent", "reason": "no report"})])
	absent["fairness/subgroup-regressed"].outcome == "not-applicable"
	invalid := [put(comparison, {"status": "invalid", "reason": "why"})]
	outcomes("high", invalid)["fairness/subgroup-regressed"] == failed(block, {"said": "why", "maximumRatio": 0.05})
}

test_subgroup_regressed_has_nothing_to_compare_with if {
	nothing := [fact("/comparison", {"groups": [], "dropped": []})]
	outcomes("high", nothing)["fairness/subgroup-regressed"].outcome == "not-applicable"
}

test_subgroup_regressed_passes_where_the_fall_is_not_certain if {
	uncertain := [fact("/comparison/groups/0/fallRatio", 0.2), fact("/comparison/groups/0/fallLowerRatio", 0.05)]
	outcomes("high", uncertain)["fairness/subgroup-regressed"] == passed
}

test_subgroup_regressed_missing_facts_fail if {
	every path in [
		"/facts/fairness/comparison/groups/0/fallLowerRatio", "/facts/fairness/comparison/groups",
		"/facts/fairness/comparison/dropped", "/evidence/fairness/comparison/status",
		"/settings/fairness/maximumFallRatio", "/previous/status",
	] {
		failures("high", [drop(path)]) == {"fairness/subgroup-regressed"}
	}
}
